"""The whole bench: each database at each size, answers compared first, then timed."""

from dataclasses import dataclass
from functools import partial

from django.db import connection
from django.test.utils import override_settings

from tests.bench import cold, data, leases, pages, scratch
from tests.bench.questions import questions
from tests.bench.rounds import measure

# As in production, but for the hashed names of static files, which need collectstatic.
PRODUCTION = override_settings(
    DEBUG=False,
    ALLOWED_HOSTS=["testserver"],
    STORAGES={
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    },
)


@dataclass(frozen=True)
class Timing:
    """ms of the quickest SQL by hand, of the statement that the product sends, and of its whole call."""

    form: str
    best: float
    statement: float
    call: float


@dataclass(frozen=True)
class Run:
    database: str
    units: int
    allocations: int
    timings: dict
    visits: dict
    statements: dict
    cold: dict
    cold_statements: dict


def run(database, units, rounds, tell):
    """Everything about one database, given by its settings, at one size."""
    with PRODUCTION, scratch.connected(database):
        name = version()
        tell(f"{name}: filling in {units:,} units")
        allocations = data.fill(units)
        data.settle()
        tell(f"{name}: {units:,} units, {allocations:,} allocations; comparing answers, then {rounds} rounds each")
        timings = {question.name: timing(question, rounds) for question in compared()}
        visits = measure(pages.visits(), rounds)
        statements = pages.lists()
        tell(f"{name}: a lease for each tenancy, then each page as its first visitor after a write")
        leases.let()
        data.settle()
        return Run(name, units, allocations, timings, visits, statements, *cold.compare(rounds))


def compared():
    """The questions, once every answer has been found to be the same by hand."""
    found = questions()
    for question in found:
        question.check()
    return found


def timing(question, rounds):
    quickest = measure({form: partial(question.by_hand, form) for form in question.forms}, 1)
    form = min(quickest, key=quickest.get)
    sides = {"best": partial(question.by_hand, form), "statement": question.statement(), "call": question.ask}
    return Timing(form, **measure(sides, rounds))


def version():
    if connection.vendor == "sqlite":
        return "SQLite " + ".".join(map(str, connection.Database.sqlite_version_info))
    return "PostgreSQL " + str(connection.pg_version // 10_000)
