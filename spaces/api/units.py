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
from spaces.api.representations import Area, told
from spaces.filters import UnitFilter
from spaces.models import Unit
from spaces.states import AreaSource, UnitState, Use
from spaces.values.days import last_day

UNCHANGED = OpenApiResponse(description=gettext_lazy("Not changed since the ETag given in If-None-Match."))
PROMISES = [
    (state.value, state.label)
    for state in (UnitState.OCCUPIED, UnitState.COMMITTED, UnitState.RESERVED, UnitState.VACANT, UnitState.OFFLINE)
]
FEATURES = ("water", "drainage", "gas", "ventilation", "freight_lift", "network", "fitted")
FACTS = ("code", "label", "use", "height_m", "load_kg_m2", "power_kw", *FEATURES)
PLACE = ("floor__level", "floor__label", "floor__building__code", "floor__building__park__code")
UNIT_COLUMNS = (
    *FACTS, *PLACE, "usable_area", "gross_area", "area_source", "area_on", "opens_on", "closes_on", "published",
)  # fmt: skip
BY_AREA = {
    "code": ("code_order",),
    "-code": ("-code_order",),
    "area": (F("usable_area").asc(nulls_last=True),),
    "-area": (F("usable_area").desc(nulls_last=True),),
}
UNIT_ORDERS = BY_AREA | {
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
    park = serializers.CharField(required=False)
    building = serializers.CharField(required=False)
    level = serializers.FloatField(
        required=False, help_text=gettext_lazy("A storey, or n.5 for the mezzanine above it.")
    )
    floor = serializers.CharField(required=False)
    use = serializers.ChoiceField(choices=Use.choices, required=False)
    area = Area(allow_null=True, required=False, help_text=gettext_lazy("Usable area."))
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
    gross_area = Area(allow_null=True, required=False)
    area_source = serializers.ChoiceField(choices=AreaSource.choices, allow_blank=True, required=False)
    area_on = serializers.DateField(allow_null=True, required=False)
    opens_on = serializers.DateField(required=False)
    closes_on = serializers.DateField(
        allow_null=True, required=False, help_text=gettext_lazy("The first day without it.")
    )
    last_day = serializers.DateField(allow_null=True, required=False)
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
    columns = (*UNIT_COLUMNS, "state", "promise")
    orders = UNIT_ORDERS
    order = "code"
    file = "units"

    def rows(self) -> Rows:
        visible = Unit.objects.visible_to(self.request.user)
        units = listed_on(visible, self.request.user, day=self.day, today=self.today)
        return self.fitting(ledger.with_state(units, on=self.day, today=self.today))

    def write(self, found: dict[str, Any]) -> dict[str, Any]:
        return unit_row(found)


class UnitRead(Read):
    """One unit, also before it opens and after it closes. With an ETag."""

    row = UnitDetail

    def answers(self) -> Any:
        return {200: self.row, 304: UNCHANGED}

    def get(self, request: Request, code: str) -> Response:
        mine = Unit.objects.visible_to(request.user).filter(code=code)
        for unit in mine.select_related("floor__building__park") if self.day > self.today else ():
            refuse_ahead(request.user, unit.floor.building.park, day=self.day, today=self.today)
        found = mine.values("pk", *UNIT_COLUMNS).first()
        if found is None:
            raise Http404
        living: Rows = ledger.with_state(mine, on=self.day, today=self.today)
        now = living.values("state", "promise").first()
        visible = Unit.objects.visible_to(request.user).order_by("code_order").values_list("code", flat=True)
        answer = unit_row(found | (now or {"state": None, "promise": None})) | {
            "as_of": str(self.day),
            "predecessors": list(visible.filter(successors=found["pk"])),
            "successors": list(visible.filter(predecessors=found["pk"])),
        }
        tag = hashlib.sha256(JSONRenderer().render(answer)).hexdigest()[:20]
        return Response(answer, headers={"ETag": f'"{tag}"'})


def facts(found: dict[str, Any]) -> dict[str, Any]:
    """`Facts` as a plain dict."""
    park = found["floor__building__park__code"]
    return {
        "code": found["code"],
        "label": found["label"],
        "park": park,
        "building": f"{park}-{found['floor__building__code']}",
        "level": found["floor__level"],
        "floor": found["floor__label"],
        "use": found["use"],
        "area": told(found["usable_area"]),
        "height_m": told(found["height_m"]),
        "load_kg_m2": found["load_kg_m2"],
        "power_kw": found["power_kw"],
        **{name: found[name] for name in FEATURES},
    }


def unit_row(found: dict[str, Any]) -> dict[str, Any]:
    return {
        **facts(found),
        "state": found["state"],
        "promise": found["promise"],
        "gross_area": told(found["gross_area"]),
        "area_source": found["area_source"],
        "area_on": told(found["area_on"]),
        "opens_on": told(found["opens_on"]),
        "closes_on": told(found["closes_on"]),
        "last_day": told(last_day(found["closes_on"])),
        "published": found["published"],
    }
