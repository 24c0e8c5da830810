"""Rows of a table are declared once: each field of the serializer names the columns that it is read from.

A field's `source` is a path of columns (`floor.label`). A field of several columns has `columns` and is given their
values as a list. None stays None.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rest_framework import serializers

from spaces.ledger.vacancy_spells import days_vacant
from spaces.values.days import days_left, last_day


class FullCode(serializers.CharField):
    """The full code of a building, HIT-01-A; `path` leads to its columns."""

    def __init__(self, path: str, **kwargs: Any) -> None:
        super().__init__(source="*", **kwargs)
        self.columns = (f"{path}__park__code", f"{path}__code")

    def to_representation(self, value: Sequence[str]) -> str:
        return "-".join(value)


class StoredNumber(serializers.FloatField):
    """A number as it is stored: 3 stays a whole number beside 3.5."""

    def to_representation(self, value: Any) -> Any:
        return value


class LastDay(serializers.DateField):
    """The last day of what ends at the exclusive end that `source` names."""

    def to_representation(self, value: Any) -> Any:
        return super().to_representation(last_day(value))


class DaysLeft(serializers.IntegerField):
    """Days from the day asked about to the last day before the exclusive end that `source` names; below 0 later."""

    def to_representation(self, value: Any) -> int:
        return days_left(value, self.context["day"])


class DaysOver(serializers.IntegerField):
    """Days from the exclusive end that `source` names to the day asked about."""

    def to_representation(self, value: Any) -> int:
        return -days_left(value, self.context["day"])


class DaysVacant(serializers.IntegerField):
    """Days from the first day of a vacancy, which `source` names, to the day asked about."""

    def to_representation(self, value: Any) -> int:
        return days_vacant(value, self.context["day"])


def columns_of(field: serializers.Field[Any, Any, Any, Any]) -> Sequence[str]:
    return getattr(field, "columns", None) or ["__".join(field.source_attrs)]


def columns_read(row: serializers.Serializer[Any]) -> list[str]:
    """All columns that the fields of a row are read from, for `values`."""
    return list(dict.fromkeys(column for field in row.fields.values() for column in columns_of(field)))


def row_writer(row: serializers.Serializer[Any]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """A function from the columns of a row, as `values` gives them, to its fields."""
    fields = [(name, columns_of(field), field.to_representation) for name, field in row.fields.items()]

    def write(found: Mapping[str, Any]) -> dict[str, Any]:
        answer = {}
        for name, columns, represent in fields:
            value = found[columns[0]] if len(columns) == 1 else [found[column] for column in columns]
            answer[name] = None if value is None else represent(value)
        return answer

    return write
