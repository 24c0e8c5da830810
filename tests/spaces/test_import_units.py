import csv
import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from spaces import ledger
from spaces.actions import imports
from spaces.actions.import_sums import floor_sums
from spaces.importing import cells
from spaces.importing.columns import (
    ASKED,
    FIELDS,
    MAY_MEAN,
    MEANS,
    find_columns,
    folded,
)
from spaces.importing.reading import ImportOptions
from spaces.importing.sheets import CellMark, Worksheet, read_sheet
from spaces.management.answers import answered
from spaces.management.commands.import_units import language_of_the_shell
from spaces.models import Building, Change, Floor, Unit, UnitPeriod
from spaces.states import Use
from spaces.values import levels
from spaces.values.area_units import UNITS
from spaces.values.periods import Validity
from tests import make
from tests.spaces.test_sheets import workbook

TODAY = date(2026, 6, 1)

pytestmark = pytest.mark.django_db
CLINIC = Path(__file__).parents[1] / "data" / "cobie_clinic" / "Space.csv"
CLINIC_WORDS = [
    "--building=CLINIC", "--create", "--ready-on=2011-09-14", "--map=height_mm=UsableHeight", "--ignore=GrossArea",
    "--zero-as-unknown", "--floor=First Floor=1", "--floor=Second Floor=2", "--floor=Roof - Main=3",
    "--skip-floor=Site",
    "--map-use=13-*=office", "--map-use=13-15 11 24*=lab", "--map-use=13-41 11*=ancillary",
    "--map-use=13-51*=ancillary", "--map-use=13-75*=ancillary", "--map-use=13-8*=ancillary",
    "--map-use=13-91*=ancillary",
]  # fmt: skip
HEADER = "房号,楼层,用途,使用面积"
MOVED = re.compile(r"Reported figures of|  [0-9]{4}-|  … and")  # lines of figures that new rooms move, too
GOOD = f"{HEADER}\nA-101,一层,办公,120.50\nA-102,一层,实验室,80\nB-201,2F,走廊,30.255\n"


@pytest.fixture
def park():
    return make.park(code="HIT-01", name="一号园")


@pytest.fixture
def building(park):
    return make.building(park=park, code="A", name="A座", ready_on=date(2020, 1, 1))


def silent(_verb, _done, _total):
    pass


def sheet_of(rows):
    """A sheet from CSV text or from rows of cells."""
    if isinstance(rows, str):
        rows = [list(row) for row in csv.reader(io.StringIO(rows))]
    return Worksheet("rooms", "UTF-8", rows)


@pytest.fixture
def planned(building):
    """The plan for some rows, into building A unless said otherwise."""

    def made(rows, **choices):
        wanted = ImportOptions(**{"building": "A", "validity": Validity.from_day(TODAY)} | choices)
        return imports.plan(sheet_of(rows), building.park, wanted, progress=silent)

    return made


@pytest.fixture
def written(planned):
    def done(rows, why="", **choices):
        plan = planned(rows, **choices)
        imports.apply(plan, by=None, why=why, on=TODAY, progress=silent)
        return plan

    return done


@pytest.fixture
def run(tmp_path, capsys):
    """Run the command on a path, on text or on bytes; gives what it printed. --language en unless said otherwise."""

    def ran(content, *words, name="rooms.csv"):
        path = content
        if not isinstance(content, Path):
            path = tmp_path / name
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        call_command("import_units", path, "--park=HIT-01", "--language=en", *words)
        return capsys.readouterr().out

    return ran


def problems(plan):
    return [(problem.row, problem.cell, problem.code) for problem in plan.problems]


def counts(plan):
    reading = plan.reading
    return (reading.read, len(plan.created), len(plan.updated), len(plan.unchanged), len(reading.refused),
            len(reading.skipped))  # fmt: skip


# The clinic: one real building, whose totals are in its README


def clinic_sums(**wanted):
    found = Unit.objects.filter(**wanted)
    return found.count(), found.aggregate(total=Sum("periods__usable_area"))["total"]


def test_the_clinic_agrees_with_the_totals_of_its_readme(park):
    sheet = read_sheet(CLINIC)
    choices = ImportOptions(
        building="C", create=True, ready_on=date(2011, 9, 14), use=Use.ANCILLARY, zero_as_unknown=True,
        mapped={"height_mm": "UsableHeight"}, ignored=("GrossArea",),
        floors={"first floor": 1, "second floor": 2, "roof - main": 3, "site": 0},
    )  # fmt: skip

    plan = imports.plan(sheet, park, choices, progress=silent)

    assert plan.problems == []
    assert [(each.floor.label, each.rooms, each.without_area, each.exact) for each in floor_sums(plan.entries)] == [
        ("Site", 1, 1, Decimal(0)),
        ("First Floor", 155, 0, Decimal("2685.802")),
        ("Second Floor", 107, 0, Decimal("2366.321")),
        ("Roof - Main", 6, 0, Decimal("1820.526")),
    ]
    exact = [entry.line.exact["usable_area"] for entry in plan.entries if entry.line.exact]
    assert (plan.reading.read, sum(exact), min(exact), max(exact)) == (
        269, Decimal("6872.649"), Decimal("0.778"), Decimal("1568.118"),
    )  # fmt: skip
    assert sum(area != area.quantize(Decimal("0.01")) for area in exact) == 237


def test_the_clinic_is_written_rounded_half_up_row_by_row(run, park):
    result = run(CLINIC, *CLINIC_WORDS)

    assert [clinic_sums(floor__label=label) for label in ("First Floor", "Second Floor", "Roof - Main", "Site")] == [
        (155, Decimal("2685.88")),
        (107, Decimal("2366.32")),
        (6, Decimal("1820.53")),
        (0, None),
    ]
    assert clinic_sums() == (268, Decimal("6872.73"))
    assert "6872.73 m² in all, where the file sums to 6872.649 m² (difference +0.081)." in result
    assert list(Floor.objects.order_by("level").values_list("level", "label")) == [
        (1, "First Floor"), (2, "Second Floor"), (3, "Roof - Main"),
    ]  # fmt: skip


