"""The rows of a building's stacking plan: floors top down, units in the order of their codes."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from spaces.access import refuse_ahead
from spaces.api import nodes
from spaces.api.reads import Read
from spaces.api.representations import Area, Totals, told, totals
from spaces.api.units import PROMISES
from spaces.ledger import stack
from spaces.models import Unit
from spaces.states import UnitState, Use
from spaces.values.days import last_day
from tenants.leasing.expiry_bands import ExpiryBand, ExpiryBands
from tenants.leasing.occupancy import occupants, sees_inside


class StackUnit(serializers.Serializer[Any]):
    code = serializers.CharField()
    use = serializers.ChoiceField(choices=Use.choices)
    area = Area(allow_null=True, help_text=gettext_lazy("Usable area."))
    state = serializers.ChoiceField(choices=UnitState.choices)
    promise = serializers.ChoiceField(
        choices=PROMISES,
        help_text=gettext_lazy("What its allocation amounts to, also while it is unbuilt."),
    )
    expiry = serializers.ChoiceField(
        choices=ExpiryBand.choices,
        allow_null=True,
        help_text=gettext_lazy("How long its lease still runs; null for those who may not know."),
    )
    last_day = serializers.DateField(allow_null=True, help_text=gettext_lazy("Of the period that makes its state."))
    held_until = serializers.DateField(
        allow_null=True, help_text=gettext_lazy("The first day on which a hold no longer counts.")
    )
    tenant = serializers.CharField(allow_null=True, help_text=gettext_lazy("null for those who may not know."))
    contract = serializers.CharField(allow_null=True, help_text=gettext_lazy("The number of its lease or offer."))


class StackFloor(serializers.Serializer[Any]):
    level = serializers.FloatField(help_text=gettext_lazy("A storey, or n.5 for the mezzanine above it."))
    label = serializers.CharField()  # type: ignore[assignment]
    usable_area = Area(allow_null=True, help_text=gettext_lazy("As registered."))
    recorded_area = Area(help_text=gettext_lazy("The sum of its units, whatever their state."))
    not_itemised = Area(help_text=gettext_lazy("Registered area that no unit accounts for."))
    units = StackUnit(many=True)


class StackDetail(serializers.Serializer[Any]):
    building = serializers.CharField()
    as_of = serializers.DateField()
    areas = Totals()
    floors = StackFloor(many=True)


class StackRead(Read):
    """The same rows as the picture of the page. Tenants and last days are for those who may read them."""

    row = StackDetail

    def get(self, request: Request, code: str) -> Response:
        building = nodes.building(code, request.user)
        if building is None:
            raise Http404
        refuse_ahead(request.user, building.park, day=self.day, today=self.today)
        (found,) = stack.of([building], on=self.day, today=self.today)
        units = Unit.objects.filter(floor__building=building)
        self.named = occupants(units, request.user, on=self.day) if request.user.is_authenticated else {}
        self.inside, self.bands = sees_inside(request.user, building.park), ExpiryBands(self.day)
        return Response(
            {
                "building": code,
                "as_of": self.day,
                "areas": totals(found.balance, None),
                "floors": [self.storey(each) for each in found.storeys],
            }
        )

    def storey(self, storey: stack.Storey) -> dict[str, Any]:
        return {
            "level": storey.floor.level,
            "label": storey.floor.label,
            "usable_area": told(storey.floor.usable_area),
            "recorded_area": str(storey.balance.recorded),
            "not_itemised": str(storey.not_itemised),
            "units": [self.unit(cell) for cell in storey.cells],
        }

    def unit(self, cell: stack.UnitOnDay) -> dict[str, Any]:
        occupant = self.named.get(cell.allocation or 0)
        knows = self.inside or occupant is not None
        return {
            "code": cell.code,
            "use": cell.use,
            "area": told(cell.area),
            "state": cell.state,
            "promise": cell.promise,
            "expiry": self.bands.of(cell) if knows else None,
            "last_day": told(last_day(cell.ends_on)) if knows else None,
            "held_until": told(cell.held_until) if knows and cell.taken_as == UnitState.RESERVED else None,
            "tenant": occupant.name if occupant else None,
            "contract": occupant.number if occupant else None,
        }
