"""Opens a workbook (XLSX, ODS, XLS) in a process of its own: bytes in on stdin, JSON out on stdout.

Run by path, `python -I workbooks.py [SHEET]`; it needs no Django. A file of 4 KiB that names the last cell of the last
column makes the parser ask for 500 GB and abort the process it runs in, and that must not be ours.
The parser also returns formulas and error values as plain or empty cells, so those are looked for here, in the parts.
"""

import contextlib
import io
import json
import re
import resource
import stat
import struct
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any
from xml.etree.ElementTree import fromstring
from xml.parsers import expat

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, load_workbook

MEMORY, SECONDS = 768 << 20, 20
MAX_ENTRIES, MAX_UNPACKED, MAX_RATIO = 1000, 64 << 20, 200
MAX_ROWS, MAX_COLUMNS = 20_020, 60  # 20,000 rows of data, and titles above them
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FORMULA, ARRAY_FORMULA, BOOLERR, BOUNDSHEET, BOF, EOF = 0x0006, 0x0406, 0x0205, 0x0085, 0x0809, 0x000A  # of XLS
NO_SECTOR = 0xFFFFFFFA
R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
R_ID_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"

type Marks = dict[str, str]  # "3,2" (row, column, from 0) -> "formula" or "error"


class Refused(Exception):  # noqa: N818 it is not an error of ours
    """The file is not read; the first argument says why in one word, a second one may name things."""


def main() -> None:
    with contextlib.suppress(ValueError):  # macOS knows no limit of memory; the limit of time still holds there
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    data = sys.stdin.buffer.read()
    try:
        answer = read(data, *sys.argv[1:])
    except PasswordError:
        answer = {"refused": "password", "names": []}
    except Refused as refused:
        answer = {"refused": refused.args[0], "names": list(refused.args[1:])}
    sys.stdout.write(json.dumps(answer))


