"""What a reader may see of a row and of a Change: one rule for pages, files, API, log and repair desk.

Each model declares its rules: `Recorded` (spaces.models.recorded).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.apps import apps
from django.db.models import CharField, Q, QuerySet, Value

from spaces.models import Assignment, Change, Park, User
from spaces.models.people import READERS, AnyUser, reads_all, rights_read_once
from spaces.models.recorded import Recorded
from spaces.values import masks

type Reach = frozenset[tuple[str, str, int]]  # (label of a model, rule or "", id)
EXISTS, STAFF, LOOKED_AFTER = "", "staff", "editable_by"
TRIED = 100  # changes that are tried before all of them are asked
PARK, USER = Park._meta.label_lower, User._meta.label_lower


@dataclass(frozen=True, slots=True)
class Disclosed:
    """A Change as disclosed to one reader. `seen`: whether its object is visible; else only who, when and verb."""

    pk: int
    at: datetime
    by: str | None
    verb: str
    object_type: str
    object_id: int | None
    label: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    why: str
    seen: bool


def readable(row: Recorded, user: AnyUser) -> frozenset[str]:
    """The columns of a row, by their attribute names, that a user may read. Two queries."""
    model = type(row)
    with rights_read_once():
        reach = _reach([_rows(model, rule, {row.pk}, user) for rule in model.read_by])
    return _columns(model, row.pk, reach)


def disclosed(changes: Iterable[Change], user: AnyUser) -> list[Disclosed]:
    """Each change as disclosed to the reader, in the same order. Select them by `visible_to`, with their `by`.

    One query for the reader's rights and one for the rows, whatever their number.
    """
    rows = list(changes)
    if not rows:
        return []
    with rights_read_once():
        reach, reader = _reach_of(rows, user), reads_all(user)
    return [_disclosed(row, reach, user, reader=reader) for row in rows]


def newest(user: AnyUser, number: int, only: Q) -> list[Disclosed]:
    """The newest changes visible to the reader, at most `number`.

    The newest few within reach are tried first, by the rules of their types: a statement with the rules of all types
    takes longer to write than to run.
    """
    with rights_read_once():
        near = Change.objects.within_reach(user).filter(only).select_related("by").order_by("-pk")
        tried = dict(near.values_list("pk", "object_type")[:TRIED])
        rows = list(near.filter(pk__in=tried).visible_to(user, set(tried.values()))[:number]) if tried else []
        if len(rows) < number and len(tried) == TRIED:
            rows = list(near.visible_to(user)[:number])
        return disclosed(rows, user)


def _reach_of(rows: Iterable[Change], user: AnyUser) -> Reach:
    ids: dict[type[Recorded], set[int]] = defaultdict(set)
    actors: set[int] = set()
    parks: set[int] = set()
    for row in rows:
        ids[cast(type[Recorded], apps.get_model(row.object_type))].add(row.object_id)
        actors |= {row.by_id} if row.by_id else set()
        parks |= {row.park} if row.park else set()
    asked = [_rows(model, rule, found, user) for model, found in ids.items() for rule in (EXISTS, *model.read_by)]
    held = Assignment.objects.filter(user__in=actors)
    staff = User.objects.filter(pk__in=held.values("user"))
    looked_after = Park.objects.editable_by(user).filter(pk__in=parks)
    return _reach([*asked, _named(staff, USER, STAFF), _named(looked_after, PARK, LOOKED_AFTER)])


def _rows(model: type[Recorded], rule: str, ids: set[int], user: AnyUser) -> QuerySet[Any, Any]:
    rows = model._default_manager.filter(pk__in=ids)
    return _named(getattr(rows, rule)(user) if rule else rows, model._meta.label_lower, rule)


def _named(rows: QuerySet[Any], label: str, rule: str) -> QuerySet[Any, Any]:
    labels = {"of_model": Value(label, CharField()), "by_rule": Value(rule, CharField())}
    return rows.order_by().annotate(**labels).values_list("of_model", "by_rule", "pk")


def _reach(asked: list[QuerySet[Any, Any]]) -> Reach:
    return frozenset(asked[0].union(*asked[1:]))


def _columns(model: type[Recorded], pk: int, reach: Reach) -> frozenset[str]:
    label, rules = model._meta.label_lower, model.read_by
    if not rules or (label, next(iter(rules)), pk) not in reach:
        return frozenset()
    return frozenset(name for rule, names in rules.items() if (label, rule, pk) in reach for name in names)


def _disclosed(change: Change, reach: Reach, user: AnyUser, *, reader: bool) -> Disclosed:
    model = cast(type[Recorded], apps.get_model(change.object_type))
    near = (PARK, LOOKED_AFTER, change.park) in reach
    names = _columns(model, change.object_id, reach)
    if _outlived(model, change, reach) and (near or (reader and set(READERS) <= set(model.removed_read_by))):
        names = frozenset(model.read_by[next(iter(model.read_by))])
    seen = bool(names)
    names -= model.personal_fields
    why_shown = seen and (change.by_id == user.pk or _shows_why(model, change, reach))
    return Disclosed(
        pk=change.pk,
        at=change.at,
        by=_actor(change, reach, user, near=near),
        verb=change.verb,
        object_type=change.object_type,
        object_id=change.object_id if seen else None,
        label=change.label if seen else "",
        before=_cut(change.before, names) if seen else None,
        after=_cut(change.after, names) if seen else None,
        why=change.why if why_shown else "",
        seen=seen,
    )


def _outlived(model: type[Recorded], change: Change, reach: Reach) -> bool:
    """Whether the object was removed and its record is still read by `removed_read_by`."""
    there = (change.object_type, EXISTS, change.object_id) in reach
    return bool(model.removed_read_by) and not there


def _shows_why(model: type[Recorded], change: Change, reach: Reach) -> bool:
    rule = model.why_read_by or next(iter(model.read_by))
    return (change.object_type, rule, change.object_id) in reach or _outlived(model, change, reach)


def _actor(change: Change, reach: Reach, user: AnyUser, *, near: bool) -> str | None:
    """The actor's name: staff by name; a company's person in full only for the people of the park, else masked."""
    if change.by is None:
        return None
    staff = (USER, STAFF, change.by_id) in reach
    return change.by.name if staff or near or change.by_id == user.pk else masks.word(change.by.name)


def _cut(row: dict[str, Any] | None, names: frozenset[str]) -> dict[str, Any] | None:
    return None if row is None else {name: value for name, value in row.items() if name in names}
