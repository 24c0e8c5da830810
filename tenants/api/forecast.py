"""The forecast of occupancy: what its page shows, for programs."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from spaces.access import refuse_ahead_among
from spaces.api import nodes
from spaces.api.parameters import DayQuery, Whole
from spaces.api.reads import Read, SeesAllocations
from spaces.api.representations import Area, Computed, NodeKey, Rate
from spaces.models import Building, Floor
from spaces.values.days import MONTHS, day_after, month_ends_ahead
from tenants.leasing import forecast
from tenants.leasing.forecast import ForecastDay
from tenants.states import Scenario


class ComputedArea(Computed, Area):
    def __init__(self, compute: Callable[[Any], Any]) -> None:
        super().__init__(compute, allow_null=True)


class ComputedRate(Computed, Rate):
    pass


def _in_scenarios(name: str, field: Any, read: Callable[[ForecastDay, str], Decimal | None]) -> Any:
    """A serializer of one figure of a day in each scenario."""
    fields = {scenario.value: field(lambda row, scenario=scenario: read(row, scenario)) for scenario in Scenario}
    return type(name, (serializers.Serializer,), fields)


ScenarioAreas = _in_scenarios("ForecastVacant", ComputedArea, ForecastDay.vacant)
ScenarioLet = _in_scenarios("ForecastLet", ComputedArea, ForecastDay.let)
ScenarioRates = _in_scenarios("ForecastRate", ComputedRate, ForecastDay.rate)


class ForecastMonth(serializers.Serializer[Any]):
    day = serializers.DateField()
    lettable = Area(source="balance.lettable")
    ending = Area(
        help_text=gettext_lazy(
            "Vacant because a tenancy ends between today and the day, with nothing signed after it."
        )
    )
    ending_units = serializers.IntegerField()
    vacant = ScenarioAreas(source="*")
    let = ScenarioLet(source="*", help_text=gettext_lazy("Occupied or signed."))
    rate_committed = ScenarioRates(source="*", help_text=gettext_lazy("let / lettable"))


class UsedRateRow(serializers.Serializer[Any]):
    park = serializers.CharField(allow_null=True, help_text=gettext_lazy("Whose history it is; null: that of a kind."))
    kind = serializers.CharField(
        source="used.rate.kind", allow_null=True, help_text=gettext_lazy("Null with no park: of all.")
    )
    rate = Rate(source="used.rate.rate")
    n = serializers.IntegerField(source="used.rate.n", help_text=gettext_lazy("Units whose lease ran out."))
    stayed = serializers.IntegerField(source="used.rate.stayed_n")
    ending = Area(source="used.ending", help_text=gettext_lazy("What it is applied to, on the last day."))
    renewed = Area(source="used.renewed", allow_null=True)


class ForecastRow(serializers.Serializer[Any]):
    as_of = serializers.DateField()
    made_on = serializers.DateField(source="found.today")
    node = NodeKey()
    since = serializers.DateField(
        source="found.since", help_text=gettext_lazy("From then on leases that ran out count.")
    )
    rates = UsedRateRow(many=True)
    results = ForecastMonth(source="found.days", many=True)


class ForecastQuery(DayQuery):
    node = serializers.CharField(
        default=nodes.PROVINCE, max_length=80, help_text=gettext_lazy("province, industrial, an ecosystem or a park.")
    )
    months = Whole(
        default=MONTHS, min_value=1, max_value=MONTHS, help_text=gettext_lazy("Month ends, from that of as_of on.")
    )


class ForecastRead(Read):
    """Vacant and let area at the ends of the coming months if nothing renews, all renew, or as many as have so far."""

    permission_classes = [IsAuthenticated, SeesAllocations]
    query = ForecastQuery
    row = ForecastRow

    def get(self, request: Request) -> Response:
        place = nodes.find(self.asked["node"], request.user)
        if isinstance(place, Building | Floor):
            message = _("A forecast is of a park or of what holds several: “%(node)s” is neither.")
            raise ValidationError({"node": ErrorDetail(message % {"node": nodes.key_of(place)}, "unknown_node")})
        scope = nodes.scope_of(place, request.user)
        refuse_ahead_among(scope.parks_on(self.today), request.user, day=day_after(self.today), today=self.today)
        days = month_ends_ahead(self.day, self.asked["months"])
        found = forecast.of(scope, days, today=self.today)
        codes = dict(scope.parks.values_list("pk", "code")) if any(used.rate.park for used in found.rates) else {}
        rates = [{"used": used, "park": used.rate.park and codes.get(used.rate.park)} for used in found.rates]
        return Response(ForecastRow({"as_of": self.day, "found": found, "node": place, "rates": rates}).data)
