"""Balances from the month ledger: the opening of a month, and what was added since, whatever the number of units.

The answer is None, and the caller reads the allocations, while a unit is stale: a write that no action made is in the
allocations and not yet in the sums. One statement reads the sums and whether they hold. For what was known at an
earlier moment the deltas hold the opposite of what was written since (spaces/knowledge/tables_of_then.py).
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from spaces.ledger.balances import NOTHING, STATES, Balance
from spaces.ledger.park_units import ParkUnits
from spaces.models import CountedUnit, DaySum, LedgerDelta, MonthLedger, MonthOpening, Park, ParkPeriod
from spaces.models.month_ledger import OPENED_FROM, STALE, SUMS, UNFOLDED
from spaces.values.days import day_after

OPENINGS, DAYS, DELTAS, PARKS, PERIODS = (
    model._meta.db_table for model in (MonthOpening, DaySum, LedgerDelta, Park, ParkPeriod)
)
COUNTED, LEDGER = CountedUnit._meta.db_table, MonthLedger._meta.db_table
# What a total can be grouped by -> a column of a row, of its park, or of the period of its park.
OF_PARK = {"ecosystem": "f.ecosystem_id", "city": "p.city", "kind": "f.kind", "park": "added.park"}
JOINS = {
    "p": f" JOIN {PARKS} p ON p.id = added.park",
    "f": f" JOIN {PERIODS} f ON f.park_id = added.park "
    "AND f.starts_on <= %s AND (f.ends_on IS NULL OR f.ends_on > %s)",
    "added": "",
}
NAMES = ", ".join(SUMS)
SUMMED = ", ".join(f"CAST(SUM({name}) AS bigint) AS {name}" for name in SUMS)  # PostgreSQL would answer decimals
HUNDREDTH = Decimal("0.01")
MOST_VACANT = " HAVING SUM(vacant_area) > 0 ORDER BY SUM(vacant_area) DESC, 1 LIMIT {:d}"


def balances(
    scope: ParkUnits, by: str | None, *, on: date, today: date, most_vacant: int | None = None
) -> dict[Any, Balance] | None:
    """Node -> Balance, without empty nodes; by None: one node. One query. None: ask the allocations.

    `most_vacant`: only so many, those with most vacant area.
    """
    try:
        of_sums, of_deltas, values = _conditions(scope, by, on, forecast=on > today)
    except EmptyResultSet:
        return {}
    of_group = _reads_group(scope, by)
    node = "0" if by is None else "NULLIF(ecosystem, 0)" if of_group else OF_PARK[by]
    join = "" if by is None or of_group else JOINS[node.partition(".")[0]]
    starts = "(SELECT CASE WHEN opened_until < %s THEN opened_until ELSE %s END FROM ledger)"
    opening = [_opening(on)] * 2
    rows = _rows(
        f"SELECT {node} AS node, {SUMMED} FROM ("  # noqa: S608 our own names
        f"SELECT park, ecosystem, {NAMES} FROM {OPENINGS} WHERE day = {starts} AND {of_sums} UNION ALL "
        f"SELECT park, ecosystem, {NAMES} FROM {DAYS} WHERE day >= {starts} AND day <= %s AND {of_sums} UNION ALL "
        f"SELECT park, ecosystem, {NAMES} FROM {DELTAS} WHERE day <= %s AND {of_deltas}"
        f") added{join} GROUP BY 1{'' if most_vacant is None else MOST_VACANT.format(most_vacant)}",
        [*opening, *values, *opening, on, *values, on, *values, *([on] * join.count("%s"))],
    )
    return None if rows is None else {node: _balance(sums) for _until, node, *sums in rows if any(sums)}


def trend(scope: ParkUnits, days: Sequence[date], *, today: date) -> list[Balance] | None:
    """The balance on each of `days` (ascending). One query. None: ask the allocations."""
    if scope.group is not None and not scope.whole_group:
        return None  # its parks are other ones on other days
    try:
        of_sums, of_deltas, values = _conditions(scope, None, days[-1], forecast=False)
    except EmptyResultSet:
        return [_balance([0] * len(SUMS)) for _day in days]
    opened = dict(zip(map(_opening, days), days, strict=True))  # of several days in a month the last
    openings = ", ".join(f"'{day}'" for day in opened)  # a hundred parameters would take longer than the query
    spans = [day for span in opened.items() if span[0] <= span[1] for day in span]  # none for the last day of a month
    since = "(day >= %s AND day <= %s) OR " * (len(spans) // 2)
    until = "(SELECT opened_until FROM ledger)"
    layer = "over" if days[-1] > today else "FALSE"  # up to today both layers count
    rows = _rows(
        f"SELECT 'opening' AS kind, day, {layer} AS layer, {SUMMED} FROM {OPENINGS} "  # noqa: S608 our own names
        f"WHERE day IN ({openings}, {until}) AND {of_sums} GROUP BY 2, 3 UNION ALL "
        f"SELECT 'day', day, {layer}, {SUMMED} FROM {DAYS} "
        f"WHERE ({since}(day >= {until} AND day <= %s)) AND {of_sums} GROUP BY 2, 3 UNION ALL "
        f"SELECT 'delta', day, {layer}, {SUMMED} FROM {DELTAS} WHERE day <= %s AND {of_deltas} GROUP BY 2, 3",
        [*values, *spans, days[-1], *values, days[-1], *values],
    )
    return None if rows is None else _series(rows, days, today)


def _series(rows: Sequence[Any], days: Sequence[date], today: date) -> list[Balance]:
    """The balances of days from openings, and from what is added on days."""
    opened_until = _day(rows[0][0])
    openings, added = defaultdict(list), []
    for _until, kind, day, over, *sums in rows:
        if kind == "opening":
            openings[_day(day)].append((over, sums))
        elif kind is not None:
            added.append((kind, _day(day), over, sums))
    found = []
    for on in days:
        opening = min(_opening(on), opened_until)
        parts = openings[opening]
        if added:
            parts = [*parts, *((over, sums) for kind, day, over, sums in added
                               if day <= on and (kind == "delta" or day >= opening))]  # fmt: skip
        found.append(_balance(_total([sums for over, sums in parts if on <= today or not over])))
    return found


def _day(value: date | str) -> date:
    """A day from the database: SQLite knows no more than its text what the column of a union is."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def _total(rows: Sequence[Sequence[int]]) -> Sequence[int]:
    return rows[0] if len(rows) == 1 else [sum(column) for column in zip(*rows, strict=True)] or [0] * len(SUMS)