def test_the_inside_of_the_clinic_is_what_is_left_without_the_rows_it_reports(park):
    choices = ImportOptions(
        building="C", create=True, ready_on=date(2011, 9, 14), use=Use.ANCILLARY, zero_as_unknown=True,
        mapped={"height_mm": "UsableHeight"}, ignored=("GrossArea",), floors={"first floor": 1, "second floor": 2},
        skip_floors=frozenset({"roof - main", "site"}), skip_units=frozenset({"2R01", "2R02"}),
    )  # fmt: skip

    plan = imports.plan(read_sheet(CLINIC), park, choices, progress=silent)

    assert counts(plan) == (269, 260, 0, 0, 0, 9)
    assert [(each.rooms, each.exact) for each in floor_sums(plan.entries)] == [
        (155, Decimal("2685.802")), (105, Decimal("1723.692")),
    ]  # fmt: skip
    assert sum(entry.line.exact["usable_area"] for entry in plan.entries) == Decimal("4409.494")


def test_the_traps_of_the_clinic_are_named(run, park):
    result = run(CLINIC, *CLINIC_WORDS).splitlines()

    assert [line for line in result if line.startswith(("Note", "Left out"))] == [
        "Note: height_mm 0 is taken as not recorded. (rows 263–268)",
        "Note: 2R01 reads as “roof” but is filed on “Second Floor” with 52.87 m². (row 261)",
        "Note: 2R02 reads as “roof” but is filed on “Second Floor” with 589.76 m². (row 262)",
        "Note: “Roof - Main” does not read as a storey. Are its rooms in the building? (rows 263–268)",
        "Left out: floor “Site” is left out (row 270)",
    ]


@pytest.mark.both_databases
def test_no_roof_of_the_clinic_enters_lettable_area(run, park):
    run(CLINIC, *CLINIC_WORDS)

    day = date(2026, 1, 1)
    roofs = Unit.objects.filter(note__iexact="roof")
    everything = ledger.balance(Unit.objects.all(), on=day, today=day)
    assert (roofs.count(), ledger.balance(roofs, on=day, today=day).lettable) == (7, Decimal(0))
    assert (
        everything.lettable
        == ledger.balance(Unit.objects.with_facts(day).filter(use__in=["office", "lab"]), on=day, today=day).lettable
    )
    assert sum(everything.areas.values()) == Decimal("6872.73")


def test_a_roof_of_the_clinic_can_not_be_let_by_a_blanket_use(planned):
    plan = planned(read_sheet(CLINIC).rows, use=Use.OFFICE, mapped={"height_mm": "UsableHeight"}, zero_as_unknown=True,
                   floors={"first floor": 1, "second floor": 2, "roof - main": 3, "site": 0})  # fmt: skip

    assert problems(plan) == [
        *((row, f"D{row}", "roof") for row in (261, 262, 263, 265, 266, 267, 268, 270)),
    ]


def test_the_clinic_asks_before_it_guesses(run, park):
    with pytest.raises(CommandError) as error:
        run(CLINIC)

    assert str(error.value) == (
        "The column “UsableHeight” does not state its basis or unit. Say it: --map height_m=\"UsableHeight\" / "
        "--map height_mm=\"UsableHeight\", or drop it: --ignore \"UsableHeight\"."
    )  # fmt: skip


def test_nothing_of_the_clinic_is_kept_that_was_not_asked_for(run, park):
    result = run(CLINIC, *CLINIC_WORDS)

    assert "Not imported: CreatedBy, CreatedOn, ExtSystem, ExtObject, ExtIdentifier, RoomTag, GrossArea." in result
    kept = Unit.objects.get(code="HIT-01-CLINIC-1A01")
    assert (kept.use, kept.usable_area, kept.gross_area, kept.height_m, kept.note, kept.opens_on) == (
        "office", Decimal("19.77"), None, Decimal("2.70"), "PATIENT ADMIN. RECEPT.", date(2011, 9, 14),
    )  # fmt: skip


def test_the_clinic_imported_again_changes_nothing(run, park):
    run(CLINIC, *CLINIC_WORDS)
    before = Change.objects.count()

    result = run(CLINIC, *CLINIC_WORDS)

    assert "269 rows = 0 new + 0 changed + 268 unchanged + 0 refused + 1 left out." in result
    assert (before, Change.objects.count()) == (1 + 3 + 2 * 268, before)


def test_gross_equal_to_net_in_every_row_is_one_area_and_not_two(planned):
    plan = planned("房号,楼层,用途,使用面积,建筑面积\n1,1,办公,10,10\n2,1,办公,20,20\n")

    assert [remark.code for remark in plan.remarks] == ["one_area"]


# Columns


def test_every_word_for_a_column_means_one_thing_only():
    listed = [folded(word) for _kind, words in FIELDS.values() for word in words.split(", ")]
    asked = [folded(word) for words in ASKED.values() for word in words.split(", ")]

    assert (len(MEANS), len(MAY_MEAN)) == (len(listed), len(asked) + len(UNITS))
    assert MEANS.keys() & MAY_MEAN.keys() == set()
    assert {name: MEANS[folded(name)] for name in FIELDS} == {name: name for name in FIELDS}


