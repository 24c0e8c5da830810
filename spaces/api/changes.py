"""The record of writes, newest first, for whoever may read it. Paged by a cursor: it only grows."""

import re
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from spaces.access.disclosure import disclosed
from spaces.api.parameters import Day, DayQuery, Whole
from spaces.api.reads import Read
from spaces.models import Allocation, Change, Park, Unit
from spaces.models.people import AnyUser, rights_read_once
from spaces.values.days import day_after

PER_PAGE = 50
NUMBER = re.compile(r"[0-9]{1,18}")
LARGEST = 2**63 - 1


class ChangeRow(serializers.Serializer[Any]):
    """Left out: the ids of park and unit, which mean nothing outside; ask with `object=`."""

    id = serializers.IntegerField(source="pk")
    at = serializers.DateTimeField()
    by = serializers.CharField(
        allow_null=True, help_text=gettext_lazy("People of companies are masked for officials and auditors.")
    )
    verb = serializers.CharField()
    object_type = serializers.CharField()
    object_id = serializers.IntegerField(allow_null=True, help_text=gettext_lazy("null: you may not see the object."))
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    before = serializers.DictField(allow_null=True, help_text=gettext_lazy("The columns that you may read of it."))
    after = serializers.DictField(allow_null=True, help_text=gettext_lazy("The columns that you may read of it."))
    why = serializers.CharField(allow_blank=True)


class ChangePage(serializers.Serializer[Any]):
    as_of = serializers.DateField()
    next = serializers.URLField(allow_null=True)
    results = ChangeRow(many=True)


class ChangeQuery(DayQuery):
    object = serializers.CharField(
        required=False, max_length=100, help_text=gettext_lazy("unit:HIT-01-A-401, park:HIT-01 or allocation:12")
    )
    type = serializers.RegexField(
        r"^[a-z]+(\.[a-z]+)?\Z", required=False, max_length=50, help_text=gettext_lazy("unit, or spaces.unit in full")
    )
    since = Day(required=False)
    cursor = Whole(required=False, min_value=1, max_value=LARGEST)
    page_size = Whole(default=PER_PAGE, min_value=1, max_value=200)


class ChangeList(Read):
    """Officials and auditors read all; who looks after a park, what happened there; everyone what he did himself."""

    permission_classes = [IsAuthenticated]
    own_rows = True
    query = ChangeQuery
    row = ChangePage

    def get(self, request: Request) -> Response:
        size = self.asked["page_size"]
        with rights_read_once():
            found = Change.objects.visible_to(request.user).filter(self._wanted(request.user)).select_related("by")
            rows = list(found.order_by("-pk")[: size + 1])
            shown = ChangeRow(disclosed(rows[:size], request.user), many=True).data
        more = replace_query_param(request.build_absolute_uri(), "cursor", rows[size - 1].pk) if rows[size:] else None
        return Response({"as_of": self.day, "next": more, "results": shown})

    def _wanted(self, user: AnyUser) -> Q:
        """What was written by the end of the day."""
        asked = self.asked
        wanted = Q(at__lt=midnight(day_after(self.day)))
        if "since" in asked:
            wanted &= Q(at__gte=midnight(asked["since"]))
        if "cursor" in asked:
            wanted &= Q(pk__lt=asked["cursor"])
        if "type" in asked:
            kind = asked["type"]
            wanted &= Q(object_type=kind if "." in kind else f"spaces.{kind}")
        return wanted & about(asked["object"], user) if "object" in asked else wanted


def about(asked: str, user: AnyUser) -> Q:
    """Changes about one thing that the user may see, and about what lies in it."""
    kind, _colon, code = asked.partition(":")
    found: Any = None
    if kind == "unit":
        found = Unit.objects.visible_to(user).filter(code=code).first()
    elif kind == "park":
        found = Park.objects.visible_to(user).filter(code=code).first()
    elif kind == "allocation" and NUMBER.fullmatch(code):
        found = Allocation.objects.visible_to(user).filter(pk=int(code)).first()
    if found is None:
        message = _("“%(object)s” is no unit, park or allocation that you may see.") % {"object": asked}
        raise ValidationError({"object": ErrorDetail(message, "unknown_object")})
    return Q(object_type="spaces.allocation", object_id=found.pk) if kind == "allocation" else Q(**{kind: found.pk})


def midnight(day: date) -> datetime:
    """The first instant of a day, here."""
    return timezone.make_aware(datetime.combine(day, time.min))
