"""Count units anew: those that a write outside the actions has left stale, or all of them."""

from datetime import date

from django.db import transaction

from spaces.models import CountedUnit, DaySum, LedgerDelta, MonthOpening, Unit
from spaces.month_ledger.deltas import Deltas, unpacked
from spaces.month_ledger.folding import fold, held_ledger
from spaces.month_ledger.writes import AT_ONCE, count


def settle() -> int:
    """Count the units that are stale and in no writer's hands; the number of those counted."""
    counted = 0
    while number := _settle_some():
        counted += number
    return counted


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
    with transaction.atomic():
        held_ledger()  # nobody folds meanwhile
        CountedUnit.objects.update(stale=True, runs="[]")
        known = CountedUnit.objects.values("pk")
        missing = Unit.objects.exclude(pk__in=known).values_list("pk", flat=True)
        CountedUnit.objects.bulk_create([CountedUnit(unit=unit) for unit in missing])
        LedgerDelta.objects.filter(folded=False, change=None).delete()
        LedgerDelta.objects.filter(folded=False).update(folded=True)
        DaySum.objects.all().delete()
        MonthOpening.objects.all().delete()
    counted = settle()
    fold(today)
    return counted
