"""Many writers at once, and a writer that is killed. Each test has a database of its own (`scratch`)."""

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from itertools import pairwise, permutations
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from spaces.actions import allocations, places, ready_units, throttle
from spaces.actions import units as actions
from spaces.models import Allocation, Building, Change, CountedUnit, Unit
from spaces.month_ledger import comparison, folding, rebuilding
from tests import make

pytestmark = [pytest.mark.both_databases, pytest.mark.engine]

ROOT = Path(__file__).resolve().parents[2]
WRITERS = 32
ATTEMPTS = int(os.environ.get("ATTEMPTS", "640"))  # `make lives` makes 10,000
TURNS = ATTEMPTS // WRITERS
TODAY, FIRST = date(2026, 6, 1), date(2027, 1, 1)
HELD = {"held_until": date(2026, 7, 1), "by": None, "on": TODAY}


def units(number):
    floor = make.floor()
    made = [make.unit(floor=floor, code=f"U-{each}") for each in range(number)]
    rebuilding.settle()
    return made


def attempt(outcomes, act, *args, **facts):
    """Count a clean refusal by its code and anything else by its name."""
    try:
        act(*args, **facts)
    except ValidationError as refusal:
        errors = refusal.error_dict.get("__all__") or ValidationError([refusal]).error_list
        outcomes[",".join(str(error.code) for error in errors)] += 1
    except Exception as error:  # noqa: BLE001 whatever it is, it is what the test is about
        outcomes[f"{type(error).__name__}: {error}"[:90]] += 1
    else:
        outcomes["won"] += 1


@contextmanager
def patience():
    """All writers share one interpreter, so that a wait of more than the product's five seconds is no fault here."""
    options = connection.settings_dict["OPTIONS"]
    if connection.vendor == "postgresql":
        longer = {"options": f"{options['options']} -c lock_timeout=60s"}
    else:
        longer = {"timeout": 60}
    before = {name: options[name] for name in longer}
    options |= longer
    try:
        yield
    finally:
        options |= before


def race(work):
    """Run work(number, outcomes) in 32 threads that begin together, each with a connection; the outcomes summed."""
    tellings = [Counter() for _writer in range(WRITERS)]
    start = threading.Barrier(WRITERS)

    def write(number):
        try:
            connection.ensure_connection()
            start.wait(timeout=60)
            work(number, tellings[number])
        finally:
            connection.close()

    connection.close()
    writers = [threading.Thread(target=write, args=[number]) for number in range(WRITERS)]
    with patience():
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
    return sum(tellings, Counter())


def drift():
    """What the month ledger and the allocations say otherwise on ten days, before deltas are folded and after."""
    dice = random.Random(3)
    days = sorted(TODAY + timedelta(days=dice.randrange(-400, 900)) for _day in range(10))
    found = list(CountedUnit.objects.filter(stale=True)) + comparison.differences(days, today=TODAY)
    folding.fold(TODAY)
    return found + comparison.differences(days, today=TODAY)


def double_bookings():
    """Pairs of neighbours on one unit that overlap."""
    rows = Allocation.objects.order_by("unit", "starts_on", "pk").values_list("unit", "starts_on", "ends_on")
    return sum(this[0] == after[0] and after[1] < this[2] for this, after in pairwise(rows))


def test_32_writers_and_thousands_of_attempts_for_50_units_book_nothing_twice(scratch):
    rooms = units(50)

    def work(number, outcomes):
        dice = random.Random(number)
        for _attempt in range(TURNS):
            starts_on = FIRST + timedelta(days=dice.randrange(100))
            ends_on = starts_on + timedelta(days=dice.randint(1, 20))
            attempt(outcomes, allocations.hold, [dice.choice(rooms)], starts_on=starts_on, ends_on=ends_on, **HELD)
            if number == 0:
                folding.fold(TODAY)

    outcomes = race(work)

    assert set(outcomes) == {"won", "unit_overlap"}
    assert outcomes.total() == WRITERS * TURNS
    assert (Allocation.objects.count(), Change.objects.count()) == (outcomes["won"], outcomes["won"])
    assert double_bookings() == 0
    assert drift() == []


