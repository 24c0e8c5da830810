"""What is recorded of a day, for the measures that are published."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from spaces.ledger.balances import Balance, total
from spaces.ledger.park_units import ParkGroup, ParkUnits
from spaces.ledger.sums import balances
from spaces.models import Ecosystem, Park, ParkPeriod, PublishedFigure
from spaces.models.figures import Measure
from spaces.states import ParkKind
from spaces.values.lifetimes import has_opened
from spaces.values.periods import Period

type Scope = tuple[int | None, int | None]  # id of an ecosystem, id of a park; both None: the province
INCUBATORS = ParkGroup(industrial=False)


class Belonging(NamedTuple):
    """A period of a park, with its ids; the last day is exclusive."""

    park: int
    opened_on: date | None
    ecosystem: int | None
    kind: str
    starts_on: date
    ends_on: date | None

    def is_open(self, day: date, *, this_year: bool) -> bool:
        """Whether the park is open on a day of the period, and opened in its year if asked."""
        if this_year and (self.opened_on is None or self.opened_on.year != day.year):
            return False
        return has_opened(self.opened_on, day) and Period(self.starts_on, self.ends_on).covers(day)


class Register:
    """The number of ecosystems and the belongings of parks on all days, each read when it is first asked for."""

    @cached_property
    def ecosystems(self) -> int:
        return Ecosystem.objects.count()

    @cached_property
    def belongings(self) -> list[Belonging]:
        columns = ("park", "park__opened_on", "ecosystem", "kind", "starts_on", "ends_on")
        return [Belonging(*row) for row in ParkPeriod.objects.values_list(*columns)]


@dataclass
class DayRecord:
    """Areas (m2) and numbers of a day by scope, each read when it is first asked for.

    Of the province and the ecosystems it holds the open incubators; of the single `parks`, those that are open.
    """

    day: date
    today: date
    parks: Collection[int]
    register: Register
    _balances: dict[tuple[str, bool], dict[Any, Balance]] = field(default_factory=dict)

    def recorded(self, figure: PublishedFigure) -> Decimal | None:
        """The recorded number for the measure and scope of a figure; None: not in the ledger."""
        scope = (figure.ecosystem_id, figure.park_id)
        match figure.measure:
            case Measure.LETTABLE_AREA:
                return self._area(scope, new=False)
            case Measure.NEW_LETTABLE_AREA:
                return self._area(scope, new=True)
            case Measure.INCUBATORS:
                return self._number(scope, new=False)
            case Measure.NEW_INCUBATORS:
                return self._number(scope, new=True)
            case Measure.ECOSYSTEMS:
                return Decimal(self.register.ecosystems)
            case _:
                return None

    def _area(self, scope: Scope, *, new: bool) -> Decimal:
        """The lettable area of a scope; `new`: of its parks that opened in the year of the day."""
        ecosystem, park = scope
        by = "park" if park else "ecosystem"
        if (by, new) not in self._balances:
            self._balances[by, new] = self._asked(by, new=new)
        found = self._balances[by, new]
        key = park or ecosystem
        return total(found.values() if key is None else [found[key]] if key in found else []).lettable

    def _asked(self, by: str, *, new: bool) -> dict[Any, Balance]:
        """Before a park opens none of its area is lettable: it need not be left out."""
        opened = {"opened_on__year": self.day.year, "opened_on__lte": self.day} if new else {}
        parks = Park.objects.filter(**opened)
        scope = ParkUnits(parks.filter(pk__in=self.parks)) if by == "park" else ParkUnits(parks, INCUBATORS)
        return balances(scope, by, on=self.day, today=self.today)

    def _number(self, scope: Scope, *, new: bool) -> Decimal:
        """How many parks of a scope are open; `new`: of those that opened in the year of the day."""
        ecosystem, park = scope
        opened = [each for each in self.register.belongings if each.is_open(self.day, this_year=new)]
        if park:
            return Decimal(sum(each.park == park for each in opened))
        incubators = [each for each in opened if each.kind != ParkKind.INDUSTRIAL_PARK]
        return Decimal(sum(ecosystem in {None, each.ecosystem} for each in incubators))
