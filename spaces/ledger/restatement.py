"""Reported figures that an act moves: computed by doing it and undoing it, so that no rule is written twice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from spaces.ledger.balances import Balance
from spaces.ledger.trend import trend
from spaces.models import PublishedFigure, Unit
from spaces.values.days import MONTHS, month_ends


@dataclass(frozen=True, slots=True)
class Restatement:
    """The balance of some units on a reported day before and after an act."""

    day: date
    before: Balance
    after: Balance

    @property
    def lettable(self) -> Decimal:
        """By how much the lettable area moves, m2."""
        return self.after.lettable - self.before.lettable

    @property
    def taken(self) -> Decimal:
        """By how much the occupied area with holdover moves, m2."""
        return self.after.taken - self.before.taken


def reported_days(today: date) -> list[date]:
    """Days before today for which figures are reported: month ends of the overview, and days of published figures."""
    published = PublishedFigure.objects.filter(as_of__lt=today).values_list("as_of", flat=True)
    return sorted({day for day in month_ends(today, MONTHS) if day < today} | set(published))


def restated_by(act: Callable[[], Any], units: QuerySet[Unit], *, today: date) -> list[Restatement]:
    """The reported days on which an act would move balances of `units`. It is done and undone; its errors are raised.

    `units` must be selected by what the act leaves alone, such as their park.
    """
    days = reported_days(today)
    with transaction.atomic():
        before = trend(units, days, today=today)
        act()
        after = trend(units, days, today=today)
        transaction.set_rollback(True)
    return moved(days, before, after)


def moved(days: Sequence[date], before: Sequence[Balance], after: Sequence[Balance]) -> list[Restatement]:
    rows = (Restatement(*row) for row in zip(days, before, after, strict=True))
    return [row for row in rows if row.before != row.after]
