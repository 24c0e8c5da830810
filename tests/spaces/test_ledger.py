from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spaces import ledger
from spaces.ledger import lives
from spaces.models import Allocation, Ecosystem, Unit
from spaces.states import LETTABLE_STATES, Use
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
START = date(2024, 1, 1)
SPAN = 60
KINDS = ("incubator", "maker_space", "industrial_park")
DAYS = st.integers(0, SPAN).map(lambda n: START + timedelta(days=n))


def maybe(strategy):
    return st.none() | strategy


@st.composite
def tenancies(draw):
    """A run of periods that do not overlap, each with milestones that fit."""
    rows, day = [], START + timedelta(days=draw(st.integers(0, 10)))
    for _number in range(draw(st.integers(0, 4))):
        length = draw(st.integers(1, 20))
        row = {"starts_on": day, "ends_on": day + timedelta(days=length), "purpose": "tenancy"}
        kind = draw(st.sampled_from(["offline", "hold", "signed", "moved", "back"]))
        if kind == "offline":
            row["purpose"] = "offline"
        elif kind == "hold":
            row["held_until"] = day + timedelta(days=draw(st.integers(-2, 25)))
        else:
            row["signed_on"] = day + timedelta(days=draw(st.integers(-5, length)))
        if kind in {"moved", "back"}:
            row["moved_in_on"] = day + timedelta(days=draw(st.integers(0, length - 1)))
        if kind == "back":
            row["handed_back_on"] = row["ends_on"] + timedelta(days=draw(st.integers(0, 9)))
        rows.append(row)
        day = row["ends_on"] + timedelta(days=draw(st.integers(0, 8)))
    if rows and draw(st.booleans()) and rows[-1].get("signed_on") and "handed_back_on" not in rows[-1]:
        rows[-1]["ends_on"] = None
    return rows


@st.composite
def changes_of_facts(draw):
    """(day, use, area) of up to three changes, in order."""
    days = sorted(draw(st.sets(DAYS, max_size=3)))
    areas = maybe(st.integers(1, 99_999).map(lambda n: Decimal(n).scaleb(-2)))
    return [(day, draw(st.sampled_from(Use.values)), draw(areas)) for day in days]


@st.composite
def moves(draw):
    """(day, which ecosystem, kind) of up to two moves of a park, in order."""
    days = sorted(draw(st.sets(DAYS, max_size=2)))
    return [(day, draw(st.sampled_from([0, 1, None])), draw(st.sampled_from(KINDS))) for day in days]


def living(place):
    """The place with a life around its allocations: the database takes no others."""
    unit, building, rows = place["unit"], place["building"], place["allocations"]
    if rows:
        unit["opens_on"] = min(unit["opens_on"], rows[0]["starts_on"])
        if unit["closes_on"]:
            unit["closes_on"] = rows[-1]["ends_on"] and max(unit["closes_on"], rows[-1]["ends_on"])
    moved = [row["moved_in_on"] for row in rows if "moved_in_on" in row]
    if moved:
        building["ready_on"] = min([*moved, building["ready_on"] or moved[0]])
    return place


@st.composite
def histories(draw):
    return [
        living(
            {
                "park": {"opened_on": draw(maybe(DAYS))},
                "moves": draw(moves()),
                "building": {"ready_on": draw(maybe(DAYS)), "closed_on": None},
                "unit": {
                    "usable_area": draw(maybe(st.integers(1, 99_999).map(lambda n: Decimal(n).scaleb(-2)))),
                    "use": draw(st.sampled_from(Use.values)),
                    "opens_on": START + timedelta(days=draw(st.integers(-5, 5))),
                    "closes_on": draw(maybe(st.integers(10, SPAN).map(lambda n: START + timedelta(days=n)))),
                },
                "changes": draw(changes_of_facts()),
                "allocations": draw(tenancies()),
            }
        )
        for _number in range(draw(st.integers(1, 4)))
    ]


def build(history):
    ecosystems = [make.ecosystem(), make.ecosystem()]
    for place in history:
        park = make.park(ecosystem=ecosystems[0], **place["park"])
        for day, home, kind in place["moves"]:
            park.periods.filter(ends_on=None).update(ends_on=day)
            park.periods.create(starts_on=day, ecosystem=None if home is None else ecosystems[home], kind=kind)
        floor = make.floor(building=make.building(park=park, **place["building"]))
        unit = make.unit(floor=floor, **place["unit"])
        for day, use, area in place["changes"]:
            unit.periods.filter(ends_on=None).update(ends_on=day)
            unit.periods.create(starts_on=day, use=use, usable_area=area)
        for row in place["allocations"]:
            Allocation.objects.create(unit=unit, **row)


def told_by_python(on, today):
    units = Unit.objects.select_related("floor__building__park").prefetch_related("allocations")
    result = {unit.pk: ledger.state_of(unit, on=on, today=today) for unit in units}
    return {pk: state for pk, state in result.items() if state is not None}


def told_by_runs(on, today):
    result = {life.unit: life.runs.state_on(on, today=today) for life, _pk in lives.of(Unit.objects.all())}
    return {pk: state for pk, state in result.items() if state is not None}


