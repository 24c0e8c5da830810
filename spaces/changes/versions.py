"""Prevent lost updates: the version of a row that a page showed, and what is written if the row has changed since.

The version of a row is the id of its newest Change. Every write records one, so no model needs a version column, and
the record holds what each later write changed, who wrote it and when.
"""

import copy
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spaces import changes
from spaces.access.disclosure import disclosed
from spaces.models import Change, UnitShape
from spaces.models.dated_facts import Dated, FactPeriod
from spaces.models.people import AnyUser
from spaces.models.recorded import Recorded

NOTHING: Any = object()


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field that someone else changed: the value sent, the current value, and the Change that wrote it."""

    field: Any
    mine: Any
    theirs: Any
    change: Change | None


@dataclass(slots=True)
class Seen:
    """What a page showed: the version of its row; None where the page does not state it, which is refused.

    `theirs`: fields that keep their current value. `merged`: what others changed in fields that the page left alone;
    filled in by `as_seen`. `reader`: who sent the page; changes of others are shown as far as disclosed to them.
    """

    version: int | None
    reader: AnyUser
    theirs: frozenset[str] = frozenset()
    merged: list[FieldDifference] = field(default_factory=list)


class StaleError(ValidationError):
    """Refusal `stale`: `row` was changed in fields that the page changes too. `version` is the current one."""

    title = gettext_lazy("Someone else has changed this since you opened it")
    text = gettext_lazy("Someone else has changed this since you opened it. Nothing was saved yet.")
    own_title = gettext_lazy("You have changed this elsewhere since you opened it here")
    own_text = gettext_lazy("You have changed this elsewhere since you opened it here. Nothing was saved yet.")

    def __init__(self, row: models.Model, differences: list[FieldDifference], reader: AnyUser) -> None:
        if differences and all(each.change and each.change.by_id == reader.pk for each in differences):
            self.title, self.text = self.own_title, self.own_text
        super().__init__(self.text, code="stale")
        self.row, self.differences, self.reader, self.version = row, differences, reader, version_of(row)


class UnknownVersionError(StaleError):
    """StaleError for a page that does not state its version: `differences` are all fields that differ now."""

    title = gettext_lazy("This page was opened in an older form")
    text = gettext_lazy("This page was opened in an older form and does not state its version. Look at it again.")
    own_title, own_text = title, text


def version_of(row: models.Model) -> int:
    """The version of a row; 0 before its first Change. That of a unit or park counts changes of its periods, too."""
    history = _history(row)
    if isinstance(row, Dated):
        period = row.period_model()
        both = (row._meta.label_lower, period._meta.label_lower)
        history = Change.objects.filter(object_type__in=both, **{period.OF: row.pk})
    return history.aggregate(newest=Max("pk"))["newest"] or 0


def versions_of(rows: Collection[models.Model]) -> dict[int, int]:
    """Id -> version of rows of one model, in one query; rows without a Change are left out."""
    if not rows:
        return {}
    label = next(iter(rows))._meta.label_lower
    found = Change.objects.filter(object_type=label, object_id__in=[row.pk for row in rows])
    return dict(found.order_by().values("object_id").annotate(newest=Max("pk")).values_list("object_id", "newest"))


def as_seen(row: Recorded, seen: Seen | None, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts to write on a locked row: those that the page changed; all of them without `seen`.

    A field that only others changed since the page was opened keeps their value. Raises StaleError where both changed
    a field, UnknownVersionError where the page does not state its version.
    """
    if seen is None:
        return dict(facts)
    seen.merged = []
    kept = {name: value for name, value in facts.items() if name not in seen.theirs}
    unknown = seen.version is None
    since = list(_history(row).filter(pk__gt=seen.version or 0).select_related("by").order_by("pk"))
    if not since and not unknown:
        return kept
    shown = (since[0].before or {}) if since and not unknown else {}
    now, mine = changes.snapshot(row), _recorded(row, kept)
    conflicts = []
    for name, value in list(kept.items()):
        column = row._meta.get_field(name)
        key = getattr(column, "attname", name)
        if mine[key] == now[key] or shown.get(key, NOTHING) == now[key]:
            continue
        difference = FieldDifference(column, value, _current_value(row, name), _last(since, key))
        if mine[key] == shown.get(key, NOTHING):
            seen.merged.append(difference)
            del kept[name]
        else:
            conflicts.append(difference)
    if unknown:
        raise UnknownVersionError(row, conflicts, seen.reader)
    if conflicts:
        raise StaleError(row, conflicts, seen.reader)
    return kept


def refuse_changed(row: models.Model, seen: Seen | None) -> None:
    """Raise StaleError after any change since the page was opened: for decisions about the row as a whole."""
    if seen is not None and seen.version is None:
        raise UnknownVersionError(row, [], seen.reader)
    if seen is not None and seen.version != version_of(row):
        raise StaleError(row, [], seen.reader)


def authors_of(differences: Collection[FieldDifference], reader: AnyUser) -> list[str]:
    """Name of the author of the current value of each difference, as far as disclosed to the reader."""
    known = disclosed([each.change for each in differences if each.change], reader)
    names = {each.pk: each.by for each in known}
    return [(each.change and names[each.change.pk]) or _("the system") for each in differences]


def _history(row: models.Model) -> models.QuerySet[Change]:
    history = Change.objects.filter(object_type=row._meta.label_lower)
    if isinstance(row, UnitShape):  # drawn again it is another row, but the same shape for the reader
        return history.filter(Q(before__plan_id=row.plan_id) | Q(after__plan_id=row.plan_id), unit=row.unit_id)
    if isinstance(row, FactPeriod):  # what a page shows as one row may be several by now
        return history.filter(**{row.OF: getattr(row, f"{row.OF}_id")})
    return history.filter(object_id=row.pk)


def _recorded(row: Recorded, facts: Mapping[str, Any]) -> changes.Row:
    """The row as the record would hold it with these facts."""
    lists = {name: sorted(each.pk for each in facts[name]) for name in facts if row._meta.get_field(name).many_to_many}
    changed = copy.copy(row)
    for name in facts.keys() - lists.keys():
        setattr(changed, name, facts[name])
    return changes.snapshot(changed) | lists


def _current_value(row: models.Model, name: str) -> Any:
    value = getattr(row, name)
    return list(value.order_by("pk")) if row._meta.get_field(name).many_to_many else value


def _last(since: list[Change], key: str) -> Change | None:
    """The last change that touched a field; the first of all where the record does not hold the field."""
    touched = [each for each in since if (each.before or {}).get(key) != (each.after or {}).get(key)]
    return next(iter([*touched[-1:], *since[:1]]), None)
