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
from spaces.api.representations import Area, told
from spaces.models import FloorPlan
from spaces.models.floorplans import AdjacencySource
from spaces.states import UnitState


class PlanPicture(serializers.Serializer[Any]):
    width = serializers.IntegerField(help_text=gettext_lazy("Pixels."))
    url = serializers.CharField()


class PlanVersion(serializers.Serializer[Any]):
    valid_from = serializers.DateField()
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    public = serializers.BooleanField(help_text=gettext_lazy("Companies see it."))
    width_px = serializers.IntegerField()
    height_px = serializers.IntegerField()
    metres_wide = serializers.DecimalField(
        max_digits=8, decimal_places=3, allow_null=True, help_text=gettext_lazy("null: no scale yet.")
    )
    picture = serializers.CharField(allow_null=True, help_text=gettext_lazy("null: a drawing without a picture."))
    pictures = PlanPicture(many=True, help_text=gettext_lazy("WebP, narrowest first."))


class PlanUnit(serializers.Serializer[Any]):
    code = serializers.CharField()
    state = serializers.ChoiceField(choices=UnitState.choices)
    area = Area(allow_null=True, help_text=gettext_lazy("Usable area."))
    drawn_area = Area(allow_null=True, help_text=gettext_lazy("From shape and scale; null without them."))
    shape = serializers.ListField(
        child=serializers.ListField(
            child=serializers.FloatField(min_value=0, max_value=1), min_length=2, max_length=2
        ),
        allow_null=True,
        help_text=gettext_lazy("Corners as fractions of the picture from the left and from the top; null: not drawn."),
    )


class PlanAdjacency(serializers.Serializer[Any]):
    units = serializers.ListField(child=serializers.CharField(), min_length=2, max_length=2)
    connected = serializers.BooleanField()
    source = serializers.ChoiceField(choices=AdjacencySource.choices)  # type: ignore[assignment]


class PlanRow(serializers.Serializer[Any]):
    node = serializers.CharField(help_text="HIT-01-A@4")
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
        return Response(
            {
                "node": nodes.key_of(floor),
                "as_of": self.day,
                "version": _version(sheet.plan) if sheet.plan else None,
                "units": [_unit(row) for row in sheet.rows],
                "adjacency": [
                    {"units": [pair.first.code, pair.second.code], "connected": pair.connected, "source": pair.source}
                    for pair in sheet.adjacency
                ],
            }
        )


def _version(plan: FloorPlan) -> dict[str, Any]:
    return {
        "valid_from": plan.valid_from,
        "source": plan.note,
        "public": plan.public,
        "width_px": plan.width_px,
        "height_px": plan.height_px,
        "metres_wide": told(plan.metres_wide),
        "picture": reverse("plan-picture", args=[plan.pk]) if plan.picture else None,
        "pictures": [
            {"width": width, "url": reverse("plan-picture-small", args=[plan.pk, width])} for width in plan.widths
        ],
    }


def _unit(row: floorplans.UnitOnPlan) -> dict[str, Any]:
    return {
        "code": row.unit.code,
        "state": row.unit.state,  # type: ignore[attr-defined]
        "area": told(row.unit.usable_area),
        "drawn_area": told(row.area),
        "shape": row.shape.points if row.shape else None,
    }
