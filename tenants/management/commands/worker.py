"""Run the worker of an installation, which sends mail. Several may run at once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django_tasks_db.management.commands.db_worker import valid_interval

from tenants.worker.loop import Supervisor


class Command(BaseCommand):
    help = "Run the queue, send the mail that is due, and clear what is old, until a signal ends it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--interval", type=valid_interval, default=2, help="seconds between two looks (default: 2)"
        )

    def handle(self, *, interval: float, **options: Any) -> None:
        Supervisor(interval=interval).run()
