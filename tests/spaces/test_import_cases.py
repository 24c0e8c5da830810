"""Small lists of rooms that once came in wrong, one fault each: tests/data/cases, told what each must give."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from spaces import place_search
from spaces.importing.totals import is_total
from spaces.models import Floor, Unit
from spaces.values.search_keys import words_of
from tests import make
from tests.spaces.test_sheets import CONTENT, ods, workbook

pytestmark = pytest.mark.django_db
CASES = Path(__file__).parents[1] / "data" / "cases"
IN_A = ("--building=A",)


@pytest.fixture(autouse=True)
def building(db):
    park = make.park(code="HIT-01", name="一号园")
    return make.building(park=park, code="A", name="A座", ready_on=date(2020, 1, 1))


@pytest.fixture
def run(tmp_path, capsys):
    """run(name or bytes, option...) -> what the command printed and said; nothing is written where it was refused."""

    def ran(content, *words):
        path = CASES / content if isinstance(content, str) else tmp_path / "rooms.xlsx"
        if isinstance(content, bytes):
            path.write_bytes(content)
        said = ""
        try:
            call_command("import_units", path, "--park=HIT-01", "--language=en", *words)
        except CommandError as error:
            said = str(error)
        return capsys.readouterr().out + said

    return ran


def rooms():
    """code without its park -> area."""
    return {unit.code.removeprefix("HIT-01-"): unit.usable_area for unit in Unit.objects.all()}


def areas(**expected):
    return {code.replace("_", "-"): Decimal(area) for code, area in expected.items()}


# file, options -> the units it gives
GIVES = {
    "subtotals in the column of rooms": (
        "i01_subtotal_merged_floor.xlsx", IN_A, areas(A_101="100", A_102="50", A_201="80", A_202="70"),
    ),
    "1层小计 as a code": ("i01b_subtotal_in_code.csv", IN_A, areas(A_101="100", A_102="50", A_201="80")),
    "Floor-1-Total as a code": ("i01c_subtotal_en.csv", IN_A, areas(A_101="100", A_102="50")),
    "小计 without a column of uses": (
        "i48_subtotal_no_use_col.xlsx", (*IN_A, "--use=office"),
        areas(A_101="100", A_102="50", A_201="80", A_202="70"),
    ),
    "hidden rows, taken": (
        "i05_hidden_rows.xlsx", (*IN_A, "--hidden-rows=take"),
        areas(A_401="100", A_402="200", A_403="300", A_404="50"),
    ),
    "hidden rows, left": (
        "i05_hidden_rows.xlsx", (*IN_A, "--hidden-rows=leave"), areas(A_401="100", A_404="50"),
    ),
    "filtered rows, left": ("i52_autofilter.xlsx", (*IN_A, "--hidden-rows=leave"), areas(A_401="100", A_403="50")),
    "closed group, left": (
        "i53_outline_collapsed.xlsx", (*IN_A, "--hidden-rows=leave"), areas(A_401="100", A_403="50"),
    ),
    "decimal comma": (
        "i10b_decimal_comma.csv", (*IN_A, "--decimal=comma"), areas(A_401="112.25", A_402="86.13", A_403="9.50"),
    ),
    "grouping comma": (
        "i10b_decimal_comma.csv", (*IN_A, "--decimal=point"), areas(A_401="112250", A_402="86125", A_403="9500"),
    ),
    "grouping point": (
        "i10c_decimal_dot_thousand.csv", (*IN_A, "--decimal=comma"), areas(A_401="1234", A_402="2500"),
    ),
    "ft²": ("i12a_sqft_header.csv", (*IN_A, "--unit-area=sqft"), areas(A_401="92.90")),
    "ft2": ("i12d_sqft_header.csv", (*IN_A, "--unit-area=sqft"), areas(A_401="92.90")),
    "square foot": ("i12f_sqft_header.csv", (*IN_A, "--unit-area=sqft"), areas(A_401="92.90")),
    "rmsqrft": (
        "i12g_rmsqrft.csv", (*IN_A, "--unit-area=sqft", "--map=usable_area=rmsqrft"), areas(A_401="92.90"),
    ),
    "a unit alone as header": (
        "i54_unit_alone_as_header.csv", (*IN_A, "--unit-area=sqft", "--map=usable_area=Sqft"), areas(A_401="92.90"),
    ),
    "codes shown with zeros": ("i34_number_format_0000.xlsx", IN_A, areas(A_0401="10", A_0007="10")),
    "remedies taken": (
        "i29_remedy_not_a_code.csv", (*IN_A, "--fold-codes"), {"A-103-东": Decimal(10), "A-A座-101": Decimal(10)},
    ),
    "a total that disagrees": ("i50_total_disagrees.csv", IN_A, areas(A_401="100", A_402="50")),
}  # fmt: skip
# file, options -> what is said, and nothing is written
ASKED = {
    "hidden rows": ("i05_hidden_rows.xlsx", IN_A, ["2 of its rows", "(3, 4)", "--hidden-rows take"]),
    "filtered rows": ("i52_autofilter.xlsx", IN_A, ["1 of its rows", "(3)"]),
    "a closed group": ("i53_outline_collapsed.xlsx", IN_A, ["1 of its rows", "(3)"]),
    "a formula": ("i06_formula.xlsx", IN_A, ["D2 使用面积（㎡） = “(a formula)”: The cell holds a formula."]),
    "an error": ("i19_error_cell.xlsx", IN_A, ["D2 使用面积（㎡） = “(an error)”", "#REF!"]),
    "a merged area": (
        "i27_merged_area.xlsx", IN_A, ["D2 使用面积 = “200”: One value stands for the rows 2 to 3", "(rows 2–3)"],
    ),
    "semicolons and commas": (
        "i10b_decimal_comma.csv", IN_A, ["“112,250”, “86,125”, “9,500”", "--decimal comma or --decimal point"],
    ),
    "semicolons and points": ("i10c_decimal_dot_thousand.csv", IN_A, ["“1.234”, “2.500”", "--decimal comma"]),
    "ft²": ("i12a_sqft_header.csv", IN_A, ["“Usable Area (ft²)” is in square feet", "--unit-area sqft"]),
    "ft2": ("i12d_sqft_header.csv", IN_A, ["is in square feet"]),
    "square foot": ("i12f_sqft_header.csv", IN_A, ["is in square feet"]),
    "rmsqrft": ("i12g_rmsqrft.csv", IN_A, ['--map usable_area="rmsqrft"']),
    "rmsqrft in m²": ("i12g_rmsqrft.csv", (*IN_A, "--map=usable_area=rmsqrft"), ["is in square feet"]),
    "a unit alone as header": ("i54_unit_alone_as_header.csv", IN_A, ['--map usable_area="Sqft"']),
    "remedies": ("i29_remedy_not_a_code.csv", IN_A, ["Write 103-东.", "Write A座-101.", "--fold-codes"]),
}  # fmt: skip


def test_every_case_is_tried():
    tried = {case[0] for case in [*GIVES.values(), *ASKED.values()]}
    others = {"i13_codes.csv", "i15_floors.csv", "i28_same_building_name.csv"}

    assert tried | others == {path.name for path in CASES.glob("i*")}


@pytest.mark.parametrize(("name", "words", "expected"), GIVES.values(), ids=GIVES)
def test_a_case_gives_these_rooms(run, name, words, expected):
    said = run(name, *words)

    assert rooms() == expected, said
    assert "Mark." not in said


@pytest.mark.parametrize(("name", "words", "expected"), ASKED.values(), ids=ASKED)
def test_a_case_is_asked_about(run, name, words, expected):
    said = run(name, *words)

    assert [part for part in expected if part not in said] == [], said
    assert (rooms(), "Mark." in said) == ({}, False)


def test_a_total_that_disagrees_is_told_and_one_that_agrees_is_not(run):
    said = run("i50_total_disagrees.csv", *IN_A)

    assert "Note: The total “合计” says 160 m², and the rows that it adds up hold 150 m²" in said
    for name in ("i01_subtotal_merged_floor.xlsx", "i01b_subtotal_in_code.csv", "i01c_subtotal_en.csv"):
        assert "The total" not in run(name, *IN_A, "--dry-run"), name


def test_codes_of_doors_are_proposed_or_told_apart(run, building):
    make.building(park=building.park, code="3", name="3#", ready_on=date(2020, 1, 1))

    said = run("i13_codes.csv")
    folded = run("i13_codes.csv", "--fold-codes")

    assert re.findall(r"Write ([^ ]+)\.", said) == ["3-101", "A-102", "103-东", "10-1"]
    assert folded.count("reads as several rooms") == 3  # 104、105 and 106+107 and 108~110
    assert "--fold-codes" not in folded


def test_what_is_written_on_the_door_is_kept_where_it_is_no_code(run):
    run("i29_remedy_not_a_code.csv", *IN_A, "--fold-codes")

    kept = dict(Unit.objects.values_list("code", "label"))

    assert kept == {"HIT-01-A-103-东": "103 (东)", "HIT-01-A-A座-101": "A座/ 101"}
    assert place_search.units(Unit.objects.all(), words_of("103(东)")).count() == 1


def test_two_buildings_of_one_name_are_told_apart_by_code(run, building):
    for code in ("F1", "F2"):
        make.building(park=building.park, code=code, name="厂房", ready_on=date(2020, 1, 1))

    said = run("i28_same_building_name.csv")

    assert "“厂房” may be one of several buildings: F1, F2. Name it by its code." in said
    assert rooms() == {}


FLOORS = {
    105: 1.5, 108: -1.5, 109: -1, 110: -1, 111: -2, 112: 21, 113: -1, 115: 1, 116: 20, 117: 3, 118: 3, 119: 3, 126: 12,
}  # fmt: skip


def test_floors_that_are_understood_are_placed_and_all_others_asked_about(run):
    said = run("i15_floors.csv", *IN_A)
    asked = set(re.findall(r'--floor "([^"]+)=1"', said))

    assert asked == {
        "G", "GF", "LG", "M", "夹层", "1-2层", "2/F", "1st Floor", "Floor 3", "顶层", "避难层", "3A", "13A",
    }  # fmt: skip
    rest = run("i15_floors.csv", *IN_A, *(f"--skip-floor={label}" for label in asked - {"夹层"}),
               "--floor=00=0", "--floor=夹层=2.5")  # fmt: skip
    placed = {int(unit.code[-3:]): unit.floor.level for unit in Unit.objects.select_related("floor")}
    assert placed == FLOORS | {114: 0, 104: 2.5}, rest
    order = (
        Floor.objects.filter(level__in=[-1.5, -1, 1, 1.5, 2.5, 3]).order_by("level").values_list("level", flat=True)
    )
    assert list(order) == [-1.5, -1, 1, 1.5, 2.5, 3]


# Ten more of each kind, made to break what was mended


@pytest.mark.parametrize(
    "text",
    ["合计", "1层小计", "小计 ", "本页合计", "Floor-1-Total", "TOTAL:", "总 计", "合计（㎡）", "合计：300",
     "Sub-total", "Grand Total", "Total Floor 1", "共计12间", "sum", "Total area", "二层 合计："],
)  # fmt: skip
def test_a_word_for_a_total_is_known(text):
    assert is_total(text)


@pytest.mark.parametrize(
    "text",
    ["401", "总计算中心", "Total Energies 中国", "Summer", "会计室", "合计算法实验室", "A-101", "Consumer", "统计室",
     ""],
)  # fmt: skip
def test_a_room_is_no_total(text):
    assert not is_total(text)


HEADER = ["房号", "楼层", "用途", "使用面积", "建筑面积", "配电(kW)", "备注"]


def room(code="401", floor="4层", use="办公", area=10, gross=None, power=None, note=None):
    return [code, floor, use, area, gross, power, note]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([room(), room("402"), ["合计", "2间", None, 20]], "Done."),
        ([room(), ["4层合计", None, None, 10], room("501", "5层"), ["总计", None, None, 30]], "says 30 m²"),
        ([room(area=10.004), room("402", area=10.004), ["合计", None, None, 20.01]], "Done."),
        ([room(note="面积合计 20"), room("402", note="合计")], "Done."),
        ([room("12间", "合计", None, 30)], "names a room"),
        ([room(), ["小计", None, None, 10], room("402"), ["小计", None, None, 10], ["合计", None, None, 20]], "Done."),
        ([room(), ["小计", None, None, 11], room("402"), ["合计", None, None, 20]], "“小计” says 11 m²"),
    ],
)  # fmt: skip
def test_totals_of_other_shapes(run, rows, expected):
    said = run(workbook([HEADER, *rows]), *IN_A)

    assert expected in said
    assert ("The total" in said) == ("says" in expected), said


@pytest.mark.parametrize(
    ("merged", "words"),
    [
        ((1, 3, 3, 3, 30), "rows 2 to 4"),  # the usable area of three rooms
        ((1, 4, 2, 4, 50), "rows 2 to 3"),  # the gross area of two
        ((1, 5, 2, 5, 20), "rows 2 to 3"),  # the power of two
        ((2, 0, 3, 0, "402"), "rows 3 to 4"),  # one room in two rows
        ((1, 3, 2, 4, 30), "rows 2 to 3"),  # both areas of two rooms
    ],
)
def test_what_one_cell_says_of_several_rooms_is_given_to_none(run, merged, words):
    rows = [HEADER, *(room(f"40{number}", area=None if merged[1] == 3 else 10) for number in (1, 2, 3))]
    for row in range(merged[0], merged[2] + 1):
        for column in range(merged[1], merged[3] + 1):
            rows[row][column] = None

    said = run(workbook(rows, merged=[merged]), *IN_A)

    assert words in said
    assert rooms() == {}


@pytest.mark.parametrize("column", [1, 2, 6])
def test_a_floor_a_use_and_a_note_may_be_merged(run, column):
    rows = [HEADER, room(note="x"), room("402", note="x")]
    value = rows[1][column]
    rows[1][column] = rows[2][column] = None

    run(workbook(rows, merged=[(1, column, 2, column, value)]), *IN_A)

    assert rooms() == areas(A_401="10", A_402="10")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ('table:visibility="collapse"', "1 of its rows"),
        ('table:visibility="filter"', "1 of its rows"),
        ('table:number-rows-repeated="1"', "Done."),
    ],
)
def test_hidden_rows_of_an_ods_are_asked_about(run, row, words):
    said = run(ods(ODS.replace("ROW", row)), *IN_A)

    assert words in said


def test_an_ods_shows_its_codes_with_zeros(run):
    run(ods(ODS.replace("ROW", "")), *IN_A)

    assert rooms() == areas(A_0401="10")


TEXT = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
NUMBER = '<table:table-cell office:value-type="float" office:value="{}"><text:p>{}</text:p></table:table-cell>'
ODS = (
    "<table:table-row>" + "".join(map(TEXT.format, ["房号", "楼层", "用途", "使用面积"])) + "</table:table-row>"
    "<table:table-row ROW>" + NUMBER.format(401, "0401") + TEXT.format("4层") + TEXT.format("办公")
    + NUMBER.format(10, "10.00") + "</table:table-row>"
)  # fmt: skip


def test_the_ods_is_one():
    assert "ROWS" in CONTENT


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("12,5", (), "decimal point? Write 12.5 or 125."),
        ("12,5", ("--decimal=comma",), "12.50"),
        ("1 234,5", ("--decimal=comma",), "1234.50"),
        ("1.234,50", ("--decimal=comma",), "1234.50"),
        ("1,234.50", (), "1234.50"),
        ("１,２３４．５", (), "1234.50"),
        ("1,23,456", (), "not a number"),
        ("1 2 3", (), "not a number"),
        ("1e2", (), "not a number"),
        ("42,50", (), "decimal point? Write 42.50 or 4250."),
        ("120 ft²", (), "another unit"),
        ("1,000 sq. ft", ("--unit-area=sqft",), "92.90"),
        ("120㎡", ("--unit-area=sqft",), "another unit"),
        ("120 平方米", (), "120.00"),
        ("120 坪", (), "not a number"),
    ],
)
def test_an_area_is_read_or_asked_about(run, text, words, expected):
    said = run(workbook([HEADER, room(area=text)]), *IN_A, *words)

    if re.fullmatch(r"[0-9.]+", expected):
        assert rooms() == areas(A_401=expected), said
    else:
        assert (rooms(), expected in said) == ({}, True), said


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("使用面积(坪)", "an area in “坪”, which is not understood"),
        ("使用面积/ft2", "is in square feet"),
        ("Net Area [sq. ft.]", "is in square feet"),
        ("使用面积（平方英尺）", "is in square feet"),
        ("使用面积（亩）", "an area in “亩”"),
        ("Usable Area SQ_FT", "is in square feet"),
        ("使用面积/㎡", "Done."),
        ("使用面积（平方米）", "Done."),
        ("Net Area (sq m)", "Done."),
        ("Usable area, square metres", "No column"),
    ],
)
def test_the_unit_of_a_header_is_read_or_asked_about(run, title, expected):
    said = run(workbook([["房号", "楼层", "用途", title], ["401", "4层", "办公", 10]]), *IN_A)

    assert expected in said or (expected == "No column" and f"Not imported: {title}" in said), said


@pytest.mark.parametrize(
    ("code", "words", "level"),
    [
        ("401", ("--floor-in-code=F##",), 4),
        ("1205", ("--floor-in-code=F##",), 12),
        ("B103", ("--floor-in-code=F##",), -1),
        ("A-1205", ("--floor-in-code=F##", "--floor-in-code=A-F##"), 12),
        ("X5", ("--floor-in-code=F##", "--floor-for-all=3层"), 3),
        ("X5", ("--floor-for-all=B2",), -2),
    ],
)
def test_a_list_without_floors_has_them_from_its_codes_or_from_the_person(run, code, words, level):
    run(workbook([["房号", "用途", "使用面积"], [code, "办公", 10]]), *IN_A, *words)

    assert [unit.floor.level for unit in Unit.objects.select_related("floor")] == [level]


@pytest.mark.parametrize("words", [(), ("--floor-in-code=F##",)])
def test_a_list_without_floors_is_asked_where_none_is_known(run, words):
    said = run(workbook([["房号", "用途", "使用面积"], ["X5", "办公", 10]]), *IN_A, *words)

    assert ("--floor-in-code F##" in said, "The row names no floor." in said) == (not words, bool(words))
    assert rooms() == {}


@pytest.mark.parametrize("pattern", ["##", "FF", "F**", "F*F"])
def test_a_pattern_says_once_where_the_floor_is(run, pattern):
    assert "should hold one F" in run(workbook([HEADER, room()]), *IN_A, f"--floor-in-code={pattern}")
