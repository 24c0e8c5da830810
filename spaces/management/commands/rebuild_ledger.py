"""Build the month ledger anew from the allocations."""

from typing import Any

from django.core.management.base import BaseCommand

from spaces.month_ledger.rebuilding import rebuild
from spaces.values import clock


class Command(BaseCommand):
    help = "Build the month ledger anew from the allocations; meanwhile figures are read from these, slowly."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"Units counted: {rebuild(clock.today())}.")
