"""The rows of the expiry list (到期预警表), streamed: one statement for any number of leases."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import OuterRef, QuerySet, StringAgg, Subquery, Value

from spaces.models.fields import code_order
from tenants.models import Lease, LeaseLine
from tenants.states import LeaseState

BATCH = 2000
# Codes have no comma. They are put in order here: SQLite before 3.44 joins in no order that could be told.
COLUMNS = ("number", "company__name", "park__name", "intent", "area", "codes")
DATED = ("state", "starts_on", "ends_on", "end_reason")


class ExpiryListRow(NamedTuple):
    """`lease` has its state and dates only; `units` are the codes of those it takes, `area` their m2 (`with_area`)."""

    number: str
    company: str
    park: str
    intent: str
    area: Decimal | None
    units: str
    lease: Lease


def expiry_rows(leases: QuerySet[Lease], *, on: date, building: str = "") -> Iterator[ExpiryListRow]:
    """The leases in their order. With the full code of a building the area is that of the units there."""
    lines = LeaseLine.objects.filter(lease=OuterRef("pk"), allocation__handed_back_on=None).order_by().values("lease")
    codes = lines.annotate(codes=StringAgg("unit__code", delimiter=Value(",")))
    annotated = leases.with_area(on, building).annotate(codes=Subquery(codes.values("codes")))  # type: ignore[attr-defined]
    rows = annotated.values_list(*COLUMNS, *DATED).iterator(BATCH)
    for number, company, park, intent, area, units, state, starts_on, ends_on, reason in rows:
        taken = [] if state == LeaseState.ENDED or not units else sorted(units.split(","), key=code_order)
        lease = Lease(state=state, starts_on=starts_on, ends_on=ends_on, end_reason=reason)
        yield ExpiryListRow(number, company, park, intent, area, ", ".join(taken), lease)
