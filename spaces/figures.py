"""What was published beside what the ledger says on the same day; the difference is a row, never hidden."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from spaces import ledger
from spaces.models import Ecosystem, Park, PublishedFigure, Unit
from spaces.models.figures import Measure


@dataclass(frozen=True, slots=True)
class Comparison:
    """A published figure and ours for its own day and scope; `recorded` None where the ledger has no such measure."""

    figure: PublishedFigure
    recorded: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """Published minus recorded: above 0 is not itemised yet, below 0 is recorded beyond what was published."""
        if self.recorded is None or self.figure.number is None:
            return None
        return self.figure.number - self.recorded


def compare(figure: PublishedFigure, *, today: date) -> Comparison:
    """Put ours beside a figure, on the figure's own day. One or two queries."""
    parks = _parks_of(figure)
    return Comparison(figure, _recorded(figure, parks, today=today))


def published_offered(
    *, on: date, ecosystem: Ecosystem | None = None, park: Park | None = None
) -> PublishedFigure | None:
    """The newest offered area published for a scope by that day; province when neither is given."""
    told = PublishedFigure.objects.latest_for(Measure.OFFERED_AREA, on=on)
    return told.filter(ecosystem=ecosystem, park=park).first()


def not_itemised(figure: PublishedFigure | None, balance: ledger.Balance) -> Decimal | None:
    """Published minus offered; None where nothing was published for the scope. Never summed over nodes."""
    if figure is None or figure.number is None:
        return None
    return (figure.number - balance.offered).quantize(Decimal("0.01"))


def _parks_of(figure: PublishedFigure) -> QuerySet[Park]:
    if figure.park_id:
        return Park.objects.filter(pk=figure.park_id)
    parks = Park.objects.filter(ecosystem=figure.ecosystem_id) if figure.ecosystem_id else Park.objects.all()
    return parks.carriers().open_on(figure.as_of)


def _recorded(figure: PublishedFigure, parks: QuerySet[Park], *, today: date) -> Decimal | None:
    on = figure.as_of
    new = parks.filter(opened_on__year=on.year)
    match figure.measure:
        case Measure.OFFERED_AREA:
            return _offered(parks, on=on, today=today)
        case Measure.NEW_OFFERED_AREA:
            return _offered(new, on=on, today=today)
        case Measure.CARRIERS:
            return Decimal(parks.count())
        case Measure.NEW_CARRIERS:
            return Decimal(new.count())
        case Measure.ECOSYSTEMS:
            return Decimal(Ecosystem.objects.count())
        case _:
            return None


def _offered(parks: QuerySet[Park], *, on: date, today: date) -> Decimal:
    units = Unit.objects.filter(floor__building__park__in=parks.order_by().values("pk"))
    return ledger.balance(units, on=on, today=today).offered