@pytest.mark.parametrize(
    ("titles", "fields"),
    [
        ("楼栋,楼层,房号,用途,使用面积,建筑面积,备注", "building floor unit use usable_area gross_area note"),
        ("楼 宇,所在楼层,房间号*,使用性质,使用面积（㎡）,说明", "building floor unit use usable_area note"),
        (
            "楼座,层号,单元号,用途类别,套内使用面积m²,建筑面积(平方米)",
            "building level unit use usable_area gross_area",
        ),
        ("Building,FloorName,Name,Category,NetArea,GrossArea", "building floor unit use usable_area gross_area"),
        ("block,STOREY,Room Number,Usage,Usable Area (sqm)", "building floor unit use usable_area"),
        ("room_code,level,net usable area,height (mm),load_kg_m2", "unit level usable_area height_mm load_kg_m2"),
        (
            "房号,楼层,净高（米）,荷载(kg/㎡),租金(元/㎡/天),货梯",
            "unit floor height_m load_kg_m2 asking_rent freight_lift",
        ),
        ("房号,楼层,配电(kW),Description,序号", "unit floor power_kw note"),
    ],
)
def test_columns_are_known_by_words_of_both_languages(titles, fields):
    columns = find_columns(sheet_of(titles + "\n"), mapped={}, ignored=[], square_feet=False)

    assert columns.found == {field: column for column, field in enumerate(fields.split())}


def test_the_header_is_found_under_titles_and_empty_rows(planned):
    plan = planned(f"一号园房源表,,,\n,,,\n单位：平方米,,面积,\n{GOOD}")

    assert (plan.reading.columns.header, counts(plan)) == (3, (3, 3, 0, 0, 0, 0))
    assert [entry.line.row for entry in plan.created] == [5, 6, 7]


@pytest.mark.parametrize(
    ("rows", "choices", "code", "message"),
    [
        ("a,b\n1,2\n", {}, "header", "No header was found in the first 20 rows."),
        (
            "房号,楼层,面积\n",
            {},
            "basis",
            '--map usable_area="面积" / --map gross_area="面积", or drop it: --ignore "面积"',
        ),
        ("Room,Floor,Area\n", {}, "basis", '--map usable_area="Area"'),
        ("房号,楼层,套内建筑面积\n", {}, "basis", "套内建筑面积"),
        ("房号,楼层,层高\n", {}, "basis", '--map height_m="层高" / --map height_mm="层高"'),
        ("房号,楼层,荷载\n", {}, "basis", '--map load_kg_m2="荷载"'),
        ("房号,楼层,租金\n", {}, "basis", '--map asking_rent="租金"'),
        ("房号,房间号,楼层\n", {}, "twice", "A “房号”, B “房间号”"),
        ("房号,楼层,层高(m),层高(mm)\n", {}, "twice", "Two columns give the height."),
        ("房号,用途\n", {}, "missing", "No column names the floor."),
        ("楼层,用途\n", {}, "missing", "No column names the unit."),
        ("房号,楼层,Usable Area (sq ft)\n", {}, "unit_area", "--unit-area sqft"),
        ("房号,楼层\n", {"mapped": {"area": "楼层"}}, "map", "There is no field “area”."),
        ("房号,楼层\n", {"mapped": {"usable_area": "面积"}}, "map", "“面积” must be the header of one column"),
        ("房号,楼层,X,X\n", {"ignored": ("X",)}, "map", "“X” must be the header of one column"),
        ("房号,楼层,X\n", {"mapped": {"usable_area": "X", "gross_area": "X"}}, "map", "and named once"),
        (GOOD, {"skip_units": frozenset({"Z-9"})}, "skip", "“Z-9” should be left out, but no row names it."),
        (GOOD, {"skip_floors": frozenset({"site"})}, "skip", "“site” should be left out"),
    ],
)
def test_a_file_that_can_not_be_understood_is_asked_about(planned, rows, choices, code, message):
    with pytest.raises(ValidationError) as error:
        planned(rows, **choices)

    (asked,) = error.value.error_list
    assert asked.code == code
    assert message in answered(asked.messages[0], asked.params), error.value.messages


@pytest.mark.parametrize(
    ("mapped", "usable", "gross"),
    [({"usable_area": "面积"}, Decimal("120.50"), None), ({"gross_area": "面积"}, None, Decimal("120.50"))],
)
def test_a_column_of_areas_is_of_the_basis_that_was_said(written, mapped, usable, gross):
    written("房号,楼层,用途,面积\nA-101,1,办公,120.5\n", mapped=mapped)

    unit = Unit.objects.get()
    assert (unit.usable_area, unit.gross_area) == (usable, gross)


def test_what_is_mapped_goes_before_what_is_known(written):
    plan = written("房号,楼层,用途,使用面积,X\nA-101,1,办公,1,2\n", mapped={"usable_area": "X"})

    assert (Unit.objects.get().usable_area, plan.reading.columns.left_out) == (Decimal(2), ["使用面积"])


# Cells


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("120.5", "120.50"), ("1,234.50", "1234.50"), ("１２０．５", "120.50"), ("120.5㎡", "120.50"),
        ("120 平方米", "120.00"), (" 120.5 m² ", "120.50"), ("0.005", "0.01"), ("10.125", "10.13"),
        ("10.124999", "10.12"),
        (120.5, "120.50"), (10.125, "10.13"), (0.1 + 0.2, "0.30"), (1e3, "1000.00"),
        (12.344999999999999, "12.35"),  # Excel keeps 15 digits and shows 12.345
    ],
)  # fmt: skip
def test_an_area_is_read_as_people_write_it(text, area):
    assert cells.rounded(cells.area(text, square_feet=False)) == Decimal(area)


def test_square_feet_are_converted_exactly_and_then_rounded(written):
    plan = written("Room,Floor,Use,Rentable Square Feet\nA-101,1,office,5000\nA-102,1,office,421\n",
                   mapped={"usable_area": "Rentable Square Feet"}, square_feet=True)  # fmt: skip

    assert [entry.line.exact["usable_area"] for entry in plan.created] == [Decimal("464.5152"), Decimal("39.11217984")]
    assert list(Unit.objects.with_facts(TODAY).order_by("code").values_list("usable_area", flat=True)) == [
        Decimal("464.52"),
        Decimal("39.11"),
    ]


@pytest.mark.parametrize("word", ["", "n/a", "NA", "N/A", "-", "—", "未填", "－"])
def test_what_is_not_recorded_is_nothing_and_never_0(written, word):
    plan = written(f"房号,楼层,用途,使用面积\nA-101,1,办公,{word}\n")

    assert Unit.objects.get().usable_area is None
    assert [(remark.code, remark.rows) for remark in plan.remarks] == [("no_area", (2,))]


