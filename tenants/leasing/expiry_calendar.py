"""The expiry calendar: leases by the month in which they end, overdue ones first."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Min, QuerySet

from spaces.models import Building
from spaces.values.days import MONTHS, day_after, last_day, month_starts
from tenants.models import Lease, LeaseLine
from tenants.states import LeaseState

OVERDUE = 0  # the first column of the calendar
NOTHING = Decimal("0.00")


@dataclass(slots=True)
class ExpiryCell:
    """Number of leases that end, and their area (m2)."""

    number: int = 0
    area: Decimal = NOTHING


@dataclass(slots=True)
class ExpiryRow:
    """The row of a building, or of all of them (`place` None): a cell for each column, and their sum."""

    place: Building | None
    cells: list[ExpiryCell]
    total: ExpiryCell = field(default_factory=ExpiryCell)


@dataclass(frozen=True, slots=True)
class ExpiryCalendar:
    """`columns`: None for overdue leases, then (first day, last day) of months from today's on. No row without an end.

    A lease with units in two buildings is in both rows, with its area there, and once in the sums.
    Leases without units any more are in the sums only.
    """

    columns: list[tuple[date | None, date]]
    rows: list[ExpiryRow]
    totals: ExpiryRow


def calendar(leases: QuerySet[Lease], *, on: date, months: int = MONTHS) -> ExpiryCalendar:
    """Signed leases by the month of their last day, from the overdue ones on. Three queries.

    The current month counts from the day on: earlier ends are overdue.
    """
    starts = month_starts(on, months)
    since = [on, *starts[1:-1]]
    columns: list[tuple[date | None, date]] = [(None, last_day(on))]
    columns += [(first, last_day(after)) for first, after in zip(since, starts[1:], strict=True)]
    signed = leases.filter(state=LeaseState.SIGNED, ends_on__lte=starts[-1]).order_by()
    ends = dict(signed.values_list("pk", "ends_on"))
    lines = LeaseLine.objects.taking(on).filter(lease__in=signed.values("pk")).order_by("pk")
    of_place: dict[int, dict[int, Decimal]] = defaultdict(lambda: defaultdict(lambda: NOTHING))
    of_lease: dict[int, Decimal] = defaultdict(lambda: NOTHING)
    dated: Any = lines.with_line_area(on)
    areas = dated.values_list("unit__floor__building", "lease", "line_area")
    for building, lease, area in areas:
        of_place[building][lease] += area or NOTHING
        of_lease[lease] += area or NOTHING
    places = Building.objects.select_related("park").in_bulk(of_place)
    totals = _row(None, ((pk, of_lease[pk]) for pk in ends), ends, columns)
    inside = sorted(places.values(), key=lambda place: (place.park.code_order, place.code_order))
    return ExpiryCalendar(columns, [_row(it, of_place[it.pk].items(), ends, columns) for it in inside], totals)


def next_end(leases: QuerySet[Lease], *, after: date) -> date | None:
    """The last day of the signed lease that ends next after a day; None if there is none."""
    signed = leases.filter(state=LeaseState.SIGNED, ends_on__gt=day_after(after))
    ends_on: date | None = signed.aggregate(first=Min("ends_on"))["first"]
    return last_day(ends_on)


def _row(
    place: Building | None,
    areas: Iterable[tuple[int, Decimal]],
    ends: dict[int, date],
    columns: Sequence[tuple[date | None, date]],
) -> ExpiryRow:
    row = ExpiryRow(place, [ExpiryCell() for _column in columns])
    last_days = [until for _first, until in columns]
    for lease, area in areas:
        column = bisect_left(last_days, last_day(ends[lease]))
        for cell in (row.cells[column], row.total):
            cell.number += 1
            cell.area += area
    return row
