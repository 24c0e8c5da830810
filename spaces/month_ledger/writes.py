"""Count what a transaction has written: once, at its end, behind the one writer of Changes."""

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery

from spaces.ledger import lives
from spaces.models import Building, CountedUnit, Floor, LedgerDelta, Park, ParkPeriod, Unit
from spaces.models.counted_constraint import watched
from spaces.models.recorded import Recorded
from spaces.month_ledger.deltas import COLUMNS, Deltas, counted, packed, unpacked
from spaces.month_ledger.staging import insert

AT_ONCE = 500  # units; SQLite bounds the number of parameters
UNITS_OF = {Floor: "floor", Building: "floor__building", Park: "floor__building__park"}
STORED = ("change", "folded", *COLUMNS)
type Snapshot = Mapping[str, Any]


class _Touched(threading.local):
    """Unit id -> id of the Change that touched it last, in the blocks of `counted_together` that are open."""

    def __init__(self) -> None:
        self.units: dict[int, int | None] = {}
        self.depth = 0


_touched = _Touched()


@contextmanager
def counted_together() -> Iterator[None]:
    """Count the units that the block touches once, at its end. The block is inside a transaction, or is one."""
    before = dict(_touched.units)
    _touched.depth += 1
    try:
        yield
        if _touched.depth == 1:
            count(_touched.units)
    except BaseException:
        _touched.units = before  # what it has written is rolled back
        raise
    finally:
        _touched.depth -= 1
        if not _touched.depth:
            _touched.units = {}


@contextmanager
def noted_deltas() -> Iterator[list[LedgerDelta]]:
    """The deltas of the block, complete after it: it is counted before a block around it is. Inside a transaction."""
    deltas: list[LedgerDelta] = []
    with counted_together():
        yield deltas
        deltas += count(_touched.units)
        _touched.units = {}


def touch(rows: Iterable[Recorded], change: int, before: Snapshot | None, after: Snapshot | None) -> None:
    """Note the units whose states may differ after a write of `rows`; count them now where no block is open."""
    touched: dict[int, int | None] = {}
    for row in rows:
        names = watched(row.__class__)  # not type(row): the user of a request is a lazy object
        if names and (before is None or after is None or any(before[name] != after[name] for name in names)):
            touched.update(dict.fromkeys(_units_of(row, before), change))
    if _touched.depth:
        _touched.units.update(touched)
    else:
        count(touched)


def _units_of(row: Recorded, before: Snapshot | None) -> Iterable[int]:
    if isinstance(row, Unit):
        return [row.pk]
    if isinstance(row, ParkPeriod):
        return Unit.objects.filter(floor__building__park=row.park_id).values_list("pk", flat=True)
    if path := UNITS_OF.get(row.__class__):
        return () if before is None else Unit.objects.filter(**{path: row.pk}).values_list("pk", flat=True)
    return {row.unit_id, (before or {}).get("unit_id", row.unit_id)}  # type: ignore[attr-defined]


def count(units: Mapping[int, int | None]) -> list[LedgerDelta]:
    """Bring the month ledger from what it holds of `units` to what they are now. `units`: id -> Change.

    Only stale ones: their rows are held by this transaction, as the trigger has written them in it. What they depend
    on is read by a later statement, so that it is what another writer of the same unit has committed before.
    """
    deltas = []
    for ids in batched(sorted(units), AT_ONCE, strict=False):
        with transaction.atomic(savepoint=False):
            deltas += _count({unit: units[unit] for unit in ids})
    return deltas


def _count(changes: Mapping[int, int | None]) -> list[LedgerDelta]:
    stale = CountedUnit.objects.filter(unit=OuterRef("pk"), stale=True)
    found = Unit.objects.filter(pk__in=changes).annotate(counted=Subquery(stale.values("runs")))
    deltas: dict[int | None, Deltas] = defaultdict(Deltas)
    rows = []
    for life, text in lives.of(found, beside="counted"):
        if text is not None:
            runs = counted(life)
            deltas[changes[life.unit]].move(unpacked(text), runs)
            rows.append(CountedUnit(unit=life.unit, stale=False, runs=packed(runs)))
    CountedUnit.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["unit"], update_fields=["stale", "runs"]
    )
    written = [row for change in deltas for row in deltas[change].rows(change)]
    insert(LedgerDelta._meta.db_table, STORED, ([getattr(row, name) for name in STORED] for row in written))
    return written