@pytest.mark.parametrize(
    ("label", "level"),
    [
        ("3", 3), ("3F", 3), ("F3", 3), ("L12", 12), ("3层", 3), ("3楼", 3), ("三层", 3), ("第三层", 3), ("十层", 10),
        ("十二层", 12), ("二十三层", 23), ("B1", -1), ("B2层", -2), ("负一层", -1), ("地下二层", -2), ("-1", -1),
        ("-1F", -1), ("2L", 2), ("1.5", 1.5), ("1.5层", 1.5), ("1M", 1.5), ("一层夹层", 1.5), ("2F夹", 2.5),
        ("B2M", -1.5),
        ("-1.5", -1.5), ("B1夹层", -0.5), ("1.5M", None), ("1.3层", None), ("BM", None), ("3A", None),
        ("３层", 3), ("First Floor", None), ("夹层", None), ("屋面", None), ("3-4层", None), ("一层大厅", None),
    ],
)  # fmt: skip
def test_a_level_is_read_only_where_it_is_written_in_figures(label, level):
    assert levels.of_label(label) == level


@pytest.mark.parametrize(
    ("word", "use"),
    [
        ("办公", "office"), ("研发办公", "office"), ("Office, R&D", "office"), ("OFFICE", "office"), ("实验室", "lab"),
        ("中试车间", "pilot"), ("标准厂房", "factory"), ("工位", "desk"), ("public_service", "public_service"),
        ("自用", "own_office"), ("走廊", "ancillary"), ("13-15 11 34 11: Office", None), ("商业", None),
    ],
)  # fmt: skip
def test_a_use_is_known_by_words_of_both_languages_or_not_at_all(word, use):
    assert cells.use(word, {}) == use


def test_the_longest_fitting_pattern_says_the_use():
    known = {"13-*": Use.OFFICE, "13-15 11 24*": Use.LAB, "13-15 11 24 11: laboratory": Use.PILOT}

    assert [cells.use(word, known) for word in ("13-1", "13-15 11 24 9", "13-15 11 24 11: Laboratory")] == [
        Use.OFFICE, Use.LAB, Use.PILOT,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "word", ["2024-10-31", "2024/10/31", "2024.10.31", "2024年10月31日", "２０２４-10-31", date(2024, 10, 31)]
)
def test_a_day_is_read_where_the_year_comes_first(word):
    assert cells.day(word) == date(2024, 10, 31)


def test_every_fact_of_a_row_reaches_its_unit(written):
    written(
        "房号,楼层,用途,使用面积,建筑面积,层高(mm),荷载(kg/㎡),配电(kW),租金(元/㎡/天),启用日期,测绘日期,面积来源,面积标准,"
        "供水,排水,燃气,通风,货梯,网络,已装修,公开,备注,门上标识\n"
        "ａ-101,一层,中试,100,120.5,4200,500,30,1.25,2021-02-03,2020年12月1日,实测,GB/T 17986.1,"
        "有,是,无,yes,1,√,no,0,朝南,101(东)\n"
    )

    unit = Unit.objects.select_related("floor").get()
    assert {name: getattr(unit, name) for name in FIELDS if hasattr(unit, name) and name != "floor"} == {
        "use": "pilot", "usable_area": Decimal(100), "gross_area": Decimal("120.50"), "height_m": Decimal("4.20"),
        "load_kg_m2": 500, "power_kw": 30, "asking_rent": Decimal("1.25"), "opens_on": date(2021, 2, 3),
        "area_on": date(2020, 12, 1), "area_source": "surveyed", "area_standard": "GB/T 17986.1", "water": True,
        "drainage": True, "gas": False, "ventilation": True, "freight_lift": True, "network": True, "fitted": False,
        "published": False, "note": "朝南", "label": "101(东)",
    }  # fmt: skip
    assert (unit.code, unit.floor.label, unit.floor.level) == ("HIT-01-A-A-101", "一层", 1)


# Bad rows

SOUND = {"unit": "A-101", "floor": "1", "use": "办公", "usable_area": "10"}
BAD_CELLS = {
    "area_words": ("usable_area", "一百二", "number"),
    "area_comma": ("usable_area", "12,5", "decimal"),
    "area_european": ("usable_area", "1.234,50", "number"),
    "area_exponent": ("usable_area", "1E5", "number"),
    "area_range": ("usable_area", "100-120", "number"),
    "area_sqft": ("usable_area", "120 sq ft", "number"),
    "area_wan": ("usable_area", "1.2万㎡", "number"),
    "area_nan": ("usable_area", "NaN", "number"),
    "area_infinity": ("usable_area", "Infinity", "number"),
    "area_digits": ("usable_area", "9" * 40, "number"),
    "area_zero": ("usable_area", "0", "zero"),
    "area_zeros": ("usable_area", 0.0, "zero"),
    "area_negative": ("usable_area", "-5", "range"),
    "area_tiny": ("usable_area", "0.004", "range"),
    "area_vast": ("usable_area", "2000000000", "range"),
    "area_day": ("usable_area", date(2024, 1, 2), "number"),
    "area_yes": ("usable_area", True, "number"),
    "area_formula": ("usable_area", CellMark.FORMULA, "formula"),
    "area_error": ("usable_area", CellMark.ERROR, "error"),
    "area_time": ("usable_area", CellMark.TIME, "time"),
    "gross_smaller": ("gross_area", "5", "basis"),
    "unit_empty": ("unit", "", "missing"),
    "unit_spaces": ("unit", "A 101", "spaces"),
    "unit_signs": ("unit", "A/101", "code"),
    "unit_zero_width": ("unit", "A\u200b101", "code"),
    "unit_long": ("unit", "A" * 80, "max_length"),
    "unit_number": ("unit", 101.0, "coerced"),
    "unit_day": ("unit", date(2024, 1, 2), "coerced"),
    "unit_day_text": ("unit", "1月2日", "coerced"),
    "unit_day_english": ("unit", "2-Jan", "coerced"),
    "unit_exponent": ("unit", "1.23E+17", "coerced"),
    "unit_nul": ("unit", "A\0101", "characters"),
    "unit_error": ("unit", CellMark.ERROR, "error"),
    "floor_empty": ("floor", "", "missing"),
    "floor_words": ("floor", "First Floor", "floor"),
    "floor_day": ("floor", date(2024, 1, 2), "coerced"),
    "floor_high": ("floor", "999", "floor"),
    "use_unknown": ("use", "商业", "use"),
    "use_empty": ("use", "", "use"),
    "use_bidi": ("use", "办\u202e公", "characters"),
    "height_as_mm": ("height_m", "2700", "range"),
    "height_zero": ("height_m", "0", "zero"),
    "load_half": ("load_kg_m2", "500.5", "number"),
    "load_negative": ("load_kg_m2", "-1", "number"),
    "load_vast": ("load_kg_m2", "200000", "max_value"),
    "power_words": ("power_kw", "380V", "number"),
    "rent_negative": ("asking_rent", "-1", "min_value"),
    "opens_mixed": ("opens_on", "01/02/2024", "day"),
    "opens_never": ("opens_on", "2024-02-30", "day"),
    "opens_early": ("opens_on", "1999-12-31", "day"),
    "area_on_words": ("area_on", "去年", "day"),
    "source_unknown": ("area_source", "听说", "source"),
    "water_maybe": ("water", "也许", "flag"),
    "note_long": ("note", "长" * 301, "max_length"),
    "note_control": ("note", "a\x1b[31mb", "characters"),
    "note_roof": ("note", "屋顶", "roof"),
}


