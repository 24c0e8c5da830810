"""Leases of allocations and requests, and late move-ins."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter

from django.db.models import Exists, OuterRef, Q, QuerySet

from spaces.models import Allocation, Unit
from tenants.models import (
    Company,
    Lease,
    LeaseLine,
    Offer,
    OfferLine,
    SpaceRequest,
)
from tenants.models.leases import LATE_MOVE_IN_DAYS
from tenants.states import EndReason, LeaseState


@dataclass(frozen=True, slots=True)
class Contract:
    """The lease of an allocation, or its offer while there is no lease."""

    number: str
    company: Company
    lease: Lease | None
    offer: Offer | None


def contracts(ids: Iterable[int]) -> dict[int, Contract]:
    """Allocation id -> its contract, in two queries; no entry for an allocation without one."""
    ids = list(ids)
    found: dict[int, Contract] = {}
    for held in OfferLine.objects.filter(allocation__in=ids).select_related("offer__request__company"):
        offer = held.offer
        found[held.allocation_id] = Contract(offer.number, offer.request.company, None, offer)
    for line in LeaseLine.objects.filter(allocation__in=ids).select_related("lease__company"):
        found[line.allocation_id] = Contract(line.lease.number, line.lease.company, line.lease, None)
    return found


def times_let(allocations: Iterable[Allocation], by_allocation: Mapping[int, Contract], *, on: date) -> int:
    """How many tenants have moved into a unit by the day; one who stays on by a renewal counts once.

    `allocations`: all of the unit.
    """
    moved_in = (row for row in allocations if row.moved_in_on is not None and row.moved_in_on <= on)
    number, before = 0, None
    for row in sorted(moved_in, key=attrgetter("starts_on")):
        contract = by_allocation.get(row.pk)
        company = contract and contract.company.pk
        number += (company, row.moved_in_on) != before
        before = (company, row.handed_back_on) if company else None
    return number


def lease_of(wanted: SpaceRequest) -> Lease | None:
    """The lease of a request, also a draft."""
    return Lease.objects.filter(offer__request=wanted).exclude(end_reason=EndReason.NOT_SIGNED).order_by("pk").last()


def units_of(lease: Lease) -> list[Unit]:
    """The units that a lease takes now, with their allocations."""
    lines = lease.lines.not_handed_back()
    units = Unit.objects.filter(pk__in=lines.values("unit")).select_related("floor__building")
    return list(units.prefetch_related("allocations", "periods").order_by("code_order"))


def late_move_ins(leases: QuerySet[Lease], *, on: date) -> QuerySet[Lease]:
    return leases.filter(late_move_in(on))


def late_move_in(on: date) -> Q:
    """Condition: a lease signed at least LATE_MOVE_IN_DAYS ago, not over, with a unit that was not moved into."""
    waiting = LeaseLine.objects.filter(lease=OuterRef("pk"), allocation__moved_in_on=None, allocation__ends_on__gt=on)
    signed_by = on - timedelta(days=LATE_MOVE_IN_DAYS)
    return Q(state=LeaseState.SIGNED, signed_on__lte=signed_by) & Q(Exists(waiting))
