"""The timeline, the expiry calendar, the expiry list and the page of the feed, as pages."""

import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from frontend.site.bounded_pages import BoundedPaginator
from tenants.actions import leases
from tenants.models import CalendarFeed, Lease, LeaseLine
from tests import make
from tests.frontend import desk
from tests.frontend.hostile import WORST, query
from tests.thorough import share

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def people():
    """401 moved in to 2028-05-31, 405 signed only; of the rest of the park one unit is held over."""
    people = desk.build()
    people.lease = desk.moved_in(people)
    people.other = desk.signed(people, "r405", by="rival")
    return people


def page(client, user, name, **query):
    client.force_login(user)
    return client.get(reverse(name), query)


def rows(answer):
    """Unit -> its row, of the timeline."""
    return {row.unit.code: row for _late, _place, group in answer.context["groups"] for row in group}


def test_units_held_over_come_first_and_in_words(client, people):
    answer = page(client, people.manager, "lease-timeline")

    late, place, group = answer.context["groups"][0]
    assert (late, place, [row.unit.code for row in group]) == (True, None, ["HIT-01-A-105"])
    assert "overdue 32 days" in answer.content.decode()
    assert all(not row.late for _late, _place, others in answer.context["groups"][1:] for row in others)


def test_a_row_says_who_until_when_and_what_may_be_done(client, people):
    answer = page(client, people.manager, "lease-timeline")

    taken, signed = rows(answer)["HIT-01-A-401"], rows(answer)["HIT-01-A-405"]
    assert [(line.term.lease.number, [verb for verb, _word in line.acts]) for line in taken.terms] == [
        (people.lease.number, ["renew", "notice"])
    ]
    assert [bar.css for bar in taken.bars] == ["vacant", "24m"]
    assert [(bar.css, bar.pattern) for bar in signed.bars] == [("vacant", ""), ("committed", "dots")]
    words = answer.content.decode()
    assert "until 2028-05-31" in words
    assert f'href="/leases/{people.lease.number}/renew/"' in words


@pytest.mark.parametrize("who", ["official", "auditor", "officer"])
def test_who_only_reads_finds_no_act_and_nothing_to_tick(client, people, who):
    words = page(client, getattr(people, who), "lease-timeline").content.decode()

    assert people.tenant_company.name in words
    assert (re.findall(r"/leases/[A-Z0-9-]+/(?:renew|notice)/", words), 'form="remind"' in words) == ([], False)


def test_the_neighbour_sees_nothing_of_the_park(client, people):
    answer = page(client, people.neighbour, "lease-timeline")

    assert {code for code in rows(answer) if code.startswith("HIT-01-A-40")} == set()
    assert people.tenant_company.name not in answer.content.decode()


def test_the_past_is_read_only_and_shows_what_was(client, people):
    answer = page(client, people.manager, "lease-timeline", as_of="2026-04-15")

    assert rows(answer)["HIT-01-A-105"].late is False
    assert rows(answer)["HIT-01-A-401"].state == "vacant"
    assert re.findall(r"/leases/[A-Z0-9-]+/(?:renew|notice)/", answer.content.decode()) == []


def test_a_filter_leaves_the_units_of_the_leases_it_finds(client, people):
    found = [
        set(rows(page(client, people.manager, "lease-timeline", **query)))
        for query in ({"q": "tenant"}, {"within": "30"}, {"building": "HIT-01-X"}, {"last_day_to": "2028-05-31"})
    ]

    assert found == [{"HIT-01-A-401"}, set(), set(), {"HIT-01-A-401", "HIT-01-A-405"}]
    assert page(client, people.manager, "lease-timeline", within="x").status_code == 400


