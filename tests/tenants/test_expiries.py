"""The expiry calendar against the list, and the strips of the timeline against the ledger, over random leases."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from types import SimpleNamespace

import pytest
from django.db.models import Sum
from django.urls import reverse

from spaces import ledger
from spaces.models import Unit
from tenants.filters import LeaseFilter
from tenants.leasing import expiry_calendar, unit_timelines
from tenants.leasing.expiry_bands import ExpiryBands
from tenants.leasing.expiry_calendar import ExpiryCell
from tenants.models import Lease, LeaseLine
from tenants.states import LeaseState
from tests import make
from tests.thorough import crossing

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
ENDS = {"signed": {}, "draft": {"signed_on": None},
        "ended": {"ended_on": date(2026, 3, 1), "end_reason": "expired"}}  # fmt: skip


def rented(lease, unit, **periods):
    taken = make.allocation(unit=unit, **{"ends_on": lease.ends_on, "starts_on": lease.starts_on} | periods)
    return LeaseLine.objects.create(lease=lease, unit=unit, allocation=taken)


def random_leases(seed, today):
    """Three buildings; leases of every state with none to three lines in one building or two, some handed back."""
    dice = Random(seed)
    park = make.park()
    floors = [make.floor(building=make.building(park=park)) for _ in range(3)]
    company = make.company()
    for _ in range(40):
        state = dice.choice(["signed"] * 6 + ["draft", "ended"])
        ends_on = today + timedelta(days=dice.randint(-80, 900))
        lease = make.lease(company=company, park=park, state=state, starts_on=date(2022, 1, 1), ends_on=ends_on,
                           **ENDS[state])  # fmt: skip
        for _ in range(dice.randint(0, 3)):
            area = dice.choice([None, Decimal(dice.randint(100, 99_999)).scaleb(-2)])
            unit = make.unit(floor=dice.choice(floors), usable_area=area)
            back = {"moved_in_on": date(2023, 1, 1), "handed_back_on": ends_on} if dice.random() < 0.2 else {}
            rented(lease, unit, **back)


def listed(user, today, **query):
    """What the list shows for a filter: how many, and how much in all."""
    result = {name: str(value) for name, value in query.items()}
    found = LeaseFilter(result, queryset=Lease.objects.all(), request=SimpleNamespace(today=today, user=user))
    assert found.is_valid()
    area = found.qs.order_by().with_area(today, query.get("building", "")).aggregate(whole=Sum("area"))["whole"]
    return ExpiryCell(found.qs.count(), area or Decimal(0))


def where(first, last):
    return {"within": 0} if first is None else {"last_day_from": first, "last_day_to": last}


@pytest.mark.engine
@pytest.mark.parametrize(
    ("seed", "today"), crossing(range(6), [date(2026, 6, 1), date(2028, 2, 29), date(2026, 12, 31)])
)
def test_every_cell_is_what_the_list_shows_for_it(seed, today, official):
    random_leases(seed, today)

    result = expiry_calendar.calendar(Lease.objects.all(), on=today)

    assert len(result.columns) == 25
    for row in [*result.rows, result.totals]:
        place = {} if row.place is None else {"building": f"{row.place.park.code}-{row.place.code}"}
        shown = [listed(official, today, **place, **where(*column)) for column in result.columns]
        assert row.cells == shown
        assert row.total == listed(official, today, **place, last_day_to=result.columns[-1][1])
        assert row.total == ExpiryCell(sum(cell.number for cell in row.cells), sum(cell.area for cell in row.cells))
    sums = [sum(row.cells[column].area for row in result.rows) for column in range(25)]
    assert sums == [cell.area for cell in result.totals.cells]


@pytest.mark.parametrize("seed", range(3))
def test_the_rows_are_the_same_whether_leases_or_buildings_are_asked(seed, monkeypatch):
    today = date(2026, 6, 1)
    random_leases(seed, today)
    make.building(park=make.park())  # one without a lease
    result = expiry_calendar.calendar(Lease.objects.all(), on=today)

    monkeypatch.setattr(expiry_calendar, "FEW", 0)

    asked = expiry_calendar.Expiries(Lease.objects.all(), on=today)
    assert expiry_calendar.calendar(Lease.objects.all(), on=today) == result
    assert asked.rows([row.place for row in result.rows[1:]]) == result.rows[1:]
    assert len(result.rows) == 3


def column_of(last_day, today):
    """Where a lease stands that runs up to and including a day: None while it is overdue, else the month."""
    make.lease(company=make.company(), park=make.park(), ends_on=last_day + timedelta(days=1))
    result = expiry_calendar.calendar(Lease.objects.all(), on=today)
    (column,) = [index for index, cell in enumerate(result.totals.cells) if cell.number]
    first = result.columns[column][0]
    return None if first is None else f"{first:%Y-%m}"


@pytest.mark.parametrize(
    ("last_day", "today", "column"),
    [
        ((2026, 6, 30), (2026, 6, 1), "2026-06"),
        ((2026, 7, 1), (2026, 6, 1), "2026-07"),
        ((2026, 6, 1), (2026, 6, 1), "2026-06"),  # its last day is today
        ((2026, 5, 31), (2026, 6, 1), None),  # that was yesterday
        ((2026, 6, 14), (2026, 6, 15), None),
        ((2028, 2, 28), (2028, 2, 1), "2028-02"),
        ((2028, 2, 29), (2028, 2, 29), "2028-02"),
        ((2028, 3, 1), (2028, 2, 29), "2028-03"),
        ((2027, 2, 28), (2027, 2, 28), "2027-02"),
        ((2026, 12, 31), (2026, 12, 31), "2026-12"),
        ((2027, 1, 1), (2026, 12, 31), "2027-01"),
    ],
)
def test_the_last_day_is_the_one_that_counts(last_day, today, column):
    assert column_of(date(*last_day), date(*today)) == column


def test_what_ends_after_the_window_is_told_where_nothing_ends_within():
    make.lease(company=make.company(), park=make.park(), ends_on=date(2029, 9, 1))

    result = expiry_calendar.calendar(Lease.objects.all(), on=date(2026, 6, 1))

    assert (result.totals.total.number, result.rows) == (0, [])
    assert expiry_calendar.next_end(Lease.objects.all(), after=result.columns[-1][1]) == date(2029, 8, 31)
    assert expiry_calendar.next_end(Lease.objects.all(), after=date(2029, 8, 31)) is None


def test_the_api_tells_the_same_calendar(client, official, monkeypatch):
    today = date(2026, 6, 1)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: today)
    random_leases(1, today)
    client.force_login(official)

    result = client.get(reverse("api-lease-calendar"), {"months": "6"}).json()

    found = expiry_calendar.calendar(Lease.objects.all(), on=today, months=6)
    cells = [[{"number": cell.number, "area": f"{cell.area:.2f}"} for cell in row.cells] for row in found.rows]
    assert [row["cells"] for row in result["rows"]] == cells
    assert result["total"]["total"] == {"number": found.totals.total.number, "area": f"{found.totals.total.area:.2f}"}
    assert result["columns"][:2] == [
        {"first_day": None, "last_day": "2026-05-31"}, {"first_day": "2026-06-01", "last_day": "2026-06-30"}
    ]  # fmt: skip
    refused = [
        client.get(reverse("api-lease-calendar"), query).status_code for query in ({"months": "99"}, {"x": "1"})
    ]
    assert refused == [400, 400]


def test_each_reads_his_own_leases_in_the_calendar_of_the_api(client, manager, neighbour, visitor, park):
    make.lease(company=make.company(), park=park)
    seen = {}
    for name, user in (("manager", manager), ("neighbour", neighbour), ("visitor", visitor)):
        if user.is_authenticated:
            client.force_login(user)
        else:
            client.logout()
        answer = client.get(reverse("api-lease-calendar"))
        body = answer.json()
        seen[name] = body["total"]["total"]["number"] if answer.status_code == 200 else answer.status_code

    assert seen == {"manager": 1, "neighbour": 0, "visitor": 401}


@pytest.mark.parametrize("many", [1, 3, 300])
def test_the_calendar_costs_the_same_for_any_number(many, django_assert_num_queries):
    park = make.park()
    floor = make.floor(building=make.building(park=park))
    company = make.company()
    for number in range(many):
        lease = make.lease(company=company, park=park, ends_on=date(2026, 7, 1))
        rented(lease, make.unit(floor=floor, code=f"X-{number}"))

    with django_assert_num_queries(4):
        result = expiry_calendar.calendar(Lease.objects.all(), on=date(2026, 6, 1))

    assert result.totals.total == ExpiryCell(many, Decimal(100 * many))


@pytest.mark.parametrize(
    ("ends_on", "key"),
    [
        (date(2026, 6, 1), "overdue"), (date(2026, 6, 2), "3m"), (date(2026, 9, 1), "3m"), (date(2026, 9, 2), "6m"),
        (date(2026, 12, 1), "6m"), (date(2026, 12, 2), "12m"), (date(2027, 6, 2), "24m"), (date(2028, 6, 1), "24m"),
        (date(2028, 6, 2), "later"), (None, "later"),
    ],
)  # fmt: skip
def test_the_colour_is_that_of_the_months_left(ends_on, key):
    assert ExpiryBands(date(2026, 6, 1)).of_end(ends_on) == key


# Strips

TODAY = date(2026, 6, 15)
DAYS = unit_timelines.window(date(2026, 5, 1), date(2028, 5, 1))


def random_unit(dice, floor, place):
    """A unit with up to four periods after one another: held, signed, moved in, handed back late, out of service."""
    unit = make.unit(floor=floor, code=f"R-{place:03}")
    day = date(2026, 1, 1) + timedelta(days=dice.randint(0, 100))
    for _ in range(dice.randint(0, 4)):
        starts_on = day + timedelta(days=dice.randint(0, 40))
        ends_on = starts_on + timedelta(days=dice.randint(20, 250))
        kind = dice.choice(["held", "signed", "in", "offline"])
        facts = {"signed_on": starts_on - timedelta(days=dice.randint(-10, 30))}
        if kind == "held":
            facts = {"held_until": starts_on + timedelta(days=dice.randint(-20, 40))}
        elif kind == "offline":
            facts = {"purpose": "offline", "signed_on": None}
        elif kind == "in":
            facts["signed_on"] = starts_on
            facts["moved_in_on"] = starts_on + timedelta(days=dice.randint(0, 15))
            if ends_on < TODAY - timedelta(days=30) or dice.random() < 0.5:
                facts["handed_back_on"] = ends_on + timedelta(days=dice.choice([0, 0, 3]))
        make.allocation(unit=unit, starts_on=starts_on, ends_on=ends_on, **facts)
        day = ends_on + timedelta(days=dice.choice([0, 0, 5]))
    return unit


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("on", [date(2026, 5, 20), TODAY, date(2027, 2, 28)])
def test_a_strip_is_the_ledger_day_by_day(seed, on, official):
    dice = Random(seed)
    floor = make.floor()
    units = [random_unit(dice, floor, place) for place in range(12)]

    result = unit_timelines.timelines_of(units, DAYS, on=on, today=TODAY, user=official)

    for unit, strip in zip(units, result, strict=True):
        drawn = [piece.state for piece in strip.pieces for _ in range(piece.days)]
        assert drawn == ledger.days_of(unit, DAYS, today=TODAY)
        assert [piece.start for piece in strip.pieces] == [
            sum(piece.days for piece in strip.pieces[:index]) for index in range(len(strip.pieces))
        ]
        assert strip.state == ledger.state_of(Unit.objects.get(pk=unit.pk), on=on, today=TODAY)


def test_those_held_over_come_first_and_say_for_how_long(official):
    floor = make.floor()
    early, late = make.unit(floor=floor, code="A-1"), make.unit(floor=floor, code="A-2")
    make.allocation(unit=late, ends_on=date(2026, 5, 23), moved_in_on=date(2026, 1, 1))

    units = list(unit_timelines.lettable(Unit.objects.all(), DAYS, on=TODAY, late_on=TODAY))
    result = unit_timelines.timelines_of(units, DAYS, on=TODAY, today=TODAY, user=official)

    assert units == [late, early]
    assert [(term.days_overdue, term.state) for term in result[0].terms] == [(24, "holdover")]
    assert result[1].vacant_on == TODAY


def test_the_keys_of_a_page_are_those_of_the_order():
    dice = Random(3)
    park = make.park()
    for _ in range(2):
        building = make.building(park=park)
        for level in (1, 2):
            floor = make.floor(building=building, level=level)
            for number in range(4):
                unit = make.unit(floor=floor, code=f"{building.pk}-{level}-{number}")
                late = {"ends_on": date(2026, 5, 23), "moved_in_on": date(2026, 1, 1)}
                make.allocation(unit=unit, **(late if dice.random() < 0.4 else {"ends_on": date(2027, 1, 1)}))

    units = unit_timelines.lettable(Unit.objects.all(), DAYS, on=TODAY, late_on=TODAY)

    wanted = list(units.values_list("pk", flat=True))
    assert len(wanted) == 16
    assert 1 < sum(unit.late for unit in units) < 15
    slices = [(first, first + step) for step in (1, 5, 16, 40) for first in range(0, 18, step)]
    assert [unit_timelines.keys_of_lettable(units, *each) for each in slices] == [
        wanted[slice(*each)] for each in slices
    ]


def test_who_may_not_read_a_lease_is_not_told_its_company(official, neighbour):
    unit = make.unit()
    lease = make.lease(company=make.company(), park=unit.floor.building.park)
    rented(lease, unit, ends_on=date(2027, 1, 1))

    names = [
        [term.lease and term.lease.company.name for term in strip.terms]
        for user in (official, neighbour)
        for strip in unit_timelines.timelines_of([unit], DAYS, on=TODAY, today=TODAY, user=user)
    ]

    assert names == [[lease.company.name], [None]]
    assert unit_timelines.units_with_readable_tenants(neighbour).filter(pk=unit.pk).exists() is False


def test_a_draft_or_an_ended_lease_never_stands_in_the_calendar():
    for state, facts in ENDS.items():
        make.lease(company=make.company(), park=make.park(), state=state, ends_on=date(2026, 7, 1), **facts)

    result = expiry_calendar.calendar(Lease.objects.all(), on=date(2026, 6, 1))

    assert result.totals.total.number == Lease.objects.filter(state=LeaseState.SIGNED).count() == 1
