"""Sums of an import by floor."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from spaces.actions.imports import ImportEntry
from spaces.models import Floor


@dataclass(frozen=True, slots=True)
class FloorSum:
    """The rooms of the file on one floor: how many, how many without an area, their area exactly and as rounded."""

    floor: Floor
    rooms: int
    without_area: int
    exact: Decimal
    area: Decimal


def floor_sums(entries: Iterable[ImportEntry]) -> list[FloorSum]:
    """Sums by floor, ordered by building and level."""
    by_floor: dict[tuple[str, int], list[ImportEntry]] = {}
    for entry in entries:
        floor = entry.unit.floor
        by_floor.setdefault((floor.building.code, floor.level), []).append(entry)
    sums = []
    for key in sorted(by_floor):
        rooms = by_floor[key]
        measured = [entry.line for entry in rooms if "usable_area" in entry.line.exact]
        exact = sum((line.exact["usable_area"] for line in measured), Decimal(0))
        area = sum((line.facts["usable_area"] for line in measured), Decimal("0.00"))
        sums.append(FloorSum(rooms[0].unit.floor, len(rooms), len(rooms) - len(measured), exact, area))
    return sums