@pytest.mark.engine
@pytest.mark.parametrize(("field", "value", "code"), BAD_CELLS.values(), ids=BAD_CELLS)
def test_a_bad_cell_is_named_with_its_row_cell_value_and_a_remedy(planned, field, value, code):
    bad = SOUND | {field: value}
    rows = [list(bad), ["A-100", "1", "办公", "20"], list(bad.values())]

    plan = planned(rows)

    column = {"roof": "use", "basis": "usable_area"}.get(code, field)
    assert problems(plan) == [(3, f"{'ABCDE'[list(bad).index(column)]}3", code)]
    assert (plan.problems[0].title, plan.problems[0].message[-1] in ".?。") == (column, True)
    assert counts(plan) == (2, 1, 0, 0, 1, 0)


def test_ten_thousand_bad_cells_among_good_ones_are_all_named(planned):
    cases = [case for name, case in BAD_CELLS.items() if case[0] in SOUND and name != "unit_long"]
    rows = [list(SOUND)]
    expected = []
    for number in range(10_000):
        row = SOUND | {"unit": f"R{number}"}
        if number % 2:
            field, value, code = cases[number % len(cases)]
            row[field] = value
            expected.append((number + 2, code))
        rows.append(list(row.values()))

    plan = planned(rows)

    assert [(problem.row, problem.code) for problem in plan.problems] == expected
    assert counts(plan) == (10_000, 5000, 0, 0, 5000, 0)


CELLS = st.one_of(
    st.text(max_size=30), st.floats(), st.integers(), st.booleans(), st.dates(), st.sampled_from(list(CellMark)),
    st.decimals(allow_nan=True, allow_infinity=True).map(str), st.datetimes(),
)  # fmt: skip


@given(CELLS)
def test_no_cell_breaks_its_reader(cell):
    readers = [cells.height_m, cells.height_mm, cells.count, cells.number, cells.day, cells.flag, cells.source,
               cells.level, cells.floor_label, cells.text, lambda c: cells.code(c, numeric=True),
               lambda c: cells.area(c, square_feet=True), lambda c: cells.use(c, {})]  # fmt: skip

    for reader in readers:
        try:
            cells.check(cell)
            reader(cell)
        except ValidationError as refusal:
            assert refusal.code  # noqa: PT017 any refusal will do, and no other exception


def test_a_room_named_twice_is_refused_the_second_time(planned):
    plan = planned(f"{HEADER}\nA-101,1,办公,10\nA-102,1,办公,10\nａ-101 ,1,办公,20\n")

    assert problems(plan) == [(4, "A4", "duplicate")]
    assert plan.problems[0].message == "HIT-01-A-A-101 is already in row 2. Keep one of the two."


def test_a_code_with_its_full_path_keeps_it(written):
    written(f"{HEADER}\nHIT-01-A-101,1,办公,10\n")

    assert Unit.objects.get().code == "HIT-01-A-101"


@pytest.mark.parametrize("code", ["HIT-01-B-101", "OTHER-X-101"])
def test_a_code_with_the_path_of_another_building_is_refused(planned, code):
    make.building(park=make.park(code="OTHER"), code="X")

    assert problems(planned(f"{HEADER}\n{code},1,办公,10\n")) == [(2, "A2", "building")]


def test_whole_numbers_are_codes_if_the_person_says_so(written):
    written([["房号", "楼层", "用途", "使用面积"], [101.0, 1.0, "办公", 10.0]], numeric_codes=True)

    assert Unit.objects.get().code == "HIT-01-A-101"


def test_zero_is_not_recorded_if_the_person_says_so(written):
    plan = written(f"{HEADER}\nA-101,1,办公,0\n", zero_as_unknown=True)

    assert Unit.objects.get().usable_area is None
    assert [(remark.code, remark.rows) for remark in plan.remarks] == [("zero", (2,)), ("no_area", (2,))]


def test_an_unknown_use_takes_the_default_and_is_told(written):
    plan = written(f"{HEADER}\nA-101,1,商业,10\nA-102,1,,10\n", use=Use.DESK)

    assert set(UnitPeriod.objects.values_list("use", flat=True)) == {"desk"}
    assert [(remark.code, remark.rows) for remark in plan.remarks] == [("use", (2,))]


