"""The record: each write in it, nothing lost of the row, and any past knowledge rebuilt from it alone."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from spaces import changes
from spaces.actions import allocations, people, places, units
from spaces.models import Allocation, Building, Change, Ecosystem, Floor, Park, PublishedFigure, Unit, UnitPeriod
from tests import make
from tests.watch import Watcher

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
START = date(2026, 1, 1)
LABELS = {
    model._meta.label_lower: model
    for model in (Allocation, Building, Ecosystem, Floor, Park, PublishedFigure, Unit, UnitPeriod)
}


def stored():
    """What the database holds now: label -> id -> complete row."""
    return {label: {row.pk: changes.snapshot(row) for row in model.objects.all()} for label, model in LABELS.items()}


class Office:
    """A random day's work through the actions, with refusals; `today` moves on with it."""

    def __init__(self, seed, by):
        self.dice, self.by, self.today, self.number = random.Random(seed), by, START, 0

    def found(self):
        """The ground: an ecosystem, a park, a building and two floors."""
        eco = Ecosystem(code="eco", name="e", name_en="e", anchor="a", anchor_en="a", city="c", source_note="s")
        places.add(eco, by=self.by)
        park = Park(code="P", name="p", kind="incubator", ecosystem=eco, city="c", aliases=["旧名", "old"])
        places.add(park, by=self.by)
        building = Building(park=park, code="B", name="b", ready_on=date(2025, 1, 1))
        places.add(building, by=self.by)
        for level in (1, 2):
            places.add(Floor(building=building, level=level, label=f"{level}", height_m=Decimal("3.5")), by=self.by)
        self.add_unit()

    def step(self):
        """One act; True if it was done and False if it was refused."""
        self.today += timedelta(days=self.dice.randrange(3))
        act = self.dice.choice([
            self.add_unit, self.hold, self.hold, self.hold, self.sign, self.sign, self.move_in, self.move_in,
            self.hand_back, self.end, self.correct, self.take_offline, self.describe, self.measure, self.split,
            self.merge, self.retire, self.rename, self.publish, self.place,
        ])  # fmt: skip
        try:
            act()
        except ValidationError:
            return False
        return True

    def pick(self, model, number=1):
        rows = list(model.objects.order_by("pk"))
        picked = self.dice.sample(rows, min(number, len(rows)))
        if len(picked) < number:
            raise ValidationError("nothing there yet")
        return picked if number > 1 else picked[0]

    def day(self, least=-20, most=40):
        return self.today + timedelta(days=self.dice.randint(least, most))

    def room(self, **facts):
        self.number += 1
        area = self.dice.choice([None, Decimal("10.5"), Decimal(20), Decimal("30.25")])
        facts = {"usable_area": area, "use": "office", "opens_on": date(2025, 1, 1)} | facts
        return Unit(code=f"P-B-{self.number}", height_m=Decimal("2.8"), **facts)

    def add_unit(self):
        units.add(self.room(floor=self.pick(Floor)), by=self.by)

    def hold(self):
        since = self.day()
        allocations.hold(
            [self.pick(Unit)], starts_on=since, ends_on=since + timedelta(days=self.dice.randint(0, 90)),
            held_until=self.day(0, 9), by=self.by, on=self.today,
        )  # fmt: skip

    def sign(self):
        allocations.sign(self.pick(Allocation), signed_on=self.day(-5, 1), by=self.by, on=self.today)

    def move_in(self):
        allocations.move_in(self.pick(Allocation), moved_in_on=self.day(-9, 1), by=self.by, on=self.today)

    def hand_back(self):
        allocations.hand_back(self.pick(Allocation), handed_back_on=self.day(-9, 1), by=self.by, on=self.today)

    def end(self):
        allocations.end_early(self.pick(Allocation), ends_on=self.day(), by=self.by, why="changed plans")

    def correct(self):
        allocations.correct(
            self.pick(Allocation), by=self.by, on=self.today, why="typed wrongly", starts_on=self.day()
        )

    def take_offline(self):
        allocations.take_offline(
            self.pick(Unit), starts_on=self.day(), ends_on=None, reason="works", by=self.by, on=self.today
        )

    def place(self):
        row = Allocation(unit=self.pick(Unit), purpose="tenancy", starts_on=self.day(), signed_on=self.today)
        allocations.place_many([row], by=self.by, on=self.today)

    def describe(self):
        units.update(
            self.pick(Unit),
            by=self.by,
            on=self.today,
            note=f"note {self.dice.randrange(3)}",
            power_kw=self.dice.randrange(3),
        )

    def measure(self):
        area = self.dice.choice([None, Decimal(15), Decimal("0.01")])
        units.update(
            self.pick(Unit), by=self.by, on=self.today, why=self.dice.choice(["", "surveyed"]), usable_area=area
        )

    def split(self):
        unit, why = self.pick(Unit), self.dice.choice(["", "walls"])
        units.split(unit, [self.room(), self.room()], splits_on=self.day(0), by=self.by, why=why, on=self.today)

    def merge(self):
        units.merge(self.pick(Unit, 2), self.room(), merges_on=self.day(0), by=self.by, why="walls", on=self.today)

    def retire(self):
        units.retire(self.pick(Unit), closes_on=self.day(), by=self.by, why="gone", on=self.today)

    def rename(self):
        places.update(self.pick(Park), by=self.by, on=self.today, aliases=[f"name {self.dice.randrange(3)}"])

    def publish(self):
        figure = PublishedFigure(
            code=f"F{self.number}", measure="lettable_area", title="t", text="48.71", number="48.71", unit="m2",
            as_of=self.today, as_of_text="now", source_title="s",
        )  # fmt: skip
        places.add(figure, by=self.by)


