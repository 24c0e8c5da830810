"""Rules that the database enforces itself, on SQLite and on PostgreSQL.

Their SQLite triggers are deferred SQL: Django runs it again after each rebuild of the table, so they come back.
No trigger reads a second table, because such a one would block that table's next rebuild.
The three methods that give SQL return Any: Django takes a str, a Statement or None, django-stubs know the str alone.
"""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.ddl_references import Statement, Table
from django.db.models import Q
from django.db.models.constraints import BaseConstraint


class NoOverlapConstraint(BaseConstraint):
    """No two rows with the same `key` overlap in [start, end); an end of NULL is open.

    PostgreSQL: EXCLUDE USING gist, which needs btree_gist. SQLite: two triggers. `validate()` words it for
    full_clean().
    """

    def __init__(self, *, key: str, start: str, end: str, **kwargs: Any) -> None:
        self.key, self.start, self.end = key, start, end
        super().__init__(**kwargs)

    def _columns(self, model: type[models.Model], editor: Any) -> list[str]:
        column = {field.name: field.column for field in model._meta.concrete_fields}
        return [editor.quote_name(column[name]) for name in (self.key, self.start, self.end)]

    def _exclude(self, model: type[models.Model], editor: Any) -> str:
        key, start, end = self._columns(model, editor)
        name = editor.quote_name(self.name)
        return f"CONSTRAINT {name} EXCLUDE USING gist ({key} WITH =, daterange({start}, {end}, '[)') WITH &&)"

    def _triggers(self, model: type[models.Model], editor: Any) -> Iterator[Statement]:
        key, start, end = self._columns(model, editor)
        pk = editor.quote_name(model._meta.pk.column)
        for event in ("INSERT", "UPDATE"):
            other = f" AND o.{pk} <> OLD.{pk}" if event == "UPDATE" else ""
            trigger = editor.quote_name(f"{self.name}_{event.lower()}")
            yield Statement(
                f"CREATE TRIGGER {trigger} BEFORE {event} ON %(table)s BEGIN "  # noqa: S608 our own names, quoted
                f"SELECT RAISE(ABORT, 'constraint {self.name}') WHERE EXISTS (SELECT 1 FROM %(table)s o "
                f"WHERE o.{key} = NEW.{key}{other} AND (NEW.{end} IS NULL OR o.{start} < NEW.{end}) "
                f"AND (o.{end} IS NULL OR o.{end} > NEW.{start})); END",
                table=Table(model._meta.db_table, editor.quote_name),
            )

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        if schema_editor.connection.vendor == "postgresql":
            return self._exclude(model, schema_editor)
        schema_editor.deferred_sql.extend(self._triggers(model, schema_editor))
        return None

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        if schema_editor.connection.vendor == "postgresql":
            table = Table(model._meta.db_table, schema_editor.quote_name)
            return Statement("ALTER TABLE %(table)s ADD " + self._exclude(model, schema_editor), table=table)
        schema_editor.deferred_sql.extend(self._triggers(model, schema_editor))
        return None

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        if schema_editor.connection.vendor == "postgresql":
            return schema_editor._delete_constraint_sql(schema_editor.sql_delete_check, model, self.name)
        for event in ("insert", "update"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {schema_editor.quote_name(f'{self.name}_{event}')}")
        return None

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = DEFAULT_DB_ALIAS) -> None:
        start, end = getattr(instance, self.start), getattr(instance, self.end)
        key = getattr(instance, model._meta.get_field(self.key).attname)
        if start is None or key is None or {self.key, self.start, self.end}.intersection(exclude or ()):
            return
        others = model._default_manager.using(using).filter(**{self.key: key}).exclude(pk=instance.pk)
        others = others.filter(Q(**{f"{self.end}__isnull": True}) | Q(**{f"{self.end}__gt": start}))
        if end is not None:
            others = others.filter(**{f"{self.start}__lt": end})
        if others.exists():
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"key": self.key, "start": self.start, "end": self.end}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NoOverlapConstraint) and self.deconstruct() == other.deconstruct()

    __hash__ = BaseConstraint.__hash__


class AppendOnlyConstraint(BaseConstraint):
    """Rows are written once: UPDATE, DELETE, TRUNCATE and SQLite's INSERT OR REPLACE are refused."""

    def _guards(self, model: type[models.Model], editor: Any) -> Iterator[Statement]:
        table = Table(model._meta.db_table, editor.quote_name)
        if editor.connection.vendor == "postgresql":
            yield Statement(
                f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"RAISE EXCEPTION 'constraint {self.name}' USING ERRCODE = '23514'; END $$",
                table=table,
            )
            for suffix, events in (("rows", "UPDATE OR DELETE"), ("truncate", "TRUNCATE")):
                each = "ROW" if suffix == "rows" else "STATEMENT"
                yield Statement(
                    f"CREATE TRIGGER {self.name}_{suffix} BEFORE {events} ON %(table)s "
                    f"FOR EACH {each} EXECUTE FUNCTION {self.name}()",
                    table=table,
                )
            return
        pk = editor.quote_name(model._meta.pk.column)
        again = f" WHEN EXISTS (SELECT 1 FROM %(table)s o WHERE o.{pk} = NEW.{pk})"  # noqa: S608 our own name, quoted
        for event, when in (("UPDATE", ""), ("DELETE", ""), ("INSERT", again)):
            trigger = editor.quote_name(f"{self.name}_{event.lower()}")
            yield Statement(
                f"CREATE TRIGGER {trigger} BEFORE {event} ON %(table)s{when} "
                f"BEGIN SELECT RAISE(ABORT, 'constraint {self.name}'); END",
                table=table,
            )

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        schema_editor.deferred_sql.extend(self._guards(model, schema_editor))

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        schema_editor.deferred_sql.extend(self._guards(model, schema_editor))

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        table = schema_editor.quote_name(model._meta.db_table)
        if schema_editor.connection.vendor == "postgresql":
            for suffix in ("rows", "truncate"):
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {self.name}_{suffix} ON {table}")
            return
        for event in ("update", "delete", "insert"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {schema_editor.quote_name(f'{self.name}_{event}')}")

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = DEFAULT_DB_ALIAS) -> None:  # noqa: ARG002
        if not instance._state.adding:
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AppendOnlyConstraint) and self.deconstruct() == other.deconstruct()

    __hash__ = BaseConstraint.__hash__
