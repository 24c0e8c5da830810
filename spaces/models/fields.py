"""Columns whose values the database checks, on SQLite and on PostgreSQL, and form fields for typed values."""

import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from spaces.values import clock, numbers, plain_text
from spaces.values.days import FIRST
from spaces.values.search_keys import search_key

DIGITS = re.compile(r"[0-9]+")
SMALLEST = Decimal("0.01")
LARGEST = Decimal("1000000000.00")


class AreaField(models.Field):
    """An area in m2: a whole number of 0.01 m2 in the database, a Decimal with two places in Python.

    From 0.01 to 1,000,000,000.00; None means *not recorded*. Finer than 0.01, NaN and infinity are refused.
    It extends Field and not an integer field, so that F("usable_area") * rate fails instead of being wrong by 100.
    """

    description = _("Area in m2, exact to 0.01")
    default_error_messages = {
        "invalid": _("“%(value)s” is not an area. Enter a number above 0, for example 120.50."),
        "finer": _("“%(value)s” is finer than 0.01 m². Round it to two decimals."),
        "range": _("“%(value)s” is outside 0.01 to 1,000,000,000.00 m². Leave the field empty if it is not recorded."),
    }

    def db_type(self, connection: Any) -> str:
        return "bigint"

    def db_check(self, connection: Any) -> str:
        column = connection.ops.quote_name(self.column)
        between = f"{column} BETWEEN 1 AND 100000000000"
        if connection.vendor == "sqlite":
            return f"{column} IS NULL OR (typeof({column}) = 'integer' AND {between})"
        return between

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or value == "":
            return None
        try:
            area = Decimal(str(value))
        except InvalidOperation:
            raise self._refusal("invalid", value) from None
        if not area.is_finite():
            raise self._refusal("invalid", value)
        if abs(area) > LARGEST:
            raise self._refusal("range", value)
        if area != area.quantize(SMALLEST):
            raise self._refusal("finer", value)
        return area.quantize(SMALLEST)

    def get_prep_value(self, value: Any) -> int | models.expressions.BaseExpression | None:
        value = super().get_prep_value(value)
        if value is None or isinstance(value, models.expressions.BaseExpression):
            return value
        area = self.to_python(value)
        return None if area is None else int(area.scaleb(2))

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if value is not None and not SMALLEST <= value <= LARGEST:
            raise self._refusal("range", value)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(form_class=DecimalFormField, **{"max_digits": 12, "decimal_places": 2} | kwargs)

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def _refusal(self, code: str, value: Any) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params={"value": value})


class DayField(models.DateField):
    """A business day from `earliest` to 2099-12-31; infinity and days that do not exist are refused.

    A typed day lies at most `ahead` years ahead; 0 for past events.
    """

    default_error_messages = {
        "day": _("%(value)s is outside %(earliest)s to 2099-12-31."),
        "future": _("%(value)s has not come yet. Enter a day up to %(last)s."),
        "far": _("%(value)s is too far ahead. Enter a day up to %(last)s."),
    }

    def __init__(self, *args: Any, earliest: date = FIRST, ahead: int = 50, **kwargs: Any) -> None:
        self.earliest, self.ahead = earliest, ahead
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"earliest": self.earliest}

    def db_check(self, connection: Any) -> str:
        column = connection.ops.quote_name(self.column)
        bounds = f"{column} >= '{self.earliest}' AND {column} < '2100-01-01'"
        if connection.vendor == "sqlite":
            return f"{column} IS NULL OR (date({column}, '+0 days') IS {column} AND {bounds})"
        return bounds

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if value is not None and not self.earliest <= value < date(2100, 1, 1):
            raise ValidationError(
                self.error_messages["day"], code="day", params={"value": value, "earliest": self.earliest}
            )
        today = clock.today()
        last = date(today.year + self.ahead, 12, 31) if self.ahead else today
        if value is not None and value > last:
            code = "far" if self.ahead else "future"
            raise ValidationError(self.error_messages[code], code=code, params={"value": value, "last": last})


