"""Leases as they are read: the list by their ends, and one lease with its lines."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from spaces.api.parameters import Day
from spaces.api.reads import Rows, Table, table_query
from spaces.api.representations import Area
from spaces.api.table_fields import DaysLeft, LastDay
from spaces.models import Allocation
from spaces.values.days import day_after
from tenants.api.offers import Money
from tenants.api.unit_lists import Codes, unit_codes
from tenants.api.writes import One, Writing
from tenants.filters import LeaseFilter
from tenants.models import Lease, LeaseLine
from tenants.states import Basis, EndReason, LeaseIntent, LeaseState, LeaseStatus, RentUnit

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


class StatusOnDay(serializers.ChoiceField):
    """`Lease.status` on the day asked about."""

    columns = ("state", "starts_on", "ends_on", "end_reason")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", choices=LeaseStatus.choices, **kwargs)

    def to_representation(self, value: Any) -> str:
        lease = Lease(**dict(zip(self.columns, value, strict=True)))
        return lease.status(self.context["day"]).value


class LeaseRow(serializers.Serializer[Any]):
    number = serializers.CharField(required=False)
    company = serializers.CharField(source="company.number", required=False)
    company_name = serializers.CharField(source="company.name", required=False)
    park = serializers.CharField(source="park.code", required=False)
    units = Codes(required=False, help_text=gettext_lazy("Of all its lines, left ones too."))
    area = Area(
        allow_null=True,
        required=False,
        help_text=gettext_lazy("Contracted area of the units that it takes now; usable where none is recorded."),
    )
    state = serializers.ChoiceField(choices=LeaseState.choices, required=False)
    status = StatusOnDay(required=False, help_text=gettext_lazy("What its state and dates make of it."))
    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(required=False, help_text=gettext_lazy("Exclusive."))
    last_day = LastDay(source="ends_on", required=False)
    days_left = DaysLeft(source="ends_on", required=False)
    signed_on = serializers.DateField(allow_null=True, required=False)
    notice_on = serializers.DateField(allow_null=True, required=False)
    ended_on = serializers.DateField(allow_null=True, required=False)
    end_reason = serializers.ChoiceField(choices=EndReason.choices, allow_blank=True, required=False)
    intent = serializers.ChoiceField(choices=LeaseIntent.choices, allow_blank=True, required=False)
    version = serializers.IntegerField(required=False)


class LineRow(serializers.Serializer[Any]):
    # Read from a `line` and its `allocation`; that is None where a hold lapsed before the lease was signed.

    unit = serializers.CharField(source="line.unit.code")
    contracted_area = Area(source="line.contracted_area", allow_null=True)
    basis = serializers.ChoiceField(source="line.basis", choices=Basis.choices)
    rent_rate = Money(source="line.rent_rate")
    rent_unit = serializers.ChoiceField(source="line.rent_unit", choices=RentUnit.choices)
    moved_in_on = serializers.DateField(source="allocation.moved_in_on", allow_null=True)
    handed_back_on = serializers.DateField(source="allocation.handed_back_on", allow_null=True)


class LeaseDetail(LeaseRow):
    offer = serializers.CharField(source="offer.number", allow_null=True)
    renews = serializers.CharField(source="renews.number", allow_null=True)
    renewal = serializers.CharField(source="renewal.number", allow_null=True)
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

    def representation(self, row: Lease) -> dict[str, Any]:
        lines = list(row.lines.select_related("unit").order_by("pk"))
        taken = Allocation.objects.in_bulk([line.allocation_id for line in lines])
        this: Rows = Lease.objects.filter(pk=row.pk).with_area(self.day)
        computed = {
            "units": ",".join(line.unit.code for line in lines),
            "area": this.values_list("area", flat=True).get(),
            "lines": [{"line": line, "allocation": taken.get(line.allocation_id)} for line in lines],
            "handovers": list(row.handovers.order_by("pk").values_list("number", flat=True)),
        }
        return self.detail_of(row, computed)


class LeaseList(LeaseNoun, Table):
    """Own leases, those of the parks one looks after, or all. Filters are those of the page."""

    http_method_names = ["get", "head", "options"]
    query = table_query(LeaseRow, ORDERS, MORE)
    filters = LeaseFilter
    row = LeaseRow
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
        found: Rows = fitting.with_area(self.day).annotate(units=unit_codes(LeaseLine.objects.all(), "lease"))
        return found


class LeaseOne(LeaseNoun, One):
    """One lease."""
