"""Facts of a sheet of an XLSX in addition to its values."""

import re
from contextlib import suppress
from xml.etree.ElementTree import fromstring

from spaces.sandbox.formats import as_shown
from spaces.sandbox.parts import SheetFacts, WorkbookRefused, parse

R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
R_ID_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
TRUE = ("1", "true")


def read(package: dict[str, bytes], name: str) -> SheetFacts:
    return XlsxReader(_formats(package)).read(package[_part_of(package, name)])


class XlsxReader:
    """Parser of the XML of one sheet. `formats`: index of a style -> its number format, if the file defines one."""

    def __init__(self, formats: dict[int, str]) -> None:
        self.formats = formats
        self.found = SheetFacts()
        self.row, self.column = -1, -1
        self.style: str | None = None  # the format of the number whose value comes next
        self.value: list[str] | None = None
        self.all_hidden = False

    def read(self, part: bytes) -> SheetFacts:
        parse(part, self._start, self._end, self._text)
        return self.found

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition(":")[2]:
            case "sheetFormatPr":
                self.all_hidden = attributes.get("zeroHeight") in TRUE
            case "row":
                self.row, self.column = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1, -1
                if attributes.get("hidden", "1" if self.all_hidden else "0") in TRUE:
                    self.found.hidden.add(self.row)
            case "c":
                self._cell(attributes)
            case "f":
                self.found.marks.setdefault((self.row, self.column), "formula")
            case "v" if self.style is not None:
                self.value = []

    def _cell(self, attributes: dict[str, str]) -> None:
        self.column = _column_of(attributes["r"]) if "r" in attributes else self.column + 1
        kind = attributes.get("t", "n")
        if kind == "e":
            self.found.marks[self.row, self.column] = "error"
        self.style = self.formats.get(int(attributes.get("s", 0))) if kind == "n" else None

    def _text(self, text: str) -> None:
        if self.value is not None:
            self.value.append(text)

    def _end(self, tag: str) -> None:
        if self.value is None or tag.rpartition(":")[2] != "v":
            return
        with suppress(ValueError):
            text = as_shown(self.style or "", float("".join(self.value)))
            if text is not None:
                self.found.shown[self.row, self.column] = text
        self.value = None


def _formats(package: dict[str, bytes]) -> dict[int, str]:
    """Index of a cell style -> its number format, of those that the file defines itself."""
    if "xl/styles.xml" not in package:
        return {}
    styles = fromstring(package["xl/styles.xml"])  # noqa: S314 what declares entities is refused before
    own: dict[str, str] = {}
    found: dict[int, str] = {}
    for element in styles.iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "numFmt":
            own[element.get("numFmtId", "")] = element.get("formatCode", "")
        elif tag == "cellXfs":
            found = {
                number: own[xf.get("numFmtId", "")] for number, xf in enumerate(element) if xf.get("numFmtId") in own
            }
    return found


def _part_of(package: dict[str, bytes], name: str) -> str:
    """The part that holds a sheet."""
    links = fromstring(package["xl/_rels/workbook.xml.rels"])  # noqa: S314 sandboxed
    targets = {link.get("Id"): link.get("Target") or "" for link in links}
    for element in fromstring(package["xl/workbook.xml"]).iter():  # noqa: S314 sandboxed
        if element.tag.endswith("}sheet") and element.get("name") == name:
            target = targets[element.get(R_ID) or element.get(R_ID_STRICT)]
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise WorkbookRefused("broken")


def _column_of(reference: str) -> int:
    """0 for A1, 27 for AB7."""
    number = 0
    for letter in re.sub(r"[^A-Z]", "", reference):
        number = number * 26 + ord(letter) - 64
    return number - 1
