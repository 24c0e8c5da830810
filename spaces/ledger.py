"""The ledger: the only place that turns allocations into areas, for any day.

`on` is the day asked about, `today` the day it is asked: holdover is a fact of the past and present, never a forecast.
Rules and formulas: docs/definitions.md. Areas are Decimals in m2 with two places; every total is a sum of units.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Count, F, FilteredRelation, Q, QuerySet, Sum, Value, When
from django.db.models.expressions import Exists, OuterRef

from spaces.balances import NOTHING, STATES, Balance, ratio, total
from spaces.days import day_after
from spaces.lives import not_ready, ready_from
from spaces.models import Allocation, Building, Unit
from spaces.states import LETTABLE, Purpose, Stage, UnitState

# What a total can be grouped by -> where it stands, seen from a unit.
LEVELS = {
    "ecosystem": "floor__building__park__ecosystem",
    "city": "floor__building__park__city",
    "kind": "floor__building__park__kind",
    "park": "floor__building__park",
    "building": "floor__building",
    "floor": "floor",
}


def with_state(units: QuerySet[Unit], *, on: date, today: date) -> QuerySet[Unit]:
    """Units that exist on the day, each with `state` and `promise`.

    `promise` is what its allocation of the day amounts to (occupied, committed, reserved, offline, or vacant where
    there is none) even while the building is not ready. One row a unit: the database refuses a second allocation.
    """
    covered = units.existing(on).annotate(now=_covering(on))  # type: ignore[attr-defined]
    promise = Case(*_while_covered(on), default=Value(UnitState.VACANT.value), output_field=CharField())
    return covered.annotate(state=state_on(on, today=today), promise=promise)


def state_on(on: date, *, today: date) -> Case:
    """The state of a unit as SQL; `state_of` says the same in Python and is tested against it."""
    whens = [
        When(usable_area=None, then=Value(UnitState.UNKNOWN.value)),
        When(not_ready("floor__building__", on), then=Value(UnitState.UNBUILT.value)),
        When(~Q(use__in=LETTABLE), then=Value(UnitState.COMMON.value)),
    ]
    if on <= today:
        # EXISTS, and not IN: for one building SQLite would read the late rows of the whole province.
        late = Allocation.objects.overstaying(on).filter(unit=OuterRef("pk"))
        whens.append(When(Exists(late), then=Value(UnitState.HOLDOVER.value)))
    return Case(*whens, *_while_covered(on), default=Value(UnitState.VACANT.value), output_field=CharField())


def state_of(unit: Unit, *, on: date, today: date) -> UnitState | None:
    """The state of a unit on a day in plain Python, None outside its life: the oracle of `state_on` (design.md 2)."""
    building = unit.floor.building
    alive = unit.opens_on <= on and (unit.closes_on is None or on < unit.closes_on)
    if not alive or (building.closed_on is not None and building.closed_on <= on):
        return None
    if unit.usable_area is None:
        return UnitState.UNKNOWN
    if not is_ready(building, on=on):
        return UnitState.UNBUILT
    if unit.use not in LETTABLE:
        return UnitState.COMMON
    rows = list(unit.allocations.all())
    if on <= today and any(row.overstays(on) for row in rows):
        return UnitState.HOLDOVER
    covering = [row for row in rows if row.starts_on <= on and (row.ends_on is None or on < row.ends_on)]
    return _state_while(covering[0], on) if covering else UnitState.VACANT


def balance(units: QuerySet[Unit], *, on: date, today: date) -> Balance:
    """The balance of all `units` together. One query."""
    return total(_balances(units, None, on=on, today=today).values())


def balances(units: QuerySet[Unit], by: str, *, on: date, today: date) -> dict[Any, Balance]:
    """A balance for each node of a level (a key of LEVELS): node's key -> Balance. One query; no empty nodes."""
    return _balances(units, LEVELS[by], on=on, today=today)


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
    told, areas, units = [], dict.fromkeys(STATES, NOTHING), dict.fromkeys(STATES, 0)
    for of_day in moves:
        areas, units = dict(areas), dict(units)
        for state, (area, number) in of_day.items():
            areas[state] += area
            units[state] += number
        told.append(Balance(areas, units))
    return told


def days_of(unit: Unit, days: Sequence[date], *, today: date) -> list[str | None]:
    """The state of one unit on each of `days` (ascending), None outside its life. Two queries."""
    taken = list(unit.allocations.order_by("starts_on", "pk").values_list(*PERIOD))
    (life,) = Unit.objects.filter(pk=unit.pk).values_list(*LIFE)
    return _painted(days, unit.usable_area, life, taken, today)


@dataclass(frozen=True, slots=True)
class Commitment:
    """What is already promised in a building that is not ready: areas in m2."""

    recorded: Decimal
    committed: Decimal
    reserved: Decimal
    occupied: Decimal

    @property
    def rate_committed(self) -> Decimal | None:
        return ratio(self.committed, self.recorded)

    @property
    def rate_occupied(self) -> Decimal | None:
        return ratio(self.occupied, self.recorded)


