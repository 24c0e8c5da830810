"""Count units anew: those that a write outside the actions has left stale, or all of them."""

from datetime import date

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from spaces.ledger import lives
from spaces.models import CountedUnit, DaySum, LedgerDelta, MonthOpening, Unit
from spaces.month_ledger.deltas import COLUMNS, Deltas, counted, packed, unpacked
from spaces.month_ledger.folding import DELTAS, add, fold, held_ledger
from spaces.month_ledger.staging import staged
from spaces.month_ledger.writes import AT_ONCE, count
from spaces.values.periods import EVER

MANY = 20_000  # units in one transaction of a rebuild
UNITS = CountedUnit._meta.db_table
MISSING = (
    f"INSERT INTO {UNITS} (unit, stale, runs) SELECT id, TRUE, '[]' FROM {Unit._meta.db_table} WHERE TRUE "  # noqa: S608 our own names
    "ON CONFLICT (unit) DO NOTHING"
)
COUNTED = (
    f"UPDATE {UNITS} SET stale = FALSE, runs = counted.runs "  # noqa: S608 our own names
    f"FROM {{table}} counted WHERE {UNITS}.unit = counted.unit"
)


def settle() -> int:
    """Count the units that are stale and in no writer's hands; the number of those counted."""
    settled = 0
    while number := _settle_some():
        settled += number
    return settled


@transaction.atomic
def _settle_some() -> int:
    stale = CountedUnit.objects.select_for_update(skip_locked=True).filter(stale=True).order_by("pk")
    held = dict(stale.values_list("pk", "runs")[:AT_ONCE])
    count(dict.fromkeys(held))
    gone = held.keys() - Unit.objects.filter(pk__in=held).values_list("pk", flat=True)
    deltas = Deltas()
    for unit in gone:
        deltas.move(unpacked(held[unit]), set())
    LedgerDelta.objects.bulk_create(deltas.rows(None))
    CountedUnit.objects.filter(pk__in=gone).delete()
    return len(held)


def rebuild(today: date) -> int:
    """Empty the sums and count every unit anew; the number of units. Meanwhile figures are read from the allocations.

    The deltas of past writes stay: they tell who changed what.
    """
    _empty()
    number, last = 0, 0
    while found := _count_some(last):
        number, last = number + len(found), found[-1]
    number += settle()
    fold(today)
    return number


@transaction.atomic
def _empty() -> None:
    """No sums and no openings: until all is counted there is none to be kept, and the days alone give the answers."""
    ledger = held_ledger()  # nobody folds meanwhile
    ledger.opened_until = EVER
    ledger.save()
    # Not `pk__in`: of many units PostgreSQL would go through the list for each.
    CountedUnit.objects.exclude(Exists(Unit.objects.filter(pk=OuterRef("pk")))).delete()
    CountedUnit.objects.exclude(stale=True, runs="[]").update(stale=True, runs="[]")
    with connection.cursor() as cursor:
        cursor.execute(MISSING)
    LedgerDelta.objects.filter(folded=False, change=None).delete()
    LedgerDelta.objects.filter(folded=False).update(folded=True)
    DaySum.objects.all().delete()
    MonthOpening.objects.all().delete()


@transaction.atomic
def _count_some(after: int) -> list[int]:
    """Count the next stale units after an id, those in no writer's hands: their ids, ascending.

    Their deltas go into the sums at once: written one by one and folded they would cost thirty times as much.
    """
    ledger = held_ledger()
    stale = CountedUnit.objects.select_for_update(skip_locked=True).filter(stale=True, pk__gt=after)
    held = list(stale.order_by("pk").values_list("pk", flat=True)[:MANY])
    if not held:
        return held
    deltas, rows, mine = Deltas(), [], set(held)
    for life, _unit in lives.of(Unit.objects.filter(pk__gt=after, pk__lte=held[-1])):
        if life.unit in mine:
            runs = counted(life)
            deltas.move(set(), runs)
            rows.append((life.unit, packed(runs)))
    with staged(rows, like=UNITS, columns=("unit", "runs")) as table, connection.cursor() as cursor:
        cursor.execute(COUNTED.format(table=table))
    with staged(deltas.values(), like=DELTAS, columns=COLUMNS) as table:
        add(table, EVER, ledger.opened_until)
    return held
