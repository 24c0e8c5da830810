"""Add, change, retire, split and merge units. Area is conserved, or its loss is recorded with a reason.

All raise ValidationError with the rule's code: floor_area, taken, closed, area, reason, mixed, code.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from spaces import changes
from spaces.actions import adjacency, dated_facts, day_bounds, lapsed_holds, unit_facts
from spaces.actions.locks import lock_floors, lock_units
from spaces.actions.retry import atomic_with_retry
from spaces.actions.writing import change, check, create, refusal, written
from spaces.changes.versions import Seen, as_seen
from spaces.models import Allocation, Floor, Unit, UnitPeriod, User
from spaces.models.dated_facts import UNIT_FACTS
from spaces.values import lifetimes
from spaces.values.periods import Validity

SEVERAL = 2  # parts of a split, or units of a merger, at least


@atomic_with_retry
def add(unit: Unit, *, by: User | None, why: str = "") -> None:
    (floor,) = lock_floors([unit.floor_id])
    create(unit, "create", by=by, why=why)
    dated_facts.record_first([unit], "create", by=by, why=why)
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
    dated_facts.record_first(units, "create", by=by, why=why)
    for floor in floors:
        first = min(unit.opens_on for unit in units if unit.floor_id == floor.pk)
        check_floor(floor, on=first, why=why)


@atomic_with_retry
def update(
    unit: Unit,
    *,
    by: User | None,
    on: date,
    why: str = "",
    seen: Seen | None = None,
    validity: Validity | None = None,
    **facts: Any,
) -> None:
    """Change facts of a unit; use and areas for the days of `validity`, from `on` on where it is None.

    Another use, area or first day moves figures, so it needs a reason.
    """
    (floor,) = lock_floors([unit.floor_id])
    (row,) = lock_units([unit.pk])
    validity = validity or Validity.from_day(on)
    unit_facts.check_days(row, validity, on=on)
    own = as_seen(row, seen, {name: value for name, value in facts.items() if name not in UNIT_FACTS})
    asked = {name: value for name, value in facts.items() if name in UNIT_FACTS}
    dated = dated_facts.differing(row, asked, validity, seen=seen) if asked else {}
    if own.get("code", row.code) != row.code:
        raise refusal("code", _("A code can't be changed: people have written it down."), "code")
    if own.get("opens_on", row.opens_on) != row.opens_on and not why.strip():
        raise refusal("why", _("Another first day moves figures: give a reason."), "reason")
    before = row.opens_on, row.closes_on
    after = own.get("opens_on", row.opens_on), own.get("closes_on", row.closes_on)
    if after != before or "use" in dated:
        lapsed_holds.clear_all([row], by=by, on=on)
    if after != before and after[0]:
        lifetimes.check_unit(row.allocations.all(), opens_on=after[0], closes_on=after[1])
    if dated:
        unit_facts.write(row, dated, validity, by=by, why=why, on=on)
    change(row, "change", by=by, why=why, **own)
    if after != before or "usable_area" in dated:
        check_floor(floor, on=row.opens_on, why=why)
    unit.refresh_from_db()


def differing(unit: Unit, facts: Mapping[str, Any], validity: Validity) -> dict[str, Any]:
    """The facts that differ from the record; use and areas: on any day of the validity. One query, or prefetched."""
    dated = {name: value for name, value in facts.items() if name in UNIT_FACTS}
    own = {name: value for name, value in facts.items() if name not in dated and getattr(unit, name) != value}
    return own | dated_facts.differing(unit, dated, validity, seen=None)


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
    rows = UnitPeriod.objects.filter(unit__floor=floor, usable_area__isnull=False).select_related("unit")
    periods = [row for row in rows if row.unit.closes_on is None or row.unit.closes_on > on]
    starts = {max(row.unit.opens_on, row.starts_on) for row in periods}
    total = max(_area_on(day, periods) for day in {on} | {day for day in starts if day > on})
    if total > floor.usable_area:
        message = _(
            "The units of floor %(floor)s would sum to %(total)s m², its registered area is %(area)s m². "
            "Correct the area, or give a reason."
        ) % {"floor": floor.label, "total": total, "area": floor.usable_area}
        raise refusal("usable_area", message, "floor_area")


def _area_on(day: date, periods: Iterable[UnitPeriod]) -> Decimal:
    there = (row for row in periods if row.period.covers(day) and row.unit.life.covers(day))
    return sum((row.usable_area or Decimal(0) for row in there), Decimal(0))


def _reconfigure(
    old: Sequence[Unit], new: Sequence[Unit], day: date, *, verb: str, by: User | None, why: str, on: date
) -> list[Unit]:
    if len({unit.floor_id for unit in old}) != 1:
        raise refusal("units", _("Only units of one floor can be split or merged."), "mixed")
    lock_floors([old[0].floor_id])
    locked = lock_units(unit.pk for unit in old)
    _no_change_ahead(locked, day)
    _conserved(locked, new, on=day, why=why)
    _close(locked, day, verb=verb, by=by, why=why, on=on)
    for unit in new:
        unit.floor_id = locked[0].floor_id
        unit.opens_on = day
        check(unit)
        with written(unit):
            unit.save(force_insert=True)
        unit.predecessors.set(locked)
        changes.record(unit, verb, by=by, why=why)
        dated_facts.record_first([unit], verb, by=by, why=why)
    return list(new)


def _no_change_ahead(units: Iterable[Unit], day: date) -> None:
    """Check that no other use or area is recorded from a later day on: nobody could say which part it is about."""
    for unit in units:
        later = [row.starts_on for row in unit.periods.all() if row.starts_on > day]
        if later:
            message = _("From %(day)s on another use or area of %(unit)s is recorded. Take that back first.")
            raise refusal("units", message % {"unit": unit, "day": min(later)}, "facts_ahead")


def _conserved(old: Iterable[Unit], new: Iterable[Unit], *, on: date, why: str) -> None:
    """Check that the areas of the old units on the day are those of the new ones, unless a reason is given."""
    before = sum((unit.facts_of(on).usable_area or Decimal(0) for unit in old), Decimal(0))
    lost = before - sum((unit.usable_area or Decimal(0) for unit in new), Decimal(0))
    if lost and not why.strip():
        message = _("Area before and after differs by %(lost)s m². Correct the areas, or give a reason.") % {
            "lost": lost
        }
        raise refusal("usable_area", message, "area")


def _close(units: Sequence[Unit], day: date, *, verb: str, by: User | None, why: str, on: date) -> None:
    day_bounds.not_beyond(day, day_bounds.years_from(on, day_bounds.FURTHEST_START), "closes_on", exclusive=True)
    lapsed_holds.clear_all(units, by=by, on=on)
    taken = Allocation.objects.filter(unit__in=units)
    late = Q(moved_in_on__isnull=False, handed_back_on=None) | Q(handed_back_on__gt=day)
    lifetimes.refuse_taken(taken.filter(lifetimes.running_after(day) | late))
    for unit in units:
        if unit.closes_on:
            raise refusal("units", _("%(unit)s is closed already.") % {"unit": unit}, "closed")
        change(unit, verb, by=by, why=why, closes_on=day)
