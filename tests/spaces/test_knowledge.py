"""Queries that answer from the record of an earlier moment write nothing and hold nobody up."""

import threading
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from spaces import changes, knowledge, ledger
from spaces.actions import places, units
from spaces.models import Allocation, Change, LedgerDelta, Park, Unit, UnitPeriod
from spaces.month_ledger import rebuilding
from spaces.states import Role
from spaces.values import clock
from spaces.values.periods import Validity
from tests import make

pytestmark = pytest.mark.both_databases
START, TODAY = date(2024, 1, 1), date(2026, 6, 1)


def room(floor, number, by=None):
    unit = Unit(floor=floor, code=f"R-{number}", use="lab", usable_area=10, opens_on=START)
    units.add(unit, by=by)
    return unit


def official():
    user = make.user(name="official")
    make.assignment(user=user, role=Role.PROVINCIAL_OFFICIAL)
    return user


def lettable():
    return ledger.balance(Unit.objects.all(), on=TODAY, today=TODAY).lettable


def test_a_reader_holds_no_writer_up_and_sees_one_state_of_the_database(scratch):
    """Another connection writes in the middle of a read; the read answers what it answered before."""
    reader, floor = official(), make.floor()
    first = room(floor, 1)
    moment = timezone.now()
    units.update(first, usable_area=99, why="measured", by=None, on=TODAY, validity=Validity.correction())
    failed = []

    def write():
        try:
            room(floor, 2)
            units.update(first, usable_area=50, why="again", by=None, on=TODAY, validity=Validity.correction())
        except Exception as error:  # noqa: BLE001 whatever it is, it is what the test is about
            failed.append(error)
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    with knowledge.as_known(moment, reader):
        before = lettable()
        writer.start()
        writer.join()
        during = lettable(), Unit.objects.count()

    assert failed == []
    assert (before, during) == (10, (10, 1))
    assert (lettable(), Unit.objects.count()) == (60, 2)


def test_what_is_written_all_the_same_is_undone_and_the_tables_are_back(db, manager, floor):
    unit = room(floor, 1)
    moment = timezone.now()
    units.update(unit, label="east", by=manager, on=TODAY)

    with knowledge.as_known(moment, manager):
        make.user(email="left@example.test")
        assert Unit.objects.get().label == ""
    with pytest.raises(ZeroDivisionError), knowledge.as_known(moment, manager):
        1 / 0  # noqa: B018

    assert Unit.objects.get().label == "east"
    assert not make.User.objects.filter(email="left@example.test").exists()
    assert clock.known_by() is None


@pytest.mark.parametrize("number", [1, 30])
def test_the_statements_do_not_grow_with_what_has_changed(db, official, floor, number):
    made = [room(floor, each) for each in range(number)]
    moment = timezone.now()
    for each in made:
        units.update(each, label="east", by=None, on=TODAY)

    with (
        CaptureQueriesContext(
            connection,
        ) as asked,
        knowledge.as_known(moment, official),
    ):
        pass

    assert len(asked) == {"sqlite": 15, "postgresql": 16}[connection.vendor]


def test_removed_and_added_rows_and_predecessors_are_those_of_then(db, manager, floor):
    whole = room(floor, 1, manager)
    row = make.allocation(unit=whole, starts_on=START, ends_on=date(2025, 1, 1), signed_on=START)
    changes.record(row, "add", by=None)
    moment, removed = timezone.now(), row.pk
    changes.record_removal(row, "remove", by=None, why="typed twice")
    row.delete()
    halves = [Unit(floor=floor, code=f"H-{each}", use="lab", usable_area=Decimal(5)) for each in (1, 2)]
    units.split(whole, halves, splits_on=TODAY, by=manager, on=TODAY)

    with knowledge.as_known(moment, manager):
        then = [unit.code for unit in Unit.objects.all()], whole.successors.count(), Allocation.objects.get().pk
        closed = Unit.objects.get(pk=whole.pk).closes_on
        log = Change.objects.filter(verb__in=["split", "remove"]).exists()

    assert then == (["R-1"], 0, removed)
    assert (closed, log) == (None, False)
    assert (whole.successors.count(), Allocation.objects.count()) == (2, 0)


