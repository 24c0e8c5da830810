"""`make bench`: times ledger, vacancy search and pages on scratch databases; docs/performance.md says how.

    python -m tests.bench [--sizes UNITS ...] [--rounds N]

Prints ratios of the product's answers to the best SQL by hand, and of its pages to a trivial page. A wrong answer ends
it with an error; a slow one does not.
"""

import argparse
import os
import sys
from functools import partial

from django.conf import settings

from tests.bench import matching, months, scratch, stacks
from tests.bench.questions import WrongAnswerError
from tests.bench.run import run
from tests.bench.tables import report


def arguments():
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--sizes", type=int, nargs="+", default=[5_000, 100_000], metavar="UNITS")
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def progress(line):
    sys.stderr.write(f"{line}\n")


def main():
    asked = arguments()
    url = os.environ.get("BENCH_DATABASE_URL") or os.environ.get("TEST_DATABASE_URL")
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    runs, matches, ratios = [], [], []
    for database in [scratch.sqlite, *([partial(scratch.postgres, url)] if url else [])]:
        with months.worlds(database) as found:
            ratios.append(months.run(*found, max(asked.sizes), asked.rounds, progress))
        for units in asked.sizes:
            with database() as found:
                runs.append(run(found, units, asked.rounds, progress))
        with database() as found:
            matches.append(matching.run(found, asked.rounds, progress))
        with database() as found:
            matches.append(stacks.run(found, asked.rounds, progress))
    sys.stdout.write("\n\n".join([report(runs), months.report(ratios), *matches]) + "\n")


if __name__ == "__main__":
    try:
        main()
    except WrongAnswerError as error:
        sys.exit(f"Wrong answer: {error}")
