"""`make bench-national`: the month ledger with every incubator of China, 1.6 million units, on PostgreSQL.

python -m tests.bench.national [--units N] [--rounds N]
"""

import argparse
import os
import sys

from tests.bench import months, scratch
from tests.bench.questions import WrongAnswerError

UNITS = 1_600_000


def arguments():
    parser = argparse.ArgumentParser(prog="python -m tests.bench.national")
    parser.add_argument("--units", type=int, default=UNITS)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def main():
    asked = arguments()
    url = os.environ.get("BENCH_DATABASE_URL") or os.environ.get("TEST_DATABASE_URL")
    if not url:
        sys.exit("Name a PostgreSQL server: BENCH_DATABASE_URL or TEST_DATABASE_URL.")
    with months.worlds(lambda name: scratch.postgres(url, name)) as databases:
        timings = months.run(*databases, asked.units, asked.rounds, lambda line: sys.stderr.write(f"{line}\n"))
    sys.stdout.write(months.report([timings]) + "\n")


if __name__ == "__main__":
    try:
        main()
    except WrongAnswerError as error:
        sys.exit(f"Wrong answer: {error}")
