"""The record of every write. Only `record`, `record_removal` and `record_many` write a Change."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac

from spaces.models import Change, User
from spaces.models.recorded import Recorded
from spaces.month_ledger import writes
from spaces.values import clock, plain_text

type Row = dict[str, Any]
_reason: ContextVar[str] = ContextVar("the reason of an act", default="")


def snapshot(row: Recorded, *, lists: Row | None = None) -> Row:
    """The complete row as JSON: areas and numbers as strings, days as ISO text, a unit with its predecessors.

    `lists`: an earlier snapshot whose lists still hold; without it one query a list.
    """
    return _columns(row) | {
        name: sorted(getattr(row, name).values_list("pk", flat=True)) if lists is None else lists[name]
        for name in row.recorded_lists
    }


def record(
    row: Recorded,
    verb: str,
    *,
    by: User | None,
    why: str = "",
    before: Row | None = None,
    after: Row | None = None,
) -> Change:
    """Write one Change for a row as it stands; call it inside the transaction that wrote the row.

    `after`: the snapshot of the written row, where the caller has it.
    """
    after = snapshot(row) if after is None else after
    change = Change.objects.create(**_entry(row, verb, by=by, why=why, before=before, after=after))
    writes.touch([row], change.pk, before, after)
    return change


def record_removal(row: Recorded, verb: str, *, by: User | None, why: str) -> Change:
    """Write the Change of a removal, the complete row in `before`; call it before the row is deleted."""
    before = snapshot(row)
    change = Change.objects.create(**_entry(row, verb, by=by, why=why, before=before, after=None))
    writes.touch([row], change.pk, before, None)
    return change


def record_many(rows: Iterable[Recorded], verb: str, *, by: User | None, why: str = "") -> None:
    """Write the Changes of rows created together, in one statement. New units have no predecessors yet."""
    rows = list(rows)
    entries = [
        _entry(row, verb, by=by, why=why, before=None, after=_columns(row) | {name: [] for name in row.recorded_lists})
        for row in rows
    ]
    written = Change.objects.bulk_create([Change(**entry) for entry in entries], batch_size=500)
    if written:
        writes.touch(rows, written[0].pk, None, None)


@contextmanager
def because(why: str) -> Iterator[None]:
    """Give a reason to each Change of the block that has none of its own."""
    token = _reason.set(why)
    try:
        yield
    finally:
        _reason.reset(token)


def known_at(label: str, moment: datetime) -> dict[int, Row]:
    """The rows of a model as they were known at a moment, rebuilt from the record alone: id -> complete row.

    `label` is a model's lower-case label, "spaces.unit". Rows removed by then are left out.
    """
    changes = Change.objects.filter(object_type=label, at__lte=moment).order_by("pk")
    known = dict(changes.values_list("object_id", "after").iterator())  # the newest of each row wins
    return {object_id: row for object_id, row in known.items() if row is not None}


def _columns(row: Recorded) -> Row:
    recorded = [field for field in row._meta.concrete_fields if field.attname not in row.unrecorded_fields]
    return {field.attname: _value(row, field) for field in recorded}


def _value(row: Recorded, field: Any) -> Any:
    value = _plain(field, field.value_from_object(row))
    return _hashed(value) if field.attname in row.personal_fields else value


def _entry(
    row: Recorded, verb: str, *, by: User | None, why: str, before: Row | None, after: Row | None
) -> Mapping[str, Any]:
    park, unit = row.whereabouts()
    return {
        "at": clock.now(),
        "by": by,
        "verb": verb,
        "object_type": row._meta.label_lower,
        "object_id": row.pk,
        "label": row.recorded_label(),
        "park": park,
        "unit": unit,
        "before": before,
        "after": after,
        "why": plain_text.clean(why or _reason.get(), lines=True),
    }


def _plain(field: Any, value: Any) -> Any:
    if isinstance(value, Decimal):  # 4.5 as the database returns it: 4.50
        places = field.decimal_places if isinstance(field, models.DecimalField) else 2
        return f"{value:.{places}f}"
    if isinstance(value, models.fields.files.FieldFile):
        return value.name
    return value.isoformat() if isinstance(value, date) else value  # a datetime is a date


def _hashed(value: Any) -> str:
    return salted_hmac("spaces.changes", str(value), secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()
