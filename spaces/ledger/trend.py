"""States of units over many days and their balances: days ascending, two queries, one pass."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from spaces.ledger.balances import NOTHING, STATES, Balance
from spaces.models import Allocation, Unit
from spaces.states import LETTABLE_USES, Purpose, UnitState
from spaces.values.days import day_after
from spaces.values.lifetimes import overstay, ready_from

LIFE = (
    "use", "opens_on", "closes_on", "floor__building__closed_on", "floor__building__ready_on",
    "floor__building__park__opened_on",
)  # fmt: skip
PERIOD = ("purpose", "starts_on", "ends_on", "held_until", "signed_on", "moved_in_on", "handed_back_on")
type Period = tuple[Any, ...]


def trend(units: QuerySet[Unit], days: Sequence[date], *, today: date) -> list[Balance]:
    """The balance on each of `days` (ascending). Two queries and one pass, whatever the number of days."""
    moves: list[dict[str, list[Any]]] = [defaultdict(lambda: [NOTHING, 0]) for day in days]
    for _unit, area, states in painted(units, days, today=today):
        last = None
        for index, state in enumerate(states):
            if state != last:
                for moved, sign in ((last, -1), (state, 1)):
                    if moved is not None:
                        moves[index][moved][0] += sign * (area or NOTHING)
                        moves[index][moved][1] += sign
                last = state
    return _running(moves)


def painted(
    units: QuerySet[Unit], days: Sequence[date], *, today: date
) -> Iterator[tuple[int, Decimal | None, list[str | None]]]:
    """(unit id, its area, its state on each of `days` (ascending), None outside its life). Two queries."""
    taken: dict[int, list[Period]] = defaultdict(list)
    rows = Allocation.objects.touching(days).filter(unit__in=units.order_by().values("pk")).order_by("starts_on", "pk")
    for unit_id, *period in rows.values_list("unit_id", *PERIOD):
        taken[unit_id].append(tuple(period))
    for unit_id, area, *life in units.order_by().values_list("pk", "usable_area", *LIFE):
        yield unit_id, area, _painted(days, area, tuple(life), taken.get(unit_id, ()), today)


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
    """The state of one unit on each of `days` (ascending), None outside its life. Two queries."""
    taken = list(unit.allocations.order_by("starts_on", "pk").values_list(*PERIOD))
    (life,) = Unit.objects.filter(pk=unit.pk).values_list(*LIFE)
    return _painted(days, unit.usable_area, life, taken, today)


def _painted(
    days: Sequence[date], area: Decimal | None, life: Period, taken: Iterable[Period], today: date
) -> list[str | None]:
    """The state of one unit on each day, None outside its life; later rules override earlier ones, holdover last."""
    use, opens_on, closes_on, closed_on, *ready = life
    ready_on = ready_from(*ready)
    ends = min((day for day in (closes_on, closed_on) if day is not None), default=None)
    painted: list[str | None] = [None] * len(days)
    for index in _span(days, opens_on, ends):
        painted[index] = UnitState.UNKNOWN if area is None else UnitState.UNBUILT
    if area is None or ready_on is None:
        return painted
    usable = _span(days, max(opens_on, ready_on), ends)
    for index in usable:
        painted[index] = UnitState.VACANT if use in LETTABLE_USES else UnitState.COMMON
    if use in LETTABLE_USES:
        spells = [spell for row in taken for spell in _spells(*row)]
        for state, since, until in spells + [spell for row in taken for spell in _holdovers(*row, today=today)]:
            for index in _span(days, since, until):
                if index in usable:
                    painted[index] = state
    return painted


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
