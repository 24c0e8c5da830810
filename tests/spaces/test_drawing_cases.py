"""Small drawings that once came in wrong, one fault each: tests/data/cases, told what each must give."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from spaces.actions import drawings
from spaces.actions.drawings import DrawingChoice
from spaces.dxf import comparison
from spaces.dxf.drawn_rooms import Fix
from spaces.dxf.layer_messages import layer_summary, notes
from spaces.dxf.length_units import unit_of
from spaces.dxf.messages import message, place
from spaces.dxf.upload import read_drawing
from spaces.models import Drawing
from tests import make
from tests.spaces.plots import LABELS, ROOMS, Plot, floor_of_eight, rectangle

pytestmark = pytest.mark.django_db
CASES = Path(__file__).parents[1] / "data" / "cases"
TODAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def floor(db):
    building = make.building(park=make.park(code="HIT-01"), code="A", name="A座")
    return make.floor(building=building, level=4)


@pytest.fixture
def user(db):
    return make.user()


@pytest.fixture
def read(floor, user):
    """read(name or bytes, choice...) -> the drawing beside the register."""

    def compared(sent, *, layer="ROOMS", unit="", **how):
        content = read_drawing((CASES / sent).read_bytes() if isinstance(sent, str) else sent)
        Drawing.objects.all().delete()
        drawing = Drawing.objects.create(
            floor=floor, name="a.dxf", content=content, unit=unit_of(content), created_at=timezone.now(),
            created_by=user,
        )  # fmt: skip
        chosen = {"layer": layer, "labels": "", "unit": unit or drawing.unit, "codes": {}} | how
        return comparison.compare(drawings.choose(drawing, by=user, **chosen), on=TODAY)

    return compared


def unit(floor, number, area):
    return make.unit(floor=floor, code=f"HIT-01-A-{number}", usable_area=area and Decimal(area))


def areas(compared):
    return {room.label: room.area for room in compared.found.rooms if room.sound}


def fixes(compared):
    return [problem.fix for problem in compared.problems]


def said(compared):
    return " | ".join(f"{place(problem)}: {message(problem)}" for problem in compared.problems)


IN_GBK = "They were read as GBK."
# file -> layer, unit, rooms, what is said of the drawing before a layer is chosen
GIVES = {
    "d03c_header_inch_drawn_cm.dxf": ("ROOMS", "cm", {"401": "120.00", "403": "110.00"}, ""),
    "d04b_header_ft_drawn_m.dxf": ("ROOMS", "m", {"401": "120.00", "403": "110.00"}, ""),
    "d11c_R12_gbk_no_codepage.dxf": (
        "房间轮廓",
        "m",
        {"401": "120.00"},
        "does not state the encoding of its texts. " + IN_GBK,
    ),
    "d11d_R12_gbk_wrong_codepage.dxf": (
        "房间轮廓",
        "m",
        {"401": "120.00"},
        "that it states, ANSI_1252. " + IN_GBK,
    ),
    "d11e_R2010_but_gbk_bytes.dxf": ("房间轮廓", "m", {"401": "120.00"}, "that it states, UTF-8. " + IN_GBK),
    "d11f_R12_codepage_gb2312_word.dxf": ("房间轮廓", "m", {"401": "120.00"}, ""),
    "d12b_minimal_crlf_bom.dxf": ("ROOMS", "m", {"401": "120.00"}, ""),
    "d12c_seqend_missing.dxf": ("ROOMS", "m", {"401": "120.00"}, ""),
    "d12d_r2013_bom.dxf": ("ROOMS", "m", {"401": "120.00", "403": "110.00"}, ""),
    "d12e_two_without_seqend.dxf": ("ROOMS", "m", {"401": "120.00", "403": "120.00"}, ""),
}
ELSEWHERE = {"d20_labels.dxf", "d27_paper_only.dxf"}


def test_every_case_is_tried():
    assert GIVES.keys() | ELSEWHERE == {path.name for path in CASES.glob("d*")}


@pytest.mark.parametrize("name", GIVES)
def test_a_case_gives_these_rooms(read, floor, name):
    layer, drawn_in, expected, note = GIVES[name]
    unit(floor, "401", "120.00")

    compared = read(name, layer=layer, unit=drawn_in)

    assert areas(compared) == {number: Decimal(area) for number, area in expected.items()}
    assert fixes(compared) == []
    result = notes(Drawing.objects.get().content)
    assert (len(result), note in "".join(result)) == (bool(note), True)


@pytest.mark.parametrize(
    ("name", "wrong", "ratio"),
    [("d03c_header_inch_drawn_cm.dxf", "in", "6.45"), ("d04b_header_ft_drawn_m.dxf", "ft", "0.0929")],
)
def test_a_unit_that_the_register_denies_is_not_taken_in_silence(read, floor, user, name, wrong, ratio):
    right = GIVES[name][1]
    unit(floor, "401", "120.00")
    unit(floor, "403", "110.00")

    compared = read(name)

    assert compared.found.unit == wrong
    assert compared.doubt.facts["fits"] == right
    assert f"share this ratio of {ratio}" in said(compared)
    choice = {"units": [], "areas": [], "use": "", "opens_on": None, "valid_from": TODAY, "over": None}
    with pytest.raises(ValidationError) as refusal:
        drawings.take_over(Drawing.objects.get(), DrawingChoice(**choice), by=user, why="", on=TODAY)
    assert refusal.value.error_dict["unit_sure"][0].code == "doubt"
    assert drawings.take_over(
        Drawing.objects.get(), DrawingChoice(**choice, unit_sure=True), by=user, why="", on=TODAY
    )


def test_numbers_are_read_as_they_are_written_and_what_is_unclear_is_asked(read, floor):
    for number in ("402", "403", "406", "407", "410", "411", "412", "414"):
        unit(floor, number, "81.00")

    compared = read("d20_labels.dxf")

    assert {pair.unit.code[-3:]: pair.room.label for pair in compared.pairs} == {
        "402": "402", "403": "403", "406": "A-406", "410": "410", "411": "HIT-01-A-411", "412": "412",
    }  # fmt: skip
    assert [room.label for room in compared.new] == [
        "2F",
        "4-07",
        "401",
        "404",
        "405",
        "413",
        "417",
        "418-1",
        "F4-414",
    ]
    result = said(compared)
    assert "“408/409” is not one room number; it may mean 408, 409" in result
    assert "“415 416” is not one room number" in result
    assert "“4-07” is not in the register; HIT-01-A-407 is" in result
    assert "“F4-414” is not in the register; HIT-01-A-414 is" in result
    assert fixes(compared).count(Fix.NO_LABEL) == 3  # 四一九, 1:100 and A
    assert {problem.handle for problem in compared.problems} <= {room.handle for room in compared.to_name}


def test_a_drawing_on_paper_gets_a_sentence_and_no_empty_choice(read):
    content = read_drawing((CASES / "d27_paper_only.dxf").read_bytes())

    (note,) = notes(content)

    assert "no closed polyline" in note
    assert "1 polyline lies on a layout (paper space)" in note
    with translation.override("zh-hans"):
        assert "布局" in notes(content)[0]


# Ten more of each kind, made to break what was mended


def old_drawing(text, *, layer="ROOMS", codec="gbk", page=None, version="AC1009"):
    """A heavy polyline of 12 by 10 and a text in it, as a program writes it that knows little of DXF."""
    head = f"9\n$ACADVER\n1\n{version}\n" + (f"9\n$DWGCODEPAGE\n3\n{page}\n" if page else "")
    vertices = "".join(f"0\nVERTEX\n8\n{layer}\n10\n{x}\n20\n{y}\n" for x, y in rectangle(0, 0, 12, 10))
    drawn = f"0\nPOLYLINE\n8\n{layer}\n66\n1\n70\n1\n{vertices}0\nSEQEND\n"
    drawn += f"0\nTEXT\n8\n{layer}\n10\n2\n20\n5\n40\n1\n1\n{text}\n"
    whole = f"0\nSECTION\n2\nHEADER\n{head}0\nENDSEC\n0\nSECTION\n2\nENTITIES\n{drawn}0\nENDSEC\n0\nEOF\n"
    return whole.encode(codec)


@pytest.mark.parametrize(
    ("codec", "page", "version", "doubt"),
    [
        ("gbk", None, "AC1009", "other"),
        ("gbk", "ANSI_1252", "AC1015", "other"),
        ("gbk", "ANSI_936", "AC1015", ""),
        ("gbk", "gb2312", "AC1009", ""),
        ("gbk", "GBK", "AC1009", ""),
        ("gbk", "nonsense", "AC1009", "other"),
        ("gbk", None, "AC1027", "other"),
        ("utf-8", "ANSI_1252", "AC1009", "other"),
        ("utf-8", "ANSI_936", "AC1015", "other"),
        ("utf-8-sig", None, "AC1009", "other"),
        ("utf-8-sig", None, "AC1027", ""),
        ("big5", "ANSI_950", "AC1015", ""),
    ],
)
def test_chinese_texts_are_read_whatever_the_header_says(codec, page, version, doubt):
    text, layer = ("甲401会议室", "房间轮廓") if codec != "big5" else ("甲401會議室", "房間輪廓")

    content = read_drawing(old_drawing(text, layer=layer, codec=codec, page=page, version=version))

    assert [each["name"] for each in content["layers"]] == [layer]
    assert content["texts"][0]["lines"] == [text]
    assert content["encoding"]["doubt"] == doubt


@pytest.mark.parametrize(
    ("text", "codec", "page"),
    [
        ("Größe 401", "cp1252", "ANSI_1252"),
        ("Café Señor Åse 12 m²", "cp1252", None),
        ("ÄÖÜ äöü ß", "cp1252", "ANSI_1252"),
        ("Комната 401", "cp1251", "ANSI_1251"),
        ("КОМНАТА", "cp1251", "ANSI_1251"),
        ("90° ±5", "cp1252", "ANSI_1252"),
    ],
)
def test_western_texts_are_not_taken_for_chinese(text, codec, page):
    content = read_drawing(old_drawing(text, codec=codec, page=page))

    assert (content["texts"][0]["lines"], content["encoding"]["doubt"]) == ([text], "")


def test_texts_that_fit_no_encoding_are_told():
    sent = old_drawing("Q401", version="AC1027").replace(b"Q", b"\xff\xff\x81 ")

    (note,) = notes(read_drawing(sent))

    assert "can't be read" in note


@pytest.mark.parametrize("kind", ["text", "mtext", "layer"])
def test_characters_of_a_code_page_are_decoded_wherever_they_stand(kind):
    plot = Plot("m")
    plot.space.add_lwpolyline(rectangle(0, 0, 4, 6), close=True, dxfattribs={"layer": ROOMS})
    coded = r"\M+5CAD2\U+5BA4" + "403"
    if kind == "mtext":
        plot.space.add_mtext("{\\fSimSun;" + coded + "}", dxfattribs={"insert": (1, 3), "layer": LABELS})
    else:
        plot.label(coded if kind == "text" else "403", 1, 3, layer="N" + coded if kind == "layer" else LABELS)

    (result,) = read_drawing(plot.bytes())["texts"]

    assert "室室403" in (result["layer"] if kind == "layer" else result["lines"][0])


@pytest.mark.parametrize("drawn", ["mm", "cm", "m", "in", "ft"])
@pytest.mark.parametrize("source", ["register", "written"])
def test_any_other_unit_is_revealed_by_areas(read, floor, drawn, source):
    plot = floor_of_eight(drawn)
    for number in range(401, 409):
        if source == "register":
            unit(floor, str(number), "26.00")
    if source == "written":
        for _code, x, y, _wide, _deep in [("", 0, 0, 0, 0), ("", 4.2, 0, 0, 0)]:
            plot.label("S=24.0㎡", x + 2, y + 1)
    sent = plot.bytes()

    for wrong in {"mm", "cm", "m", "in", "ft"} - {drawn}:
        assert read(sent, layer=ROOMS, unit=wrong).doubt.facts["fits"] == drawn
    assert read(sent, layer=ROOMS, unit=drawn).doubt is None


@pytest.mark.parametrize(
    ("register_areas", "result"),
    [
        (["24.00"] * 8, False),
        (["6.00"] * 8, True),  # drawn at twice the size
        (["6.00", "9.00", "31.00", "80.00"], False),  # no ratio that they share
        (["2.23"], True),  # one room, and a unit that explains it
        (["6.00"], False),  # one room, and none does
        (["16.00"] * 8, False),  # net and gross
        ([None] * 8, False),
    ],
)
def test_a_ratio_is_told_where_rooms_share_it(read, floor, register_areas, result):
    for number, area in enumerate(register_areas, start=401):
        unit(floor, str(number), area)

    compared = read(floor_of_eight("m").bytes(), layer=ROOMS, unit="m")

    assert (compared.doubt is not None) == result
    if result and len(register_areas) > 1:
        assert "scale the drawing by 0.5" in said(compared)


def test_areas_that_are_written_in_the_rooms_count_more_than_the_register(read, floor):
    for number in range(401, 409):
        unit(floor, str(number), "2.23")
    plot = floor_of_eight("m").label("24.0m2", 2, 1)

    assert read(plot.bytes(), layer=ROOMS, unit="m").doubt is None


def shapes_beside(plot):
    at = {"layer": ROOMS}
    space = plot.space
    space.add_circle((50, 5), 2, dxfattribs=at)
    space.add_ellipse((60, 5), (3, 0), 0.5, dxfattribs=at)
    space.add_line((70, 0), (75, 0), dxfattribs=at)
    space.add_arc((70, 0), 5, 0, 90, dxfattribs=at)
    space.add_lwpolyline([(80, 0), (85, 0)], dxfattribs=at)
    space.add_spline([(90, 0), (92, 3), (95, 0)], dxfattribs=at)
    space.add_hatch(dxfattribs=at).paths.add_polyline_path(rectangle(100, 0, 4, 6))
    plot.doc.blocks.new("ROOM").add_lwpolyline(rectangle(0, 0, 1, 1), close=True)
    space.add_blockref("ROOM", (110, 0), dxfattribs=at)
    space.add_3dface(rectangle(120, 0, 4, 6), dxfattribs=at)
    return plot


def test_shapes_that_are_not_read_are_counted_with_their_places(read):
    plot = shapes_beside(floor_of_eight("m"))
    plot.label("999", 50, 5)

    compared = read(plot.bytes(), layer=ROOMS)

    result = {problem.facts["kind"]: problem for problem in compared.problems if problem.fix is Fix.UNREAD}
    assert {kind: problem.facts["many"] for kind, problem in result.items()} == {
        "circle": 1, "ellipse": 1, "line": 3, "spline": 1, "hatch": 1, "block": 1, "other": 1,
    }  # fmt: skip
    assert {kind: problem.at[0] for kind, problem in result.items()} == {
        "circle": 50, "ellipse": 60, "line": 70, "spline": 90, "hatch": 100, "block": 110, "other": 120,
    }  # fmt: skip
    assert "1 circle" in said(compared)
    assert "1 room number lies in no outline: 999 at 50 / 5" in said(compared)
    assert not compared.blocked
    assert len(areas(compared)) == 8
    assert "1 circle" in layer_summary(*_layer(ROOMS))


def _layer(name):
    content = Drawing.objects.get().content
    return next(each for each in content["layers"] if each["name"] == name), content


def test_numbers_outside_are_told_where_they_number_rooms(read, floor):
    unit(floor, "777", "24.00")
    plot = floor_of_eight("m").label("777", 90, 90, layer="TITLE").label("2026", 95, 90, layer="TITLE")
    plot.label("409", 91, 91).label("会议室", 92, 92)

    (problem,) = read(plot.bytes(), layer=ROOMS).problems

    assert [each["number"] for each in problem.facts["found"]] == ["777", "409"]


def lines_of(plot, *pieces):
    for piece in pieces:
        for start, end in pairwise(piece):
            plot.space.add_line(start, end, dxfattribs={"layer": ROOMS})
    return plot


OUTER = [(0, 0), (9, 0), (9, 6), (0, 6), (0, 0)]
WALL = [(4, 0), (4, 6)]  # ends in the middle of two other lines
# what is drawn, the areas that it closes, how many ends lead nowhere
LOOSE = {
    "four lines": ([OUTER], {"54.00"}, 0),
    "a wall between": ([OUTER, WALL], {"24.00", "30.00"}, 0),
    "a wall too long": ([OUTER, [(4, -1), (4, 6)]], {"24.00", "30.00"}, 1),
    "a wall too short": ([OUTER, [(4, 0), (4, 5)]], {"54.00"}, 1),
    "crossing walls": ([OUTER, WALL, [(0, 3), (9, 3)]], {"12.00", "15.00"}, 0),
    "a line twice": ([OUTER, OUTER], {"54.00"}, 0),
    "far from the origin": ([[(x + 4e6, y + 5e6) for x, y in OUTER]], {"54.00"}, 0),
    "in metres to the millimetre": ([[(0, 0), (3.333, 0), (3.333, 3.333), (0, 3.333), (0, 0)]], {"11.11"}, 0),
    "nothing closed": ([OUTER[:-1]], set(), 2),
}  # fmt: skip


@pytest.mark.parametrize("name", LOOSE)
def test_loose_lines_are_closed_where_a_person_asks_for_it(read, name):
    pieces, expected, ends = LOOSE[name]
    sent = lines_of(Plot("m"), *pieces).bytes()

    offered, taken = read(sent, layer=ROOMS), read(sent, layer=ROOMS, joined=True)

    assert (offered.found.rooms, offered.blocked) == ([], True)
    assert (Fix.CLOSABLE in fixes(offered)) == bool(expected)
    assert {str(room.area) for room in taken.found.rooms} == expected
    assert sum(len(problem.facts["ends"]) for problem in taken.problems if problem.fix is Fix.LOOSE) == ends
    assert "no closed polyline" in notes(Drawing.objects.get().content)[0]


def test_rooms_of_loose_lines_have_numbers_and_arcs(read):
    plot = lines_of(Plot("m"), [(0, 0), (4, 0)], [(4, 4), (0, 4), (0, 0)]).label("401", 1, 1)
    plot.space.add_arc((4, 2), 2, 270, 90, dxfattribs={"layer": ROOMS})
    plot.room("402", rectangle(9, 0, 4, 6)).room("403", [(20, 0), (24, 0), (24, 6)], close=False)

    compared = read(plot.bytes(), layer=ROOMS, joined=True)

    assert areas(compared) == {"401": Decimal("22.28"), "402": Decimal("24.00")}
    assert [room.handle[0] for room in compared.found.rooms if room.label == "401"] == ["~"]


def test_thousands_of_lines_are_not_closed(read):
    plot = lines_of(Plot("m"), *([(0, n), (9, n)] for n in range(2_001)))

    assert [fix for fix in fixes(read(plot.bytes(), layer=ROOMS, joined=True)) if fix is not Fix.UNREAD] == [Fix.EMPTY]


@pytest.mark.parametrize("follows", ["TEXT", "POLYLINE", "LINE", "ENDSEC"])
def test_a_polyline_ends_at_whatever_follows(follows):
    sent = old_drawing("401").replace(b"0\nSEQEND\n", b"")
    if follows == "ENDSEC":
        sent = sent[: sent.index(b"0\nTEXT")] + b"0\nENDSEC\n0\nEOF\n"
    elif follows != "TEXT":
        more = (
            b"0\nLINE\n8\n0\n10\n0\n20\n0\n11\n1\n21\n1\n"
            if follows == "LINE"
            else b"0\nPOLYLINE\n8\nB\n66\n1\n70\n1\n"
        )
        sent = sent.replace(b"0\nTEXT", more + b"0\nTEXT")

    assert [len(outline["points"]) for outline in read_drawing(sent)["outlines"]] == [4]


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("№ 402", [], "402"), ("房号：402", [], "402"), ("402号房间", [], "402"), ("RM402", [], "402"),
        ("402 24.0㎡ 层高3.6m", [], "402"), ("402室", ["402室"], "402室"), ("402（东）", ["402-东"], "402-东"),
        ("402（东）", [], None), ("402、403", ["402"], None), ("401-405", [], "401-405"), ("B1-02", [], "B1-02"),
        ("3#-101", ["3-101"], "3-101"), ("3#-101", [], None), ("会议室", [], None),
    ],
)  # fmt: skip
def test_a_text_means_one_number_or_is_asked_about(read, floor, text, known, expected):
    for number in known:
        unit(floor, number, "24.00")
    plot = Plot("m").room(text, rectangle(0, 0, 4, 6))

    compared = read(plot.bytes(), layer=ROOMS)

    assert [room.label for room in compared.found.rooms] == [expected or ""]
    assert bool(compared.to_name) == (expected is None)
