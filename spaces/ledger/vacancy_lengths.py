"""Vacant area by how long it has been vacant, and its sum beyond 90 days. Rules: docs/definitions.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from spaces.ledger.balances import NOTHING
from spaces.ledger.park_units import ParkUnits
from spaces.ledger.unit_states import with_state
from spaces.ledger.vacancy_spells import days_vacant, vacancy_began
from spaces.models import Unit
from spaces.states import UnitState

LENGTHS = ((0, 30), (31, 90), (91, 180), (181, 365), (366, None))  # days, both included
LONG = 91  # days from which on a vacancy counts as long: over 90


@dataclass(slots=True)
class VacancyLength:
    """The units that have been vacant for `least` to `most` days (None: any more) on a day; their area in m2."""

    least: int
    most: int | None
    units: int = 0
    area: Decimal = NOTHING


def lengths_of_vacancy(units: QuerySet[Unit] | ParkUnits, *, on: date, today: date) -> list[VacancyLength]:
    """One entry for each of LENGTHS, empty ones too; they sum to the vacant units of the day. One query."""
    of_day = units.units_on(on) if isinstance(units, ParkUnits) else units
    dated: Any = with_state(of_day, on=on, today=today)
    began = dated.filter(state=UnitState.VACANT).order_by().values(began=vacancy_began(on, today=today))
    result = [VacancyLength(least, most) for least, most in LENGTHS]
    for since, number, area in began.annotate(number=Count("pk"), area=Sum("usable_area")).values_list(
        "began", "number", "area"
    ):
        days = days_vacant(since, on)
        length = next(each for each in result if each.most is None or days <= each.most)
        length.units += number
        length.area += area
    return result


def long_vacant(lengths: Sequence[VacancyLength]) -> VacancyLength:
    """Those from LONG days on together."""
    found = [each for each in lengths if each.least >= LONG]
    return VacancyLength(LONG, None, sum(each.units for each in found), sum((each.area for each in found), NOTHING))
