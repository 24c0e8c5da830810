"""A drawing is sent, read the way a person chooses, compared with the register, and taken over in one go."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from spaces.actions import adjacency, drawings, floorplans
from spaces.actions.drawings import DrawingChoice
from spaces.dxf import comparison
from spaces.dxf.length_units import unit_of
from spaces.dxf.upload import read_drawing
from spaces.geometry import shapes
from spaces.models import Adjacency, Change, Drawing, FloorPlan, Unit, UnitPeriod, UnitShape
from spaces.models.floorplans import AdjacencySource
from tests import make
from tests.spaces.plots import LABELS, ROOMS, Plot, floor_of_eight, rectangle

TODAY = date(2026, 11, 25)
pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def unit(floor, number, area="24.00"):
    code = f"{floor.building.park.code}-A-{number}"
    return make.unit(floor=floor, code=code, usable_area=area and Decimal(area))


@cache
def read_eight():
    return read_drawing(floor_of_eight().bytes())


def sent(floor, manager, plot=None, **how):
    """As if it had been sent: the process that reads it has tests of its own, and takes a second each time."""
    content = read_drawing(plot.bytes()) if plot else read_eight()
    drawing = Drawing.objects.create(
        floor=floor,
        name="四层.dxf",
        content=content,
        unit=unit_of(content),
        created_at=timezone.now(),
        created_by=manager,
    )
    chosen = {"layer": ROOMS, "labels": "", "unit": drawing.unit, "codes": {}} | how
    return drawings.choose(drawing, by=manager, **chosen)


def take(drawing, manager, *, why="", **choice):
    result = {"units": [], "areas": [], "use": "", "opens_on": None, "valid_from": TODAY, "over": None} | choice
    return drawings.take_over(drawing, DrawingChoice(**result), by=manager, why=why, on=TODAY)


def code(error):
    (one,) = ValidationError([error]).error_list
    return one.code


def pairs(**where):
    return {
        (row.first.code[-3:], row.second.code[-3:])
        for row in Adjacency.objects.filter(**where).select_related("first", "second")
    }


def test_a_drawing_stands_beside_the_register(floor, manager):
    for number, area in {"401": "24.00", "402": "23.50", "403": "20.00", "404": None, "499": "10.00"}.items():
        unit(floor, number, area)

    compared = comparison.compare(sent(floor, manager), on=TODAY)

    assert [(pair.room.label, pair.difference, pair.marked) for pair in compared.pairs] == [
        ("401", Decimal("0.00"), False),
        ("402", Decimal("0.50"), False),
        ("403", Decimal("4.00"), True),
        ("404", None, True),
    ]
    assert [each.code[-3:] for each in compared.missing] == ["499"]
    assert [room.label for room in compared.new] == ["405", "406", "407", "408"]


@pytest.mark.parametrize(
    ("area", "marked"), [("24.00", False), ("25.00", False), ("25.01", True), ("10.00", True), ("23.00", False)]
)
def test_more_than_5_percent_or_1_m2_is_marked(floor, manager, area, marked):
    unit(floor, "401", area)

    (pair,) = comparison.compare(sent(floor, manager), on=TODAY).pairs

    assert pair.marked is marked


def test_a_small_room_is_marked_above_5_percent(floor, manager):
    unit(floor, "1", "5.80")

    (pair,) = comparison.compare(sent(floor, manager, Plot("m").room("1", rectangle(0, 0, 2, 3))), on=TODAY).pairs

    assert (pair.difference, pair.marked) == (Decimal("0.20"), False)
    UnitPeriod.objects.update(usable_area=Decimal("5.70"))
    (pair,) = comparison.compare(Drawing.objects.get(), on=TODAY).pairs
    assert (pair.difference, pair.marked) == (Decimal("0.30"), True)


def test_shapes_units_and_areas_are_taken_over_together(floor, manager):
    known, other = unit(floor, "401", "20.00"), unit(floor, "402", "24.50")
    new = f"{floor.building.park.code}-A-403"

    plan = take(
        sent(floor, manager),
        manager,
        why="as measured",
        units=[new],
        areas=[known.code],
        use="office",
        opens_on=TODAY,
    )

    known.refresh_from_db()
    other.refresh_from_db()
    made = Unit.objects.get(code=new)
    assert (known.usable_area, known.area_source, other.usable_area) == (
        Decimal("24.00"),
        "predicted",
        Decimal("24.50"),
    )
    assert (made.usable_area, made.use, made.opens_on, made.floor) == (Decimal("24.00"), "office", TODAY, floor)
    assert (plan.valid_from, plan.public, plan.picture.name, plan.note) == (TODAY, False, "", "四层.dxf")
    drawn = {shape.unit.code[-3:]: shape.area() for shape in plan.shapes.select_related("unit", "plan")}
    assert drawn == {"401": Decimal("24.00"), "402": Decimal("24.00"), "403": Decimal("24.00")}
    assert not Drawing.objects.exists()
    assert pairs(connected=True, source=AdjacencySource.FOUND) == {("401", "402"), ("402", "403")}


def test_the_first_room_lies_where_it_is_drawn(floor, manager):
    upper, lower = unit(floor, "405"), unit(floor, "401")

    plan = take(sent(floor, manager), manager)

    middle = {shape.unit_id: shapes.centre(shape.points) for shape in plan.shapes.all()}
    assert middle[upper.pk][1] < middle[lower.pk][1]  # y runs up in a drawing and down in a picture
    wide, high = float(plan.metres_wide), float(plan.metres_high)
    assert (wide, high) == (pytest.approx(16.6 * 1.04, abs=0.01), pytest.approx(14 + 0.04 * 16.6, abs=0.01))
    assert middle[lower.pk][0] * wide == pytest.approx(2 + 0.02 * 16.6, abs=0.01)


def test_every_row_has_its_change_and_the_drawing_is_not_in_it(floor, manager):
    unit(floor, "401")

    drawing = drawings.send(floor, name="四层.dxf", content=floor_of_eight().bytes(), by=manager)
    drawings.choose(drawing, layer=ROOMS, labels="", unit="mm", codes={}, by=manager)
    take(drawing, manager)

    result = list(Change.objects.order_by("pk").values_list("object_type", "verb"))
    assert result == [
        ("spaces.drawing", "send"),
        ("spaces.drawing", "choose"),
        ("spaces.floorplan", "create"),
        ("spaces.unitshape", "create"),
        ("spaces.drawing", "take_over"),
    ]
    first = Change.objects.order_by("pk").first()
    assert first.park == floor.building.park_id
    assert set(first.after) >= {"name", "sha256", "layer"}
    assert "content" not in first.after


@pytest.mark.parametrize(
    ("choice", "why", "result"),
    [
        ({"areas": ["401"]}, "", "reason"),
        ({"units": ["403"]}, "", "use"),
        ({"units": ["403"], "use": "office"}, "", "opens_on"),
        ({"units": ["401"]}, "", "stale"),
        ({"areas": ["403"]}, "x", "stale"),
        ({"valid_from": date(2020, 1, 1)}, "", "plan from this day"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(floor, manager, choice, why, result):
    known = unit(floor, "401", "20.00")
    FloorPlan.objects.create(
        floor=floor,
        valid_from=date(2020, 1, 1),
        width_px=9,
        height_px=9,
        created_at=timezone.now(),
        created_by=manager,
    )
    drawing = sent(floor, manager)
    path = known.code.removesuffix("401")
    for name in {"areas", "units"} & choice.keys():
        choice = choice | {name: [path + number for number in choice[name]]}
    before = Change.objects.count()

    with pytest.raises(ValidationError) as refusal:
        take(drawing, manager, why=why, **choice)

    assert result in [code(refusal.value), *refusal.value.messages] or result in refusal.value.messages[0]
    assert (Change.objects.count(), FloorPlan.objects.count(), UnitShape.objects.count()) == (before, 1, 0)
    assert Drawing.objects.count() == 1


def test_a_drawing_in_a_wrong_unit_is_not_taken_over(floor, manager):
    unit(floor, "401")
    drawing = sent(floor, manager, unit="m")

    with pytest.raises(ValidationError) as refusal:
        take(drawing, manager)

    assert code(refusal.value) == "blocked"


def test_a_drawing_that_shows_nothing_known_is_not_taken_over(floor, manager):
    with pytest.raises(ValidationError) as refusal:
        take(sent(floor, manager), manager)

    assert code(refusal.value) == "nothing"


def test_rooms_with_a_problem_are_left_out(floor, manager):
    for number in ("1", "2", "3"):
        unit(floor, number)
    plot = Plot().room("1", rectangle(0, 0, 4, 6)).room("2", rectangle(3.5, 0, 4, 6)).room("3", rectangle(9, 0, 4, 6))

    plan = take(sent(floor, manager, plot), manager)

    assert [shape.unit.code[-1] for shape in plan.shapes.select_related("unit")] == ["3"]


def test_numbers_that_are_typed_are_kept_until_another_layer_is_chosen(floor, manager):
    known = unit(floor, "401")
    plot = (
        Plot()
        .room("", rectangle(0, 0, 4, 6))
        .room("", rectangle(0, 7, 4, 6))
        .room("9", rectangle(9, 0, 4, 6), layer="B")
    )
    drawing = sent(floor, manager, plot)
    first, second = comparison.compare(drawing, on=TODAY).to_name
    how = {"layer": ROOMS, "labels": "", "unit": "mm", "by": manager}

    drawing = drawings.choose(drawing, codes={first.handle: "401"}, **how)
    drawing = drawings.choose(drawing, codes={second.handle: " 402 "}, **how)
    compared = comparison.compare(drawing, on=TODAY)

    assert [pair.unit for pair in compared.pairs] == [known]
    assert [room.label for room in compared.new] == ["402"]
    assert {room.handle for room in compared.to_name} == {first.handle, second.handle}
    assert drawings.choose(drawing, codes={}, **how | {"layer": "B"}).codes == {}


@pytest.mark.parametrize(
    ("how", "result", "words"),
    [
        ({"layer": "WALLS"}, "layer", f"It has: 0, Defpoints, {ROOMS}, {LABELS}"),
        ({"layer": ""}, "layer", "It has"),
        ({"labels": "NO"}, "layer", "no layer “NO”"),
        ({"unit": ""}, "unit", "never guessed"),
    ],
)
def test_a_reading_that_does_not_fit_the_drawing_is_refused(floor, manager, how, result, words):
    with pytest.raises(ValidationError) as refusal:
        sent(floor, manager, **how)

    assert code(refusal.value) == result
    assert words in refusal.value.messages[0]


def test_a_code_of_another_floor_or_of_a_closed_unit_is_no_room_here(floor, manager):
    elsewhere = unit(make.floor(building=floor.building), "401")
    gone = unit(floor, "402")
    Unit.objects.filter(pk=gone.pk).update(closes_on=date(2024, 1, 1))

    compared = comparison.compare(sent(floor, manager), on=TODAY)

    result = {problem.fix.value: problem.facts["unit"] for problem in compared.problems}
    assert result == {"elsewhere": elsewhere.code, "gone": gone.code}
    assert [room.label for room in compared.to_name] == ["401", "402"]


def test_of_two_who_take_over_at_once_one_is_told(floor, manager):
    unit(floor, "401")
    drawing, same = sent(floor, manager), Drawing.objects.get()
    take(drawing, manager)

    for late in (
        lambda: take(same, manager),
        lambda: drawings.choose(same, layer=ROOMS, labels="", unit="mm", codes={}, by=manager),
    ):
        with pytest.raises(ValidationError) as refusal:
            late()
        assert code(refusal.value) == "stale"
    assert FloorPlan.objects.count() == 1


def test_a_second_drawing_takes_the_place_of_the_first(floor, manager):
    first = drawings.send(floor, name="a.dxf", content=floor_of_eight().bytes(), by=manager)
    second = drawings.send(floor, name="b.dxf", content=floor_of_eight().bytes(), by=manager)

    assert list(Drawing.objects.all()) == [second]
    assert first.pk != second.pk


def test_drawings_go_after_a_day(floor, manager):
    drawing = drawings.send(floor, name="a.dxf", content=floor_of_eight().bytes(), by=manager)
    Drawing.objects.update(created_at=drawing.created_at - timedelta(hours=23))
    day_ago = timezone.now() - timedelta(days=1)

    assert drawings.clear(before=day_ago) == 0
    Drawing.objects.update(created_at=drawing.created_at - timedelta(hours=25))
    assert drawings.clear(before=day_ago) == 1
    assert not Drawing.objects.exists()


def test_a_hundred_drawings_a_day_are_enough(floor, manager):
    now = timezone.now()
    facts = {"at": now, "by": manager, "verb": "send", "object_type": "spaces.drawing", "object_id": 1, "label": ""}
    Change.objects.bulk_create([Change(**facts) for _number in range(100)])

    with pytest.raises(ValidationError) as refusal:
        drawings.send(floor, name="a.dxf", content=floor_of_eight().bytes(), by=manager)

    assert code(refusal.value) == "quota"


def picture(floor, manager, **facts):
    result = {"width_px": 2000, "height_px": 1000, "metres_wide": Decimal(40), "valid_from": date(2026, 1, 1)} | facts
    return FloorPlan.objects.create(floor=floor, created_at=timezone.now(), created_by=manager, **result)


def test_over_a_picture_the_rooms_come_into_its_middle(floor, manager):
    known = unit(floor, "401")

    plan = take(sent(floor, manager), manager, over=picture(floor, manager))

    (shape,) = plan.shapes.select_related("plan")
    assert (shape.unit_id, shape.area()) == (known.pk, Decimal("24.00"))
    x, y = shapes.centre(shape.points)
    assert (x * 40, y * 20) == (pytest.approx(20 - 8.3 + 2, abs=0.01), pytest.approx(10 + 7 - 3, abs=0.01))


def test_over_a_picture_with_a_shape_the_drawing_finds_its_place(floor, manager):
    first, second = unit(floor, "401"), unit(floor, "402")
    plan = picture(floor, manager)
    by_hand = [[0.1, 0.5], [0.2, 0.5], [0.2, 0.8], [0.1, 0.8]]
    floorplans.set_shapes(plan, {first.pk: by_hand}, by=manager, on=date(2026, 1, 1))

    take(sent(floor, manager), manager, why="redrawn", over=plan)

    drawn = {shape.unit_id: shapes.centre(shape.points) for shape in plan.shapes.all()}
    assert drawn[first.pk] == (pytest.approx(0.15), pytest.approx(0.65))
    assert drawn[second.pk] == (pytest.approx(0.15 + 4.2 / 40), pytest.approx(0.65))


@pytest.mark.parametrize("facts", [{"metres_wide": None}, {"metres_wide": Decimal(10)}])
def test_over_a_picture_without_a_scale_or_too_small_it_is_refused(floor, manager, facts):
    unit(floor, "401")
    drawing = sent(floor, manager)

    with pytest.raises(ValidationError) as refusal:
        take(drawing, manager, over=picture(floor, manager, **facts))

    assert code(refusal.value) == "scale"


def test_what_a_person_has_set_stays(floor, manager):
    rooms = [unit(floor, str(number)) for number in range(401, 405)]
    floorplans.set_adjacency(rooms[0], rooms[1], connected=False, by=manager, why="a fire wall")
    floorplans.set_adjacency(rooms[0], rooms[3], connected=True, by=manager, why="a bridge")

    plan = take(sent(floor, manager), manager)

    assert pairs(source=AdjacencySource.PERSON) == {("401", "402"), ("401", "404")}
    assert pairs(source=AdjacencySource.FOUND) == {("402", "403"), ("403", "404")}
    floorplans.set_shapes(plan, {rooms[2].pk: [[0, 0], [0.1, 0], [0, 0.1]]}, by=manager, on=TODAY)
    assert pairs(source=AdjacencySource.FOUND) == set()
    assert pairs(source=AdjacencySource.PERSON) == {("401", "402"), ("401", "404")}


def test_an_older_version_says_nothing_of_today(floor, manager):
    for number in ("401", "402"):
        unit(floor, number)
    take(sent(floor, manager), manager)
    Adjacency.objects.all().delete()

    old = take(sent(floor, manager), manager, valid_from=date(2025, 1, 1))

    assert old.shapes.count() == 2
    assert pairs() == set()


@pytest.mark.parametrize(
    ("area", "gap", "found"), [("24.00", 0.012, 1), ("24.00", 0.03, 0), (None, 0.009, 1), (None, 0.011, 0)]
)
def test_without_a_scale_areas_give_it_and_without_them_the_longer_side(floor, manager, area, gap, found):
    """Two rooms of 4 by 6 m on a sheet whose scale nobody has said: 20 m across if the areas are right."""
    one, other = unit(floor, "1", area), unit(floor, "2", area)
    plan = picture(floor, manager, metres_wide=None)
    size = 0.2, 0.6
    drawn = {
        one.pk: [[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]],
        other.pk: [[size[0] + gap, 0], [2 * size[0] + gap, 0], [2 * size[0] + gap, size[1]], [size[0] + gap, size[1]]],
    }

    floorplans.set_shapes(plan, drawn, by=manager, on=date(2026, 1, 1))

    assert len(adjacency.pairs_of(plan, plan.shapes.select_related("unit"))) == found == Adjacency.objects.count()
