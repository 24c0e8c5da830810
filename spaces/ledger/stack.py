"""The units of buildings on a day, floor by floor: for the stacking plan (叠图), its table and the API.

Three queries for any number of buildings and units. Areas are m2, summed by the ledger.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet

from spaces.ledger.balances import NOTHING, Balance, of_units, total
from spaces.ledger.unit_states import with_state
from spaces.models import Allocation, Building, Floor, Unit
from spaces.states import UnitState


class UnitOnDay(NamedTuple):
    """A unit on the day.

    `allocation`, `ends_on` (exclusive) and `held_until` belong to the allocation behind its state: the one that covers
    the day, or the overdue one; None for a vacant unit.
    """

    pk: int
    code: str
    floor: int
    use: str
    area: Decimal | None
    state: str
    promise: str
    allocation: int | None
    ends_on: date | None
    held_until: date | None

    @property
    def taken_as(self) -> str:
        """State by its allocation, also while the building is not ready."""
        return self.promise if self.state == UnitState.UNBUILT else self.state


@dataclass(frozen=True, slots=True)
class Storey:
    floor: Floor
    cells: Sequence[UnitOnDay]
    balance: Balance

    @property
    def not_itemised(self) -> Decimal:
        """Registered area that no unit accounts for; 0 where none is registered or the units exceed it."""
        registered = self.floor.usable_area
        return max(NOTHING, registered - self.balance.recorded) if registered is not None else NOTHING

    @property
    def extent(self) -> Decimal:
        """Area by which the floor is drawn: its units and what is not itemised."""
        return self.balance.recorded + self.not_itemised


@dataclass(frozen=True, slots=True)
class Stack:
    building: Building
    storeys: Sequence[Storey]
    balance: Balance


def of(buildings: Iterable[Building], *, on: date, today: date) -> list[Stack]:
    """The buildings in the order given, their floors top down, the units of a floor in the order of their codes."""
    buildings = list(buildings)
    units = Unit.objects.filter(floor__building__in=[building.pk for building in buildings])
    cells: dict[int, list[UnitOnDay]] = defaultdict(list)
    for cell in _cells(units, on=on, today=today):
        cells[cell.floor].append(cell)
    storeys: dict[int, list[Storey]] = defaultdict(list)
    for floor in Floor.objects.filter(building__in=[building.pk for building in buildings]).order_by("-level"):
        mine = cells[floor.pk]
        storeys[floor.building_id].append(Storey(floor, mine, of_units((cell.state, cell.area) for cell in mine)))
    return [
        Stack(building, storeys[building.pk], total(each.balance for each in storeys[building.pk]))
        for building in buildings
    ]


def _cells(units: QuerySet[Unit], *, on: date, today: date) -> Iterable[UnitOnDay]:
    known: QuerySet[Any] = with_state(units, on=on, today=today)
    rows = known.order_by("code_order").values_list(
        "pk", "code", "floor_id", "use", "usable_area", "state", "promise",
        "now__id", "now__ends_on", "now__held_until",
    )  # fmt: skip
    late = _overdue(units, on) if on <= today else {}
    for row in rows:
        cell = UnitOnDay(*row)
        if cell.state == UnitState.HOLDOVER:
            allocation, ends_on = late[cell.pk]
            yield cell._replace(allocation=allocation, ends_on=ends_on, held_until=None)
        elif cell.promise == UnitState.VACANT:  # a hold that has lapsed may still cover the day
            yield cell._replace(allocation=None, ends_on=None, held_until=None)
        else:
            yield cell


def _overdue(units: QuerySet[Unit], on: date) -> dict[int, tuple[int, date | None]]:
    """Unit id -> the overdue allocation and the day it ended."""
    late = Allocation.objects.filter(unit__in=units.order_by().values("pk")).overstaying(on)
    rows = late.order_by("ends_on", "pk").values_list("unit_id", "pk", "ends_on")
    return {unit: (allocation, ends_on) for unit, allocation, ends_on in rows}
