"""Write allocations. Each action locks the units, clears lapsed holds, checks, writes and records.

`on` is the day of the act; events after it are refused. All raise ValidationError with the rule's code:
unit_overlap, outside_life, not_lettable, lapsed, not_ready, not_handed_back, future, state, reason.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from spaces import changes
from spaces.actions import corrections, day_bounds
from spaces.actions.locks import lock_units
from spaces.actions.overlaps import days_named
from spaces.actions.ready_units import ReadyUnit, lock_ready
from spaces.actions.retry import atomic_with_retry
from spaces.actions.writing import (
    change,
    check,
    create,
    refusal,
    remove,
    written,
)
from spaces.changes.versions import Seen, as_seen
from spaces.models import Allocation, Unit, User
from spaces.states import LETTABLE_USES, Purpose
from spaces.values import lifetimes
from spaces.values.days import last_day
from spaces.values.periods import Period

CORRECTABLE = ("starts_on", "ends_on", "held_until", *corrections.HAPPENED, "reason")


@atomic_with_retry
def hold(
    units: Iterable[Unit],
    *,
    starts_on: date,
    ends_on: date,
    held_until: date,
    by: User | None,
    on: date,
    why: str = "",
    seen: Seen | None = None,
) -> list[Allocation]:
    """Hold units for a period. The hold counts before `held_until` and lapses without an act.

    `seen`: the version of the units that a page showed, where one is chosen on its own page.
    """
    if held_until <= on:
        raise refusal("held_until", _("A hold runs to %(day)s at least.") % {"day": on}, "lapsed")
    taken = [
        _take(ready, Purpose.TENANCY, starts_on, ends_on, by=by, verb="hold", why=why, held_until=held_until)
        for ready in lock_ready(units, by=by, on=on, seen=seen)
    ]
    day_bounds.check_period(starts_on, ends_on, on=on)
    day_bounds.not_beyond(held_until, day_bounds.years_from(on, day_bounds.LONGEST_HOLD), "held_until", exclusive=True)
    return taken


@atomic_with_retry
def extend(allocation: Allocation, *, held_until: date, by: User | None, on: date) -> Allocation:
    """Let a hold that still counts lapse later. Raises ValidationError `state` or `lapsed`."""
    row = _locked(allocation)
    if row.held_until is None:
        raise refusal("held_until", _("Only a hold can be extended."), "state")
    if row.held_until <= on:
        raise refusal(
            "held_until", _("The hold ran out at the end of %(day)s.") % {"day": last_day(row.held_until)}, "lapsed"
        )
    day_bounds.not_beyond(held_until, day_bounds.years_from(on, day_bounds.LONGEST_HOLD), "held_until", exclusive=True)
    change(row, "extend", by=by, held_until=max(row.held_until, held_until))
    return row


@atomic_with_retry
def place_many(rows: Sequence[Allocation], *, by: User | None, on: date, why: str = "") -> None:
    """Write tenancies with the milestones they have reached by `on`: all or none, each with its Change row.

    For past tenancies, in a few statements. The rules are those of hold, sign, move_in and hand_back.
    """
    units = {ready.unit.pk: ready for ready in lock_ready([row.unit for row in rows], by=by, on=on, seen=None)}
    for row in rows:
        row.unit = units[row.unit_id].unit
        _reached(row, on)
    known = [row for ready in units.values() for row in ready.taken]
    in_order = sorted([*known, *rows], key=lambda row: (row.unit_id, row.starts_on))
    for _unit, taken in groupby(in_order, key=lambda row: row.unit_id):
        _one_after_another(taken)
    with written(*rows):
        Allocation.objects.bulk_create(rows, batch_size=500)
    changes.record_many(rows, "create", by=by, why=why)


@atomic_with_retry
def take_offline(
    unit: Unit,
    *,
    starts_on: date,
    ends_on: date | None,
    reason: str,
    by: User | None,
    on: date,
    seen: Seen | None = None,
) -> Allocation:
    """Take a unit out of service for a period, or until further notice. `seen`: as for `hold`."""
    if not reason.strip():
        raise refusal("reason", _("Say why the unit is out of service."), "reason")
    (ready,) = lock_ready([unit], by=by, on=on, seen=seen)
    taken = _take(ready, Purpose.OFFLINE, starts_on, ends_on, by=by, verb="take_offline", reason=reason)
    day_bounds.check_period(starts_on, ends_on, on=on)
    return taken


@atomic_with_retry
def sign(allocation: Allocation, *, signed_on: date, by: User | None, on: date) -> Allocation:
    """Turn a hold into a signed tenancy: committed from `signed_on`."""
    row = _locked(allocation)
    if row.purpose != Purpose.TENANCY or row.signed_on:
        raise refusal("signed_on", _("Only a hold can be signed."), "state")
    if row.held_until and row.held_until <= on:
        raise refusal(
            "signed_on", _("The hold ran out at the end of %(day)s.") % {"day": last_day(row.held_until)}, "lapsed"
        )
    day_bounds.not_after(signed_on, on, "signed_on")
    day_bounds.not_before(signed_on, day_bounds.years_from(row.starts_on, -day_bounds.EARLIEST_SIGNATURE), "signed_on")
    _lettable(row.unit, row.starts_on, row.ends_on)
    change(row, "sign", by=by, signed_on=signed_on, held_until=None)
    return row


@atomic_with_retry
def move_in(allocation: Allocation, *, moved_in_on: date, by: User | None, on: date) -> Allocation:
    """Record the move-in: occupied from `moved_in_on`."""
    row = _locked(allocation)
    if not row.signed_on or row.moved_in_on:
        raise refusal("moved_in_on", _("Only a signed tenancy that has not begun can be moved into."), "state")
    day_bounds.not_after(moved_in_on, on, "moved_in_on")
    _lettable(row.unit, row.starts_on, row.ends_on)
    lifetimes.check_ready(row.unit, moved_in_on)
    earlier = row.unit.allocations.filter(moved_in_on__isnull=False, starts_on__lt=row.starts_on)
    if earlier.exclude(handed_back_on__lte=moved_in_on).exists():
        raise _not_handed_back()
    change(row, "move_in", by=by, moved_in_on=moved_in_on)
    return row


@atomic_with_retry
def hand_back(allocation: Allocation, *, handed_back_on: date, by: User | None, on: date, why: str = "") -> Allocation:
    """Record the hand-back. Early: the period ends that day. Late: the days since its end are recorded as holdover."""
    row = _locked(allocation)
    if not row.moved_in_on or row.handed_back_on:
        raise refusal(
            "handed_back_on", _("Only a tenant who has moved in can hand back the unit, and only once."), "state"
        )
    day_bounds.not_after(handed_back_on, on, "handed_back_on")
    if handed_back_on <= row.moved_in_on:
        raise refusal("handed_back_on", _("Hand-back must be after the day of moving in."), "order")
    ends_on = min(row.ends_on or handed_back_on, handed_back_on)
    change(row, "hand_back", by=by, why=why, handed_back_on=handed_back_on, ends_on=ends_on)
    return row


@atomic_with_retry
def end_early(
    allocation: Allocation, *, ends_on: date, by: User | None, why: str, on: date | None = None
) -> Allocation | None:
    """End an allocation without a move-in: hold, signed tenancy or out of service. None if no day of it is left.

    `on`: given if a user entered the end; one before the period began and before today is refused (`early`).
    """
    if not why.strip():
        raise refusal("why", _("Say why it ends early."), "reason")
    row = _locked(allocation)
    if row.moved_in_on:
        raise refusal("ends_on", _("The tenant has moved in: record the hand-back instead."), "state")
    if row.ends_on and ends_on > row.ends_on:
        raise refusal("ends_on", _("It ends on %(day)s already.") % {"day": last_day(row.ends_on)}, "order")
    if on is not None:
        day_bounds.not_before(ends_on, min(row.starts_on, on), "ends_on", exclusive=True)
        day_bounds.not_beyond(
            ends_on, day_bounds.years_from(on, day_bounds.LONGEST_TENANCY), "ends_on", exclusive=True
        )
    if ends_on <= row.starts_on:
        remove(row, "end_early", by=by, why=why)
        return None
    change(row, "end_early", by=by, why=why, ends_on=ends_on)
    return row


@atomic_with_retry
def correct(
    allocation: Allocation, *, by: User | None, why: str, on: date, seen: Seen | None = None, **facts: Any
) -> Allocation:
    """Correct days or the reason of an allocation. It changes past figures, so it needs a reason of its own.

    No step is added or removed: hold, signature, move-in and hand-back have their own acts. Allocations of a contract
    are corrected by tenants.actions.tenancies.
    """
    if not why.strip():
        raise refusal("why", _("A correction needs a reason."), "reason")
    row = _locked(allocation)
    facts = as_seen(row, seen, facts)
    before = {name: getattr(row, name) for name in CORRECTABLE}
    changed = {name: value for name, value in facts.items() if value != before[name]}
    corrections.same_steps(before, changed, on)
    if row.purpose == Purpose.OFFLINE and not changed.get("reason", row.reason).strip():
        raise refusal("reason", _("Say why the unit is out of service."), "reason")
    with days_named(row, by):
        change(row, "correct", by=by, why=why, **changed)
    corrections.in_order(row, changed)
    _one_after_another(row.unit.allocations.order_by("starts_on"))
    return row


def _locked(allocation: Allocation) -> Allocation:
    (unit,) = lock_units([allocation.unit_id])
    row = Allocation.objects.filter(pk=allocation.pk).first()  # pk is unique: no order needed
    if row is None:
        raise refusal("__all__", _("Someone else has just removed this allocation."), "stale")
    row.unit = unit
    return row


def _take(
    ready: ReadyUnit,
    purpose: Purpose,
    starts_on: date,
    ends_on: date | None,
    *,
    by: User | None,
    verb: str,
    why: str = "",
    **facts: Any,
) -> Allocation:
    if purpose == Purpose.TENANCY:
        _lettable(ready.unit, starts_on, ends_on)
    lifetimes.check_period(ready.unit, starts_on, ends_on)
    row = Allocation(unit=ready.unit, purpose=purpose, starts_on=starts_on, ends_on=ends_on, **facts)
    with days_named(row, by):
        create(row, verb, by=by, why=why, beside=ready.taken)
    return row


def _reached(row: Allocation, on: date) -> None:
    """Check one tenancy on a day: its columns, its unit's life, and no milestone in the future."""
    check(row)
    if row.purpose != Purpose.TENANCY:
        raise refusal("purpose", _("Only tenancies can be placed."), "state")
    _lettable(row.unit, row.starts_on, row.ends_on)
    lifetimes.check_period(row.unit, row.starts_on, row.ends_on)
    for field in corrections.HAPPENED:
        day_bounds.not_after(getattr(row, field) or on, on, field)
    if row.moved_in_on:
        lifetimes.check_ready(row.unit, row.moved_in_on)
    if row.held_until and row.held_until <= on:
        raise refusal("held_until", _("A hold runs to %(day)s at least.") % {"day": on}, "lapsed")


def _one_after_another(taken: Iterable[Allocation]) -> None:
    """Check the periods of one unit: none overlaps, and no move-in before the last tenant's hand-back."""
    free_from, keys_from = date.min, date.min
    for row in taken:
        if row.starts_on < free_from:
            message = _("%(unit)s is already taken on %(day)s.") % {"unit": row.unit, "day": row.starts_on}
            raise refusal("starts_on", message, "unit_overlap")
        free_from = row.ends_on or date.max
        if row.moved_in_on:
            if row.moved_in_on < keys_from:
                raise _not_handed_back()
            keys_from = row.handed_back_on or date.max


def _lettable(unit: Unit, starts_on: date, ends_on: date | None) -> None:
    """Check that the use of a unit is one to let on every day of a period."""
    wanted = Period(starts_on, ends_on)
    if any(row.use not in LETTABLE_USES and row.period.overlaps(wanted) for row in unit.periods.all()):
        raise refusal("unit", _("%(unit)s is not let: its use is common.") % {"unit": unit}, "not_lettable")


def _not_handed_back() -> ValidationError:
    return refusal("moved_in_on", _("The tenant before has not handed the unit back."), "not_handed_back")
