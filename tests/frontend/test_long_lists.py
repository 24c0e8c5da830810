"""Long lists: only so many rows are counted, the rest can be reached, and many parks are looked up, not listed."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from frontend.site import bounded_pages
from frontend.site.bounded_pages import BoundedPaginator, KeyPaginator, ListPaginator
from spaces import changes, filters, ledger
from spaces.ledger import rollups
from spaces.models import Allocation, Park, Unit
from spaces.month_ledger import rebuilding
from tenants.models import Lease, LeaseLine
from tests import make
from tests.frontend import world

pytestmark = pytest.mark.django_db
SMALL = {"counted": 2, "farthest": 10, "area": None, "known": None}
DAY = date(2026, 6, 1)


@pytest.fixture
def official(client):
    user = make.user()
    make.assignment(user=user, role="provincial_official")
    client.force_login(user)
    return user


def parks(many):
    rows = [
        Park(code=f"P{number:02}", code_order=f"P{number:02}", name=f"园{number}", kind="incubator", city="x")
        for number in range(many)
    ]
    Park.objects.bulk_create(rows)
    return Park.objects.order_by("code_order")


def codes(page):
    return [park.code for park in page.object_list]


def test_rows_beyond_those_counted_are_reached_page_by_page():
    paged = BoundedPaginator(parks(25), 5, counted=12, farthest=20)

    pages = [paged.get_page(number) for number in ("1", "3", "4", "5", "x", "99")]

    assert (paged.count, paged.more) == (12, True)
    assert [codes(page)[0] for page in pages] == ["P00", "P10", "P15", "P10", "P00", "P10"]
    assert [len(codes(page)) for page in pages] == [5] * 6


@pytest.mark.parametrize(("many", "last"), [(0, []), (3, ["P00", "P01", "P02"]), (12, ["P10", "P11"])])
def test_a_list_that_is_counted_whole_is_paged_as_any_other(many, last):
    paged = BoundedPaginator(parks(many), 5, counted=12)

    page = paged.get_page("99")

    assert (paged.count, paged.more, codes(page), page.has_next()) == (many, False, last, False)


def test_the_last_page_behind_the_counted_ones_says_so():
    paged = BoundedPaginator(parks(17), 5, counted=12)
    third, fourth = paged.page(3), paged.page(4)
    assert (third.has_next(), fourth.has_next(), codes(fourth)) == (True, False, ["P15", "P16"])
    assert BoundedPaginator(parks(0), 5, counted=12).page(3).has_next()


def test_a_page_too_far_is_the_farthest_that_a_list_leads_to():
    rows = parks(25)
    assert BoundedPaginator(rows, 5, counted=20, farthest=10).get_page("99").number == 2
    assert BoundedPaginator(rows.filter(code__lt="P07"), 5, counted=20, farthest=100).get_page("99").number == 2


def test_a_log_leads_to_every_page_by_its_number():
    rows = parks(25)
    paged = KeyPaginator(rows, 5, counted=12, farthest=None, shown=rows)
    assert [paged.get_page(number).number for number in ("5", "99")] == [5, 3]


@pytest.mark.parametrize("counted", [5, 12, 16, 17, 40])
def test_pages_by_keys_are_the_pages_of_the_list(counted):
    rows = parks(17).exclude(code="P03")

    asked = [
        (paged.get_page(number), paged.count, paged.more, paged.num_pages)
        for number in (1, 2, 3, 4, 9)
        for paged in (
            BoundedPaginator(rows, 5, counted=counted),
            KeyPaginator(rows, 5, counted=counted, shown=Park.objects.order_by(*rows.query.order_by)),
        )
    ]

    result = [(codes(page), page.number, page.has_next(), *facts) for page, *facts in asked]
    assert result[::2] == result[1::2]
    assert "P03" not in {code for codes_of_page, *_facts in result for code in codes_of_page}


def test_no_total_is_shown_for_leases_that_were_not_counted(client, official, monkeypatch):
    park = make.park(code="P")
    floor = make.floor(building=make.building(park=park))
    for number in range(3):
        unit = make.unit(floor=floor, code=f"U-{number}", usable_area=10)
        period = {"starts_on": date(2026, 1, 1), "ends_on": date(2027, 1, 1)}
        row = Allocation.objects.create(unit=unit, purpose="tenancy", signed_on=DAY, **period)
        lease = make.lease(company=make.company(), park=park, state="signed", signed_on=DAY, **period)
        LeaseLine.objects.create(lease=lease, unit=unit, allocation=row)

    assert "3 leases, 30.00 m² in total" in client.get(reverse("lease-list")).content.decode()
    monkeypatch.setattr(BoundedPaginator.__init__, "__kwdefaults__", SMALL)
    page = client.get(reverse("lease-list"))

    assert "More than 2 leases. A filter that leaves fewer adds up their area." in page.content.decode()
    assert len(page.context["page"].object_list) == 3 == Lease.objects.count()


def test_no_total_is_shown_for_units_that_were_not_counted(client, monkeypatch):
    floor = make.floor()
    for number in range(3):
        make.unit(floor=floor, code=f"U-{number}", usable_area=10)
    assert "3 units, 30.00 m² in total" in client.get(reverse("unit-list")).content.decode()
    monkeypatch.setattr("frontend.views.units.unit_pages.COUNTED", 2)

    words = client.get(reverse("unit-list")).content.decode()

    assert "More than 2 units. A filter that leaves fewer adds up their area." in words
    assert all(unit.code in words for unit in Unit.objects.all())


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"scope": "incubators", "state": "lettable"},
        {"scope": "industrial"},
        {"ecosystem": "hit", "state": ["vacant", "unknown"]},
        {"scope": "incubators", "ecosystem": "null"},
        {"as_of": "2026-01-01", "state": "occupied"},
        {"as_of": "2030-01-01"},
    ],
)
def test_the_month_ledger_says_how_many_units_a_list_has(client, official, monkeypatch, query):
    world.build()
    counted = client.get(reverse("unit-list"), query).context
    rebuilding.settle()

    with CaptureQueriesContext(connection) as asked:
        known = client.get(reverse("unit-list"), query).context

    assert (known["number"], known["area"] or 0) == (counted["number"], counted["area"] or 0)
    assert [unit.code for unit in known["page"]] == [unit.code for unit in counted["page"]]
    assert not any("COUNT(" in each["sql"] and "spaces_unit" in each["sql"] for each in asked)


def test_a_few_parks_are_a_select_and_many_are_looked_up(client, monkeypatch):
    parks(3)
    few = client.get(reverse("unit-list")).content.decode()
    monkeypatch.setattr(filters, "MOST_PARKS", 2)
    many = client.get(reverse("unit-list"), {"park": "P01"}).content.decode()

    assert '<select name="park"' in few
    assert '<option value="P02"' in few
    assert '<select name="park"' not in many
    assert re.search(r'name="park"\s+value="P01"', many)
    assert '<datalist id="id_park_found">' in many


def test_what_is_typed_finds_parks_and_a_name_is_answered_with_codes(client):
    parks(30)

    found = client.get(reverse("park-choices"), {"park": "园2"}).content.decode()
    named = client.get(reverse("unit-list"), {"park": "园29"})

    assert found.count("<option") == 12
    assert '<option value="P02">园2</option>' in found
    assert client.get(reverse("park-choices")).content.decode().strip() == ""
    assert named.status_code == 400
    assert "“园29” is not the code of a park. Give one of these codes: P29 园29." in named.content.decode()


def test_the_list_of_parks_is_paged_and_its_totals_are_those_of_all(client, monkeypatch):
    for park in parks(5):
        make.unit(floor=make.floor(building=make.building(park=park)), code=f"{park.code}-1", usable_area=10)
    monkeypatch.setattr("frontend.views.places.park_pages.PER_PAGE", 2)

    page = client.get(reverse("park-list"), {"page": "2"})

    assert [row["place"].code for row in page.context["incubators"]] == ["P02", "P03"]
    assert (page.context["number"], page.context["total"].recorded) == (5, 50)


def test_the_api_says_that_more_match_than_are_counted(client, monkeypatch):
    floor = make.floor()
    for number in range(3):
        make.unit(floor=floor, code=f"U-{number}")
    monkeypatch.setattr("spaces.api.units.UnitList.counted", 2)

    first, second, third = (
        client.get(reverse("api-unit-list"), {"page_size": "1", "page": page}).json() for page in (1, 2, 3)
    )

    assert (first["count"], first["more"], len(first["results"])) == (2, True, 1)
    assert (second["next"] is None, third["next"]) == (False, None)
    assert client.get(reverse("api-unit-list"), {"page": "9"}).status_code == 404


def test_the_number_of_rows_counted_is_the_one_that_the_pages_name():
    assert bounded_pages.COUNTED == 1000


@pytest.mark.parametrize("number", ["0", "-3", "x", "", None])
def test_a_page_below_the_first_is_the_first(number):
    for paged in (ListPaginator(list(range(25)), 5), BoundedPaginator(parks(25), 5, counted=12)):
        assert paged.get_page(number).number == 1
        Park.objects.all().delete()


@pytest.mark.parametrize("name", ["unit-list", "company-list", "lease-list", "change-list"])
def test_page_0_of_every_list_shows_its_first_page_and_prints_which_rows(client, official, name):
    """Paper has no pager, and says which rows are on it."""
    floor = make.floor(building=make.building(park=make.park(code="P")))
    company = make.company()
    for number in range(60):
        park, unit = make.park(code=f"Q{number:02}"), make.unit(floor=floor, code=f"U-{number:02}")
        make.company(name=f"示例{number}")
        make.lease(number=f"ZL-2026-00{number:02}", company=company, park=park)
        changes.record(unit, "create", by=None)

    response = client.get(reverse(name), {"page": "0"})

    page = response.context["page"] if "page" in response.context else response.context["changes"]
    assert page.number == 1
    assert re.search(r'<nav class="isp-pager"[^>]*>\s*<span class="isp-sub">1–50', response.content.decode())


def test_a_park_that_opens_later_is_listed_once_it_has_units(client, official):
    later = {"opened_on": date(2027, 1, 1), "planned_area": 5}
    incubator, industrial = make.park(code="A", **later), make.park(code="B", kind="industrial_park", **later)
    make.park(code="C", **later)
    for park in (incubator, industrial):
        make.unit(floor=make.floor(building=make.building(park=park)), code=f"{park.code}-1", usable_area=10)
    rows = rollups.of_parks(ledger.ParkUnits(Park.objects.all()), "park", on=DAY, today=DAY)

    shown = client.get(reverse("park-list"), {"as_of": DAY.isoformat()}).context

    assert [row["place"].code for row in shown["rows"]] == ["A", "B"] == sorted(node.key for node in rows)
    assert (shown["number"], shown["total"].recorded, shown["industrial_total"].recorded) == (0, 10, 10)
    assert [(row["name"], row["area"]) for row in shown["planned_parks"]] == [(industrial.name, 5)]


@pytest.mark.parametrize("query", [{"kind": "incubator"}, {"opened": "2019"}, {"opened": "1900"}])
def test_a_narrowed_list_of_parks_has_the_totals_of_its_rows(client, official, query):
    world.build()
    Park.objects.filter(code="HIT-02").update(opened_on=date(2019, 5, 1))

    shown = client.get(reverse("park-list"), query).context

    for rows, total in (("incubators", "total"), ("industrial", "industrial_total")):
        balances = [row["balance"] for row in shown[rows]]
        assert shown[total] == (ledger.total(balances) if balances else None)
