"""Who shares a wall, overlaps or hangs together: hand-made layouts, then random ones against a plain oracle."""

from itertools import combinations
from math import cos, pi, radians, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spaces.geometry.adjacency import DOOR_M, WALL_M, adjacent_pairs, are_connected
from spaces.geometry.shapes import (
    Fault,
    Shapes,
    area,
    box,
    centre,
    crossing,
    fault,
    inside,
    overlaps,
    simplified,
)


def rect(x, y, width, depth):
    return [(x, y), (x + width, y), (x + width, y + depth), (x, y + depth)]


def turned(points, degrees):
    turn = radians(degrees)
    return [(x * cos(turn) - y * sin(turn), x * sin(turn) + y * cos(turn)) for x, y in points]


def result(shapes, **rule):
    return {"".join(sorted(pair)) for pair in adjacent_pairs(shapes, **rule)}


@pytest.mark.parametrize(
    ("gap", "are"), [(0, True), (0.1, True), (0.4, True), (0.405, True), (0.42, False), (2, False), (-0.02, True)]
)
def test_a_wall_of_up_to_40_cm_parts_adjacent_rooms(gap, are):
    assert bool(adjacent_pairs({"a": rect(0, 0, 4, 6), "b": rect(4 + gap, 0, 4, 6)})) is are


@pytest.mark.parametrize(("common", "are"), [(6, True), (0.8, True), (0.79, True), (0.7, False), (0, False)])
def test_they_face_each_other_along_a_doors_width(common, are):
    assert bool(adjacent_pairs({"a": rect(0, 0, 4, 6), "b": rect(4.2, 6 - common, 4, 6)})) is are


@pytest.mark.parametrize("degrees", [0, 17, 45, 90, 133, 270])
def test_the_rule_knows_no_direction(degrees):
    layout = {"a": rect(0, 0, 4, 6), "b": rect(4.2, 0, 4, 6), "c": rect(0, 6.3, 8.2, 3), "d": rect(8.6, 9.5, 1, 1)}
    around = {key: turned(points, degrees) for key, points in layout.items()}

    assert result(around) == {"ab", "ac", "bc"}
    assert result({key: points[::-1] for key, points in around.items()}) == {"ab", "ac", "bc"}


def test_rooms_that_only_meet_at_a_corner_are_none():
    assert result({"a": rect(0, 0, 4, 4), "b": rect(4, 4, 4, 4), "c": rect(4.2, -4.2, 4, 4)}) == set()


def test_a_narrow_room_between_two_parts_them():
    assert result({"a": rect(0, 0, 4, 6), "s": rect(4, 0, 0.3, 6), "b": rect(4.3, 0, 4, 6)}) == {"as", "bs"}
    half = {"a": rect(0, 0, 4, 6), "s": rect(4, 0, 0.3, 3), "b": rect(4.3, 0, 4, 6)}
    assert result(half) == {"as", "bs", "ab"}  # beside the shaft they still look at each other


def test_two_doors_of_half_a_width_make_one():
    """A pillar in the middle of the wall: 0.5 m on either side of it."""
    comb = [(4, 0), (8, 0), (8, 6), (4, 6), (4, 5.5), (6, 5.5), (6, 0.5), (4, 0.5)]

    assert result({"a": rect(0, 0, 4, 6), "b": comb}) == {"ab"}
    assert result({"a": rect(0, 0, 4, 6), "b": comb}, door=1.2) == set()


def test_a_room_around_another_and_a_curved_wall():
    ring = [(0, 0), (10, 0), (10, 8), (0, 8), (0, 3), (3, 3), (3, 5), (7, 5), (7, 2.9), (0, 2.9)]
    assert fault(ring) is None
    circle = [(20 + 3 * cos(n * pi / 24), 3 * sin(n * pi / 24)) for n in range(48)]
    outside = [(20 + 3.2 * cos(n * pi / 24), 3.2 * sin(n * pi / 24)) for n in range(13)] + [(30, 3.2), (30, 0)]

    assert result({"r": ring, "i": rect(3.2, 3.2, 3.6, 1.6), "c": circle, "o": outside}) == {"ir", "co"}


def test_an_l_shape_is_not_adjacent_to_itself():
    shape = [(0, 0), (4, 0), (4, 1), (0.3, 1), (0.3, 1.3), (4, 1.3), (4, 3), (0, 3)]

    assert adjacent_pairs({"u": shape}) == set()


@pytest.mark.parametrize(
    ("points", "is_"),
    [
        (rect(0, 0, 1, 1), None),
        (rect(0, 0, 1, 1)[::-1], None),
        ([(0, 0), (1, 0)], Fault.FEW),
        ([(0, 0), (1, 0), (0, 0)], Fault.FEW),
        ([(0, 0), (1, 0), (2, 0)], Fault.FLAT),
        ([(0, 0), (2, 2), (2, 0), (0, 2)], Fault.CROSSING),
        ([(0, 0), (4, 0), (2, 0), (2, 3)], Fault.CROSSING),
    ],
)
def test_what_is_a_shape_and_why_not(points, is_):
    assert fault(points) is is_


