"""How much will be let on coming days: what is signed, and what of the leases that end may be renewed."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from spaces.ledger import NOTHING, Balance, ParkUnits, balances, trend
from spaces.ledger.balances import ratio
from spaces.ledger.ending import Ending, ending
from spaces.ledger.rollups import EMPTY
from spaces.models import Park
from spaces.states import UnitState
from tenants.leasing.renewal_rates import RenewalRate, RenewalRates, rates_of, renewal_rates
from tenants.states import Scenario

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ForecastDay:
    """One day. `balance` is the ledger's own (nothing renews); the other figures say what of its vacancy is open.

    `ending`, `ending_units`: m2 and number of units vacant because a tenancy ends between today and the day.
    `renewed`: the part of `ending` that stays let at the observed rates; None where no rate is known for some of it.
    """

    day: date
    balance: Balance
    ending: Decimal
    ending_units: int
    renewed: Decimal | None

    def kept(self, scenario: str) -> Decimal | None:
        """m2 of `ending` that stay let."""
        return {Scenario.NONE: NOTHING, Scenario.ALL: self.ending, Scenario.OBSERVED: self.renewed}[Scenario(scenario)]

    def vacant(self, scenario: str) -> Decimal | None:
        kept = self.kept(scenario)
        return None if kept is None else self.balance.areas[UnitState.VACANT] - kept

    @property
    def let_for_sure(self) -> Decimal:
        """m2 occupied, in holdover or signed, if nothing renews. Nobody knows when who has signed will move in."""
        return self.balance.taken + self.balance.areas[UnitState.COMMITTED]

    def let(self, scenario: str) -> Decimal | None:
        kept = self.kept(scenario)
        return None if kept is None else self.let_for_sure + kept

    def rate(self, scenario: str) -> Decimal | None:
        """The committed rate (`Balance.rate_committed`): let / lettable, four places."""
        let = self.let(scenario)
        return None if let is None else ratio(let, self.balance.lettable)


@dataclass(frozen=True, slots=True)
class UsedRate:
    """A rate and what it was applied to: m2 and units ending by the last day, and m2 of them that stay let."""

    rate: RenewalRate
    ending: Decimal
    units: int
    renewed: Decimal | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """`days` in their order; `rates`: those used on the last day, the largest area first.

    `history`: what they were taken from, of all parks, since `since`.
    """

    today: date
    days: list[ForecastDay]
    rates: list[UsedRate]
    since: date
    history: RenewalRate


def of(scope: ParkUnits, days: Sequence[date], *, today: date) -> Forecast:
    """The forecast of `days` (ascending). Eight queries, whatever the number of units.

    What is renewed is rounded for each park, so that a total is the sum of its parks in every scenario. Up to today
    nothing is open: the three scenarios are the ledger's answer.
    """
    recorded = trend(scope, days, today=today)
    open_areas = ending(scope, days, today=today)
    rates = renewal_rates(today=today)
    found = [_day(*each, rates) for each in zip(days, recorded, open_areas, strict=True)]
    return Forecast(today, found, _used(open_areas[-1], rates) if days else [], rates.since, rates.overall)


def by_park(days: Sequence[date], *, today: date) -> Iterator[tuple[int, list[ForecastDay]]]:
    """(park id, its forecast of `days`) for every park that has units then. A query for each day, and eight."""
    everywhere = ParkUnits(Park.objects.all())
    open_areas = ending(everywhere, days, today=today)
    rates = rates_of(today)
    balances_of = [balances(everywhere, "park", on=day, today=today) for day in days]
    for park in sorted(set().union(*balances_of)):
        of_park = [{park: each[park]} if park in each else {} for each in open_areas]
        found = zip(days, (each.get(park, EMPTY) for each in balances_of), of_park, strict=True)
        yield park, [_day(*each, rates) for each in found]


def _day(day: date, balance: Balance, open_areas: Mapping[int, Ending], rates: RenewalRates) -> ForecastDay:
    area = sum((each.area for each in open_areas.values()), NOTHING)
    units = sum(each.units for each in open_areas.values())
    return ForecastDay(day, balance, area, units, _sum([renewed(rates.of(park), each.area)
                                                        for park, each in open_areas.items()]))  # fmt: skip


def renewed(rate: RenewalRate, area: Decimal) -> Decimal | None:
    """The part of an area that stays let, to 0.01 m2; None where nothing has run out yet."""
    return None if rate.rate is None else (rate.rate * area).quantize(HUNDREDTH, ROUND_HALF_UP)


def _sum(areas: Sequence[Decimal | None]) -> Decimal | None:
    """The sum; None where a part is not known."""
    known = [area for area in areas if area is not None]
    return sum(known, NOTHING) if len(known) == len(areas) else None


def _used(open_areas: Mapping[int, Ending], rates: RenewalRates) -> list[UsedRate]:
    parts: dict[RenewalRate, list[Ending]] = defaultdict(list)
    for park, each in open_areas.items():
        parts[rates.of(park)].append(each)
    used = [
        UsedRate(
            rate,
            sum((each.area for each in of_rate), NOTHING),
            sum(each.units for each in of_rate),
            _sum([renewed(rate, each.area) for each in of_rate]),
        )
        for rate, of_rate in parts.items()
    ]
    return sorted(used, key=lambda each: (-each.ending, each.rate.kind or "", each.rate.park or 0))
