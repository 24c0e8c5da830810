"""What has been recorded otherwise since an earlier moment."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from spaces.access.disclosure import Disclosed
from spaces.api.parameters import DayQuery
from spaces.api.reads import Listing, SeesAllocations
from spaces.api.representations import Area
from spaces.knowledge.moments import FOR_STAFF
from spaces.knowledge.restatements import ParkRestatement, reasons, restated, restated_parks
from spaces.ledger.standings import UnitRestatement, sums
from spaces.models import Park


class AsksKnown(SeesAllocations):
    message = FOR_STAFF


class StandingRow(serializers.Serializer[Any]):
    state = serializers.CharField()
    area = Area(allow_null=True)


class ReasonRow(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    by = serializers.CharField(allow_null=True)
    verb = serializers.CharField()
    why = serializers.CharField(allow_blank=True)


class RestatementRow(serializers.Serializer[Any]):
    code = serializers.CharField()
    park = serializers.CharField()
    then = StandingRow(allow_null=True, help_text=gettext_lazy("null: the unit did not exist on the day."))
    now = StandingRow(allow_null=True)
    lettable = Area(help_text=gettext_lazy("By how much the lettable area has moved, m2."))
    taken = Area(help_text=gettext_lazy("By how much the occupied area with holdover has moved, m2."))
    changes = ReasonRow(
        many=True, help_text=gettext_lazy("Recorded since, as far as you may read them; newest first.")
    )


class BelongingRow(serializers.Serializer[Any]):
    ecosystem = serializers.CharField(allow_null=True)
    kind = serializers.CharField()


class MovedParkRow(serializers.Serializer[Any]):
    code = serializers.CharField()
    then = BelongingRow()
    now = BelongingRow()


class RestatementQuery(DayQuery):
    park = serializers.CharField(required=False, max_length=30, help_text=gettext_lazy("Only of this park: its code."))


class RestatementList(Listing):
    """Units whose state or area on `as_of` was known otherwise at `known_on`: then, now, difference and changes.

    `lettable` and `taken` of the answer are the sums over all units, not only those of the page. `parks` are those
    that counted in another ecosystem or kind: their area moves from one total to another and is not in the sums.
    """

    permission_classes = [AsksKnown]
    query = RestatementQuery
    row = RestatementRow
    compares_known = True  # it is given both: what was known then, and now

    def get(self, request: Request) -> Response:
        if "known_on" not in self.asked:
            raise ValidationError(
                {"known_on": ErrorDetail(_("Say what was known on: a day or a moment."), "required")}
            )
        park = self.asked.get("park", "")
        if park and not Park.objects.visible_to(request.user).filter(code=park).exists():
            raise ValidationError(
                {"park": ErrorDetail(_("No park has the code “%(code)s”.") % {"code": park}, "unknown")}
            )
        moment = self.asked["known_on"]
        rows = restated(moment, request.user, on=self.day, park=park)
        page: Any = self.paginate_queryset(rows)
        changes = reasons(page, moment, request.user)
        answer = self.get_paginated_response([_written(row, changes[row.unit]) for row in page])
        lettable, taken = sums(rows)
        moved = [_moved(row) for row in restated_parks(moment, request.user, on=self.day, park=park)]
        answer.data |= {"known_on": moment, "lettable": f"{lettable:.2f}", "taken": f"{taken:.2f}", "parks": moved}
        return answer


def _moved(row: ParkRestatement) -> Any:
    then, now = ({"ecosystem": ecosystem and ecosystem.code, "kind": kind} for ecosystem, kind in (row.then, row.now))
    return MovedParkRow({"code": row.park.code, "then": then, "now": now}).data


def _written(row: UnitRestatement, changes: list[Disclosed]) -> Any:
    names = ("code", "park", "then", "now", "lettable", "taken")
    return RestatementRow({name: getattr(row, name) for name in names} | {"changes": changes}).data
