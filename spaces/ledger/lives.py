"""Units with all that their states depend on, read from the database for the month ledger."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import QuerySet

from spaces.ledger.runs import FOREVER, AllocationDays, Fact, Life, Runs, runs_of
from spaces.models import Unit
from spaces.states import ParkKind

CHUNK = 20_000  # rows in memory at a time
BUILDING = "floor__building__"
PARK = f"{BUILDING}park"
BELONGING = tuple(f"{PARK}__periods__{name}" for name in ("starts_on", "ends_on", "ecosystem", "kind"))
DAYS = ("opens_on", "closes_on", f"{BUILDING}closed_on", f"{BUILDING}ready_on", f"{PARK}__opened_on")
FACT = tuple(f"periods__{name}" for name in ("starts_on", "ends_on", "use", "usable_area"))
ALLOCATION = tuple(f"allocations__{name}" for name in AllocationDays._fields)
# The columns of a row after those of the unit, its park and their days.
OF_SPELL = slice(-len(ALLOCATION), None)
OF_UNIT = slice(-len(FACT) - len(ALLOCATION), -len(ALLOCATION))
OF_PARK = slice(-len(BELONGING) - len(FACT) - len(ALLOCATION), -len(FACT) - len(ALLOCATION))
INDUSTRIAL = ParkKind.INDUSTRIAL_PARK.value


class Belonging(NamedTuple):
    """The group (ecosystem or None, industrial or not) that a park belongs to in [since, until)."""

    since: date
    until: date
    ecosystem: int | None
    industrial: bool


@dataclass(frozen=True, slots=True)
class UnitLife:
    """A unit, the park that it counts in, the groups of this park (ascending, of every day), and its runs."""

    unit: int
    park: int
    groups: list[Belonging]
    runs: Runs


def of(units: QuerySet[Unit], *, beside: str = "pk") -> Iterator[tuple[UnitLife, Any]]:
    """The lives of `units`, each with its column `beside`. One query.

    It has a row for each allocation with each period of the unit and of its park.
    """
    columns = (beside, PARK, *DAYS, *BELONGING, *FACT, *ALLOCATION)
    order = ("pk", "allocations__starts_on", "periods__starts_on", f"{PARK}__periods__starts_on")
    rows = units.order_by(*order).values_list("pk", *columns)
    for _pk, mine in groupby(rows.iterator(chunk_size=CHUNK), key=itemgetter(0)):
        yield _life(list(mine))


def _life(rows: Sequence[tuple[Any, ...]]) -> tuple[UnitLife, Any]:
    """A unit from its rows; the allocation of the rows of a unit that was never taken is None."""
    first = iter(rows[0])
    unit, beside, park = islice(first, 3)
    life = Life(*islice(first, len(DAYS)))
    periods, facts, taken = (dict.fromkeys(row[columns] for row in rows) for columns in (OF_PARK, OF_UNIT, OF_SPELL))
    spells = (AllocationDays(*each) for each in taken if each[0] is not None)
    runs = runs_of(life, (Fact(*each) for each in facts), spells)
    return UnitLife(unit, park, list(_groups(periods)), runs), beside


def _groups(periods: Iterable[tuple[Any, ...]]) -> Iterator[Belonging]:
    """The groups of a park from its periods; what changes neither ecosystem nor industrial starts no new one."""
    rows = (
        Belonging(since, until or FOREVER, ecosystem, kind == INDUSTRIAL) for since, until, ecosystem, kind in periods
    )
    for _group, same in groupby(rows, key=itemgetter(2, 3)):
        first, *more = same
        yield first._replace(until=more[-1].until) if more else first