def test_a_total_is_left_out_and_told(written):
    plan = written(f"{GOOD}合计,,,230.76\n,,,\n小计：,,,1\n")

    assert (counts(plan), plan.reading.skipped) == (
        (5, 3, 0, 0, 0, 2), {5: "a total, not a room", 7: "a total, not a room"},
    )  # fmt: skip


def test_what_is_left_out_is_not_judged(planned):
    rows = f"{GOOD}S 1,Site,商业,0\nA-9,1,商业,x\n"

    plan = planned(rows, skip_floors=frozenset({"site"}), skip_units=frozenset({"A-9"}), zero_as_unknown=True)

    assert (problems(plan), plan.remarks, counts(plan)) == ([], [], (5, 3, 0, 0, 0, 2))


def test_several_faults_of_one_row_are_all_named_and_it_counts_once(planned):
    plan = planned(f"{HEADER}\nA 1,First,商业,x\n")

    assert [(problem.cell, problem.code) for problem in plan.problems] == [
        ("A2", "spaces"), ("C2", "use"), ("D2", "number"),
    ]  # fmt: skip
    assert counts(plan) == (1, 0, 0, 0, 1, 0)


# Buildings and floors


def test_floors_are_made_and_found_again_by_label_or_level(building, written):
    make.floor(building=building, level=2, label="二楼")

    plan = written(
        f"{HEADER}\n1,3F,办公,1\n2,二楼,办公,1\n3,2F,办公,1\n4,三层,办公,1\n5,夹层,办公,1\n", floors={"夹层": 10}
    )

    assert list(building.floors.order_by("level").values_list("level", "label")) == [
        (2, "二楼"),
        (3, "3F"),
        (10, "夹层"),
    ]
    assert (len(plan.floors), Change.objects.filter(object_type="spaces.floor").count()) == (2, 2)


def test_a_floor_at_another_level_than_on_record_is_refused(building, planned):
    make.floor(building=building, level=2, label="二楼")

    assert problems(planned("房号,楼层,层号,用途\n1,二楼,3,办公\n")) == [(2, "B2", "floor")]


def test_a_building_is_found_by_its_code_or_its_name(building, written):
    make.building(park=building.park, code="B", name="研发楼")

    written("楼栋,房号,楼层,用途\na座,1,1,办公\n研发楼,2,1,办公\nb,3,1,办公\n", building="")

    assert list(Unit.objects.order_by("code").values_list("code", flat=True)) == [
        "HIT-01-A-1",
        "HIT-01-B-2",
        "HIT-01-B-3",
    ]


@pytest.mark.parametrize(
    ("building_name", "choices", "code"),
    [
        ("C", {}, "building"),
        ("", {"building": ""}, "building"),
        ("C", {"create": True}, "ready_on"),
        ("C 座", {"create": True, "ready_on": date(2020, 1, 1)}, "building"),
        ("C" * 21, {"create": True, "ready_on": date(2020, 1, 1)}, "building"),
    ],
    ids=["missing", "none", "no_day", "no_code", "long"],
)
def test_a_building_that_is_not_there_is_refused_until_it_may_be_made(planned, building_name, choices, code):
    plan = planned(f"楼栋,房号,楼层,用途\n{building_name},1,1,办公\n", **choices)

    assert problems(plan) == [(2, "A2", code)]


def test_a_building_is_made_with_the_day_it_is_ready(written):
    written("楼栋,房号,楼层,用途\nC,1,1,办公\nC,2,1,办公\n", create=True, ready_on=date(1995, 5, 1))

    made = Building.objects.get(code="C")
    assert (made.ready_on, made.name) == (date(1995, 5, 1), "C")
    assert set(Unit.objects.values_list("opens_on", flat=True)) == {date(2000, 1, 1)}


def test_a_unit_of_a_building_without_a_ready_day_needs_its_own(building, planned):
    Building.objects.update(ready_on=None)

    assert problems(planned(GOOD)) == [(row, "", "opens_on") for row in (2, 3, 4)]
    assert problems(planned(GOOD, opens_on=date(2026, 1, 1))) == []


# Writing


def test_new_units_are_written_each_with_its_change(written):
    plan = written(GOOD, why="Survey 2025")

    assert counts(plan) == (3, 3, 0, 0, 0, 0)
    assert list(
        Unit.objects.with_facts(TODAY).order_by("code").values_list("code", "use", "usable_area", "floor__level")
    ) == [
        ("HIT-01-A-A-101", "office", Decimal("120.50"), 1),
        ("HIT-01-A-A-102", "lab", Decimal("80.00"), 1),
        ("HIT-01-A-B-201", "ancillary", Decimal("30.26"), 2),
    ]
    result = Change.objects.filter(object_type="spaces.unit")
    assert list(result.order_by("pk").values_list("label", "verb", "why")) == [
        (code, "create", "Survey 2025") for code in ("HIT-01-A-A-101", "HIT-01-A-A-102", "HIT-01-A-B-201")
    ]


def test_the_same_rows_again_change_nothing_in_any_order(written):
    written(GOOD)
    before = Change.objects.count()
    header, *rows = GOOD.splitlines()

    plan = written("\n".join([header, *reversed(rows)]))

    assert (counts(plan), Change.objects.count()) == ((3, 0, 0, 3, 0, 0), before)


def test_only_what_differs_is_changed(written):
    written(GOOD)
    Unit.objects.filter(code="HIT-01-A-A-101").update(note="seen")
    before = Change.objects.count()

    plan = written(GOOD.replace("80", "81"), why="measured anew")

    assert (counts(plan), Change.objects.count()) == ((3, 0, 1, 2, 0, 0), before + 2)
    closed, opened = Change.objects.order_by("pk")[before:]
    assert (closed.label, closed.after["usable_area"], closed.after["ends_on"]) == (
        "HIT-01-A-A-102", "80.00", str(TODAY)
    )  # fmt: skip
    assert (opened.label, opened.after["usable_area"], opened.after["starts_on"], opened.why) == (
        "HIT-01-A-A-102", "81.00", str(TODAY), "measured anew",
    )  # fmt: skip
    assert Unit.objects.get(code="HIT-01-A-A-101").note == "seen"


