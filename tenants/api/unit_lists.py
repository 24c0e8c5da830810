"""The units of an offer or a lease as one column with the field that lists them, and the order of a contact."""

from typing import Any

from django.db.models import StringAgg, Value
from rest_framework import serializers

from spaces.values import masks

# The codes of the units, joined in SQL.
UNITS = StringAgg("lines__unit__code", delimiter=Value(","), default=Value(""))


class Codes(serializers.ListField):
    """UNITS as a sorted list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=serializers.CharField(), **kwargs)

    def to_representation(self, value: Any) -> list[str]:
        return sorted(value.split(",")) if value else []


def contact_sorted(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer with the names of its contact in the order of the alphabet; the schema lists them as a form does."""
    names = iter(sorted(masks.CONTACT))
    return {name: answer[name] for name in (next(names) if name in masks.CONTACT else name for name in answer)}
