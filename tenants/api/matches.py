"""Units for one request, best first, with the reasons why others do not fit."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from spaces.access import get_editable
from spaces.api.parameters import DayQuery
from spaces.api.reads import Read
from spaces.api.representations import Area, ComputedList, ComputedText
from spaces.api.table_fields import LastDay
from spaces.models import Unit
from tenants import matching
from tenants.matching import Requirements, Rule
from tenants.models import SpaceRequest
from tenants.rights import REQUEST

MOST = 50


class PartsRow(serializers.Serializer[Any]):
    area = serializers.IntegerField()
    date = serializers.IntegerField()
    conditions = serializers.IntegerField()
    pieces = serializers.IntegerField()


class CandidateRow(serializers.Serializer[Any]):
    units = serializers.ListField(source="codes", child=serializers.CharField())
    area = Area()
    score = serializers.IntegerField()
    parts = PartsRow()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text=gettext_lazy("Exclusive."))
    last_day = LastDay(source="ends_on")
    misses = ComputedList(
        matching.sentences, child=serializers.CharField(), help_text=gettext_lazy("In words; empty: it fits.")
    )
    joined = ComputedText(
        matching.joined,
        allow_blank=True,
        help_text=gettext_lazy("In words: how it is known that several units lie side by side."),
    )


class RejectedRow(serializers.Serializer[Any]):
    unit = serializers.CharField(source="room.code")
    rule = serializers.ChoiceField(source="miss.rule", choices=Rule.choices)
    message = ComputedText(lambda rejected: matching.message(rejected.miss))
    need = serializers.CharField(source="miss.need", allow_null=True)
    has = serializers.CharField(source="miss.has", allow_null=True)


class Matches(serializers.Serializer[Any]):
    as_of = serializers.DateField()
    candidates = CandidateRow(many=True, help_text=gettext_lazy("Those that fit first, then the near ones."))
    rejected = RejectedRow(many=True)


class MatchQuery(DayQuery):
    include_adjacent = serializers.BooleanField(
        default=True, help_text=gettext_lazy("Also several units that lie side by side.")
    )


class MatchRead(Read):
    """For those who may offer: the units of the request's park, as they are today."""

    permission_classes = [IsAuthenticated]
    query = MatchQuery
    row = Matches

    def get(self, request: Request, number: str) -> Response:
        wanted = get_editable(SpaceRequest.objects, request.user, roles=REQUEST["match"], number=number)
        units = Unit.objects.filter(floor__building__park=wanted.park_id)
        found = matching.match(Requirements.of(wanted), units, on=self.day)
        alone = not self.asked["include_adjacent"]
        shown = [each for each in (*found.fits, *found.near) if not alone or len(each.rooms) == 1]
        answer = {"as_of": self.day, "candidates": shown[:MOST], "rejected": found.others}
        return Response(Matches(answer).data)
