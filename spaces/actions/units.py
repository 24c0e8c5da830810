"""Add, change, retire, split and merge units. Area is conserved, or its loss is recorded with a reason.

All raise ValidationError with the rule's code: floor_area, taken, closed, area, reason, mixed, code.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from spaces import changes
from spaces.actions import adjacency, day_bounds
from spaces.actions.allocations import clear_lapsed
from spaces.actions.locks import lock_floors, lock_units
from spaces.actions.retry import atomic_with_retry
from spaces.actions.writing import change, check, create, refusal, written
from spaces.changes.versions import Seen, as_seen
from spaces.models import Allocation, Floor, Unit, User
from spaces.states import LETTABLE_USES, Purpose
from spaces.values import lifetimes

SEVERAL = 2  # parts of a split, or units of a merger, at least


@atomic_with_retry
def add(unit: Unit, *, by: User | None, why: str = "") -> None:
    (floor,) = lock_floors([unit.floor_id])
    create(unit, "create", by=by, why=why)
    check_floor(floor, on=unit.opens_on, why=why)


@atomic_with_retry
def add_many(units: Sequence[Unit], *, by: User | None, why: str = "") -> None:
    """Add many units in a few statements, all or none, each with its Change row."""
    floors = lock_floors(unit.floor_id for unit in units)
    for unit in units:
        check(unit)
    with written(*units, validate_unique=False):  # no message here for a code that another writer has just taken
        Unit.objects.bulk_create(units, batch_size=500)
    changes.record_many(units, "create", by=by, why=why)
    for floor in floors:
        first = min(unit.opens_on for unit in units if unit.floor_id == floor.pk)
        check_floor(floor, on=first, why=why)


@atomic_with_retry
def update(unit: Unit, *, by: User | None, on: date, why: str = "", seen: Seen | None = None, **facts: Any) -> None:
    """Change facts of a unit. Another area, use or first day changes past figures, so it needs a reason."""
    (floor,) = lock_floors([unit.floor_id])
    (row,) = lock_units([unit.pk])
    facts = as_seen(row, seen, facts)
    if facts.get("code", row.code) != row.code:
        raise refusal("code", _("A code can't be changed: people have written it down."), "code")
    telling = [
        name
        for name in ("usable_area", "use", "opens_on")
        if facts.get(name, getattr(row, name)) != getattr(row, name)
    ]
    if any(getattr(row, name) is not None for name in telling) and not why.strip():
        raise refusal("why", _("A new area, use or first day changes past figures: give a reason."), "reason")
    before = row.usable_area, row.opens_on, row.closes_on
    if any(facts.get(name, getattr(row, name)) != getattr(row, name) for name in ("use", "opens_on", "closes_on")):
        clear_lapsed([row], by=by, on=on)
    opens_on, closes_on = facts.get("opens_on", row.opens_on), facts.get("closes_on", row.closes_on)
    if (opens_on, closes_on) != (row.opens_on, row.closes_on) and opens_on:
        lifetimes.check_unit(row.allocations.all(), opens_on=opens_on, closes_on=closes_on)
    if row.use in LETTABLE_USES and facts.get("use", row.use) not in LETTABLE_USES:
        _not_let(row, on)
    change(row, "change", by=by, why=why, **facts)
    if before != (row.usable_area, row.opens_on, row.closes_on):
        check_floor(floor, on=row.opens_on, why=why)
    unit.refresh_from_db()


@atomic_with_retry
def retire(unit: Unit, *, closes_on: date, by: User | None, why: str, on: date) -> Unit:
    """End a unit before `closes_on`. Refused (`taken`) while an allocation continues or lies ahead."""
    (row,) = lock_units([unit.pk])
    _close([row], closes_on, verb="retire", by=by, why=why, on=on)
    return row


@atomic_with_retry
def split(
    unit: Unit, parts: Sequence[Unit], *, splits_on: date, by: User | None, why: str = "", on: date
) -> list[Unit]:
    """Split a unit on `splits_on`; the parts inherit its floor and have it as predecessor."""
    if len(parts) < SEVERAL:
        raise refusal("parts", _("A split needs two parts or more."), "area")
    return _reconfigure([unit], parts, splits_on, verb="split", by=by, why=why, on=on)


@atomic_with_retry
def merge(units: Sequence[Unit], whole: Unit, *, merges_on: date, by: User | None, why: str = "", on: date) -> Unit:
    """Merge several units of one floor on `merges_on`."""
    if len(units) < SEVERAL:
        raise refusal("units", _("A merger needs two units or more."), "area")
    (made,) = _reconfigure(units, [whole], merges_on, verb="merge", by=by, why=why, on=on)
    adjacency.carry_over(units, made, by=by)
    return made


def check_floor(floor: Floor, *, on: date, why: str) -> None:
    """Check that the units of a floor fit into its registered area from a day on, unless a reason is given."""
    if floor.usable_area is None or why.strip():
        return
    units = list(floor.units.filter(Q(closes_on=None) | Q(closes_on__gt=on), usable_area__isnull=False))
    rises = {on} | {unit.opens_on for unit in units if unit.opens_on > on}
    total = max(_area_on(day, units) for day in rises)
    if total > floor.usable_area:
        message = _(
            "The units of floor %(floor)s would sum to %(total)s m², its registered area is %(area)s m². "
            "Correct the area, or give a reason."
        ) % {"floor": floor.label, "total": total, "area": floor.usable_area}
        raise refusal("usable_area", message, "floor_area")


def _area_on(day: date, units: Iterable[Unit]) -> Decimal:
    alive = (unit for unit in units if unit.opens_on <= day and (unit.closes_on is None or day < unit.closes_on))
    return sum((unit.usable_area or Decimal(0) for unit in alive), Decimal(0))


def _not_let(unit: Unit, on: date) -> None:
    """Check that no tenancy covers the day or lies ahead: a unit that is not let has no tenant."""
    mine = unit.allocations.filter(purpose=Purpose.TENANCY)
    lifetimes.refuse_taken(mine.filter(lifetimes.running_after(on) | Q(pk__in=mine.overstaying(on).values("pk"))))


def _reconfigure(
    old: Sequence[Unit], new: Sequence[Unit], day: date, *, verb: str, by: User | None, why: str, on: date
) -> list[Unit]:
    if len({unit.floor_id for unit in old}) != 1:
        raise refusal("units", _("Only units of one floor can be split or merged."), "mixed")
    lock_floors([old[0].floor_id])
    locked = lock_units(unit.pk for unit in old)
    _conserved(locked, new, why)
    _close(locked, day, verb=verb, by=by, why=why, on=on)
    for unit in new:
        unit.floor_id = locked[0].floor_id
        unit.opens_on = day
        check(unit)
        with written(unit):
            unit.save(force_insert=True)
        unit.predecessors.set(locked)
        changes.record(unit, verb, by=by, why=why)
    return list(new)


def _conserved(old: Iterable[Unit], new: Iterable[Unit], why: str) -> None:
    before, after = (sum((unit.usable_area or Decimal(0) for unit in units), Decimal(0)) for units in (old, new))
    lost = before - after
    if lost and not why.strip():
        message = _("Area before and after differs by %(lost)s m². Correct the areas, or give a reason.") % {
            "lost": lost
        }
        raise refusal("usable_area", message, "area")


def _close(units: Sequence[Unit], day: date, *, verb: str, by: User | None, why: str, on: date) -> None:
    day_bounds.not_beyond(day, day_bounds.years_from(on, day_bounds.FURTHEST_START), "closes_on", exclusive=True)
    clear_lapsed(units, by=by, on=on)
    taken = Allocation.objects.filter(unit__in=units)
    late = Q(moved_in_on__isnull=False, handed_back_on=None) | Q(handed_back_on__gt=day)
    lifetimes.refuse_taken(taken.filter(lifetimes.running_after(day) | late))
    for unit in units:
        if unit.closes_on:
            raise refusal("units", _("%(unit)s is closed already.") % {"unit": unit}, "closed")
        change(unit, verb, by=by, why=why, closes_on=day)
