"""How far earlier forecasts were off: what was foretold for month ends that have passed, beside what came."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, Sum

from spaces.ledger import ParkUnits, trend
from spaces.ledger.balances import ratio
from spaces.values.days import MONTHS, add_months, day_after, months_between
from tenants.models import ForecastRecord
from tenants.states import Scenario

LEADS = (1, 3, 6, 12)  # months ahead that are scored
POINT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ScoredForecast:
    """A forecast of a month end. Rates have four places; a scenario without a known rate is None.

    `errors`: foretold less what came, in points of percent.
    """

    day: date
    made_on: date
    lead: int
    came: Decimal
    foretold: Mapping[Scenario, Decimal | None]

    @property
    def errors(self) -> dict[Scenario, Decimal | None]:
        return {
            scenario: None if rate is None else (rate - self.came) * 100 for scenario, rate in self.foretold.items()
        }


@dataclass(frozen=True, slots=True)
class LeadScore:
    """The mean absolute error of the forecasts so many months ahead, in points, and of how many it is."""

    lead: int
    n: int
    errors: Mapping[Scenario, Decimal | None]


@dataclass(frozen=True, slots=True)
class Score:
    """`first`: the day on which the first forecast of these parks was kept; None: none is. Newest rows first."""

    first: date | None
    rows: list[ScoredForecast]
    leads: list[LeadScore]


def score(scope: ParkUnits, *, today: date, months: int = MONTHS) -> Score:
    """The forecasts of the month ends of the last `months` months, 1, 3, 6 and 12 months ahead. Three queries.

    A total is the sum of what was foretold of the parks that belong to it on that day, as is what came.
    """
    kept = _of_scope(scope).filter(made_on__lte=today)
    first = kept.aggregate(first=Min("made_on"))["first"]
    sums = [row for row in _sums(kept, add_months(today, -months), today) if _lead(row) in LEADS]
    days = sorted({row["day"] for row in sums})
    came = dict(zip(days, trend(scope, days, today=today), strict=True)) if days else {}
    rows = [
        ScoredForecast(row["day"], row["made_on"], _lead(row), actual, _rates(row))
        for row in sums
        if (actual := came[row["day"]].rate_committed) is not None
    ]
    return Score(first, rows, _by_lead(rows))


def _lead(row: Mapping[str, Any]) -> int:
    """Whole months from the day on which it was made to the end of the day foretold."""
    return months_between(row["made_on"], day_after(row["day"]))


def _of_scope(scope: ParkUnits) -> Any:
    """The records of the parks of a scope; of a group, those that belong to it on the day foretold."""
    then = scope.periods().filter(
        Q(ends_on=None) | Q(ends_on__gt=OuterRef("day")), park=OuterRef("park"), starts_on__lte=OuterRef("day")
    )
    return ForecastRecord.objects.filter(Exists(then))


def _sums(kept: Any, since: date, today: date) -> Sequence[Mapping[str, Any]]:
    found = kept.filter(day__gt=since, day__lte=today).order_by("-day", "-made_on").values("day", "made_on")
    summed: Sequence[Mapping[str, Any]] = found.annotate(
        all_lettable=Sum("lettable"),
        all_let=Sum("let"),
        all_ending=Sum("ending"),
        all_renewed=Sum("renewed"),
        rows=Count("pk"),
        known=Count("renewed"),
    )
    return summed


def _rates(row: Mapping[str, Any]) -> dict[Scenario, Decimal | None]:
    let, lettable = Decimal(row["all_let"]), Decimal(row["all_lettable"])
    known = row["known"] == row["rows"]
    return {
        Scenario.NONE: ratio(let, lettable),
        Scenario.ALL: ratio(let + row["all_ending"], lettable),
        Scenario.OBSERVED: ratio(let + row["all_renewed"], lettable) if known else None,
    }


def _by_lead(rows: Sequence[ScoredForecast]) -> list[LeadScore]:
    of_lead: dict[int, list[ScoredForecast]] = defaultdict(list)
    for row in rows:
        of_lead[row.lead].append(row)
    return [
        LeadScore(lead, len(of_lead[lead]), {scenario: _mean(of_lead[lead], scenario) for scenario in Scenario})
        for lead in LEADS
        if of_lead[lead]
    ]


def _mean(rows: Sequence[ScoredForecast], scenario: Scenario) -> Decimal | None:
    errors = [abs(error) for row in rows if (error := row.errors[scenario]) is not None]
    return (sum(errors, Decimal(0)) / len(errors)).quantize(POINT, ROUND_HALF_UP) if errors else None
