"""Facts of a sheet of an ODS in addition to its values."""

from spaces.sandbox.parts import MAX_COLUMNS, MAX_ROWS, SheetFacts, parse

HIDDEN = ("collapse", "filter")
CELLS = ("table:table-cell", "table:covered-table-cell")


def read(part: bytes, name: str) -> SheetFacts:
    return OdsReader(name).read(part)


class OdsReader:
    """Parser of content.xml; repeated rows and cells are expanded up to the limits."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found = SheetFacts()
        self.here = False
        self.row, self.column, self.rows, self.columns = 0, 0, 1, 1
        self.folded = 0  # depth of hidden groups of rows
        self.number: str | None = None  # the value of a number, whose shown text comes next
        self.text: list[str] = []

    def read(self, part: bytes) -> SheetFacts:
        parse(part, self._start, self._end, self._data)
        return self.found

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table":
            self.row, self.rows, self.here = 0, 1, attributes.get("table:name") == self.name
        elif tag == "table:table-row-group":
            self.folded += self.folded > 0 or attributes.get("table:display") == "false"
        elif tag == "table:table-row":
            self.column, self.rows = 0, int(attributes.get("table:number-rows-repeated", 1))
            if self.here and (self.folded or attributes.get("table:visibility") in HIDDEN):
                self.found.hidden.update(range(self.row, min(self.row + self.rows, MAX_ROWS)))
        elif tag in CELLS:
            self._cell(attributes)

    def _cell(self, attributes: dict[str, str]) -> None:
        self.columns = int(attributes.get("table:number-columns-repeated", 1))
        error = attributes.get("calcext:value-type") == "error"
        if self.here and ("table:formula" in attributes or error):
            for place in self._places():
                self.found.marks[place] = "error" if error else "formula"
        if self.here and attributes.get("office:value-type") == "float":
            self.number, self.text = attributes.get("office:value", ""), []

    def _places(self) -> list[tuple[int, int]]:
        return [
            (row, column)
            for row in range(self.row, min(self.row + self.rows, MAX_ROWS))
            for column in range(self.column, min(self.column + self.columns, MAX_COLUMNS))
        ]

    def _data(self, text: str) -> None:
        if self.number is not None:
            self.text.append(text)

    def _end(self, tag: str) -> None:
        if tag in CELLS:
            shown = "".join(self.text).strip()
            if self.number is not None and self.number.isdecimal() and _says_more(shown, self.number):
                self.found.shown |= dict.fromkeys(self._places(), shown)
            self.number = None
            self.column += self.columns
        elif tag == "table:table-row":
            self.row += self.rows
        elif tag == "table:table-row-group":
            self.folded -= self.folded > 0


def _says_more(shown: str, number: str) -> bool:
    """Whether a whole number is shown with zeros in front or letters around it, and not with separators."""
    return (shown != number and shown.endswith(number) and (shown[0] == "0" or shown[0].isalpha())) or (
        shown.startswith(number) and shown[len(number) :].isalpha()
    )  # fmt: skip
