"""How much usable area there is on a day, who takes it, and how that went month by month."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from spaces import ledger
from spaces.access import refuse_ahead, refuse_ahead_among
from spaces.api import nodes
from spaces.api.parameters import DayQuery, Whole
from spaces.api.reads import Read
from spaces.api.representations import ComputedText, InUnit, Name, NodeKey, Totals
from spaces.values.days import MONTHS, month_ends

DEFINITION = "/definitions/#lettable"
LONGEST_TREND = 120


class NodeQuery(DayQuery):
    node = serializers.CharField(
        default=nodes.PROVINCE,
        max_length=80,
        help_text=gettext_lazy(
            "province, industrial, an ecosystem, a park, a building (HIT-01-A) or a floor (HIT-01-A@4)."
        ),
    )


class SummaryQuery(NodeQuery):
    group_by = serializers.ChoiceField(choices=[*ledger.LEVELS], required=False)


class TrendQuery(NodeQuery):
    months = Whole(default=MONTHS, min_value=1, max_value=LONGEST_TREND)


class Published(serializers.Serializer[Any]):
    value = InUnit(source="figure.number", allow_null=True)
    text = serializers.CharField(source="figure.text", help_text=gettext_lazy("As printed."))
    as_of = serializers.DateField(source="figure.as_of")
    as_of_text = serializers.CharField(source="figure.as_of_text", help_text=gettext_lazy("As printed."))
    source = ComputedText(  # type: ignore[assignment]
        lambda compared: compared.figure.source_address or compared.figure.source_title,
        help_text=gettext_lazy("Its address, or its title where there is none."),
    )


class GroupRow(Totals):
    node = serializers.CharField(source="part.key", allow_null=True)
    name = Name(source="part")


class Summary(serializers.Serializer[Any]):
    as_of = serializers.DateField()
    basis = serializers.CharField(help_text=gettext_lazy("usable: usable area in m2"))
    definition = serializers.CharField()
    node = NodeKey()
    group_by = serializers.CharField(allow_null=True)
    published = Published(source="total.compared", allow_null=True)
    total = Totals()
    groups = GroupRow(many=True)


class Month(Totals):
    day = serializers.DateField()


class Trend(serializers.Serializer[Any]):
    as_of = serializers.DateField()
    basis = serializers.CharField()
    node = NodeKey()
    results = Month(many=True)


class AreaSummary(Read):
    """Areas of a node by state on a day, and those of its parts, which sum to it. Industrial parks are never added."""

    query = SummaryQuery
    row = Summary

    def get(self, request: Request) -> Response:
        place = place_of(self)
        by = grouping(place, self.asked.get("group_by"))
        groups = nodes.groups(place, by, request.user, on=self.day, today=self.today) if by else []
        places = [place, *(group.place for group in groups)]
        published = nodes.newest_lettable_area(request.user, places, on=self.day, today=self.today)
        units = nodes.units_of(place, request.user)
        total = (
            ledger.total(group.balance for group in groups)
            if by
            else ledger.balance(units, on=self.day, today=self.today)
        )
        found = {
            "as_of": self.day,
            "basis": "usable",
            "definition": DEFINITION,
            "node": place,
            "group_by": by,
            "total": {"balance": total, "compared": published.get(nodes.figure_key(place))},
            "groups": [
                {"part": group, "balance": group.balance, "compared": published.get(nodes.figure_key(group.place))}
                for group in groups
            ],
        }
        return Response(Summary(found).data)


class AreaTrend(Read):
    """Areas of a node on the last day of each month before `as_of`, and on that day."""

    query = TrendQuery
    row = Trend

    def get(self, request: Request) -> Response:
        place = place_of(self)
        days = month_ends(self.day, self.asked["months"])
        units = nodes.units_of(place, request.user)
        balances = ledger.trend(units, days, today=self.today)
        rows = [{"day": day, "balance": balance} for day, balance in zip(days, balances, strict=True)]
        return Response(Trend({"as_of": self.day, "basis": "usable", "node": place, "results": rows}).data)


def place_of(view: Read) -> nodes.Place:
    """The place of `node`. 403 for a coming day of one in a park whose tenancies the reader may not know."""
    place = nodes.find(view.asked["node"], view.request.user)
    park = nodes.park_of(place)
    user, days = view.request.user, {"day": view.day, "today": view.today}
    if park is not None:
        refuse_ahead(user, park, **days)
    elif view.day > view.today:
        refuse_ahead_among(nodes.scope_of(place, user).parks_on(view.day), user, **days)
    return place


def grouping(place: nodes.Place, asked: str | None) -> str | None:
    """What a node is grouped by: what was asked if it fits, the next level down if nothing was."""
    known = nodes.levels(place)
    if asked is not None and asked not in known:
        message = _("“%(node)s” can't be grouped by %(by)s. It can be by: %(known)s.")
        message %= {"node": nodes.key_of(place), "by": asked, "known": ", ".join(known) or "–"}
        raise ValidationError({"group_by": ErrorDetail(message, "grouping")})
    return asked or next(iter(known), None)
