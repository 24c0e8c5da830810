"""Published figures about the parks themselves, whose recorded side an act on a park moves."""

from collections.abc import Iterable, Iterator
from datetime import date

from spaces.ledger.figures import FigureComparison, compare
from spaces.ledger.restatement import MovedFigure, ReportedScope
from spaces.models import PublishedFigure
from spaces.models.figures import Measure

COUNTS = (Measure.INCUBATORS, Measure.NEW_INCUBATORS)
OF_PARKS = (*COUNTS, Measure.NEW_LETTABLE_AREA)


def compared(today: date) -> list[FigureComparison]:
    """The figures published for days before today that count parks. One query without any; else those of `compare`."""
    found = PublishedFigure.objects.filter(as_of__lt=today, measure__in=OF_PARKS).select_related("park", "ecosystem")
    return compare(found.order_by("as_of", "pk"), today=today)


def moved(before: Iterable[FigureComparison], after: Iterable[FigureComparison]) -> Iterator[MovedFigure]:
    """The recorded sides that differ between two readings of the same figures."""
    for old, new in zip(before, after, strict=True):
        if old.recorded != new.recorded and old.recorded is not None and new.recorded is not None:
            figure = new.figure
            scope = ReportedScope(figure.park, figure.ecosystem, whole=not (figure.park_id or figure.ecosystem_id))
            values = (old.recorded, new.recorded)
            if figure.measure in COUNTS:
                yield MovedFigure(figure.as_of, scope, figure.measure, *map(int, values))
            else:
                yield MovedFigure(figure.as_of, scope, figure.measure, *values)
