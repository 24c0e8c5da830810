"""Adjacency of the units of a floor, found from their shapes. Pairs set by a person are left unchanged."""

from collections.abc import Collection, Iterable
from decimal import Decimal

from django.db.models import Q, prefetch_related_objects

from spaces import changes
from spaces.actions.retry import atomic_with_retry
from spaces.actions.writing import remove
from spaces.geometry import shapes
from spaces.geometry.adjacency import adjacent_pairs
from spaces.models import Adjacency, FloorPlan, Unit, UnitShape, User
from spaces.models.floorplans import AdjacencySource

type Pair = tuple[int, int]  # ids of units, the lower first

# Of the longer side, if the size of the plan is not known: about a wall and a door of a floor 40 m long.
WALL_PART, DOOR_PART = 0.01, 0.02


@atomic_with_retry
def find(plan: FloorPlan, *, by: User | None) -> None:
    """Record which units on `plan` are adjacent by their shapes. An older version than the newest changes nothing.

    Removes found pairs that the shapes no longer show. Leaves pairs set by a person, and units without a shape.
    """
    if FloorPlan.objects.filter(floor=plan.floor_id, valid_from__gt=plan.valid_from).exists():
        return
    drawn = list(plan.shapes.select_related("unit__floor__building").order_by("unit"))
    seen = pairs_of(plan, drawn)
    ids = {shape.unit_id for shape in drawn}
    known = Adjacency.objects.filter(first__in=ids, second__in=ids).select_related("first__floor__building", "second")
    for row in known:
        if row.source == AdjacencySource.FOUND and _pair(row) not in seen:
            remove(row, "remove", by=by, why="")
    units = {shape.unit_id: shape.unit for shape in drawn}
    new = sorted(seen - {_pair(row) for row in known})
    rows = [
        Adjacency(first=units[one], second=units[other], connected=True, source=AdjacencySource.FOUND)
        for one, other in new
    ]
    Adjacency.objects.bulk_create(rows, batch_size=500)
    changes.record_many(rows, "find", by=by)


def carry_over(old: Collection[Unit], made: Unit, *, by: User | None) -> None:
    """Record that a merged unit is adjacent to whatever its parts were adjacent to; connected if any of them was.

    Nothing is recorded for the parts of a split until they are drawn or set.
    """
    parts = {unit.pk for unit in old}
    known = Adjacency.objects.filter(Q(first__in=parts) | Q(second__in=parts)).order_by("connected", "source", "pk")
    pairs = known.select_related("first__floor__building", "second__floor__building")
    beside = {unit: pair for pair in pairs for unit in (pair.first, pair.second) if unit.pk not in parts}
    rows = [
        Adjacency(first=unit, second=made, connected=pair.connected, source=pair.source)  # its id is the higher one
        for unit, pair in sorted(beside.items(), key=lambda item: item[0].pk)
    ]
    Adjacency.objects.bulk_create(rows, batch_size=500)
    changes.record_many(rows, "merge", by=by)


def pairs_of(plan: FloorPlan, drawn: Iterable[UnitShape]) -> set[Pair]:
    """Adjacent units by the rule of `adjacent_pairs`, in metres where the plan has a scale.

    Otherwise the scale follows from the recorded areas of the units drawn; without those, walls and doors are measured
    as parts of the longer side.
    """
    drawn = list(drawn)
    high = plan.height_px / plan.width_px
    wide = _metres_wide(plan, drawn, high)
    points = {
        shape.unit_id: [(x * (wide or 1.0), y * high * (wide or 1.0)) for x, y in shape.points]
        for shape in sorted(drawn, key=lambda shape: shape.unit_id)
    }
    if wide is None:
        side = max(1.0, high)
        return adjacent_pairs(points, wall=WALL_PART * side, door=DOOR_PART * side)
    return adjacent_pairs(points)


def _metres_wide(plan: FloorPlan, drawn: Collection[UnitShape], high: float) -> float | None:
    if plan.metres_wide is not None:
        return float(plan.metres_wide)
    prefetch_related_objects(list(drawn), "unit__periods")
    measured = [(shape.unit.usable_area, shapes.area(shape.points)) for shape in drawn]
    square_metres = sum((area for area, _part in measured if area is not None), Decimal(0))
    parts = sum(part for area, part in measured if area is not None)
    return (float(square_metres) / (parts * high)) ** 0.5 if parts else None


def _pair(row: Adjacency) -> Pair:
    return row.first_id, row.second_id
