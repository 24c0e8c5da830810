"""Does the ledger say what was published? Asked before the demo province is kept."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from spaces import figures, ledger
from spaces.models import Park, PublishedFigure, Unit
from spaces.models.figures import Measure
from tenants.demo.facts import (
    CARRIERS,
    DAY,
    DECLARED,
    DECLARER_OFFERED,
    NEW_CARRIERS,
    NEW_OFFERED,
    OFFERED,
    PLANNED,
    STAR_VALLEY,
)

EXPECTED = {
    Measure.ECOSYSTEMS: Decimal(7),
    Measure.CARRIERS: Decimal(CARRIERS),
    Measure.OFFERED_AREA: OFFERED,
    Measure.NEW_CARRIERS: Decimal(NEW_CARRIERS),
    Measure.NEW_OFFERED_AREA: NEW_OFFERED,
}


def mismatches(today: date) -> Iterator[str]:
    """A sentence for each published total that the ledger does not give to the 0.01 m2."""
    for figure in PublishedFigure.objects.filter(measure__in=EXPECTED).order_by("code"):
        told = figures.compare(figure, today=today)
        expected = DECLARER_OFFERED if figure.declared else EXPECTED[Measure(figure.measure)]
        if told.recorded != expected:
            yield f"{figure.code} {figure}: the ledger says {told.recorded}, not {expected}"
        if told.difference != (DECLARED - DECLARER_OFFERED if figure.declared else 0):
            yield f"{figure.code} {figure}: differs by {told.difference}"
    planned = sum((park.planned_area or Decimal(0) for park in Park.objects.exclude(planned_area=None)), Decimal(0))
    if planned != PLANNED:
        yield f"planned: {planned}, not {PLANNED}"
    (valley,) = ledger.commitments(Unit.objects.filter(floor__building__park__code="STP"), on=DAY).values()
    if (valley.recorded, valley.committed, valley.occupied) != (STAR_VALLEY, STAR_VALLEY, Decimal(0)):
        yield f"Star Valley: {valley}"
