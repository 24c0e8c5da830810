"""The queue in front of SQLite's write lock. That it is enough for 32 writers is shown in spaces/test_races.py."""

import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection, transaction

from config.settings import SQLITE
from config.sqlite import base
from config.sqlite.base import Queue
from spaces.actions import retry
from spaces.models import Change


def test_turns_come_in_the_order_of_asking():
    queue, served = Queue(), []

    def ask(number):
        queue.join(timeout=60)
        served.append(number)
        queue.leave()

    queue.join(timeout=60)
    askers = [threading.Thread(target=ask, args=[number]) for number in range(20)]
    for number, asker in enumerate(askers, 1):
        asker.start()
        while len(queue._waiting) < number:
            time.sleep(0.001)
    queue.leave()
    for asker in askers:
        asker.join()

    assert served == [*range(20)]


def test_who_gives_up_is_skipped():
    queue = Queue()
    queue.join(timeout=60)

    assert not queue.join(timeout=0.01)

    queue.leave()
    assert queue.join(timeout=0)


def test_where_enough_wait_for_a_turn_that_does_not_end_the_others_leave(monkeypatch):
    queue, clock = Queue(), [100.0]
    monkeypatch.setattr(base, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    queue.join(timeout=60)
    waiter = threading.Thread(target=queue.join, args=[60, 1])
    waiter.start()
    while not queue._waiting:
        time.sleep(0.001)
    clock[0] += base.STUCK_SECONDS

    assert not queue.join(timeout=60, most_waiting=1)  # at once: a minute would end the test

    queue.leave()
    waiter.join()
    leaver = threading.Timer(0.05, queue.leave)  # a turn that has only begun is waited for
    leaver.start()
    assert queue.join(timeout=60, most_waiting=0)
    leaver.join()


@pytest.fixture
def traced(scratch):
    """What is said to SQLite on this thread's connection."""
    connection.ensure_connection()
    said = []
    connection.connection.set_trace_callback(said.append)
    return said


@pytest.fixture
def locked(scratch):
    """Another process writes and does not end."""
    script = (
        f"import sqlite3; c = sqlite3.connect({scratch!r}); c.execute('BEGIN IMMEDIATE'); print(1, flush=1); input()"
    )
    other = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
    other.stdout.readline()
    yield other
    other.communicate(b"\n")


needs_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has locks of its own")


@needs_sqlite
def test_what_the_queue_took_is_left_out_of_the_wait_for_the_file(traced, monkeypatch):
    patience = connection.settings_dict["OPTIONS"]["timeout"]
    clock = iter([100.0, 100.0, 100.0 + patience - 2])  # asked, the turn began, the turn came
    monkeypatch.setattr(base, "time", SimpleNamespace(monotonic=lambda: next(clock)))

    with transaction.atomic():
        pass

    assert traced[:3] == ["PRAGMA busy_timeout = 2000", "BEGIN IMMEDIATE", f"PRAGMA busy_timeout = {patience}000"]


@needs_sqlite
def test_a_request_waits_in_vain_once(traced, locked, monkeypatch):
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.1)

    for _write in range(2):
        with pytest.raises(OperationalError, match="database is locked"), transaction.atomic():
            pass
    connection.close_if_unusable_or_obsolete()  # as Django does between two requests
    with pytest.raises(OperationalError, match="database is locked"), transaction.atomic():
        pass

    assert [said for said in traced if said.startswith("PRAGMA")][::2] == [
        "PRAGMA busy_timeout = 100",
        "PRAGMA busy_timeout = 0",
        "PRAGMA busy_timeout = 100",
    ]
    assert Change.objects.count() == 0  # and reads as before


@needs_sqlite
def test_the_product_waits_five_seconds_at_most():
    assert (SQLITE["OPTIONS"]["timeout"], retry.PATIENCE_SECONDS) == (5, 5)
