"""The rows of a list of rooms, each read by itself: what it says, or what is wrong with it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from spaces import cells
from spaces.columns import FIELDS, Columns, Kind
from spaces.hygiene import shown
from spaces.sheets import Cell, Sheet, cell_name
from spaces.states import AreaSource, Use

TOTALS = {"合计", "总计", "小计", "共计", "total", "totals", "subtotal", "sub total", "grand total", "sum"}
NOT_ROOMS = {"roof", "屋顶", "屋面", "天台", "site", "场地", "室外", "室外场地"}
NOT_STOREYS = re.compile(r"\b(roof|site|footing)\b|屋顶|屋面|天台|场地|室外|基础")
STEP = 1000  # rows between two lines of progress

type Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person says beside the file. Floors and uses are written as `cells.plain` does, units as codes."""

    building: str = ""
    mapped: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    use: Use | None = None
    uses: Mapping[str, Use] = field(default_factory=dict)
    floors: Mapping[str, int] = field(default_factory=dict)
    skip_floors: frozenset[str] = frozenset()
    skip_units: frozenset[str] = frozenset()
    square_feet: bool = False
    zero_as_unknown: bool = False
    numeric_codes: bool = False
    area_source: AreaSource | None = None
    opens_on: date | None = None
    create: bool = False
    ready_on: date | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused: its number, the cell, its header and value, the rule's code, and what to do."""

    row: int
    cell: str
    title: str
    value: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What is worth knowing about rows that are not refused."""

    code: str
    rows: tuple[int, ...]
    message: str


@dataclass(slots=True)
class Line:
    """One row: `facts` of its unit, `exact` areas before rounding, both without what is not recorded."""

    row: int
    code: str = ""
    building: str = ""
    floor: str = ""
    level: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    exact: dict[str, Decimal] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)

    def names_its_place(self, columns: Columns) -> bool:
        """What the row says of unit, floor and building could be read, whatever else is wrong with it."""
        has_floor = bool(self.floor) or self.level is not None
        return bool(self.code) and has_floor and (bool(self.building) or "building" not in columns.found)


@dataclass(slots=True)
class Reading:
    """Every row that holds anything is in `lines` or in `skipped`; what is wrong with one is in `problems`."""

    sheet: Sheet
    columns: Columns
    choices: Choices
    read: int = 0
    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped: dict[int, str] = field(default_factory=dict)
    found_to_skip: set[str] = field(default_factory=set)
    unknown_uses: dict[str, list[int]] = field(default_factory=dict)
    zeros: dict[str, list[int]] = field(default_factory=dict)

    @property
    def refused(self) -> set[int]:
        """The rows with problems, each once."""
        return {problem.row for problem in self.problems}

    def refuse(self, line: Line, name: str, code: str, message: str) -> None:
        """Put down a problem in the column of a field; in none if the file has no such column."""
        column = self.columns.found.get(name)
        row = self.sheet.rows[line.row - 1]
        value = row[column] if column is not None and column < len(row) else ""
        where = "" if column is None else cell_name(line.row - 1, column)
        title = "" if column is None else self.columns.titles[column]
        self.problems.append(Problem(line.row, where, shown(title), shown(value), code, message))


def read_lines(sheet: Sheet, columns: Columns, choices: Choices, *, progress: Progress) -> Reading:
    """Every row after the header. Raises ValidationError `skip` if nothing is there that should be left out."""
    reading = Reading(sheet, columns, choices)
    last = len(sheet.rows)
    for number in range(columns.header + 2, last + 1):
        row = sheet.rows[number - 1]
        if number % STEP == 0:
            progress("read", number, last)
        if not any(cell.strip() if isinstance(cell, str) else True for cell in row):
            continue
        reading.read += 1
        first = next(cell for cell in row if not isinstance(cell, str) or cell.strip())
        if isinstance(first, str) and cells.plain(first).rstrip(": ") in TOTALS:
            reading.skipped[number] = _("a total, not a room")
        else:
            _read_line(reading, number, row)
    # A name that is not there is a slip of the pen, and what it should have left out comes in.
    if slips := (choices.skip_floors | choices.skip_units) - reading.found_to_skip:
        words = _("“%(names)s” should be left out, but no row names it.")
        raise ValidationError(words % {"names": shown(", ".join(sorted(slips)))}, code="skip")
    return reading


def _read_line(reading: Reading, number: int, row: list[Cell]) -> None:
    line = Line(number)
    known = len(reading.problems)
    for name, column in reading.columns.found.items():
        cell = row[column] if column < len(row) else ""
        try:
            cells.check(cell)
            if not cells.is_blank(cell):
                _take(reading, line, name, cell)
        except ValidationError as error:
            if error.code == "zero" and reading.choices.zero_as_unknown:
                reading.zeros.setdefault(name, []).append(number)
            else:
                reading.refuse(line, name, str(error.code), str(error.message))
    if why := _skip(reading, line):
        reading.skipped[number] = why
        del reading.problems[known:]
        for rows in [*reading.zeros.values(), *reading.unknown_uses.values()]:
            if number in rows[-1:]:
                rows.pop()
        return
    _complete(reading, line, {problem.title for problem in reading.problems[known:]})
    reading.lines.append(line)


def _take(reading: Reading, line: Line, name: str, cell: Cell) -> None:
    """Put what a cell says where it belongs on the line."""
    choices = reading.choices
    match FIELDS[name][0]:
        case Kind.CODE if name == "unit":
            line.code = cells.code(cell, numeric=choices.numeric_codes)
        case Kind.CODE:  # a building may also go by its name
            known = isinstance(cell, str)
            line.building = cells.text(cell if known else cells.code(cell, numeric=choices.numeric_codes))
        case Kind.FLOOR:
            line.floor = cells.floor_label(cell)
        case Kind.LEVEL:
            line.level = cells.level(cell)
        case Kind.USE:
            _take_use(reading, line, cell)
        case Kind.AREA:
            exact = cells.area(cell, square_feet=choices.square_feet)
            line.facts[name], line.exact[name] = cells.rounded(exact), exact
        case Kind.TEXT:
            line.facts[name] = cells.text(cell)
            line.words.add(cells.plain(line.facts[name]))
        case kind:
            line.facts["height_m" if kind is Kind.HEIGHT_MM else name] = PARSERS[kind](cell)


PARSERS: dict[Kind, Callable[[Cell], Any]] = {
    Kind.HEIGHT_M: cells.height_m,
    Kind.HEIGHT_MM: cells.height_mm,
    Kind.COUNT: cells.count,
    Kind.NUMBER: cells.number,
    Kind.DAY: cells.day,
    Kind.FLAG: cells.flag,
    Kind.SOURCE: cells.source,
}


def _take_use(reading: Reading, line: Line, cell: Cell) -> None:
    word = cells.text(cell)
    use = cells.use(cell, reading.choices.uses)
    line.words.add(cells.plain(word))
    if use is None:
        if reading.choices.use is None:
            words = _("This use is not known. Say what it is: --map-use \"%(word)s=office\", or give all such rows "
                      "one: --use office. The uses are: %(uses)s.")  # fmt: skip
            told = {"word": shown(word), "uses": ", ".join(Use.values)}
            raise ValidationError(words % told, code="use")
        use = reading.choices.use
        reading.unknown_uses.setdefault(shown(word), []).append(line.row)
    line.facts["use"] = use


def _skip(reading: Reading, line: Line) -> str:
    floor = cells.plain(line.floor)
    if floor in reading.choices.skip_floors:
        reading.found_to_skip.add(floor)
        return _("floor “%(floor)s” is left out") % {"floor": shown(line.floor)}
    if line.code in reading.choices.skip_units:
        reading.found_to_skip.add(line.code)
        return _("unit “%(unit)s” is left out") % {"unit": shown(line.code)}
    return ""


def _complete(reading: Reading, line: Line, refused: set[str]) -> None:
    """A row names its unit and its floor, and its usable area fits into its gross area."""
    titles, found = reading.columns.titles, reading.columns.found
    for name, given in (("unit", line.code), ("floor", line.floor or line.level is not None)):
        where = name if name in found else "level"
        if not given and shown(titles[found[where]]) not in refused:
            words = _("The row names no unit.") if name == "unit" else _("The row names no floor.")
            reading.refuse(line, where, "missing", words + " " + _("Fill the cell, or delete the row."))
    usable, gross = line.facts.get("usable_area"), line.facts.get("gross_area")
    if usable and gross and usable > gross:
        words = _("The usable area is larger than the gross area (%(gross)s m²). Are the columns exchanged?")
        reading.refuse(line, "usable_area", "basis", words % {"gross": gross})
