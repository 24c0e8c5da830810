"""The month ledger against SQL over the allocations: the ratios P1, P2, P4 and P7 of docs/performance.md."""

from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from statistics import median
from time import perf_counter

from django.db import OperationalError, connection, connections, transaction
from django.test import Client

from spaces import ledger
from spaces.actions import allocations
from spaces.ledger import vacancy
from spaces.ledger.balances import STATES
from spaces.models import Allocation, MonthOpening, Unit
from spaces.models.counted_constraint import CountedConstraint
from spaces.models.month_ledger import SUMS
from spaces.values.days import day_after, month_ends
from tests.bench import data, scratch
from tests.bench.pages import DAY, open_page
from tests.bench.questions import EVERY_INCUBATOR, WrongAnswerError, rollups
from tests.bench.rounds import measure
from tests.bench.run import PRODUCTION, version

THIN = 100  # the other world has the same parks, and one unit of so many
MONTHS = 120
LIMIT = "60s"  # of a form of the straight join
RATIOS = (
    "P1: straight join ÷ rollup (≥ 1,000 at 1.6M)",
    "P2: 100 times the units (≤ 1.7)",
    "P4: trend over HTTP ÷ openings (≤ 4)",
    "P7: hold with ledger ÷ without (≤ 2.2)",
)
CALLS = 20  # transactions that a side runs in a round
LEDGER = ("spaces_countedunit", "spaces_ledgerdelta")
OPENINGS = (
    f"SELECT day, {', '.join(f'SUM({name})' for name in SUMS)} FROM {MonthOpening._meta.db_table} "
    "WHERE park = 0 AND NOT industrial AND day IN ({days}) GROUP BY day ORDER BY day"
)


@dataclass(frozen=True)
class MonthTimings:
    """ms of each side of the four ratios."""

    database: str
    units: int
    allocations: int
    form: str
    joined: float
    rollup: float
    thin: float
    openings: float
    trend: float
    bare: float
    counted: float


@contextmanager
def worlds(made):
    """The settings of two databases. `made` takes a name and gives the context of one."""
    with made("bench") as database, made("bench_thin") as thin:
        yield database, thin


