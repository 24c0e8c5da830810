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
from spaces.api.representations import Area, told
from spaces.models import Unit
from spaces.values.days import last_day
from tenants import matching
from tenants.matching import Candidate, Rejected, Requirements, Rule
from tenants.models import SpaceRequest
from tenants.rights import REQUEST

MOST = 50


class PartsRow(serializers.Serializer[Any]):
    area = serializers.IntegerField()
    date = serializers.IntegerField()
    conditions = serializers.IntegerField()
    pieces = serializers.IntegerField()


class CandidateRow(serializers.Serializer[Any]):
    units = serializers.ListField(child=serializers.CharField())
    area = Area()
    score = serializers.IntegerField()
    parts = PartsRow()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text=gettext_lazy("Exclusive."))
    last_day = serializers.DateField()
    misses = serializers.ListField(child=serializers.CharField(), help_text=gettext_lazy("In words; empty: it fits."))
    joined = serializers.CharField(
        allow_blank=True, help_text=gettext_lazy("In words: how it is known that several units lie side by side.")
    )


class RejectedRow(serializers.Serializer[Any]):
    unit = serializers.CharField()
    rule = serializers.ChoiceField(choices=Rule.choices)
    message = serializers.CharField()
    need = serializers.CharField(allow_null=True)
    has = serializers.CharField(allow_null=True)


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
        return Response(
            {
                "as_of": self.day,
                "candidates": [_candidate(each) for each in shown[:MOST]],
                "rejected": [_rejected(each) for each in found.others],
            }
        )


def _candidate(row: Candidate) -> dict[str, Any]:
    parts = row.parts
    return {
        "units": list(row.codes),
        "area": str(row.area),
        "score": row.score,
        "parts": {"area": parts.area, "date": parts.date, "conditions": parts.conditions, "pieces": parts.pieces},
        "starts_on": str(row.starts_on),
        "ends_on": str(row.ends_on),
        "last_day": told(last_day(row.ends_on)),
        "misses": matching.sentences(row),
        "joined": matching.joined(row),
    }


def _rejected(row: Rejected) -> dict[str, Any]:
    miss = row.miss
    return {
        "unit": row.room.code,
        "rule": miss.rule.value,
        "message": matching.message(miss),
        "need": told(miss.need),
        "has": told(miss.has),
    }
