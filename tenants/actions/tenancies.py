"""Correct an allocation together with its lease.

All raise ValidationError by field or with the rule's code: contract, stale, and those of
spaces.actions.allocations.correct.
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from spaces.actions import allocations
from spaces.actions.locks import lock_units
from spaces.actions.retry import atomic_with_retry
from spaces.actions.writing import refusal
from spaces.changes.versions import Seen, as_seen
from spaces.models import Allocation, User
from tenants.actions.locked_rows import change, lock
from tenants.models import Lease, LeaseLine, OfferLine
from tenants.states import LeaseState

SHARED = ("starts_on", "ends_on", "signed_on")  # days shared by a lease and its allocations


@atomic_with_retry
def correct(
    allocation: Allocation, *, by: User | None, why: str, on: date, seen: Seen | None = None, **facts: Any
) -> Allocation:
    """Correct wrong days. A day shared with the lease is corrected in the lease and in all its units at once.

    `contract`: a hold made by an offer, or a day that its lease does not allow.
    """
    lease = _lease_of(allocation)
    if lease:
        lease = lock(lease)
    taken = _lock_taken(lease, allocation)
    if lease != _lease_of(allocation):
        raise ValidationError(_("Someone else has just changed this. Look at it again."), code="stale")
    if lease is None or lease.signed_on is None:
        _not_offered(allocation)
        return allocations.correct(allocation, by=by, why=why, on=on, seen=seen, **facts)
    facts = as_seen(taken[allocation.pk], seen, facts)
    return _correct_leased(lease, taken, allocation.pk, by=by, why=why, on=on, **facts)


def _correct_leased(
    lease: Lease, taken: dict[int, Allocation], pk: int, *, by: User | None, why: str, on: date, **facts: Any
) -> Allocation:
    row = taken[pk]
    shared = {
        name: facts[name]
        for name in SHARED
        if facts.get(name, getattr(row, name)) != getattr(row, name) and _agree(lease, row, name)
    }
    _not_chained(lease, shared)
    for other in taken.values():
        its = facts if other.pk == pk else {name: shared[name] for name in shared if _agree(lease, other, name)}
        if its:
            taken[other.pk] = allocations.correct(other, by=by, why=why, on=on, **its)
    back = [other.handed_back_on for other in taken.values() if other.handed_back_on]
    if lease.state == LeaseState.ENDED and "handed_back_on" in facts and back:
        shared["ended_on"] = max(back)
    if shared:
        change(lease, "correct", by=by, why=why, **shared)
    for other in taken.values():
        _covered(lease, other)
    return taken[pk]


def _agree(lease: Lease, row: Allocation, name: str) -> bool:
    return bool(getattr(lease, name) == getattr(row, name))


def _lock_taken(lease: Lease | None, allocation: Allocation) -> dict[int, Allocation]:
    """The allocation and the remaining others of its lease, by unit; their units are locked at once."""
    ids = list(lease.lines.values_list("allocation_id", flat=True)) if lease else [allocation.pk]
    lock_units(Allocation.objects.filter(pk__in=ids).values_list("unit_id", flat=True))
    rows = Allocation.objects.filter(pk__in=ids).order_by("unit", "pk")
    taken = {row.pk: row for row in rows}
    if allocation.pk not in taken:
        raise refusal("__all__", _("Someone else has just removed this allocation."), "stale")
    return taken


def _lease_of(allocation: Allocation) -> Lease | None:
    line = LeaseLine.objects.filter(allocation=allocation.pk).select_related("lease").first()  # one to one: no order
    return line.lease if line else None


def _not_offered(allocation: Allocation) -> None:
    held = OfferLine.objects.filter(allocation=allocation.pk).select_related("offer").first()  # one to one: no order
    if held:
        message = _("This hold belongs to offer %(number)s. Withdraw that and send another.")
        raise ValidationError(message % {"number": held.offer.number}, code="contract")


def _not_chained(lease: Lease, shared: dict[str, Any]) -> None:
    """Refuse to change the day on which a lease and its renewal meet: it belongs to both."""
    renewal = Lease.objects.filter(renews=lease).first()  # one to one: no order
    for name, other in (("starts_on", lease.renews), ("ends_on", renewal)):
        if name in shared and other:
            message = _(
                "Lease %(number)s and lease %(other)s follow each other on this day. It can't be changed here."
            )
            raise refusal(name, message % {"number": lease.number, "other": other.number}, "contract")


def _covered(lease: Lease, row: Allocation) -> None:
    """Check that a lease covers its allocation. That of a renewal may begin before the new lease."""
    for name, outside in (
        ("starts_on", row.starts_on < lease.starts_on and lease.renews_id is None),
        ("ends_on", row.ends_on is None or row.ends_on > lease.ends_on),
    ):
        if outside:
            message = _("Lease %(number)s runs from %(first)s to %(last)s. Enter days in between.")
            params = {"number": lease.number, "first": lease.starts_on, "last": lease.last_day}
            raise refusal(name, message % params, "contract")
