"""Polylines of a drawing as outlines of rooms in metres: arcs unfolded, area exact, faults told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from itertools import pairwise
from math import atan, ceil, cos, hypot, radians, sin
from statistics import median
from typing import Any

from spaces.geometry import corners, shapes
from spaces.geometry.shapes import Fault, Spot

METRES = {"mm": 0.001, "cm": 0.01, "m": 1.0, "in": 0.0254, "ft": 0.3048}
INSUNITS = {1: "in", 2: "ft", 4: "mm", 5: "cm", 6: "m"}
CLOSED_MM = 1.0  # ends that lie no farther apart are one
MOST_ROOMS = 500  # on one floor
MOST_MEETINGS = 10_000  # of rooms whose bounds meet: on a floor each meets its neighbours
MOST_CORNERS = 2_000  # of one outline, arcs unfolded
MOST_PIECES = 200_000  # of all arcs of a layer
STEP = radians(7.5)  # of an arc that becomes straight pieces
FINE_STEP = radians(1)  # of an arc among loose lines, whose area is measured on the pieces: right to 0.01 %
MOST_LINES = 2_000  # loose ones of a layer that are closed to outlines
GRID_M = 0.0001  # on which they meet
FORMED = "~"  # begins the handle of an outline that the drawing does not have as such
SMOOTH_M = 0.02  # corners that may go where there are too many
SHARED_M2 = 0.05  # of two rooms: less is how hand-drawn lines meet
# The room in the middle, by size. An office, a hall and a desk all lie in it.
LEAST_M2, MOST_M2 = 1.0, 5_000.0
CENT = Decimal("0.01")


class Fix(Enum):
    """What is wrong with a drawing; each has its words and its remedy in `spaces.dxf.messages`."""

    OPEN = "open"
    CROSSING = "crossing"
    FLAT = "flat"
    CORNERS = "corners"
    OVERLAP = "overlap"
    INSIDE = "inside"
    NO_LABEL = "no_label"
    TWO_LABELS = "two_labels"
    LABEL_TWICE = "label_twice"
    BAD_LABEL = "bad_label"
    ELSEWHERE = "elsewhere"
    GONE = "gone"
    UNIT = "unit"
    EMPTY = "empty"
    MANY = "many"
    UNREAD = "unread"
    CLOSABLE = "closable"
    LOOSE = "loose"
    OUTSIDE = "outside"
    UNCLEAR = "unclear"
    NEAR = "near"
    SCALE = "scale"
    TANGLED = "tangled"


WHOLE = {Fix.UNIT, Fix.EMPTY, Fix.MANY, Fix.TANGLED}  # nothing can be taken over of a drawing that has one


@dataclass(frozen=True, slots=True)
class Problem:
    """At a polyline of a layer and a place of the drawing, in its own unit; with no handle about more than one."""

    fix: Fix
    layer: str
    handle: str = ""
    at: Spot | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Outline:
    """A room as it is drawn: corners in metres, x to the right and y up; `exact` in m2. Taken over if `sound`."""

    handle: str
    layer: str
    points: list[Spot]
    exact: float
    sound: bool = True

    @property
    def area(self) -> Decimal:
        return Decimal(self.exact).quantize(CENT)


def unit_of(content: Mapping[str, Any]) -> str:
    """What the drawing says of itself, "" where it says nothing that we take."""
    return INSUNITS.get(content["units"], "")


def same(one: str, other: str) -> bool:
    """Layers are told apart without regard to capital letters."""
    return one.casefold() == other.casefold()


def find_outlines(
    content: Mapping[str, Any], *, layer: str, unit: str, joined: bool
) -> tuple[list[Outline], list[Problem]]:
    """The closed polylines of a layer, in the order of the drawing, and what is wrong with any of them.

    If `joined`, the outlines that its loose lines and open polylines close come after them.
    """
    found: list[Outline] = []
    drawn = [told for told in content["outlines"] if same(told["layer"], layer)]
    formed, problems = _formed(content, drawn, layer, unit, joined=joined)
    if joined:
        drawn = [told for told in drawn if told["closed"]] + formed
    if len(drawn) > MOST_ROOMS:
        return [], [Problem(Fix.MANY, layer, facts={"many": len(drawn)})]
    arcs = sum(1 for told in drawn for _x, _y, bulge in told["points"] if bulge)
    for told in drawn:
        made = _outline(told, METRES[unit], MOST_PIECES // max(arcs, 1))
        (problems if isinstance(made, Problem) else found).append(made)  # type: ignore[arg-type]
    if not drawn:
        problems.append(Problem(Fix.EMPTY, layer, facts={"blocks": _blocks(content, layer)}))
    areas = [outline.exact for outline in found]
    if areas and not LEAST_M2 <= median(areas) <= MOST_M2:
        problems.append(Problem(Fix.UNIT, layer, facts=_units_that_fit(median(areas), unit)))
    problems += _shared(found, METRES[unit])
    return found, problems


def _formed(
    content: Mapping[str, Any], drawn: Sequence[Mapping[str, Any]], layer: str, unit: str, *, joined: bool
) -> tuple[list[Mapping[str, Any]], list[Problem]]:
    """What loose lines and open polylines close: offered where it was not asked for, else with the ends left over."""
    loose = [told["points"] for told in content.get("lines", ()) if same(told["layer"], layer)]
    loose += [told["points"] for told in drawn if not told["closed"]]
    if not loose or len(loose) > MOST_LINES:
        return [], []
    lines = [_unfolded([*points[:-1], [*points[-1][:2], 0]], MOST_CORNERS, FINE_STEP) for points in loose]
    if shapes.crossings(lines) > MOST_MEETINGS:
        return [], []
    rings, ends = shapes.closed(lines, grid=GRID_M / METRES[unit])
    if not joined:
        return [], [Problem(Fix.CLOSABLE, layer, facts={"areas": len(rings)})] if rings else []
    told: list[Mapping[str, Any]] = [
        {"layer": layer, "handle": f"{FORMED}{number}", "closed": True, "points": [[x, y, 0] for x, y in ring]}
        for number, ring in enumerate(rings, start=1)
    ]
    return told, [Problem(Fix.LOOSE, layer, at=ends[0], facts={"ends": ends})] if ends else []


def _outline(told: Mapping[str, Any], metres: float, pieces: int) -> Outline | Problem:
    points = told["points"]
    if len(points) > MOST_CORNERS:
        return Problem(Fix.CORNERS, told["layer"], told["handle"], tuple(points[0][:2]), {"corners": len(points)})
    if not told["closed"]:
        (x0, y0, _bulge), (x1, y1, bulge) = points[0], points[-1]
        gap = hypot(x1 - x0, y1 - y0) * metres * 1000
        if gap > CLOSED_MM:
            return Problem(Fix.OPEN, told["layer"], told["handle"], (x1, y1), {"mm": gap})
        points = [*points[:-1], [x1, y1, 0]] if bulge else points
    straight = shapes.simplified(_unfolded(points, pieces), most=corners.MOST, tolerance=SMOOTH_M / metres)
    fault = shapes.fault(straight)
    if fault is Fault.CROSSING:
        return Problem(Fix.CROSSING, told["layer"], told["handle"], shapes.crossing(straight))
    if fault is not None:
        return Problem(Fix.FLAT, told["layer"], told["handle"], straight[0])
    if len(straight) > corners.MOST:
        return Problem(Fix.CORNERS, told["layer"], told["handle"], straight[0], {"corners": len(straight)})
    return Outline(
        told["handle"], told["layer"], [(x * metres, y * metres) for x, y in straight], _area(points) * metres * metres
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
    """Exact, arcs included: the polygon of the corners and the segments between chords and arcs."""
    x, y = points[0][:2]  # a drawing in the coordinates of a country would lose its last digits
    doubled = 0.0
    for (x0, y0, bulge), (x1, y1, _next) in pairwise([*points, points[0]]):
        doubled += (x0 - x) * (y1 - y) - (x1 - x) * (y0 - y)
        if bulge:
            angle = 4 * atan(bulge)
            radius = hypot(x1 - x0, y1 - y0) * (1 + bulge * bulge) / (4 * bulge)
            doubled += radius * radius * (angle - sin(angle))
    return abs(doubled) / 2


def _shared(outlines: Sequence[Outline], metres: float) -> list[Problem]:
    """Rooms that lie on one another: neither is taken over, for nobody knows whose the area is."""
    shapes_of = {place: outline.points for place, outline in enumerate(outlines)}
    if shapes.meetings(shapes_of) > MOST_MEETINGS:
        return [Problem(Fix.TANGLED, outlines[0].layer)]
    problems = []
    for one, other, area in shapes.overlaps(shapes_of, least=SHARED_M2):
        small, large = sorted((outlines[one], outlines[other]), key=lambda outline: outline.exact)
        inside = area >= small.exact - SHARED_M2
        x, y = small.points[0]
        facts = {"other": large.handle, "area": Decimal(area).quantize(CENT)}
        fix = Fix.INSIDE if inside else Fix.OVERLAP
        problems.append(Problem(fix, small.layer, small.handle, (x / metres, y / metres), facts))
        small.sound = large.sound = False
    return problems


def _units_that_fit(middle: float, unit: str) -> dict[str, Any]:
    """What the room in the middle would measure in each unit in which it could be one, the likeliest first."""
    per_unit = {name: middle * (metres / METRES[unit]) ** 2 for name, metres in METRES.items()}
    fitting = {name: area for name, area in per_unit.items() if LEAST_M2 <= area <= MOST_M2}
    likely = sorted(fitting, key=lambda name: max(fitting[name] / 50, 50 / fitting[name]))
    return {"unit": unit, "area": middle, "fits": {name: Decimal(fitting[name]).quantize(CENT) for name in likely}}


def _blocks(content: Mapping[str, Any], layer: str) -> int:
    return sum(each["blocks"] for each in content["layers"] if same(each["name"], layer))
