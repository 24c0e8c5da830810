"""The outline of a unit on a floor plan: corners as fractions of the picture's width and height, in order."""

from collections.abc import Sequence
from itertools import pairwise
from math import isfinite
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from spaces.geometry import shapes

FEWEST, MOST = 3, 200
PLACES = 6  # a millionth of the picture: 0.1 mm in a house of 100 m
SMALLEST = 1e-8

type Point = Sequence[float]


def clean(points: Any) -> list[list[float]]:
    """The corners as they are stored. ValidationError (code `shape`) unless they are a simple polygon."""
    if not isinstance(points, (list, tuple)) or not all(_is_point(point) for point in points):
        raise _refusal(_("A corner is a pair of numbers from 0 to 1: parts of the picture's width and height."))
    kept = [[round(float(x), PLACES), round(float(y), PLACES)] for x, y in points]
    if kept and kept[0] == kept[-1]:
        kept.pop()  # the ring may be written closed
    if not FEWEST <= len(kept) <= MOST:
        raise _refusal(_("A shape has from 3 to 200 corners."))
    twice = len({tuple(point) for point in kept}) < len(kept)
    if twice or shapes.fault(kept) or abs(signed_area(kept)) < SMALLEST:
        raise _refusal(_("The lines of the shape cross or touch each other. Give the corners in order, once around."))
    return kept


def check(points: Any) -> None:
    """The validator of the column."""
    clean(points)


def signed_area(points: Sequence[Point]) -> float:
    """Of the picture, as a fraction: 1 is the whole of it. Negative if the corners run the other way."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*points, points[0]])) / 2


def _is_point(point: Any) -> bool:
    if not isinstance(point, (list, tuple)) or len(point) != 2:  # noqa: PLR2004 across and down
        return False
    numbers = all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in point)
    return numbers and all(isfinite(each) and 0 <= each <= 1 for each in point)


def _refusal(message: Any) -> ValidationError:
    return ValidationError(message, code="shape")
