"""Net absorption: by how much more area is taken at the end of a quarter than at the end of the one before."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.db.models import QuerySet

from spaces.ledger.park_units import ParkUnits
from spaces.ledger.trend import trend
from spaces.models import Unit
from spaces.values.days import quarter_ends

QUARTERS = 8


@dataclass(frozen=True, slots=True)
class QuarterAbsorption:
    """The area (m2) taken on the last day of a quarter, or on the day asked about, and the change since `before`."""

    day: date
    taken: Decimal
    before: date
    change: Decimal

    @property
    def quarter(self) -> int:
        return (self.day.month + 2) // 3


def absorption(
    units: QuerySet[Unit] | ParkUnits, *, on: date, today: date, quarters: int = QUARTERS
) -> list[QuarterAbsorption]:
    """The quarters up to the one of the day, which counts up to that day; ascending. Queries as of `trend`."""
    days = quarter_ends(on, quarters + 1)
    taken = [balance.taken for balance in trend(units, days, today=today)]
    ends = pairwise(zip(days, taken, strict=True))
    return [QuarterAbsorption(day, now, before, now - then) for (before, then), (day, now) in ends]