def test_a_park_looked_after_today_is_read_and_changed_by_no_knowledge_of_then(db, officer, park):
    """The ecosystem of a park gives rights to its officers: those of today."""
    places.update(park, by=None, on=TODAY, name="before")
    moment = timezone.now()
    places.update(park, by=None, on=TODAY, ecosystem=make.ecosystem(), why="moved")

    with knowledge.as_known(moment, officer):
        assert Park.objects.get(pk=park.pk).name == "before"
        assert not Park.objects.editable_by(officer).filter(pk=park.pk).exists()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-05", datetime(2026, 3, 5, 15, 59, 59, 999999, tzinfo=make.UTC)),
        (" 2026-03-05 ", datetime(2026, 3, 5, 15, 59, 59, 999999, tzinfo=make.UTC)),
        ("2026-03-05T18:00", datetime(2026, 3, 5, 10, tzinfo=make.UTC)),
        ("2026-03-05 18:00:30", datetime(2026, 3, 5, 10, 0, 30, tzinfo=make.UTC)),
        ("2026-03-05T18:00:00+00:00", datetime(2026, 3, 5, 18, tzinfo=make.UTC)),
        ("2026-03-05T18:00Z", datetime(2026, 3, 5, 18, tzinfo=make.UTC)),
    ],
)
def test_a_day_is_known_to_its_end_and_a_moment_is_local(text, moment):
    assert knowledge.read(text) == moment


@pytest.mark.parametrize(
    "text", ["", "5.3.2026", "2026-3-5", "2026-02-30", "20260305", "2026-W10-4", "2026-03-05T25:00", "1999-01-01"]
)
def test_anything_else_is_refused_by_value(text):
    with pytest.raises(ValidationError, match="is neither a day"):
        knowledge.read(text)


@pytest.mark.parametrize("zone", ["+23:59", "+16:00", "-23:59"])
def test_a_moment_of_any_zone_is_one_that_both_databases_read(db, zone):
    moment = knowledge.read(f"2026-03-05T12:00{zone}")

    assert moment == datetime.fromisoformat(f"2026-03-05T12:00{zone}")
    with knowledge.as_known(moment, make.user()):
        assert not Park.objects.exists()


def test_today_is_known_up_to_now():
    assert timezone.now() - knowledge.read(str(clock.today())) < timedelta(seconds=9)


def test_the_record_of_a_time_before_dated_facts_is_not_asked(db, official, floor, monkeypatch):
    """Rows of then hold the use as a column of the unit: what they say about a day cannot be rebuilt."""
    changes.record(floor.building.park, "add", by=None)
    unit = room(floor, 1)
    old = Change.objects.get(object_type="spaces.unit", object_id=unit.pk)
    Change.objects.create(at=timezone.now(), verb="change", object_type="spaces.unit", object_id=unit.pk,
                          label=old.label, before=old.after, after=old.after | {"usable_area": "10.00"})  # fmt: skip
    knowledge.moments._last_before_periods.cache_clear()
    try:
        with pytest.raises(ValidationError, match="The record begins on"):
            knowledge.refuse(old.at, official)
        knowledge.refuse(timezone.now(), official)
    finally:
        knowledge.moments._last_before_periods.cache_clear()
    assert UnitPeriod.objects.count() == 1


def test_before_the_month_ledger_began_the_allocations_answer(db, official, floor):
    """Its deltas do not tell what changed before: a register that is older than it was counted as it was found."""
    first = room(floor, 1)
    moment = timezone.now()
    units.update(first, usable_area=99, why="measured", by=None, on=TODAY, validity=Validity.correction())
    LedgerDelta.objects.all().delete()
    rebuilding.rebuild(TODAY)
    begun = room(floor, 2), timezone.now()
    units.update(first, usable_area=50, why="again", by=None, on=TODAY, validity=Validity.correction())
    incubators = ledger.ParkUnits.of_group(official)

    def known_by(when):
        with knowledge.as_known(when, official):
            return ledger.balance(incubators, on=TODAY, today=TODAY).lettable

    assert (known_by(moment), known_by(begun[1])) == (10, 109)
