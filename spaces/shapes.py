"""The outline of a unit on a floor plan: corners as fractions of the picture's width and height, in order."""

from collections.abc import Sequence
from itertools import pairwise
from math import isfinite
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

FEWEST, MOST = 3, 200
PLACES = 6  # a millionth of the picture: 0.1 mm in a house of 100 m
SMALLEST = 1e-8

type Point = Sequence[float]


def clean(points: Any) -> list[list[float]]:
    """The corners as they are kept. ValidationError (code `shape`) unless they are a simple polygon."""
    if not isinstance(points, (list, tuple)) or not all(_is_point(point) for point in points):
        raise _refusal(_("A corner is a pair of numbers from 0 to 1: parts of the picture's width and height."))
    kept = [[round(float(x), PLACES), round(float(y), PLACES)] for x, y in points]
    if kept and kept[0] == kept[-1]:
        kept.pop()  # the ring may be written closed
    if not FEWEST <= len(kept) <= MOST:
        raise _refusal(_("A shape has from 3 to 200 corners."))
    if _crosses_itself(kept) or abs(signed_area(kept)) < SMALLEST:
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


def _crosses_itself(ring: Sequence[Point]) -> bool:
    """Do two sides share more than the corner between neighbours? At most 200 sides, so pair by pair."""
    sides = list(pairwise([*ring, ring[0]]))
    if any(a == b for a, b in sides) or len({tuple(point) for point in ring}) < len(ring):
        return True
    last = len(sides) - 1
    for one in range(len(sides)):
        (a, b), after = sides[one], sides[(one + 1) % len(sides)][1]
        if _turn(a, b, after) == 0 and (after[0] - b[0]) * (a[0] - b[0]) + (after[1] - b[1]) * (a[1] - b[1]) > 0:
            return True  # it runs back over itself
        for other in range(one + 2, len(sides)):
            if (one, other) != (0, last) and _meet(a, b, *sides[other]):
                return True
    return False


def _turn(a: Point, b: Point, c: Point) -> int:
    """1 left, -1 right, 0 straight on. A millionth is a whole number here, so that nothing is lost to rounding."""
    (ax, ay), (bx, by), (cx, cy) = (tuple(round(each * 10**PLACES) for each in point) for point in (a, b, c))
    turn = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    return (turn > 0) - (turn < 0)


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    if _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0:
        return True
    return any(
        _turn(start, end, point) == 0
        and min(start[0], end[0]) <= point[0] <= max(start[0], end[0])
        and min(start[1], end[1]) <= point[1] <= max(start[1], end[1])
        for start, end, point in ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    )


def _refusal(words: Any) -> ValidationError:
    return ValidationError(words, code="shape")
