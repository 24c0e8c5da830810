"""The shape of every read: parameters checked, scope first, the day asked about and today each read once."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, PermissionDenied, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from spaces import knowledge
from spaces.access import AHEAD, looks_ahead
from spaces.api import csv_export
from spaces.api.parameters import DayQuery, Filters, LanguageQuery, Names, check, filter_parameters, filtered
from spaces.api.table_fields import columns_read, row_writer
from spaces.models import Assignment
from spaces.models.people import INSIDERS, AnyUser
from spaces.values import clock

type Rows = QuerySet[Any, Any]
PAGING = ("page", "page_size")


class ReadSchema(AutoSchema):
    """The parameters and the answer as the view itself declares them."""

    view: Any

    def get_override_parameters(self) -> list[Any]:
        return [self.view.query, *filter_parameters(self.view.filters)]

    def get_response_serializers(self) -> Any:
        return self.view.answers()


class Read(APIView):
    """One answer. Private unless a view says otherwise."""

    query: ClassVar[type[serializers.Serializer[Any]]] = DayQuery
    filters: ClassVar[Filters] = None
    row: ClassVar[type[serializers.Serializer[Any]]]
    paging: ClassVar[Collection[str]] = ()
    own_rows: ClassVar[bool] = False  # only rows that the reader sees on any day, so future days are allowed
    schema = ReadSchema()
    http_method_names = ["get", "head", "options"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.today = clock.today()
        if request.method in SAFE_METHODS:
            self.asked = check(request.query_params, self.query, self.filters, self.paging)
        else:
            self.asked = check(request.query_params, LanguageQuery, None, ())
        if "known_on" in self.asked and not clock.known_by():
            _refuse(self.asked["known_on"], request.user)
        self.day: date = self.asked.get("as_of", self.today)
        if self.day > self.today and not self.own_rows and not looks_ahead(request.user):
            raise PermissionDenied(AHEAD % {"day": self.day})

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    def answers(self) -> Any:
        return self.row

    def fitting(self, rows: Rows) -> Rows:
        """The rows that the view's FilterSet leaves."""
        if self.filters is None:
            return rows
        return filtered(self.filters, self.request, rows)


def _refuse(moment: datetime, user: AnyUser) -> None:
    try:
        knowledge.refuse(moment, user)
    except DjangoValidationError as error:
        raise ValidationError({"known_on": ErrorDetail(error.messages[0], error.code)}) from None


class Listing(Read, GenericAPIView[Any]):
    """A paged list of `row`s, of which no more than `counted` are counted."""

    pagination_class: Any = api_settings.DEFAULT_PAGINATION_CLASS
    paging = PAGING
    counted: ClassVar[int] = 10_000

    def rows(self) -> Rows:
        """Scoped, filtered, and in an order that ends in a unique key."""
        raise NotImplementedError

    def answers(self) -> Any:
        return self.row(many=True)

    def written(self, page: Any) -> list[Any]:
        return list(self.row(page, many=True, context={"day": self.day}).data)

    def get(self, request: Request) -> Any:
        return self.get_paginated_response(self.written(self.paginate_queryset(self.rows())))


class Table(Listing):
    """A list for machines: dicts straight from the columns, `fields=`, `ordering=`, and `format=csv` for the whole.

    Columns and values follow from the fields of `row`.
    """

    orders: ClassVar[Mapping[str, tuple[Any, ...]]]
    order: ClassVar[str]
    file: ClassVar[str]

    @cached_property
    def one_row(self) -> serializers.Serializer[Any]:
        return self.row(context={"day": self.day})

    @cached_property
    def write(self) -> Callable[[dict[str, Any]], dict[str, Any]]:
        return row_writer(self.one_row)

    def answers(self) -> Any:
        return {(200, "application/json"): self.row(many=True), (200, "text/csv"): OpenApiTypes.STR}

    def written(self, page: Any) -> list[Any]:
        names = self.asked.get("fields")
        rows = [self.write(found) for found in page]
        return rows if names is None else [{name: row[name] for name in names} for row in rows]

    def get(self, request: Request) -> Any:
        asked = self.asked.get("ordering", [self.order])
        order = [column for name in asked for column in self.orders[name]]
        found = self.rows().order_by(*order, "pk").values(*columns_read(self.one_row))
        if self.asked.get("format") != "csv":
            return self.get_paginated_response(self.written(self.paginate_queryset(found)))
        names = self.asked.get("fields", list(self.one_row.fields))
        rows = (self.write(each) for each in found.iterator(chunk_size=2000))
        return csv_export.csv_of(names, ([row[name] for name in names] for row in rows), self._file_name())

    def _file_name(self) -> str:
        known = clock.known_by()
        return f"{self.file}-{self.day}{f'-known-{timezone.localtime(known):%Y-%m-%d-%H-%M}' if known else ''}.csv"


def table_query(
    row: type[serializers.Serializer[Any]],
    orders: Collection[str],
    more: Mapping[str, serializers.Field[Any, Any, Any, Any]] | None = None,
) -> type[serializers.Serializer[Any]]:
    """DayQuery with what a Table understands, for the fields of its row and its orders."""
    fields = {
        "fields": Names(list(row().fields)),
        "ordering": Names(orders),
        "format": serializers.ChoiceField(choices=["json", "csv"], required=False),
    }
    return type(f"{row.__name__}Query", (DayQuery,), fields | dict(more or {}))


class SeesAllocations(BasePermission):
    """Who sits where is for those who look after places and those who check."""

    message = gettext_lazy(
        "Allocations are read by those who look after a place, by officials and auditors. "
        "A system admin grants these roles."
    )

    def has_permission(self, request: Request, view: Any) -> bool:
        return Assignment.objects.in_force(request.user).filter(role__in=INSIDERS).exists()