def test_where_an_outline_crosses_itself():
    assert crossing([(0, 0), (2, 2), (2, 0), (0, 2)]) == (1, 1)


def test_overlaps_are_told_with_their_area():
    shapes = {"a": rect(0, 0, 4, 6), "b": rect(3.5, 0, 4, 6), "c": rect(7.49, 0, 1, 1), "d": rect(1, 1, 1, 1)}

    found = overlaps(shapes, least=0.05)

    assert [(one, other, round(common, 6)) for one, other, common in found] == [("a", "b", 3.0), ("a", "d", 1.0)]


def test_of_nothing_there_is_nothing():
    assert overlaps({}, least=0.05) == []
    assert adjacent_pairs({}) == set()
    assert Shapes({}).around((0, 0)) == []


def test_corners_go_only_where_there_are_too_many():
    straight = [(n / 100, 0) for n in range(301)] + [(3, 2), (0, 2)]

    assert simplified(straight, most=400, tolerance=0.01) == straight
    assert sorted(simplified(straight, most=200, tolerance=0.01)) == [(0, 0), (0, 2), (3, 0), (3, 2)]


def test_small_things_of_shapes():
    assert area(rect(1, 1, 3, 2)[::-1]) == 6
    assert centre(rect(1, 1, 3, 2)) == (2.5, 2)
    bent = [(0, 0), (9, 0), (9, 1), (1, 1), (1, 9), (0, 9)]
    assert [Shapes({"bent": bent}).around(spot(bent)) for spot in (centre, inside)] == [[], ["bent"]]
    assert box([rect(0, 0, 1, 1), rect(5, -2, 1, 1)]) == (0, -2, 6, 1)
    assert Shapes({"a": rect(0, 0, 2, 2), "b": rect(1, 1, 2, 2)}).around((1.5, 1.5)) == ["a", "b"]


@pytest.mark.parametrize(
    ("keys", "are"), [([], True), ([1], True), ([1, 2, 3], True), ([1, 3], False), ([4, 1], False), ([4], True)]
)
def test_a_set_hangs_together_through_its_own(keys, are):
    assert are_connected(keys, [(1, 2), (2, 3)]) is are


SIDES = st.lists(st.sampled_from([0.5, 0.7, 0.9, 2.0, 3.0]), min_size=1, max_size=4)
WALLS = st.sampled_from([0.0, 0.1, 0.3, 0.39, 0.45, 1.5])


@st.composite
def grids(draw):
    """Rows of rooms, each row with widths of its own, walls between rooms and rows; some rooms left out."""
    shapes, y = {}, 0.0
    for row in range(draw(st.integers(1, 3))):
        depth, x = draw(st.sampled_from([0.5, 0.9, 3.0])), draw(st.sampled_from([0.0, 0.25, 1.0]))
        for column, width in enumerate(draw(SIDES)):
            if draw(st.integers(0, 5)):
                shapes[row, column] = (round(x, 4), round(y, 4), width, depth)
            x += width + draw(WALLS)
        y += depth + draw(WALLS)
    return shapes


def oracle(rooms):
    """By the words of the rule, for upright rectangles: lines of sight across each wall, less what stands in it."""
    pairs = set()
    for one, other in combinations(rooms, 2):
        for axis in (0, 1):
            low, high = sorted((rooms[one], rooms[other]), key=lambda room: room[axis])
            begins, ends = low[axis] + low[axis + 2], high[axis]
            if not 0 <= round(ends - begins, 6) <= WALL_M * 1.025:
                continue
            across = 1 - axis
            start = max(low[across], high[across])
            end = min(low[across] + low[across + 2], high[across] + high[across + 2])
            free = steps(start, end) - {
                step
                for key, room in rooms.items()
                if key not in {one, other} and room[axis] < ends - 1e-9 and room[axis] + room[axis + 2] > begins + 1e-9
                for step in steps(max(start, room[across]), min(end, room[across] + room[across + 2]))
            }
            if len(free) / 100 >= DOOR_M * 0.975:
                pairs.add((one, other))
    return pairs


def steps(start, end):
    """Centimetres."""
    return set(range(round(start * 100), round(end * 100)))


@settings(max_examples=300)
@given(grids())
def test_adjacent_pairs_on_random_grids_are_those_of_the_oracle(rooms):
    shapes = {key: rect(*room) for key, room in rooms.items()}

    assert {tuple(sorted(pair)) for pair in adjacent_pairs(shapes)} == {tuple(sorted(pair)) for pair in oracle(rooms)}
