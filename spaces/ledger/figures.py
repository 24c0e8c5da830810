"""Published figures compared with the ledger of the same day, and their difference."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from spaces.ledger.balances import ratio
from spaces.ledger.day_records import DayRecord, Register
from spaces.models import PublishedFigure
from spaces.models.people import AnyUser

type Key = tuple[str, int | None, int | None]


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
    def coverage(self) -> Decimal | None:
        """The share of what was published that is recorded as units, at most 1; four places."""
        if self.recorded is None or not self.figure.number:
            return None
        return ratio(min(self.recorded, self.figure.number), self.figure.number)

    @property
    def beyond_published(self) -> Decimal | None:
        """The part recorded beyond what was published; None if there is none."""
        return -self.difference if self.difference is not None and self.difference < 0 else None


def compare(figures: Iterable[PublishedFigure], *, today: date) -> list[FigureComparison]:
    """Each figure with the recorded one for its own day and scope.

    No query without figures; else at most two, and for each day as many as kinds of areas were published for it: of
    all parks or new ones, for groups or single parks.
    """
    figures = list(figures)
    parks: dict[date, set[int]] = defaultdict(set)
    for figure in figures:
        parks[figure.as_of] |= {figure.park_id} if figure.park_id else set()
    register = Register()
    days = {day: DayRecord(day, today, mine, register) for day, mine in parks.items()}
    return [FigureComparison(figure, days[figure.as_of].recorded(figure)) for figure in figures]


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