def code_order(code: str) -> str:
    """Sort key of a code in natural order: 405-2 before 405-10, and 409 before 4010.

    Each number is preceded by its length. The code itself follows, so that 401 and 0401 are ordered too.
    """
    return DIGITS.sub(lambda found: f"{len(number := found[0].lstrip('0')):02d}{number}", code) + f" {code}"


class CodeOrderField(models.CharField):
    """The `code_order` of the row's code, updated with each write. Compared byte by byte on both databases."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        facts: dict[str, Any] = {"max_length": 300, "editable": False, "default": ""}
        super().__init__(*args, **{"verbose_name": _("order of the code")} | facts | kwargs)

    def db_parameters(self, connection: Any) -> Any:
        collation = "C" if connection.vendor == "postgresql" else None
        return super().db_parameters(connection) | {"collation": collation}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: FBT001 Django's call
        order = code_order(model_instance.code)  # type: ignore[attr-defined]
        setattr(model_instance, self.attname, order)
        return order


class SearchKeyField(models.TextField):
    """The `search_key` of the row's columns `codes` and `names`, updated with each write.

    A column may hold a list of texts.
    """

    def __init__(self, *args: Any, codes: Collection[str] = (), names: Collection[str] = (), **kwargs: Any) -> None:
        self.codes, self.names = tuple(codes), tuple(names)
        facts: dict[str, Any] = {"editable": False, "default": ""}
        super().__init__(*args, **{"verbose_name": _("search key")} | facts | kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"codes": self.codes, "names": self.names}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: FBT001 Django's call
        key = search_key(_texts(model_instance, self.codes), _texts(model_instance, self.names))
        setattr(model_instance, self.attname, key)
        return key


def _texts(row: models.Model, columns: Collection[str]) -> list[str]:
    values = [getattr(row, column) or [] for column in columns]
    return [text for value in values for text in ([value] if isinstance(value, str) else value)]


class DecimalFormField(forms.DecimalField):
    """A typed decimal number (spaces.values.numbers); one of `units`, in lower case, may follow it."""

    def __init__(self, *, units: Collection[str] = (), **kwargs: Any) -> None:
        self.units = units
        typing = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(**{"widget": typing} | kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value.strip():
            value = numbers.typed(value, self.units)
        return super().to_python(value)


class IntegerFormField(forms.IntegerField):
    """A typed whole number, likewise."""

    def __init__(self, *, units: Collection[str] = (), **kwargs: Any) -> None:
        self.units = units
        super().__init__(**{"widget": forms.TextInput(attrs={"inputmode": "numeric"})} | kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value.strip():
            value = numbers.typed_whole(value, self.units)
        return super().to_python(value)


class CharFormField(forms.CharField):
    """A text field cleaned by `plain_text`; several lines where its widget is a text area."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        if not isinstance(value, str) or not value:
            return value
        clean = plain_text.clean(value, lines=isinstance(self.widget, forms.Textarea))
        return (clean.strip() if self.strip else clean) or self.empty_value


class EmailFormField(forms.EmailField):
    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return plain_text.clean(value, lines=False) if isinstance(value, str) else value


class CleanText:
    """Base of text columns: full_clean() applies `plain_text`, wherever the value comes from."""

    lines = False

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        if isinstance(value, str):
            value = plain_text.clean(value, lines=self.lines)
        return super().clean(value, model_instance)  # type: ignore[misc]

    def deconstruct(self) -> Any:
        """As Django's own field, so that migrations don't depend on this class: the column is the same."""
        name, _path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        return name, f"django.db.models.{self.stock}", args, kwargs  # type: ignore[attr-defined]


class LineField(CleanText, models.CharField):
    """A text of one line."""

    stock = "CharField"

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": CharFormField} | kwargs)


class LinesField(LineField):
    """A short text of several lines."""

    lines = True


class ParagraphsField(CleanText, models.TextField):
    """A long text of several lines."""

    stock, lines = "TextField", True

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": CharFormField} | kwargs)


class MailField(CleanText, models.EmailField):
    stock = "EmailField"

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": EmailFormField} | kwargs)
