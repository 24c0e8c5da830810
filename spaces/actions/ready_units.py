"""Lock units that are to be taken, and read what they are taken for by then."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from spaces.actions import lapsed_holds
from spaces.actions.locks import lock_units
from spaces.changes.versions import Seen, refuse_changed
from spaces.models import Allocation, Unit, User


@dataclass(frozen=True, slots=True)
class ReadyUnit:
    """A locked unit, and its allocations without lapsed holds."""

    unit: Unit
    taken: list[Allocation]


def lock_ready(units: Iterable[Unit], *, by: User | None, on: date, seen: Seen | None) -> list[ReadyUnit]:
    """The units, locked, after lapsed holds are cleared. Raises StaleError if one has changed since it was `seen`."""
    ready = {unit.pk: ReadyUnit(unit, []) for unit in lock_units(unit.pk for unit in units)}
    for locked in ready.values():
        refuse_changed(locked.unit, seen)
    rows = Allocation.objects.filter(unit__in=ready).annotate(is_lapsed=Allocation.objects.lapsed_by(on))
    for row in rows.order_by("pk"):
        row.unit = ready[row.unit_id].unit
        if not row.is_lapsed or lapsed_holds.clear(row, by=by):
            ready[row.unit_id].taken.append(row)
    return list(ready.values())
