"""Read a workbook (XLSX, ODS, XLS) in a sandboxed process (see child.py). Argument: the name of the sheet, if any.

A file of 4 KiB that names the last cell of the last column makes the parser ask for 500 GB and abort.
The parser also returns formulas and error values as plain or empty cells, and neither hidden rows nor
formatted numbers, so those are read here from the parts: see `SheetFacts`.
"""

import io
import json
import stat
import sys
import zipfile
from datetime import date
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, load_workbook

from spaces.sandbox import ods, xls, xlsx
from spaces.sandbox.parts import MAX_COLUMNS, MAX_ROWS, OLE, WorkbookRefused

MEMORY, SECONDS = 768 << 20, 20
MAX_ENTRIES, MAX_UNPACKED, MAX_RATIO = 1000, 64 << 20, 200


def main(arguments: list[str]) -> int:
    try:
        answer = read(sys.stdin.buffer.read(), *arguments)
    except PasswordError:
        answer = {"refused": "password", "names": []}
    except WorkbookRefused as refused:
        answer = {"refused": refused.args[0], "names": list(refused.args[1:])}
    sys.stdout.write(json.dumps(answer))
    return 0


def read(data: bytes, wanted: str = "") -> dict[str, Any]:
    """One sheet: its name, its rows from the first line on, and the facts that the parser leaves out.

    `merged` are the ranges [top, left, bottom, right] with more than one row; the value is repeated in each row of a
    range that is one column wide. `marks`, `hidden`, `shown`: see parts.SheetFacts.
    """
    if data.startswith(OLE) and "EncryptedPackage".encode("utf-16-le") in data:
        raise WorkbookRefused("password")
    package = None if data.startswith(OLE) else unpacked(data)
    book = load_workbook(io.BytesIO(data))
    index = chosen(book, wanted)
    sheet = book.get_sheet_by_index(index)
    if sheet.end is None:
        raise WorkbookRefused("empty")
    last_row, last_column = sheet.end
    if last_row >= MAX_ROWS:
        raise WorkbookRefused("rows", last_row + 1)
    if last_column >= MAX_COLUMNS:
        raise WorkbookRefused("columns", last_column + 1)
    rows = [[plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    merged = fill_merged(rows, sheet)
    if package is None:
        found = xls.read(data, index)
    elif "content.xml" in package:
        found = ods.read(package["content.xml"], sheet.name)
    else:
        found = xlsx.read(package, sheet.name)
    return {"sheet": sheet.name, "rows": rows, "merged": merged} | found.plain()


def unpacked(data: bytes) -> dict[str, bytes]:
    """The XML parts of a package. Sizes are counted while reading: declared sizes are not trusted."""
    found: dict[str, bytes] = {}
    size = 0
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        entries = package.infolist()
        if len(entries) > MAX_ENTRIES:
            raise WorkbookRefused("bomb")
        for entry in entries:
            if ".." in entry.filename.split("/") or stat.S_ISLNK(entry.external_attr >> 16):
                raise WorkbookRefused("broken")
            with package.open(entry) as part:
                content = part.read(MAX_UNPACKED - size + 1)
            size += len(content)
            if size > min(MAX_UNPACKED, MAX_RATIO * len(data)):
                raise WorkbookRefused("bomb")
            if entry.filename.endswith((".xml", ".rels")):
                bare = content.replace(b"\0", b"")  # UTF-16 would hide the declarations searched for
                if b"<!DOCTYPE" in bare or b"<!ENTITY" in bare:
                    raise WorkbookRefused("entities")
                found[entry.filename] = content
    if not found.keys() & {"xl/workbook.xml", "content.xml"}:
        raise WorkbookRefused("kind")
    return found


def chosen(book: CalamineWorkbook, wanted: str) -> int:
    """The sheet of that name; without a name the only visible sheet that is not empty."""
    if wanted:
        if wanted not in book.sheet_names:
            raise WorkbookRefused("no_sheet", *book.sheet_names)
        return book.sheet_names.index(wanted)
    worksheets = [
        index
        for index, sheet in enumerate(book.sheets_metadata)
        if "WorkSheet" in str(sheet.typ) and "Visible" in str(sheet.visible).split(".")
    ]
    filled = [index for index in worksheets if book.get_sheet_by_index(index).end]
    if not filled:
        raise WorkbookRefused("empty")
    if len(filled) > 1:
        raise WorkbookRefused("sheets", *(book.sheet_names[index] for index in filled))
    return filled[0]


def plain(cell: Any) -> Any:
    """The value as plain JSON: a day as {"day": …}, a time or a length of time as {"time": …}."""
    if isinstance(cell, date):  # a datetime is one
        return {"day": cell.isoformat()}
    return cell if isinstance(cell, str | int | float | bool) else {"time": str(cell)}


def fill_merged(rows: list[list[Any]], sheet: CalamineSheet) -> list[list[int]]:
    """Repeat a value that is merged over several rows of one column; the ranges of more than one row."""
    left = MAX_ROWS * MAX_COLUMNS
    ranges = []
    for (top, column), (bottom, last) in sheet.merged_cell_ranges or []:
        if top >= len(rows) or column >= len(rows[top]) or bottom == top:
            continue
        below = rows[top + 1 : bottom + 1]
        left -= len(below)
        if left < 0:
            raise WorkbookRefused("bomb")
        ranges.append([top, column, min(bottom, len(rows) - 1), last])
        if column == last:
            for row in below:
                row[column] = rows[top][column]
    return ranges
