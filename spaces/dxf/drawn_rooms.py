"""The rooms of a drawing, and what is wrong with any of them or with the whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any

from spaces.geometry.shapes import Spot

CENT = Decimal("0.01")


class Fix(Enum):
    """Kinds of problems; `spaces.dxf.messages` has the message and the remedy of each."""

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


WHOLE = {Fix.UNIT, Fix.EMPTY, Fix.MANY, Fix.TANGLED}  # block the whole drawing


@dataclass(frozen=True, slots=True)
class DrawingProblem:
    """A problem of a layer, or of one of its polylines if there is a `handle`. `at`: in the unit of the drawing."""

    fix: Fix
    layer: str
    handle: str = ""
    at: Spot | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class DrawnRoom:
    """One room, from the outline found on a layer to the unit that it becomes.

    `points`: corners in metres, x to the right, y up. `corner`: the first of them in the unit of the drawing.
    `exact`: area in m2, arcs included. `label`: its number as read or typed, `code`: the full code of its unit, both
    "" where the drawing has none. `written`: area in m2 of a text in it. Only a `sound` room can be taken over.
    """

    handle: str
    layer: str
    points: list[Spot]
    corner: Spot
    exact: float
    label: str = ""
    code: str = ""
    written: Decimal | None = None
    sound: bool = True

    @property
    def area(self) -> Decimal:
        return Decimal(self.exact).quantize(CENT)

    def problem(self, fix: Fix, **facts: Any) -> DrawingProblem:
        return DrawingProblem(fix, self.layer, self.handle, self.corner, facts)
