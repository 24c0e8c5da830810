"""When, and how, so much connected area can be had on one floor of a building."""

from decimal import Decimal
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from spaces.api import nodes
from spaces.api.parameters import DayQuery, Number, Whole
from spaces.api.reads import Read, SeesAllocations
from spaces.api.representations import Area, ComputedList
from spaces.models import Unit
from spaces.states import LETTABLE_USES
from tenants.asking import block_search
from tenants.leasing.occupancy import sees_inside
from tenants.matching.rules import USUAL_MONTHS


class BlockQuery(DayQuery):
    area = Number(max_digits=12, decimal_places=2, min_value=Decimal("0.01"))
    months = Whole(min_value=1, max_value=120, default=USUAL_MONTHS)
    moves = Whole(
        min_value=0, max_value=block_search.MOST_MOVES, default=1, help_text=gettext_lazy("Tenants that may be moved.")
    )
    use = serializers.ChoiceField(choices=[(use.value, use.label) for use in LETTABLE_USES], required=False)


class MoveRow(serializers.Serializer[Any]):
    tenant = serializers.CharField(source="tenancy.name", allow_blank=True)
    lease = serializers.CharField(source="tenancy.line.lease.number", allow_null=True)
    leaves = serializers.CharField(source="leaves.code")
    enters = serializers.CharField(source="enters.code")


class BlockRow(serializers.Serializer[Any]):
    units = ComputedList(lambda block: [room.code for room in block.rooms], child=serializers.CharField())
    area = Area()
    spare = Area(help_text=gettext_lazy("More than was asked for."))
    starts_on = serializers.DateField(source="on")
    moves = MoveRow(many=True)


class Blocks(serializers.Serializer[Any]):
    as_of = serializers.DateField()
    blocks = BlockRow(many=True)


class BlockRead(Read):
    """As the register stands on the day; nothing is held by asking."""

    permission_classes = [IsAuthenticated, SeesAllocations]
    query = BlockQuery
    row = Blocks

    def get(self, request: Request, code: str) -> Response:
        building = nodes.building(code, request.user)
        if building is None:
            raise Http404
        if not sees_inside(request.user, building.park):
            raise PermissionDenied(SeesAllocations.message)
        asked = {name: self.asked[name] for name in ("area", "months", "moves", "use") if name in self.asked}
        units = Unit.objects.filter(floor__building=building)
        everywhere = Unit.objects.filter(floor__building__park=building.park)
        found = block_search.find(block_search.BlockCriteria(**asked), units, everywhere, on=self.day)
        return Response(Blocks({"as_of": self.day, "blocks": found}).data)