@pytest.mark.parametrize("many", [1, 3, 300])
def test_pages_in_time_cost_the_same_for_any_number(client, people, django_assert_num_queries, many):
    floor = people.rooms.r401.floor
    for number in range(many):
        lease = make.lease(company=people.tenant_company, park=people.park, ends_on=date(2027, 3, 1))
        unit = make.unit(floor=floor, code=f"HIT-01-A-9{number:03}")
        taken = make.allocation(unit=unit, ends_on=lease.ends_on, moved_in_on=date(2026, 2, 1))
        LeaseLine.objects.create(lease=lease, unit=unit, allocation=taken)
    client.force_login(people.manager)

    for name, count in {"lease-timeline": 18, "lease-calendar": 11, "lease-export": 5}.items():
        with django_assert_num_queries(count, info=name):
            assert client.get(reverse(name)).status_code == 200


def test_each_number_of_the_calendar_leads_to_its_leases(client, people):
    leases.give_notice(people.lease, ends_on=date(2026, 7, 1), why="x", by=people.manager, on=desk.DAY)
    late = make.lease(company=people.tenant_company, park=people.park, ends_on=date(2026, 5, 1))
    unit = make.unit(floor=people.rooms.r401.floor, code="HIT-01-A-999", usable_area=Decimal("12.34"))
    LeaseLine.objects.create(lease=late, unit=unit, allocation=make.allocation(unit=unit, ends_on=late.ends_on))

    answer = page(client, people.manager, "lease-calendar")

    result = [(*row[1], row[2]) for row in answer.context["rows"]] + [
        (*answer.context["total"][0], answer.context["total"][1])
    ]
    cells = [cell for row in result for cell in row if cell["number"]]
    assert [cell["number"] for cell in result[-1] if cell["number"]] == [1, 1, 1, 3]
    for cell in cells:
        shown = client.get(cell["url"]).context
        assert (shown["number"], shown["area"]) == (cell["number"], cell["area"])


def test_a_page_of_the_calendar_has_the_sums_of_all(client, people, monkeypatch):
    for code in ("P", "Q"):
        floor = make.floor(building=make.building(park=people.park, code=code))
        lease = make.lease(company=people.tenant_company, park=people.park, ends_on=date(2027, 3, 1))
        unit = make.unit(floor=floor, code=f"HIT-01-{code}-1", usable_area=Decimal("10.00"))
        LeaseLine.objects.create(lease=lease, unit=unit, allocation=make.allocation(unit=unit, ends_on=lease.ends_on))
    whole = page(client, people.manager, "lease-calendar").context

    monkeypatch.setattr("frontend.views.leases.lease_times.BUILDINGS", 1)
    pages = [page(client, people.manager, "lease-calendar", page=number) for number in ("1", "2", "3")]

    assert [row[0].code for row in whole["rows"]] == ["A", "P", "Q"]
    shown = [[row[0].code for row in each.context["rows"]] for each in pages]
    assert shown == [["A"], ["P"], ["Q"]]
    sums = [row[2] for each in pages for row in each.context["rows"]]
    assert sums == [row[2] for row in whole["rows"]]
    assert [each.context["total"] for each in pages] == [whole["total"]] * 3
    assert {(each.context["number"], each.context["area"]) for each in pages} == {(whole["number"], whole["area"])}
    assert "1–1 of 3" in pages[0].content.decode()


def test_a_timeline_of_many_units_says_that_there_are_more(client, people, monkeypatch):
    whole = page(client, people.manager, "lease-timeline").context
    monkeypatch.setattr("frontend.views.leases.lease_times.PER_PAGE", 2)
    few = BoundedPaginator.__init__.__kwdefaults__ | {"counted": 3, "farthest": 100}
    monkeypatch.setattr(BoundedPaginator.__init__, "__kwdefaults__", few)

    first, last = (page(client, people.manager, "lease-timeline", page=number) for number in ("1", "2"))

    assert list(rows(first)) + list(rows(last)) == [*rows_in_order(whole)][:4]
    assert "More than 3 units." in first.content.decode()


def rows_in_order(context):
    return [row.unit.code for _late, _place, group in context["groups"] for row in group]


