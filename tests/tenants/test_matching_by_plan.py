"""Where adjacency is recorded, it says what lies side by side; elsewhere the order of the codes does."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from spaces.geometry.adjacency import are_connected
from spaces.models import Adjacency, Unit
from tenants import matching
from tenants.matching.joining import ByPlan
from tests import make
from tests.tenants.test_matching import TODAY, codes, floor, found, room

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
__all__ = ["floor"]


def beside(*rooms, connected=True):
    first, second = sorted(rooms, key=lambda each: each.pk)
    return Adjacency.objects.create(first=first, second=second, connected=connected, source="found")


def test_the_plan_joins_what_the_numbers_part(floor):
    one, two, three = (room(floor, code, "60.00") for code in ("401", "402", "403"))
    beside(one, three)

    (fit,) = found().fits

    assert (fit.codes, fit.joined, matching.joined(fit)) == (
        ("401", "403"),
        matching.Joined.PLAN,
        "adjacent by the plan of the floor",
    )
    assert two.code not in fit.codes


def test_without_a_plan_the_numbers_count_and_it_is_said(floor):
    room(floor, "401", "60.00")
    room(floor, "402", "60.00")

    (fit,) = found().fits

    assert matching.joined(fit) == "next to each other by number; no plan confirms it"
    with translation.override("zh-hans"):
        assert matching.joined(fit) == "按编号相邻，未经平面图确认"


def test_one_room_is_joined_to_nothing(floor):
    room(floor, "401")

    (fit,) = found().fits

    assert (fit.joined, matching.joined(fit)) == (None, "")


def test_a_pair_that_a_person_has_parted_is_not_joined(floor):
    one, two, three = (room(floor, code, "60.00") for code in ("401", "402", "403"))
    beside(one, two, connected=False)
    beside(two, three)

    assert codes(found().fits) == ["402+403"]


def test_each_floor_by_what_is_known_of_it(floor):
    drawn = [room(floor, code, "60.00") for code in ("401", "402", "403")]
    beside(drawn[0], drawn[2])
    other = make.floor(building=floor.building)
    for code in ("501", "502"):
        room(other, code, "60.00")

    assert {fit.codes: fit.joined.value for fit in found().fits} == {
        ("401", "403"): "plan",
        ("501", "502"): "number",
    }


def test_rooms_around_one_are_joined_and_each_set_once(floor):
    """A star: 405 in the middle of four."""
    rooms = [room(floor, str(number), "40.00") for number in range(401, 406)]
    for each in rooms[:4]:
        beside(each, rooms[4])

    fits = found(
        replace(matching.Requirements(), use="office", area_min=Decimal(120), area_max=Decimal(130), months=12)
    ).fits

    assert sorted(codes(fits)) == [
        "401+402+405",
        "401+403+405",
        "401+404+405",
        "402+403+405",
        "402+404+405",
        "403+404+405",
    ]


def test_pieces_left_beside_a_room_are_adjacent_by_plan(floor):
    rooms = [
        room(floor, str(number), area)
        for number, area in ((401, "120.00"), (402, "9.00"), (403, "9.00"), (404, "9.00"))
    ]
    for each in rooms[1:]:
        beside(rooms[0], each)

    fit = found().fits[0]

    assert (fit.codes, fit.pieces) == (("401",), 2)


def test_different_uses_and_common_rooms_are_not_joined_by_a_plan_either(floor):
    one = room(floor, "401", "60.00")
    lab = room(floor, "402", "60.00", use="lab")
    common = room(floor, "403", "60.00", use="ancillary")
    two = room(floor, "404", "60.00")
    for each in (lab, common):
        beside(one, each)
        beside(each, two)

    assert found().fits == ()


@settings(max_examples=60)
@given(st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda pair: pair[0] < pair[1]), max_size=10))
def test_runs_by_plan_are_the_connected_sets(pairs):
    """Against the walk of `are_connected` over every set of rooms."""
    joins = ByPlan.__new__(ByPlan)
    joins.near = [
        sorted({b for a, b in pairs if a == place} | {a for a, b in pairs if b == place}) for place in range(6)
    ]
    runs = {(place,) for place in range(6)}
    seen = set(runs)
    for _many in range(3):
        runs = {longer for run in runs for longer in joins.longer(run, TODAY)}
        seen |= runs

    sets = (tuple(place for place in range(6) if bits >> place & 1) for bits in range(1, 64))
    assert seen == {each for each in sets if len(each) <= 4 and are_connected(each, pairs)}


def test_five_statements_with_plans_too(floor, django_assert_num_queries):
    rooms = [room(floor, str(number), "60.00") for number in range(401, 420)]
    for one, other in pairwise(rooms):
        beside(one, other)

    with django_assert_num_queries(5):
        match = matching.match(matching.Requirements(area_min=Decimal(110), months=12), Unit.objects.all(), on=TODAY)

    assert len(match.fits) == 18
