"""What must hold of all allocations and leases at any time, asked of the whole database."""

from spaces.models import Allocation
from tenants.models import Lease, LeaseLine
from tenants.states import EndReason, LeaseState


def faults():
    """A sentence for each allocation outside its life, and for each lease that its units contradict."""
    return [*_outside_life(), *_apart()]


def _outside_life():
    for row in Allocation.objects.select_related("unit__floor__building").order_by("pk"):
        unit, building = row.unit, row.unit.floor.building
        closes = [day for day in (unit.closes_on, building.closed_on) if day]
        if row.starts_on < unit.opens_on or any(row.ends_on is None or row.ends_on > day for day in closes):
            yield f"{row}: outside [{unit.opens_on}, {min(closes, default=None)})"
        if row.moved_in_on and (building.ready_on is None or row.moved_in_on < building.ready_on):
            yield f"{row}: moved in on {row.moved_in_on}, ready on {building.ready_on}"


def _apart():
    taken = Allocation.objects.in_bulk()
    for line in LeaseLine.objects.select_related("lease").order_by("pk"):
        row = taken.get(line.allocation_id)
        if row is None:
            if line.lease.state == LeaseState.SIGNED:
                yield f"{line}: signed, and nothing is taken"
            continue
        yield from (f"{line}: {words}" for words in _of_line(line.lease, row, line.unit_id))
    leased = set(LeaseLine.objects.values_list("lease", flat=True))
    for lease in Lease.objects.filter(state=LeaseState.SIGNED).exclude(pk__in=leased):
        yield f"{lease}: signed without a unit"


def _of_line(lease, row, unit_id):
    if row.unit_id != unit_id:
        yield "another unit"
    if lease.state == LeaseState.DRAFT and row.signed_on:
        yield "a draft, and its unit is signed"
    if lease.end_reason == EndReason.NOT_SIGNED and (row.signed_on or row.ends_on > lease.ended_on):
        yield "never signed, and its unit is taken"
    if lease.signed_on is None:
        return
    if row.signed_on is None or row.ends_on is None:
        yield "signed, and its unit is not, or for ever"
    elif row.ends_on > lease.ends_on or (row.starts_on < lease.starts_on and lease.renews_id is None):
        yield f"{row} is not within {lease.starts_on} to {lease.ends_on}"
    elif lease.state == LeaseState.SIGNED and row.handed_back_on is None and row.ends_on != lease.ends_on:
        yield f"{row} ends, and the lease ends on {lease.ends_on}"
    elif lease.state == LeaseState.ENDED and row.moved_in_on and row.handed_back_on is None:
        yield "ended, and the tenant has the keys"
    elif lease.state == LeaseState.ENDED and row.ends_on > max(lease.ended_on, row.starts_on):
        yield f"{row} goes on after {lease.ended_on}"
