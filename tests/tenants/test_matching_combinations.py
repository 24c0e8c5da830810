"""Neighbours that fit together, and what holds for any rows: groups, order, number of statements, no overlap."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain, combinations

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from spaces.actions import allocations, units
from spaces.models import Allocation, Unit
from spaces.states import LETTABLE_USES, Use
from spaces.values.days import add_months
from tenants import matching
from tenants.matching import Requirements, Rule
from tests import make
from tests.tenants.test_matching import TODAY, WISH, codes, floor, found, rejected, room, tenancy

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
__all__ = ["floor"]


def test_two_neighbours_fit_together(floor):
    room(floor, "404", "86.50")
    room(floor, "405", "45.00")

    match = found(replace(WISH, area_min=Decimal(120)))

    (fit,) = match.fits
    assert (fit.codes, fit.area, fit.starts_on) == (("404", "405"), Decimal("131.50"), TODAY)
    assert rejected(match) == {"404": "area", "405": "area"}


@pytest.mark.parametrize("area", ["60.00", "40.00", "30.00"])
def test_up_to_four_neighbours_are_joined(floor, area):
    for code in ("401", "402", "403", "404", "405"):
        room(floor, code, area)

    many = {"60.00": 2, "40.00": 3, "30.00": 4}[area]
    runs = [["401", "402", "403", "404", "405"][start : start + many] for start in range(6 - many)]
    assert sorted(codes(found().fits)) == ["+".join(run) for run in runs]


def test_five_neighbours_are_too_many(floor):
    for number in range(401, 407):
        room(floor, str(number), "20.00")

    match = found()

    assert match.fits == ()
    assert sorted(codes(match.near)) == ["401+402+403+404", "402+403+404+405", "403+404+405+406"]
    assert matching.sentences(match.near[0]) == ["20 m² smaller"]


def test_numbers_in_codes_order_the_rooms_of_a_floor(floor):
    for code in ("A-8", "A-9", "A-10"):
        room(floor, code, "50.00")

    assert sorted(codes(found().fits)) == ["A-8+A-9", "A-9+A-10"]


def test_a_common_room_parts_its_neighbours(floor):
    room(floor, "401", "60.00")
    room(floor, "402", "10.00", use="ancillary")
    room(floor, "403", "60.00")

    assert found().fits == ()


def test_a_unit_that_was_not_asked_for_parts_its_neighbours_too(floor):
    room(floor, "401", "60.00")
    room(floor, "402", "60.00", published=False)
    room(floor, "403", "60.00")

    match = matching.match(WISH, Unit.objects.filter(published=True), on=TODAY)

    assert (match.fits, rejected(match)) == ((), {"401": "area", "403": "area"})


@pytest.mark.parametrize("facts", [{"use": "lab"}, {"gas": False}])
def test_a_room_that_fails_a_hard_rule_joins_nobody(floor, facts):
    room(floor, "401", "60.00", gas=True)
    room(floor, "402", "60.00", **{"gas": True} | facts)
    room(floor, "403", "60.00", gas=True)

    assert found(replace(WISH, features=frozenset({"gas"}))).fits == ()


def test_a_taken_room_parts_its_neighbours(floor):
    room(floor, "401", "60.00")
    tenancy(room(floor, "402", "60.00"), date(2026, 1, 1), None)
    room(floor, "403", "60.00")

    assert found().fits == ()


def test_rooms_of_two_floors_are_never_joined(floor):
    room(floor, "401", "60.00")
    room(make.floor(building=floor.building), "402", "60.00")

    assert found().fits == ()


def test_different_uses_are_not_joined_where_any_use_will_do(floor):
    room(floor, "401", "60.00")
    room(floor, "402", "60.00", use="lab")

    assert found(replace(WISH, use="")).fits == ()


def test_whoever_can_have_one_room_is_not_shown_two(floor):
    room(floor, "401", "110.00")
    room(floor, "402", "40.00")

    assert codes(found().fits) == ["401"]


def test_neighbours_are_free_together_from_the_last_of_their_days(floor):
    tenancy(room(floor, "401", "60.00"), date(2025, 1, 1), date(2026, 7, 1))
    tenancy(room(floor, "402", "60.00"), date(2026, 7, 15), date(2026, 8, 1))

    (fit,) = found().fits

    assert (fit.codes, fit.starts_on, fit.ends_on) == (("401", "402"), date(2026, 8, 1), date(2028, 8, 1))


def test_power_counts_together_load_and_height_each(floor):
    room(floor, "401", "60.00", power_kw=30, load_kg_m2=800, height_m=Decimal(4))
    room(floor, "402", "60.00", power_kw=20, load_kg_m2=500, height_m=Decimal("3.40"))

    match = found(replace(WISH, power_kw=50, load_kg_m2=500, height_m=Decimal("3.5")))

    (near,) = match.near
    assert (near.codes, matching.sentences(near)) == (("401", "402"), ["lower ceiling (3.4 m)"])
    assert found(replace(WISH, power_kw=51)).fits == ()


def test_a_near_miss_says_whose_floor_it_shares(floor):
    room(floor, "401", height_m=Decimal("3.60"))
    room(floor, "402", height_m=Decimal("3.20"))

    (near,) = found(replace(WISH, height_m=Decimal("3.5"))).near

    assert matching.sentences(near) == ["same floor as 401", "lower ceiling (3.2 m)"]


def test_the_parts_of_a_split_unit_take_its_place(floor, manager):
    whole = room(floor, "402", "100.00")
    room(floor, "401", "60.00")
    room(floor, "403", "60.00")
    day = date(2026, 8, 1)
    parts = [Unit(code=code, use="office", usable_area=Decimal(50)) for code in ("402A", "402B")]
    units.split(whole, parts, splits_on=day, by=manager, on=TODAY)

    match = found()

    assert {each.codes: each.starts_on for each in match.fits} == {
        ("401", "402A"): day,
        ("402A", "402B"): day,
        ("402B", "403"): day,
    }
    assert rejected(match)["402"] == "retired"


def test_a_merged_unit_takes_the_place_of_its_parts(floor, manager):
    pair = [room(floor, "401", "60.00"), room(floor, "402", "60.00")]
    units.merge(
        pair,
        Unit(code="403", use="office", usable_area=Decimal(120)),
        merges_on=date(2026, 8, 1),
        by=manager,
        on=TODAY,
    )

    match = found()

    assert {each.codes: each.starts_on for each in match.fits} == {("403",): date(2026, 8, 1)}
    assert rejected(match) == {"401": "retired", "402": "retired"}


def test_a_room_that_goes_in_time_lets_its_neighbours_join(floor):
    room(floor, "401", "60.00")
    room(floor, "402", "60.00", closes_on=date(2026, 8, 1))
    room(floor, "403", "60.00")

    assert {each.codes: each.starts_on for each in found().fits} == {("401", "403"): date(2026, 8, 1)}


def test_a_retired_room_is_no_wall(floor):
    room(floor, "401", "60.00")
    room(floor, "402", "60.00", closes_on=date(2026, 5, 1))
    room(floor, "403", "60.00")

    assert codes(found().fits) == ["401+403"]


@pytest.mark.parametrize("many", [3, 300])
def test_any_number_of_units_costs_four_statements(park, django_assert_num_queries, many):
    building = make.building(park=park)
    for place in range(many):
        level, number = divmod(place, 10)
        level_of_it = building.floors.filter(level=level).first() or make.floor(
            building=building, level=level, label=str(level)
        )
        tenancy(room(level_of_it, f"{level}-{number}", "60.00"), date(2025, 1, 1), date(2026, 8, 1))

    with django_assert_num_queries(5):
        match = found()

    assert len(match.fits) == {3: 2, 300: 270}[many]


def test_the_order_of_the_rows_changes_nothing(park):
    dice = random.Random(7)
    rows = [
        {
            "code": f"{level}{number:02}",
            "area": dice.choice([40, 60, 110, 150, 170, 300]),
            "use": dice.choice(["office", "office", "office", "lab", "ancillary"]),
            "until": dice.choice([None, date(2026, 8, 1), date(2026, 10, 1), date(2027, 10, 1)]),
        }
        for level in (1, 2, 3)
        for number in range(12)
    ]

    answers = []
    for _time in range(3):
        Allocation.objects.all().delete()
        Unit.objects.all().delete()
        building = make.building(park=park)
        floors = {str(level): make.floor(building=building) for level in (1, 2, 3)}
        dice.shuffle(rows)
        for row in rows:
            unit = room(floors[row["code"][0]], row["code"], row["area"], use=row["use"])
            if row["until"]:
                tenancy(unit, date(2026, 1, 1), row["until"])
        answers.append(result(found()))

    assert answers[0] == answers[1] == answers[2]
    assert [len(group) > 3 for group in answers[0]] == [True, True, True]


def result(match):
    """A match without the ids of its rows."""
    seen = [
        [(each.codes, each.area, each.starts_on, each.parts, each.misses, each.beside) for each in group]
        for group in (match.fits, match.near)
    ]
    return [*seen, [(each.room.code, each.miss) for each in match.others]]


def test_competitors_are_the_waiting_requests_that_the_units_fit_earliest_first(park, django_assert_num_queries):
    level = make.floor(building=make.building(park=park))
    room(level, "401", "60.00")
    room(level, "402", "60.00")
    room(level, "501", "500.00")

    def asked(day, **fields):
        facts = {"park": park, "state": "admitted", "submitted_at": f"2026-05-{day:02}T09:00Z"} | fields
        return make.wanted(**facts)

    wanted = asked(10, area_min=Decimal(100))
    together = asked(20, area_min=Decimal(100))
    alone = asked(5, area_min=Decimal(50), area_max=Decimal(70), state="submitted")
    anywhere = asked(6, area_min=Decimal(50), park=None, ecosystem=park.ecosystem)
    asked(1, area_min=Decimal(400), area_max=Decimal(600))
    asked(2, use="lab")
    asked(3, state="withdrawn")
    asked(4, park=make.park())
    asked(7, park=None, ecosystem=make.ecosystem())

    units = Unit.objects.filter(code__in=["401", "402"])
    with django_assert_num_queries(6):
        rivals = matching.competitors(wanted, units, matching.inventory_of(units, on=TODAY))

    assert [rival.pk for rival in rivals] == [alone.pk, anywhere.pk, together.pk]


def days_from_today(dice, *days):
    return TODAY + timedelta(days=dice.choice(days))


def periods(dice):
    """Periods of one unit, one after the other: signed, moved in, handed back or not, held, out of service."""
    rows, day = [], days_from_today(dice, -90, -30, -1, 0, 1, 20, 60, 200)
    for _number in range(dice.choice([0, 0, 1, 1, 2])):
        ends = day + timedelta(days=dice.choice([1, 20, 60, 89, 90, 800]))
        row = {"starts_on": day, "ends_on": ends}
        kind = dice.choice(["signed", "in", "in", "back", "hold", "offline"])
        if kind == "offline":
            row["purpose"] = "offline"
        elif kind == "hold":
            row["held_until"] = day + timedelta(days=dice.choice([-40, -1, 0, 1, 40]))
        elif kind in {"in", "back"} and day <= TODAY:
            row["moved_in_on"] = day
            if kind == "back" and ends <= TODAY:
                row["handed_back_on"] = ends
        rows.append(row)
        day = ends + timedelta(days=dice.choice([0, 10, 400]))
    return rows


def rooms_of_a_floor(dice):
    return [
        {
            "code": str(number),
            "use": dice.choice([*[Use.OFFICE] * 8, Use.LAB, Use.LAB, Use.ANCILLARY]),
            "area": dice.choice([30, 50, 60, 60, 90, 120, 120, 170, None]),
            "opens_on": dice.choice([date(2020, 1, 1), date(2020, 1, 1), days_from_today(dice, 60)]),
            "closes_on": dice.choice([None, None, days_from_today(dice, 0, 61, 80, 900)]),
            "gas": dice.choice([True, True, True, False, None]),
            "periods": periods(dice),
        }
        for number in range(dice.randint(1, 8))
    ]


def any_wish(dice):
    return Requirements(
        use=dice.choice(["office", ""]),
        area_min=dice.choice([None, Decimal(50), Decimal(100), Decimal(150)]),
        area_max=dice.choice([None, Decimal(150), Decimal(250)]),
        features=dice.choice([frozenset(), frozenset({"gas"})]),
        needed_by=dice.choice([None, days_from_today(dice, -9, 60, 90, 200)]),
        months=dice.choice([None, 1, 3, 24]),
    )


def holds(candidate, by):
    """Does the action take it? Nothing stays of the try."""
    rooms = Unit.objects.filter(pk__in=candidate.ids).order_by("pk")
    term = {"starts_on": candidate.starts_on, "ends_on": candidate.ends_on}
    try:
        with transaction.atomic():
            allocations.hold(rooms, **term, held_until=TODAY + timedelta(days=9), by=by, on=TODAY)
            transaction.set_rollback(True)
    except ValidationError:
        return False
    return True


def by_hand(level, requirements):
    """The fits once more, slowly: any rooms, any day on which something changes, straight from the definitions."""
    rooms = sorted(level.units.all(), key=lambda unit: int(unit.code))
    rows = {unit.pk: list(Allocation.objects.filter(unit=unit)) for unit in rooms}
    changes = {row.ends_on for each in rows.values() for row in each} | {unit.opens_on for unit in rooms}
    by = max(requirements.needed_by or TODAY, TODAY)
    days = sorted(day for day in changes | {unit.closes_on for unit in rooms} | {TODAY} if day and TODAY <= day <= by)
    fits = {}
    for places in chain.from_iterable(combinations(range(len(rooms)), many) for many in (1, 2, 3, 4)):
        run = [rooms[place] for place in places]
        if any(set(fewer) < {unit.code for unit in run} and connected_part(fewer, run) for fewer in fits):
            continue
        day = next((day for day in days if free_on(run, rooms, rows, day, requirements)), None)
        if day and meets(run, requirements):
            fits[tuple(unit.code for unit in run)] = day
    return fits


def connected_part(fewer, run):
    codes = [unit.code for unit in run]
    return any(tuple(codes[start : start + len(fewer)]) == fewer for start in range(len(codes)))


def free_on(run, rooms, rows, day, requirements):
    ends = add_months(day, requirements.months or 12)
    for unit in run:
        lapsed = [row for row in rows[unit.pk] if row.held_until and row.held_until <= TODAY and not row.signed_on]
        lapsed = [row for row in lapsed if row.ends_on > row.held_until]
        for row in rows[unit.pk]:
            if row not in lapsed and row.starts_on < ends and row.ends_on > day:
                return False
            if row.moved_in_on and row.handed_back_on is None and row.ends_on <= TODAY:
                return False
        if unit.opens_on > day or (unit.closes_on and unit.closes_on < ends):
            return False
    inside = [unit for unit in rooms if int(run[0].code) < int(unit.code) < int(run[-1].code) and unit not in run]
    return not any(unit.opens_on <= day and (unit.closes_on is None or unit.closes_on > day) for unit in inside)


def meets(run, requirements):
    if any(
        unit.use not in LETTABLE_USES or unit.use != (requirements.use or run[0].use) or not unit.usable_area
        for unit in run
    ):
        return False
    area = sum(unit.usable_area for unit in run)
    fits = (requirements.area_min or 0) <= area <= (requirements.area_max or area)
    return fits and all(unit.gas or "gas" not in requirements.features for unit in run)


@pytest.mark.engine
@settings(max_examples=150)
@given(dice=st.randoms(use_true_random=True))  # even dice: Hypothesis' own repeat themselves, and rare rows stay out
def test_every_candidate_can_be_held_and_every_unit_is_in_one_group(db, dice):
    Allocation.objects.all().delete()
    Unit.objects.all().delete()
    level, requirements, rows = make.floor(), any_wish(dice), rooms_of_a_floor(dice)
    for row in dice.sample(rows, len(rows)):
        taken, closes_on = row.pop("periods"), row.pop("closes_on")
        life = {"closes_on": closes_on if closes_on and closes_on > row["opens_on"] else None}
        unit = room(level, **row, **life)
        for period in taken:
            if unit.opens_on <= period["starts_on"] and (
                unit.closes_on is None or period["ends_on"] <= unit.closes_on
            ):
                make.allocation(unit=unit, **period)

    match = found(requirements)

    assert {each.codes: each.starts_on for each in match.fits} == by_hand(level, requirements)
    candidates = [*match.fits, *match.near]
    assert [each.codes for each in candidates if not holds(each, None)] == []
    alone = [each.ids[0] for each in candidates if len(each.ids) == 1]
    assert sorted([*alone, *(each.room.pk for each in match.others)]) == sorted(
        Unit.objects.values_list("pk", flat=True)
    )
    assert all(each.miss.soft is False for each in match.others)
    assert all(not each.misses or all(miss.soft for miss in each.misses) for each in candidates)
    late = set(Allocation.objects.overstaying(TODAY).values_list("unit_id", flat=True))
    assert late.isdisjoint(pk for each in candidates for pk in each.ids)
    assert {each.miss.rule for each in match.others} <= set(Rule)
