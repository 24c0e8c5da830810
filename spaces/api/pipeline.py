"""Planned and unbuilt: industrial parks, and every building not ready on the day. Never part of the lettable area."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from spaces import ledger
from spaces.api.reads import Read
from spaces.api.representations import Area, Name, NodeKey, Rate
from spaces.ledger import pipeline
from spaces.states import ParkKind, Stage

NONE = ledger.Commitment(*(ledger.NOTHING,) * 4)


class PromisedArea(Area):
    """An area of the commitments of a building; 0.00 where it has none."""

    def get_attribute(self, instance: pipeline.Planned) -> Any:
        return super().get_attribute(instance.promised or NONE)


class BuildingPlan(serializers.Serializer[Any]):
    node = NodeKey(source="building")
    name = Name(source="building")
    stage = serializers.ChoiceField(choices=Stage.choices)
    planned_area = Area(source="building.planned_area", allow_null=True)
    recorded = PromisedArea(
        help_text=gettext_lazy("Usable area of its lettable units on record; 0.00 too once it is ready.")
    )
    committed = PromisedArea()
    reserved = PromisedArea()
    occupied = PromisedArea()
    rate_committed = Rate(source="promised.rate_committed")
    rate_occupied = Rate(source="promised.rate_occupied")


class ParkPlan(serializers.Serializer[Any]):
    node = NodeKey(source="park")
    name = Name(source="park")
    kind = serializers.ChoiceField(source="park.kind", choices=ParkKind.choices)
    planned_area = Area(source="park.planned_area", allow_null=True)
    buildings = BuildingPlan(many=True)


class Pipeline(serializers.Serializer[Any]):
    as_of = serializers.DateField()
    total_planned = Area(
        help_text=gettext_lazy("The planned areas of the industrial parks. Never added to the lettable area.")
    )
    parks = ParkPlan(many=True)


class PipelineRead(Read):
    """Industrial parks with all their buildings, and incubators with those that are not ready on the day."""

    row = Pipeline

    def get(self, request: Request) -> Response:
        parks = pipeline.parks(request.user, on=self.day)
        entries = pipeline.of(parks, request.user, on=self.day, today=self.today)
        total = pipeline.planned_area(request.user, on=self.day)
        return Response(Pipeline({"as_of": self.day, "total_planned": total, "parks": entries}).data)