def hot_slot(rounds, act=allocations.hold):
    """All writers want the same unit on the same day, day after day."""
    (room,) = units(1)

    def work(_number, outcomes):
        for day in range(rounds):
            starts_on = FIRST + timedelta(days=day)
            attempt(outcomes, act, [room], starts_on=starts_on, ends_on=starts_on + timedelta(days=1), **HELD)

    return race(work)


def test_of_32_who_want_the_same_slot_one_gets_it(scratch):
    outcomes = hot_slot(TURNS)

    assert outcomes == {"won": TURNS, "unit_overlap": 31 * TURNS}
    assert double_bookings() == 0


def test_holds_of_several_units_in_any_order_never_lock_each_other_out(scratch):
    rooms = units(12)

    def work(number, outcomes):
        dice = random.Random(number)
        for _attempt in range(TURNS):
            starts_on = FIRST + timedelta(days=dice.randrange(200))
            wanted = dice.sample(rooms, dice.randint(1, 3))
            attempt(
                outcomes, allocations.hold, wanted, starts_on=starts_on, ends_on=starts_on + timedelta(days=3), **HELD
            )

    outcomes = race(work)

    assert set(outcomes) == {"won", "unit_overlap"}
    assert double_bookings() == 0
    assert drift() == []
    assert Allocation.objects.count() == Change.objects.count()


def without_lock(ids):
    return list(Unit.objects.filter(pk__in=set(ids)).order_by("pk").select_related("floor__building__park"))


def drop_constraint():
    name = "spaces_allocation_no_overlap"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE spaces_allocation DROP CONSTRAINT {name}")
        else:
            cursor.execute(f"DROP TRIGGER {name}_insert")
            cursor.execute(f"DROP TRIGGER {name}_update")


def test_control_without_lock_and_constraint_the_race_is_lost(scratch, monkeypatch):
    """Shows that the tests above can see. On PostgreSQL the lock is the row lock of lock_units; on SQLite it is the
    transaction itself (BEGIN IMMEDIATE), so there the action runs without it, each statement on its own."""
    monkeypatch.setattr(ready_units, "lock_units", without_lock)
    drop_constraint()
    act = allocations.hold.__wrapped__ if connection.vendor == "sqlite" else allocations.hold

    outcomes = hot_slot(TURNS, act)

    assert double_bookings() > 0
    assert outcomes["won"] > TURNS


def test_control_the_constraint_alone_still_books_nothing_twice(scratch, monkeypatch):
    """The lock is there against deadlocks; the promise is kept by the database, which is asked for its words."""
    monkeypatch.setattr(ready_units, "lock_units", without_lock)
    plain = allocations.hold.__wrapped__
    act = plain if connection.vendor == "sqlite" else transaction.atomic(plain)  # and none tries again

    outcomes = hot_slot(20, act)

    assert double_bookings() == 0
    assert outcomes["won"] == 20
    assert {"won", "unit_overlap"} <= set(outcomes)
    assert not any(name.startswith("IntegrityError") for name in outcomes)


