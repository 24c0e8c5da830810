"""States of units over many days and their balances: days ascending, two queries, one pass."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from spaces.ledger import sums_of_months
from spaces.ledger.balances import NOTHING, STATES, Balance
from spaces.ledger.park_units import ParkUnits
from spaces.models import Allocation, Unit, UnitPeriod
from spaces.states import LETTABLE_USES, Purpose, UnitState
from spaces.values.days import day_after
from spaces.values.lifetimes import overstay, ready_from

LIFE = (
    "opens_on", "closes_on", "floor__building__closed_on", "floor__building__ready_on",
    "floor__building__park__opened_on",
)  # fmt: skip
FACTS = ("starts_on", "ends_on", "use", "usable_area")
PERIOD = ("purpose", "starts_on", "ends_on", "held_until", "signed_on", "moved_in_on", "handed_back_on")
type Period = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Painted:
    """A unit on days (ascending): on each its state, None outside its life, and its area (m2; None: unknown)."""

    states: list[str | None]
    areas: list[Decimal | None]

    def on_days(self, days: Collection[int]) -> "Painted":
        """The unit as if it existed only on some days (their indexes)."""
        return Painted([state if index in days else None for index, state in enumerate(self.states)], self.areas)


def trend(units: QuerySet[Unit] | ParkUnits, days: Sequence[date], *, today: date) -> list[Balance]:
    """The balance on each of `days` (ascending). One query for whole parks, else up to five."""
    if isinstance(units, ParkUnits):
        found = sums_of_months.trend(units, days, today=today)
        return _of_group(units, days, today) if found is None else found
    return _summed((each for _unit, each in painted(units, days, today=today)), len(days))


def _of_group(scope: ParkUnits, days: Sequence[date], today: date) -> list[Balance]:
    """The trend of parks from their allocations; of a group, each park on the days on which it belongs to it."""
    if scope.group is None:
        return trend(scope.units, days, today=today)
    periods = scope.periods()
    inside: dict[int, set[int]] = defaultdict(set)
    for park, since, until in periods.values_list("park", "starts_on", "ends_on"):
        inside[park].update(_span(days, since, until))
    units = scope.units.filter(floor__building__park__in=periods.values("park"))
    park_of = dict(units.values_list("pk", "floor__building__park"))
    found = painted(units, days, today=today)
    return _summed((each.on_days(inside[park_of[unit]]) for unit, each in found), len(days))


def _summed(units: Iterable[Painted], number: int) -> list[Balance]:
    """The balances of units on a number of days."""
    moves: list[dict[str, list[Any]]] = [defaultdict(lambda: [NOTHING, 0]) for _day in range(number)]
    for painted_unit in units:
        last: tuple[str | None, Decimal | None] = (None, None)
        for index, now in enumerate(zip(painted_unit.states, painted_unit.areas, strict=True)):
            if now != last:
                for (state, area), sign in ((last, -1), (now, 1)):
                    if state is not None:
                        moves[index][state][0] += sign * (area or NOTHING)
                        moves[index][state][1] += sign
                last = now
    return _running(moves)


def painted(units: QuerySet[Unit], days: Sequence[date], *, today: date) -> Iterator[tuple[int, Painted]]:
    """(unit id, the unit on `days` (ascending)). Three queries."""
    mine = units.order_by().values("pk")
    taken, facts = defaultdict(list), defaultdict(list)
    rows = Allocation.objects.touching(days).filter(unit__in=mine).order_by("starts_on", "pk")
    for unit_id, *spell in rows.values_list("unit_id", *PERIOD):
        taken[unit_id].append(tuple(spell))
    periods = UnitPeriod.objects.filter(unit__in=mine)
    for unit_id, *fact in periods.values_list("unit_id", *FACTS):
        facts[unit_id].append(tuple(fact))
    for unit_id, *life in units.order_by().values_list("pk", *LIFE):
        yield unit_id, _painted(days, facts[unit_id], tuple(life), taken.get(unit_id, ()), today)


def _running(moves: Iterable[Mapping[str, Sequence[Any]]]) -> list[Balance]:
    """The balances that moves of (area, units) between states add up to, day after day."""
    result, areas, units = [], dict.fromkeys(STATES, NOTHING), dict.fromkeys(STATES, 0)
    for of_day in moves:
        areas, units = dict(areas), dict(units)
        for state, (area, number) in of_day.items():
            areas[state] += area
            units[state] += number
        result.append(Balance(areas, units))
    return result


def days_of(unit: Unit, days: Sequence[date], *, today: date) -> list[str | None]:
    """The state of one unit on each of `days` (ascending), None outside its life. Three queries."""
    ((_unit, found),) = painted(Unit.objects.filter(pk=unit.pk), days, today=today)
    return found.states


def _painted(
    days: Sequence[date], facts: Iterable[Period], life: Period, taken: Iterable[Period], today: date
) -> Painted:
    """One unit on each day; later rules override earlier ones, holdover last."""
    opens_on, closes_on, closed_on, *ready = life
    ready_on = ready_from(*ready)
    ends = min((day for day in (closes_on, closed_on) if day is not None), default=None)
    alive = _span(days, opens_on, ends)
    usable = range(0) if ready_on is None else _span(days, max(opens_on, ready_on), ends)
    states: list[str | None] = [None] * len(days)
    areas: list[Decimal | None] = [None] * len(days)
    for since, until, use, area in facts:
        on_ready = UnitState.VACANT if use in LETTABLE_USES else UnitState.COMMON
        for index in _common(alive, _span(days, since, until)):
            areas[index] = area
            states[index] = UnitState.UNKNOWN if area is None else on_ready if index in usable else UnitState.UNBUILT
    let = {index for index in usable if states[index] == UnitState.VACANT}
    spells = [spell for row in taken for spell in _spells(*row)] if let else []
    for state, since, until in spells + [spell for row in taken for spell in _holdovers(*row, today=today)]:
        for index in _span(days, since, until):
            if index in let:
                states[index] = state
    return Painted(states, areas)


def _common(one: range, other: range) -> range:
    return range(max(one.start, other.start), min(one.stop, other.stop))


def _span(days: Sequence[date], since: date, until: date | None) -> range:
    return range(bisect_left(days, since), len(days) if until is None else bisect_left(days, until))


def _spells(purpose: str, starts_on: date, ends_on: date | None, *milestones: date | None) -> list[Period]:
    """The states that one allocation gives its unit, as (state, since, until); later ones override earlier ones."""
    held_until, signed_on, moved_in_on, _handed_back_on = milestones
    if purpose == Purpose.OFFLINE:
        return [(UnitState.OFFLINE, starts_on, ends_on)]
    if signed_on is None:
        until = held_until if ends_on is None or (held_until and held_until < ends_on) else ends_on
        return [(UnitState.RESERVED, starts_on, until)]
    spells = [(UnitState.RESERVED, starts_on, ends_on), (UnitState.COMMITTED, max(starts_on, signed_on), ends_on)]
    return spells + ([(UnitState.OCCUPIED, moved_in_on, ends_on)] if moved_in_on else [])


def _holdovers(
    _purpose: str, _starts_on: date, ends_on: date | None, *milestones: date | None, today: date
) -> list[Period]:
    """The holdover of one allocation as (state, since, until), at most up to today: holdover is never forecast."""
    _held_until, _signed_on, moved_in_on, handed_back_on = milestones
    late = overstay(moved_in_on, ends_on, handed_back_on)
    if late is None:
        return []
    (since, until), tomorrow = late, day_after(today)
    return [(UnitState.HOLDOVER, since, min(until or tomorrow, tomorrow))]
