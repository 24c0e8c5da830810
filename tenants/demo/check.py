"""Check the demo before it is committed: the ledger equals the published totals, every tenancy has a tenant."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from spaces import ledger
from spaces.ledger import figures
from spaces.models import Park, PublishedFigure, Unit
from spaces.models.figures import Measure
from tenants.demo import renting
from tenants.demo.facts import (
    DAY,
    DECLARED,
    DECLARER_LETTABLE_AREA,
    INCUBATORS,
    LETTABLE_AREA,
    NEW_INCUBATORS,
    NEW_LETTABLE_AREA,
    PLANNED,
    STAR_VALLEY,
)
from tenants.models import Lease, LeaseLine, SpaceRequest
from tenants.states import LeaseState, RequestState

EXPECTED = {
    Measure.ECOSYSTEMS: Decimal(7),
    Measure.INCUBATORS: Decimal(INCUBATORS),
    Measure.LETTABLE_AREA: LETTABLE_AREA,
    Measure.NEW_INCUBATORS: Decimal(NEW_INCUBATORS),
    Measure.NEW_LETTABLE_AREA: NEW_LETTABLE_AREA,
}


def mismatches(today: date) -> Iterator[str]:
    """A sentence for each published total from which the ledger differs, and for each inconsistent lease."""
    yield from _published(today)
    yield from _rented(today)


def _published(today: date) -> Iterator[str]:
    for compared in figures.compare(
        PublishedFigure.objects.filter(measure__in=EXPECTED).order_by("code"), today=today
    ):
        figure = compared.figure
        expected = DECLARER_LETTABLE_AREA if figure.declared else EXPECTED[Measure(figure.measure)]
        if compared.recorded != expected:
            yield f"{figure.code} {figure}: the ledger says {compared.recorded}, not {expected}"
        if compared.difference != (DECLARED - DECLARER_LETTABLE_AREA if figure.declared else 0):
            yield f"{figure.code} {figure}: differs by {compared.difference}"
    planned = sum((park.planned_area or Decimal(0) for park in Park.objects.exclude(planned_area=None)), Decimal(0))
    if planned != PLANNED:
        yield f"planned: {planned}, not {PLANNED}"
    (valley,) = ledger.commitments(Unit.objects.filter(floor__building__park__code="STP"), on=DAY).values()
    if (valley.recorded, valley.committed, valley.occupied) != (STAR_VALLEY, STAR_VALLEY, Decimal(0)):
        yield f"Star Valley: {valley}"


def _rented(today: date) -> Iterator[str]:
    """Check that each running tenancy has one line of a signed lease, and that requests are in every state."""
    running = renting.running(today)
    lines = LeaseLine.objects.filter(lease__state=LeaseState.SIGNED)
    for row in running.exclude(pk__in=lines.values("allocation")):
        yield f"{row.unit}: a tenancy runs and no lease says whose it is"
    taken = {row.pk: row for row in running}
    for line in lines.select_related("lease", "unit__floor__building"):
        stay = taken.get(line.allocation_id)
        if stay and (stay.unit_id, line.unit.floor.building.park_id) != (line.unit_id, line.lease.park_id):
            yield f"{line}: not the unit or the park of its lease"
    for lease in Lease.objects.filter(state=LeaseState.SIGNED).exclude(pk__in=lines.values("lease")):
        yield f"{lease}: signed, and it has no unit"
    missing = set(RequestState.values) - set(SpaceRequest.objects.values_list("state", flat=True))
    if missing:
        yield f"no request is {', '.join(sorted(missing))}"
