"""Units, and what each is on a day."""

import hashlib
from typing import Any

from django.db.models import F
from django.http import Http404
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from spaces import ledger
from spaces.access import listed_on, refuse_ahead
from spaces.api.reads import Read, Rows, Table, table_query
from spaces.api.representations import Area
from spaces.api.table_fields import DaysVacant, FullCode, LastDay, StoredNumber, columns_read, row_writer
from spaces.filters import UnitFilter
from spaces.models import Unit
from spaces.states import AreaSource, UnitState, Use

UNCHANGED = OpenApiResponse(description=gettext_lazy("Not changed since the ETag given in If-None-Match."))
PROMISES = [
    (state.value, state.label)
    for state in (UnitState.OCCUPIED, UnitState.COMMITTED, UnitState.RESERVED, UnitState.VACANT, UnitState.OFFLINE)
]
OF_A_DAY = ("state", "promise", "vacant_since")
BY_AREA = {
    "code": ("code_order",),
    "-code": ("-code_order",),
    "area": (F("usable_area").asc(nulls_last=True),),
    "-area": (F("usable_area").desc(nulls_last=True),),
}
UNIT_ORDERS = BY_AREA | {
    "vacant_since": (F("vacant_since").asc(nulls_last=True),),
    "park": ("floor__building__park__code_order",),
    "-park": ("-floor__building__park__code_order",),
    "level": ("floor__level",),
    "-level": ("-floor__level",),
}


class Facts(serializers.Serializer[Any]):
    """What a unit is; null where a fact is not recorded. Left out: its note, which is for those who look after it."""

    code = serializers.CharField(required=False)
    label = serializers.CharField(  # type: ignore[assignment]
        allow_blank=True,
        required=False,
        help_text=gettext_lazy("What is written on the door, where it is not the code."),
    )
    park = serializers.CharField(source="floor.building.park.code", required=False)
    building = FullCode("floor__building", required=False)
    level = StoredNumber(
        source="floor.level", required=False, help_text=gettext_lazy("A storey, or n.5 for the mezzanine above it.")
    )
    floor = serializers.CharField(source="floor.label", required=False)
    use = serializers.ChoiceField(choices=Use.choices, required=False)
    area = Area(source="usable_area", allow_null=True, required=False, help_text=gettext_lazy("Usable area."))
    height_m = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True, required=False)
    load_kg_m2 = serializers.IntegerField(allow_null=True, required=False)
    power_kw = serializers.IntegerField(allow_null=True, required=False)
    water = serializers.BooleanField(allow_null=True, required=False)
    drainage = serializers.BooleanField(allow_null=True, required=False)
    gas = serializers.BooleanField(allow_null=True, required=False)
    ventilation = serializers.BooleanField(allow_null=True, required=False)
    freight_lift = serializers.BooleanField(allow_null=True, required=False)
    network = serializers.BooleanField(allow_null=True, required=False)
    fitted = serializers.BooleanField(allow_null=True, required=False)


class UnitRow(Facts):
    state = serializers.ChoiceField(choices=UnitState.choices, required=False)
    promise = serializers.ChoiceField(
        choices=PROMISES,
        required=False,
        help_text=gettext_lazy("What its allocation amounts to, also while it is unbuilt."),
    )
    vacant_since = serializers.DateField(
        allow_null=True,
        required=False,
        help_text=gettext_lazy("The first day of the vacancy; null unless it is vacant."),
    )
    days_vacant = DaysVacant(
        source="vacant_since", allow_null=True, required=False, help_text=gettext_lazy("0 on the first day.")
    )
    gross_area = Area(allow_null=True, required=False)
    area_source = serializers.ChoiceField(choices=AreaSource.choices, allow_blank=True, required=False)
    area_on = serializers.DateField(allow_null=True, required=False)
    opens_on = serializers.DateField(required=False)
    closes_on = serializers.DateField(
        allow_null=True, required=False, help_text=gettext_lazy("The first day without it.")
    )
    last_day = LastDay(source="closes_on", allow_null=True, required=False)
    published = serializers.BooleanField(required=False)


class UnitDetail(UnitRow):
    state = serializers.ChoiceField(
        choices=UnitState.choices, allow_null=True, help_text=gettext_lazy("null before it opens and after it closes.")
    )
    promise = serializers.ChoiceField(choices=PROMISES, allow_null=True)
    as_of = serializers.DateField()
    predecessors = serializers.ListField(child=serializers.CharField())
    successors = serializers.ListField(child=serializers.CharField())


class UnitList(Table):
    """Units that exist on the day, each with its state. Filters are those of the page.

    On a coming day those of the parks whose tenancies the reader may know.
    """

    query = table_query(UnitRow, UNIT_ORDERS)
    filters = UnitFilter
    row = UnitRow
    orders = UNIT_ORDERS
    order = "code"
    file = "units"

    def rows(self) -> Rows:
        visible = Unit.objects.visible_to(self.request.user)
        units = listed_on(visible, self.request.user, day=self.day, today=self.today)
        dated = ledger.with_state(units, on=self.day, today=self.today)
        return self.fitting(ledger.with_vacant_since(dated, on=self.day, today=self.today))


class UnitRead(Read):
    """One unit, also before it opens and after it closes. With an ETag."""

    row = UnitDetail

    def answers(self) -> Any:
        return {200: self.row, 304: UNCHANGED}

    def get(self, request: Request, code: str) -> Response:
        mine = Unit.objects.visible_to(request.user).with_facts(self.day).filter(code=code)
        for unit in mine.select_related("floor__building__park") if self.day > self.today else ():
            refuse_ahead(request.user, unit.floor.building.park, day=self.day, today=self.today)
        row = UnitRow(context={"day": self.day})
        found = mine.values("pk", *set(columns_read(row)).difference(OF_A_DAY)).first()
        if found is None:
            raise Http404
        living = ledger.with_state(mine, on=self.day, today=self.today)
        now = ledger.with_vacant_since(living, on=self.day, today=self.today).values(*OF_A_DAY).first()
        visible = Unit.objects.visible_to(request.user).order_by("code_order").values_list("code", flat=True)
        answer = row_writer(row)(found | (now or dict.fromkeys(OF_A_DAY))) | {
            "as_of": str(self.day),
            "predecessors": list(visible.filter(successors=found["pk"])),
            "successors": list(visible.filter(predecessors=found["pk"])),
        }
        tag = hashlib.sha256(JSONRenderer().render(answer)).hexdigest()[:20]
        return Response(answer, headers={"ETag": f'"{tag}"'})