def _opening(on: date) -> date:
    """The opening from which a day is read: of the next month on the last day of one, else of its month."""
    opening = day_after(on).replace(day=1)
    return opening if opening >= OPENED_FROM else date.min


def _reads_group(scope: ParkUnits, by: str | None) -> bool:
    return scope.whole_group and by in {None, "ecosystem"}


def _conditions(scope: ParkUnits, by: str | None, on: date, *, forecast: bool) -> tuple[str, str, list[Any]]:
    """SQL for rows of sums, and for deltas, with the parameters of each. Raises EmptyResultSet for no park at all."""
    layer, unfolded = " AND NOT over" if forecast else "", UNFOLDED[connection.vendor]
    if scope.group is not None and _reads_group(scope, by):
        asked = {"industrial": scope.group.industrial, "ecosystem": scope.group.ecosystem}
        given = {name: value for name, value in asked.items() if value is not None}
        group = "".join(f" AND {name} = %s" for name in given) + layer
        return f"park = 0{group}", f"{unfolded}{group}", list(given.values())
    parks, params = scope.parks_on(on).order_by().values("pk").query.sql_with_params()
    own = f"park IN ({parks}){layer}"
    return own, f"{unfolded} AND {own}", list(params)


def _rows(sums: str, values: Sequence[Any]) -> list[Any] | None:
    """Rows of `sums`, each after the last month with an opening; one row of None if there are none.

    None while the sums do not hold.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH ledger AS (SELECT opened_until, "  # noqa: S608 our own names
            f"EXISTS (SELECT 1 FROM {COUNTED} WHERE {STALE[connection.vendor]}) AS stale FROM {LEDGER}) "
            f"SELECT ledger.stale, ledger.opened_until, found.* FROM ledger LEFT JOIN ({sums}) found ON TRUE",
            values,
        )
        rows = cursor.fetchall()
    return None if not rows or rows[0][0] else [row[1:] for row in rows]


def _balance(sums: Sequence[int]) -> Balance:
    areas = [HUNDREDTH * area if area else NOTHING for area in sums[::2]]
    return Balance(dict(zip(STATES, areas, strict=True)), dict(zip(STATES, sums[1::2], strict=True)))
