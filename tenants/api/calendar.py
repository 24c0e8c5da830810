"""The expiry calendar: what the page shows, for programs."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from spaces.api.parameters import DayQuery, Whole
from spaces.api.reads import Read
from spaces.api.representations import Area, told
from spaces.values.days import MONTHS
from tenants.filters import LeaseFilter
from tenants.leasing import expiry_calendar
from tenants.models import Lease

MOST = 60


class EndsRow(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    area = Area()


class ColumnRow(serializers.Serializer[Any]):
    first_day = serializers.DateField(allow_null=True, help_text=gettext_lazy("None for what is overdue."))
    last_day = serializers.DateField()


class BuildingEnds(serializers.Serializer[Any]):
    building = serializers.CharField(allow_null=True)
    cells = EndsRow(many=True, help_text=gettext_lazy("One for each column."))
    total = EndsRow()


class CalendarRow(serializers.Serializer[Any]):
    as_of = serializers.DateField()
    columns = ColumnRow(many=True, help_text=gettext_lazy("The overdue ones first, then months."))
    rows = BuildingEnds(many=True, help_text=gettext_lazy("A lease in two buildings is in both, once in the total."))
    total = BuildingEnds()


class CalendarQuery(DayQuery):
    months = Whole(default=MONTHS, min_value=1, max_value=MOST)


class LeaseCalendar(Read):
    """Signed leases by building and by the month of their last day: how many, and their area in m2."""

    permission_classes = [IsAuthenticated]
    own_rows = True
    query = CalendarQuery
    filters = LeaseFilter
    row = CalendarRow

    def get(self, request: Request) -> Response:
        leases: Any = self.fitting(Lease.objects.visible_to(request.user))
        found = expiry_calendar.calendar(leases, on=self.day, months=self.asked["months"])
        return Response(
            {
                "as_of": self.day,
                "columns": [{"first_day": told(first), "last_day": told(last)} for first, last in found.columns],
                "rows": [_ends(row) for row in found.rows],
                "total": _ends(found.totals),
            }
        )


def _ends(row: expiry_calendar.ExpiryRow) -> dict[str, Any]:
    return {
        "building": None if row.place is None else f"{row.place.park.code}-{row.place.code}",
        "cells": [_cell(cell) for cell in row.cells],
        "total": _cell(row.total),
    }


def _cell(cell: expiry_calendar.ExpiryCell) -> dict[str, Any]:
    return {"number": cell.number, "area": told(cell.area)}
