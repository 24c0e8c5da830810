"""The expiry calendar: leases by the month in which they end, overdue ones first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, QuerySet, Sum

from spaces.models import Building
from spaces.values.days import MONTHS, day_after, last_day, month_starts
from tenants.models import Lease, LeaseLine
from tenants.states import LeaseState

OVERDUE = 0  # the first column of the calendar
NOTHING = Decimal("0.00")
FEW = 5000  # leases whose units are read faster than each building is asked


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


class Expiries:
    """The signed leases that end up to the end of so many months: their columns, sums and rows.

    The database adds up by building and day, so that Python reads sums and not leases. The current month counts from
    the day on: earlier ends are overdue.
    """

    def __init__(self, leases: QuerySet[Lease], *, on: date, months: int = MONTHS) -> None:
        starts = month_starts(on, months)
        since = [on, *starts[1:-1]]
        self.columns: list[tuple[date | None, date]] = [(None, last_day(on))]
        self.columns += [(first, last_day(after)) for first, after in zip(since, starts[1:], strict=True)]
        self._signed = leases.filter(state=LeaseState.SIGNED, ends_on__lte=starts[-1]).order_by()
        self._on = on
        self._lines = LeaseLine.objects.taking(on).order_by()

    def totals(self) -> ExpiryRow:
        """All leases, those without units too. Two queries."""
        row = self._row(None)
        for ends_on, number in self._signed.values_list("ends_on").annotate(number=Count("pk")):
            self._add(row, ends_on, number=number)
        ends = self._of_leases().with_line_area(self._on).values_list("lease__ends_on")
        for ends_on, area in ends.annotate(area=Sum("line_area")):
            self._add(row, ends_on, area=area or NOTHING)
        return row

    def places(self, number: int) -> QuerySet[Building]:
        """The buildings that have a row, in order. Of few leases the units are read, for many each building is asked.

        `number`: that of the leases, from the totals.
        """
        if number <= FEW:
            found = Building.objects.filter(pk__in=self._of_leases().values("unit__floor__building"))
        else:
            found = Building.objects.filter(Exists(self._found().filter(unit__floor__building=OuterRef("pk"))))
        return found.select_related("park").order_by("park__code_order", "code_order")

    def rows(self, places: Sequence[Building]) -> list[ExpiryRow]:
        """The rows of these buildings, in their order. One query."""
        lines = self._found().filter(unit__floor__building__in=places).with_line_area(self._on)
        sums = lines.values_list("unit__floor__building", "lease__ends_on")
        rows = {place.pk: self._row(place) for place in places}
        for place, ends_on, number, area in sums.annotate(number=Count("lease", distinct=True), area=Sum("line_area")):
            self._add(rows[place], ends_on, number=number, area=area or NOTHING)
        return list(rows.values())

    def _of_leases(self) -> Any:
        """Lines of the leases found, read from the leases on."""
        return self._lines.filter(lease__in=self._signed.values("pk"))

    def _found(self) -> Any:
        """Lines of the leases found, read from units on: the lease of each is looked up."""
        return self._lines.filter(Exists(self._signed.filter(pk=OuterRef("lease"))))

    def _row(self, place: Building | None) -> ExpiryRow:
        return ExpiryRow(place, [ExpiryCell() for _column in self.columns])

    def _add(self, row: ExpiryRow, ends_on: date, *, number: int = 0, area: Decimal = NOTHING) -> None:
        # A calendar of a province adds thousands of days: the column is counted out, not looked for.
        day, on = last_day(ends_on), self._on
        column = OVERDUE if day < on else 1 + 12 * (day.year - on.year) + day.month - on.month
        for cell in (row.cells[column], row.total):
            cell.number += number
            cell.area += area


def calendar(leases: QuerySet[Lease], *, on: date, months: int = MONTHS) -> ExpiryCalendar:
    """Signed leases by the month of their last day, from the overdue ones on, with all rows. Four queries."""
    found = Expiries(leases, on=on, months=months)
    totals = found.totals()
    return ExpiryCalendar(found.columns, found.rows(list(found.places(totals.total.number))), totals)


def next_end(leases: QuerySet[Lease], *, after: date) -> date | None:
    """The last day of the signed lease that ends next after a day; None if there is none."""
    signed = leases.filter(state=LeaseState.SIGNED, ends_on__gt=day_after(after))
    ends_on: date | None = signed.aggregate(first=Min("ends_on"))["first"]
    return last_day(ends_on)
