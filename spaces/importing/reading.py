"""Result of reading a list of rooms: options given with the file, rows, problems."""

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
from spaces.values import clock
from spaces.values.levels import Level
from spaces.values.periods import Validity
from spaces.values.plain_text import shown


class Hidden(StrEnum):
    """Whether hidden rows of a workbook are imported."""

    TAKE = "take"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Options given with the file. Floors and uses in the form of `cells.plain`, units as codes.

    `decimal`: the decimal sign, if the file is ambiguous. `floor_in_code`: patterns for the floor in a room's code
    (`floor_patterns.of_code`). `floor_for_all`: the floor of rows that name none. `validity`: for which days another
    use or area of a recorded unit is written.
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
    validity: Validity = field(default_factory=lambda: Validity.from_day(clock.today()))


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row is refused: its number, the cell, its header and value, the rule's code, and what to do.

    `facts`: those of the question (see `questions`), from which the caller makes the answer.
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
    """A note about rows that are not refused."""

    code: str
    rows: tuple[int, ...]
    message: str
    ask: str = ""


@dataclass(slots=True)
class ImportLine:
    """A row: `facts` of its unit and `exact` areas before rounding; both omit what is not recorded."""

    row: int
    code: str = ""
    building: str = ""
    floor: str = ""
    level: Level | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    exact: dict[str, Decimal] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)

    def names_its_place(self, columns: Columns) -> bool:
        """Whether unit, floor and building of the row could be read, whatever else is wrong with it."""
        has_floor = bool(self.floor) or self.level is not None
        return bool(self.code) and has_floor and (bool(self.building) or "building" not in columns.found)


@dataclass(slots=True)
class ImportReading:
    """Rows that are not empty are in `lines` or in `skipped`; their errors are in `problems`."""

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
        """Report a problem in the column of a field; without a cell if the file has no such column."""
        column = self.columns.found.get(name)
        row = self.sheet.rows[line.row - 1]
        value = row[column] if column is not None and column < len(row) else ""
        where = "" if column is None else cell_name(line.row - 1, column)
        title = "" if column is None else self.columns.titles[column]
        self.problems.append(RowProblem(line.row, where, shown(title), shown(value), code, message, facts))

    def refuse_by(self, line: ImportLine, name: str, error: ValidationError) -> None:
        """Report the error of a cell's parser."""
        self.refuse(line, name, str(error.code), error.messages[0], **(error.params or {}))
