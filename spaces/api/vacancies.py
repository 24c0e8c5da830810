"""The public feed: published units that are free on a day or for a time."""

from decimal import Decimal
from typing import Any

from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

from spaces.access import parks_known_to
from spaces.api.parameters import Day, Number
from spaces.api.reads import Rows, Table, table_query
from spaces.api.table_fields import LastDay
from spaces.api.units import UNCHANGED, Facts
from spaces.filters import VacancyFilter
from spaces.ledger import vacancy
from spaces.models import Unit
from spaces.values.days import day_after

FEED_SECONDS = 300
# A unit that is found has an area: in the plain order of the column the database reads an index and stops early.
ORDERS: dict[str, tuple[str, ...]] = {
    "code": ("code_order",),
    "-code": ("-code_order",),
    "area": ("usable_area",),
    "-area": ("-usable_area",),
}


class VacancyRow(Facts):
    park_name = serializers.CharField(source="floor.building.park.name", required=False)
    city = serializers.CharField(source="floor.building.park.city", required=False)
    asking_rent = serializers.DecimalField(
        max_digits=8, decimal_places=2, allow_null=True, required=False, help_text=gettext_lazy("yuan per m2 and day")
    )
    contact = serializers.CharField(
        source="floor.building.park.contact", required=False, help_text=gettext_lazy("The park's public contact.")
    )
    free_until = serializers.DateField(
        allow_null=True,
        required=False,
        help_text=gettext_lazy("The first day it is not free any more; null: no end known."),
    )
    last_free_day = LastDay(source="free_until", allow_null=True, required=False)


WINDOW: dict[str, Any] = {
    "starts_on": Day(required=False, help_text=gettext_lazy("The first day needed; as_of when left out.")),
    "ends_on": Day(
        required=False, help_text=gettext_lazy("The first day not needed any more. Left out: only the first is asked.")
    ),
    "area__gte": Number(max_digits=12, decimal_places=2, min_value=Decimal(0), required=False),
}


class VacancyList(Table):
    """Smallest sufficient area first. Open to visitors, and for them kept by caches for five minutes."""

    query = table_query(VacancyRow, ORDERS, WINDOW)
    filters = VacancyFilter
    row = VacancyRow
    orders = ORDERS
    order = "area"
    file = "vacancies"
    counted = 1000

    def answers(self) -> Any:
        return super().answers() | {304: UNCHANGED}

    def get(self, request: Request) -> Any:
        response = super().get(request)
        if not request.user.is_authenticated:
            patch_cache_control(response, public=True, max_age=FEED_SECONDS)
        return response

    def rows(self) -> Rows:
        starts_on, ends_on = self.asked.get("starts_on", self.day), self.asked.get("ends_on")
        if ends_on and ends_on <= starts_on:
            raise ValidationError({"ends_on": ErrorDetail(_("The end must be after the beginning."), "order")})
        free = vacancy.free(
            Unit.objects.visible_to(self.request.user).filter(published=True),
            starts_on=starts_on,
            ends_on=ends_on,
            area_min=self.asked.get("area__gte"),
            today=self.today,
        )
        window_ends = ends_on or day_after(starts_on)
        known = parks_known_to(self.request.user)
        return self.fitting(vacancy.disclosable(free, ends_on=window_ends, today=self.today, known=known))