def test_an_empty_calendar_says_when_the_next_one_ends(client, people):
    answer = page(client, people.manager, "lease-calendar", months="12")

    assert answer.context["number"] == 0
    assert "No lease ends in the next 12 months. The next one ends on 31 May 2028." in answer.content.decode()


def test_an_empty_list_of_those_that_end_soon_says_so_too(client, people):
    answer = page(client, people.manager, "lease-list", within="30")

    assert "The next one ends on 31 May 2028." in answer.content.decode()


def test_a_filter_of_the_day_keeps_its_cells(client, people):
    answer = page(client, people.manager, "lease-calendar", last_day_from="2028-05-10", q="tenant")

    (cell,) = [cell for cell in answer.context["total"][0] if cell["number"]]
    assert "last_day_from=2028-05-10" in cell["url"]
    assert client.get(cell["url"]).context["number"] == 1


def test_the_expiry_list_is_the_list_as_a_workbook(client, people):
    Lease.objects.filter(pk=people.lease.pk).update(ends_on=date(2026, 5, 1), starts_on=date(2026, 1, 1))

    answer = page(client, people.manager, "lease-export")

    report, data = (
        CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(index).to_python()
        for index in (0, 1)
    )
    header = data[0]
    first = dict(zip(header, data[1], strict=True))
    assert [row[0] for row in data[1:]] == [people.lease.number, people.other.number]
    assert (first["Last day"], first["Days left"], first["State"]) == (date(2026, 4, 30), -32, "Holdover")
    assert (first["Area (m²)"], report[-1][header.index("Area (m²)")]) == (120, 238)
    assert page(client, people.manager, "lease-export", within="x").status_code == 400


def test_the_address_of_the_calendar_is_shown_once(client, people):
    client.force_login(people.manager)

    made = client.post(reverse("lease-feed"))
    again = client.get(reverse("lease-feed"))

    path = re.search(r"/calendar/[\w-]{43}\.ics", made.content.decode())[0]
    assert "no-store" in made["Cache-Control"]
    assert ("/calendar/" in again.content.decode(), again.context["running"] is not None) == (False, True)
    client.logout()
    assert client.get(path).status_code == 200

    client.force_login(people.manager)
    client.post(reverse("lease-feed-end"))
    client.logout()
    assert client.get(path).status_code == 404
    assert CalendarFeed.objects.filter(ended_at=None).count() == 0


@pytest.mark.engine
def test_months_stand_where_their_days_lie(client, people):
    answer = page(client, people.manager, "lease-timeline", months="12")

    months = answer.context["months"]
    assert [f"{month.day:%Y-%m}" for month in (months[0], months[-1])] == ["2026-05", "2027-04"]
    assert [month.year for month in months if month.year] == [2026, 2027]
    assert sum(Decimal(month.width) for month in months) == pytest.approx(100, abs=Decimal("0.1"))
    assert answer.context["now"] == f"{31 * 100 / 365:.2f}"


def test_pages_in_time_bear_whatever_is_typed(client, people):
    client.force_login(people.manager)
    asked = ("months", "q", "building", "within", "last_day_from", "last_day_to", "as_of", "page", "lease", "all")
    codes = set()

    for turn, value in enumerate(WORST):
        for name in ("lease-timeline", "lease-calendar", "lease-export", "lease-remind", "lease-list"):
            parameters = share(asked, turn, 5)
            answers = [client.get(f"{reverse(name)}?{query(**{parameter: value})}") for parameter in parameters]
            codes |= {answer.status_code for answer in answers}
        codes.add(
            client.post(reverse("lease-remind"), query(leases=value, words=value), content_type=FORM).status_code
        )
    for day in ("2000-01-01", "2001-12-31", "2098-01-01", "2099-12-31"):
        codes.add(client.get(reverse("lease-timeline"), {"as_of": day, "months": "36"}).status_code)
        codes.add(client.get(reverse("lease-calendar"), {"last_day_from": day, "last_day_to": day}).status_code)

    assert codes == {200, 400, 422}
