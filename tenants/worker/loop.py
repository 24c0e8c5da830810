"""The worker: run the queue, send due mail, clear old rows, and survive outages of the database."""

import logging
import re
import time
from collections.abc import Callable
from datetime import timedelta

from django.core.management import call_command
from django.db import connections
from django.tasks import TaskResultStatus
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from spaces.actions import mail, people
from spaces.mail import composing
from spaces.models import Mail
from spaces.month_ledger import folding, rebuilding
from spaces.values import clock
from tenants.models import AnsweredCall, Notice
from tenants.worker import kept_forecasts
from tenants.worker.tasks import keep_forecasts, mail_notices

logger = logging.getLogger(__name__)

LONGEST_PAUSE = 60
# A task that runs for longer belongs to a worker that died. Every task may run twice.
LONGEST_TASK = timedelta(hours=1)
FRAME = re.compile(r'File "([^"]+)", line (\d+), in (\S+)')


class QueueWorker(db_worker.Worker):
    """The library's worker, run until the queue is empty. A failed task is logged with its kind and place."""

    def run_task(self, db_task_result: DBTaskResult) -> None:
        super().run_task(db_task_result)
        if db_task_result.status == TaskResultStatus.FAILED:
            frames = FRAME.findall(db_task_result.traceback)
            place = "{}:{} {}".format(*frames[-1]) if frames else "?"
            logger.error(
                "Task %s failed: %s at %s", db_task_result.task_path, db_task_result.exception_class_path, place
            )


class Supervisor:
    """Runs a worker and its regular work in rounds. An error in a round is logged; the next round starts afresh."""

    def __init__(self, *, interval: float, pause: Callable[[float], None] = time.sleep) -> None:
        self.interval = interval
        self.pause = pause
        self.failures = 0
        self.queue = QueueWorker(
            queue_names=["*"],
            interval=interval,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        self.next_minute = self.next_day = time.monotonic()

    def run(self) -> None:
        """Run until a signal: end at once while waiting, else after the current task."""
        self.queue.configure_signals()
        while self.queue.running:
            self.pause(self.round())

    def round(self) -> float:
        """Do one round of work; return the seconds to wait before the next."""
        try:
            self._housekeep()
            self.queue.run()
        except Exception as error:  # noqa: BLE001 a worker that dies takes all mail with it
            self.failures += 1
            pause = min(2.0 ** (self.failures - 1), LONGEST_PAUSE)
            reason = composing.one_line(f"{type(error).__name__}: {error}", composing.LONGEST_REASON)
            logger.error("The worker failed, time %d in a row: %s. Again in %d s.", self.failures, reason, pause)  # noqa: TRY400 the reason is enough
            connections.close_all()
            return pause
        if self.failures:
            logger.warning("The worker works again after %d failures.", self.failures)
            self.failures = 0
        return self.interval

    def _housekeep(self) -> None:
        now = time.monotonic()
        if now >= self.next_minute:
            sweep()
            self.next_minute = now + 60
        if now >= self.next_day:
            clear()
            if kept_forecasts.due(clock.today()):
                keep_forecasts.enqueue()
            self.next_day = now + 24 * 3600


def sweep() -> None:
    """Enqueue again the work of tasks that failed or whose worker died; bring the month ledger up to date."""
    now = clock.now()
    lost = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=now - LONGEST_TASK)
    lost.update(status=TaskResultStatus.READY)
    if Notice.objects.filter(mailed_at=None).exists():
        mail_notices.enqueue()
    if Mail.objects.due(now).exists():
        mail.deliver.enqueue()
    rebuilding.settle()
    folding.fold(clock.today())


def clear() -> None:
    """Delete expired sessions with their addresses, finished tasks, messages sent or set aside, and kept answers."""
    call_command("clearsessions")
    people.forget_sessions()
    call_command("prune_db_task_results", verbosity=0)
    mail.prune(before=clock.now() - mail.KEPT)
    forgotten = AnsweredCall.objects.filter(created_at__lte=clock.now() - AnsweredCall.KEPT)
    forgotten.delete()
