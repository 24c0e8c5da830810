"""Ratios of the product's answers to the best SQL by hand, and of its pages to a trivial one: docs/performance.md."""

import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from frontend.bench import matching, scratch, stacks
from frontend.bench.questions import WrongAnswerError
from frontend.bench.run import run
from frontend.bench.tables import report


class Command(BaseCommand):
    help = "Time ledger, vacancy search and pages on scratch databases. Fails on a wrong answer, never on a slow one."

    def add_arguments(self, parser):
        parser.add_argument("--sizes", type=int, nargs="+", default=[5_000, 100_000], metavar="UNITS")
        parser.add_argument("--rounds", type=int, default=5)

    def handle(self, *args, **options):  # noqa: ARG002
        url = os.environ.get("BENCH_DATABASE_URL") or os.environ.get("TEST_DATABASE_URL")
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        runs, matches = [], []
        for database in [scratch.sqlite, *([lambda: scratch.postgres(url)] if url else [])]:
            try:
                for units in options["sizes"]:
                    with database() as found:
                        runs.append(run(found, units, options["rounds"], self.stderr.write))
                with database() as found:
                    matches.append(matching.run(found, options["rounds"], self.stderr.write))
                with database() as found:
                    matches.append(stacks.run(found, options["rounds"], self.stderr.write))
            except WrongAnswerError as error:
                raise CommandError(str(error)) from None
        self.stdout.write("\n\n".join([report(runs), *matches]))
