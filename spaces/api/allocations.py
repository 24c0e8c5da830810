"""Who takes a unit when, for those who look after it and those who check: allocations, and tenants who overstay."""

from typing import Any

import django_filters as df
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated

from spaces import ledger
from spaces.api.parameters import Day
from spaces.api.reads import Rows, SeesAllocations, Table, table_query
from spaces.api.representations import Area
from spaces.api.table_fields import DaysOver, FullCode, LastDay
from spaces.filters import ParkFilter, PlaceFilter, ecosystems, parks
from spaces.models import Allocation, Unit
from spaces.states import Purpose, UnitState

PLACE = "unit__floor__building__park"
ORDERS: dict[str, tuple[str, ...]] = {
    f"{sign}{name}": (f"{sign}{path}",)
    for sign in ("", "-")
    for name, path in {"unit": "unit__code_order", "starts_on": "starts_on", "ends_on": "ends_on"}.items()
}
DAYS = ("starts_on__gte", "starts_on__lte", "ends_on__gte", "ends_on__lte")


class AllocationRow(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk", required=False)
    unit = serializers.CharField(source="unit.code", required=False)
    park = serializers.CharField(source="unit.floor.building.park.code", required=False)
    building = FullCode("unit__floor__building", required=False)
    area = Area(
        source="facts.usable_area", allow_null=True, required=False, help_text=gettext_lazy("Of the unit on the day.")
    )
    purpose = serializers.ChoiceField(choices=Purpose.choices, required=False)
    starts_on = serializers.DateField(required=False)
    ends_on = serializers.DateField(allow_null=True, required=False, help_text=gettext_lazy("Exclusive; null: open."))
    last_day = LastDay(source="ends_on", allow_null=True, required=False)
    held_until = serializers.DateField(allow_null=True, required=False, help_text=gettext_lazy("Exclusive."))
    last_held_day = LastDay(source="held_until", allow_null=True, required=False)
    signed_on = serializers.DateField(allow_null=True, required=False)
    moved_in_on = serializers.DateField(allow_null=True, required=False)
    handed_back_on = serializers.DateField(allow_null=True, required=False)
    reason = serializers.CharField(required=False)


class HoldoverRow(AllocationRow):
    days_over = DaysOver(
        source="ends_on", required=False, help_text=gettext_lazy("Days since the last day of the period.")
    )


class AllocationFilter(df.FilterSet):
    unit = df.CharFilter("unit__code", label=gettext_lazy("Unit"), max_length=80)
    ecosystem = PlaceFilter(
        "park_facts__ecosystem", queryset=ecosystems, to_field_name="code", label=gettext_lazy("Ecosystem")
    )
    park = ParkFilter(PLACE, queryset=parks, to_field_name="code", label=gettext_lazy("Park"))
    building = df.CharFilter(method="in_building", label=gettext_lazy("Building"), max_length=60)
    purpose = df.ChoiceFilter(choices=Purpose.choices, label=gettext_lazy("Purpose"))

    class Meta:
        model = Allocation
        fields: list[str] = []

    def in_building(self, rows: Any, _name: str, code: str) -> Any:
        park, _dash, own = code.rpartition("-")
        return rows.filter(**{f"{PLACE}__code": park, "unit__floor__building__code": own})


class AllocationList(Table):
    """Every allocation, past and future; `covering=true` leaves those that count on the day."""

    permission_classes = [IsAuthenticated, SeesAllocations]
    query = table_query(
        AllocationRow,
        ORDERS,
        {"covering": serializers.BooleanField(required=False), **{name: Day(required=False) for name in DAYS}},
    )
    filters = AllocationFilter
    row = AllocationRow
    orders = ORDERS
    order = "starts_on"
    file = "allocations"

    def rows(self) -> Rows:
        rows = Allocation.objects.visible_to(self.request.user).with_unit_facts(self.day)
        if self.asked.get("covering"):
            rows = rows.covering(self.day).live(self.day)
        return self.fitting(rows.filter(**{name: self.asked[name] for name in DAYS if name in self.asked}))


class HoldoverList(AllocationList):
    """Who should have handed back by the day, longest first: the rows behind the holdover area. Never a forecast."""

    query = table_query(HoldoverRow, ORDERS)
    row = HoldoverRow
    order = "ends_on"
    file = "holdovers"

    def rows(self) -> Rows:
        units = Unit.objects.visible_to(self.request.user)
        living: Rows = ledger.with_state(units, on=self.day, today=self.today)
        late = living.filter(state=UnitState.HOLDOVER).order_by().values("pk")
        rows = Allocation.objects.visible_to(self.request.user).with_unit_facts(self.day).overstaying(self.day)
        return self.fitting(rows.filter(unit__in=late))
