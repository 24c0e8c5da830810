"""The rooms that the polylines of a layer outline, in metres: arcs unfolded, area exact, faults reported."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from math import atan, ceil, cos, hypot, radians, sin
from statistics import median
from typing import Any

from spaces.dxf.drawn_rooms import CENT, DrawingProblem, DrawnRoom, Fix
from spaces.dxf.length_units import area_in_each, from_metres, to_metres, to_millimetres, to_square_metres
from spaces.geometry import corners, shapes
from spaces.geometry.shapes import Fault, Spot

CLOSED_MM = 1.0  # ends no farther apart than this are joined
MOST_ROOMS = 500  # on one floor
MOST_MEETINGS = 10_000  # of rooms whose bounds meet: on a floor each meets the adjacent ones
MOST_CORNERS = 2_000  # of one outline, arcs unfolded
MOST_PIECES = 200_000  # of all arcs of a layer
STEP = radians(7.5)  # of an arc that becomes straight pieces
FINE_STEP = radians(1)  # of an arc among loose lines, whose area is measured on the pieces: right to 0.01 %
MOST_LINES = 2_000  # loose ones of a layer that are closed to outlines
GRID_M = 0.0001  # on which they meet
FORMED = "~"  # prefix of the handle of an outline formed from lines
SMOOTH_M = 0.02  # corners that may be left out where there are too many
SHARED_M2 = 0.05  # of two rooms: smaller overlaps come from hand-drawn lines
# Plausible sizes of the median room: from a desk to a hall.
LEAST_M2, MOST_M2 = 1.0, 5_000.0


def same(one: str, other: str) -> bool:
    """Whether two names are the same layer, whatever their case."""
    return one.casefold() == other.casefold()


def find_outlines(
    content: Mapping[str, Any], *, layer: str, unit: str, joined: bool
) -> tuple[list[DrawnRoom], list[DrawingProblem]]:
    """(rooms without their labels, problems) of the closed polylines of a layer, in the order of the drawing.

    If `joined`, rooms that loose lines and open polylines close follow.
    """
    found: list[DrawnRoom] = []
    drawn = [line for line in content["outlines"] if same(line["layer"], layer)]
    formed, problems = _formed(content, drawn, layer, unit, joined=joined)
    if joined:
        drawn = [line for line in drawn if line["closed"]] + formed
    if len(drawn) > MOST_ROOMS:
        return [], [DrawingProblem(Fix.MANY, layer, facts={"many": len(drawn)})]
    arcs = sum(1 for line in drawn for _x, _y, bulge in line["points"] if bulge)
    for line in drawn:
        made = _room(line, unit, MOST_PIECES // max(arcs, 1))
        (problems if isinstance(made, DrawingProblem) else found).append(made)  # type: ignore[arg-type]
    if not drawn:
        blocks = sum(each["blocks"] for each in content["layers"] if same(each["name"], layer))
        problems.append(DrawingProblem(Fix.EMPTY, layer, facts={"blocks": blocks}))
    areas = [room.exact for room in found]
    if areas and not LEAST_M2 <= median(areas) <= MOST_M2:
        problems.append(DrawingProblem(Fix.UNIT, layer, facts=_units_that_fit(median(areas), unit)))
    problems += _shared(found)
    return found, problems


def _formed(
    content: Mapping[str, Any], drawn: Sequence[Mapping[str, Any]], layer: str, unit: str, *, joined: bool
) -> tuple[list[Mapping[str, Any]], list[DrawingProblem]]:
    """Outlines that loose lines and open polylines close, and loose ends; if not `joined`, only their number."""
    loose = [line["points"] for line in content.get("lines", ()) if same(line["layer"], layer)]
    loose += [line["points"] for line in drawn if not line["closed"]]
    if not loose or len(loose) > MOST_LINES:
        return [], []
    lines = [_unfolded([*points[:-1], [*points[-1][:2], 0]], MOST_CORNERS, FINE_STEP) for points in loose]
    if shapes.crossings(lines) > MOST_MEETINGS:
        return [], []
    rings, ends = shapes.closed(lines, grid=from_metres(GRID_M, unit))
    if not joined:
        return [], [DrawingProblem(Fix.CLOSABLE, layer, facts={"areas": len(rings)})] if rings else []
    outlines: list[Mapping[str, Any]] = [
        {"layer": layer, "handle": f"{FORMED}{number}", "closed": True, "points": [[x, y, 0] for x, y in ring]}
        for number, ring in enumerate(rings, start=1)
    ]
    return outlines, [DrawingProblem(Fix.LOOSE, layer, at=ends[0], facts={"ends": ends})] if ends else []


def _room(line: Mapping[str, Any], unit: str, pieces: int) -> DrawnRoom | DrawingProblem:
    """The room of a polyline, with its corners converted from `unit` to metres."""
    points = line["points"]

    def problem(fix: Fix, at: Spot, **facts: Any) -> DrawingProblem:
        return DrawingProblem(fix, line["layer"], line["handle"], at, facts)

    if len(points) > MOST_CORNERS:
        return problem(Fix.CORNERS, tuple(points[0][:2]), corners=len(points))
    if not line["closed"]:
        (x0, y0, _bulge), (x1, y1, bulge) = points[0], points[-1]
        gap = to_millimetres(hypot(x1 - x0, y1 - y0), unit)
        if gap > CLOSED_MM:
            return problem(Fix.OPEN, (x1, y1), mm=gap)
        points = [*points[:-1], [x1, y1, 0]] if bulge else points
    straight = shapes.simplified(_unfolded(points, pieces), most=corners.MOST, tolerance=from_metres(SMOOTH_M, unit))
    fault = shapes.fault(straight)
    if fault is Fault.CROSSING:
        return problem(Fix.CROSSING, shapes.crossing(straight))
    if fault is not None:
        return problem(Fix.FLAT, straight[0])
    if len(straight) > corners.MOST:
        return problem(Fix.CORNERS, straight[0], corners=len(straight))
    return DrawnRoom(
        handle=line["handle"],
        layer=line["layer"],
        points=[to_metres(spot, unit) for spot in straight],
        corner=straight[0],
        exact=to_square_metres(_area(points), unit),
    )


def _unfolded(points: Sequence[Sequence[float]], most: int, step_angle: float = STEP) -> list[Spot]:
    """At most `most` straight pieces between points of each arc. A bulge is the tangent of a quarter of its angle."""
    spots: list[Spot] = []
    most = max(1, min(most, MOST_CORNERS // len(points) + 1))
    for (x0, y0, bulge), (x1, y1, _next) in pairwise([*points, points[0]]):
        spots.append((x0, y0))
        angle = 4 * atan(bulge)
        if not bulge or (x0, y0) == (x1, y1):
            continue
        pull = (1 / bulge - bulge) / 4  # from the middle of the chord to the centre, in chords
        centre_x = (x0 + x1) / 2 - (y1 - y0) * pull
        centre_y = (y0 + y1) / 2 + (x1 - x0) * pull
        steps = min(ceil(abs(angle) / step_angle), most)
        for step in range(1, steps):
            turn = angle * step / steps
            x, y = x0 - centre_x, y0 - centre_y
            spots.append((centre_x + x * cos(turn) - y * sin(turn), centre_y + x * sin(turn) + y * cos(turn)))
    return spots


def _area(points: Sequence[Sequence[float]]) -> float:
    """The exact area, arcs included: the polygon of the corners and the segments between chords and arcs."""
    x, y = points[0][:2]  # national coordinates are so large that the last digits would be lost
    doubled = 0.0
    for (x0, y0, bulge), (x1, y1, _next) in pairwise([*points, points[0]]):
        doubled += (x0 - x) * (y1 - y) - (x1 - x) * (y0 - y)
        if bulge:
            angle = 4 * atan(bulge)
            radius = hypot(x1 - x0, y1 - y0) * (1 + bulge * bulge) / (4 * bulge)
            doubled += radius * radius * (angle - sin(angle))
    return abs(doubled) / 2


def _shared(rooms: Sequence[DrawnRoom]) -> list[DrawingProblem]:
    """Problems of rooms that overlap. Neither room is sound: the shared area belongs to an unknown one of them."""
    points = {place: room.points for place, room in enumerate(rooms)}
    if shapes.meetings(points) > MOST_MEETINGS:
        return [DrawingProblem(Fix.TANGLED, rooms[0].layer)]
    problems = []
    for one, other, area in shapes.overlaps(points, least=SHARED_M2):
        small, large = sorted((rooms[one], rooms[other]), key=lambda room: room.exact)
        fix = Fix.INSIDE if area >= small.exact - SHARED_M2 else Fix.OVERLAP
        problems.append(small.problem(fix, other=large.handle, area=Decimal(area).quantize(CENT)))
        small.sound = large.sound = False
    return problems


def _units_that_fit(middle: float, unit: str) -> dict[str, Any]:
    """{unit: area of the median room} for the units in which it has a plausible size, the likeliest first."""
    areas = area_in_each(middle, unit)
    fitting = {name: area for name, area in areas.items() if LEAST_M2 <= area <= MOST_M2}
    likely = sorted(fitting, key=lambda name: max(fitting[name] / 50, 50 / fitting[name]))
    return {"unit": unit, "area": middle, "fits": {name: Decimal(fitting[name]).quantize(CENT) for name in likely}}
