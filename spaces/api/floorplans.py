"""The plan of a floor on a day: its version, its scale, the units with shapes and states, and which are adjacent."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from spaces import floorplans
from spaces.api import nodes
from spaces.api.reads import Read
from spaces.api.representations import Area, ComputedList, ComputedText, ComputedWhole, NodeKey
from spaces.api.table_fields import StoredNumber
from spaces.models import FloorPlan
from spaces.models.floorplans import AdjacencySource
from spaces.states import UnitState


class PictureSizes(serializers.ListSerializer[Any]):
    """The pictures of a plan, one for each of its widths."""

    def get_attribute(self, instance: FloorPlan) -> list[tuple[FloorPlan, int]]:
        return [(instance, width) for width in instance.widths]


class PlanPicture(serializers.Serializer[Any]):
    width = ComputedWhole(lambda size: size[1], help_text=gettext_lazy("Pixels."))
    url = ComputedText(lambda size: reverse("plan-picture-small", args=[size[0].pk, size[1]]))

    class Meta:
        list_serializer_class = PictureSizes


class PlanVersion(serializers.Serializer[Any]):
    valid_from = serializers.DateField()
    source = serializers.CharField(source="note", allow_blank=True)  # type: ignore[assignment]
    public = serializers.BooleanField(help_text=gettext_lazy("Companies see it."))
    width_px = serializers.IntegerField()
    height_px = serializers.IntegerField()
    metres_wide = serializers.DecimalField(
        max_digits=8, decimal_places=3, allow_null=True, help_text=gettext_lazy("null: no scale yet.")
    )
    picture = ComputedText(
        lambda plan: reverse("plan-picture", args=[plan.pk]) if plan.picture else None,
        allow_null=True,
        help_text=gettext_lazy("null: a drawing without a picture."),
    )
    pictures = PlanPicture(many=True, help_text=gettext_lazy("WebP, narrowest first."))


class PlanUnit(serializers.Serializer[Any]):
    code = serializers.CharField(source="unit.code")
    state = serializers.ChoiceField(source="unit.state", choices=UnitState.choices)
    area = Area(source="unit.usable_area", allow_null=True, help_text=gettext_lazy("Usable area."))
    drawn_area = Area(
        source="area", allow_null=True, help_text=gettext_lazy("From shape and scale; null without them.")
    )
    shape = serializers.ListField(
        source="shape.points",
        child=serializers.ListField(child=StoredNumber(min_value=0, max_value=1), min_length=2, max_length=2),
        allow_null=True,
        help_text=gettext_lazy("Corners as fractions of the picture from the left and from the top; null: not drawn."),
    )


class PlanAdjacency(serializers.Serializer[Any]):
    units = ComputedList(
        lambda pair: [pair.first.code, pair.second.code], child=serializers.CharField(), min_length=2, max_length=2
    )
    connected = serializers.BooleanField()
    source = serializers.ChoiceField(choices=AdjacencySource.choices)  # type: ignore[assignment]


class PlanRow(serializers.Serializer[Any]):
    node = NodeKey(help_text="HIT-01-A@4")
    as_of = serializers.DateField()
    version = PlanVersion(
        allow_null=True, help_text=gettext_lazy("null: none on the day, or none that you may see; then no shapes.")
    )
    units = PlanUnit(many=True)
    adjacency = PlanAdjacency(many=True)


class FloorPlanRead(Read):
    """The plan of a floor by its node, HIT-01-A@4. The version of the day, with the units that exist on it."""

    row = PlanRow

    def get(self, request: Request, node: str) -> Response:
        floor = nodes.floor(node, request.user)
        if floor is None:
            raise Http404
        sheet = floorplans.of_floor(floor, request.user, on=self.day, today=self.today)
        found = {
            "node": floor,
            "as_of": self.day,
            "version": sheet.plan,
            "units": sheet.rows,
            "adjacency": sheet.adjacency,
        }
        return Response(PlanRow(found).data)