def test_an_empty_cell_erases_nothing(written):
    written(GOOD)

    plan = written(GOOD.replace("120.50", "").replace("80", "n/a"))

    assert counts(plan) == (3, 0, 0, 3, 0, 0)
    assert UnitPeriod.objects.aggregate(total=Sum("usable_area"))["total"] == Decimal("230.76")


def test_a_changed_area_without_a_reason_is_refused_by_row_and_undone(written, planned):
    written(GOOD)
    before = Change.objects.count()
    plan = planned(GOOD.replace("120.50", "121").replace("实验室", "办公"))

    with pytest.raises(ValidationError) as error:
        imports.apply(plan, by=None, why="", on=TODAY, progress=silent)

    assert (error.value.code, problems(plan)) == ("refused", [(2, "", "reason"), (3, "", "reason")])
    assert counts(plan) == (3, 0, 0, 1, 2, 0)
    assert "--why" in answered(plan.problems[0].message, plan.problems[0].facts)
    assert (Change.objects.count(), Unit.objects.get(code="HIT-01-A-A-101").usable_area) == (before, Decimal("120.50"))


@pytest.mark.parametrize(
    ("facts", "rows", "code"),
    [
        ({"closes_on": date(2024, 1, 1)}, GOOD, "closed"),
        ({}, GOOD.replace("A-101,一层", "A-101,三层"), "moved"),
    ],
)
def test_a_unit_that_was_closed_or_lies_elsewhere_is_refused(written, planned, facts, rows, code):
    written(GOOD)
    Unit.objects.filter(code="HIT-01-A-A-101").update(**facts)

    assert [(problem.row, problem.code) for problem in planned(rows).problems] == [(2, code)]


def test_one_bad_row_among_good_ones_writes_nothing(park, run):
    before = Change.objects.count()

    with pytest.raises(CommandError) as error:
        run(GOOD + "A-103,1,办公,x\n", "--building=C", "--create", "--ready-on=2020-01-01")

    assert (str(error.value), error.value.returncode) == ("1 row is refused, so nothing was written.", 1)
    assert (Unit.objects.count(), Building.objects.count(), Change.objects.count()) == (0, 0, before)


def test_a_floor_filled_beyond_its_registered_area_is_refused_even_in_a_rehearsal(building, planned):
    make.floor(building=building, level=1, label="一层", usable_area=Decimal(200))

    for write in (imports.rehearse, imports.apply):
        with pytest.raises(ValidationError) as error:
            write(planned(GOOD), by=None, why="", on=TODAY, progress=silent)
        assert [each.code for each in error.value.error_dict["usable_area"]] == ["floor_area"]
    assert Unit.objects.count() == 0


def test_a_dry_run_tells_the_plan_and_writes_nothing(building, run):
    before = Change.objects.count()

    result = [line for line in run(GOOD, "--building=A", "--dry-run").splitlines() if not MOVED.match(line)]

    assert result == [
        "Read as UTF-8; header in row 1.",
        "Columns: 房号 → unit, 楼层 → floor, 用途 → use, 使用面积 → usable_area.",
        "3 rows = 3 new + 0 changed + 0 unchanged + 0 refused + 0 left out.",
        "  A座 一层, level 1: 2 rooms, 200.50 m² of usable area (new)",
        "  A座 2F, level 2: 1 room, 30.26 m² of usable area; in the file 30.255 m² (new)",
        (
            "Areas are rounded to 0.01 m² row by row, half up: 230.76 m² in all, "
            "where the file sums to 230.755 m² (difference +0.005)."
        ),
        "Dry run: nothing was written.",
    ]
    assert (Unit.objects.count(), Floor.objects.count(), Change.objects.count()) == (0, 0, before)


@pytest.mark.parametrize("dry", [["--dry-run"], []])
def test_a_correction_lists_the_reported_figures_that_it_moves(building, written, run, monkeypatch, dry):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: TODAY)
    written(GOOD)

    result = run(GOOD.replace("120.50", "100.50"), "--building=A", "--correct", "--why=misread", *dry).splitlines()

    first = result.index("Reported figures of 23 days move (46 in all):")
    assert result[first + 1 : first + 3] == [
        "  2026-05-31 一号园 Lettable area: 200.50 → 180.50 m² (-20.00)",
        "  2026-05-31 一号园 Vacant: 200.50 → 180.50 m² (-20.00)",
    ]
    assert result[first + 11] == "  … and 36 more, none larger."
    area = Unit.objects.get(code="HIT-01-A-A-101").facts_of(date(2025, 1, 1)).usable_area
    assert area == Decimal("120.50" if dry else "100.50")


def test_who_adds_a_room_between_plan_and_writing_is_not_overwritten(building, planned):
    plan = planned(GOOD)
    make.unit(floor=make.floor(building=building, level=9, label="九"), code="HIT-01-A-A-101")

    with pytest.raises(ValidationError) as error:
        imports.apply(plan, by=None, why="", on=TODAY, progress=silent)

    assert (error.value.code, Unit.objects.count()) == ("stale", 1)


def test_units_on_record_that_the_file_leaves_out_are_told(written):
    written(GOOD)

    plan = written("\n".join(GOOD.splitlines()[:2]))

    assert [(remark.code, remark.message) for remark in plan.remarks] == [
        ("others", "2 units on record in these buildings are not in the file; they stay as they are."),
    ]


# The command


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_every_encoding_of_a_list_gives_the_same_units(building, run, encoding):
    run(GOOD.encode(encoding), "--building=A")

    assert UnitPeriod.objects.aggregate(total=Sum("usable_area"))["total"] == Decimal("230.76")


