"""The units of an offer or a lease as one column with the field that lists them, and the order of a contact."""

from typing import Any

from django.db.models import CharField, OuterRef, QuerySet, StringAgg, Subquery, Value
from django.db.models.functions import Coalesce
from rest_framework import serializers

from spaces.values import masks


def unit_codes(lines: QuerySet[Any], owner: str) -> Coalesce:
    """The codes of the units of a row, joined in a subquery of each row: a page computes its own rows only."""
    own = lines.filter(**{owner: OuterRef("pk")}).order_by().values(owner)
    joined = own.annotate(codes=StringAgg("unit__code", delimiter=Value(",")))
    return Coalesce(Subquery(joined.values("codes")), Value(""), output_field=CharField())


class Codes(serializers.ListField):
    """`unit_codes` as a sorted list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=serializers.CharField(), **kwargs)

    def to_representation(self, value: Any) -> list[str]:
        return sorted(value.split(",")) if value else []


def contact_sorted(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer with the names of its contact in the order of the alphabet; the schema lists them as a form does."""
    names = iter(sorted(masks.CONTACT))
    return {name: answer[name] for name in (next(names) if name in masks.CONTACT else name for name in answer)}
