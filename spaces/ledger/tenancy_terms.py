"""How long signed tenancies still run, weighted by area, and how much area ends in which year.

It reads when tenancies end: for those alone who may know that (decision 0012).
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from spaces.ledger.balances import NOTHING, ratio
from spaces.ledger.park_units import ParkUnits
from spaces.ledger.unit_states import with_state
from spaces.models import Unit
from spaces.states import LEASED, UnitState
from spaces.values.days import last_day

YEARS = 5
DAYS_OF_YEAR = Decimal("365.25")
LET = (*LEASED, UnitState.HOLDOVER)


@dataclass(slots=True)
class LetArea:
    """Units that are let, and their area (m2)."""

    units: int = 0
    area: Decimal = NOTHING

    def add(self, units: int, area: Decimal) -> None:
        self.units += units
        self.area += area


@dataclass(slots=True)
class TenancyTerms:
    """The area let on a day by the year of the last day of its tenancy; the parts sum to `whole`."""

    years: dict[int, LetArea]
    overdue: LetArea = field(default_factory=LetArea)  # its tenant stays on
    later: LetArea = field(default_factory=LetArea)
    open_ended: LetArea = field(default_factory=LetArea)
    whole: LetArea = field(default_factory=LetArea)
    area_days: Decimal = NOTHING  # area times the days that remain

    @property
    def average_years(self) -> Decimal | None:
        """WALT: mean remaining term in years weighted by area, 0 for who stays on; None without a term that ends."""
        area = self.whole.area - self.open_ended.area
        if not area:
            return None
        return (self.area_days / area / DAYS_OF_YEAR).quantize(Decimal("0.01"), ROUND_HALF_UP)

    def share(self, part: LetArea) -> Decimal | None:
        return ratio(part.area, self.whole.area)


def terms_of_tenancies(
    units: QuerySet[Unit] | ParkUnits, *, on: date, today: date, years: int = YEARS
) -> TenancyTerms:
    """The terms of signed tenancies on a day, of `years` calendar years from that of the day on. One query."""
    of_day = units.units_on(on) if isinstance(units, ParkUnits) else units
    dated: Any = with_state(of_day, on=on, today=today)
    let = dated.filter(state__in=LET).order_by()
    sums = let.values("state", "now__ends_on").annotate(number=Count("pk"), area=Sum("usable_area"))
    result = TenancyTerms({on.year + ahead: LetArea() for ahead in range(years)})
    for state, ends_on, number, area in sums.values_list("state", "now__ends_on", "number", "area"):
        result.whole.add(number, area)
        if state == UnitState.HOLDOVER:
            result.overdue.add(number, area)
        elif ends_on is None:
            result.open_ended.add(number, area)
        else:
            result.years.get(last_day(ends_on).year, result.later).add(number, area)
            result.area_days += area * (ends_on - on).days
    return result