def commitments(units: QuerySet[Unit], *, on: date) -> dict[int, Commitment]:
    """Building id -> what is promised there, for buildings that are not ready on the day. One query.

    Beside the offered area, never in it (design.md 2, the pipeline).
    """
    waiting = units.filter(not_ready("floor__building__", on), use__in=LETTABLE)
    rows: QuerySet[Any] = with_state(waiting, on=on, today=on).order_by()
    promised: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: NOTHING))
    sums = rows.values("promise", building=F("floor__building")).annotate(area=Sum("usable_area"))
    for building, promise, area in sums.values_list("building", "promise", "area"):
        promised[building][promise] = area or NOTHING
    kept = (UnitState.COMMITTED, UnitState.RESERVED, UnitState.OCCUPIED)
    return {
        building: Commitment(sum(areas.values(), NOTHING), *(areas[state] for state in kept))
        for building, areas in promised.items()
    }


LIFE = (
    "use", "opens_on", "closes_on", "floor__building__closed_on", "floor__building__ready_on",
    "floor__building__park__opened_on",
)  # fmt: skip
PERIOD = ("purpose", "starts_on", "ends_on", "held_until", "signed_on", "moved_in_on", "handed_back_on")
type Period = tuple[Any, ...]


def _painted(
    days: Sequence[date], area: Decimal | None, life: Period, taken: Iterable[Period], today: date
) -> list[str | None]:
    """The state of one unit on each day, None outside its life: first its life, then its periods, overstays last."""
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
        painted[index] = UnitState.VACANT if use in LETTABLE else UnitState.COMMON
    if use in LETTABLE:
        spells = [spell for row in taken for spell in _spells(*row)]
        for state, since, until in spells + [_overstay(row, today) for row in taken if row[5] and row[2]]:
            for index in _span(days, since, until):
                if index in usable:
                    painted[index] = state
    return painted


def _span(days: Sequence[date], since: date, until: date | None) -> range:
    return range(bisect_left(days, since), len(days) if until is None else bisect_left(days, until))


def _spells(purpose: str, starts_on: date, ends_on: date | None, *milestones: date | None) -> list[Period]:
    """What one allocation makes of its unit, as (state, since, until); a later spell paints over an earlier one."""
    held_until, signed_on, moved_in_on, _handed_back_on = milestones
    if purpose == Purpose.OFFLINE:
        return [(UnitState.OFFLINE, starts_on, ends_on)]
    if signed_on is None:
        until = held_until if ends_on is None or (held_until and held_until < ends_on) else ends_on
        return [(UnitState.RESERVED, starts_on, until)]
    spells = [(UnitState.RESERVED, starts_on, ends_on), (UnitState.COMMITTED, max(starts_on, signed_on), ends_on)]
    return spells + ([(UnitState.OCCUPIED, moved_in_on, ends_on)] if moved_in_on else [])


def _overstay(row: Period, today: date) -> Period:
    _purpose, _starts_on, ends_on, _held_until, _signed_on, _moved_in_on, handed_back_on = row
    tomorrow = day_after(today)
    return (UnitState.HOLDOVER, ends_on, min(handed_back_on or tomorrow, tomorrow))


def _balances(units: QuerySet[Unit], path: str | None, *, on: date, today: date) -> dict[Any, Balance]:
    # An order would join the GROUP BY and split every sum.
    rows: QuerySet[Any] = with_state(units, on=on, today=today).order_by()
    node = F(path) if path else Value(0)
    counted = rows.values("state", node=node).annotate(area=Sum("usable_area"), number=Count("pk"))
    found: dict[Any, Balance] = {}
    for key, state, area, number in counted.values_list("node", "state", "area", "number"):
        if key not in found:
            found[key] = Balance(dict.fromkeys(STATES, NOTHING), dict.fromkeys(STATES, 0))
        found[key].areas[state] = NOTHING if area is None else area  # type: ignore[index]
        found[key].units[state] = number  # type: ignore[index]
    return found


def _covering(on: date) -> FilteredRelation:
    open_or_later = Q(allocations__ends_on=None) | Q(allocations__ends_on__gt=on)
    return FilteredRelation("allocations", condition=Q(allocations__starts_on__lte=on) & open_or_later)


def _while_covered(on: date) -> list[When]:
    held = Q(now__signed_on__gt=on) | Q(now__held_until__gt=on)
    return [
        When(now__purpose=Purpose.OFFLINE, then=Value(UnitState.OFFLINE.value)),
        When(now__moved_in_on__lte=on, then=Value(UnitState.OCCUPIED.value)),
        When(now__signed_on__lte=on, then=Value(UnitState.COMMITTED.value)),
        When(held, then=Value(UnitState.RESERVED.value)),
    ]


def _state_while(row: Allocation, on: date) -> UnitState:
    if row.purpose == Purpose.OFFLINE:
        return UnitState.OFFLINE
    if row.moved_in_on is not None and row.moved_in_on <= on:
        return UnitState.OCCUPIED
    if row.signed_on is not None:
        return UnitState.COMMITTED if row.signed_on <= on else UnitState.RESERVED
    return UnitState.RESERVED if row.held_until is not None and on < row.held_until else UnitState.VACANT


def is_ready(building: Building, *, on: date) -> bool:
    """Whether its units can be let and counted on the day: it is ready and its park is open."""
    ready_on = ready_from(building.ready_on, building.park.opened_on)
    return ready_on is not None and ready_on <= on


def stage_of(building: Building, *, on: date) -> Stage:
    """Where a building stands on a day: the last milestone reached."""
    reached = (
        (Stage.CLOSED, building.closed_on),
        (Stage.READY, building.ready_on),
        (Stage.FITOUT, building.fitout_on),
        (Stage.CONSTRUCTION, building.construction_on),
    )
    return next((stage for stage, day in reached if day is not None and day <= on), Stage.PLANNED)
