"""XLSX for people: a report sheet as they print it, and a sheet of plain data without merged cells.

Text is written as text, so that nothing a person typed becomes a formula; dates and numbers stay what they are.
"""

import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_range

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 40


OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
FIRST_WIDE = 0x2E80  # from here on a character takes the room of two


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet; `total`: its sum is shown under it."""

    title: str
    total: bool = False


@dataclass(frozen=True, slots=True)
class WorkbookTable:
    """Content of a workbook; `notes` give unit, day and filter, one line each."""

    title: str
    notes: list
    columns: list
    rows: list


def workbook(filename, table):
    """A response with both sheets: title, notes, header, rows, total; then the bare data."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, OPTIONS) as book:
        styles = _styles(book)
        _report(book.add_worksheet(_("Report")), styles, table)
        _data(book.add_worksheet(_("Data")), styles, table)
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
        "day": book.add_format({"border": 1, "num_format": "yyyy-mm-dd"}),
        "total": book.add_format({"border": 1, "bold": True, "num_format": "#,##0.00"}),
    }


def _report(sheet, styles, table):
    last = max(1, len(table.columns) - 1)
    sheet.merge_range(0, 0, 0, last, table.title, styles["title"])
    for number, note in enumerate(table.notes, 1):
        sheet.write_string(number, 0, note, styles["note"])
    top = len(table.notes) + 1
    _cells(sheet, styles, top, table)
    _total(sheet, styles, top, table)
    sheet.freeze_panes(top + 1, 1)
    sheet.repeat_rows(top)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _data(sheet, styles, table):
    _cells(sheet, styles, 0, table)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(table.rows)), len(table.columns) - 1)


def _cells(sheet, styles, top, table):
    widths = [len(column.title) * 2 for column in table.columns]
    for place, column in enumerate(table.columns):
        sheet.write_string(top, place, column.title, styles["head"])
    for number, row in enumerate(table.rows, top + 1):
        for place, value in enumerate(row):
            _write(sheet, styles, number, place, value)
            widths[place] = max(widths[place], sum(2 if ord(char) >= FIRST_WIDE else 1 for char in str(value or "")))
    for place, width in enumerate(widths):
        sheet.set_column(place, place, min(WIDEST, width + 2))


def _write(sheet, styles, number, place, value):
    if value is None or value == "":
        sheet.write_blank(number, place, None, styles["cell"])
    elif isinstance(value, Decimal):
        sheet.write_number(number, place, value, styles["area"])
    elif isinstance(value, int):
        sheet.write_number(number, place, value, styles["cell"])
    elif isinstance(value, date):
        sheet.write_datetime(number, place, value, styles["day"])
    else:
        sheet.write_string(number, place, str(value), styles["cell"])


def _total(sheet, styles, top, table):
    """The sums as formulas that show their value before a program recalculates them."""
    if not table.rows or not any(column.total for column in table.columns):
        return
    under = top + 1 + len(table.rows)
    sheet.write_string(under, 0, _("Total"), styles["total"])
    for place, column in enumerate(table.columns):
        if column.total:
            whole = sum((row[place] for row in table.rows if row[place] is not None), Decimal(0))
            span = xl_range(top + 1, place, under - 1, place)
            sheet.write_formula(under, place, f"=SUM({span})", styles["total"], whole)
