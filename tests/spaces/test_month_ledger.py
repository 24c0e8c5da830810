"""The month ledger is what the allocations say, after any write and on any day, and says so itself where it is not."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import given, settings

from spaces import ledger
from spaces.actions import allocations, places, units
from spaces.actions.retry import atomic_with_retry
from spaces.ledger import sums_of_months
from spaces.models import Allocation, Change, CountedUnit, LedgerDelta, Park, Unit, UnitPeriod
from spaces.month_ledger import comparison, folding, rebuilding
from spaces.values.periods import Validity
from tests import make
from tests.spaces.test_ledger import DAYS, START, build, histories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
FAR = (date(1990, 5, 5), date(2024, 1, 31), date(2051, 7, 9))


@pytest.mark.engine
@settings(max_examples=8)
@given(history=histories(), more=histories(), day=DAYS, today=DAYS)
def test_it_equals_the_allocations_on_any_day_folded_or_not(db, history, more, day, today):
    Allocation.objects.all().delete()
    Unit.objects.all().delete()
    build(history)
    rebuilding.settle()
    folding.fold(today)
    build(more)
    rebuilding.settle()

    days = sorted({*FAR, *(day + timedelta(days=ahead) for ahead in (0, 1))})
    assert comparison.differences(days, today=today) == []
    folding.fold(today + timedelta(days=800))
    assert comparison.differences(days, today=today) == []
    assert not LedgerDelta.objects.filter(folded=False).exists()


def equal(today):
    days = [today + timedelta(days=days) for days in (-400, -31, -1, 0, 1, 31, 400)]
    assert not CountedUnit.objects.filter(stale=True).exists()
    assert comparison.differences(days, today=today) == []


def test_every_action_counts_what_it_writes(manager, floor):
    today = date(2026, 6, 1)
    act = {"by": manager, "on": today}
    building, park = floor.building, floor.building.park
    rooms = [Unit(floor=floor, code=f"R{n}", use="lab", usable_area=10 + n, opens_on=START) for n in range(4)]
    units.add_many(rooms, by=manager)
    equal(today)
    (first,) = allocations.hold(
        rooms[:1], starts_on=today, ends_on=date(2027, 6, 1), held_until=date(2026, 6, 20), **act
    )
    equal(today)
    allocations.sign(first, signed_on=today, **act)
    allocations.move_in(Allocation.objects.get(), moved_in_on=today, **act)
    equal(today)
    allocations.correct(Allocation.objects.get(), ends_on=date(2026, 5, 1), starts_on=START, signed_on=START,
                        moved_in_on=START, why="misread", **act)  # fmt: skip
    equal(today)
    allocations.hand_back(Allocation.objects.get(), handed_back_on=today, **act)
    equal(today)
    units.update(rooms[1], use="ancillary", why="a meeting room", **act)
    units.update(rooms[1], usable_area=None, why="nobody knows", **act)
    units.update(rooms[1], usable_area=14, why="a wall", **act | {"on": date(2026, 7, 1)})
    equal(today)
    corrected = Validity.correction(date(2025, 1, 1))
    units.update(rooms[2], usable_area=99, use="office", why="misread", validity=corrected, **act)
    equal(today)
    units.merge(rooms[2:], Unit(code="M", use="lab", usable_area=112), merges_on=today, **act)
    units.retire(rooms[0], closes_on=date(2027, 1, 1), why="walls", **act)
    equal(today)
    places.update(building, ready_on=date(2021, 1, 1), **act)
    places.update(building, closed_on=date(2030, 1, 1), **act)
    equal(today)
    places.update(park, ecosystem=make.ecosystem(), why="handed over", **act)
    equal(today)
    places.update(park, kind="industrial_park", opened_on=START, why="found in the register", **act)
    equal(today)
    folding.fold(today)
    equal(today)
    places.update(park, ecosystem=None, opened_on=None, why="nobody knows", **act)
    equal(today)
    corrected = Validity.correction(date(2025, 3, 1), date(2025, 9, 30))
    places.update(park, ecosystem=make.ecosystem(), validity=corrected, why="misread", **act)
    equal(today)
    places.update(park, kind="incubator", validity=Validity.from_day(date(2026, 8, 1)), why="as planned", **act)
    equal(today)


def test_a_delta_carries_the_change_that_wrote_it(manager, floor):
    room = Unit(floor=floor, code="R", use="lab", usable_area=10, opens_on=START)

    units.add(room, by=manager)
    added = Change.objects.latest("pk").pk
    units.update(room, usable_area=12, why="measured", by=manager, on=START)

    result = LedgerDelta.objects.order_by("pk").values_list("change", "day", "vacant_area", "vacant_units", "park")
    park = floor.building.park_id
    assert list(result) == [(added, START, 1000, 1, park), (Change.objects.latest("pk").pk, START, 200, 0, park)]


def test_what_no_action_wrote_is_read_from_the_allocations_until_it_is_counted(floor):
    scope = ledger.ParkUnits(Park.objects.all())
    room = make.unit(floor=floor, usable_area=10, opens_on=START)

    assert sums_of_months.balances(scope, "park", on=START, today=START) is None
    assert ledger.balance(scope, on=START, today=START).units["vacant"] == 1
    assert rebuilding.settle() == 1
    equal(START)
    assert ledger.balance(scope, on=START, today=START).areas["vacant"] == 10

    UnitPeriod.objects.filter(unit=room).update(usable_area=11)

    assert ledger.balance(scope, on=START, today=START).areas["vacant"] == 11
    assert ledger.trend(scope, [START], today=START)[0].areas["vacant"] == 11
    assert rebuilding.settle() == 1
    room.delete()
    assert rebuilding.settle() == 1
    equal(START)
    assert not CountedUnit.objects.exists()


def test_an_act_that_is_undone_inside_another_leaves_nothing_to_count(manager, floor):
    room = Unit(floor=floor, code="R", use="lab", usable_area=10, opens_on=START)
    again = Unit(floor=floor, code="R", use="lab", usable_area=10, opens_on=START)

    @atomic_with_retry
    def both():
        units.add(room, by=manager)
        with pytest.raises(ValidationError), transaction.atomic():
            units.add(again, by=manager)

    both()

    assert LedgerDelta.objects.count() == 1
    equal(START)


def test_the_doctor_tells_sums_that_are_wrong_and_a_rebuild_mends_them(manager, floor, capsys):
    units.add(Unit(floor=floor, code="R", use="lab", usable_area=10, opens_on=START), by=manager)
    call_command("doctor")
    assert capsys.readouterr().out == "The month ledger is what the allocations say on 6 days.\n"
    LedgerDelta.objects.update(vacant_area=999)

    with pytest.raises(CommandError, match="in 10 sums"):
        call_command("doctor", days=0)
    assert "vacant 9.99 (1) ≠ 10.00 (1)" in capsys.readouterr().err

    call_command("rebuild_ledger")
    assert capsys.readouterr().out == "Units counted: 1.\n"
    equal(START)
    UnitPeriod.objects.update(usable_area=11)
    call_command("doctor")
    assert capsys.readouterr().out.startswith("Units that no action has written, and that are still to be counted: 1.")


@pytest.mark.parametrize("whole", [True, False])
def test_sums_are_one_query_each(django_assert_num_queries, official, floor, whole):
    rebuilding.rebuild(START)
    scope = ledger.ParkUnits.of_group(official) if whole else ledger.ParkUnits(Park.objects.all())

    with django_assert_num_queries(6):
        for level in ("park", "ecosystem", "city", "kind"):
            ledger.balances(scope, level, on=START, today=START)
        ledger.balance(scope, on=START, today=START)
        ledger.trend(scope, [START, START + timedelta(days=40)], today=START)


def test_no_park_has_nothing():
    scope = ledger.ParkUnits(Park.objects.none())

    assert ledger.balances(scope, "park", on=START, today=START) == {}
    assert ledger.trend(scope, [START], today=START) == [ledger.balance(Unit.objects.none(), on=START, today=START)]


def test_a_rebuild_goes_on_beside_a_writer_and_a_worker_that_folds(manager, floor, monkeypatch):
    today, count_some = date(2026, 6, 1), rebuilding._count_some
    rooms = [Unit(floor=floor, code=f"R{n}", use="lab", usable_area=10 + n, opens_on=START) for n in range(5)]
    units.add_many(rooms, by=manager)
    folding.fold(today)

    def disturbed(after):
        found = count_some(after)
        if found == [rooms[0].pk, rooms[1].pk]:
            act = {"by": manager, "on": today, "why": "a wall"}
            units.update(rooms[0], usable_area=5, **act)
            units.update(rooms[4], usable_area=7, **act)
            folding.fold(today)
        return found

    monkeypatch.setattr(rebuilding, "MANY", 2)
    monkeypatch.setattr(rebuilding, "_count_some", disturbed)

    assert rebuilding.rebuild(today) == 4  # the last room was counted by its writer
    equal(today)
