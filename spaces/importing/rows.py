"""Read the rows of a list of rooms, each by itself: its facts or its problems."""

import re
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from spaces.importing import cells, floor_patterns, totals
from spaces.importing.columns import FIELDS, Columns, Kind
from spaces.importing.questions import question
from spaces.importing.reading import Hidden, ImportLine, ImportOptions, ImportReading
from spaces.importing.sheets import CellValue, Worksheet
from spaces.models.codes import clean_code
from spaces.states import Use
from spaces.values.numbers import POINT, is_ambiguous
from spaces.values.plain_text import shown

NOT_ROOMS = {"roof", "屋顶", "屋面", "天台", "site", "场地", "室外", "室外场地"}
NOT_STOREYS = re.compile(r"\b(roof|site|footing)\b|屋顶|屋面|天台|场地|室外|基础")
OF_THE_ROOM_ALONE = {"unit", "power_kw"}  # besides areas: fields that several rooms do not share
HIDDEN_SHOWN = 10
STEP = 1000  # rows between two reports of progress

type Progress = Callable[[str, int, int], None]


def read_lines(sheet: Worksheet, columns: Columns, choices: ImportOptions, *, progress: Progress) -> ImportReading:
    """Read every row after the header. Raises ValidationError: skip (a row to leave out does not exist), hidden."""
    reading = ImportReading(sheet, columns, choices)
    last = len(sheet.rows)
    for number in range(columns.header + 2, last + 1):
        row = sheet.rows[number - 1]
        if number % STEP == 0:
            progress("read", number, last)
        if not any(cell.strip() if isinstance(cell, str) else True for cell in row):
            continue
        reading.read += 1
        if word := _total_of(columns, row):
            reading.skipped[number] = _("a total, not a room")
            area = _exact_area(reading, row)
            reading.items.append(
                totals.TotalsRow(number, area, _floor_in(columns, row), word, _is_hidden(reading, number))
            )
        else:
            _read_line(reading, number, row)
    _check_hidden(reading)
    # A name that does not occur is a typing error: what it should have left out would be imported.
    if slips := (choices.skip_floors | choices.skip_units) - reading.found_to_skip:
        message = _("“%(names)s” should be left out, but no row names it.")
        raise question("skip", message, names=shown(", ".join(sorted(slips))))
    return reading


def _total_of(columns: Columns, row: list[CellValue]) -> str:
    """The word that makes a row a total: it names no room, or the total in place of one."""
    unit = columns.found.get("unit")
    room = row[unit] if unit is not None and unit < len(row) else ""
    if isinstance(room, str) and totals.is_total(room):
        return room.strip()
    if not cells.is_blank(room):
        return ""
    return next((cell.strip() for cell in row if isinstance(cell, str) and totals.is_total(cell)), "")


def _floor_in(columns: Columns, row: list[CellValue]) -> str:
    column = columns.found.get("floor", columns.found.get("level"))
    return cells.text(row[column]) if column is not None and column < len(row) else ""


def _exact_area(reading: ImportReading, row: list[CellValue]) -> Decimal | None:
    """The exact usable area of a row, if it can be read."""
    column = reading.columns.found.get("usable_area")
    if column is None or column >= len(row):
        return None
    with suppress(ValidationError):
        cells.check(row[column])
        return _area(reading, row[column])
    return None


def _is_hidden(reading: ImportReading, number: int) -> bool:
    return number - 1 in reading.sheet.hidden


def _check_hidden(reading: ImportReading) -> None:
    """Ask about hidden rows of the workbook: they may be deleted rooms, or a filter left on."""
    if reading.choices.hidden_rows:
        return
    hidden = [item.row for item in reading.items if item.hidden]
    if hidden:
        message = _("The workbook does not show %(count)s of its rows: they are hidden, filtered out or in a closed "
                  "group (%(rows)s). Should they be imported?")  # fmt: skip
        rows = ", ".join(map(str, hidden[:HIDDEN_SHOWN])) + ("…" if hidden[HIDDEN_SHOWN:] else "")
        raise question("hidden", message, count=len(hidden), rows=rows)


def _read_line(reading: ImportReading, number: int, row: list[CellValue]) -> None:
    line = ImportLine(number)
    known = len(reading.problems)
    for name, column in reading.columns.found.items():
        cell = row[column] if column < len(row) else ""
        try:
            cells.check(cell)
            if not cells.is_blank(cell):
                _check_merged(reading, number, name, column)
                _take(reading, line, name, _as_shown(reading, number, column, name) or cell)
        except ValidationError as error:
            if error.code == "zero" and reading.choices.zero_as_unknown:
                reading.zeros.setdefault(name, []).append(number)
            else:
                reading.refuse_by(line, name, error)
    _check_total(reading, line, row)
    hidden = _is_hidden(reading, number)
    reading.items.append(totals.TotalsRow(number, line.exact.get("usable_area"), line.floor, hidden=hidden))
    if why := _skip(reading, line):
        reading.skipped[number] = why
        del reading.problems[known:]
        for rows in [*reading.zeros.values(), *reading.unknown_uses.values()]:
            if number in rows[-1:]:
                rows.pop()
        return
    _complete(reading, line, {problem.title for problem in reading.problems[known:]})
    reading.lines.append(line)


