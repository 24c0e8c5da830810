"""Units and places: added, changed, retired, split, merged; area is conserved and the past needs a reason."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError

from spaces import changes, floorplans
from spaces.actions import allocations, places, units
from spaces.models import Adjacency, Allocation, Building, Change, Floor, Park, Unit, UnitPeriod
from spaces.values.periods import Validity
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("watched")]
TODAY = date(2026, 6, 1)
NEW_YEAR = date(2027, 1, 1)


@pytest.fixture
def floor(park):
    return make.floor(building=make.building(park=park), usable_area=Decimal("300.00"))


@pytest.fixture
def unit(floor):
    return make.unit(floor=floor, code="A-401", usable_area=Decimal("120.50"))


def room(floor, code="A-402", area="100.00", **facts):
    facts = {"use": "office", "opens_on": date(2020, 1, 1)} | facts
    return Unit(floor=floor, code=code, usable_area=area and Decimal(area), **facts)


def stored():
    models = (Unit, Floor, Building, Allocation)
    return [list(model.objects.order_by("pk").values()) for model in models] + [Change.objects.count()]


def refused(act, *args, **facts):
    """The codes of a refusal, by field; nothing may be left of it."""
    before = stored()

    with pytest.raises(ValidationError) as refusal:
        act(*args, **facts)

    assert stored() == before
    return {field: [error.code for error in errors] for field, errors in refusal.value.error_dict.items()}


def result(row):
    """(verb, by, why) of the changes of a row; the last one holds the row as it is stored."""
    row.refresh_from_db()
    found = Change.objects.filter(object_type=row._meta.label_lower, object_id=row.pk).order_by("pk")
    assert found.last().after == changes.snapshot(row)
    return [(change.verb, change.by, change.why) for change in found]


def test_a_unit_is_added(floor, manager):
    new = room(floor, height_m=Decimal("4.5"))

    units.add(new, by=manager, why="surveyed")

    assert result(new) == [("create", manager, "surveyed")]


def test_many_units_are_added_at_once_each_with_its_change(floor, manager):
    new = [room(floor, f"A-{number}", "100.00", height_m=Decimal(4)) for number in (1, 2, 3)]

    units.add_many(new, by=manager)

    assert [result(row) for row in new] == [[("create", manager, "")]] * 3


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({"code": "A-401"}, {"code": ["unique"]}),
        ({"code": "a-402"}, {"code": ["invalid"]}),
        ({"code": "A-4\n02"}, {"code": ["line"]}),
        ({"area": "0"}, {"usable_area": ["range"]}),
        ({"area": "0.001"}, {"usable_area": ["finer"]}),
        ({"area": "NaN"}, {"usable_area": ["invalid"]}),
        ({"area": "179.51"}, {"usable_area": ["floor_area"]}),
        ({"use": "castle"}, {"use": ["invalid_choice"]}),
        ({"closes_on": date(2020, 1, 1)}, {"__all__": [None]}),
        ({"gross_area": Decimal("99.99")}, {"__all__": [None]}),
        ({"opens_on": None}, {"opens_on": ["null"]}),
        ({"opens_on": date(1999, 12, 31)}, {"opens_on": ["day"]}),
    ],
)
def test_adding_a_unit_is_refused(unit, facts, codes):
    assert refused(units.add, room(unit.floor, **facts), by=None) == codes


def test_a_floor_is_filled_to_its_last_hundredth(unit):
    units.add(room(unit.floor, area="179.50"), by=None)

    assert sum(unit.floor.units.values_list("periods__usable_area", flat=True)) == Decimal("300.00")


@pytest.mark.parametrize("area", ["179.51", "500"])
def test_a_floor_may_hold_more_than_registered_if_a_reason_says_why(unit, area, manager):
    new = room(unit.floor, area=area)

    units.add(new, by=manager, why="the register is older than the mezzanine")

    assert result(new) == [("create", manager, "the register is older than the mezzanine")]


def test_a_floor_is_full_on_any_later_day_too(unit):
    make.unit(floor=unit.floor, opens_on=date(2022, 1, 1), usable_area=Decimal(150))
    early = room(unit.floor, area="100", opens_on=date(2021, 1, 1))
    gone = room(unit.floor, area="100", opens_on=date(2021, 1, 1), closes_on=date(2022, 1, 1))

    assert refused(units.add, early, by=None) == {"usable_area": ["floor_area"]}
    assert refused(units.add_many, [early], by=None) == {"usable_area": ["floor_area"]}
    units.add(gone, by=None)
    assert result(gone) == [("create", None, "")]


def test_growing_an_old_unit_is_checked_against_the_units_that_came_later(unit):
    later = make.unit(floor=unit.floor, opens_on=date(2022, 1, 1), usable_area=Decimal(150))

    codes = refused(units.update, later, by=None, on=TODAY, usable_area=Decimal("179.51"))
    assert codes == {"why": ["reason"]}
    UnitPeriod.objects.filter(unit=unit).update(usable_area=None)
    assert refused(units.update, unit, by=None, on=TODAY, usable_area=Decimal("150.01")) == {
        "usable_area": ["floor_area"]
    }


def test_a_floor_that_is_overfull_for_a_reason_can_still_be_described(unit, manager):
    make.unit(floor=unit.floor, usable_area=Decimal(500))

    units.update(unit, by=manager, on=TODAY, note="new carpet")

    assert result(unit) == [("change", manager, "")]


def test_a_first_area_needs_no_reason_and_another_one_does(floor, manager):
    unit = make.unit(floor=floor, usable_area=None)

    units.update(unit, by=manager, on=TODAY, usable_area=Decimal("80.00"))

    assert refused(units.update, unit, by=manager, on=TODAY, usable_area=Decimal("80.01")) == {"why": ["reason"]}
    units.update(unit, by=manager, on=TODAY, usable_area=Decimal("80.01"), why="surveyed")
    assert result(unit.facts_of(TODAY)) == [("change", manager, ""), ("change", manager, "surveyed")]


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({"code": "A-999"}, {"code": ["code"]}),
        ({"use": "lab"}, {"why": ["reason"]}),
        ({"opens_on": date(2020, 1, 2)}, {"why": ["reason"]}),
        ({"usable_area": None}, {"why": ["reason"]}),
        ({"height_m": Decimal(-1)}, {"height_m": ["min_value"]}),
        ({"opens_on": date(2026, 1, 2), "why": "x"}, {"units": ["taken"]}),
        ({"closes_on": date(2026, 12, 31), "why": "x"}, {"units": ["taken"]}),
    ],
)
def test_changing_a_unit_is_refused(unit, facts, codes):
    make.allocation(unit=unit, starts_on=date(2026, 1, 1), ends_on=NEW_YEAR)

    assert refused(units.update, unit, by=None, on=TODAY, **facts) == codes


def test_a_change_that_changes_nothing_writes_nothing(unit):
    units.update(unit, by=None, on=TODAY, usable_area=Decimal("120.5"), note="", height_m=None)

    assert Change.objects.count() == 0


def test_a_unit_is_retired(unit, manager):
    make.allocation(unit=unit, starts_on=date(2026, 1, 1), ends_on=TODAY)
    make.allocation(unit=unit, starts_on=TODAY, ends_on=NEW_YEAR, held_until=TODAY)

    units.retire(unit, closes_on=TODAY, by=manager, why="walls down", on=TODAY)

    assert result(unit) == [("retire", manager, "walls down")]
    assert unit.closes_on == TODAY
    assert unit.allocations.count() == 1


TAKEN = [
    {"starts_on": date(2026, 1, 1)},
    {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 6, 2)},
    {"starts_on": NEW_YEAR},
    {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 5, 1), "moved_in_on": date(2026, 1, 1)},
    {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 5, 1), "moved_in_on": date(2026, 1, 1),
     "handed_back_on": date(2026, 6, 2)},
    {"starts_on": NEW_YEAR, "ends_on": date(2028, 1, 1), "held_until": date(2026, 6, 2)},
    {"starts_on": NEW_YEAR, "purpose": "offline"},
]  # fmt: skip


@pytest.mark.parametrize("facts", TAKEN)
def test_a_unit_that_is_taken_is_neither_retired_nor_split_nor_merged(unit, facts):
    make.allocation(unit=unit, **facts)
    other = make.unit(floor=unit.floor, code="A-403", usable_area=Decimal(10))
    halves = [room(unit.floor, "A-401A", "60.50"), room(unit.floor, "A-401B", "60.00")]
    whole = room(unit.floor, "A-404", "130.50")

    assert refused(units.retire, unit, closes_on=TODAY, by=None, why="x", on=TODAY) == {"units": ["taken"]}
    assert refused(units.split, unit, halves, splits_on=TODAY, by=None, on=TODAY) == {"units": ["taken"]}
    assert refused(units.merge, [other, unit], whole, merges_on=TODAY, by=None, on=TODAY) == {"units": ["taken"]}


def test_a_unit_is_retired_once_and_not_before_it_opened(unit):
    assert refused(units.retire, unit, closes_on=unit.opens_on, by=None, why="x", on=TODAY) == {"__all__": [None]}
    units.retire(unit, closes_on=TODAY, by=None, why="x", on=TODAY)

    assert refused(units.retire, unit, closes_on=NEW_YEAR, by=None, why="x", on=TODAY) == {"units": ["closed"]}


def test_a_split_conserves_area_and_remembers_where_it_came_from(unit, manager):
    parts = [room(unit.floor, "A-401A", "60.25"), room(unit.floor, "A-401B", "60.25")]

    made = units.split(unit, parts, splits_on=TODAY, by=manager, on=TODAY)

    assert [result(part) for part in made] == [[("split", manager, "")]] * 2
    assert [(part.opens_on, [*part.predecessors.all()]) for part in made] == [(TODAY, [unit])] * 2
    assert result(unit) == [("split", manager, "")]
    assert unit.closes_on == TODAY
    last = Change.objects.filter(object_type="spaces.unit", object_id=made[0].pk).latest("pk")
    assert last.after["predecessors"] == [unit.pk]


def test_a_merger_conserves_area_and_remembers_where_it_came_from(unit, manager):
    other = make.unit(floor=unit.floor, code="A-402", usable_area=Decimal("29.50"))

    whole = units.merge([unit, other], room(unit.floor, "A-400", "150.00"), merges_on=TODAY, by=manager, on=TODAY)

    assert result(whole) == [("merge", manager, "")]
    assert {*whole.predecessors.all()} == {unit, other}
    assert [result(old) for old in (unit, other)] == [[("merge", manager, "")]] * 2
    assert Unit.objects.existing(TODAY).get() == whole


@pytest.mark.parametrize(
    ("areas", "ok"),
    [
        (["60.25", "60.25"], True),
        (["60.25", "60.24"], False),
        (["60.25", "60.26"], False),
        (["120.50", None], True),
        (["60.25", None], False),
        ([None, None], False),
    ],
)
def test_area_lost_in_a_split_needs_a_reason(unit, areas, ok, manager):
    parts = [room(unit.floor, f"A-401{letter}", area) for letter, area in zip("AB", areas, strict=True)]

    if ok:
        units.split(unit, parts, splits_on=TODAY, by=manager, on=TODAY)
        assert result(unit) == [("split", manager, "")]
    else:
        assert refused(units.split, unit, parts, splits_on=TODAY, by=manager, on=TODAY) == {"usable_area": ["area"]}
        parts = [room(unit.floor, part.code, part.usable_area) for part in parts]
        units.split(unit, parts, splits_on=TODAY, by=manager, why="a wall is thick", on=TODAY)
        assert result(unit) == [("split", manager, "a wall is thick")]


def test_area_lost_in_a_merger_with_an_unmeasured_unit_needs_a_reason(unit):
    other = make.unit(floor=unit.floor, code="A-402", usable_area=None)
    whole = room(unit.floor, "A-400", None)

    assert refused(units.merge, [unit, other], whole, merges_on=TODAY, by=None, on=TODAY) == {"usable_area": ["area"]}


def test_reconfiguring_is_refused(unit):
    elsewhere = make.unit(code="B-1")
    half, double = room(unit.floor, "A-401A"), room(unit.floor, "A-401", "120.50")
    day = {"by": None, "on": TODAY}

    assert refused(units.split, unit, [half], splits_on=TODAY, **day) == {"parts": ["area"]}
    assert refused(units.merge, [unit], half, merges_on=TODAY, **day) == {"units": ["area"]}
    assert refused(units.merge, [unit, elsewhere], half, merges_on=TODAY, **day) == {"units": ["mixed"]}
    parts = [double, room(unit.floor, "A-401B", None)]
    assert refused(units.split, unit, parts, splits_on=TODAY, **day) == {"code": ["unique"]}


def test_a_place_is_added_and_changed(park, manager):
    building = Building(park=park, code="Z9", name="Z9", ready_on=date(2026, 1, 1))

    places.add(building, by=manager)
    places.update(building, by=manager, on=TODAY, name="Tower", why="renamed")

    assert result(building) == [("create", manager, ""), ("change", manager, "renamed")]
    assert Change.objects.latest("pk").before["name"] == "Z9"


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({"code": "X"}, {"code": ["code"]}),
        ({"kind": "casino", "why": "x"}, {"kind": ["invalid_choice"]}),
        ({"kind": "maker_space"}, {"why": ["reason"]}),
        ({"planned_area": "0"}, {"planned_area": ["range"]}),
    ],
)
def test_changing_a_park_is_refused(park, facts, codes):
    before = Park.objects.values().get()

    assert refused(places.update, park, by=None, on=TODAY, **facts) == codes
    assert Park.objects.values().get() == before


def test_the_code_of_a_place_may_be_repeated(park, manager):
    places.update(park, by=manager, on=TODAY, code=park.code, city="大庆")

    assert result(park) == [("change", manager, "")]


def test_a_floor_does_not_shrink_below_its_units_without_a_reason(unit, manager):
    floor = unit.floor

    assert refused(places.update, floor, by=manager, on=TODAY, usable_area=Decimal("120.49")) == {
        "usable_area": ["floor_area"]
    }
    places.update(floor, by=manager, on=TODAY, usable_area=Decimal("120.50"))
    places.update(floor, by=manager, on=TODAY, usable_area=Decimal("100.00"), why="the register says so")

    assert result(floor) == [("change", manager, ""), ("change", manager, "the register says so")]


LAST = date(2026, 12, 31)
IN = {"starts_on": date(2026, 1, 1), "moved_in_on": date(2026, 1, 1)}
BEHIND = [facts for facts in TAKEN if facts["starts_on"] == NEW_YEAR or "ends_on" not in facts]


@pytest.mark.parametrize("facts", [*BEHIND, {"starts_on": date(2026, 1, 1), "ends_on": NEW_YEAR}])
def test_a_building_closes_before_nothing_that_is_taken(unit, facts):
    make.allocation(unit=unit, **facts)

    assert refused(places.update, unit.floor.building, by=None, on=TODAY, closed_on=LAST) == {"units": ["taken"]}


def test_a_building_closes_when_nobody_is_left_in_it(unit, manager):
    building = unit.floor.building
    row = make.allocation(unit=unit, starts_on=date(2026, 1, 1), ends_on=NEW_YEAR)
    make.allocation(unit=unit, starts_on=NEW_YEAR, ends_on=date(2028, 1, 1), held_until=date(2026, 7, 1))

    allocations.end_early(row, ends_on=LAST, by=manager, why="moves to the new hall")
    assert refused(places.update, building, by=manager, on=TODAY, closed_on=LAST) == {"units": ["taken"]}
    places.update(building, by=manager, on=date(2026, 7, 1), closed_on=LAST)  # by then the hold has lapsed

    assert result(building) == [("change", manager, "")]
    assert [*unit.allocations.all()] == [row]


def test_a_building_does_not_close_over_a_tenant_who_has_the_keys(unit):
    make.allocation(unit=unit, ends_on=date(2026, 5, 1), **IN)
    building = unit.floor.building

    assert refused(places.update, building, by=None, on=TODAY, closed_on=TODAY) == {"units": ["taken"]}
    places.update(building, by=None, on=TODAY, closed_on=LAST)  # he may be out by then

    assert building.closed_on == LAST


@pytest.mark.parametrize("ready_on", [None, date(2026, 1, 2)])
def test_a_building_was_ready_when_its_tenant_moved_in(unit, ready_on):
    make.allocation(unit=unit, **IN)
    building = unit.floor.building

    assert refused(places.update, building, by=None, on=TODAY, ready_on=ready_on) == {"ready_on": ["not_ready"]}
    places.update(building, by=None, on=TODAY, ready_on=date(2026, 1, 1))

    assert building.ready_on == date(2026, 1, 1)


@pytest.mark.parametrize("facts", [facts for facts in TAKEN if facts.get("purpose") != "offline"])
@pytest.mark.parametrize("use", ["ancillary", "own_office", "public_service"])
def test_a_unit_that_is_taken_does_not_become_common(unit, facts, use):
    make.allocation(unit=unit, **facts)
    day = date(2026, 5, 20)

    assert refused(units.update, unit, by=None, on=day, why="x", use=use) == {"units": ["taken"]}


def test_a_unit_becomes_common_once_nobody_has_it(unit, manager):
    make.allocation(unit=unit, starts_on=date(2026, 1, 1), ends_on=TODAY)
    make.allocation(unit=unit, starts_on=NEW_YEAR, ends_on=date(2028, 1, 1), held_until=TODAY)

    units.update(unit, by=manager, on=TODAY, why="a meeting room now", use="ancillary")

    assert result(unit.facts_of(TODAY)) == [("change", manager, "a meeting room now")]


def test_a_figure_keeps_its_number_as_the_database_tells_it(manager):
    figure = make.figure(number=Decimal(487100))

    places.update(figure, by=manager, on=TODAY, number=Decimal("487100.5"), why="second reading")

    assert result(figure) == [("change", manager, "second reading")]
    assert Change.objects.get().before["number"] == "487100.0000"


def test_many_units_are_refused_in_the_words_of_the_rule_that_one_of_them_breaks(floor):
    one, other = (Unit(floor=floor, code=code, use="office", opens_on=date(2026, 1, 1)) for code in ("N-1", "N-2"))
    other.usable_area, other.gross_area = Decimal(10), Decimal(5)

    with pytest.raises(ValidationError, match="The usable area can't be larger"):
        units.add_many([one, other], by=None)

    assert not Unit.objects.filter(code__startswith="N-").exists()


def test_a_merged_unit_lies_beside_what_its_parts_lay_beside():
    floor = make.floor()
    one, two, three, four, far = (make.unit(floor=floor, code=f"N-{number}") for number in range(1, 6))
    for first, second, connected, source in (
        (one, two, True, "found"),
        (two, three, False, "person"),
        (one, three, True, "found"),
        (two, four, True, "person"),
    ):
        Adjacency.objects.create(first=first, second=second, connected=connected, source=source)

    made = units.merge([one, two], Unit(code="N-M", use="office", usable_area=200), merges_on=TODAY, by=None, on=TODAY)

    result = Adjacency.objects.filter(second=made).order_by("first").values_list("first", "connected", "source")
    assert list(result) == [(three.pk, True, "found"), (four.pk, True, "person")]
    parts = [Unit(code=f"N-M{number}", use="office", usable_area=100) for number in (1, 2)]
    half, rest = units.split(made, parts, splits_on=date(2026, 7, 1), by=None, on=TODAY)
    Adjacency.objects.create(first=three, second=four, connected=True, source="person")
    sheet = floorplans.of_floor(floor, AnonymousUser(), on=date(2026, 7, 1), today=TODAY)
    assert [row.unit for row in sheet.unplaced] == [far, half, rest]


@pytest.mark.parametrize("since", [TODAY, date(2026, 8, 1), date(2027, 1, 1)])
def test_a_unit_does_not_become_common_while_its_tenant_is_in(unit, since):
    late = {"ends_on": date(2026, 5, 1), "moved_in_on": date(2026, 1, 1)}
    make.allocation(unit=unit, starts_on=date(2026, 1, 1), **late)
    facts = {"use": "ancillary", "validity": Validity.from_day(since)}

    assert refused(units.update, unit, by=None, on=TODAY, why="x", **facts) == {"units": ["taken"]}


def test_use_and_area_end_with_the_unit(unit):
    units.retire(unit, closes_on=date(2026, 12, 15), by=None, why="walls", on=TODAY)
    facts = {"usable_area": Decimal(50), "validity": Validity.from_day(date(2026, 12, 15))}

    assert refused(units.update, unit, by=None, on=TODAY, why="x", **facts) == {"from_day": ["outside_life"]}


def test_another_opening_of_a_park_needs_a_reason_and_leaves_nobody_in_before_it(unit, manager):
    park = unit.floor.building.park
    make.allocation(unit=unit, starts_on=date(2026, 1, 1), moved_in_on=date(2026, 1, 5))
    later = {"by": manager, "on": TODAY, "opened_on": date(2026, 2, 1)}

    assert refused(places.update, park, **later) == {"why": ["reason"]}
    assert refused(places.update, park, **later, why="misread") == {"opened_on": ["not_ready"]}
    places.update(park, **later | {"opened_on": date(2026, 1, 5)}, why="misread")

    assert park.opened_on == date(2026, 1, 5)
