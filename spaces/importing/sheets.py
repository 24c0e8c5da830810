"""Read a spreadsheet file as rows of cells: CSV in four encodings, or one sheet of a workbook.

Raises ValidationError with a sentence and a code: size, kind, encoding, csv, broken, password, bomb, entities, rows,
columns, cell, empty, sheets, no_sheet.
"""

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spaces.importing.questions import question
from spaces.sandbox.parts import MAX_COLUMNS, MAX_ROWS, OLE
from spaces.sandbox.runner import Failed, Killed, run
from spaces.values.formulas import unquoted
from spaces.values.plain_text import shown

MAX_BYTES, MAX_CELL = 5_000_000, 32_768
SECONDS = 30
MOST = 0.7
ENCODINGS = {"utf-8": "UTF-8", "gb18030": "GB18030", "cp1252": "cp1252"}


class CellMark(Enum):
    """A cell whose value can't be known from the file."""

    FORMULA = "formula"
    ERROR = "error"
    TIME = "time"

    def __str__(self) -> str:
        return str(CELL_MARKS[self])


CELL_MARKS = {
    CellMark.FORMULA: gettext_lazy("(a formula)"),
    CellMark.ERROR: gettext_lazy("(an error)"),
    CellMark.TIME: gettext_lazy("(a time)"),
}

type CellValue = str | float | int | bool | date | CellMark


@dataclass(frozen=True, slots=True)
class Worksheet:
    """All rows of a file; row 1 is `rows[0]`. `how` describes how it was read; `delimiter` is that of a CSV file.

    Of a workbook, by row and column from 0: `merged`: cell -> first and last row of its merged range; `shown`: cell ->
    text of a whole number with a number format (0401); `hidden`: rows that are not shown.
    """

    name: str
    how: str
    rows: list[list[CellValue]]
    delimiter: str = ""
    merged: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    shown: Mapping[tuple[int, int], str] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()


def cell_name(row: int, column: int) -> str:
    """`C17`, from indexes that count from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def read_sheet(path: Path, *, sheet: str = "", encoding: str = "") -> Worksheet:
    """The rows of a file, whose kind follows from its bytes, not from its name."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        message = _("The file has %(size)s bytes; at most %(limit)s are read. Split it, or save it as CSV.")
        raise ValidationError(message % {"size": size, "limit": MAX_BYTES}, code="size")
    data = path.read_bytes()
    if data.startswith((b"PK", OLE)):
        return _read_workbook(data, sheet)
    if data.lstrip()[:1] == b"<":
        message = _("This is a web page or XML, whatever its name says. Open it in Excel and save it as XLSX.")
        raise ValidationError(message, code="kind")
    text, used = _decoded(data, encoding)
    delimiter = _delimiter(text)
    rows = _read_csv(text, delimiter)
    if not any(any(row) for row in rows):
        raise _refusal("empty", [])
    return Worksheet(path.name, used, rows, delimiter)


def _read_workbook(data: bytes, wanted: str) -> Worksheet:
    try:
        answer = json.loads(run("workbook", data, wanted, seconds=SECONDS))
    except Killed:  # by a limit, or the parser ran out of memory
        raise _refusal("bomb", []) from None
    except Failed:
        raise _refusal("broken", []) from None
    if "refused" in answer:
        raise _refusal(answer["refused"], answer["names"])
    rows = [[_thawed(cell) for cell in row] for row in answer["rows"]]
    for (row, column), kind in _by_place(answer["marks"]).items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = CellMark(kind)
    _check_cells(rows)
    return Worksheet(
        answer["sheet"],
        _("workbook, sheet “%(name)s”") % {"name": shown(answer["sheet"])},
        rows,
        merged={
            (row, column): (top, bottom)
            for top, left, bottom, right in answer["merged"]
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        },
        shown=_by_place(answer["shown"]),
        hidden=frozenset(answer["hidden"]),
    )


def _by_place(values: Mapping[str, str]) -> dict[tuple[int, int], str]:
    """(row, column) -> value; the keys of JSON are "row,column"."""
    return {(int(row), int(column)): value for place, value in values.items() for row, column in [place.split(",")]}


def _thawed(cell: Any) -> CellValue:
    match cell:
        case {"day": text}:
            moment = datetime.fromisoformat(text)
            return moment if moment.time() != moment.min.time() else moment.date()
        case {"time": _text}:
            return CellMark.TIME
        case _:
            return cell


