"""Planned and unbuilt: industrial parks, and every building not ready on the day. Never part of the lettable area."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from spaces import ledger
from spaces.api import nodes
from spaces.api.reads import Read
from spaces.api.representations import Area, Name, Rate, told
from spaces.ledger import pipeline
from spaces.states import ParkKind, Stage

NONE = ledger.Commitment(*(ledger.NOTHING,) * 4)


class BuildingPlan(serializers.Serializer[Any]):
    node = serializers.CharField()
    name = Name()
    stage = serializers.ChoiceField(choices=Stage.choices)
    planned_area = Area(allow_null=True)
    recorded = Area(help_text=gettext_lazy("Usable area of its lettable units on record; 0.00 too once it is ready."))
    committed = Area()
    reserved = Area()
    occupied = Area()
    rate_committed = Rate()
    rate_occupied = Rate()


class ParkPlan(serializers.Serializer[Any]):
    node = serializers.CharField()
    name = Name()
    kind = serializers.ChoiceField(choices=ParkKind.choices)
    planned_area = Area(allow_null=True)
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
        entries = pipeline.of(request.user, on=self.day, today=self.today)
        total = pipeline.planned_area(entries)
        return Response({"as_of": self.day, "total_planned": str(total), "parks": [_park(entry) for entry in entries]})


def _park(entry: pipeline.PipelinePark) -> dict[str, Any]:
    park = entry.park
    return {
        "node": park.code,
        "name": {"zh": park.name, "en": park.name_en or park.name},
        "kind": park.kind,
        "planned_area": told(park.planned_area),
        "buildings": [_building(planned) for planned in entry.buildings],
    }


def _building(planned: pipeline.Planned) -> dict[str, Any]:
    building, promised = planned.building, planned.promised or NONE
    return {
        "node": nodes.key_of(building),
        "name": {"zh": building.name, "en": building.name_en or building.name},
        "stage": planned.stage.value,
        "planned_area": told(building.planned_area),
        "recorded": str(promised.recorded),
        "committed": str(promised.committed),
        "reserved": str(promised.reserved),
        "occupied": str(promised.occupied),
        "rate_committed": told(promised.rate_committed),
        "rate_occupied": told(promised.rate_occupied),
    }
