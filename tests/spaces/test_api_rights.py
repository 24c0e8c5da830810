"""Who may read which address, and what a visitor never finds in any answer."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from spaces import changes
from spaces.api.urls import urlpatterns
from tests import make
from tests.frontend import people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
WHO = ("visitor", "manager", "neighbour", "officer", "official", "auditor", "admin", "stranger")
OPEN = (200,) * 8
STAFF = (401, 200, 200, 200, 200, 200, 403, 403)
SIGNED_IN = (401, 200, 200, 200, 200, 200, 200, 200)
STATUS = {
    "api-area-summary": OPEN,
    "api-area-trend": OPEN,
    "api-area-vacancy": OPEN,
    "api-pipeline": OPEN,
    "api-ecosystem-list": OPEN,
    "api-ecosystem-detail": OPEN,
    "api-park-list": OPEN,
    "api-park-detail": OPEN,
    "api-building-detail": OPEN,
    "api-floor-list": OPEN,
    "api-floor-plan": OPEN,
    "api-unit-list": OPEN,
    "api-unit-detail": OPEN,
    "api-unit-intervals": OPEN,
    "api-vacancy-list": OPEN,
    "api-allocation-list": STAFF,
    "api-holdover-list": STAFF,
    "api-figure-list": OPEN,
    "api-indicator-list": OPEN,
    "api-change-list": SIGNED_IN,
    "api-restatement-list": tuple(400 if status == 200 else status for status in STAFF),  # known when?
    "api-schema": (401, *OPEN[1:]),
    "api-docs": (302, *OPEN[1:]),
    "api-nowhere": (404,) * 8,
}
CODES = {
    "api-ecosystem-detail": "hit",
    "api-park-detail": "HIT-01",
    "api-building-detail": "HIT-01-A",
    "api-floor-plan": "HIT-01-A@1",
    "api-unit-detail": "HIT-01-A-104",
    "api-unit-intervals": "HIT-01-A-104",
}
# (allocations, holdovers) listed: those of the own places (five of the six units of a park are taken), or all.
SEEN = {"manager": (5, 1), "neighbour": (5, 1), "officer": (10, 2), "official": (12, 2), "auditor": (12, 2)}


def address(name):
    query = "?building=HIT-01-A" if name == "api-floor-list" else ""
    return reverse(name, args=[CODES[name]] if name in CODES else []) + query


def gathered():
    places = people.gather()
    places.unit = places.world["one"].buildings.get(code="A").floors.get().units.get(code="HIT-01-A-104")
    return places


def sign_in(client, places, who):
    if who == "visitor":
        client.logout()
    else:
        client.force_login(getattr(places, who))


def test_every_address_stands_in_the_table():
    assert {*STATUS} - {"api-schema", "api-docs", "api-nowhere"} == {pattern.name for pattern in urlpatterns}


@pytest.mark.parametrize("who", WHO)
def test_who_may_read_what(client, who):
    places = gathered()
    sign_in(client, places, who)

    result = {name: client.get(address(name)).status_code for name in STATUS}

    assert result == {name: row[WHO.index(who)] for name, row in STATUS.items()}


def test_closed_places_are_closed_to_visitors_everywhere(client, settings):
    gathered()
    settings.PLACES_OPEN = False

    answers = {name: client.get(address(name)) for name in STATUS}

    assert answers.pop("api-docs")["Location"].startswith(reverse("account_login"))
    assert {answer.status_code for answer in answers.values()} == {401}
    assert {answer["Content-Type"] for answer in answers.values()} == {"application/problem+json"}
    assert answers["api-unit-list"]["WWW-Authenticate"] == "Session"


@pytest.mark.parametrize("who", SEEN)
def test_everyone_sees_the_allocations_of_his_own_places(client, who):
    places = gathered()
    sign_in(client, places, who)

    counts = tuple(client.get(reverse(name)).json()["count"] for name in ("api-allocation-list", "api-holdover-list"))

    assert counts == SEEN[who]


def test_a_refusal_names_the_right_and_who_grants_it(client):
    places = gathered()
    sign_in(client, places, "admin")

    body = client.get(reverse("api-allocation-list")).json()

    assert (body["status"], body["type"]) == (403, "/problems/permission-denied")
    assert "A system admin grants these roles." in body["detail"]


def test_a_past_role_counts_no_more(client):
    user = make.user()
    make.assignment(user=user, role="auditor", ends_on=date(2026, 6, 1))
    client.force_login(user)

    assert client.get(reverse("api-allocation-list")).status_code == 403


def test_a_disabled_account_is_a_visitor(client):
    places = gathered()
    sign_in(client, places, "auditor")
    places.auditor.is_active = False
    places.auditor.save()

    assert client.get(reverse("api-allocation-list")).status_code == 401


@pytest.mark.parametrize("who", ["visitor", "stranger", "admin"])
def test_who_sits_where_and_why_never_appears(client, who):
    places = gathered()
    secrets = ["reason-4711", "note-4711", "why-4711", "verb4711"]
    make.allocation(unit=places.unit, starts_on=date(2027, 1, 1), reason=secrets[0])
    places.unit.note = secrets[1]
    places.unit.save()
    changes.record(places.unit, secrets[3], by=places.manager, why=secrets[2])
    sign_in(client, places, who)

    for name in STATUS:
        for query in ({}, {"format": "csv"}, {"q": "4711"}, {"as_of": "2027-02-01"}):
            response = client.get(address(name), query)
            result = b"".join(response.streaming_content) if response.streaming else response.content
            assert not [secret for secret in secrets if secret in result.decode()], (name, query)
            assert b'"held_until"' not in result or name == "api-schema", name


def test_the_neighbour_reads_no_change_and_no_reason_of_another_park(client):
    places = gathered()
    make.allocation(unit=places.unit, starts_on=date(2027, 1, 1), reason="reason-4711")
    changes.record(places.unit, "verb4711", by=places.manager)
    sign_in(client, places, "neighbour")

    for name in ("api-allocation-list", "api-change-list", "api-unit-intervals", "api-holdover-list"):
        assert b"4711" not in client.get(address(name), {"as_of": "2099-01-01"}).content, name


def test_a_write_without_a_token_is_refused(db):
    places = gathered()
    client = Client(enforce_csrf_checks=True)
    client.force_login(places.manager)

    assert client.post(reverse("api-unit-list")).status_code == 403
