"""Fold the deltas of past writes into the sums of days and the openings of months.

Only how fast a figure is read depends on it: a delta that is not folded is read beside the sums. Writers add deltas
and nothing else, so they never wait for a row of their park or their ecosystem; one process folds at a time.
The SQL is made of our own names and numbers.
"""

from collections.abc import Sequence
from datetime import date

from django.db import connection, transaction
from django.db.models import Min

from spaces.models import DaySum, LedgerDelta, MonthLedger, MonthOpening
from spaces.models.month_ledger import KEY, OPENED_FROM, SUMS, UNFOLDED
from spaces.values.days import last_day

AT_ONCE = 5_000  # deltas in one transaction
YEARS_AHEAD = 10  # a later day is read from the last opening on

DELTAS, DAYS, OPENINGS = (model._meta.db_table for model in (LedgerDelta, DaySum, MonthOpening))
NAMES = ", ".join((*KEY, *SUMS))
SUMMED = ", ".join(f"SUM({name}) AS {name}" for name in SUMS)
CARRIED = ", ".join(f"SUM(SUM({name})) OVER carried AS {name}" for name in SUMS)
SOMETHING = " OR ".join(f"{name} <> 0" for name in SUMS)
# A delta counts in its park and in the group of its park.
OF_NODES = (
    "SELECT park, 0 AS ecosystem, FALSE AS industrial, day, over, {sums} FROM {deltas} UNION ALL "
    "SELECT 0, ecosystem, industrial, day, over, {sums} FROM {deltas}"
)
ON_DAYS = "SELECT park, ecosystem, industrial, day, over, {sums} FROM ({rows}) d GROUP BY 1, 2, 3, 4, 5"
SINCE = "SELECT {names} FROM {days} WHERE day >= {day} UNION ALL SELECT {names} FROM {openings} WHERE day = {day}"
# What is added on a day stands before all later months: it goes to the next one, and is carried on from there.
NEXT = {
    "postgresql": "GREATEST((date_trunc('month', day) + interval '1 month')::date, '2000-01-01')",
    "sqlite": "MAX(date(day, 'start of month', '+1 month'), '2000-01-01')",
}
BY_MONTHS = (
    "SELECT * FROM (SELECT park, ecosystem, industrial, month, over, {running} FROM ("
    "SELECT park, ecosystem, industrial, over, {next} AS month, {sums} FROM ({rows}) moved UNION ALL "
    "SELECT park, ecosystem, industrial, over, m.column1, {zeros} FROM (SELECT park, ecosystem, industrial, over, "
    "MIN({next}) AS first FROM ({rows}) found GROUP BY 1, 2, 3, 4) node JOIN (VALUES {months}) m ON m.column1 > first"
    ") d WHERE month <= {last} GROUP BY park, ecosystem, industrial, over, month "
    "WINDOW carried AS (PARTITION BY park, ecosystem, industrial, over ORDER BY month)) opening WHERE {something}"
)


def fold(today: date) -> int:
    """Fold all deltas, in rounds of a transaction each; the number of those folded."""
    folded = 0
    while number := _round(today):
        folded += number
    return folded


def add(deltas: str, first: date, opened_until: date) -> None:
    """Add deltas, a table or a subquery, to the sums; `first` is a day before which there is none among them.

    The caller holds the ledger, which has openings up to `opened_until`.
    """
    rows = OF_NODES.format(sums=", ".join(SUMS), deltas=deltas)
    _add(DAYS, ON_DAYS.format(sums=SUMMED, rows=rows))
    if first < opened_until:
        _add(OPENINGS, _by_months(rows, first, opened_until))


def held_ledger() -> MonthLedger:
    """The one row, held until the transaction ends; made where a database was emptied."""
    rows = MonthLedger.objects.select_for_update()
    ledger, _made = rows.get_or_create(pk=1, defaults={"opened_until": OPENED_FROM})
    return ledger


@transaction.atomic
def _round(today: date) -> int:
    ledger = held_ledger()
    last = date(today.year + YEARS_AHEAD, 1, 1)
    if ledger.opened_until < last:
        _open(ledger, last)
    if ids := _unfolded():
        _fold(ids, ledger.opened_until)
    return len(ids)


def _unfolded() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {DELTAS} WHERE {UNFOLDED[connection.vendor]} ORDER BY id LIMIT {AT_ONCE}")  # noqa: S608
        return [row[0] for row in cursor.fetchall()]


def _open(ledger: MonthLedger, last: date) -> None:
    """Write the openings of the months after the last that has one: that one, and what was added since."""
    begins = ledger.opened_until
    known = SINCE.format(names=NAMES, days=DAYS, openings=OPENINGS, day=_day(begins))
    _add(OPENINGS, _by_months(known, begins, last))
    ledger.opened_until = last
    ledger.save()


def _fold(ids: Sequence[int], opened_until: date) -> None:
    deltas = LedgerDelta.objects.filter(pk__in=ids)
    first: date = deltas.aggregate(first=Min("day"))["first"]
    add(f"(SELECT * FROM {DELTAS} WHERE id IN ({', '.join(map(str, ids))})) d", first, opened_until)  # noqa: S608 numbers
    deltas.filter(change=None).delete()  # of a rebuild: nothing is known of who wrote it
    deltas.update(folded=True)


def _by_months(rows: str, first: date, last: date) -> str:
    """SQL: what `rows`, none earlier than `first`, add to the opening of each later month up to `last`."""
    return BY_MONTHS.format(
        rows=rows,
        next=NEXT[connection.vendor],
        sums=", ".join(SUMS),
        running=CARRIED,
        zeros=", ".join("0" for _name in SUMS),
        months=", ".join(f"({_day(month)})" for month in _months_after(max(first, last_day(OPENED_FROM)), last)),
        last=_day(last),
        something=SOMETHING,
    )


def _months_after(day: date, last: date) -> list[date]:
    """The first days of the months after a day, up to `last`."""
    numbers = range(day.year * 12 + day.month, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def _day(day: date) -> str:
    """A day in SQL of either database."""
    return f"date '{day}'" if connection.vendor == "postgresql" else f"'{day}'"


def _add(table: str, rows: str) -> None:
    adds = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in SUMS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({NAMES}) SELECT * FROM ({rows}) found WHERE TRUE "  # noqa: S608 our own names
            f"ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {adds}"
        )
