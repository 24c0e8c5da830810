"""Writes holds until it is killed, and says each id once it is told that the row is stored. Run by test_races.py."""

import os
import sys
from datetime import date, timedelta

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()

from spaces.actions import allocations  # noqa: E402 - models need the set-up
from spaces.models import Unit  # noqa: E402

FIRST, TODAY = date(2027, 1, 1), date(2026, 6, 1)


def main(turn):
    units = list(Unit.objects.order_by("pk"))
    for number in range(10_000):
        starts_on = FIRST + timedelta(days=turn * 2000 + number)
        (row,) = allocations.hold(
            [units[number % len(units)]],
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=1),
            held_until=date(2026, 7, 1),
            by=None,
            on=TODAY,
        )
        sys.stdout.write(f"{row.pk}\n")
        sys.stdout.flush()


main(int(sys.argv[1]))
