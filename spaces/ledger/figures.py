"""Published figures compared with the ledger of the same day, and their difference."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from spaces.ledger.balances import Balance, total
from spaces.ledger.park_units import ParkUnits
from spaces.ledger.sums import balances
from spaces.models import Ecosystem, Park, ParkPeriod, PublishedFigure
from spaces.models.figures import Measure
from spaces.models.people import AnyUser
from spaces.states import ParkKind

type Key = tuple[str, int | None, int | None]
AREAS = (Measure.LETTABLE_AREA, Measure.NEW_LETTABLE_AREA)


class DifferenceKind(models.TextChoices):
    """Kind of a difference, by its sign."""

    NOT_ITEMISED = "not_itemised", _("Not itemised")
    BEYOND = "beyond_published", _("Recorded beyond published")
    NONE = "none", _("No difference")


@dataclass(frozen=True, slots=True)
class FigureComparison:
    """A published figure and the recorded one of its day and scope; `recorded` None: not in the ledger."""

    figure: PublishedFigure
    recorded: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """Published minus recorded."""
        if self.recorded is None or self.figure.number is None:
            return None
        return self.figure.number - self.recorded

    @property
    def kind(self) -> DifferenceKind | None:
        if self.difference is None:
            return None
        if self.difference == 0:
            return DifferenceKind.NONE
        return DifferenceKind.NOT_ITEMISED if self.difference > 0 else DifferenceKind.BEYOND

    @property
    def not_itemised(self) -> Decimal | None:
        """The part that was published but not recorded as units; None where more is recorded than published."""
        return None if self.difference is None or self.difference < 0 else self.difference

    @property
    def beyond_published(self) -> Decimal | None:
        """The part recorded beyond what was published; None if there is none."""
        return -self.difference if self.difference is not None and self.difference < 0 else None


def compare(figures: Iterable[PublishedFigure], *, today: date) -> list[FigureComparison]:
    """Each figure with the recorded one for its own day and scope.

    No query without figures; else two, and one for each day that an area was published for.
    """
    figures = list(figures)
    periods = list(ParkPeriod.objects.select_related("park").order_by("park")) if figures else []
    ecosystems = Ecosystem.objects.count() if figures else 0
    mine = {figure: _parks_of(figure, periods) for figure in figures}
    areas = {
        day: _lettable_areas(mine, day, today) for day in {each.as_of for each in figures if each.measure in AREAS}
    }
    return [
        FigureComparison(figure, _recorded(figure, mine[figure], areas.get(figure.as_of, {}), ecosystems))
        for figure in figures
    ]


def newest(user: AnyUser, measures: Collection[str], *, on: date, **scope: Any) -> dict[Key, PublishedFigure]:
    """(measure, ecosystem's id, park's id) -> the newest figure published by the day; both None: of the province.

    `scope` narrows by `ecosystem` or `park`. One query.
    """
    figures = PublishedFigure.objects.visible_to(user).filter(measure__in=measures, as_of__lte=on, **scope)
    return {(each.measure, each.ecosystem_id, each.park_id): each for each in figures.order_by("as_of", "pk")}


def newest_compared(
    user: AnyUser,
    measures: Sequence[str],
    *,
    on: date,
    today: date,
    keys: Collection[Key] | None = None,
    **scope: Any,
) -> dict[Key, FigureComparison]:
    """The newest figures published by the day, compared with the ledger; in the order of `measures`.

    `keys` limits which are compared, `scope` which are read. Queries: those of `newest` and `compare`.
    """
    found = newest(user, measures, on=on, **scope)
    wanted = [key for key in found if keys is None or key in keys]
    wanted.sort(key=lambda key: measures.index(key[0]))
    compared = compare([found[key] for key in wanted], today=today)
    return dict(zip(wanted, compared, strict=True))


def _parks_of(figure: PublishedFigure, periods: list[ParkPeriod]) -> list[Park]:
    """The parks of a figure's scope on its day: its park, whatever its kind, or the open incubators."""
    day = figure.as_of
    found = [each for each in periods if each.period.covers(day) and each.park.is_open(day)]
    if figure.park_id:
        return [each.park for each in found if each.park_id == figure.park_id]
    incubators = [each for each in found if each.kind != ParkKind.INDUSTRIAL_PARK]
    return [each.park for each in incubators if figure.ecosystem_id in {None, each.ecosystem_id}]


def _lettable_areas(mine: dict[PublishedFigure, list[Park]], day: date, today: date) -> dict[int, Balance]:
    """Park id -> balance, for the parks of the areas published for a day."""
    parks = {park.pk for figure, found in mine.items() if figure.as_of == day for park in found}
    return balances(ParkUnits(Park.objects.filter(pk__in=parks)), "park", on=day, today=today)


def _recorded(
    figure: PublishedFigure, parks: list[Park], areas: dict[int, Balance], ecosystems: int
) -> Decimal | None:
    new = [park for park in parks if park.opened_on and park.opened_on.year == figure.as_of.year]
    match figure.measure:
        case Measure.LETTABLE_AREA:
            return _lettable_area(parks, areas)
        case Measure.NEW_LETTABLE_AREA:
            return _lettable_area(new, areas)
        case Measure.INCUBATORS:
            return Decimal(len(parks))
        case Measure.NEW_INCUBATORS:
            return Decimal(len(new))
        case Measure.ECOSYSTEMS:
            return Decimal(ecosystems)
        case _:
            return None


def _lettable_area(parks: list[Park], areas: dict[int, Balance]) -> Decimal:
    return total(areas[park.pk] for park in parks if park.pk in areas).lettable