@pytest.fixture
def clock(monkeypatch):
    """Each look at it is a second later."""
    seconds = iter(range(10**6))
    monkeypatch.setattr(
        "django.utils.timezone.now", lambda: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=next(seconds))
    )


@pytest.mark.engine
@pytest.mark.parametrize("seed", range(4))
def test_what_was_known_at_any_step_is_rebuilt_from_the_record_alone(clock, watched, seed):
    office = Office(seed, by=make.user())
    office.found()
    known, done = [], 0

    for _number in range(100):
        before = Change.objects.count(), stored()
        acted = office.step()
        if not acted:
            assert (Change.objects.count(), stored()) == before
        done += acted
        known.append((Change.objects.latest("pk").at, stored()))

    assert done > 25
    for moment, then in known:
        assert {label: changes.known_at(label, moment) for label in LABELS} == then


def test_each_change_begins_where_the_last_one_ended(clock):
    office = Office(9, by=None)
    office.found()
    for _number in range(60):
        office.step()

    last = {}
    for change in Change.objects.order_by("pk"):
        key = change.object_type, change.object_id
        assert change.before == last.get(key)
        assert change.before != change.after
        last[key] = change.after


def test_a_row_is_kept_complete_and_as_the_database_tells_it():
    unit = make.unit(usable_area=Decimal("80.5"), height_m=Decimal("4.5"), code="A-1")
    unit.predecessors.set([old := make.unit(code="A-0")])
    before = changes.snapshot(unit)
    unit.refresh_from_db()

    kept = changes.snapshot(unit)

    assert kept == before
    facts = {field.attname for field in Unit._meta.concrete_fields} - {*Unit.unrecorded_fields}
    assert set(kept) == facts | {"predecessors"}
    assert Unit.unrecorded_fields == ("code_order", "search_key")  # made of the code
    assert changes.snapshot(unit.facts_of(START))["usable_area"] == "80.50"
    result = {name: kept[name] for name in ("height_m", "opens_on", "predecessors", "water")}
    assert result == {
        "height_m": "4.50", "opens_on": "2020-01-01", "predecessors": [old.pk], "water": None
    }  # fmt: skip


def test_rows_written_together_keep_as_little_of_a_person_as_a_single_one():
    user = make.user()

    changes.record_many([user], "create", by=None)

    assert Change.objects.get().after == changes.snapshot(user)
    assert user.email not in str(changes.snapshot(user))


def test_a_change_tells_where_it_happened():
    floor = make.floor()
    unit, park = make.unit(floor=floor), floor.building.park
    row = make.allocation(unit=unit)
    figure = make.figure(park=park)

    result = [
        changes.record(each, "look", by=None)
        for each in (park, floor.building, floor, unit, row, figure, park.ecosystem)
    ]

    assert [(change.park, change.unit) for change in result] == [
        (park.pk, None), (park.pk, None), (park.pk, None), (park.pk, unit.pk),
        (park.pk, unit.pk), (park.pk, None), (None, None),
    ]  # fmt: skip


def test_what_is_removed_is_no_longer_known_but_still_on_record(clock):
    row = make.allocation(ends_on=date(2027, 1, 1))
    first = changes.record(row, "create", by=None)
    allocations.end_early(row, ends_on=row.starts_on, by=None, why="cancelled")
    last = Change.objects.latest("pk")

    assert set(changes.known_at("spaces.allocation", first.at)) == {first.object_id}
    assert changes.known_at("spaces.allocation", last.at) == {}
    assert changes.known_at("spaces.allocation", first.at - timedelta(days=1)) == {}
    assert last.before == first.after


def test_who_reads_the_record(park, manager, neighbour, officer, official, auditor, admin, visitor):
    mine = changes.record(park, "look", by=None)
    own = changes.record(park.ecosystem, "look", by=neighbour)
    everyone = {"manager": manager, "neighbour": neighbour, "officer": officer, "official": official,
                "auditor": auditor, "admin": admin, "visitor": visitor}  # fmt: skip

    result = {name: set(Change.objects.visible_to(user)) for name, user in everyone.items()}

    assert result == {"manager": {mine}, "neighbour": {own}, "officer": {mine}, "official": {mine, own},
                    "auditor": {mine, own}, "admin": set(), "visitor": set()}  # fmt: skip
    assert [Change.objects.editable_by(user).count() for user in everyone.values()] == [0] * 7


@pytest.mark.unwatched
def test_the_watcher_sees_a_write_without_its_change():
    unit, watcher = make.unit(), Watcher()
    unit.note = "behind the back of the record"

    with connection.execute_wrapper(watcher), transaction.atomic():
        unit.save()

    assert watcher.faults == [["spaces_unit"]]


def test_the_watcher_forgets_what_was_rolled_back():
    unit, watcher = make.unit(), Watcher()

    with connection.execute_wrapper(watcher), transaction.atomic():
        unit.save()
        transaction.set_rollback(True)

    assert watcher.faults == []


def test_a_write_and_its_change_stand_or_fall_together(monkeypatch, admin):
    def broken(*_args, **_fields):
        raise KeyError

    monkeypatch.setattr("spaces.changes.record", broken)
    before = Change.objects.count()

    with pytest.raises(KeyError):
        people.add_user(email="x@example.test", name="x", password=make.PASSWORD, by=admin)

    assert (Change.objects.count(), type(admin).objects.filter(email="x@example.test").count()) == (before, 0)
