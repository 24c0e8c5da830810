"""How instants are written, and the columns of one row as a table has them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Model, StringAgg, Value
from django.utils import timezone

# The codes of the units of an offer or a lease, joined in SQL.
UNITS = StringAgg("lines__unit__code", delimiter=Value(","))


def instant(moment: datetime | None) -> str | None:
    return None if moment is None else timezone.localtime(moment).isoformat()


def columns_of(row: Model, columns: Collection[str]) -> dict[str, Any]:
    found: dict[str, Any] = type(row)._default_manager.filter(pk=row.pk).values(*columns).get()
    return found


def codes(joined: str | None) -> list[str]:
    """UNITS as a list."""
    return sorted(joined.split(",")) if joined else []
