import io
import json
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from django.core.exceptions import ValidationError

from spaces.api.csv_export import csv_of
from spaces.importing.sheets import MAX_BYTES, CellMark, read_sheet
from spaces.management.answers import answered
from spaces.sandbox.runner import run
from spaces.values.formulas import FORMULA_PREFIXES, quoted
from spaces.values.plain_text import shown

WORKBOOKS = Path(__file__).parents[1] / "data" / "workbooks"
CHINESE = "房号,楼层,备注\r\nA-101,三层,含㎡符号\r\nA-102,四层,龘\r\n"
WESTERN = "Room,Größe (m²),Note\r\nA-101,1,Café Müller\r\nA-102,1,Naïve – Straße\r\n"


@pytest.fixture
def put(tmp_path):
    """A file with these bytes (or this text, in UTF-8)."""

    def written(content, name="rooms.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


@pytest.fixture
def refusal():
    """The code and the sentence with which the command refuses a file."""

    def result(path, **options):
        with pytest.raises(ValidationError) as error:
            read_sheet(path, **options)
        return error.value.code, answered(error.value.messages[0], error.value.params)

    return result


def workbook(*sheets, hidden=(), merged=()):
    """An XLSX; each sheet is a list of rows. Strings that begin with = are formulas without a stored value."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    for number, rows in enumerate(sheets):
        sheet = book.add_worksheet()
        for place, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(place, column, value)
        for top, left, bottom, right, value in merged:
            sheet.merge_range(top, left, bottom, right, value)
        if number in hidden:
            sheet.hide()
    book.close()
    return buffer.getvalue()


def repacked(data, **parts):
    """The package with parts changed: name -> function of the old content; a new name gets b""."""
    names = {name.replace("__", "/").replace("_dot_", "."): change for name, change in parts.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in [*old.namelist(), *(name for name in names if name not in old.namelist())]:
            content = old.read(name) if name in old.namelist() else b""
            new.writestr(name, names[name](content) if name in names else content)
    return buffer.getvalue()


def with_cells(data, cells):
    """A workbook whose first sheet ends in this XML."""
    change = {"xl__worksheets__sheet1_dot_xml": lambda xml: xml.replace(b"</sheetData>", cells + b"</sheetData>")}
    return repacked(data, **change)


def ods(content):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", MANIFEST)
        package.writestr("content.xml", CONTENT.replace("ROWS", content))
    return buffer.getvalue()


MANIFEST = """<?xml version="1.0"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>
</manifest:manifest>"""
CONTENT = """<?xml version="1.0"?><office:document-content
xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">
<office:body><office:spreadsheet><table:table table:name="rooms">ROWS</table:table></office:spreadsheet></office:body>
</office:document-content>"""
GOOD = [["房号", "楼层", "使用面积"], ["A-101", "一层", 120.5]]


@pytest.mark.parametrize(
    ("content", "how"),
    [
        (CHINESE.encode(), "UTF-8"),
        (CHINESE.encode("utf-8-sig"), "UTF-8 with a byte order mark"),
        (CHINESE.encode("gb18030"), "GB18030"),
    ],
)
def test_chinese_text_is_the_same_in_three_encodings(put, content, how):
    sheet = read_sheet(put(content))

    assert (sheet.how, sheet.rows) == (
        how, [["房号", "楼层", "备注"], ["A-101", "三层", "含㎡符号"], ["A-102", "四层", "龘"]],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("encoding", "how"), [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 with a byte order mark"), ("cp1252", "cp1252")]
)
def test_western_text_is_the_same_in_three_encodings(put, encoding, how):
    sheet = read_sheet(put(WESTERN.encode(encoding)))

    assert (sheet.how, sheet.rows[1:]) == (how, [["A-101", "1", "Café Müller"], ["A-102", "1", "Naïve – Straße"]])


def test_encoding_can_be_said(put):
    path = put("房号\nÉú\n".encode("cp1252", errors="replace"))  # two accented letters side by side read as 生

    assert read_sheet(path, encoding="cp1252").rows[1] == ["Éú"]
    assert read_sheet(path, encoding="gb18030").rows[1] == ["生"]


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        (CHINESE.encode("gb18030"), {"encoding": "utf-8"}, "UTF-8: line 1 holds the byte 0xB7"),
        (b"\xef\xbb\xbf" + CHINESE.encode("gb18030"), {}, "UTF-8: line 1 holds the byte 0xB7"),
        (CHINESE.encode()[:-40] + b"\xff" + CHINESE.encode()[-40:], {}, "UTF-8: line 2 holds the byte 0xFF"),
        (CHINESE.encode("gb18030").replace(b"\xb7\xbf", b"\xb7\xff"), {}, "neither UTF-8 nor GB18030 nor cp1252"),
        (CHINESE.encode("utf-16"), {}, "UTF-16"),
        ("房號,樓層,使用面積,備註\n".encode("big5"), {}, "neither UTF-8 nor GB18030 nor cp1252"),
    ],
    ids=["said", "mark", "damaged", "damaged_gb", "utf16", "big5"],
)
def test_text_that_makes_no_sense_is_refused_with_its_place(put, refusal, content, options, message):
    code, result = refusal(put(content), **options)

    assert (code, message in result) == ("encoding", True), result


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_cells_are_divided_by_comma_semicolon_or_tab(put, delimiter):
    text = f'房号{delimiter}备注\nA-1{delimiter}"一{delimiter}二\n三"\n\nA-2{delimiter}四\n'

    assert read_sheet(put(text)).rows == [["房号", "备注"], ["A-1", f"一{delimiter}二\n三"], [], ["A-2", "四"]]


def test_our_own_escapes_are_taken_off(put):
    texts = ["=1+1", "+1", "-1", "@x", "＝1", "'tis", "plain"]

    assert read_sheet(put(",".join(map(quoted, texts)))).rows == [texts]


def test_what_the_api_writes_as_csv_is_read_back_as_it_was(put):
    """One list of marks for writing and reading: each begins a text here."""
    texts = [f"{mark}1" for mark in FORMULA_PREFIXES if mark != "\0"]  # no file of text holds that
    sent = csv_of(["房号", "备注"], [["A-1", text] for text in texts], "x.csv").getvalue()

    assert [row[1] for row in read_sheet(put(sent)).rows] == ["备注", *texts]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('房号,备注\nA-1,"open\n', "csv"),
        ('房号,备注\nA-1,"a"b\n', "csv"),
        ("房号,备注\nA-1," + "x" * 32_769, "cell"),
        ("房号,备注\nA-1," + "x" * 200_000, "cell"),
        ("房号\n" + "\n" * 20_020, "rows"),
        ("a," * 60 + "a\n", "columns"),
        ("x" * (MAX_BYTES + 1), "size"),
        ("", "empty"),
        (" ,,\n,,\n".replace(" ", ""), "empty"),
        ("<html><table><tr><td>房号</td></tr></table></html>", "kind"),
        ("\n <?xml version='1.0'?><Workbook/>", "kind"),
    ],
)
def test_a_text_that_is_too_much_or_no_table_is_refused(put, refusal, text, code):
    assert refusal(put(text))[0] == code


def test_a_workbook_keeps_its_rows_and_the_types_of_its_cells(put):
    moment = datetime(2024, 1, 2, 3, 4)  # noqa: DTZ001 Excel knows no zones
    rows = [
        ["某园区房源表", "", "", ""],
        ["", "", "", ""],
        ["房号", "日期", "数", "是"],
        ["0101", date(2024, 1, 2), 12.5, True],
    ]

    sheet = read_sheet(put(workbook([*rows, ["0102", moment]]), "rooms.xlsx"))

    assert (sheet.name, sheet.how) == ("Sheet1", "workbook, sheet “Sheet1”")
    assert sheet.rows == [*rows, ["0102", moment, "", ""]]


def test_a_workbook_named_csv_is_read_as_what_it_is(put):
    assert read_sheet(put(workbook(GOOD), "rooms.csv")).rows == GOOD


def test_a_value_merged_over_rows_belongs_to_each_of_them(put):
    data = workbook([["楼层", "房号"], [None, "A-1"], [None, "A-2"]], merged=[(1, 0, 2, 0, "一层")])

    assert read_sheet(put(data)).rows == [["楼层", "房号"], ["一层", "A-1"], ["一层", "A-2"]]


def test_a_title_merged_over_columns_stays_one_cell(put):
    data = workbook([[None], ["房号", "楼层"]], merged=[(0, 0, 0, 1, "房源表")])

    assert read_sheet(put(data)).rows == [["房源表", ""], ["房号", "楼层"]]


def test_formulas_and_errors_of_xlsx_are_marked(put):
    data = with_cells(
        workbook([["房号", "使用面积"], ["A-1", "=60*2"]]),
        b'<row r="3"><c r="A3"><v>7</v></c><c r="B3" t="e"><v>#REF!</v></c></row>',
    )

    assert read_sheet(put(data)).rows == [["房号", "使用面积"], ["A-1", CellMark.FORMULA], [7.0, CellMark.ERROR]]


def test_formulas_and_errors_of_xls_are_marked():
    assert read_sheet(WORKBOOKS / "rooms.xls").rows == [
        ["房号", "楼层", "用途", "使用面积"],
        ["A-101", "一层", "办公", 120.5],
        ["A-102", "一层", "实验室", 80.0],
        ["A-103", "一层", "办公", CellMark.FORMULA],
        ["A-104", "一层", "办公", CellMark.ERROR],
        [105.0, "一层", "办公", 60.0],
    ]


def test_formulas_and_errors_of_ods_are_marked(put):
    words = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = (
        f"<table:table-row>{words.format('房号')}{words.format('使用面积')}</table:table-row>"
        f'<table:table-row table:number-rows-repeated="2">{words.format("A-1")}'
        '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"><text:p>2</text:p>'
        "</table:table-cell></table:table-row>"
        f"<table:table-row>{words.format('A-2')}"
        '<table:table-cell calcext:value-type="error" office:value-type="string"><text:p>#N/A</text:p>'
        "</table:table-cell></table:table-row>"
    )

    assert read_sheet(put(ods(rows))).rows == [
        ["房号", "使用面积"], ["A-1", CellMark.FORMULA], ["A-1", CellMark.FORMULA], ["A-2", CellMark.ERROR],
    ]  # fmt: skip


def test_the_only_visible_sheet_with_rows_is_taken(put):
    assert read_sheet(put(workbook([], [["secret", 1]], GOOD, hidden=[1]))).name == "Sheet3"


def test_several_sheets_are_asked_about(put, refusal):
    path = put(workbook(GOOD, GOOD))

    assert refusal(path) == ("sheets", "Several sheets hold rows: Sheet1, Sheet2. Say which. Name one with --sheet.")
    assert read_sheet(path, sheet="Sheet2").name == "Sheet2"
    assert refusal(path, sheet="Rooms") == ("no_sheet", "There is no sheet of that name. There are: Sheet1, Sheet2.")


LAST_CELL = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
FAR_CELL = b'<row r="1000000"><c r="CV1000000"><v>1</v></c></row>'
FAR_ROW = b'<row r="900000"><c r="A900000"><v>1</v></c></row>'
WIDE = workbook([["房号", *map(str, range(61))]])
HUGE = workbook([["房号"], ["x" * 32_767]])
REPEATED = (
    '<table:table-row table:number-rows-repeated="{}"><table:table-cell table:number-columns-repeated="{}" '
    'office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell></table:table-row>'
)
DTD = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "b">]>'


def entries(count, name="x{}.xml", content=b"<a/>", mode=0):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for number in range(count):
            entry = zipfile.ZipInfo(name.format(number))
            entry.external_attr, entry.compress_type = mode << 16, zipfile.ZIP_DEFLATED
            package.writestr(entry, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (with_cells(workbook(GOOD), LAST_CELL), "bomb"),  # 4 KiB that make the parser ask for 500 GB and abort
        (with_cells(workbook(GOOD), FAR_CELL), "bomb"),  # 2.4 GB, which many a machine would give
        (with_cells(workbook(GOOD), FAR_ROW), "rows"),
        (WIDE, "columns"),
        (repacked(HUGE, xl__sharedStrings_dot_xml=lambda xml: xml.replace(b"x" * 32_767, b"xy" * 90_000)), "cell"),
        (repacked(HUGE, xl__sharedStrings_dot_xml=lambda xml: xml.replace(b"x" * 32_767, b"x" * 80_000_000)), "bomb"),
        (entries(1, content=b"0" * 30_000_000), "bomb"),  # more than 200 times its size
        (entries(1001), "bomb"),
        (entries(1, name="../../etc/x.xml"), "broken"),
        (entries(1, name="xl/workbook.xml", mode=0o120777), "broken"),
        (entries(1), "kind"),
        (repacked(workbook(GOOD), xl__workbook_dot_xml=lambda xml: DTD + xml.split(b"?>", 1)[1]), "entities"),
        (repacked(workbook(GOOD), xl__theme__evil_dot_xml=lambda _xml: DTD.decode().encode("utf-16")), "entities"),
        (repacked(workbook(GOOD), xl__workbook_dot_xml=lambda xml: xml[:200]), "broken"),
        (workbook(GOOD)[:2000], "broken"),
        (b"PK\x03\x04" + b"\0" * 500, "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "broken"),
        ((WORKBOOKS / "rooms.xls").read_bytes()[:3000], "broken"),
        ((WORKBOOKS / "locked.xlsx").read_bytes(), "password"),
        (workbook([]), "empty"),
        (ods(REPEATED.format(1_048_576, 16_384)), "broken"),
        (ods(REPEATED.format(30_000, 2)), "rows"),
    ],
    ids=["xfd", "far_cell", "far_row", "wide", "long_cell", "huge_cell", "ratio", "entries", "dotdot",
         "link", "no_book", "dtd", "dtd_utf16", "cut_part", "cut", "zeros", "ole_zeros", "cut_xls", "locked",
         "no_rows", "ods_all", "ods_rows"],
)  # fmt: skip
def test_a_hostile_or_damaged_workbook_is_refused_in_words(put, refusal, data, code):
    result, message = refusal(put(data, "rooms.xlsx"))

    assert (result, message.endswith(".")) == (code, True)


def test_the_process_that_opens_workbooks_answers_in_json():
    answer = json.loads(run("workbook", workbook(GOOD), "", seconds=30))

    assert answer == {"sheet": "Sheet1", "rows": GOOD, "merged": [], "marks": {}, "hidden": [], "shown": {}}


def test_nothing_in_a_message_steers_the_terminal():
    assert shown("\x1b[31mred\n\u202eback\u200b") == "<U+001B>[31mred<U+000A><U+202E>back<U+200B>"