def run(database, thin, units, rounds, tell):
    """The timings of one database at one size, given by the settings of two: the second has `units` / THIN units."""
    with PRODUCTION, scratch.connected(thin) as small:
        tell(f"filling in {units // THIN:,} units in as many parks as {units:,} have")
        data.fill(units // THIN, spread=THIN)
        data.settle()
        with scratch.connected(database) as large:
            begun = perf_counter()
            taken = data.fill(units)
            data.settle()
            took = perf_counter() - begun
            tell(f"{version()}: {units:,} units, {taken:,} allocations in {took:.0f} s; {rounds} rounds")
            form, joined = quickest()
            sides = {"rollup": rollup, "thin": partial(_on, small, large, rollup)}
            times = measure(sides, rounds) | {"joined": joined} | measure(trends(), rounds) | holds(rounds)
            return MonthTimings(version(), units, taken, form, **times)


def rollup():
    return ledger.balances(EVERY_INCUBATOR, "ecosystem", on=data.TODAY, today=data.TODAY)


def quickest():
    """The form of the straight join by ecosystem that is quickest, its answer compared, and the ms of its best run.

    With millions of rows PostgreSQL plans some forms so badly that they never end: what runs into LIMIT is left out.
    """
    question, times = next(rollups()), {}
    ours = question.plain(question.ask())
    with _limited():
        for form in question.forms:
            with suppress(OperationalError):
                question.compare(form, ours)
                times[form] = min(_seconds(partial(question.by_hand, form)) for _time in range(3))
    form = min(times, key=times.get)
    return form, 1000 * times[form]


@contextmanager
def _limited():
    on_postgresql = connection.vendor == "postgresql"
    _rows(f"SELECT set_config('statement_timeout', '{LIMIT}', FALSE)" if on_postgresql else "SELECT 1", ())
    yield
    _rows("SELECT set_config('statement_timeout', '0', FALSE)" if on_postgresql else "SELECT 1", ())


def trends():
    """The trend of 120 months over HTTP, and the SQL of its openings, whose answer is compared."""
    days = month_ends(data.TODAY, MONTHS)
    firsts = [day_after(day) for day in days]
    client = Client()
    sides = {
        "openings": partial(_rows, OPENINGS.format(days=", ".join(["%s"] * len(firsts))), firsts),
        "trend": lambda: open_page(client, "api-area-trend", DAY | {"months": str(MONTHS)}),
    }
    by_hand = [tuple(map(int, row[1:])) for row in sides["openings"]()]
    ours = ledger.trend(EVERY_INCUBATOR, days, today=data.TODAY)
    if [_cells(balance) for balance in ours if any(balance.units.values())] != by_hand:
        raise WrongAnswerError("The openings do not give the product's trend.")
    return sides


def _cells(balance):
    return tuple(cell for state in STATES for cell in (int(balance.areas[state].scaleb(2)), balance.units[state]))


@contextmanager
def _rolled_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def holds(rounds):
    """ms of the SQL of one hold, with the ledger and without: its triggers dropped and its statements left out."""
    sent = _statements()
    bare = [each for each in sent if not any(table in each[0] for table in LEDGER)]
    if len(bare) == len(sent):
        raise WrongAnswerError("A hold writes nothing to the month ledger.")
    (mark,) = (each for each in Allocation._meta.constraints if isinstance(each, CountedConstraint))
    found = {"counted": [], "bare": []}
    for _round in range(rounds):
        found["counted"] += _replayed(sent)
        with connection.schema_editor() as editor:
            editor.remove_constraint(Allocation, mark)
        found["bare"] += _replayed(bare)
        with connection.schema_editor() as editor:
            editor.add_constraint(Allocation, mark)
    return {name: 1000 * median(times) for name, times in found.items()}


def _statements():
    """(SQL, parameters) of a hold of a unit that is free, rolled back."""
    sent, ends_on = [], data.TODAY + timedelta(days=365)
    free = vacancy.free(Unit.objects.all(), starts_on=data.TODAY, ends_on=ends_on, today=data.TODAY)
    unit = free.order_by("pk").first()
    with _rolled_back(), connection.execute_wrapper(lambda run, *asked: (sent.append(asked[:2]), run(*asked))[1]):
        allocations.hold(
            [unit], starts_on=data.TODAY, ends_on=ends_on, held_until=date(2026, 7, 20), by=None, on=data.TODAY
        )
    return [each for each in sent if "SAVEPOINT" not in each[0]]


def _replayed(statements):
    """Seconds of each of many transactions of these statements, rolled back."""
    return [_seconds(partial(_replay, statements)) for _call in range(CALLS)]


def _replay(statements):
    with _rolled_back(), connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)


def _on(other, usual, call):
    connections["default"] = other
    try:
        return call()
    finally:
        connections["default"] = usual


def _rows(sql, params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _seconds(call):
    begun = perf_counter()
    call()
    return perf_counter() - begun


def report(runs):
    """Markdown: the four ratios with their aims, and the ms they come from."""
    head = " | ".join(("| Database", "Units / allocations", *RATIOS, "ms: join, rollup, openings, bare hold |"))
    rows = [
        f"| {each.database} | {each.units:,} / {each.allocations:,} | {each.joined / each.rollup:,.0f} "
        f"| {each.rollup / each.thin:.2f} | {each.trend / each.openings:.2f} | {each.counted / each.bare:.2f} "
        f"| {each.joined:,.1f} ({each.form}), {each.rollup:.2f}, {each.openings:.2f}, {each.bare:.2f} |"
        for each in runs
    ]
    return "\n".join([head, "| --- " * 7 + "|", *rows])
