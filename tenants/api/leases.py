"""Leases as they are read: the list by their ends, and one lease with its lines."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from spaces.api.parameters import Day
from spaces.api.reads import Rows, Table, table_query
from spaces.api.representations import Area, told
from spaces.models import Allocation
from spaces.values.days import day_after, last_day
from tenants.api.offers import Money
from tenants.api.rows import UNITS, codes, columns_of, instant
from tenants.api.writes import One, Writing
from tenants.filters import LeaseFilter
from tenants.models import Lease, LeaseLine
from tenants.states import Basis, EndReason, LeaseIntent, LeaseState, LeaseStatus, RentUnit

COLUMNS = (
    "number", "company__number", "company__name", "park__code", "state", "starts_on", "ends_on", "signed_on",
    "notice_on", "ended_on", "end_reason", "intent", "version",
)  # fmt: skip
ORDERS: dict[str, tuple[str, ...]] = {
    f"{sign}{name}": (f"{sign}{name}",) for sign in ("", "-") for name in ("number", "starts_on", "ends_on")
}
MORE: dict[str, Any] = {
    "last_day__lte": Day(
        required=False, help_text=gettext_lazy("Signed leases whose last day lies from as_of to this day.")
    ),
    "include_overdue": serializers.BooleanField(
        default=False, help_text=gettext_lazy("With last_day__lte: also those that ended and were not handed back.")
    ),
}


class LeaseRow(serializers.Serializer[Any]):
    number = serializers.CharField(required=False)
    company = serializers.CharField(required=False)
    company_name = serializers.CharField(required=False)
    park = serializers.CharField(required=False)
    units = serializers.ListField(
        child=serializers.CharField(), required=False, help_text=gettext_lazy("Of all its lines, left ones too.")
    )
    area = Area(allow_null=True, required=False, help_text=gettext_lazy("Usable area that it takes now."))
    state = serializers.ChoiceField(choices=LeaseState.choices, required=False)
    status = serializers.ChoiceField(
        choices=LeaseStatus.choices, required=False, help_text=gettext_lazy("What its state and dates make of it.")
    )
    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(required=False, help_text=gettext_lazy("Exclusive."))
    last_day = serializers.DateField(required=False)
    days_left = serializers.IntegerField(required=False)
    signed_on = serializers.DateField(allow_null=True, required=False)
    notice_on = serializers.DateField(allow_null=True, required=False)
    ended_on = serializers.DateField(allow_null=True, required=False)
    end_reason = serializers.ChoiceField(choices=EndReason.choices, allow_blank=True, required=False)
    intent = serializers.ChoiceField(choices=LeaseIntent.choices, allow_blank=True, required=False)
    version = serializers.IntegerField(required=False)


class LineRow(serializers.Serializer[Any]):
    unit = serializers.CharField()
    contracted_area = Area(allow_null=True)
    basis = serializers.ChoiceField(choices=Basis.choices)
    rent_rate = Money()
    rent_unit = serializers.ChoiceField(choices=RentUnit.choices)
    moved_in_on = serializers.DateField(allow_null=True)
    handed_back_on = serializers.DateField(allow_null=True)


class LeaseDetail(LeaseRow):
    offer = serializers.CharField(allow_null=True)
    renews = serializers.CharField(allow_null=True)
    renewal = serializers.CharField(allow_null=True)
    deposit = Money()
    rent_free_months = serializers.IntegerField()
    intent_note = serializers.CharField(allow_blank=True)
    intent_at = serializers.DateTimeField(allow_null=True)
    lines = LineRow(many=True)
    handovers = serializers.ListField(child=serializers.CharField())


class LeaseNoun(Writing):
    objects = Lease.objects.select_related("company", "park", "offer__request")
    detail = LeaseDetail

    def tag(self, row: Any) -> str:
        return f'"lease-{row.number}-{row.version}"'

    def tell(self, row: Lease) -> dict[str, Any]:
        found = columns_of(row, ("offer__number", "renews__number", "renewal__number", *COLUMNS))
        lines = list(row.lines.select_related("unit").order_by("pk"))
        taken = Allocation.objects.in_bulk([line.allocation_id for line in lines])
        this: Rows = Lease.objects.filter(pk=row.pk).with_area(self.day)
        area = this.values_list("area", flat=True).get()
        return {
            **self.written_row(found | {"area": area, "units": ",".join(line.unit.code for line in lines)}),
            "offer": found["offer__number"],
            "renews": found["renews__number"],
            "renewal": found["renewal__number"],
            "deposit": told(row.deposit),
            "rent_free_months": row.rent_free_months,
            "intent_note": row.intent_note,
            "intent_at": instant(row.intent_at),
            "lines": [_line(line, taken.get(line.allocation_id)) for line in lines],
            "handovers": list(row.handovers.order_by("pk").values_list("number", flat=True)),
        }

    def written_row(self, found: dict[str, Any]) -> dict[str, Any]:
        """`LeaseRow` as a plain dict."""
        told_of = ("state", "starts_on", "ends_on", "end_reason")
        lease = Lease(**{name: found[name] for name in told_of})
        return {
            "number": found["number"],
            "company": found["company__number"],
            "company_name": found["company__name"],
            "park": found["park__code"],
            "units": codes(found["units"]),
            "area": told(found["area"]),
            "state": found["state"],
            "status": lease.status(self.day).value,
            "starts_on": told(found["starts_on"]),
            "ends_on": told(found["ends_on"]),
            "last_day": told(last_day(found["ends_on"])),
            "days_left": lease.days_left(self.day),
            "signed_on": told(found["signed_on"]),
            "notice_on": told(found["notice_on"]),
            "ended_on": told(found["ended_on"]),
            "end_reason": found["end_reason"],
            "intent": found["intent"],
            "version": found["version"],
        }


class LeaseList(LeaseNoun, Table):
    """Own leases, those of the parks one looks after, or all. Filters are those of the page."""

    http_method_names = ["get", "head", "options"]
    query = table_query(LeaseRow, ORDERS, MORE)
    filters = LeaseFilter
    row = LeaseRow
    columns = (*COLUMNS, "units", "area")
    orders = ORDERS
    order = "ends_on"
    file = "leases"

    def rows(self) -> Rows:
        rows: Any = Lease.objects.visible_to(self.request.user)
        if "last_day__lte" in self.asked:
            until = day_after(self.asked["last_day__lte"])
            since = Q() if self.asked["include_overdue"] else Q(ends_on__gt=self.day)
            rows = rows.filter(since, state=LeaseState.SIGNED, ends_on__lte=until)
        fitting: Any = self.fitting(rows)
        found: Rows = fitting.with_area(self.day).annotate(units=UNITS)
        return found

    def write(self, found: dict[str, Any]) -> dict[str, Any]:
        return self.written_row(found)


class LeaseOne(LeaseNoun, One):
    """One lease."""


def _line(line: LeaseLine, taken: Allocation | None) -> dict[str, Any]:
    """A line remembers a hold that may be gone: it lapsed before the lease was signed."""
    return {
        "unit": line.unit.code,
        "contracted_area": told(line.contracted_area),
        "basis": line.basis,
        "rent_rate": told(line.rent_rate),
        "rent_unit": line.rent_unit,
        "moved_in_on": told(taken and taken.moved_in_on),
        "handed_back_on": told(taken and taken.handed_back_on),
    }
