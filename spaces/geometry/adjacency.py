"""Which rooms of a floor are adjacent, by their shapes, and whether rooms are connected through adjacent ones."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import hypot

from shapely import Polygon, STRtree, get_coordinates, get_parts, intersection, union_all
from shapely.geometry.polygon import orient

from spaces.geometry.shapes import Points

WALL_M, DOOR_M = 0.4, 0.8
SLACK = 0.025  # of the thickness of a wall and the width of a door: hand-drawn lines are never exact


def adjacent_sets[Key: Hashable](pairs: Iterable[tuple[Key, Key]]) -> dict[Key, set[Key]]:
    """{key: the keys it is paired with}, in either order of a pair."""
    beside: dict[Key, set[Key]] = defaultdict(set)
    for one, other in pairs:
        beside[one].add(other)
        beside[other].add(one)
    return dict(beside)


def are_connected[Key: Hashable](keys: Collection[Key], pairs: Iterable[tuple[Key, Key]]) -> bool:
    """Whether every one of `keys` is reached from every other by pairs of them. True for one key, and for none."""
    inside = set(keys)
    beside = adjacent_sets(pair for pair in pairs if inside.issuperset(pair))
    waiting = [next(iter(inside))] if inside else []
    reached = set(waiting)
    while waiting:
        new = beside.get(waiting.pop(), set()) - reached
        reached |= new
        waiting += new
    return reached == inside


def adjacent_pairs[Key: Hashable](
    shapes: Mapping[Key, Points], *, wall: float = WALL_M, door: float = DOOR_M
) -> set[tuple[Key, Key]]:
    """Pairs of rooms that a door could join, each once, in the order of `shapes`.

    The rule: two rooms are adjacent if they face each other across a wall of at most `wall` (0.4 m, 0 for outlines
    that share a line), with nothing between them, along at least `door` (0.8 m, about a door's width) in all. Rooms
    that only meet at a corner, or face each other across a corridor or a shaft, are not.
    """
    keys = list(shapes)
    polygons = [orient(Polygon(shapes[key])) for key in keys]
    depth = wall * (1 + SLACK)
    tree = STRtree(polygons)
    facing: dict[tuple[int, int], float] = defaultdict(float)
    for place, polygon in enumerate(polygons):
        near = [int(other) for other in tree.query(polygon, predicate="dwithin", distance=depth)]
        for edge in pairwise(get_coordinates(polygon.exterior).tolist()):
            for other, length in _faced(edge, depth, polygons, near):
                facing[place, other] += length
    pairs = {(min(pair), max(pair)) for pair in facing if pair[0] != pair[1]}
    return {
        (keys[one], keys[other])
        for one, other in pairs
        if max(facing[one, other], facing[other, one]) >= door * (1 - SLACK)
    }


def _faced(
    edge: tuple[Sequence[float], Sequence[float]], depth: float, polygons: Sequence[Polygon], near: Sequence[int]
) -> Iterator[tuple[int, float]]:
    """(place of a polygon, length of the edge that faces it). The inside of the room lies to the left of its edge."""
    (x, y), (end_x, end_y) = edge
    length = hypot(end_x - x, end_y - y)
    if not length:
        return
    along = ((end_x - x) / length, (end_y - y) / length)
    out = (along[1], -along[0])

    def strip(start: float, end: float, begins: float) -> Polygon:
        corners = ((start, begins), (end, begins), (end, depth), (start, depth))
        return Polygon([(x + u * along[0] + v * out[0], y + u * along[1] + v * out[1]) for u, v in corners])

    before = strip(0, length, 0)
    pieces = []
    for other in near:
        piece = intersection(polygons[other], before)
        if piece.area > depth * depth * 1e-6:
            spot = get_coordinates(piece) - (x, y)
            u, v = spot @ along, spot @ out
            pieces.append((other, piece, float(u.min()), float(u.max()), float(v.min())))
    for other, piece, _start, _end, begins in pieces:
        hidden = [strip(u0, u1, v0) for _key, _piece, u0, u1, v0 in pieces if v0 < begins - depth * SLACK]
        open_to_it = piece.difference(union_all(hidden)) if hidden else piece
        spans = []
        for part in get_parts(open_to_it):
            if part.area:
                u = (get_coordinates(part) - (x, y)) @ along
                spans.append((float(u.min()), float(u.max())))
        yield other, _length(spans)


def _length(spans: Iterable[tuple[float, float]]) -> float:
    """The length of the union of spans."""
    total, reached = 0.0, float("-inf")
    for start, end in sorted(spans):
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return total
