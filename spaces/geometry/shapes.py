"""Shapes of rooms on a floor: size, validity, overlap, computed by GEOS. No database access.

A shape is a list of (x, y) corners in order, open or closed. Lengths are in the unit of the caller, metres by default.
"""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from enum import Enum

from shapely import (
    LineString,
    MultiPoint,
    Point,
    Polygon,
    STRtree,
    get_coordinates,
    get_parts,
    polygonize,
    union_all,
)
from shapely.validation import explain_validity

CORNERS = 3  # the fewest of a shape
SPOT = re.compile(r"\[(\S+) (\S+?)\]")

type Spot = tuple[float, float]
type Points = Sequence[Sequence[float]]


class Fault(Enum):
    """Why points are not a valid shape of a room."""

    FEW = "few"
    FLAT = "flat"
    CROSSING = "crossing"


def area(points: Points) -> float:
    """In the square of the unit of the points, never negative."""
    return float(Polygon(points).area)


def fault(points: Points) -> Fault | None:
    """None for a valid shape: three corners or more, an area, and an outline that does not cross itself."""
    if len({tuple(point) for point in points}) < CORNERS:
        return Fault.FEW
    shape = Polygon(points)
    if not shape.is_valid:
        return Fault.CROSSING if shape.convex_hull.area else Fault.FLAT
    return None if shape.area else Fault.FLAT


def crossing(points: Points) -> Spot:
    """The first point at which an outline crosses itself, where `fault` is CROSSING."""
    x, y = SPOT.findall(explain_validity(Polygon(points)))[0]
    return float(x), float(y)


def simplified(points: Points, *, most: int, tolerance: float) -> list[Spot]:
    """The outline with at most `most` corners, if that is possible by leaving out corners within `tolerance` of it."""
    if len(points) <= most:
        return [(x, y) for x, y in points]
    return [(x, y) for x, y in get_coordinates(Polygon(points).simplify(tolerance).exterior).tolist()[:-1]]


def centre(points: Points) -> Spot:
    """The centre of gravity; of a bent shape it may lie outside."""
    middle = Polygon(points).centroid
    return middle.x, middle.y


def inside(points: Points) -> Spot:
    """A point within the shape, for its label."""
    spot = Polygon(points).representative_point()
    return spot.x, spot.y


def closed(lines: Sequence[Points], *, grid: float) -> tuple[list[list[Spot]], list[Spot]]:
    """(outlines closed by lines that meet, loose ends). Corners are snapped to the grid.

    Of two nested outlines both are returned, each complete.
    """
    x0, y0 = lines[0][0][:2]  # far from the origin the grid would be finer than floats can represent
    moved = [LineString([(x - x0, y - y0) for x, y in line]) for line in lines]
    noded = get_parts(union_all(moved, grid_size=grid))
    rings = [get_coordinates(polygon.exterior).tolist()[:-1] for polygon in get_parts(polygonize(noded))]
    met = Counter(end for line in noded for end in (line.coords[0], line.coords[-1]))
    ends = [end for end, many in met.items() if many == 1]
    return [[(x + x0, y + y0) for x, y in ring] for ring in sorted(rings)], [(x + x0, y + y0) for x, y in sorted(ends)]


def crossings(lines: Sequence[Points]) -> int:
    """The number of pairs of lines that meet: the work of `closed`."""
    made = [LineString(line) for line in lines]
    return (len(STRtree(made).query(made)[0]) - len(made)) // 2


def box(shapes: Iterable[Points]) -> tuple[float, float, float, float]:
    """The least and the greatest x and y of all corners: (x, y, x, y)."""
    x0, y0, x1, y1 = MultiPoint([point for points in shapes for point in points]).bounds
    return x0, y0, x1, y1


class Shapes[Key: Hashable]:
    """An index of many shapes, which finds those that a point lies in."""

    def __init__(self, shapes: Mapping[Key, Points]) -> None:
        self.keys = list(shapes)
        self.tree = STRtree([Polygon(points) for points in shapes.values()])

    def around(self, point: Sequence[float]) -> list[Key]:
        return [self.keys[place] for place in sorted(self.tree.query(Point(point), predicate="within").tolist())]


def meetings[Key: Hashable](shapes: Mapping[Key, Points]) -> int:
    """The number of pairs of shapes whose bounds meet: the work of `overlaps`."""
    polygons = [Polygon(points) for points in shapes.values()]
    return (len(STRtree(polygons).query(polygons)[0]) - len(polygons)) // 2 if polygons else 0


def overlaps[Key: Hashable](shapes: Mapping[Key, Points], *, least: float) -> list[tuple[Key, Key, float]]:
    """Pairs that share more area than `least`, each once, in the order of `shapes`, with the area they share."""
    keys = list(shapes)
    polygons = [Polygon(shapes[key]) for key in keys]
    if not polygons:  # GEOS requires at least one
        return []
    firsts, seconds = STRtree(polygons).query(polygons, predicate="intersects")
    pairs = sorted((int(one), int(other)) for one, other in zip(firsts, seconds, strict=True) if one < other)
    shared = ((one, other, float(polygons[one].intersection(polygons[other]).area)) for one, other in pairs)
    return [(keys[one], keys[other], common) for one, other, common in shared if common > least]
