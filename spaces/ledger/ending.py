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
from typing import NamedTuple

from django.db.models import BigIntegerField, F, OuterRef, Q, Subquery, TextField
from django.db.models.functions import Cast

from spaces.ledger.park_units import ParkUnits
from spaces.models import Allocation, Building
from spaces.states import LETTABLE_USES, Purpose
from spaces.values.days import day_after
from spaces.values.lifetimes import ready_from

# What is read of each tenancy. Days are compared as their texts: to make dates of them took half of the time.
DAYS = ("ends_on", "unit__periods__starts_on", "unit__periods__ends_on", "unit__closes_on", "following")
FOREVER = date.max.isoformat()


@dataclass(frozen=True, slots=True)
class Ending:
    """Area (m2) and number of units."""

    area: Decimal
    units: int


class Site(NamedTuple):
    """A building whose units can be let: its park, and the days from which and up to which, as text."""

    park: int
    ready: str
    closed: str | None


def ending(scope: ParkUnits, days: Sequence[date], *, today: date) -> list[dict[int, Ending]]:
    """Park id -> what is vacant on each of `days` (ascending) because a tenancy ended after today. Four queries.

    Of a group, each park on the days on which it belongs to it. Nothing on a day up to today.
    """
    inside, texts = _inside(scope, days), [day.isoformat() for day in days]
    moves: dict[int, list[list[int]]] = defaultdict(lambda: [[0, 0] for _day in [*days, None]])
    for park, since, until, area in _gaps(scope, today, days[-1]):
        first, after = bisect_left(texts, since), bisect_left(texts, until)
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


def _running(moves: Iterable[Sequence[int]]) -> Iterator[Ending]:
    area, units = 0, 0
    for more_area, more_units in moves:
        area, units = area + more_area, units + more_units
        yield Ending(Decimal(area).scaleb(-2), units)


def _inside(scope: ParkUnits, days: Sequence[date]) -> Mapping[int, set[int]]:
    """Park id -> the indexes of the days on which it counts. One query."""
    inside: dict[int, set[int]] = defaultdict(set)
    for park, since, until in scope.periods().values_list("park", "starts_on", "ends_on"):
        inside[park] |= set(range(bisect_left(days, since), len(days) if until is None else bisect_left(days, until)))
    return inside


def _gaps(scope: ParkUnits, today: date, last: date) -> Iterator[tuple[int, str, str, int]]:
    """(park, first day, day after, area in 0.01 m2) of each unit that stands vacant after a tenancy, by its areas."""
    sites, tomorrow = _sites(scope), day_after(today).isoformat()
    ended = Allocation.objects.filter(signed_on__isnull=False, ends_on__gt=today, ends_on__lte=last)
    late = Allocation.objects.overstaying(today).filter(unit__gt=0)  # so that SQLite reads the index of late rows
    for rows in (ended, late):
        # Of a whole group all rows are read, by their end: by their parks SQLite would read every unit.
        mine = rows if scope.whole_group else rows.filter(unit__in=scope.units.order_by().values("pk"))
        lettable = mine.filter(unit__periods__use__in=LETTABLE_USES, unit__periods__usable_area__isnull=False)
        read = lettable.order_by().annotate(following=_next_start(today)).values_list(
            "unit__floor__building", Cast("unit__periods__usable_area", BigIntegerField()),
            *(Cast(column, TextField()) for column in DAYS),
        )  # fmt: skip
        for building, area, end, since, *ends in read.iterator(chunk_size=2000):
            if site := sites.get(building):
                until = min([day for day in (site.closed, *ends) if day], default=FOREVER)
                yield site.park, max(end, since, site.ready, tomorrow), until, area


def _sites(scope: ParkUnits) -> dict[int, Site]:
    """By the id of the building. One query."""
    buildings = Building.objects.filter(park__in=scope.parks.order_by().values("pk"), ready_on__isnull=False)
    found = buildings.order_by().values_list("pk", "park", "closed_on", "ready_on", "park__opened_on")
    return {
        pk: Site(park, ready.isoformat(), closed_on.isoformat() if closed_on else None)
        for pk, park, closed_on, *milestones in found
        if (ready := ready_from(*milestones))
    }


def _next_start(today: date) -> Subquery:
    """The first day after a tenancy on which the ledger knows of something else; NULL: of nothing."""
    held = Q(held_until__gt=F("starts_on")) & Q(held_until__gt=today)
    counts = Q(purpose=Purpose.OFFLINE) | Q(signed_on__isnull=False) | held
    later = Allocation.objects.filter(counts, unit=OuterRef("unit"), starts_on__gte=OuterRef("ends_on"))
    return Subquery(later.order_by("starts_on").values("starts_on")[:1])
