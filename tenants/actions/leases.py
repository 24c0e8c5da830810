"""Sign, shorten, renew, relocate and end leases. `on` is the day of the act.

All raise ValidationError by field or with the rule's code: those of spaces.actions.allocations, and move, stale,
reason, order, place.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from spaces import changes
from spaces.actions import allocations, writing
from spaces.actions.day_bounds import LONGEST_TENANCY, not_after, not_before, not_beyond, years_from
from spaces.actions.locks import lock_units
from spaces.actions.retry import atomic_with_retry
from spaces.actions.writing import refusal
from spaces.changes.versions import Seen, as_seen
from spaces.models import Allocation, Unit, User
from spaces.values import clock
from spaces.values.days import day_after
from tenants.actions import handovers
from tenants.actions.locked_rows import (
    CHANGED_OVER,
    change,
    lock,
    move,
    need_reason,
    next_number,
    next_numbers,
    not_now,
)
from tenants.actions.notices import notify
from tenants.actions.offers import withdraw_row
from tenants.models import Lease, LeaseLine, SpaceRequest
from tenants.models.leases import contracted_area
from tenants.notices import recipients
from tenants.states import EndReason, HandoverKind, LeaseIntent, LeaseState, RequestState


@atomic_with_retry
def sign(lease: Lease, *, signed_on: date, by: User, on: date) -> Lease:
    """Sign a draft: its units are committed, the move-in checklist opens. Refused (`lapsed`) if a hold has lapsed."""
    wanted = _lock_request(lease)
    row = lock(lease)
    move(row, LeaseState.SIGNED, verb="sign", by=by, signed_on=signed_on)
    lines = list(row.lines.order_by("unit"))
    lock_units(line.unit_id for line in lines)
    for line in lines:
        hold = Allocation.objects.filter(pk=line.allocation_id).first()
        if hold is None:
            raise refusal("signed_on", _("The hold of this lease lapsed. Make a new offer."), "lapsed")
        allocations.sign(hold, signed_on=signed_on, by=by, on=on)
    if wanted:
        move(wanted, RequestState.LEASED, verb="sign", by=by, due_on=None)
    handovers.open_checklist(row, HandoverKind.MOVE_IN, planned_on=max(on, row.starts_on), by=by)
    _notify(row, "lease_signed", starts_on=row.starts_on)
    return row


@atomic_with_retry
def discard(lease: Lease, *, by: User, why: str, on: date) -> Lease:
    """Drop a draft: its units become free, the request returns to the queue as admitted."""
    need_reason(why, "why", _("Say why the lease is not signed."))
    wanted = _lock_request(lease)
    if lease.offer is None:
        raise not_now(lease, _("Only a draft that came from an offer can be discarded."))
    offer = lock(lease.offer)
    row = lock(lease)
    if row.state != LeaseState.DRAFT:
        raise not_now(row, _("Only a draft can be discarded."))
    move(row, LeaseState.ENDED, verb="discard", by=by, why=why, ended_on=on, end_reason=EndReason.NOT_SIGNED)
    withdraw_row(offer, by=by, why=why, on=on)
    if wanted and wanted.state == RequestState.ACCEPTED:
        move(wanted, RequestState.ADMITTED, verb="reopen", by=by, why=why, due_on=None)
    _notify(row, "lease_discarded", message=why)
    return row


@atomic_with_retry
def ask(lease: Lease, *, intent: str, note: str, by: User, on: date, seen: Seen | None = None) -> Lease:
    """Record whether the company intends to renew or to leave. The park acts on it."""
    row = lock(lease)
    _signed(row)
    facts = as_seen(row, seen, {"intent": LeaseIntent(intent), "intent_note": note})
    change(row, "ask", by=by, why=note, intent_at=clock.now(), **facts)
    people = recipients.managers_of(row.park, on=on)
    facts = {"number": row.number, "company": row.company.name, "intent": intent}
    notify(people, "lease_intent", key=f"{row.number}:{row.version}", link=f"/leases/{row.number}/", **facts)
    return row


@atomic_with_retry
def give_notice(lease: Lease, *, ends_on: date, by: User, why: str, on: date) -> Lease:
    """Record notice: the contract ends on `ends_on` (exclusive) at the latest, the move-out checklist opens."""
    need_reason(why, "why", _("Say who gave notice, and why."))
    row = lock(lease)
    _signed(row)
    if ends_on > row.ends_on:
        raise refusal("ends_on", _("It ends on %(day)s already.") % {"day": row.last_day}, "order")
    if ends_on <= max(on, row.starts_on):
        raise refusal("ends_on", _("Give a day after today. If the keys are back, record the hand-back."), "order")
    for allocation in _current(row):
        _shorten(allocation, ends_on, by=by, why=why, on=on)
    change(row, "give_notice", by=by, why=why, notice_on=on, ends_on=ends_on)
    handovers.open_checklist(row, HandoverKind.MOVE_OUT, planned_on=row.last_day, by=by)
    _notify(row, "notice_given", ends_on=ends_on)
    return row


@atomic_with_retry
def renew(lease: Lease, *, ends_on: date, signed_on: date, by: User, on: date, **terms: Any) -> Lease:
    """Renew a lease: a new one follows it on the same units, and the tenant stays.

    The allocations change over today: the running one is handed back and the new one moved into, so that the unit is
    occupied without a gap and no day counts as holdover. Why: docs/decisions.
    """
    old = lock(lease)
    _signed(old)
    if ends_on <= old.ends_on:
        raise refusal("ends_on", _("A renewal runs longer than to %(day)s.") % {"day": old.last_day}, "order")
    not_beyond(ends_on, years_from(old.ends_on, LONGEST_TENANCY), "ends_on", exclusive=True)
    not_after(signed_on, on, "signed_on")
    not_before(signed_on, old.signed_on or old.starts_on, "signed_on")
    current = _current(old)
    if not current or any(row.moved_in_on is None for row in current):
        raise ValidationError(_("Renew a lease whose tenant has moved in."), code="state")
    new = Lease(
        number=next_number("ZL"),
        company=old.company,
        park=old.park,
        renews=old,
        state=LeaseState.SIGNED,
        starts_on=old.ends_on,
        ends_on=ends_on,
        signed_on=signed_on,
        deposit=old.deposit,
        sample=old.sample,
    )
    writing.create(new, "renew", by=by)
    for line in old.lines.filter(allocation__in=current).select_related("unit").order_by("unit"):
        follower = _change_over(line, line.unit, ends_on=ends_on, signed_on=signed_on, by=by, on=on)
        kept = {name: getattr(line, name) for name in ("contracted_area", "basis", "rent_rate", "rent_unit")}
        writing.create(LeaseLine(lease=new, unit=line.unit, allocation=follower, **kept | terms), "renew", by=by)
    move(old, LeaseState.ENDED, verb="renew", by=by, ended_on=on, end_reason=EndReason.RENEWED)
    _notify(new, "lease_renewed", ends_on=ends_on)
    return new


@atomic_with_retry
def relocate(line: LeaseLine, unit: Unit, *, by: User, why: str, on: date) -> LeaseLine:
    """Move the tenant to another unit of the park today: one act, two allocations, never both counted on a day."""
    need_reason(why, "why", _("Say why the company moves."))
    row = lock(line.lease)
    _signed(row)
    if unit.floor.building.park_id != row.park_id:
        raise refusal("unit", _("Choose a unit of the same park."), "place")
    (room,) = (locked for locked in lock_units([line.unit_id, unit.pk]) if locked.pk == unit.pk)
    follower = _change_over(line, room, ends_on=row.ends_on, signed_on=on, by=by, on=on)
    kept = {name: getattr(line, name) for name in ("basis", "rent_rate", "rent_unit")}
    moved = LeaseLine(
        lease=row, unit=room, allocation=follower, contracted_area=contracted_area(room, line.basis, on=on), **kept
    )
    writing.create(moved, "relocate", by=by, why=why)
    change(row, "relocate", by=by, why=why)
    _notify(row, "relocated", unit=unit.code)
    return moved


@atomic_with_retry
def place_many(
    leases: Sequence[Lease], lines: Sequence[LeaseLine], *, by: User | None, on: date, why: str = ""
) -> None:
    """Write leases for recorded tenancies, all or none, each with its Change row.

    In a few statements. `place`: the unit lies in another park; `state`: the tenancy is not signed, or not of this
    unit and time.
    """
    lock_units(line.unit_id for line in lines)
    taken = Allocation.objects.in_bulk([line.allocation_id for line in lines])
    for lease, number in zip(leases, next_numbers("ZL", len(leases)), strict=True):
        lease.number, lease.state = number, LeaseState.SIGNED
        _was_signed(lease, on)
    for line in lines:
        _check_line(line, taken.get(line.allocation_id))
    with writing.written(*lines, exclude={"lease"}):
        Lease.objects.bulk_create(leases, batch_size=500)
        LeaseLine.objects.bulk_create(lines, batch_size=500)
    changes.record_many(leases, "create", by=by, why=why)
    changes.record_many(lines, "create", by=by, why=why)


def _was_signed(lease: Lease, on: date) -> None:
    writing.check(lease)
    if lease.signed_on is None or lease.signed_on > on:
        raise refusal("signed_on", _("Enter the day of the signature, up to %(on)s.") % {"on": on}, "future")
    if lease.ends_on <= lease.starts_on:
        raise refusal("ends_on", _("The last day must not be before the first."), "order")


def _check_line(line: LeaseLine, taken: Allocation | None) -> None:
    """Check a line of a lease against its tenancy."""
    writing.check(line, exclude={"lease"})  # not written yet
    lease, unit = line.lease, line.unit
    if unit.floor.building.park_id != lease.park_id:
        raise refusal("unit", _("Choose a unit of the same park."), "place")
    if taken is None or taken.unit_id != unit.pk or taken.signed_on is None or taken.ends_on is None:
        raise refusal("allocation", _("%(unit)s has no signed tenancy for this line.") % {"unit": unit}, "state")
    if not lease.starts_on <= taken.starts_on < taken.ends_on <= lease.ends_on:
        raise refusal("allocation", _("The lease does not cover the tenancy of %(unit)s.") % {"unit": unit}, "state")


def _change_over(line: LeaseLine, unit: Unit, *, ends_on: date, signed_on: date, by: User, on: date) -> Allocation:
    """Hand back the old allocation; hold, sign and move into a new one, all today."""
    old = Allocation.objects.get(pk=line.allocation_id)
    allocations.hand_back(old, handed_back_on=on, by=by, on=on, why=CHANGED_OVER)
    (new,) = allocations.hold([unit], starts_on=on, ends_on=ends_on, held_until=day_after(on), by=by, on=on)
    new = allocations.sign(new, signed_on=signed_on, by=by, on=on)
    return allocations.move_in(new, moved_in_on=on, by=by, on=on)


def _shorten(allocation: Allocation, ends_on: date, *, by: User, why: str, on: date) -> None:
    if allocation.moved_in_on is None:
        allocations.end_early(allocation, ends_on=ends_on, by=by, why=why)
    else:
        allocations.correct(allocation, ends_on=ends_on, by=by, why=why, on=on)


def _current(lease: Lease) -> list[Allocation]:
    """The allocations of a lease that have not been handed back, ascending by unit, under the locks of their units."""
    lines = dict(lease.lines.values_list("allocation_id", "unit_id"))
    lock_units(lines.values())
    return list(Allocation.objects.filter(pk__in=lines, handed_back_on=None).order_by("unit"))


def _signed(lease: Lease) -> None:
    if lease.state != LeaseState.SIGNED:
        message = _("“%(state)s”: only a signed lease allows this.") % {"state": LeaseState(lease.state).label}
        raise not_now(lease, message)


def _lock_request(lease: Lease) -> SpaceRequest | None:
    return lock(lease.offer.request) if lease.offer else None


def _notify(lease: Lease, event: str, **facts: Any) -> None:
    people: Iterable[User] = recipients.people_of(lease.company)
    facts = {"number": lease.number} | facts
    notify(people, event, key=f"{lease.number}:{lease.version}", link=f"/leases/{lease.number}/", **facts)
