"""Rules that the database enforces itself, on SQLite and on PostgreSQL.

Their SQLite triggers are deferred SQL, which Django runs again after each rebuild of a table.
A trigger that names another table blocks the rebuild of that table; config/sqlite drops it meanwhile.
The three methods that return SQL are typed Any: Django takes a str, a Statement or None, django-stubs only the str.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.ddl_references import Statement, Table
from django.db.models import Q
from django.db.models.constraints import BaseConstraint

from spaces.values import lifetimes
from spaces.values.periods import Period


class NoOverlapConstraint(BaseConstraint):
    """No two rows with the same `key` overlap in [start, end); an end of NULL is open.

    PostgreSQL: EXCLUDE USING gist, which needs btree_gist. SQLite: two triggers. `validate()` gives full_clean() the
    message.
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

    def validate_beside(self, instance: models.Model, others: Iterable[models.Model]) -> None:
        """`validate` of a new row among `others`, all of its key that there are. No query."""
        period = self._period(instance)
        if any(self._period(other).overlaps(period) for other in others):
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)

    def _period(self, row: models.Model) -> Period:
        return Period(getattr(row, self.start), getattr(row, self.end))

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"key": self.key, "start": self.start, "end": self.end}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NoOverlapConstraint) and self.deconstruct() == other.deconstruct()

    __hash__ = BaseConstraint.__hash__


class TriggerConstraint(BaseConstraint):
    """A constraint that triggers enforce: `_guards` yields their statements, `triggers` the suffixes of their names.

    PostgreSQL names its triggers by `triggers[0]`, SQLite by `triggers[1]`.
    """

    triggers: tuple[tuple[str, ...], tuple[str, ...]]

    def _guards(self, model: type[models.Model], editor: Any) -> Iterator[Statement]:
        raise NotImplementedError

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        schema_editor.deferred_sql.extend(self._guards(model, schema_editor))

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        schema_editor.deferred_sql.extend(self._guards(model, schema_editor))

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        table = schema_editor.quote_name(model._meta.db_table)
        on_postgresql, on_sqlite = self.triggers
        if schema_editor.connection.vendor == "postgresql":
            for suffix in on_postgresql:
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {self.name}_{suffix} ON {table}")
            return
        for suffix in on_sqlite:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {schema_editor.quote_name(f'{self.name}_{suffix}')}")


class AppendOnlyConstraint(TriggerConstraint):
    """Rows are written once: UPDATE, DELETE, TRUNCATE and SQLite's INSERT OR REPLACE are refused."""

    triggers = (("rows", "truncate"), ("update", "delete", "insert"))

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

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = DEFAULT_DB_ALIAS) -> None:
        if not instance._state.adding:
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AppendOnlyConstraint) and self.deconstruct() == other.deconstruct()

    __hash__ = BaseConstraint.__hash__


