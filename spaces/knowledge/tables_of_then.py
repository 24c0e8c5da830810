"""Tables as they were recorded at an earlier moment, for one transaction that only reads.

For each model of which rows have changed since then, a temporary view takes the place of its table: the rows that
have not changed, and those that have as the first change since found them. Beside the deltas of the month ledger
stands the opposite of those that later changes wrote. The schema of temporary objects comes first where both databases
look for a name, so that every query reads the view, whoever wrote it. Nothing is written to the tables and nobody
waits: temporary objects are those of the connection alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Field, Min, Subquery

from spaces.models import Allocation, Change, CountedUnit, LedgerDelta, Park
from spaces.models.month_ledger import KEY, SUMS
from spaces.models.people import EDITORS, AnyUser, rights_read_once, roles_of
from spaces.models.recorded import Recorded
from spaces.values import clock

type Row = dict[str, Any]
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ChangedRows:
    """What has changed of a model since a moment: ids of rows, and the rows as they were; none where one was added."""

    model: type[Recorded]
    ids: Sequence[int]
    rows: Sequence[Row]


def models_as_known() -> list[type[Recorded]]:
    return [model for model in apps.get_models() if issubclass(model, Recorded) and model.read_as_known]


@contextmanager
def as_known(moment: datetime, user: AnyUser) -> Iterator[None]:
    """In this context, queries answer what was recorded by `moment`, and the current moment is that one.

    Rights are those of today: rows of tenancies that the user may not see today are left out, and who looks after a
    park is read before. Nothing may be written; what is, is undone.
    """
    with ExitStack() as stack:
        stack.enter_context(_one_snapshot())
        stack.enter_context(rights_read_once())
        _read_rights(user)
        changed = [_still_visible(each, user) for each in changed_since(moment)]
        stack.enter_context(_shadowed(changed, moment))
        stack.enter_context(clock.as_known_by(moment))
        yield


def changed_since(moment: datetime) -> list[ChangedRows]:
    """By model, what the first change since the moment found of each row."""
    models = {model._meta.label_lower: model for model in models_as_known()}
    since = Change.objects.filter(at__gt=moment, object_type__in=models)
    first = since.order_by().values("object_type", "object_id").annotate(first=Min("pk")).values("first")
    found: dict[str, dict[int, Row | None]] = {}
    for label, pk, before in Change.objects.filter(pk__in=first).values_list("object_type", "object_id", "before"):
        found.setdefault(label, {})[pk] = before
    return [
        ChangedRows(models[label], list(rows), [row for row in rows.values() if row is not None])
        for label, rows in found.items()
    ]


@contextmanager
def _one_snapshot() -> Iterator[None]:
    """A transaction in which all queries see the same state of the database; what is written in it is undone."""
    here: Any = connection
    outermost, mode = not here.in_atomic_block, getattr(here, "transaction_mode", None)
    if outermost:
        here.transaction_mode = "DEFERRED"  # on SQLite: a reader takes no lock that writers wait for
    try:
        with transaction.atomic():
            if outermost and here.vendor == "postgresql":
                with here.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
            transaction.set_rollback(True)
    finally:
        here.transaction_mode = mode


def _read_rights(user: AnyUser) -> None:
    """Whom the user looks after is read from the tables of today, for each set of roles that a rule may ask for."""
    held = roles_of(user).intersection(EDITORS)
    for roles in (tuple(held), *((role,) for role in held)):
        Park.objects.editable_by(user, roles or None)


def _still_visible(changed: ChangedRows, user: AnyUser) -> ChangedRows:
    """Without the rows that the user may not see today. All allocations count in the totals that everybody sees, and
    who sees a single one depends on its park."""
    rows: Any = changed.model._default_manager
    seen = rows.visible_to(user)
    if not seen.query.where or changed.model is Allocation:
        return changed
    known = set(seen.filter(pk__in=changed.ids).values_list("pk", flat=True))
    if not roles_of(user).isdisjoint(changed.model.removed_read_by):
        known |= set(changed.ids).difference(rows.filter(pk__in=changed.ids).values_list("pk", flat=True))
    return ChangedRows(changed.model, changed.ids, [row for row in changed.rows if row["id"] in known])


@contextmanager
def _shadowed(changed: Iterable[ChangedRows], moment: datetime) -> Iterator[None]:
    # A view has no primary key by which a database could group.
    connection.features.allows_group_by_selected_pks = False
    try:
        with connection.cursor() as cursor:
            schema = _schema(cursor)
            for each in changed:
                _shadow(cursor, schema, each)
            _shadow_counted(cursor, moment)
            _shadow_deltas(cursor, schema, moment)
            _shadow_changes(cursor, schema, moment)
        yield
    finally:
        del connection.features.allows_group_by_selected_pks


def _schema(cursor: Any) -> str:
    """Where the tables are."""
    if connection.vendor == "sqlite":
        return "main"
    cursor.execute("SELECT current_schema()")
    return str(cursor.fetchone()[0])


def _shadow(cursor: Any, schema: str, changed: ChangedRows) -> None:
    quote = connection.ops.quote_name
    meta = changed.model._meta
    table, fields = meta.db_table, meta.concrete_fields
    columns = ", ".join(quote(str(field.column)) for field in fields)
    then, gone = quote(f"then_{table}"), quote(f"changed_{table}")
    real = f"{quote(schema)}.{quote(table)}"
    cursor.execute(f"CREATE TEMPORARY TABLE {then} AS SELECT {columns} FROM {real} WHERE 1 = 0")  # noqa: S608 our names
    cursor.execute(f"CREATE TEMPORARY TABLE {gone} (id bigint PRIMARY KEY)")
    _insert(cursor, f"{then} ({columns})", [_values(changed.model, fields, row) for row in changed.rows])
    _insert(cursor, f"{gone} (id)", [(pk,) for pk in changed.ids])
    cursor.execute(
        f"CREATE TEMPORARY VIEW {quote(table)} AS SELECT {columns} FROM {real} "  # noqa: S608 our own names
        f"WHERE id NOT IN (SELECT id FROM {gone}) UNION ALL SELECT {columns} FROM {then}"
    )


def _shadow_deltas(cursor: Any, schema: str, moment: datetime) -> None:
    """The deltas of the month ledger, and the opposite of those that later changes wrote, folded or not."""
    quote = connection.ops.quote_name
    table, own = LedgerDelta._meta.db_table, ", ".join(KEY)
    columns = ", ".join(("folded", own, *SUMS))
    opposite = ", ".join(f"-SUM({name})" for name in SUMS)
    opposites, real = quote(f"opposite_{table}"), f"{quote(schema)}.{quote(table)}"
    until = connection.ops.adapt_datetimefield_value(moment)
    cursor.execute(f"CREATE TEMPORARY TABLE {opposites} AS SELECT {columns} FROM {real} WHERE 1 = 0")  # noqa: S608 our names
    cursor.execute(
        f"INSERT INTO {opposites} ({columns}) SELECT FALSE, {own}, {opposite} FROM {real} WHERE change IN "  # noqa: S608
        f"(SELECT id FROM {quote(schema)}.{quote(Change._meta.db_table)} WHERE at > '{until}') GROUP BY {own}"
    )
    cursor.execute(
        f"CREATE TEMPORARY VIEW {quote(table)} AS SELECT {columns} FROM {real} UNION ALL "  # noqa: S608 our own names
        f"SELECT {columns} FROM {opposites}"
    )


def _shadow_counted(cursor: Any, moment: datetime) -> None:
    """Call a unit stale, so that figures are read from the allocations, for moments before the first counted change:
    the deltas do not tell what changed before the month ledger began.
    """
    quote = connection.ops.quote_name
    first = LedgerDelta.objects.filter(change__isnull=False).order_by("change").values("change")[:1]
    if not Change.objects.filter(pk=Subquery(first), at__lte=moment).exists():
        columns = "0 AS unit, TRUE AS stale, '[]' AS runs"
        cursor.execute(f"CREATE TEMPORARY VIEW {quote(CountedUnit._meta.db_table)} AS SELECT {columns}")


def _shadow_changes(cursor: Any, schema: str, moment: datetime) -> None:
    """The log as it was: a view takes no parameters, so the moment stands in it as this module writes it."""
    quote = connection.ops.quote_name
    table = Change._meta.db_table
    until = connection.ops.adapt_datetimefield_value(moment)
    cursor.execute(
        f"CREATE TEMPORARY VIEW {quote(table)} AS SELECT * FROM {quote(schema)}.{quote(table)} "  # noqa: S608 our names
        f"WHERE at <= '{until}'"
    )


def _insert(cursor: Any, into: str, rows: Sequence[Sequence[Any]]) -> None:
    for some in batched(rows, AT_ONCE, strict=False):
        marks = ", ".join(["%s"] * len(some[0]))
        cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", some)  # noqa: S608 our own names


def _values(model: type[Recorded], fields: Sequence[Any], row: Row) -> list[Any]:
    """The columns of a recorded row as the database takes them; those that are not recorded are derived anew."""
    made = model(**dict(_typed(fields, row)))
    return [field.get_db_prep_save(_value(made, field, row), connection) for field in fields]


def _typed(fields: Iterable[Any], row: Row) -> Iterator[tuple[str, Any]]:
    for field in fields:
        if field.attname in row:
            yield field.attname, field.to_python(row[field.attname])


def _value(made: Recorded, field: Field[Any, Any], row: Row) -> Any:
    return field.value_from_object(made) if field.attname in row else field.pre_save(made, add=False)
