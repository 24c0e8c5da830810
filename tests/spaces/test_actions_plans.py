"""Floor plans: versions by date, pictures rewritten, shapes and scale; yesterday's picture stays what it was."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from PIL import Image

from spaces import changes, floorplans
from spaces.actions import floorplans as acts
from spaces.actions import units
from spaces.models import Adjacency, Change, FloorPlan, Unit, UnitShape
from tests import make
from tests.tenants import corpus

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("watched")]
TODAY = date(2026, 6, 1)
OPENED, REFIT = date(2025, 1, 1), date(2026, 3, 1)
LEFT = [[0.0, 0.0], [0.5, 0.0], [0.5, 1.0], [0.0, 1.0]]
RIGHT = [[0.5, 0.0], [1.0, 0.0], [1.0, 1.0], [0.5, 1.0]]
MIDDLE = [[0.25, 0.0], [0.75, 0.0], [0.75, 1.0], [0.25, 1.0]]

# The whole corpus is sent through the same door in tests/tenants/test_files.py.
HOSTILE = {"pdf": corpus.pdf()} | {
    name: sent
    for name, sent in corpus.hostile().items()
    if name in {"empty", "html", "svg with script", "eps", "png bomb", "animated png", "webp cut off", "over 10 MB"}
}


@pytest.fixture(autouse=True)
def no_files():
    for name in files():
        default_storage.delete(name)


@pytest.fixture
def floor(park):
    return make.floor(building=make.building(park=park))


@pytest.fixture
def left(floor):
    return make.unit(floor=floor, code="A-401", usable_area=Decimal("120.00"))


@pytest.fixture
def right(floor):
    return make.unit(floor=floor, code="A-402", usable_area=Decimal("100.00"))


def picture(size=(400, 200), kind="PNG", color="white"):
    return corpus.picture(kind, size, color=color)


def version(floor, by, valid_from=OPENED, **facts):
    return acts.add_version(floor, **{"valid_from": valid_from, "picture": picture(), "by": by} | facts)


def files():
    """The names of the pictures that are kept."""
    return (
        sorted(f"plans/{name}" for name in default_storage.listdir("plans")[1])
        if default_storage.exists("plans")
        else []
    )


def stored():
    models = (FloorPlan, UnitShape, Adjacency)
    return [list(model.objects.order_by("pk").values()) for model in models] + [Change.objects.count()]


def refused(act, *args, **facts):
    """The codes of a refusal, by field; neither a row nor a file may be left of it."""
    before = stored(), files()

    with pytest.raises(ValidationError) as refusal:
        act(*args, **facts)

    assert (stored(), files()) == before
    return {field: [error.code for error in errors] for field, errors in refusal.value.error_dict.items()}


def result(row):
    """The verbs of the changes of a row; the last one holds the row as it is stored."""
    row.refresh_from_db()
    found = Change.objects.filter(object_type=row._meta.label_lower, object_id=row.pk).order_by("pk")
    assert found.last().after == changes.snapshot(row)
    return [change.verb for change in found]


def seen(floor, user, day):
    """What the picture of a day says: file, scale, and each unit with its corners."""
    sheet = floorplans.of_floor(floor, user, on=day, today=TODAY)
    shapes = {row.unit.code: row.shape.points if row.shape else None for row in sheet.rows}
    return (sheet.plan and (str(sheet.plan.picture), sheet.plan.metres_wide)), shapes


def test_a_version_keeps_its_picture_in_four_sizes_under_random_names(floor, manager):
    plan = version(floor, manager, picture=picture((3000, 1500)), note="实测", public=True)

    assert (plan.width_px, plan.height_px, plan.widths) == (3000, 1500, [800, 1600, 2400])
    stem = str(plan.picture).removesuffix(".png")
    assert files() == [f"{stem}-1600.webp", f"{stem}-2400.webp", f"{stem}-800.webp", f"{stem}.png"]
    assert len(stem.removeprefix("plans/")) == 40
    assert result(plan) == ["create"]
    with default_storage.open(plan.scaled(800)) as kept, Image.open(kept) as small:
        assert (small.format, small.size) == ("WEBP", (800, 400))


def test_a_small_picture_has_no_larger_ones(floor, manager):
    plan = version(floor, manager, picture=picture((1000, 500), "JPEG"))

    assert plan.widths == [800, 1000]
    assert len(files()) == 3
    assert str(plan.picture).endswith(".jpg")


def test_a_drawing_has_a_frame_and_no_picture(floor, manager):
    plan = version(floor, manager, picture=None, frame=(48000, 12000), metres_wide=Decimal(48))

    assert (plan.width_px, plan.height_px, str(plan.picture), files()) == (48000, 12000, "", [])
    assert plan.metres_high == Decimal(12)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_and_the_old_plan_stays(floor, manager, name):
    version(floor, manager)
    assert refused(version, floor, manager, REFIT, picture=HOSTILE[name]) == {"file": ["file"]}


def test_a_refused_row_takes_its_files_along(floor, manager):
    version(floor, manager)

    assert refused(version, floor, manager) == {"__all__": [None]}
    assert refused(version, floor, manager, date(1800, 1, 1)) == {"valid_from": ["day"]}
    assert refused(version, floor, manager, REFIT, picture=None) == {"picture": ["picture"]}


def test_a_new_version_starts_with_the_shapes_and_the_scale_of_the_one_before(floor, left, right, manager):
    first = version(floor, manager, metres_wide=Decimal(40))
    acts.set_shapes(first, {left.pk: LEFT, right.pk: RIGHT}, by=manager, on=TODAY)

    second = version(floor, manager, REFIT, picture=picture((800, 400)))

    assert second.metres_wide == Decimal(40)
    copies = second.shapes.order_by("pk")
    assert [(shape.unit, shape.points) for shape in copies] == [(left, LEFT), (right, RIGHT)]
    assert [result(shape) for shape in copies] == [["create"], ["create"]]


def test_a_picture_of_other_proportions_starts_without_them(floor, left, manager):
    first = version(floor, manager, metres_wide=Decimal(40))
    acts.set_shapes(first, {left.pk: LEFT}, by=manager, on=TODAY)

    second = version(floor, manager, REFIT, picture=picture((400, 300)))

    assert (second.metres_wide, second.shapes.count()) == (None, 0)


def test_yesterdays_picture_is_what_it_was_after_further_writes(floor, left, right, manager):
    first = version(floor, manager, metres_wide=Decimal(40))
    acts.set_shapes(first, {left.pk: LEFT, right.pk: RIGHT}, by=manager, on=TODAY)
    yesterday = TODAY - timedelta(days=1)
    before = seen(floor, manager, yesterday)

    second = version(floor, manager, TODAY, picture=picture((800, 400)))
    acts.set_shapes(second, {left.pk: MIDDLE, right.pk: None}, by=manager, on=TODAY)
    acts.calibrate(second, first=(0, 0), second=(1, 0), metres=Decimal(44), by=manager)
    parts = [Unit(code=f"A-401{half}", use="office", usable_area=Decimal(60)) for half in "ab"]
    parts = [Unit(floor=floor, code=part.code.upper(), use=part.use, usable_area=part.usable_area) for part in parts]
    units.split(left, parts, splits_on=TODAY, by=manager, on=TODAY)
    acts.set_shapes(first, {parts[0].pk: LEFT}, by=manager, on=TODAY)

    assert seen(floor, manager, yesterday) == before
    assert seen(floor, manager, TODAY)[1] == {"A-401A": None, "A-401B": None, "A-402": None}


def test_a_shape_of_the_past_moves_with_a_reason_only(floor, left, right, manager):
    plan = version(floor, manager)
    acts.set_shapes(plan, {left.pk: LEFT}, by=manager, on=TODAY)

    for moved in ({left.pk: MIDDLE}, {left.pk: None}):
        assert refused(acts.set_shapes, plan, moved, by=manager, on=TODAY) == {"why": ["reason"]}
    acts.set_shapes(plan, {left.pk: LEFT, right.pk: None}, by=manager, on=TODAY)
    shape = plan.shapes.get()
    acts.set_shapes(plan, {left.pk: MIDDLE}, by=manager, on=TODAY, why="量错了")
    assert result(shape) == ["create", "change"]
    acts.set_shapes(plan, {left.pk: None}, by=manager, on=TODAY, why="不在此层")

    assert plan.shapes.count() == 0
    assert Change.objects.latest("pk").before["points"] == MIDDLE


def test_a_shape_that_is_wrong_is_refused_with_its_unit(floor, left, manager):
    plan = version(floor, manager)
    other = make.unit()

    assert refused(acts.set_shapes, plan, {other.pk: LEFT}, by=manager, on=TODAY) == {"unit": ["floor"]}
    crossed = {left.pk: [LEFT[0], LEFT[2], LEFT[1], LEFT[3]]}
    assert refused(acts.set_shapes, plan, crossed, by=manager, on=TODAY) == {"points": ["shape"]}


def test_the_scale_gives_the_area(floor, left, manager):
    plan = version(floor, manager)
    acts.set_shapes(plan, {left.pk: LEFT}, by=manager, on=TODAY)

    plan = acts.calibrate(plan, first=(0.1, 0.5), second=(0.4, 0.5), metres=Decimal("4.80"), by=manager)

    assert (plan.metres_wide, plan.metres_high) == (Decimal("16.000"), Decimal("8.000"))
    (row,) = floorplans.of_floor(floor, manager, on=TODAY, today=TODAY).rows
    assert (row.area, row.off.quantize(Decimal("0.01")), row.is_off) == (Decimal("64.00"), Decimal("-46.67"), True)
    same = {"first": (0.1, 0.1), "second": (0.1, 0.1), "metres": Decimal(5), "by": manager}
    assert refused(acts.calibrate, plan, **same) == {"second": ["scale"]}
    far = {"first": (0.1, 0.1), "second": (0.11, 0.1), "metres": Decimal(5000), "by": manager}
    assert list(refused(acts.calibrate, plan, **far)) == ["metres_wide"]


def test_a_better_scan_takes_the_place_of_a_picture(floor, manager):
    plan = version(floor, manager)
    old = str(plan.picture)

    assert refused(acts.replace_picture, plan, picture=picture(), by=manager, why=" ") == {"why": ["reason"]}
    other = picture((400, 300))
    assert refused(acts.replace_picture, plan, picture=other, by=manager, why="x") == {"file": ["proportion"]}
    plan = acts.replace_picture(plan, picture=picture((800, 400), color="blue"), by=manager, why="更清晰")

    assert result(plan) == ["create", "change"]
    assert (plan.width_px, plan.widths) == (800, [800])
    assert {old, str(plan.picture)} <= set(files())


def test_companies_see_a_public_version_of_the_day_and_no_older_one_in_its_place(floor, manager):
    company = make.user()
    first = version(floor, manager, public=True)
    second = version(floor, manager, REFIT)

    assert floorplans.plan_on(floor, company, on=REFIT - timedelta(days=1)) == first
    assert floorplans.plan_on(floor, company, on=REFIT) is None
    second = acts.publish(second, public=True, by=manager)
    assert floorplans.plan_on(floor, company, on=REFIT) == second
    acts.publish(second, public=False, by=manager)
    assert result(second) == ["create", "change", "change"]


def test_who_sees_and_who_edits_a_plan(floor, manager, neighbour, officer, official, auditor, admin, visitor):
    hidden = version(floor, manager)
    public = version(make.floor(building=floor.building), manager, public=True)
    company = make.user()

    people = (manager, officer, official, auditor, company, neighbour, admin, visitor)
    found = [set(FloorPlan.objects.visible_to(user)) for user in people]
    assert found == [*[{hidden, public}] * 4, {public}, set(), set(), set()]
    mine = [set(FloorPlan.objects.editable_by(user)) for user in people]
    assert mine == [*[{hidden, public}] * 2, *[set()] * 6]


def test_adjacency_is_kept_once_a_pair(floor, left, right, manager):
    pair = acts.set_adjacency(right, left, connected=True, by=manager)

    again = acts.set_adjacency(left, right, connected=False, by=manager, why="隔墙")

    assert (pair.first, pair.second, again.pk, result(again)) == (left, right, pair.pk, ["create", "change"])
    elsewhere = make.unit()
    assert refused(acts.set_adjacency, left, elsewhere, connected=True, by=manager) == {"other": ["mixed"]}
    assert list(refused(acts.set_adjacency, left, left, connected=True, by=manager)) == ["__all__"]


def test_the_database_keeps_the_order_of_a_pair(left, right):
    with pytest.raises(IntegrityError), transaction.atomic():
        Adjacency.objects.create(first=right, second=left, connected=True, source="person")


def test_units_are_connected_through_adjacent_ones(floor, manager):
    a, b, c, d = (make.unit(floor=floor) for _ in range(4))
    acts.set_adjacency(a, b, connected=True, by=manager)
    acts.set_adjacency(b, c, connected=True, by=manager)
    acts.set_adjacency(c, d, connected=False, by=manager)
    sheet = floorplans.of_floor(floor, manager, on=TODAY, today=TODAY)

    def together(*units):
        return floorplans.are_connected([unit.pk for unit in units], sheet.adjacency)

    assert [together(a), together(a, b), together(a, b, c), together(a, c), together(c, d)] == [True] * 3 + [False] * 2
    e, f = (make.unit(floor=floor) for _ in range(2))
    assert (together(e, f), together(e), together(a, e)) == (None, True, False)


@pytest.mark.parametrize("number", [1, 3])
def test_the_sheet_costs_the_same_whatever_the_number_of_units(floor, manager, django_assert_num_queries, number):
    plan = version(floor, manager, metres_wide=Decimal(40))
    rooms = [make.unit(floor=floor) for _ in range(number)]
    acts.set_shapes(plan, {room.pk: LEFT for room in rooms}, by=manager, on=TODAY)

    with django_assert_num_queries(5):
        assert len(floorplans.of_floor(floor, manager, on=TODAY, today=TODAY).rows) == number
