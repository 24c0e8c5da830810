"""Planned and unbuilt: industrial parks, and every building not ready on the day. Never part of the offered area."""

from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from spaces import ledger
from spaces.api import nodes
from spaces.api.reads import Read
from spaces.api.rows import Area, Name, Rate, told
from spaces.models import Building, Park, Unit
from spaces.models.people import AnyUser
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
        help_text=gettext_lazy("The planned areas of the industrial parks. Never added to the offered area.")
    )
    parks = ParkPlan(many=True)


class PipelineRead(Read):
    """Industrial parks with all their buildings, and carriers with those that are not ready on the day."""

    row = Pipeline

    def get(self, request: Request) -> Response:
        promised = ledger.commitments(Unit.objects.visible_to(request.user), on=self.day)
        parks, total = [], ledger.NOTHING
        for park in _parks(request.user, on=self.day):
            industrial = park.kind == ParkKind.INDUSTRIAL_PARK
            stages = [(building, ledger.stage_of(building, on=self.day)) for building in park.buildings.all()]
            left_out = {Stage.CLOSED} if industrial else {Stage.CLOSED, Stage.READY}
            rows = [_building(row, stage, promised.get(row.pk)) for row, stage in stages if stage not in left_out]
            if industrial or rows:
                parks.append(_park(park, rows))
            if industrial:
                total += park.planned_area or ledger.NOTHING
        return Response({"as_of": self.day, "total_planned": str(total), "parks": parks})


def _parks(user: AnyUser, *, on: date) -> QuerySet[Park]:
    """Industrial parks and the parks of buildings that are not ready, each with its buildings. Two queries."""
    buildings = Building.objects.visible_to(user)
    unready = buildings.exclude(ready_on__lte=on).order_by().values("park")
    wanted = Q(kind=ParkKind.INDUSTRIAL_PARK) | Q(pk__in=unready)
    listed = Prefetch("buildings", buildings.select_related("park").order_by("code_order"))
    return Park.objects.visible_to(user).filter(wanted).prefetch_related(listed).order_by("code_order")


def _park(park: Park, buildings: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "node": park.code,
        "name": {"zh": park.name, "en": park.name_en or park.name},
        "kind": park.kind,
        "planned_area": told(park.planned_area),
        "buildings": buildings,
    }


def _building(building: Building, stage: Stage, promised: ledger.Commitment | None) -> dict[str, Any]:
    promised = promised or NONE
    return {
        "node": nodes.key_of(building),
        "name": {"zh": building.name, "en": building.name_en or building.name},
        "stage": stage.value,
        "planned_area": told(building.planned_area),
        "recorded": str(promised.recorded),
        "committed": str(promised.committed),
        "reserved": str(promised.reserved),
        "occupied": str(promised.occupied),
        "rate_committed": told(promised.rate_committed),
        "rate_occupied": told(promised.rate_occupied),
    }
