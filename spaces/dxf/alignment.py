"""Place a drawing on a plan: in a frame of its own, or over a picture with a known scale."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from statistics import median
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from spaces.dxf.drawn_rooms import DrawnRoom
from spaces.dxf.rooms import FoundRooms
from spaces.geometry import shapes
from spaces.geometry.shapes import Spot

LONGEST = 10_000  # the longer side of a frame of its own
MARGIN = 0.02  # around the rooms, of the longer side
SLIGHTLY = 0.001  # of the picture: how far a room may reach over its edge


@dataclass(frozen=True, slots=True)
class DrawingFrame:
    """The upper left corner in metres of the drawing (y up), and how many metres lie across and down."""

    left: float
    top: float
    wide: float
    high: float

    def fractions(self, room: DrawnRoom) -> list[list[float]]:
        """The corners of a room as parts of the width and the height. Refused (scale) if it reaches over the edge."""
        parts = [((x - self.left) / self.wide, (self.top - y) / self.high) for x, y in room.points]
        if not all(-SLIGHTLY <= part <= 1 + SLIGHTLY for point in parts for part in point):
            message = _(
                "%(room)s would lie beyond the edge of the picture. Calibrate it anew, draw one unit on it by "
                "hand so that the drawing finds its place, or make a new version without a picture."
            )
            raise _refusal(message % {"room": room.label or room.handle})
        return [[min(max(part, 0.0), 1.0) for part in point] for point in parts]


def own_frame(box: tuple[float, float, float, float]) -> tuple[DrawingFrame, tuple[int, int]]:
    """A sheet with a margin around all rooms, and its sides in units of the frame."""
    x0, y0, x1, y1 = box
    margin = MARGIN * max(x1 - x0, y1 - y0)
    wide, high = x1 - x0 + 2 * margin, y1 - y0 + 2 * margin
    frame = ceil(LONGEST * wide / max(wide, high)), ceil(LONGEST * high / max(wide, high))
    wide = round(wide, 3)  # as precisely as the plan keeps it
    return DrawingFrame(x0 - margin, y1 + margin, wide, wide * frame[1] / frame[0]), frame


def over(plan: Any, rooms: Mapping[int, DrawnRoom], found: FoundRooms) -> DrawingFrame:
    """Frame on the picture of a plan: by the shapes it already has (rooms: unit id -> room), else in its middle."""
    if plan.metres_wide is None:
        raise _refusal(_("The plan has no scale yet: calibrate it first, or make a new version without a picture."))
    wide, high = float(plan.metres_wide), float(plan.metres_high)
    moves = []
    for unit, points in plan.shapes.filter(unit__in=rooms).values_list("unit", "points").order_by("unit"):
        across, down = shapes.centre(points)
        x, y = shapes.centre(rooms[unit].points)
        moves.append((x - across * wide, y + down * high))
    if moves:
        return DrawingFrame(median(x for x, _y in moves), median(y for _x, y in moves), wide, high)
    x0, y0, x1, y1 = found.box
    middle: Spot = ((x0 + x1) / 2, (y0 + y1) / 2)
    return DrawingFrame(middle[0] - wide / 2, middle[1] + high / 2, wide, high)


def _refusal(message: str) -> ValidationError:
    return ValidationError({"over": ValidationError(message, code="scale")})