@settings(max_examples=60)
@given(history=histories(), day=DAYS, today=DAYS)
def test_sql_python_trend_and_runs_tell_the_same_state_on_any_day(db, history, day, today):
    Allocation.objects.all().delete()
    Unit.objects.all().delete()
    build(history)

    for on in (day - timedelta(days=1), day, day + timedelta(days=1)):
        rows = ledger.with_state(Unit.objects.all(), on=on, today=today)
        in_sql = dict(rows.values_list("pk", "state"))
        assert in_sql == told_by_python(on, today)
        (painted,) = ledger.trend(Unit.objects.all(), [on], today=today)
        assert painted == ledger.balance(Unit.objects.all(), on=on, today=today)
        assert told_by_runs(on, today) == in_sql


def told_of_groups(on, today):
    """Ecosystem or None, industrial or not -> lettable area of a day, by the Python definition of state and period."""
    result = {}
    for pk, state in told_by_python(on, today).items():
        unit = Unit.objects.select_related("floor__building__park").get(pk=pk)
        home = unit.floor.building.park.facts_of(on)
        group = (home.ecosystem, home.kind == "industrial_park")
        result[group] = result.get(group, 0) + (unit.facts_of(on).usable_area if state in LETTABLE_STATES else 0)
    return {group: area for group, area in result.items() if area}


@pytest.mark.engine
@settings(max_examples=20)
@given(history=histories(), day=DAYS)
def test_a_group_has_the_units_of_the_parks_that_belong_to_it_on_the_day(db, official, history, day):
    Allocation.objects.all().delete()
    Unit.objects.all().delete()
    build(history)

    expected = told_of_groups(day, day)
    for industrial in (False, True):
        group = ledger.ParkUnits.of_group(official, industrial=industrial)
        by_ecosystem = ledger.balances(group, "ecosystem", on=day, today=day)
        mine = {home and home.pk: area for (home, kind), area in expected.items() if kind == industrial}
        assert {home: each.lettable for home, each in by_ecosystem.items() if each.lettable} == mine
        days = [day - timedelta(days=1), day]
        for scope in (group, ledger.ParkUnits(group.parks.filter(pk__gt=0), group.group)):
            assert ledger.trend(scope, days, today=day) == [ledger.balance(scope, on=on, today=day) for on in days]
        for home in Ecosystem.objects.all():
            scope = ledger.ParkUnits.of_group(official, industrial=industrial, ecosystem=home)
            assert ledger.balance(scope, on=day, today=day).lettable == mine.get(home.pk, 0)
            assert ledger.trend(scope, [day], today=day)[0].lettable == mine.get(home.pk, 0)


@settings(max_examples=20)
@given(history=histories(), day=DAYS)
def test_every_parent_is_the_sum_of_its_children(db, history, day):
    Allocation.objects.all().delete()
    Unit.objects.all().delete()
    build(history)
    whole = ledger.balance(Unit.objects.all(), on=day, today=day)

    for level in ledger.LEVELS:
        parts = ledger.balances(Unit.objects.all(), level, on=day, today=day)
        assert ledger.total(parts.values()) == whole
    recorded = {pk: Unit.objects.get(pk=pk).facts_of(day).usable_area or Decimal(0) for pk in told_by_python(day, day)}
    assert sum(whole.areas.values()) == sum(recorded.values())


@pytest.mark.parametrize(
    ("on", "state"),
    [
        ("2024-05-31", "vacant"),
        ("2024-06-05", "reserved"),
        ("2024-06-10", "committed"),
        ("2024-06-30", "committed"),
        ("2024-07-01", "occupied"),
        ("2025-06-14", "occupied"),
        ("2025-06-15", "holdover"),
    ],
)
def test_the_worked_test_day_of_the_space_balance(on, state):
    unit = make.unit()
    make.allocation(
        unit=unit,
        starts_on=date(2024, 6, 1),
        ends_on=date(2025, 6, 15),
        signed_on=date(2024, 6, 10),
        moved_in_on=date(2024, 7, 1),
    )
    day = date.fromisoformat(on)

    (row,) = ledger.with_state(Unit.objects.all(), on=day, today=date(2026, 1, 1))

    assert row.state == state


@pytest.mark.parametrize(("on", "state"), [("2024-06-14", "reserved"), ("2024-06-15", "vacant")])
def test_a_hold_that_was_never_signed_lapses_with_no_job_run(on, state):
    make.allocation(starts_on=date(2024, 6, 1), ends_on=date(2025, 6, 15), held_until=date(2024, 6, 15))
    day = date.fromisoformat(on)

    (row,) = ledger.with_state(Unit.objects.all(), on=day, today=date(2026, 1, 1))

    assert row.state == state


def test_nothing_lettable_has_no_rate_and_sums_to_zero():
    empty = ledger.balance(Unit.objects.all(), on=START, today=START)

    assert (empty.lettable, empty.rate_occupied, empty.rate_vacant) == (Decimal("0.00"), None, None)


def test_holdover_is_never_forecast():
    make.allocation(starts_on=date(2024, 1, 1), ends_on=date(2024, 6, 1), moved_in_on=date(2024, 1, 1))
    today = date(2024, 7, 1)

    states = [
        ledger.with_state(Unit.objects.all(), on=today + timedelta(days=ahead), today=today).get().state
        for ahead in (-31, 0, 1)
    ]

    assert states == ["occupied", "holdover", "vacant"]