def _refusal(code: str, names: list[Any]) -> ValidationError:
    """The error for a code of the workbook reader."""
    message = {
        "kind": _("This is not a workbook that can be read. Save it as XLSX, ODS or CSV."),
        "broken": _("The file is damaged or cut off. Open it in Excel, save it anew, and try again."),
        "password": _("The file has a password. Save it without one."),
        "bomb": _("The file asks for more memory or time than is safe. Copy the table into a new workbook."),
        "entities": _("The file declares XML entities, which no table needs. Copy the table into a new workbook."),
        "empty": _("The file holds no rows."),
        "sheets": _("Several sheets hold rows: %(names)s. Say which."),
        "no_sheet": _("There is no sheet of that name. There are: %(names)s."),
        "rows": _("The table has more than 20,000 rows, empty ones counted. Delete the empty ones, or split it."),
        "columns": _("The table has %(names)s columns; at most 60 are read. Delete what is not needed."),
        "cell": _("A cell is longer than 32,768 characters (%(names)s). Shorten it."),
        "csv": _("Row %(names)s can't be split into cells: a quotation mark is not closed or is inside a cell."),
    }[code]
    return question(code, message, names=", ".join(shown(name) for name in names))


def _read_csv(text: str, delimiter: str) -> list[list[CellValue]]:
    rows: list[list[CellValue]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            rows.append([unquoted(cell) for cell in row])
            if len(rows) > MAX_ROWS:
                raise _refusal("rows", [])
            if len(row) > MAX_COLUMNS and any(row[MAX_COLUMNS:]):
                raise _refusal("columns", [len(row)])
    except csv.Error as error:
        raise _refusal("cell" if "field limit" in str(error) else "csv", [len(rows) + 1]) from None
    _check_cells(rows)
    return rows


def _check_cells(rows: list[list[CellValue]]) -> None:
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str) and len(cell) > MAX_CELL:
                raise _refusal("cell", [cell_name(number, column)])


def _delimiter(text: str) -> str:
    """The most frequent of comma, semicolon and tab in the first lines."""
    start = re.sub(r'"[^"]*"', "", "\n".join(text[:20_000].splitlines()[:20]))
    return max(",;\t", key=start.count)


def _decoded(data: bytes, wanted: str) -> tuple[str, str]:
    """The text and the name of its encoding: UTF-8 if valid, else GB18030 or cp1252, whichever is plausible.

    Nearly any bytes decode as GB18030 and as cp1252, so a text must be plausible, or it is refused.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValidationError(_("The file is UTF-16 (“Unicode text”). Save it as “CSV UTF-8”."), code="encoding")
    if data.startswith(b"\xef\xbb\xbf") or wanted == "utf-8":
        return _strict(data, "utf-8-sig"), _("UTF-8 with a byte order mark") if data.startswith(b"\xef") else "UTF-8"
    if wanted:
        return _strict(data, wanted), ENCODINGS[wanted]
    try:
        return data.decode(), "UTF-8"
    except UnicodeDecodeError:
        pass
    if _broken_utf8(data):
        return _strict(data, "utf-8"), "UTF-8"  # raises, and names the place
    for encoding, plausible in (("gb18030", _plausible_chinese), ("cp1252", _plausible_western)):
        if plausible(data):
            return data.decode(encoding), ENCODINGS[encoding]
    message = _(
        "The letters of this file are neither UTF-8 nor GB18030 nor cp1252. "
        "Save it as “CSV UTF-8”, or name its encoding."
    )
    raise question("encoding", message)


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        message = _(
            "The text is not %(encoding)s: line %(line)s holds the byte %(byte)s. Save the file as “CSV UTF-8”."
        )
        params = {
            "encoding": ENCODINGS[encoding.removesuffix("-sig")],
            "line": error.object.count(b"\n", 0, error.start) + 1,
            "byte": f"0x{error.object[error.start]:02X}",
        }
        raise ValidationError(message % params, code="encoding") from None


def _broken_utf8(data: bytes) -> bool:
    """Whether most non-ASCII text is valid UTF-8: then the rest is damaged, not in another encoding."""
    text = data.decode(errors="replace")
    bad = text.count("\ufffd")
    return sum(not c.isascii() for c in text) - bad > bad


def _plausible_chinese(data: bytes) -> bool:
    """Whether most non-ASCII text is common characters of GB 2312 (level 1) or Chinese punctuation.

    Of Big5 or accented letters read as GB18030 at most half is.
    """
    try:
        letters = [c for c in data.decode("gb18030") if not c.isascii()]
    except UnicodeDecodeError:
        return False
    leads = [c.encode("gb2312", errors="ignore")[:1] for c in letters]
    common = sum(b"\xb0" <= lead <= b"\xd7" or lead in (b"\xa1", b"\xa3") for lead in leads)
    return common >= MOST * len(letters)


def _plausible_western(data: bytes) -> bool:
    """Whether most non-ASCII text is letters and signs of Western Europe, one or two at a time."""
    try:
        letters = [c for c in data.decode("cp1252") if not c.isascii()]
    except UnicodeDecodeError:
        return False
    runs = re.findall(rb"[\x80-\xff]+", data)
    usual = sum(c.isalpha() or c in "²³°€–—‘’“”…" for c in letters)
    return usual >= MOST * len(letters) and len(letters) <= 2 * len(runs)
