"""A drawing as a picture on its check page: outlines with their codes, distinguished by more than colour."""

from dataclasses import dataclass

from spaces.dxf.length_units import to_metres
from spaces.geometry.shapes import inside

WIDE = 1000  # of the picture; its height follows from the rooms
MARGIN = 20
LETTER = 0.62  # of the height of a letter, about its width
LARGEST, SMALLEST = 28, 9


@dataclass(frozen=True, slots=True)
class PreviewShape:
    """`kind` is known, new or wrong; `size` of the letters so that the code fits into the room, 0 if it can't."""

    kind: str
    points: str
    code: str
    x: str
    y: str
    size: int


@dataclass(frozen=True, slots=True)
class DrawingPreview:
    width: int
    height: int
    shapes: list[PreviewShape]
    marks: list[tuple]


def preview(compared):
    """The picture of a comparison; None if it has no rooms."""
    if not compared.found.rooms:
        return None
    x0, y0, x1, y1 = compared.found.box
    scale = (WIDE - 2 * MARGIN) / max(x1 - x0, y1 - y0)

    def spot(point):
        return round((point[0] - x0) * scale + MARGIN, 1), round((y1 - point[1]) * scale + MARGIN, 1)

    known = {pair.room.handle for pair in compared.pairs}
    new = {room.handle for room in compared.new}
    shapes = []
    for room in compared.found.rooms:
        kind = "known" if room.handle in known else "new" if room.handle in new else "wrong"
        shapes.append(_shape(room, kind, [spot(point) for point in room.points]))
    width, height = round((x1 - x0) * scale) + 2 * MARGIN, round((y1 - y0) * scale) + 2 * MARGIN
    return DrawingPreview(width, height, shapes, _marks(compared, spot, width, height))


def _shape(room, kind, points):
    x, y = inside(points)
    across = max(x for x, _y in points) - min(x for x, _y in points)
    label = room.label or room.handle
    size = min(LARGEST, int(across * 0.85 / (LETTER * len(label))))
    ring = " ".join(f"{x},{y}" for x, y in points)
    return PreviewShape(kind, ring, label, f"{x:.1f}", f"{y:.1f}", size if size >= SMALLEST else 0)


def _marks(compared, spot, width, height):
    """The places of the problems that lie on the picture."""
    places = [problem.at for problem in compared.problems if problem.at is not None]
    spots = (spot(to_metres(place, compared.found.unit)) for place in places)
    return [(f"{x:.1f}", f"{y:.1f}") for x, y in spots if 0 <= x <= width and 0 <= y <= height]
