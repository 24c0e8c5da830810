"""Sets of units that the month ledger can answer for: all units of some parks, or of a group of them."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from django.db.models import Q, QuerySet

from spaces.models import Ecosystem, Park, ParkPeriod, Unit
from spaces.models.people import AnyUser
from spaces.models.places import ParkQuerySet
from spaces.states import ParkKind


@dataclass(frozen=True, slots=True)
class ParkGroup:
    """All parks that are industrial on a day, or all that are not; None for both.

    `ecosystem`: its id, 0 for none, None for any.
    """

    industrial: bool | None
    ecosystem: int | None = None

    @property
    def condition(self) -> Q:
        """The condition that picks the periods of parks in the group."""
        industrial = Q(kind=ParkKind.INDUSTRIAL_PARK)
        of_kind = Q() if self.industrial is None else industrial if self.industrial else ~industrial
        return of_kind if self.ecosystem is None else of_kind & Q(ecosystem=self.ecosystem or None)


@dataclass(frozen=True, slots=True)
class ParkUnits:
    """All units of `parks`; with a `group`, on each day of those that belong to it on that day."""

    parks: ParkQuerySet
    group: ParkGroup | None = None

    @classmethod
    def of_group(cls, user: AnyUser, *, industrial: bool = False, ecosystem: Ecosystem | None = None) -> Self:
        """The parks of a group that the user may see."""
        group = ParkGroup(industrial, None if ecosystem is None else ecosystem.pk)
        return cls(Park.objects.visible_to(user), group)

    @property
    def whole_group(self) -> bool:
        """Whether the sums of a group are those of these parks: none of it is left out."""
        return self.group is not None and not self.parks.query.where

    def periods(self) -> QuerySet[ParkPeriod]:
        """The periods in which `parks` belong to the group."""
        mine = ParkPeriod.objects.filter(park__in=self.parks.order_by().values("pk"))
        return mine if self.group is None else mine.filter(self.group.condition)

    def parks_on(self, on: date) -> ParkQuerySet:
        """The parks that count on a day."""
        if self.group is None:
            return self.parks
        then = ParkPeriod.objects.covering(on).filter(self.group.condition)
        return self.parks.filter(pk__in=then.values("park"))

    def units_on(self, on: date) -> QuerySet[Unit]:
        """The units of the parks that count on a day."""
        return _units(self.parks_on(on))

    @property
    def units(self) -> QuerySet[Unit]:
        """The units of `parks`, whether they belong to the group on any day or not."""
        return _units(self.parks)


def _units(parks: QuerySet[Park]) -> QuerySet[Unit]:
    return Unit.objects.filter(floor__building__park__in=parks.order_by().values("pk"))
