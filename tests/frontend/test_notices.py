from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from tenants.models import Notice
from tests import make

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def reader(db):
    return make.user(email="reader@example.test")


def put(user, number, **fields):
    facts = {"company": f"示例企业{number}", "day": "2026-06-01"}
    at = NOW + timedelta(minutes=number)
    return Notice.objects.create(
        **{"user": user, "event": "graduated", "key": str(number), "facts": facts, "link": "/my/", "created_at": at}
        | fields
    )


def test_the_inbox_shows_own_notices_newest_first_and_counts_the_unread(client, reader):
    put(reader, 1, read_at=NOW)
    put(reader, 2)
    put(make.user(email="other@example.test"), 3)
    client.force_login(reader)

    page = client.get(reverse("notice-list"))

    assert [row["subject"] for row in page.context["rows"]] == ["示例企业2 graduated", "示例企业1 graduated"]
    assert int(str(page.context["unread"])) == 1


def test_opening_one_marks_it_read_and_goes_where_it_leads(client, reader):
    notice = put(reader, 1)
    client.force_login(reader)

    answer = client.post(reverse("notice-open", args=[notice.pk]))

    notice.refresh_from_db()
    assert (answer.status_code, answer.url, notice.read_at is not None) == (303, "/my/", True)


def test_a_foreign_notice_is_not_there(client, reader):
    notice = put(make.user(email="other@example.test"), 1)
    client.force_login(reader)

    answer = client.post(reverse("notice-open", args=[notice.pk]))

    notice.refresh_from_db()
    assert (answer.status_code, notice.read_at) == (404, None)


def test_all_can_be_marked_read(client, reader):
    put(reader, 1)
    other = put(make.user(email="other@example.test"), 2)
    client.force_login(reader)

    client.post(reverse("notice-read-all"))

    assert list(Notice.objects.filter(read_at=None)) == [other]


@pytest.mark.parametrize("many", [1, 3, 300])
def test_the_inbox_costs_the_same_for_any_number(client, reader, django_assert_num_queries, many):
    for number in range(many):
        put(reader, number)
    client.force_login(reader)

    with django_assert_num_queries(4):  # session, user with the bell, count, rows
        page = client.get(reverse("notice-list"))

    assert len(page.context["rows"]) == min(many, 25)
