"""Contention: the whole action runs again, and where that does not help either, 503 and nothing half written."""

import sqlite3
import threading
import time
from collections import Counter
from contextlib import contextmanager
from types import SimpleNamespace

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse

from spaces.actions import retry, units
from spaces.models import Change, Unit
from tenants.models import Message
from tests import make
from tests.frontend import desk

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("fixed_today")]

WORDS = "Others are writing here right now"
ZH = "其他人正在写入"


@pytest.fixture
def hasty(scratch):
    """Connections that wait for a lock for a tenth of a second only."""
    options = connection.settings_dict["OPTIONS"]
    connection.close()
    before = dict(options)
    if connection.vendor == "sqlite":
        options["timeout"] = 0.1
    else:
        options["options"] = "-c jit=off -c lock_timeout=100"
    yield scratch
    connection.close()
    options.update(before)


@contextmanager
def writer(scratch, table):
    """Somebody else holds the lock: of the file on SQLite, of the rows of `table` on PostgreSQL."""
    if connection.vendor == "sqlite":
        other = sqlite3.connect(scratch, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
    else:
        parameters = connection.get_connection_params()
        kept = {name: parameters[name] for name in ("user", "password", "host", "port") if name in parameters}
        other = psycopg.connect(dbname=scratch, **kept)
        other.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
    try:
        yield other
    finally:
        other.rollback()
        other.close()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one lock, and so no ring of waiting")
def test_two_who_wait_for_each_other_are_both_served(scratch):
    rooms = [make.unit(code="U-1"), make.unit(code="U-2")]
    met, tries = threading.Barrier(2), [0, 0]

    @retry.atomic_with_retry
    def both(number, first, second):
        tries[number] += 1
        units.update(first, by=None, on=desk.DAY, note=f"first of {number}")
        if tries[number] == 1 and sum(tries) <= 2:
            met.wait(timeout=30)
        units.update(second, by=None, on=desk.DAY, note=f"second of {number}")

    def run(number):
        try:
            both(number, *(Unit.objects.get(pk=room.pk) for room in (rooms if number else rooms[::-1])))
        finally:
            connection.close()

    connection.close()
    threads = [threading.Thread(target=run, args=[number]) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(tries) == [1, 2]  # one was chosen as the victim, and came again
    assert Change.objects.count() == 4
    assert Counter(Unit.objects.values_list("note", flat=True)) in (
        {"second of 0": 1, "first of 0": 1},
        {"second of 1": 1, "first of 1": 1},
    )


def test_an_action_waits_out_a_writer_who_is_soon_done(hasty):
    room = make.unit(code="U-1")

    with writer(hasty, "spaces_unit") as other:
        threading.Timer(0.3, other.rollback).start()
        units.update(room, by=None, on=desk.DAY, note="Lab")

    assert Unit.objects.get().note == "Lab"
    assert Change.objects.count() == 1


def test_after_three_more_tries_the_error_is_told_and_nothing_is_written(hasty):
    room = make.unit(code="U-1")
    tries = []

    @retry.atomic_with_retry
    def act(unit):
        tries.append(unit.note)
        units.update(unit, by=None, on=desk.DAY, note="Lab")

    with writer(hasty, "spaces_unit"), pytest.raises(OperationalError) as error:
        act(room)

    assert retry.contended(error.value)
    assert tries == ([""] * 4 if connection.vendor == "postgresql" else [])  # SQLite lets none begin
    assert (room.note, Unit.objects.get().note, Change.objects.count()) == ("", "", 0)


def test_who_has_waited_too_long_is_not_kept_waiting(hasty, monkeypatch):
    room, pauses = make.unit(code="U-1"), []
    monkeypatch.setattr(retry, "PATIENCE_SECONDS", 0)
    monkeypatch.setattr(retry, "time", SimpleNamespace(monotonic=time.monotonic, sleep=pauses.append))

    with writer(hasty, "spaces_unit"), pytest.raises(OperationalError):
        units.update(room, by=None, on=desk.DAY, note="Lab")

    assert pauses == []


def test_a_new_row_is_new_again_on_the_second_try(hasty):
    floor, fails = make.floor(), [OperationalError("database is locked")]
    room = make.Unit(floor=floor, code="U-9", use="office", usable_area=100, opens_on=desk.DAY)

    @retry.atomic_with_retry
    def act(unit):
        units.add(unit, by=None)
        if fails:
            raise fails.pop()

    act(room)

    assert Unit.objects.get().pk == room.pk
    assert Change.objects.count() == 2  # the unit and its first period


def test_what_is_no_contention_is_not_tried_again(scratch):
    tries = []

    @retry.atomic_with_retry
    def act():
        tries.append(1)
        raise OperationalError("no such table")

    with pytest.raises(OperationalError):
        act()

    assert tries == [1]


def test_what_fails_after_the_commit_does_not_do_the_act_again(scratch):
    tries = []

    @retry.atomic_with_retry
    def act():
        tries.append(1)
        transaction.on_commit(refuse)

    def refuse():
        raise OperationalError("database is locked")

    with pytest.raises(OperationalError):
        act()

    assert tries == [1]


def test_a_queue_of_mail_that_is_locked_does_not_undo_what_was_said(scratch, monkeypatch):
    def locked():
        raise OperationalError("database is locked")

    people = desk.build()
    wanted = desk.submitted(people)
    monkeypatch.setattr("tenants.actions.notices.mail_notices", SimpleNamespace(enqueue=locked))
    client = Client()
    client.force_login(people.tenant)

    answer = client.post(reverse("request-act", args=[wanted.number, "say"]), {"text": "hello"})

    assert (answer.status_code, Message.objects.count()) == (303, 1)


def test_contention_in_a_middleware_is_no_bug_either(monkeypatch):
    def locked(_self, _request):
        raise OperationalError("database is locked")

    monkeypatch.setattr("frontend.site.middleware.AsOfMiddleware.__call__", locked)

    answer = Client(raise_request_exception=False).get("/help/")

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


def test_page_fragment_and_api_answer_503_in_both_languages(hasty):
    people = desk.build()
    wanted = desk.submitted(people)
    client, said = Client(raise_request_exception=False), Change.objects.count()
    client.force_login(people.tenant)
    page = reverse("request-act", args=[wanted.number, "say"])
    api = f"/api/v1/requests/{wanted.number}/say/"

    htmx = {"HX-Request": "true", "HX-Request-Type": "partial"}
    tag = client.get(f"/api/v1/requests/{wanted.number}/")["ETag"]
    with writer(hasty, "tenants_message"):
        answers = [
            client.post(page, {"text": "hello"}, headers={"Accept-Language": "en"}),
            client.post(page, {"text": "hello"}, headers={"Accept-Language": "zh-CN"}),
            client.post(page, {"text": "hello"}, headers=htmx | {"Accept-Language": "en"}),
            *(
                client.post(
                    f"{api}?lang={language}",
                    {"text": "hello"},
                    content_type="application/json",
                    headers={"If-Match": tag},
                )
                for language in ("en", "zh-hans")
            ),
        ]

    result = [answer.content.decode() for answer in answers]
    assert [answer.status_code for answer in answers] == [503] * 5
    assert [answer["Retry-After"] for answer in answers] == ["5"] * 5
    assert [words in text for words, text in zip([WORDS, ZH, WORDS, WORDS, ZH], result, strict=True)] == [True] * 5
    assert answers[3].json()["type"] == "/problems/busy"
    assert answers[3]["Content-Type"] == "application/problem+json"
    assert (Message.objects.count(), Change.objects.count()) == (0, said)