def test_control_the_lock_alone_books_nothing_twice(scratch):
    drop_constraint()

    outcomes = hot_slot(TURNS)

    assert outcomes == {"won": TURNS, "unit_overlap": 31 * TURNS}
    assert double_bookings() == 0


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the file of the embedded database is what is at stake")
def test_what_was_acknowledged_survives_kill_9(scratch):
    units(5)
    connection.close()
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env |= {"DEBUG": "1", "SQLITE_FILE": scratch, "PYTHONPATH": str(ROOT)}
    run, dice, outcomes = [sys.executable, str(ROOT / "tests/spaces/writer.py")], random.Random(9), []

    for turn in range(5):
        with subprocess.Popen([*run, str(turn)], env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:  # noqa: S603
            outcomes.append(writer.stdout.readline())
            time.sleep(dice.uniform(0.01, 0.5))
            writer.kill()
            outcomes += writer.stdout.read().splitlines()

    acknowledged = {int(line) for line in outcomes if line.strip()}
    stored = set(Allocation.objects.values_list("pk", flat=True))
    assert len(acknowledged) > 5
    assert acknowledged - stored == set()
    assert len(stored - acknowledged) <= 5
    assert set(Change.objects.values_list("object_id", flat=True)) == stored
    assert Change.objects.count() == len(stored)
    assert double_bookings() == 0
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        assert cursor.fetchone() == ("ok",)
    assert connection.check_constraints() is None


DAY, END = date(2027, 1, 1), date(2028, 1, 1)
ROUNDS = int(os.environ.get("RACES", "3"))


def close(room):
    places.update(room.floor.building, closed_on=DAY, by=None, on=TODAY)


def close_on_a_day_past(room):
    places.update(room.floor.building, closed_on=TODAY, by=None, on=TODAY)


def ready_later(room):
    places.update(room.floor.building, ready_on=DAY, by=None, on=TODAY)


def retire(room):
    actions.retire(room, closes_on=DAY, why="walls", by=None, on=TODAY)


def make_common(room):
    actions.update(room, use="ancillary", why="a meeting room", by=None, on=TODAY)


def hold(room):
    allocations.hold([room], starts_on=TODAY, ends_on=END, **HELD)


def go_offline(room):
    allocations.take_offline(room, starts_on=TODAY, ends_on=None, reason="works", by=None, on=TODAY)


def sign(room):
    allocations.sign(room.allocations.get(), signed_on=TODAY, by=None, on=TODAY)


def move_in(room):
    allocations.move_in(room.allocations.get(), moved_in_on=TODAY, by=None, on=TODAY)


def lengthen(room):
    allocations.correct(room.allocations.get(), ends_on=END, why="misread", by=None, on=TODAY)


def held_until_then(room):
    make.allocation(unit=room, starts_on=TODAY, ends_on=DAY, held_until=date(2026, 7, 1))


def signed_until_then(room):
    make.allocation(unit=room, starts_on=TODAY, ends_on=DAY)


def nothing(_room):
    """Nobody has the unit."""


PAIRS = [
    (nothing, close, hold),
    (nothing, close, go_offline),
    (nothing, retire, hold),
    (nothing, retire, go_offline),
    (nothing, make_common, hold),
    (held_until_then, close_on_a_day_past, sign),
    (held_until_then, make_common, sign),
    (signed_until_then, close, lengthen),
    (signed_until_then, retire, lengthen),
    (signed_until_then, ready_later, move_in),
    (signed_until_then, close_on_a_day_past, move_in),
]


def outside():
    """Allocations outside the life of their unit, and tenants of rooms that are common."""
    found = []
    for row in Allocation.objects.select_related("unit__floor__building"):
        try:
            row.full_clean()
        except ValidationError as error:
            found.append(error.messages)
        if row.purpose == "tenancy" and row.unit.use == "ancillary":
            found.append(f"{row} is common")
    return found


def rooms_for(before, number):
    """New units that are ready for a race, each in a building of its own."""
    rooms = [make.unit(floor=make.floor()) for _each in range(number)]
    for room in rooms:
        before(room)
    rebuilding.settle()
    return rooms


def both(*works):
    """Run the works in threads of their own, each on its own connection."""

    def run(work):
        try:
            work()
        finally:
            connection.close()

    connection.close()
    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def somebody_waits():
    """Whether another writer waits for this one."""
    if connection.vendor == "sqlite":
        return bool(connection.queue._waiting)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
        return cursor.fetchone()[0] > 0


REFUSALS = {"taken", "outside_life", "not_ready", "not_lettable"}


def in_turn(first, second, room):
    """The second act is let in while the first has written and not committed."""
    outcomes, written, done = Counter(), threading.Event(), threading.Event()

    def begin():
        with transaction.atomic():
            attempt(outcomes, first, room)
            written.set()
            while not somebody_waits() and not done.wait(timeout=0.005):  # a refused act has let go of its locks
                pass

    def follow():
        assert written.wait(timeout=60)
        attempt(outcomes, second, room)
        done.set()

    both(begin, follow)
    return outcomes


def test_who_has_waited_reads_what_the_other_has_done(scratch):
    outcomes = {}
    for before, closing, taking in PAIRS:
        for first, second in ((closing, taking), (taking, closing)):
            (room,) = rooms_for(before, 1)
            outcomes[before.__name__, first.__name__, second.__name__] = in_turn(first, second, room)

    assert {
        names: found for names, found in outcomes.items() if found["won"] != 1 or set(found) - {"won"} - REFUSALS
    } == {}
    assert outside() == []
    assert drift() == []


def test_a_unit_is_taken_or_closed_and_never_both(scratch):
    """The two begin at once, round after round, each in a building of its own."""
    outcomes = {}
    for before, closing, taking in PAIRS:
        rooms, start, sides = rooms_for(before, ROUNDS), threading.Barrier(2), [Counter(), Counter()]

        def run(side, act, rooms=rooms, start=start, sides=sides):
            for room in rooms:
                start.wait(timeout=60)
                attempt(sides[side], act, room)

        both(partial(run, 0, closing), partial(run, 1, taking))
        outcomes[closing.__name__, taking.__name__, before.__name__] = sides[0] + sides[1]

    wrong = {
        names: found for names, found in outcomes.items() if found["won"] != ROUNDS or set(found) - {"won"} - REFUSALS
    }
    assert wrong == {}
    assert outside() == []
    assert drift() == []


def test_of_two_who_make_the_same_place_the_second_is_told_so(scratch):
    park = make.park()

    def add(_room):
        places.add(Building(park=park, code="A", name="A"), by=None)

    outcomes = in_turn(add, add, None)

    assert outcomes == {"won": 1, "None": 1}  # in words: this constraint has no code of its own
    assert Building.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite one transaction writes at a time")
def test_the_database_alone_lets_only_one_of_two_statements_through(scratch):
    """The locks are those of the triggers: no action is at work."""
    close_it = "UPDATE spaces_building SET closed_on = '2027-01-01' WHERE id = {0.floor.building_id}"
    retire_it = "UPDATE spaces_unit SET closes_on = '2027-01-01' WHERE id = {0.pk}"
    columns = "(unit_id, purpose, starts_on, reason)"
    take_it = f"INSERT INTO spaces_allocation {columns} VALUES ({{0.pk}}, 'offline', '2026-06-01', '')"

    def run(sql, room):
        with connection.cursor() as cursor:
            cursor.execute(sql.format(room))

    for pair in permutations([close_it, take_it]), permutations([retire_it, take_it]):
        for first, second in pair:
            (room,) = rooms_for(nothing, 1)
            outcomes = in_turn(partial(run, first), partial(run, second), room)
            assert outcomes.pop("won") == 1
            assert [name.partition(":")[0] for name in outcomes] == ["IntegrityError"]
    assert outside() == []
    rebuilding.settle()  # no action has written, so none has counted
    assert drift() == []


def test_attempts_to_sign_in_at_the_same_moment_do_not_pass_together(scratch):
    def work(_number, outcomes):
        waiting = throttle.sign_in(account="owner@example.test", address="203.0.113.5", device="")
        outcomes["paused" if waiting else "let through"] += 1

    assert race(work) == {"let through": throttle.PAIR.free, "paused": WRITERS - throttle.PAIR.free}