def _check_total(reading: ImportReading, line: ImportLine, row: list[CellValue]) -> None:
    """Report a row that names a room and, outside its texts, a total: it may be either."""
    texts = {column for name, column in reading.columns.found.items() if FIELDS[name][0] is Kind.TEXT}
    for column, cell in enumerate(row):
        if column not in texts and isinstance(cell, str) and totals.is_total(cell):
            message = _("The row reads as a total (“%(word)s”) and names a room. Delete one of both.")
            reading.refuse(line, "unit", "total", message % {"word": shown(cell)})
            return


def _as_shown(reading: ImportReading, number: int, column: int, name: str) -> str:
    """The cell of a code or a floor as the workbook shows it: 401 as 0401, 3 as 3层."""
    wanted = FIELDS[name][0] in (Kind.CODE, Kind.FLOOR)
    return reading.sheet.shown.get((number - 1, column), "") if wanted else ""


def _check_merged(reading: ImportReading, number: int, name: str, column: int) -> None:
    """Report merged cells: a floor merged over rows applies to each of them, an area to all of them together."""
    top, bottom = reading.sheet.merged.get((number - 1, column), (0, 0))
    if bottom > top and (name in OF_THE_ROOM_ALONE or FIELDS[name][0] is Kind.AREA):
        message = _("One value stands for the rows %(first)s to %(last)s together. Enter that of each room.")
        raise question("merged", message, first=top + 1, last=bottom + 1)


def _take(reading: ImportReading, line: ImportLine, name: str, cell: CellValue) -> None:
    """Store the value of a cell in its place on the line."""
    choices = reading.choices
    match FIELDS[name][0]:
        case Kind.CODE if name == "unit":
            line.code = cells.code(cell, numeric=choices.numeric_codes, fold=choices.fold_codes)
            if clean_code(cells.text(cell)) != line.code:
                line.facts.setdefault("label", cells.text(cell))
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
            _check_decimal(reading, cell)
            exact = _area(reading, cell)
            line.facts[name], line.exact[name] = cells.rounded(exact), exact
        case Kind.TEXT:
            line.facts[name] = cells.text(cell)
            line.texts.add(cells.plain(line.facts[name]))
        case kind:
            line.facts["height_m" if kind is Kind.HEIGHT_MM else name] = PARSERS[kind](cell)


def _area(reading: ImportReading, cell: CellValue) -> Decimal:
    choices = reading.choices
    return cells.area(cell, square_feet=choices.square_feet, decimal=choices.decimal or POINT)


def _check_decimal(reading: ImportReading, cell: CellValue) -> None:
    """Ask for the decimal sign: in a file with semicolons 1.234 may be 1234."""
    if reading.sheet.delimiter == ";" and not reading.choices.decimal and isinstance(cell, str) and is_ambiguous(cell):
        message = _("In a file with semicolons this may have a decimal comma or a decimal point.")
        raise question("decimal", message)


PARSERS: dict[Kind, Callable[[CellValue], Any]] = {
    Kind.HEIGHT_M: cells.height_m,
    Kind.HEIGHT_MM: cells.height_mm,
    Kind.COUNT: cells.count,
    Kind.NUMBER: cells.number,
    Kind.DAY: cells.day,
    Kind.FLAG: cells.flag,
    Kind.SOURCE: cells.source,
}


def _take_use(reading: ImportReading, line: ImportLine, cell: CellValue) -> None:
    word = cells.text(cell)
    use = cells.use(cell, reading.choices.uses)
    line.texts.add(cells.plain(word))
    if use is None:
        if reading.choices.use is None:
            message = _("This use is not known. The uses are: %(uses)s.")
            raise question("use", message, ask="map_use", word=shown(word), uses=", ".join(Use.values))
        use = reading.choices.use
        reading.unknown_uses.setdefault(shown(word), []).append(line.row)
    line.facts["use"] = use


def _skip(reading: ImportReading, line: ImportLine) -> str:
    if reading.choices.hidden_rows is Hidden.LEAVE and _is_hidden(reading, line.row):
        return _("the workbook does not show the row")
    floor = cells.plain(line.floor)
    if floor in reading.choices.skip_floors:
        reading.found_to_skip.add(floor)
        return _("floor “%(floor)s” is left out") % {"floor": shown(line.floor)}
    if line.code in reading.choices.skip_units:
        reading.found_to_skip.add(line.code)
        return _("unit “%(unit)s” is left out") % {"unit": shown(line.code)}
    return ""


def _complete(reading: ImportReading, line: ImportLine, refused: set[str]) -> None:
    """Check that a row names its unit and floor, and that its usable area is within its gross area."""
    titles, found = reading.columns.titles, reading.columns.found
    if line.code and not line.floor and line.level is None:
        line.floor = floor_patterns.of_code(line.code, reading.choices.floor_in_code) or reading.choices.floor_for_all
    for name, given in (("unit", line.code), ("floor", line.floor or line.level is not None)):
        where = name if name in found else "level" if "level" in found else "unit"
        if not given and shown(titles[found[where]]) not in refused:
            message = _("The row names no unit.") if name == "unit" else _("The row names no floor.")
            reading.refuse(line, where, "missing", message + " " + _("Fill the cell, or delete the row."))
    usable, gross = line.facts.get("usable_area"), line.facts.get("gross_area")
    if usable and gross and usable > gross:
        message = _("The usable area is larger than the gross area (%(gross)s m²). Are the columns exchanged?")
        reading.refuse(line, "usable_area", "basis", message % {"gross": gross})
