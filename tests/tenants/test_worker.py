"""The worker outlives its database, says why a task failed, and ends cleanly."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from spaces.actions import mail as outbox
from spaces.models import Mail
from tenants.actions import calls
from tenants.actions.notices import notify
from tenants.models import AnsweredCall, ForecastRecord, Notice
from tenants.worker import loop
from tenants.worker.loop import sweep
from tenants.worker.tasks import mail_notices
from tests import databases, make, smtp

pytestmark = pytest.mark.both_databases


@pytest.fixture
def queue(scratch, settings, django_db_blocker):
    """Tasks go into the table, as they do on a site."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    with django_db_blocker.unblock():
        yield scratch
        connection.close()


@pytest.fixture
def supervisor():
    return loop.Supervisor(interval=0)


def put(number=1):
    outbox.send(kind="account", to=f"p{number}@firm.test", subject="s", body="b")


def sent():
    return [message.to[0] for message in mail.outbox]


def test_a_round_does_what_is_queued_and_what_was_forgotten(queue, supervisor):
    put()
    Mail.objects.update(next_try_at=timezone.now() - timedelta(hours=1))
    DBTaskResult.objects.all().delete()
    user = make.user(email="reader@firm.test")
    notify([user], "graduated", key="1", link="/", company="云雀", day=timezone.localdate())
    DBTaskResult.objects.all().delete()

    assert supervisor.round() == 0

    assert sorted(sent()) == ["p1@firm.test", "reader@firm.test"]
    assert DBTaskResult.objects.exclude(status="SUCCESSFUL").count() == 0


def test_a_task_whose_worker_is_gone_is_done_again(queue, supervisor):
    mail_notices.enqueue()
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now() - timedelta(hours=2))

    supervisor.round()

    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_a_failed_task_leaves_a_line_with_kind_and_place_and_no_words(queue, supervisor, monkeypatch, caplog):
    def broken(_self):
        raise RuntimeError("secret of p1@firm.test")

    monkeypatch.setattr(type(Notice.objects.all()), "select_related", lambda self, *_names: broken(self))
    mail_notices.enqueue()

    supervisor.round()

    (line,) = caplog.messages
    assert line.startswith("Task tenants.worker.tasks.mail_notices failed: builtins.RuntimeError at ")
    assert "test_worker.py" in line
    assert "secret" not in caplog.text


def test_sessions_tasks_messages_and_answers_are_cleared_once_a_day(queue, supervisor):
    old = timezone.now() - timedelta(days=40)
    put()
    Mail.objects.update(sent_at=old, next_try_at=None)
    DBTaskResult.objects.update(status="SUCCESSFUL", finished_at=old)
    user = make.user()
    calls.claim(user, "old", "-")
    AnsweredCall.objects.update(created_at=old)
    calls.claim(user, "new", "-")

    supervisor.round()
    counts = Mail.objects.count(), DBTaskResult.objects.count()
    put()
    Mail.objects.update(sent_at=old, next_try_at=None)
    supervisor.round()

    assert (counts, Mail.objects.count()) == ((0, 0), 1)
    assert AnsweredCall.objects.get().key == "new"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a connection to a server can be ended")
def test_it_outlives_a_postgresql_that_ends_its_connections(queue, supervisor, monkeypatch, caplog):
    """In the midst of a round: what was ended before is seen by the health check of connections."""
    end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{queue}'"

    def restart():
        connection.ensure_connection()
        databases.on_server(end)
        sweep()

    put()
    with monkeypatch.context() as restarting:
        restarting.setattr(supervisor, "next_minute", 0)
        restarting.setattr(loop, "sweep", restart)
        pauses = [supervisor.round() for _time in range(3)]
    pauses.append(supervisor.round())

    assert (pauses, sent()) == ([1, 2, 4, 0], ["p1@firm.test"])
    lines = [line for line in caplog.messages if "failed" in line]
    assert [line.partition(" in a row")[0][-1:] for line in lines] == ["1", "2", "3"]
    assert all("terminating connection" in line or "closed" in line for line in lines)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a file is locked")
def test_it_outlives_a_locked_file(queue, supervisor, caplog):
    put()
    connection.close()
    patience = connection.settings_dict["OPTIONS"]["timeout"]
    connection.settings_dict["OPTIONS"]["timeout"] = 0.05
    with closing(sqlite3.connect(queue)) as other:
        other.execute("BEGIN EXCLUSIVE")
        pauses = [supervisor.round() for _round in range(8)]
        other.rollback()
    connection.settings_dict["OPTIONS"]["timeout"] = patience
    pauses.append(supervisor.round())

    assert (pauses, sent()) == ([1, 2, 4, 8, 16, 32, 60, 60, 0], ["p1@firm.test"])
    assert (
        "The worker failed, time 8 in a row: OperationalError: database is locked. Again in 60 s." in caplog.messages
    )
    assert "The worker works again after 8 failures." in caplog.messages


def test_the_command_sends_through_smtp_and_ends_cleanly_on_a_signal(queue):
    url = os.environ.get("DATABASE_URL", "")
    place = {"DATABASE_URL": f"{url.rpartition('/')[0]}/{queue}"} if url else {"SQLITE_FILE": queue}
    put()
    connection.close()
    with smtp.Server() as server:
        env = os.environ | place | {"DEBUG": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
        env |= {"MAIL_HOST": smtp.HOST, "MAIL_PORT": str(server.port), "MAIL_TLS": "none"}
        command = [sys.executable, "manage.py", "worker", "--interval", "0.1"]
        process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=env, stderr=subprocess.PIPE)  # noqa: S603 ours
        try:
            deadline = time.monotonic() + 60
            while not Mail.objects.exclude(sent_at=None).exists() and time.monotonic() < deadline:
                time.sleep(0.1)
            process.send_signal(signal.SIGTERM)
            _out, result = process.communicate(timeout=20)
        finally:
            process.kill()

    assert (server.recipients, process.returncode) == (["p1@firm.test"], 0)
    assert b"Traceback" not in result


def test_the_forecast_of_a_month_is_kept_once(queue, supervisor):
    make.unit()

    supervisor.round()
    supervisor.next_day = 0
    supervisor.round()

    assert ForecastRecord.objects.count() == 24
    assert DBTaskResult.objects.exclude(status="SUCCESSFUL").count() == 0
