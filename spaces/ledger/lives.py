"""Units with all that their states depend on, read from the database for the month ledger."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet

from spaces.ledger.runs import AllocationDays, Fact, Life, Runs, runs_of
from spaces.models import Unit
from spaces.states import ParkKind

CHUNK = 20_000  # rows in memory at a time
BUILDING = "floor__building__"
PARK = f"{BUILDING}park"
PLACE = (PARK, f"{PARK}__ecosystem", f"{PARK}__kind")
DAYS = ("opens_on", "closes_on", f"{BUILDING}closed_on", f"{BUILDING}ready_on", f"{PARK}__opened_on")
FACT = tuple(f"periods__{name}" for name in ("starts_on", "ends_on", "use", "usable_area"))
ALLOCATION = tuple(f"allocations__{name}" for name in AllocationDays._fields)


@dataclass(frozen=True, slots=True)
class UnitLife:
    """A unit, the park and the group (ecosystem or None, industrial or not) that it counts in, and its runs."""

    unit: int
    park: int
    ecosystem: int | None
    industrial: bool
    runs: Runs


def of(units: QuerySet[Unit], *, beside: str = "pk") -> Iterator[tuple[UnitLife, Any]]:
    """The lives of `units`, each with its column `beside`. One query: a row for each allocation with each period."""
    columns = (beside, *PLACE, *DAYS, *FACT, *ALLOCATION)
    rows = units.order_by("pk", "allocations__starts_on", "periods__starts_on").values_list("pk", *columns)
    for _pk, mine in groupby(rows.iterator(chunk_size=CHUNK), key=itemgetter(0)):
        yield _life(list(mine))


def _life(rows: Sequence[tuple[Any, ...]]) -> tuple[UnitLife, Any]:
    """A unit from its rows; the allocation of the rows of a unit that was never taken is None."""
    first = iter(rows[0])
    unit, beside = islice(first, 2)
    park, ecosystem, kind = islice(first, len(PLACE))
    life = Life(*islice(first, len(DAYS)))
    facts = dict.fromkeys(row[-len(FACT) - len(ALLOCATION) : -len(ALLOCATION)] for row in rows)
    taken = dict.fromkeys(row[-len(ALLOCATION) :] for row in rows if row[-len(ALLOCATION)] is not None)
    runs = runs_of(life, (Fact(*each) for each in facts), (AllocationDays(*each) for each in taken))
    return UnitLife(unit, park, ecosystem, kind == ParkKind.INDUSTRIAL_PARK, runs), beside
