"""Query parameters, declared once for validation and for the schema."""

import re
from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

import django_filters as df
from django.conf import settings
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

from spaces import knowledge
from spaces.values import numbers
from spaces.values.days import FIRST, LAST

type Filters = type[df.FilterSet] | None

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LONGEST_NAME = 60


class Day(serializers.DateField):
    """A business day as 2027-03-05, and in no other spelling."""

    default_error_messages = {
        "day": gettext_lazy("“{value}” is not a day from 2000-01-01 to 2099-12-31. Write it as 2027-03-05.")
    }

    def to_internal_value(self, value: Any) -> date:
        try:
            day = date.fromisoformat(value) if isinstance(value, str) and DAY.fullmatch(value) else None
        except ValueError:
            day = None
        if day is None or not FIRST <= day <= LAST:
            self.fail("day", value=str(value)[:LONGEST_NAME])
        return day


class Moment(serializers.DateTimeField):
    """A day, which is its end, or a moment: spaces.knowledge."""

    def to_internal_value(self, value: Any) -> datetime:
        try:
            return knowledge.read(value)
        except DjangoValidationError as error:
            raise ValidationError(error.messages, code=error.code) from None


class Number(serializers.DecimalField):
    """A JSON number, or a text as people type numbers (`spaces.values.numbers`)."""

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(f"{_typed(numbers.typed, data):f}" if _is_text(data) else data)


class Whole(serializers.IntegerField):
    """A whole number, likewise."""

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(_typed(numbers.typed_whole, data) if _is_text(data) else data)


def _is_text(data: Any) -> bool:
    return isinstance(data, str) and bool(data.strip())


def _typed[Kind](read: Callable[[str], Kind], data: str) -> Kind:
    try:
        return read(data)
    except DjangoValidationError as error:
        raise ValidationError(error.messages, code=error.code) from None


class Names(serializers.CharField):
    """Names of an allow-list with commas between them."""

    default_error_messages = {"name": gettext_lazy("“{value}” is not known here. Known: {known}.")}

    def __init__(self, allowed: Collection[str], **kwargs: Any) -> None:
        super().__init__(required=False, max_length=1000, **kwargs)
        self.allowed = allowed

    def to_internal_value(self, data: Any) -> Any:
        names = [name.strip() for name in super().to_internal_value(data).split(",")]
        for name in names:
            if name not in self.allowed:
                self.fail("name", value=name[:LONGEST_NAME], known=", ".join(self.allowed))
        return list(dict.fromkeys(names))


class LanguageQuery(serializers.Serializer[Any]):
    lang = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)


class DayQuery(LanguageQuery):
    as_of = Day(required=False, help_text=gettext_lazy("The day asked about; today when left out."))
    known_on = Moment(
        required=False,
        help_text=gettext_lazy(
            "Answer from what was recorded by then: a day (its end), or a moment such as 2027-03-05T18:00. Its day is "
            "today for the answer. For those who look after a place, officials and auditors."
        ),
    )


def check(given: QueryDict, query: type[serializers.Serializer[Any]], filters: Filters, also: Collection[str]) -> Any:
    """What was asked, typed. Refused: a name that is not known (the known ones are named) or given twice, a bad value.

    Empty values count as not given, as a form sends them. Values of `filters` are checked by itself: `filtered`.
    """
    asked: dict[str, str] = {}
    checked = query(data=asked)  # its fields are copies, which cost more than the check
    fields = checked.fields
    several = [name for name, each in _filters(filters).items() if isinstance(each, df.MultipleChoiceFilter)]
    known = [*fields, *_filters(filters), *also]
    refused: dict[str, ErrorDetail] = {}
    for name, values in given.lists():
        filled = [value for value in values if value]
        if name not in known:
            message = _("“%(name)s” is not known here. Known: %(known)s.")
            message %= {"name": name[:LONGEST_NAME], "known": ", ".join(known)}
            refused[name] = ErrorDetail(message, "unknown_parameter")
        elif len(filled) > 1 and name not in several:
            refused[name] = ErrorDetail(_("Give “%(name)s” once.") % {"name": name}, "repeated")
        elif filled and name in fields:
            asked[name] = filled[0]
    if refused:
        raise ValidationError(refused)
    checked.is_valid(raise_exception=True)
    return checked.validated_data


def filtered(filters: type[df.FilterSet], request: Request, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """The rows that a FilterSet leaves; its refusals by parameter, as a page shows them by field."""
    asked = request.query_params.copy()
    for name, values in request.query_params.lists():
        asked.setlist(name, [value for value in values if value])
    found = filters(asked, queryset=rows, request=request)
    if not found.is_valid():
        raise ValidationError(
            {
                name: [ErrorDetail(message, each.code) for each in errors for message in each.messages]
                for name, errors in found.errors.as_data().items()
            }
        )
    narrowed: QuerySet[Any, Any] = found.qs
    return narrowed


def filter_parameters(filters: Filters) -> list[OpenApiParameter]:
    return [OpenApiParameter(name, _schema(each), description=each.label) for name, each in _filters(filters).items()]


def _filters(filters: Filters) -> dict[str, df.Filter]:
    return filters.base_filters if filters else {}


def _schema(each: df.Filter) -> dict[str, Any]:
    options = each.extra
    match each:
        case df.MultipleChoiceFilter():
            return {"type": "array", "items": {"type": "string", "enum": _values(options["choices"])}}
        case df.ModelChoiceFilter():
            return {"type": "string"}
        case df.ChoiceFilter():
            return {"type": "string", "enum": _values(options["choices"])}
        case df.BooleanFilter():
            return {"type": "boolean"}
        case df.NumberFilter():
            bounds = {"minimum": options.get("min_value"), "maximum": options.get("max_value")}
            kind = "integer" if options.get("decimal_places") == 0 else "number"
            return {"type": kind} | {name: bound for name, bound in bounds.items() if bound is not None}
        case _:
            return {"type": "string"}


def _values(choices: Any) -> list[str]:
    return [str(value) for value, _label in choices]
