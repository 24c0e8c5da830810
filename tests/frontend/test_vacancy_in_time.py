"""Since when units are vacant and how often they were let, on their pages, in their list, in CSV and API, by role."""

from datetime import date

import pytest
from django.urls import reverse

from spaces.models import Unit
from tests import make
from tests.frontend import people as folk
from tests.frontend.test_rights import WHO

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("fixed_today")]
# Today is 2026-06-01.
CODE = "HIT-01-A-901"
STAFF = {"manager", "officer", "official", "auditor"}


@pytest.fixture
def people():
    """A unit whose tenant, after a renewal, handed back on 2026-02-01, and a neighbour that was never let."""
    people = folk.gather()
    floor = Unit.objects.get(code="HIT-01-A-104").floor
    left = make.unit(floor=floor, code=CODE, opens_on=date(2024, 1, 1))
    moved_in = {"signed_on": date(2024, 2, 1), "moved_in_on": date(2024, 2, 1)}
    make.allocation(
        unit=left, starts_on=date(2024, 2, 1), ends_on=date(2025, 2, 1), handed_back_on=date(2025, 3, 1), **moved_in
    )
    moved_in["moved_in_on"] = date(2025, 3, 1)
    make.allocation(
        unit=left, starts_on=date(2025, 3, 1), ends_on=date(2026, 1, 1), handed_back_on=date(2026, 2, 1), **moved_in
    )
    make.unit(floor=floor, code="HIT-01-A-902", opens_on=date(2026, 5, 2))
    return people


@pytest.fixture(params=WHO)
def who(request, client, people):
    if request.param != "visitor":
        client.force_login(getattr(people, request.param))
    return request.param


def test_everyone_reads_since_when_a_unit_is_vacant_and_staff_how_often_it_was_let(client, who):
    page = client.get(reverse("unit-detail", args=[CODE])).content.decode()
    row = client.get(reverse("api-unit-detail", args=[CODE])).json()

    assert "Vacant since" in page
    assert "2026-02-01 · 120 days" in page
    assert ("Let so far" in page, "2 times" in page) == (who in STAFF, who in STAFF)
    assert (row["vacant_since"], row["days_vacant"]) == ("2026-02-01", 120)


def test_nobody_outside_learns_by_it_what_a_coming_day_brings(client, who):
    answer = client.get(reverse("api-unit-detail", args=[CODE]), {"as_of": "2026-07-01"})
    page = client.get(reverse("unit-list"), {"as_of": "2026-07-01", "vacant_days__gte": "0"}).content.decode()
    listed = client.get(reverse("api-unit-list"), {"as_of": "2026-07-01", "vacant_days__gte": "0"})

    assert answer.status_code == (200 if who in STAFF else 403)
    if who in STAFF:
        assert (answer.json()["vacant_since"], answer.json()["days_vacant"]) == ("2026-02-01", 150)
    elif who in {"neighbour", "outsider"}:
        assert CODE not in page
        assert CODE not in listed.content.decode()
    else:
        assert "2026-07-01 is in the future" in page
        assert "120 days" in page
        assert listed.status_code == 403


def test_a_unit_that_is_not_vacant_says_nothing(client, people):
    client.force_login(people.manager)
    page = client.get(reverse("unit-detail", args=["HIT-01-A-104"])).content.decode()
    row = client.get(reverse("api-unit-detail", args=["HIT-01-A-104"])).json()
    before = client.get(reverse("unit-detail", args=[CODE]), {"as_of": "2024-01-15"}).content.decode()

    assert "Vacant since" not in page
    assert (row["vacant_since"], row["days_vacant"]) == (None, None)
    assert "2024-01-01 · 14 days" in before
    assert "0 times" in before


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"vacant_days__gte": "120"}, {CODE}),
        ({"vacant_days__gte": "121"}, set()),
        ({"vacant_days__gte": "30", "vacant_days__lte": "119"}, {"HIT-01-A-902"}),
        ({"vacant_days__lte": "29"}, set()),
        ({"vacant_days__gte": "0"}, {CODE, "HIT-01-A-902"}),
    ],
)
def test_page_api_and_csv_leave_what_has_been_vacant_so_long(client, people, query, codes):
    found = {"q": "HIT-01-A-90"} | query
    page = client.get(reverse("unit-list"), found).content.decode()
    rows = client.get(reverse("api-unit-list"), found | {"fields": "code,days_vacant"}).json()["results"]
    csv = client.get(reverse("api-unit-list"), found | {"fields": "code,vacant_since,days_vacant", "format": "csv"})
    lines = b"".join(csv.streaming_content).decode().splitlines()[1:]

    assert {code for code in (CODE, "HIT-01-A-902") if f'href="/units/{code}/"' in page} == codes
    assert {row["code"] for row in rows} == codes
    assert {line.split(",")[0] for line in lines} == codes
    assert (f"{CODE},2026-02-01,120" in lines) == (CODE in codes)


def test_the_list_of_vacant_units_shows_since_when_and_puts_the_longest_first(client, people):
    query = {"state": "vacant", "q": "HIT-01-A-90", "order": "vacant"}
    page = client.get(reverse("unit-list"), query).content.decode()
    ordered = client.get(reverse("api-unit-list"), {"q": "HIT-01-A-90", "ordering": "vacant_since", "fields": "code"})

    assert page.index(CODE) < page.index("HIT-01-A-902")
    assert "2026-02-01" in page
    assert "120 days" in page
    assert "longest vacant first" in page
    assert [row["code"] for row in ordered.json()["results"]] == [CODE, "HIT-01-A-902"]


def test_a_list_of_other_states_has_no_such_column(client, people):
    page = client.get(reverse("unit-list"), {"q": "HIT-01", "order": "vacant"}).content.decode()

    assert 'data-label="Vacant since"' not in page
    assert "longest vacant first" not in page


def test_each_filter_stands_above_the_list_and_can_be_taken_away(client, people):
    page = client.get(reverse("unit-list"), {"vacant_days__gte": "91", "park": "HIT-01"}).content.decode()

    assert "Vacant for at least (days) = 91" in page
    assert 'href="/units/?park=HIT-01"' in page
