"""The search of the header, for programs."""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from spaces.api.parameters import DayQuery
from spaces.api.reads import Read
from spaces.api.representations import ComputedText
from spaces.models import Building, Park, Unit
from spaces.place_search import LONGEST_SEARCH
from tenants import record_search
from tenants.models import Company, Handover, Lease, Offer, SpaceRequest


def code_and_name(row: Model) -> tuple[str, str]:
    """The key of a hit in the addresses of the API, and its name."""
    match row:
        case Unit(code=code, floor=floor):
            return code, f"{floor.building.park.name} {floor.building.name} {floor.label}"
        case Building():
            return f"{row.park.code}-{row.code}", f"{row.park.name} {row.name}"
        case Park() | Company():
            return row.code, row.name
        case Handover():
            return row.number, row.lease.company.name
        case Offer():
            return row.number, row.request.company.name
        case SpaceRequest() | Lease():
            return row.number, row.company.name
    raise TypeError(row)


class SearchQuery(DayQuery):
    q = serializers.CharField(
        max_length=LONGEST_SEARCH,
        help_text=gettext_lazy("Words that each hit holds: parts of codes, numbers and names, or pinyin initials."),
    )


class HitRow(serializers.Serializer[Any]):
    code = ComputedText(
        lambda row: code_and_name(row)[0], help_text=gettext_lazy("Its key in the addresses of this API.")
    )
    name = ComputedText(
        lambda row: code_and_name(row)[1],
        help_text=gettext_lazy("Its own name, that of its company, or where it lies."),
    )


class HitsRow(serializers.Serializer[Any]):
    group = serializers.ChoiceField(source="group.name", choices=list(record_search.GROUPS))
    count = serializers.IntegerField(source="number", help_text=gettext_lazy("All hits that the reader may see."))
    hits = HitRow(many=True, help_text=gettext_lazy("The first few, the best first."))


class SearchRow(serializers.Serializer[Any]):
    as_of = serializers.DateField()
    groups = HitsRow(many=True, help_text=gettext_lazy("Only groups with hits, the one with the best hit first."))


class SearchRead(Read):
    """Places; after a login also companies, requests, offers, leases and handovers that the reader may see."""

    query = SearchQuery
    row = SearchRow

    def get(self, request: Request) -> Response:
        found = record_search.search(self.asked["q"], request.user, on=self.day, today=self.today)
        return Response(SearchRow({"as_of": self.day, "groups": found}).data)
