"""Adjacency of rooms of a floor for matching: by the plan if it is recorded, else by their numbers."""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from datetime import date
from enum import Enum
from itertools import combinations

from tenants.matching.inventory import InventoryUnit

type Run = tuple[int, ...]  # places of rooms in the order of their floor


class Joined(Enum):
    """Source of the adjacency of rooms."""

    PLAN = "plan"
    NUMBER = "number"


class ByNumber:
    """Rooms that follow each other in the order of their codes."""

    how = Joined.NUMBER

    def __init__(self, floor: Sequence[InventoryUnit], latest: date) -> None:
        self.floor = floor
        self.latest = latest

    def longer(self, run: Run, day: date) -> Iterator[Run]:
        """The run and one room to its right, skipping rooms that do not exist on all remaining days."""
        for place in range(run[-1] + 1, len(self.floor)):
            yield (*run, place)
            if self.floor[place].stands(day) and self.floor[place].stands(self.latest):
                return

    def between(self, run: Run) -> list[InventoryUnit]:
        return [self.floor[place] for place in range(run[0] + 1, run[-1]) if place not in run]

    def beside(self, run: Run, day: date) -> list[InventoryUnit]:
        """The nearest room on either side that exists on the day."""
        left = next((room for room in reversed(self.floor[: run[0]]) if room.stands(day)), None)
        right = next((room for room in self.floor[run[-1] + 1 :] if room.stands(day)), None)
        return [room for room in (left, right) if room is not None]

    def has_spare(self, run: Run, found: Collection[Run]) -> bool:
        """Whether fewer of these rooms are enough."""
        return any(run[start:end] in found for start, end in combinations(range(len(run) + 1), 2))


class ByPlan:
    """Rooms that are adjacent by the plan. A room that is not drawn is adjacent to none."""

    how = Joined.PLAN

    def __init__(self, floor: Sequence[InventoryUnit], adjacent: Mapping[int, Set[int]]) -> None:
        self.floor = floor
        places = {room.pk: place for place, room in enumerate(floor)}
        self.near: list[list[int]] = [sorted(places[pk] for pk in adjacent.get(room.pk, ())) for room in floor]

    def longer(self, run: Run, day: date) -> Iterator[Run]:  # noqa: ARG002 a wall stands on every day
        """The run and one more room adjacent to it. The same rooms are returned once for each order of adding them."""
        for place in run:
            for other in self.near[place]:
                if other not in run:
                    yield tuple(sorted((*run, other)))

    def between(self, run: Run) -> list[InventoryUnit]:  # noqa: ARG002 they share walls, so nothing stands between
        return []

    def beside(self, run: Run, day: date) -> list[InventoryUnit]:
        around = {other for place in run for other in self.near[place]}.difference(run)
        return [self.floor[place] for place in sorted(around) if self.floor[place].stands(day)]

    def has_spare(self, run: Run, found: Collection[Run]) -> bool:
        return any(part in found for many in range(1, len(run)) for part in combinations(run, many))