def test_a_workbook_gives_the_same_units_as_its_csv(building, run):
    rows = [
        ["房号", "楼层", "用途", "使用面积"],
        ["A-101", "一层", "办公", 120.5],
        ["A-102", "一层", "实验室", 80],
        ["B-201", "2F", "走廊", 30.255],
    ]
    run(workbook([["一号园房源表"], [], *rows]), "--building=A", name="rooms.xlsx")

    assert "3 unchanged" in run(GOOD, "--building=A")


def test_who_looks_after_the_park_may_import_and_is_named(building, run):
    manager = make.user(email="manager@example.test")
    make.assignment(user=manager, role="park_manager", park=building.park)

    run(GOOD, "--building=A", "--by=Manager@example.test")

    assert set(Change.objects.filter(object_type="spaces.unit").values_list("by__email", flat=True)) == {manager.email}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--by=stranger@example.test", "stranger@example.test may not change HIT-01: that takes the role of its"),
        ("--by=nobody@example.test", "There is no active account nobody@example.test."),
        ("--park=NONE", "There is no park with the code NONE."),
        ("--errors=rooms/none/x.csv", "--errors needs another file than the list, in a folder that exists."),
        (
            "--map-use=商业=shop",
            "'shop' is not a valid Use: a level is a number such as 3, -1 or 1.5 for a mezzanine, a use one of",
        ),
        (
            "--floor=First=one",
            "'one': a level is a number such as 3, -1 or 1.5 for a mezzanine, a use one of",
        ),
        ("--map=使用面积", "Error: argument --map: “使用面积” should be two names with = between them."),
        (
            "--opens-on=1.2.2024",
            "Error: argument --opens-on: “1.2.2024” is not a day. Write year, month, day, such as",
        ),
    ],
)
def test_what_is_said_wrongly_is_told_before_anything_is_read(building, run, words, message):
    make.user(email="stranger@example.test")

    with pytest.raises(CommandError) as error:
        run(GOOD, "--building=A", words)

    assert (str(error.value)[: len(message)], Unit.objects.count()) == (message, 0)


def test_a_file_that_is_not_there_is_told(park, run):
    with pytest.raises(CommandError, match=r"^There is no file rooms/none\.csv\.$"):
        run(Path("rooms/none.csv"))


def test_refused_rows_are_written_out_mended_and_imported(building, run, tmp_path):
    bad = tmp_path / "bad.csv"
    with pytest.raises(CommandError):
        run(GOOD + "A-103,一层,办公,=1+1\nA 104,-1,办公,x\n", "--building=A", f"--errors={bad}")

    number = "This is not a number. Write digits alone, such as 120.50 or 1,200.50."
    rows = list(csv.reader(io.StringIO(bad.read_bytes().decode("utf-8-sig"))))
    spaces = (
        "“A 104” is not a code: it may hold letters, digits, Chinese characters, dot, dash and underscore. "
        "Write A-104. --fold-codes does so for the whole file."
    )
    assert (bad.read_bytes()[:3], rows) == (b"\xef\xbb\xbf", [
        ["房号", "楼层", "用途", "使用面积", "problem"],
        ["A-103", "一层", "办公", "'=1+1", f"D5: {number}"],
        ["A 104", "'-1", "办公", "x", f"A6: {spaces} D6: {number}"],
    ])  # fmt: skip
    run(
        bad.read_text("utf-8-sig").replace("'=1+1", "2").replace("A 104", "A-104").replace(",x,", ",3,"),
        "--building=A",
    )
    made = Unit.objects.with_facts(TODAY).order_by("code")
    assert list(made.values_list("code", "floor__level", "usable_area")) == [
        ("HIT-01-A-A-103", 1, Decimal(2)), ("HIT-01-A-A-104", -1, Decimal(3)),
    ]  # fmt: skip


def test_the_same_fault_in_many_rows_is_said_once_with_all_of_them(building, run, capsys):
    rows = "".join(f"A-{number},1,商业,1\n" for number in range(2, 9)) + "A-9,1,办公,x\n"

    with pytest.raises(CommandError):
        run(f"{HEADER}\n{rows}", "--building=A")

    result = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Refused")]
    assert [line.partition(": This")[0] + line[line.rindex(" ("):] for line in result] == [
        "Refused: C2 用途 = “商业” (rows 2–8)", "Refused: D9 使用面积 = “x” (row 9)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("shell", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh-hans"), ({"LANG": "en_US.UTF-8"}, "en"), ({"LANG": "C"}, "en"),
        ({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh-hans"), ({}, settings.LANGUAGE_CODE),
    ],
)  # fmt: skip
def test_messages_follow_the_language_of_the_shell(monkeypatch, shell, language):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in shell.items():
        monkeypatch.setenv(name, value)

    assert language_of_the_shell() == language


def test_the_language_of_the_messages_can_be_said(building, run, capsys):
    with pytest.raises(CommandError):
        run(f"{HEADER}\nA-101,1,办公,2000000000\n", "--building=A", "--language=zh-hans")

    assert "“2000000000.00”不在 0.01 至 1,000,000,000.00 ㎡ 之间。" in capsys.readouterr().out


@pytest.mark.engine
@pytest.mark.parametrize(("words", "lines"), [([], 0), (["-v2"], 10)])
def test_five_thousand_rows_take_a_statement_each_and_can_show_progress(building, tmp_path, capsys, words, lines):
    path = tmp_path / "rooms.csv"
    rows = "".join(f"R{number},{number // 100 + 1}层,办公,{20 + number % 70}.5\n" for number in range(5000))
    path.write_text(f"{HEADER}\n{rows}", "utf-8")

    with CaptureQueriesContext(connection) as asked:
        call_command("import_units", path, "--park=HIT-01", "--building=A", "--language=en", *words)

    shown = capsys.readouterr().err.splitlines()
    assert (Unit.objects.count(), Change.objects.filter(object_type="spaces.unit").count()) == (5000, 5000)
    assert (len(shown), shown[-1:]) == (lines, ["Unit 5000 of 5000 written"] if lines else [])
    assert len(asked) < 6000  # each code is looked for once, and the rest goes by hundreds
