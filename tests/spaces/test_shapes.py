"""Corners as they are kept: a simple polygon of 3 to 200 corners, as fractions of the picture."""

import math

import pytest
from django.core.exceptions import ValidationError

from spaces.geometry import corners

SQUARE = [[0.1, 0.1], [0.5, 0.1], [0.5, 0.5], [0.1, 0.5]]
BOW_TIE = [[0.1, 0.1], [0.5, 0.5], [0.5, 0.1], [0.1, 0.5]]


def circle(corners):
    turns = (math.tau * number / corners for number in range(corners))
    return [[0.5 + 0.4 * math.cos(turn), 0.5 + 0.4 * math.sin(turn)] for turn in turns]


@pytest.mark.parametrize(
    ("result", "kept"),
    [
        (SQUARE, SQUARE),
        ([*SQUARE, SQUARE[0]], SQUARE),
        ([(0, 0), (1, 0), (0.33333333, 1)], [[0.0, 0.0], [1.0, 0.0], [0.333333, 1.0]]),
        ([[0, 0], [0.5, 0], [1, 0], [1, 1]], [[0.0, 0.0], [0.5, 0.0], [1.0, 0.0], [1.0, 1.0]]),
    ],
)
def test_corners_are_kept_to_a_millionth_and_open(result, kept):
    assert corners.clean(result) == kept


@pytest.mark.parametrize(
    "result",
    [
        None,
        "0,0 1,0 1,1",
        {},
        [],
        SQUARE[:2],
        [[0, 0], [1, 0], [0, 0]],
        [[0, 0], [1, 0], [0.5, 0]],
        [[0, 0], [1, 1.01], [0, 1]],
        [[0, 0], [-0.01, 1], [0, 1]],
        [[0, 0], [math.nan, 1], [0, 1]],
        [[0, 0], [math.inf, 1], [0, 1]],
        [[0, 0], [True, 1], [0, 1]],
        [[0, 0], ["1", 1], [0, 1]],
        [[0, 0], [1], [0, 1]],
        [[0, 0], [1, 1, 1], [0, 1]],
        [[0, 0, 0]] * 4,
        BOW_TIE,
        [[0, 0], [1, 0], [1, 1], [0.5, 0], [0, 1]],  # touches a side of its own
        [[0, 0], [1, 0], [0.5, 0], [0.5, 1]],  # runs back over itself
        [[0, 0], [0.4, 0], [0.4, 0.4], [0.4, 0], [0, 1]],  # comes to a corner twice
        [[0.5, 0.5], [0.5000001, 0.5], [0.5, 0.5000001]],  # no size at all
        circle(201),
    ],
)
def test_what_is_no_simple_polygon_is_refused(result):
    with pytest.raises(ValidationError) as refusal:
        corners.clean(result)

    assert refusal.value.code == "shape"


def test_two_hundred_corners_are_a_shape():
    assert len(corners.clean(circle(200))) == 200


def test_the_area_of_a_shape():
    step = [[0, 0], [1, 0], [1, 0.5], [0.5, 0.5], [0.5, 1], [0, 1]]

    assert corners.signed_area(SQUARE) == pytest.approx(0.16)
    assert corners.signed_area(SQUARE[::-1]) == pytest.approx(-0.16)
    assert corners.signed_area(step) == 0.75
