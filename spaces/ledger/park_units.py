"""Sets of units that the month ledger can answer for: all units of some parks, or of a group of them."""

from dataclasses import dataclass
from typing import Any, Self

from django.db.models import QuerySet

from spaces.models import Ecosystem, Park, Unit
from spaces.models.people import AnyUser
from spaces.states import ParkKind


@dataclass(frozen=True, slots=True)
class ParkGroup:
    """All parks of a kind, industrial or not, in an ecosystem (id; None: anywhere)."""

    industrial: bool
    ecosystem: int | None = None


@dataclass(frozen=True, slots=True)
class ParkUnits:
    """All units of `parks`. `group`: what these parks are together, where that has sums of its own."""

    parks: QuerySet[Park]
    group: ParkGroup | None = None

    @classmethod
    def of_group(cls, user: AnyUser, *, industrial: bool = False, ecosystem: Ecosystem | None = None) -> Self:
        """The parks of a group that the user may see; the sums of the group only where those are all of them."""
        seen: Any = Park.objects.visible_to(user)
        everything = not seen.query.where
        parks = seen.filter(kind=ParkKind.INDUSTRIAL_PARK) if industrial else seen.incubators()
        if ecosystem is not None:
            parks = parks.filter(ecosystem=ecosystem)
        return cls(parks, ParkGroup(industrial, None if ecosystem is None else ecosystem.pk) if everything else None)

    @property
    def units(self) -> QuerySet[Unit]:
        return Unit.objects.filter(floor__building__park__in=self.parks.order_by().values("pk"))
