"""Compare what is kept beside the facts with the facts."""

import random
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from spaces.models import CountedUnit
from spaces.month_ledger import comparison
from spaces.values import clock

DAYS = 5
REACH = 1_000  # days before and after today
AWAY = [*range(-REACH, 0), *range(1, REACH + 1)]  # days from today
SHOWN = 20


class Command(BaseCommand):
    help = "Compare the month ledger with the allocations on random days; fails with the rows that differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=DAYS, help="how many random days besides today")

    def handle(self, *, days: int, **options: Any) -> None:
        today = clock.today()
        stale = CountedUnit.objects.filter(stale=True).count()
        if stale:
            self.stdout.write(
                f"Units that no action has written, and that are still to be counted: {stale}. Until the worker does, "
                "figures are read from the allocations, as slowly as that is."
            )
            return
        asked = {today, *(today + timedelta(away) for away in random.sample(AWAY, min(days, len(AWAY))))}
        found = comparison.differences(sorted(asked), today=today)
        for each in found[:SHOWN]:
            self.stderr.write(str(each))
        if found:
            raise CommandError(
                f"The month ledger differs from the allocations in {len(found)} sums. Build it anew: "
                "manage.py rebuild_ledger. Then report what you saw: only a fault of the product does this."
            )
        self.stdout.write(f"The month ledger is what the allocations say on {len(asked)} days.")
