"""The expiry calendar: what the page shows, for programs."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from spaces.api.parameters import DayQuery, Whole
from spaces.api.reads import Read
from spaces.api.representations import Area, ComputedDay, NodeKey
from spaces.values.days import MONTHS
from tenants.filters import LeaseFilter
from tenants.leasing import expiry_calendar
from tenants.models import Lease

MOST = 60


class EndsRow(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    area = Area()


class ColumnRow(serializers.Serializer[Any]):
    first_day = ComputedDay(
        lambda column: column[0], allow_null=True, help_text=gettext_lazy("None for what is overdue.")
    )
    last_day = ComputedDay(lambda column: column[1])


class BuildingEnds(serializers.Serializer[Any]):
    building = NodeKey(source="place", allow_null=True)
    cells = EndsRow(many=True, help_text=gettext_lazy("One for each column."))
    total = EndsRow()


class CalendarRow(serializers.Serializer[Any]):
    as_of = serializers.DateField()
    columns = ColumnRow(
        source="calendar.columns", many=True, help_text=gettext_lazy("The overdue ones first, then months.")
    )
    rows = BuildingEnds(
        source="calendar.rows",
        many=True,
        help_text=gettext_lazy("A lease in two buildings is in both, once in the total."),
    )
    total = BuildingEnds(source="calendar.totals")


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
        return Response(CalendarRow({"as_of": self.day, "calendar": found}).data)
