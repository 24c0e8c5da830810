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
from spaces.api.representations import Area, Totals
from spaces.api.table_fields import LastDay, StoredNumber
from spaces.api.units import PROMISES
from spaces.ledger import stack
from spaces.models import Unit
from spaces.states import UnitState, Use
from tenants.leasing.expiry_bands import ExpiryBand, ExpiryBands
from tenants.leasing.occupancy import occupants, sees_inside


class StackUnit(serializers.Serializer[Any]):
    code = serializers.CharField(source="cell.code")
    use = serializers.ChoiceField(source="cell.use", choices=Use.choices)
    area = Area(source="cell.area", allow_null=True, help_text=gettext_lazy("Usable area."))
    state = serializers.ChoiceField(source="cell.state", choices=UnitState.choices)
    promise = serializers.ChoiceField(
        source="cell.promise",
        choices=PROMISES,
        help_text=gettext_lazy("What its allocation amounts to, also while it is unbuilt."),
    )
    expiry = serializers.ChoiceField(
        choices=ExpiryBand.choices,
        allow_null=True,
        help_text=gettext_lazy("How long its lease still runs; null for those who may not know."),
    )
    last_day = LastDay(
        source="known.ends_on", allow_null=True, help_text=gettext_lazy("Of the period that makes its state.")
    )
    held_until = serializers.DateField(
        source="held.held_until",
        allow_null=True,
        help_text=gettext_lazy("The first day on which a hold no longer counts."),
    )
    tenant = serializers.CharField(
        source="occupant.name", allow_null=True, help_text=gettext_lazy("null for those who may not know.")
    )
    contract = serializers.CharField(
        source="occupant.number", allow_null=True, help_text=gettext_lazy("The number of its lease or offer.")
    )

    def to_representation(self, instance: stack.UnitOnDay) -> dict[str, Any]:
        """Of a unit with its occupant; dates and expiry are null for those who may not know them."""
        occupant = self.context["occupants"].get(instance.allocation or 0)
        known = instance if self.context["inside"] or occupant is not None else None
        unit = {
            "cell": instance,
            "occupant": occupant,
            "expiry": known and self.context["bands"].of(known),
            "known": known,
            "held": known if instance.taken_as == UnitState.RESERVED else None,
        }
        return super().to_representation(unit)


class StackFloor(serializers.Serializer[Any]):
    level = StoredNumber(source="floor.level", help_text=gettext_lazy("A storey, or n.5 for the mezzanine above it."))
    label = serializers.CharField(source="floor.label")  # type: ignore[assignment]
    usable_area = Area(source="floor.usable_area", allow_null=True, help_text=gettext_lazy("As registered."))
    recorded_area = Area(
        source="balance.recorded", help_text=gettext_lazy("The sum of its units, whatever their state.")
    )
    not_itemised = Area(help_text=gettext_lazy("Registered area that no unit accounts for."))
    units = StackUnit(source="cells", many=True)


class StackDetail(serializers.Serializer[Any]):
    building = serializers.CharField()
    as_of = serializers.DateField()
    areas = Totals(source="stack")
    floors = StackFloor(source="stack.storeys", many=True)


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
        context = {
            "occupants": occupants(units, request.user, on=self.day) if request.user.is_authenticated else {},
            "inside": sees_inside(request.user, building.park),
            "bands": ExpiryBands(self.day),
        }
        return Response(StackDetail({"building": code, "as_of": self.day, "stack": found}, context=context).data)
