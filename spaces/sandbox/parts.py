"""Limits and SheetFacts, shared by the readers of the three kinds of workbook."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

type StartTag = Callable[[str, dict[str, str]], None]

MAX_ROWS, MAX_COLUMNS = 20_020, 60  # 20,000 rows of data, and titles above them
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class WorkbookRefused(Exception):  # noqa: N818 it is not an error of ours
    """The file is not read; the first argument is the code of the reason, more may name things."""


def parse(part: bytes, start: StartTag, end: Callable[[str], None], text: Callable[[str], None]) -> None:
    """Give each tag and text of an XML part to its handler."""
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.Parse(part, True)  # noqa: FBT003 it takes no keyword


@dataclass(slots=True)
class SheetFacts:
    """Facts of a sheet in addition to its values; rows and columns count from 0.

    marks: (row, column) -> "formula" or "error", whose value can't be known.
    hidden: rows that a person who opens the sheet does not see: hidden, filtered out, or in a collapsed group.
    shown: (row, column) -> text, where a whole number is shown with zeros in front or letters around it.
    """

    marks: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    shown: dict[tuple[int, int], str] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """The facts as plain JSON; places as "row,column"."""
        return {
            "marks": {f"{row},{column}": kind for (row, column), kind in self.marks.items()},
            "hidden": sorted(self.hidden),
            "shown": {f"{row},{column}": text for (row, column), text in self.shown.items()},
        }
