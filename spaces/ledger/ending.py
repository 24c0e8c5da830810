"""Units that stand vacant on a coming day because a tenancy ends before it: what a renewal would keep let.

The ledger counts them as vacant, for nobody foresees a renewal. Here is how much of that is open. Of one unit it is
the time from the day its signed tenancy ends, or from tomorrow while the tenant overstays, up to whatever the ledger
knows to come next: another tenancy, a hold that has not lapsed by then, time out of service, the end of its life or
of its lettable use.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery

from spaces.ledger.balances import NOTHING
from spaces.ledger.park_units import ParkUnits
from spaces.models import Allocation
from spaces.states import LETTABLE_USES, Purpose
from spaces.values.days import day_after
from spaces.values.lifetimes import ready_from

BUILDING, PERIOD = "unit__floor__building__", "unit__periods__"
COLUMNS = (
    f"{BUILDING}park", f"{PERIOD}usable_area", f"{PERIOD}starts_on", f"{BUILDING}ready_on",
    f"{BUILDING}park__opened_on", "ends_on", "next", f"{PERIOD}ends_on", "unit__closes_on", f"{BUILDING}closed_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ending:
    """Area (m2) and number of units."""

    area: Decimal
    units: int


def ending(scope: ParkUnits, days: Sequence[date], *, today: date) -> list[dict[int, Ending]]:
    """Park id -> what is vacant on each of `days` (ascending) because a tenancy ended after today. Three queries.

    Of a group, each park on the days on which it belongs to it. Nothing on a day up to today.
    """
    inside = _inside(scope, days)
    moves: dict[int, list[list[Any]]] = defaultdict(lambda: [[NOTHING, 0] for _day in [*days, None]])
    for park, since, until, area in _gaps(scope, today, days[-1]):
        first, after = bisect_left(days, since), bisect_left(days, until)
        if first < after:
            of_park = moves[park]
            of_park[first][0] += area
            of_park[first][1] += 1
            of_park[after][0] -= area
            of_park[after][1] -= 1
    found: list[dict[int, Ending]] = [{} for _day in days]
    for park, of_days in moves.items():
        for index, now in enumerate(_running(of_days[:-1])):
            if now.units and index in inside[park]:
                found[index][park] = now
    return found


def _running(moves: Iterable[Sequence[Any]]) -> Iterator[Ending]:
    area, units = NOTHING, 0
    for more_area, more_units in moves:
        area, units = area + more_area, units + more_units
        yield Ending(area, units)


def _inside(scope: ParkUnits, days: Sequence[date]) -> Mapping[int, set[int]]:
    """Park id -> the indexes of the days on which it counts. One query."""
    inside: dict[int, set[int]] = defaultdict(set)
    for park, since, until in scope.periods().values_list("park", "starts_on", "ends_on"):
        inside[park] |= set(range(bisect_left(days, since), len(days) if until is None else bisect_left(days, until)))
    return inside


def _gaps(scope: ParkUnits, today: date, last: date) -> Iterator[tuple[int, date, date, Decimal]]:
    """(park, first day, day after, area) of each unit that stands vacant after a tenancy, by its areas."""
    ended = Allocation.objects.filter(signed_on__isnull=False, ends_on__gt=today, ends_on__lte=last)
    for rows in (ended, Allocation.objects.overstaying(today)):
        # Of a whole group all rows are read, by their end: by their parks SQLite would read every unit.
        mine = rows if scope.whole_group else rows.filter(unit__in=scope.units.order_by().values("pk"))
        lettable = mine.filter(unit__periods__use__in=LETTABLE_USES, unit__periods__usable_area__isnull=False)
        for park, area, *days in lettable.order_by().annotate(next=_next_start(today)).values_list(*COLUMNS):
            starts_on, ready_on, opened_on, ends_on, *ends = days
            ready = ready_from(ready_on, opened_on)
            if ready is not None:
                yield (
                    park,
                    max(ends_on, starts_on, ready, day_after(today)),
                    min(filter(None, ends), default=date.max),
                    area,
                )


def _next_start(today: date) -> Subquery:
    """The first day after a tenancy on which the ledger knows of something else; NULL: of nothing."""
    held = Q(held_until__gt=F("starts_on")) & Q(held_until__gt=today)
    counts = Q(purpose=Purpose.OFFLINE) | Q(signed_on__isnull=False) | held
    later = Allocation.objects.filter(counts, unit=OuterRef("unit"), starts_on__gte=OuterRef("ends_on"))
    return Subquery(later.order_by("starts_on").values("starts_on")[:1])
