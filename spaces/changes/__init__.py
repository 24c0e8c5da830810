"""The record of every write. `record` and `record_many` are the only writers of Change."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac

from spaces.models import Allocation, Assignment, Building, Change, Floor, Park, PublishedFigure, Unit, User
from spaces.values import clock, plain_text

type Row = dict[str, Any]

# The record can't be edited, so what a person may want erased enters it as a keyed hash only; secrets not at all.
# A model says which: `personal_fields`; and `unrecorded_fields` for what is secret, or large and no fact.
# One of a higher app says where it belongs, too: `whereabouts()`.
SECRET = {"spaces.user": {"password", "last_login"}}


def snapshot(row: models.Model) -> Row:
    """The complete row as JSON holds it: areas and numbers as strings, days as ISO text, a unit with its lineage."""
    return _columns(row) | {name: sorted(getattr(row, name).values_list("pk", flat=True)) for name in _lists(row)}


def record(row: models.Model, verb: str, *, by: User | None, why: str = "", before: Row | None = None) -> Change:
    """One Change row for a row as it now stands; call it inside the transaction that wrote the row."""
    return Change.objects.create(**_entry(row, verb, by=by, why=why, before=before, after=snapshot(row)))


def record_removal(row: models.Model, verb: str, *, by: User | None, why: str) -> Change:
    """The whole row is kept in `before`; call it before the row is deleted."""
    return Change.objects.create(**_entry(row, verb, by=by, why=why, before=snapshot(row), after=None))


def record_many(rows: Iterable[models.Model], verb: str, *, by: User | None, why: str = "") -> None:
    """The same for rows just created together, in one statement. New units have no predecessors yet."""
    entries = [_entry(row, verb, by=by, why=why, before=None, after=_fresh(row)) for row in rows]
    Change.objects.bulk_create([Change(**entry) for entry in entries], batch_size=500)


def known_at(label: str, moment: datetime) -> dict[int, Row]:
    """The rows of a model as they were known at a moment, rebuilt from the record alone: id -> complete row.

    `label` is a model's label in small letters, "spaces.unit". Rows removed by then are left out.
    """
    told = Change.objects.filter(object_type=label, at__lte=moment).order_by("pk")
    known = dict(told.values_list("object_id", "after").iterator())  # the last word on each counts
    return {object_id: row for object_id, row in known.items() if row is not None}


def _fresh(row: models.Model) -> Row:
    return _columns(row) | {name: [] for name in _lists(row)}


def _lists(row: models.Model) -> tuple[str, ...]:
    """The many-to-many columns that belong to the row: `recorded_lists` of its model."""
    return getattr(row, "recorded_lists", ())


def _columns(row: models.Model) -> Row:
    label = row._meta.label_lower
    secret = {*SECRET.get(label, ()), *getattr(row, "unrecorded_fields", ())}
    personal = getattr(row, "personal_fields", ())
    told = {field.attname: _plain(field, field.value_from_object(row)) for field in row._meta.concrete_fields}
    return {name: _hashed(value) if name in personal else value for name, value in told.items() if name not in secret}


def _entry(
    row: models.Model, verb: str, *, by: User | None, why: str, before: Row | None, after: Row | None
) -> Mapping[str, Any]:
    park, unit = _whereabouts(row)
    return {
        "at": clock.now(),
        "by": by,
        "verb": verb,
        "object_type": row._meta.label_lower,
        "object_id": row.pk,
        "label": _label(row),
        "park": park,
        "unit": unit,
        "before": before,
        "after": after,
        "why": plain_text.clean(why, lines=True),
    }


def _whereabouts(row: models.Model) -> tuple[int | None, int | None]:
    """Park id and unit id that a row is about, so that a park's people find it."""
    match row:
        case Park():
            return row.pk, None
        case Building() | PublishedFigure() | Assignment():
            return row.park_id, None
        case Floor():
            return row.building.park_id, None
        case Unit():
            return row.floor.building.park_id, row.pk
        case Allocation():
            return row.unit.floor.building.park_id, row.unit_id
        case _:
            return row.whereabouts() if hasattr(row, "whereabouts") else (None, None)


def _label(row: models.Model) -> str:
    """How the row is called in the record, without anybody's name."""
    match row:
        case User():
            return f"#{row.pk}"
        case Assignment():
            return f"#{row.user_id} {row.role}"
        case _:
            return str(row)[:200]


def _plain(field: Any, value: Any) -> Any:
    if isinstance(value, Decimal):  # 4.5 as the database will tell it: 4.50
        places = field.decimal_places if isinstance(field, models.DecimalField) else 2
        return f"{value:.{places}f}"
    if isinstance(value, models.fields.files.FieldFile):
        return value.name
    return value.isoformat() if isinstance(value, date) else value  # a datetime is a date


def _hashed(value: Any) -> str:
    return salted_hmac("spaces.changes", str(value), secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()
