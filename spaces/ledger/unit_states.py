"""The state of a unit on a day, as an SQL expression and as a Python function that agree.

`on` is the day asked about, `today` the day of asking. Rules: docs/definitions.md.
"""

from datetime import date

from django.db.models import Case, CharField, FilteredRelation, Q, QuerySet, Value, When
from django.db.models.expressions import Exists, OuterRef

from spaces.models import Allocation, Building, Unit
from spaces.models.dated_facts import covering
from spaces.states import LETTABLE_USES, Purpose, Stage, UnitState
from spaces.values.lifetimes import closes_on, not_ready, ready_from
from spaces.values.periods import Period


def with_state(units: QuerySet[Unit], *, on: date, today: date) -> QuerySet[Unit]:
    """Units that exist on the day, each with `state`, `promise` and the use and areas of the day.

    `promise` is what its allocation of the day amounts to (occupied, committed, reserved, offline, or vacant where
    there is none) even while the building is not ready. One row a unit: the database refuses a second allocation.
    """
    covered = units.with_facts(on).existing(on).annotate(now=_covering(on))  # type: ignore[attr-defined]
    promise = Case(*_while_covered(on), default=Value(UnitState.VACANT.value), output_field=CharField())
    return covered.annotate(state=state_on(on, today=today), promise=promise)


def state_on(on: date, *, today: date) -> Case:
    """The state of a unit with the facts of the day as SQL; `state_of` is the same rule in Python: a test compares."""
    whens = [
        When(usable_area=None, then=Value(UnitState.UNKNOWN.value)),
        When(not_ready("floor__building__", on), then=Value(UnitState.UNBUILT.value)),
        When(~Q(use__in=LETTABLE_USES), then=Value(UnitState.COMMON.value)),
    ]
    if on <= today:
        # EXISTS, and not IN: for one building SQLite would read the late rows of the whole province.
        late = Allocation.objects.overstaying(on).filter(unit=OuterRef("pk"))
        whens.append(When(Exists(late), then=Value(UnitState.HOLDOVER.value)))
    return Case(*whens, *_while_covered(on), default=Value(UnitState.VACANT.value), output_field=CharField())


def state_of(unit: Unit, *, on: date, today: date) -> UnitState | None:
    """The state of a unit on a day in Python, None outside its life: the test oracle of `state_on`."""
    if not Period(unit.opens_on, closes_on(unit)).covers(on):
        return None
    facts = unit.facts_of(on)
    if facts.usable_area is None:
        return UnitState.UNKNOWN
    if not is_ready(unit.floor.building, on=on):
        return UnitState.UNBUILT
    if facts.use not in LETTABLE_USES:
        return UnitState.COMMON
    rows = list(unit.allocations.all())
    if on <= today and any(row.overstays(on) for row in rows):
        return UnitState.HOLDOVER
    covering = [row for row in rows if row.starts_on <= on and (row.ends_on is None or on < row.ends_on)]
    return _state_while(covering[0], on) if covering else UnitState.VACANT


def _covering(on: date) -> FilteredRelation:
    return FilteredRelation("allocations", condition=covering(on, "allocations__"))


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
    """The last milestone that a building has reached on a day."""
    reached = (
        (Stage.CLOSED, building.closed_on),
        (Stage.READY, building.ready_on),
        (Stage.FITOUT, building.fitout_on),
        (Stage.CONSTRUCTION, building.construction_on),
    )
    return next((stage for stage, day in reached if day is not None and day <= on), Stage.PLANNED)