class InsideLifeConstraint(TriggerConstraint):
    """Allocations lie inside the life of their unit and building; nobody moves in before the building is ready.

    One for each of the four tables whose change could break the rule: `seen_from` is Allocation, Unit, Floor or
    Building. A trigger refuses the statement after which an allocation would lie outside. On PostgreSQL it first
    locks what the rule reads, in the order floor, unit, building: of an allocation and a closing at the same time the
    later waits, and reads what the earlier has committed. On SQLite there is one writer at a time.

    PostgreSQL keeps the plan of a trigger as long as a session lasts. One made while the tables were empty would read
    them whole for every row of a bulk load: hence no sequential scans.
    """

    triggers = (("rows",), ("insert", "update"))
    OUTSIDE = (
        "SELECT 1 FROM {tables} "
        "JOIN spaces_floor f ON f.id = u.floor_id JOIN spaces_building b ON b.id = f.building_id WHERE {row} "
        "AND ({a}.starts_on < u.opens_on "
        "OR COALESCE({a}.ends_on, '9999-12-31') > u.closes_on OR COALESCE({a}.ends_on, '9999-12-31') > b.closed_on "
        "OR {a}.moved_in_on < COALESCE(b.ready_on, '9999-12-31'))"
    )
    TAKEN = {"tables": "spaces_allocation a JOIN spaces_unit u ON u.id = a.unit_id", "a": "a"}
    UNIT = "PERFORM 1 FROM spaces_unit WHERE {} ORDER BY id FOR {}; "
    BUILDING = (
        "PERFORM 1 FROM spaces_building b JOIN spaces_floor f ON f.building_id = b.id "
        "JOIN spaces_unit u ON u.floor_id = f.id WHERE {} FOR SHARE OF b; "
    )
    # By table: the condition for rows outside, and what its trigger locks besides the row just written.
    SEEN = {
        "Allocation": (
            OUTSIDE.format(tables="spaces_unit u", row="u.id = NEW.unit_id", a="NEW"),
            UNIT.format("id = NEW.unit_id", "SHARE") + BUILDING.format("u.id = NEW.unit_id"),
        ),
        "Unit": (OUTSIDE.format(row="u.id = NEW.id", **TAKEN), BUILDING.format("u.id = NEW.id")),
        "Floor": (
            OUTSIDE.format(row="f.id = NEW.id", **TAKEN),
            UNIT.format("floor_id = NEW.id", "NO KEY UPDATE") + BUILDING.format("f.id = NEW.id"),
        ),
        "Building": (OUTSIDE.format(row="b.id = NEW.id", **TAKEN), ""),
    }

    def __init__(self, *, seen_from: str, **kwargs: Any) -> None:
        self.seen_from = seen_from
        super().__init__(**kwargs)

    def _guards(self, model: type[models.Model], editor: Any) -> Iterator[Statement]:
        table = Table(model._meta.db_table, editor.quote_name)
        outside, locks = self.SEEN[self.seen_from]
        events = "INSERT OR UPDATE" if self.seen_from == "Allocation" else "UPDATE"
        if editor.connection.vendor == "postgresql":
            yield Statement(
                f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off "
                f"AS $$ BEGIN {locks}IF EXISTS ({outside}) THEN "
                f"RAISE EXCEPTION 'constraint {self.name}' USING ERRCODE = '23514', CONSTRAINT = '{self.name}'; "
                "END IF; RETURN NULL; END $$",
                table=table,
            )
            yield Statement(
                f"CREATE TRIGGER {self.name}_rows AFTER {events} ON %(table)s "
                f"FOR EACH ROW EXECUTE FUNCTION {self.name}()",
                table=table,
            )
            return
        for event in ("INSERT", "UPDATE"):
            trigger = editor.quote_name(f"{self.name}_{event.lower()}")
            yield Statement(
                f"CREATE TRIGGER {trigger} AFTER {event} ON %(table)s "
                f"BEGIN SELECT RAISE(ABORT, 'constraint {self.name}') WHERE EXISTS ({outside}); END",
                table=table,
            )

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = DEFAULT_DB_ALIAS) -> None:
        try:
            self._check(model, instance, set(exclude or ()))
        except ValidationError as error:
            if self.seen_from == "Allocation":
                raise
            (message,) = error.error_dict.values()  # about rows for which the form of a unit or building has no field
            raise ValidationError(message) from None

    def _check(self, model: Any, instance: Any, left_out: set[str]) -> None:
        match self.seen_from:
            case "Allocation" if not left_out & {"unit", "starts_on", "ends_on", "moved_in_on"}:
                lifetimes.check_period(instance.unit, instance.starts_on, instance.ends_on)
                if instance.moved_in_on:
                    lifetimes.check_ready(instance.unit, instance.moved_in_on)
            case "Unit" if not instance._state.adding and not left_out & {"opens_on", "closes_on"}:
                lifetimes.check_unit(instance.allocations, opens_on=instance.opens_on, closes_on=instance.closes_on)
            case "Building" if not instance._state.adding and not left_out & {"ready_on", "closed_on"}:
                allocations = model._meta.apps.get_model("spaces", "Allocation")._default_manager
                taken = allocations.filter(unit__floor__building=instance)
                lifetimes.check_building(taken, ready_on=instance.ready_on, closed_on=instance.closed_on)

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"seen_from": self.seen_from}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, InsideLifeConstraint) and self.deconstruct() == other.deconstruct()

    __hash__ = BaseConstraint.__hash__
