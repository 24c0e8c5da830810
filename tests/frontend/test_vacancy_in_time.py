"""Since when units are vacant and how often they were let, on their pages, in their list, in CSV and API, by role."""

import html
import re
from datetime import date

import pytest
from django.urls import reverse

from spaces.models import Unit
from spaces.month_ledger import rebuilding
from tests import make
from tests.frontend import people as folk
from tests.frontend.test_rights import WHO

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
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


KNOWN = {  # who reads when leases end, by the query of the page and the node of the API
    "": ("province", {"official", "auditor"}),
    "?ecosystem=hit": ("hit", {"official", "auditor", "officer"}),
    "?park=HIT-01": ("HIT-01", {"official", "auditor", "officer", "manager"}),
    "?park=HIT-01&ecosystem=hit": ("HIT-01", {"official", "auditor", "officer", "manager"}),
}


@pytest.mark.parametrize("query", KNOWN)
def test_when_leases_end_is_for_those_who_may_know_every_park(client, who, query):
    node, known = KNOWN[query]
    page = client.get(f"{reverse('vacancy-report')}{query}").content.decode()
    body = client.get(reverse("api-area-vacancy"), {"node": node}).json()

    assert ("(WALT)" in page) == (who in known)
    assert ("Shown for the parks that you look after" in page) == (
        who in {"manager", "officer", "neighbour", "outsider"} - known
    )
    assert (body["terms"] is not None) == (who in known)
    assert body["lengths"] is not None


@pytest.mark.parametrize("query", ["", "?park=HIT-01"])
def test_nobody_outside_reads_the_report_of_a_coming_day(client, who, query):
    url = f"{reverse('vacancy-report')}{query}"
    answer = client.get(f"{url}{'&' if query else '?'}as_of=2026-07-01")

    if who in {"neighbour", "outsider"} and query:
        assert answer.status_code == 403
    elif who in {"visitor", "admin", "stranger"}:
        assert "2026-07-01 is in the future" in answer.content.decode()
    else:
        assert answer.status_code == 200


def test_each_number_of_the_report_leads_to_the_list_whose_total_it_is(client, people):
    client.force_login(people.manager)
    page = client.get(reverse("vacancy-report"), {"park": "HIT-01"}).content.decode()
    numbers = re.findall(r'<a href="(/units/[^"]*)">([0-9][0-9,]*[.][0-9]{2})', page)

    assert len(numbers) == 1 + 5 + 1 + 8 + 2
    for url, area in numbers:
        listed = client.get(html.unescape(url)).content.decode()
        assert re.search(r"([0-9,]*[.][0-9]{2}) m² in", listed)[1] == area, url


def test_the_report_of_a_park_adds_up(client, people):
    client.force_login(people.manager)
    body = client.get(reverse("api-area-vacancy"), {"node": "HIT-01"}).json()

    # 902 opened 30 days ago, 901 is vacant for 120, 101 since it opened in 2020.
    assert [(row["days_from"], row["units"], row["area"]) for row in body["lengths"]] == [
        (0, 1, "100.00"), (31, 0, "0.00"), (91, 1, "100.00"), (181, 0, "0.00"), (366, 1, "101.21"),
    ]  # fmt: skip
    assert len(body["quarters"]) == 8
    assert body["quarters"][-1] == {"day": "2026-06-01", "taken": "209.49", "net_absorption": "0.00"}
    assert body["terms"]["let"] == "312.72"
    # 103 and 104 (207.47 m2) end 214 days ahead, 105 (105.25 m2) stays on.
    assert body["terms"]["walt_years"] == "0.39"
    assert {row["ends"]: row["area"] for row in body["terms"]["ends"]} == {
        "overdue": "105.25", "2026": "207.47", "2027": "0.00", "2028": "0.00", "2029": "0.00", "2030": "0.00",
        "later": "0.00", "open-ended": "0.00",
    }  # fmt: skip


def test_a_park_with_nothing_in_it_has_something_true_to_say(client, people):
    client.force_login(people.official)
    page = client.get(reverse("vacancy-report"), {"park": "HEU-01"}).content.decode()

    assert "No unit is vacant on this day." in page
    assert "Nobody had moved in by the end of any of the last quarters." in page
    assert "No unit is let on this day." in page


def test_a_scope_that_is_none_is_refused_by_name(client, people):
    answer = client.get(reverse("vacancy-report"), {"ecosystem": "zzz"})

    assert answer.status_code == 400
    assert "There is 1 problem" in answer.content.decode()


@pytest.mark.parametrize(("who", "count"), [("visitor", 7), ("official", 10), ("manager", 12)])
def test_the_report_of_a_park_asks_each_thing_once(client, people, django_assert_num_queries, who, count):
    rebuilding.settle()
    if who != "visitor":
        client.force_login(getattr(people, who))

    with django_assert_num_queries(count):
        client.get(reverse("vacancy-report"), {"park": "HIT-01"})
