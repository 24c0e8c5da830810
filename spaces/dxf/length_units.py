"""Units of length that a drawing may use. Only this module converts between the unit of a drawing and metres."""

from collections.abc import Mapping, Sequence
from typing import Any

from spaces.geometry.shapes import Spot

METRES = {"mm": 0.001, "cm": 0.01, "m": 1.0, "in": 0.0254, "ft": 0.3048}
INSUNITS = {1: "in", 2: "ft", 4: "mm", 5: "cm", 6: "m"}


def unit_of(content: Mapping[str, Any]) -> str:
    """The unit in the header of a drawing; "" for none, or one that is not supported."""
    return INSUNITS.get(content["units"], "")


def to_metres(spot: Sequence[float], unit: str) -> Spot:
    return spot[0] * METRES[unit], spot[1] * METRES[unit]


def to_millimetres(length: float, unit: str) -> float:
    return length * METRES[unit] * 1000


def to_square_metres(area: float, unit: str) -> float:
    return area * METRES[unit] * METRES[unit]


def from_metres(length: float, unit: str) -> float:
    return length / METRES[unit]


def area_in_each(area: float, unit: str) -> dict[str, float]:
    """{unit: m2}: an area read as so many m2 in `unit`, had the drawing been in each of the other units."""
    return {name: area * (metres / METRES[unit]) ** 2 for name, metres in METRES.items()}
