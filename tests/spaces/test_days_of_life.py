"""Every act on each day around the first, ready and last day of a unit and building is done, or refused in words."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from spaces.actions import allocations, places, units
from spaces.models import Allocation, Building, Floor, Unit
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DAY = date(2026, 6, 1)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
DAYS = (BEFORE, DAY, AFTER)
TODAY = AFTER
BY = {"by": None, "on": TODAY}


def outcome(act, *args, **facts):
    """What an act came to, undone: "done", or the words of its refusal. Anything else that it raises is a fault."""
    try:
        with transaction.atomic():
            act(*args, **facts)
            transaction.set_rollback(True)
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    return "done"


def acts_on(unit, day, end):
    """(name, outcome) of each act that takes a unit or ends its life, or that of its building."""
    building = unit.floor.building
    yield "offline", outcome(allocations.take_offline, unit, starts_on=day, ends_on=end, reason="works", **BY)
    yield "retire", outcome(units.retire, unit, closes_on=day, why="walls", **BY)
    yield "life", outcome(units.update, unit, opens_on=day, closes_on=end, why="misread", **BY)
    yield "split", outcome(units.split, unit, [_part("P1"), _part("P2")], splits_on=day, why="walls", **BY)
    yield "building", outcome(places.update, building, ready_on=day, closed_on=end, **BY)
    if end:
        until = TODAY + timedelta(days=9)
        yield "hold", outcome(allocations.hold, [unit], starts_on=day, ends_on=end, held_until=until, **BY)
    for moved, back in product((None, *DAYS), (None, *DAYS)):
        placed = Allocation(unit=unit, purpose="tenancy", signed_on=BEFORE, starts_on=day, ends_on=end)
        placed.moved_in_on, placed.handed_back_on = moved, back
        yield "place", outcome(allocations.place_many, [placed], **BY)


def acts_on_taken(row, day):
    """The same for a unit that is taken."""
    building = row.unit.floor.building
    yield "sign", outcome(allocations.sign, row, signed_on=day, **BY)
    yield "move in", outcome(allocations.move_in, row, moved_in_on=day, **BY)
    yield "hand back", outcome(allocations.hand_back, row, handed_back_on=day, **BY)
    yield "end", outcome(allocations.end_early, row, ends_on=day, by=None, why="leaves")
    yield "retire", outcome(units.retire, row.unit, closes_on=day, why="walls", **BY)
    for name in ("starts_on", "ends_on", "signed_on", "moved_in_on", "handed_back_on"):
        yield f"correct {name}", outcome(allocations.correct, row, why="misread", **{name: day}, **BY)
    for name in ("ready_on", "closed_on"):
        yield name, outcome(places.update, building, **{name: day}, **BY)
    for name in ("opens_on", "closes_on"):
        yield name, outcome(units.update, row.unit, why="misread", **{name: day}, **BY)


def _part(code):
    return Unit(code=code, use="office", usable_area=50)


@pytest.fixture
def room(park):
    """A unit in a building that is ready and closes on these days, all made by the actions."""

    def made(ready_on, closed_on, opens_on):
        building = Building(park=park, code="A", name="A", ready_on=ready_on, closed_on=closed_on)
        places.add(building, by=None)
        floor = Floor(building=building, level=1, label="1")
        places.add(floor, by=None)
        unit = Unit(floor=floor, code="U-1", use="office", usable_area=100, opens_on=opens_on)
        units.add(unit, by=None)
        return unit

    return made


@pytest.mark.engine
@pytest.mark.parametrize(
    ("ready_on", "closed_on"), [(None, None), (None, DAY), (BEFORE, DAY), (BEFORE, AFTER), (DAY, None), (DAY, AFTER)]
)
def test_no_day_of_a_life_is_answered_by_the_database_alone(room, ready_on, closed_on):
    unit = room(ready_on, closed_on, DAY)

    result = {
        (name, day, end, words) for day, end in product(DAYS, (None, *DAYS)) for name, words in acts_on(unit, day, end)
    }

    assert [each for each in result if not each[-1]] == []
    assert {name for name, _day, _end, words in result if words == "done"} >= {"retire", "life"}


@pytest.mark.parametrize("state", ["held", "signed", "in", "back"])
def test_nor_where_the_unit_is_taken(room, state):
    unit = room(BEFORE, AFTER + timedelta(days=1), BEFORE)
    days = {"held": {"held_until": AFTER + timedelta(days=9), "signed_on": None}, "signed": {}}
    days |= {"in": {"moved_in_on": DAY}, "back": {"moved_in_on": BEFORE, "handed_back_on": AFTER}}
    row = make.allocation(unit=unit, **{"starts_on": BEFORE, "ends_on": AFTER, "signed_on": BEFORE} | days[state])

    result = {
        (name, day, words) for day in (*DAYS, AFTER + timedelta(days=1)) for name, words in acts_on_taken(row, day)
    }

    assert [each for each in result if not each[-1]] == []
    assert [name for name, _day, words in result if words == "done"]
