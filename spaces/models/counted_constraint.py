"""Mark the units whose states may differ after a write, for the month ledger: triggers on both databases."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.ddl_references import Statement, Table

from spaces.models.constraints import TriggerConstraint


class CountedConstraint(TriggerConstraint):
    """Units whose states may differ after a write are marked as stale in spaces_countedunit, whoever writes.

    On PostgreSQL the mark is also the lock behind which a transaction counts the unit: a second writer of the unit
    waits here for the first. A unit that is added shares a lock on its place, and a change of a place that its units
    depend on waits for it: else neither would see the other.

    `seen_from`: the name of the model; a place above units, ParkPeriod, Unit, or a model with a `unit`. `watches`: the
    columns that the state, the size, the place or the group of a unit depend on.
    """

    triggers = (("rows", "changes"), ("insert", "update", "delete"))
    MARK = (
        "INSERT INTO spaces_countedunit (unit, stale, runs) {units} "
        "ON CONFLICT (unit) DO UPDATE SET stale = TRUE WHERE NOT spaces_countedunit.stale; "
    )
    ONE = "SELECT {row}.{column}, TRUE, '[]' WHERE TRUE"
    OF_PLACE = (
        "SELECT u.id, TRUE, '[]' FROM spaces_unit u JOIN spaces_floor f ON f.id = u.floor_id "
        "JOIN spaces_building b ON b.id = f.building_id WHERE {path} ORDER BY u.id"
    )
    PATHS = {
        "Floor": "f.id = {row}.id",
        "Building": "b.id = {row}.id",
        "Park": "b.park_id = {row}.id",
        "ParkPeriod": "b.park_id = {row}.park_id",
    }
    SHARE = {
        "Unit": (
            "PERFORM 1 FROM spaces_floor f JOIN spaces_building b ON b.id = f.building_id "
            "JOIN spaces_park p ON p.id = b.park_id WHERE f.id = NEW.floor_id FOR SHARE OF f, b, p; "
        ),
        "Floor": (
            "PERFORM 1 FROM spaces_building b JOIN spaces_park p ON p.id = b.park_id "
            "WHERE b.id = NEW.building_id FOR SHARE OF b, p; "
        ),
        "Building": "PERFORM 1 FROM spaces_park p WHERE p.id = NEW.park_id FOR SHARE OF p; ",
        "ParkPeriod": "PERFORM 1 FROM spaces_park p WHERE p.id = NEW.park_id FOR NO KEY UPDATE OF p; ",
    }

    def __init__(self, *, seen_from: str, watches: Sequence[str], **kwargs: Any) -> None:
        self.seen_from, self.watches = seen_from, tuple(watches)
        super().__init__(**kwargs)

    @property
    def _of_place(self) -> bool:
        """Whether rows are places above units: those have no units when they are added or removed."""
        return self.seen_from in {"Floor", "Building", "Park"}

    @property
    def _unit(self) -> str:
        return "id" if self.seen_from == "Unit" else "unit_id"

    def _mark(self, row: str) -> str:
        if path := self.PATHS.get(self.seen_from):
            return self.MARK.format(units=self.OF_PLACE.format(path=path.format(row=row)))
        return self.MARK.format(units=self.ONE.format(row=row, column=self._unit))

    def _differs(self, operator: str) -> str:
        return " OR ".join(f"OLD.{name} {operator} NEW.{name}" for name in self.watches)

    def _guards(self, model: type[models.Model], editor: Any) -> Iterator[Statement]:
        on_postgresql = editor.connection.vendor == "postgresql"
        yield from (self._on_postgresql if on_postgresql else self._on_sqlite)(
            Table(model._meta.db_table, editor.quote_name)
        )

    def _on_postgresql(self, table: Table) -> Iterator[Statement]:
        body = self.SHARE.get(self.seen_from, "") + self._mark("NEW")
        if not self._of_place:
            body = f"IF TG_OP <> 'INSERT' THEN {self._mark('OLD')}END IF; IF TG_OP <> 'DELETE' THEN {body}END IF; "
        yield Statement(
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off "
            f"AS $$ BEGIN {body}RETURN NULL; END $$",
            table=table,
        )
        if not self._of_place:
            yield self._trigger("rows", "INSERT OR DELETE", "", table)
        yield self._trigger("changes", "UPDATE", f"WHEN ({self._differs('IS DISTINCT FROM')}) ", table)

    def _trigger(self, suffix: str, events: str, when: str, table: Table) -> Statement:
        return Statement(
            f"CREATE TRIGGER {self.name}_{suffix} AFTER {events} ON %(table)s "
            f"FOR EACH ROW {when}EXECUTE FUNCTION {self.name}()",
            table=table,
        )

    def _on_sqlite(self, table: Table) -> Iterator[Statement]:
        marks = {"UPDATE": self._mark("NEW")}
        if not self._of_place:
            marks = {
                "INSERT": marks["UPDATE"],
                "UPDATE": self._mark("OLD") + marks["UPDATE"],
                "DELETE": self._mark("OLD"),
            }
        for event, mark in marks.items():
            when = f"WHEN {self._differs('IS NOT')} " if event == "UPDATE" else ""
            yield Statement(
                f'CREATE TRIGGER "{self.name}_{event.lower()}" AFTER {event} ON %(table)s {when}BEGIN {mark}END',
                table=table,
            )

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = DEFAULT_DB_ALIAS) -> None:
        """Nothing: every row is as good as any other."""

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"seen_from": self.seen_from, "watches": self.watches}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CountedConstraint) and self.deconstruct() == other.deconstruct()

    __hash__ = TriggerConstraint.__hash__


@cache
def watched(model: type[models.Model]) -> tuple[str, ...]:
    """The columns of a model that the states of units depend on; none for the others."""
    marks = (each for each in model._meta.constraints if isinstance(each, CountedConstraint))
    return next((each.watches for each in marks), ())
