"""XLSX for people: a report sheet as they print it, and a sheet of plain data without merged cells.

Text is written as text, so that nothing a person typed becomes a formula; dates and numbers stay what they are.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_range

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 40


# Each row goes to a file before the next one is made: only the packed workbook is held, 80 bytes a row.
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
FIRST_WIDE = 0x2E80  # from here on a character takes the room of two


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet; `total`: its sum is shown under it; `rate`: its numbers are shown in per cent."""

    title: str
    total: bool = False
    rate: bool = False


@dataclass(frozen=True, slots=True)
class WorkbookTable:
    """Content of a workbook; `notes` give unit, day and filter, one line each. `rows` are read once.

    `footer`: place of a column -> what stands under it in place of a sum; `about`: (name, value) of a sheet of notes.
    """

    title: str
    notes: list
    columns: list
    rows: Iterable
    footer: dict = field(default_factory=dict)
    about: list = field(default_factory=list)


def workbook(filename, table):
    """A response with both sheets: title, notes, header, rows, total; then the bare data."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, OPTIONS) as book:
        styles = _styles(book)
        report, data = book.add_worksheet(_("Report")), book.add_worksheet(_("Data"))
        top = _head(report, styles, table)
        number, sums = _cells(((report, top), (data, 0)), styles, table)
        _total(report, styles, top, table, number=number, sums=sums)
        data.freeze_panes(1, 1)
        data.autofilter(0, 0, max(1, number), len(table.columns) - 1)
        if table.about:
            _about(book.add_worksheet(_("Notes")), styles, table.about)
    response = HttpResponse(made.getvalue(), content_type=TYPE)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename)
    return response


def _styles(book):
    return {
        "title": book.add_format({"bold": True, "font_size": 14, "align": "center", "valign": "vcenter"}),
        "note": book.add_format({"font_color": "#4B5560"}),
        "head": book.add_format({"bold": True, "bg_color": "#EAF2FB", "border": 1, "text_wrap": True}),
        "cell": book.add_format({"border": 1}),
        "area": book.add_format({"border": 1, "num_format": "#,##0.00"}),
        "rate": book.add_format({"border": 1, "num_format": "0.0%"}),
        "total_rate": book.add_format({"border": 1, "bold": True, "num_format": "0.0%"}),
        "day": book.add_format({"border": 1, "num_format": "yyyy-mm-dd"}),
        "total": book.add_format({"border": 1, "bold": True, "num_format": "#,##0.00"}),
    }


def _head(sheet, styles, table):
    """Write title and notes of the report; the number of the row of its header."""
    last = max(1, len(table.columns) - 1)
    sheet.merge_range(0, 0, 0, last, table.title, styles["title"])
    for number, note in enumerate(table.notes, 1):
        sheet.write_string(number, 0, note, styles["note"])
    top = len(table.notes) + 1
    sheet.freeze_panes(top + 1, 1)
    sheet.repeat_rows(top)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    return top


def _cells(sheets, styles, table):
    """Write header and rows under the header's row of each sheet; (how many rows, the sum of each column of areas)."""
    widths = [len(column.title) * 2 for column in table.columns]
    sums = [Decimal(0) if column.total else None for column in table.columns]
    number = 0
    for sheet, top in sheets:
        for place, column in enumerate(table.columns):
            sheet.write_string(top, place, column.title, styles["head"])
    for number, row in enumerate(table.rows, 1):
        for sheet, top in sheets:
            for place, value in enumerate(row):
                _write(sheet, styles, top + number, place, value, rate=table.columns[place].rate)
        for place, value in enumerate(row):
            widths[place] = max(widths[place], _width(value))
            if sums[place] is not None and value is not None:
                sums[place] += value
    for sheet, _top in sheets:
        for place, width in enumerate(widths):
            sheet.set_column(place, place, min(WIDEST, width + 2))
    return number, sums


def _width(value):
    text = "" if value is None else str(value)
    return len(text) if text.isascii() else sum(2 if ord(char) >= FIRST_WIDE else 1 for char in text)


def _about(sheet, styles, pairs):
    sheet.set_column(0, 1, WIDEST)
    for number, (name, value) in enumerate(pairs):
        sheet.write_string(number, 0, name, styles["head"])
        sheet.write_string(number, 1, value, styles["cell"])


def _write(sheet, styles, number, place, value, *, rate=False):
    if value is None or value == "":
        sheet.write_blank(number, place, None, styles["cell"])
    elif isinstance(value, Decimal):
        sheet.write_number(number, place, value, styles["rate" if rate else "area"])
    elif isinstance(value, int):
        sheet.write_number(number, place, value, styles["cell"])
    elif isinstance(value, date):
        sheet.write_datetime(number, place, value, styles["day"])
    else:
        sheet.write_string(number, place, str(value), styles["cell"])


def _total(sheet, styles, top, table, *, number, sums):
    """The sums as formulas that show their value before a program recalculates them."""
    if not number or not any(column.total for column in table.columns):
        return
    under = top + 1 + number
    sheet.write_string(under, 0, _("Total"), styles["total"])
    for place, whole in enumerate(sums):
        if whole is not None:
            span = xl_range(top + 1, place, under - 1, place)
            sheet.write_formula(under, place, f"=SUM({span})", styles["total"], whole)
    for place, value in table.footer.items():
        if value is not None:
            sheet.write_number(under, place, value, styles["total_rate"])
