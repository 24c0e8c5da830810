"""What was read of a list of rooms: the options given with it, its rows, and what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError

from spaces.importing import totals
from spaces.importing.columns import Columns
from spaces.importing.sheets import Worksheet, cell_name
from spaces.states import AreaSource, Use
from spaces.values.levels import Level
from spaces.values.plain_text import shown


class Hidden(StrEnum):
    """What becomes of the rows that a workbook does not show."""

    TAKE = "take"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Options given with the file. Floors and uses are written as `cells.plain` does, units as codes.

    `decimal` is the sign before the decimals where the file leaves it open. `floor_in_code` are the patterns by which
    a room's code says its floor (see `floors.of_code`), `floor_for_all` the floor of rows that name none.
    """

    building: str = ""
    mapped: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    use: Use | None = None
    uses: Mapping[str, Use] = field(default_factory=dict)
    floors: Mapping[str, Level] = field(default_factory=dict)
    skip_floors: frozenset[str] = frozenset()
    skip_units: frozenset[str] = frozenset()
    square_feet: bool = False
    zero_as_unknown: bool = False
    numeric_codes: bool = False
    fold_codes: bool = False
    decimal: str = ""
    hidden_rows: Hidden | None = None
    floor_for_all: str = ""
    floor_in_code: tuple[str, ...] = ()
    area_source: AreaSource | None = None
    opens_on: date | None = None
    create: bool = False
    ready_on: date | None = None


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row is refused: its number, the cell, its header and value, the rule's code, and what to do.

    `facts` are those of the question (see `questions`), for whoever knows how it is answered.
    """

    row: int
    cell: str
    title: str
    value: str
    code: str
    message: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportRemark:
    """What is worth knowing about rows that are not refused."""

    code: str
    rows: tuple[int, ...]
    message: str
    ask: str = ""


@dataclass(slots=True)
class ImportLine:
    """One row: `facts` of its unit, `exact` areas before rounding, both without what is not recorded."""

    row: int
    code: str = ""
    building: str = ""
    floor: str = ""
    level: Level | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    exact: dict[str, Decimal] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)

    def names_its_place(self, columns: Columns) -> bool:
        """What the row says of unit, floor and building could be read, whatever else is wrong with it."""
        has_floor = bool(self.floor) or self.level is not None
        return bool(self.code) and has_floor and (bool(self.building) or "building" not in columns.found)


@dataclass(slots=True)
class ImportReading:
    """Every row that holds anything is in `lines` or in `skipped`; what is wrong with one is in `problems`."""

    sheet: Worksheet
    columns: Columns
    choices: ImportOptions
    read: int = 0
    lines: list[ImportLine] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    skipped: dict[int, str] = field(default_factory=dict)
    found_to_skip: set[str] = field(default_factory=set)
    unknown_uses: dict[str, list[int]] = field(default_factory=dict)
    items: list[totals.TotalsRow] = field(default_factory=list)
    zeros: dict[str, list[int]] = field(default_factory=dict)

    @property
    def refused(self) -> set[int]:
        """The rows with problems, each once."""
        return {problem.row for problem in self.problems}

    def refuse(self, line: ImportLine, name: str, code: str, message: str, /, **facts: Any) -> None:
        """Put down a problem in the column of a field; in none if the file has no such column."""
        column = self.columns.found.get(name)
        row = self.sheet.rows[line.row - 1]
        value = row[column] if column is not None and column < len(row) else ""
        where = "" if column is None else cell_name(line.row - 1, column)
        title = "" if column is None else self.columns.titles[column]
        self.problems.append(RowProblem(line.row, where, shown(title), shown(value), code, message, facts))

    def refuse_by(self, line: ImportLine, name: str, error: ValidationError) -> None:
        """Put down what a parser says of a cell."""
        self.refuse(line, name, str(error.code), error.messages[0], **(error.params or {}))
