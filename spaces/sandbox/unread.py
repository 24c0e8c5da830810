"""Count the shapes of a DXF other than closed polylines, with places; keep lines and arcs."""

import math
from typing import Any

from ezdxf.lldxf.types import DXFTag

# Kinds of entities that may draw a room; dimensions, points and leaders do not.
KINDS = {
    "CIRCLE": "circle", "ELLIPSE": "ellipse", "LINE": "line", "ARC": "line", "HATCH": "hatch", "MPOLYGON": "hatch",
    "SPLINE": "spline", "HELIX": "spline", "INSERT": "block", "REGION": "other", "3DFACE": "other", "SOLID": "other",
    "TRACE": "other", "MLINE": "other", "3DSOLID": "other", "BODY": "other", "SURFACE": "other",
    "PLANESURFACE": "other", "MESH": "other", "XLINE": "other", "RAY": "other", "WIPEOUT": "other",
}  # fmt: skip
MOST_PLACES, MOST_LINES, LONGEST_HANDLE, FARTHEST = 5, 5_000, 16, 1e12
HALF, WHOLE = 180.0, 360.0
ENDS = (10, 11)

type Tags = list[DXFTag]
type Spot = list[float]


class UnreadShapes:
    """`lines`: at most MOST_LINES, straight or bulged, as corners (x, y, bulge) with their layer."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str], dict[str, Any]] = {}
        self.lines: list[dict[str, Any]] = []

    def counted(self) -> list[dict[str, Any]]:
        return list(self.found.values())

    def entity(self, layer: str, kind: str, group: Tags) -> None:
        """Count a shape; keep its line, or its place if it is one of the first: 300,000 entities must stay cheap."""
        if kind not in KINDS:
            return
        shapes = self._count(layer, KINDS[kind])
        if kind in {"LINE", "ARC"} and len(self.lines) < MOST_LINES:
            self._keep(shapes, _handle(group), _line(group) if kind == "LINE" else _arc(group))
        elif len(shapes["places"]) < MOST_PLACES:
            shapes["places"].append({"handle": _handle(group), "at": _place(kind, group)})

    def line(self, layer: str, handle: str, points: list[Spot]) -> None:
        """Keep a polyline of two corners as a line."""
        self._keep(self._count(layer, "line"), handle, points)

    def mesh(self, layer: str, handle: str) -> None:
        shapes = self._count(layer, "other")
        if len(shapes["places"]) < MOST_PLACES:
            shapes["places"].append({"handle": handle, "at": None})

    def _count(self, layer: str, kind: str) -> dict[str, Any]:
        shapes = self.found.setdefault((layer, kind), {"layer": layer, "kind": kind, "many": 0, "places": []})
        shapes["many"] += 1
        return shapes

    def _keep(self, shapes: dict[str, Any], handle: str, points: list[Spot]) -> None:
        if len(points) < len(ENDS) or any(not abs(number) < FARTHEST for point in points for number in point):
            return
        points = [[round(x, 6), round(y, 6), round(bulge, 9)] for x, y, bulge in points]
        if len(shapes["places"]) < MOST_PLACES:
            shapes["places"].append({"handle": handle, "at": points[0][:2]})
        if len(self.lines) < MOST_LINES:
            self.lines.append({"layer": shapes["layer"], "points": points})


def _line(group: Tags) -> list[Spot]:
    ends = [_vertex(group, code) for code in ENDS]
    return [[end[0], end[1], 0.0] for end in ends if end]


def _arc(group: Tags) -> list[Spot]:
    """An arc as two corners with a bulge; more than half a circle as three, since its bulge would be unbounded."""
    centre = _vertex(group, 10)
    if centre is None:
        return []
    radius, start, end = (float(_value(group, code, 0.0)) for code in (40, 50, 51))
    sweep = (end - start) % WHOLE or WHOLE
    pieces = 2 if sweep > HALF else 1
    mirrored = -1 if _mirrored(group) else 1
    bulge = math.tan(math.radians(sweep) / pieces / 4) * mirrored
    turns = [math.radians(start + sweep * piece / pieces) for piece in range(pieces + 1)]
    points = [
        [(centre[0] + radius * math.cos(turn)) * mirrored, centre[1] + radius * math.sin(turn), bulge]
        for turn in turns
    ]
    points[-1][2] = 0.0
    return points


def _place(kind: str, group: Tags) -> Spot | None:
    """The first point of a shape. That of a hatch is its height; a spline may have fit points only."""
    at = _vertex(group, 10, skip=1 if KINDS[kind] == "hatch" else 0) or _vertex(group, 11)
    if at is None or any(not abs(number) < FARTHEST for number in at[:2]):
        return None
    return [round(-at[0] if _mirrored(group) else at[0], 6), round(at[1], 6)]


def _vertex(group: Tags, code: int, skip: int = 0) -> Any:
    found = [tag.value for tag in group if tag.code == code][skip : skip + 1]
    return found[0] if found else None


def _mirrored(group: Tags) -> bool:
    upwards = _vertex(group, 210)
    return upwards is not None and len(upwards) > 2 and upwards[2] < 0  # noqa: PLR2004 z


def _handle(group: Tags) -> str:
    return str(_value(group, 5, ""))[:LONGEST_HANDLE]


def _value(group: Tags, code: int, otherwise: Any) -> Any:
    return next((tag.value for tag in group if tag.code == code), otherwise)