def read(data: bytes, wanted: str = "") -> dict[str, Any]:
    """One sheet: its name, its rows from the first line on, and which cells hold formulas or errors."""
    if data.startswith(OLE) and "EncryptedPackage".encode("utf-16-le") in data:
        raise Refused("password")
    package = None if data.startswith(OLE) else unpacked(data)
    book = load_workbook(io.BytesIO(data))
    index = chosen(book, wanted)
    sheet = book.get_sheet_by_index(index)
    if sheet.end is None:
        raise Refused("empty")
    last_row, last_column = sheet.end
    if last_row >= MAX_ROWS:
        raise Refused("rows", last_row + 1)
    if last_column >= MAX_COLUMNS:
        raise Refused("columns", last_column + 1)
    rows = [[plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    fill_merged(rows, sheet)
    if package is None:
        marks = marks_of_xls(data, index)
    elif "content.xml" in package:
        marks = marks_of_ods(package["content.xml"], sheet.name)
    else:
        marks = marks_of_xlsx(package[part_of(package, sheet.name)])
    return {"sheet": sheet.name, "rows": rows, "marks": marks}


def unpacked(data: bytes) -> dict[str, bytes]:
    """The XML parts of a package, counted while they are read: what a part claims to hold is not believed."""
    found: dict[str, bytes] = {}
    size = 0
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        entries = package.infolist()
        if len(entries) > MAX_ENTRIES:
            raise Refused("bomb")
        for entry in entries:
            if ".." in entry.filename.split("/") or stat.S_ISLNK(entry.external_attr >> 16):
                raise Refused("broken")
            with package.open(entry) as part:
                content = part.read(MAX_UNPACKED - size + 1)
            size += len(content)
            if size > min(MAX_UNPACKED, MAX_RATIO * len(data)):
                raise Refused("bomb")
            if entry.filename.endswith((".xml", ".rels")):
                bare = content.replace(b"\0", b"")  # so that UTF-16 hides nothing
                if b"<!DOCTYPE" in bare or b"<!ENTITY" in bare:
                    raise Refused("entities")
                found[entry.filename] = content
    if not found.keys() & {"xl/workbook.xml", "content.xml"}:
        raise Refused("kind")
    return found


def chosen(book: CalamineWorkbook, wanted: str) -> int:
    """The sheet of that name; without a name the only visible one that holds anything."""
    if wanted:
        if wanted not in book.sheet_names:
            raise Refused("no_sheet", *book.sheet_names)
        return book.sheet_names.index(wanted)
    worksheets = [
        index
        for index, sheet in enumerate(book.sheets_metadata)
        if "WorkSheet" in str(sheet.typ) and "Visible" in str(sheet.visible).split(".")
    ]
    filled = [index for index in worksheets if book.get_sheet_by_index(index).end]
    if not filled:
        raise Refused("empty")
    if len(filled) > 1:
        raise Refused("sheets", *(book.sheet_names[index] for index in filled))
    return filled[0]


def plain(cell: Any) -> Any:
    """As JSON can hold it: a day as {"day": …}, a time or a length of time as {"time": …}."""
    if isinstance(cell, date):  # a datetime is one
        return {"day": cell.isoformat()}
    return cell if isinstance(cell, str | int | float | bool) else {"time": str(cell)}


def fill_merged(rows: list[list[Any]], sheet: CalamineSheet) -> None:
    """A value merged over several rows of one column is the value of each of them."""
    left = MAX_ROWS * MAX_COLUMNS
    for (top, column), (bottom, last) in sheet.merged_cell_ranges or []:
        if column != last or top >= len(rows) or column >= len(rows[top]):
            continue
        below = rows[top + 1 : bottom + 1]
        left -= len(below)
        if left < 0:
            raise Refused("bomb")
        for row in below:
            row[column] = rows[top][column]


def part_of(package: dict[str, bytes], name: str) -> str:
    """The part that holds a sheet of an XLSX."""
    links = fromstring(package["xl/_rels/workbook.xml.rels"])  # noqa: S314 what declares entities is refused before
    targets = {link.get("Id"): link.get("Target") or "" for link in links}
    for element in fromstring(package["xl/workbook.xml"]).iter():  # noqa: S314
        if element.tag.endswith("}sheet") and element.get("name") == name:
            target = targets[element.get(R_ID) or element.get(R_ID_STRICT)]
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise Refused("broken")


def marks_of_xlsx(part: bytes) -> Marks:
    marks: Marks = {}
    at = [-1, -1]

    def start(tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "row":
            at[:] = [int(attributes["r"]) - 1 if "r" in attributes else at[0] + 1, -1]
        elif tag == "c":
            at[1] = column_of(attributes["r"]) if "r" in attributes else at[1] + 1
            if attributes.get("t") == "e":
                marks[f"{at[0]},{at[1]}"] = "error"
        elif tag == "f":
            marks.setdefault(f"{at[0]},{at[1]}", "formula")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(part, True)  # noqa: FBT003 it takes no keyword
    return marks


def column_of(reference: str) -> int:
    """0 for A1, 27 for AB7."""
    number = 0
    for letter in re.sub(r"[^A-Z]", "", reference):
        number = number * 26 + ord(letter) - 64
    return number - 1


def marks_of_ods(part: bytes, name: str) -> Marks:
    marks: Marks = {}
    at = {"row": 0, "column": 0, "rows": 1, "columns": 1, "here": 0}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table":
            at.update(row=0, rows=1, here=int(attributes.get("table:name") == name))
        elif tag == "table:table-row":
            at.update(column=0, rows=int(attributes.get("table:number-rows-repeated", 1)))
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            repeated = int(attributes.get("table:number-columns-repeated", 1))
            kind = "error" if attributes.get("calcext:value-type") == "error" else "formula"
            if at["here"] and ("table:formula" in attributes or kind == "error"):
                for row in range(at["row"], min(at["row"] + at["rows"], MAX_ROWS)):
                    for column in range(at["column"], min(at["column"] + repeated, MAX_COLUMNS)):
                        marks[f"{row},{column}"] = kind
            at["column"] += repeated

    def end(tag: str) -> None:
        if tag == "table:table-row":
            at["row"] += at["rows"]

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(part, True)  # noqa: FBT003
    return marks


def marks_of_xls(data: bytes, index: int) -> Marks:
    stream = stream_of_xls(data)
    starts = [struct.unpack_from("<I", body)[0] for kind, body in records(stream, 0) if kind == BOUNDSHEET]
    marks: Marks = {}
    depth = 0
    for kind, body in records(stream, starts[index]):
        depth += (kind == BOF) - (kind == EOF)
        if depth == 0:
            break
        if kind in (FORMULA, ARRAY_FORMULA, BOOLERR):
            row, column = struct.unpack_from("<HH", body)
            if kind != BOOLERR or body[7]:
                marks[f"{row},{column}"] = "error" if kind == BOOLERR else "formula"
    return marks


def records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def stream_of_xls(data: bytes) -> bytes:
    """The stream Workbook (Book before 1997) of a compound file. 109 FAT sectors, those of the header, reach 7 MB."""
    sector = 1 << struct.unpack_from("<H", data, 30)[0]

    def block(number: int) -> bytes:
        return data[(number + 1) * sector : (number + 2) * sector]

    heads = [head for head in struct.unpack_from("<109I", data, 76) if head < NO_SECTOR]
    table = b"".join(block(head) for head in heads)
    following = struct.unpack(f"<{len(table) // 4}I", table)

    def chain(number: int) -> bytes:
        blocks = []
        while number < NO_SECTOR:
            blocks.append(block(number))
            number = following[number]
            if len(blocks) > len(following):
                raise Refused("broken")
        return b"".join(blocks)

    directory = chain(struct.unpack_from("<I", data, 48)[0])
    for at in range(0, len(directory), 128):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        if directory[at : at + max(length - 2, 0)].decode("utf-16-le") in ("Workbook", "Book"):
            return chain(struct.unpack_from("<I", directory, at + 116)[0])
    raise Refused("kind")


if __name__ == "__main__":
    main()
