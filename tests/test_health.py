"""/livez and /readyz, for machines: two words, and no host name, session or log-in needed."""

import pytest
from django.db import OperationalError, connection

from frontend.site import health

ADDRESSES = ["/livez", "/readyz"]


@pytest.fixture(autouse=True)
def forgetful():
    health._migrated.clear()


def away(*_statement):
    raise OperationalError("the connection is closed")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_both_say_ok_to_anyone_by_any_name(client, settings, address):
    settings.SECURE_SSL_REDIRECT = True

    answer = client.get(address, headers={"Host": "10.0.0.7"})

    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"ok\n", "text/plain")
    assert (answer["Cache-Control"], answer.cookies) == ("no-store", {})
    assert client.post(address).status_code == 405


def test_alive_needs_no_database(client):
    """Without the mark `django_db` any statement fails this test."""
    assert client.get("/livez").content == b"ok\n"


@pytest.mark.django_db
def test_without_a_database_it_is_alive_and_not_ready(client):
    with connection.execute_wrapper(away):
        answers = [client.get(address) for address in ADDRESSES]

    assert [(answer.status_code, answer.content) for answer in answers] == [(200, b"ok\n"), (503, b"unavailable\n")]


@pytest.mark.django_db
def test_missing_migrations_are_told(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'tenants'")

    before = client.get("/readyz")

    assert (before.status_code, before.content) == (503, b"unavailable\n")


@pytest.mark.django_db
def test_once_ready_it_costs_one_statement(client, django_assert_num_queries):
    client.get("/readyz")

    with django_assert_num_queries(1):
        client.get("/readyz")
