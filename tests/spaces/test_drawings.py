"""DXF drawings: what is read of good ones, and the clear answer that each broken one gets."""

import json
import os
import subprocess
import sys
import time
from decimal import Decimal
from math import pi

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation

from spaces.dxf import messages
from spaces.dxf.drawn_rooms import Fix
from spaces.dxf.length_units import unit_of
from spaces.dxf.rooms import DrawingReading, find_rooms
from spaces.dxf.upload import MOST_BYTES, read_drawing
from spaces.models.codes import clean_code
from spaces.sandbox.runner import CHILD
from tests.peak import peak_of
from tests.spaces.plots import LABELS, PER_METRE, ROOMS, Plot, floor_of_eight, rectangle

MEMORY_KB = 200 * 1024
LOADED = "import django, sys; django.setup(); import config.urls; print('ezdxf' in sys.modules)"
HEAD = "0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1027\n9\n$INSUNITS\n70\n4\n0\nENDSEC\n0\nSECTION\n2\nENTITIES\n"
TAIL = "0\nENDSEC\n0\nEOF\n"
POLYLINE = "0\nLWPOLYLINE\n5\nFF\n100\nAcDbEntity\n8\nA\n100\nAcDbPolyline\n90\n3\n70\n1\n"
TRIANGLE = POLYLINE + "10\n0\n20\n0\n10\n9\n20\n0\n10\n9\n20\n9\n"
HEAVY, VERTEX = "0\nPOLYLINE\n8\nA\n70\n1\n", "0\nVERTEX\n8\nA\n10\n0\n20\n0\n"
TEXT = "0\nTEXT\n100\nAcDbEntity\n8\nA\n100\nAcDbText\n10\n0\n20\n0\n40\n1\n1\n1\n"
MTEXT = "0\nMTEXT\n100\nAcDbEntity\n8\nA\n100\nAcDbMText\n10\n0\n20\n0\n1\n"
ENDLESS = "9" * 400


def rooms(sent, *, layer=ROOMS, labels="", unit="", codes=None, known=()):
    content = read_drawing(sent)
    reading = DrawingReading(layer, labels, unit or unit_of(content), codes or {})
    return find_rooms(content, reading, code_of=lambda label: f"P-A-{clean_code(label)}", known=known)


def areas(found):
    return {room.label: room.area for room in found.rooms}


def fixes(found):
    return [problem.fix for problem in found.problems]


@pytest.mark.parametrize("unit", ["mm", "cm", "m", "in", "ft"])
@pytest.mark.parametrize("version", ["R2000", "R2013"])
def test_eight_rooms_are_read_in_every_unit(unit, version):
    found = rooms(floor_of_eight(unit, version=version).bytes())

    assert areas(found) == {f"40{n}": Decimal("24.00") for n in range(1, 9)}
    assert [room.code for room in found.rooms] == [f"P-A-40{n}" for n in range(1, 9)]
    assert fixes(found) == []
    assert [round(number, 3) for number in found.box] == [0, 0, 16.6, 14.0]


def test_a_binary_drawing_is_the_same():
    plot = floor_of_eight()

    assert read_drawing(plot.bytes(binary=True)) == read_drawing(plot.bytes())


def test_an_old_drawing_with_chinese_layers_and_heavy_polylines():
    plot = Plot("m", version="R12")
    plot.doc.encoding = "gbk"
    plot.space.add_polyline2d(rectangle(0, 0, 5, 4), close=True, dxfattribs={"layer": ROOMS})
    plot.label("甲101", 2, 2)

    found = rooms(plot.bytes(), unit="m")

    assert areas(found) == {"甲101": Decimal("20.00")}


def test_an_l_shape_and_an_arc_have_their_exact_areas():
    plot = Plot()
    plot.room("", [(0, 0), (6, 0), (6, 2), (3, 2), (3, 5), (0, 5)]).label("1", 1, 1)
    plot.room("2", [(10, 0), (14, 0, 1), (14, 4), (10, 4)])  # a half circle on its right side
    plot.room("3", [(20, 0, 1), (24, 0, 1)])  # a circle of two halves

    found = rooms(plot.bytes())

    assert areas(found) == {
        "1": Decimal("21.00"),
        "2": Decimal(16 + 2 * pi).quantize(Decimal("0.01")),
        "3": Decimal(4 * pi).quantize(Decimal("0.01")),
    }
    arc = next(room for room in found.rooms if room.label == "2")
    assert max(x for x, _y in arc.points) == pytest.approx(16, abs=0.01)
    assert len(arc.points) == 27


def test_a_mirrored_polyline_lies_where_it_is_seen():
    plot = Plot("m")
    plot.space.add_lwpolyline(rectangle(-5, 0, 4, 3), close=True, dxfattribs={"layer": ROOMS, "extrusion": (0, 0, -1)})
    plot.label("7", 3, 1)

    assert areas(rooms(plot.bytes())) == {"7": Decimal("12.00")}


def test_layers_are_listed_with_what_is_on_them():
    plot = floor_of_eight().room("9", rectangle(30, 0, 4, 4), close=False)
    block = plot.doc.blocks.new("ROOM")
    block.add_lwpolyline(rectangle(0, 0, 1, 1), close=True)
    plot.space.add_blockref("ROOM", (0, 0), dxfattribs={"layer": "BLOCKS"})

    result = {each["name"]: each for each in read_drawing(plot.bytes())["layers"]}

    assert result[ROOMS] == {"name": ROOMS, "closed": 8, "open": 1, "texts": 0, "blocks": 0}
    assert result[LABELS] == {"name": LABELS, "closed": 0, "open": 0, "texts": 9, "blocks": 0}
    assert result["BLOCKS"]["blocks"] == 1


def test_measures_and_names_are_no_room_numbers():
    plot = Plot().room("401", rectangle(0, 0, 4, 6))
    for place, text in enumerate(["24.00", "24 ㎡", "24.0m2", "会议室", "h=3.2m"]):
        plot.label(text, 2, 0.5 + place / 2)

    found = rooms(plot.bytes(), labels=LABELS)

    assert areas(found) == {"401": Decimal("24.00")}


def test_a_number_of_the_register_wins_over_another_text():
    plot = Plot().room("401", rectangle(0, 0, 4, 6)).label("R2", 2, 1)

    assert fixes(rooms(plot.bytes())) == [Fix.TWO_LABELS]
    assert areas(rooms(plot.bytes(), known={"P-A-401"})) == {"401": Decimal("24.00")}


def test_lines_of_one_mtext_and_attributes_of_a_block_are_texts_of_their_own():
    plot = Plot("m").room("", rectangle(0, 0, 4, 6)).room("", rectangle(5, 0, 4, 6))
    plot.space.add_mtext("{\\fSimSun;会议室}\\P402", dxfattribs={"insert": (0.2, 5.8), "char_height": 0.3})
    block = plot.doc.blocks.new("TAG")
    block.add_attdef("NO", (0, 0))
    plot.space.add_blockref("TAG", (6, 3)).add_attrib("NO", "403", (6, 3))

    assert areas(rooms(plot.bytes())) == {"402": Decimal("24.00"), "403": Decimal("24.00")}


def blocks_only(plot):
    plot.doc.blocks.new("ROOM").add_lwpolyline(rectangle(0, 0, 1, 1), close=True)
    plot.space.add_blockref("ROOM", (0, 0), dxfattribs={"layer": ROOMS})
    return plot


def room(*corners, label="1", **how):
    return lambda plot: plot.room(label, corners, **how)


ONE = rectangle(0, 0, 4, 6)
MANY = [(n / 10, 9 + n % 2) for n in range(300)] + [(30, 0), (0, 0)]
# what is drawn, what is wrong, words of the answer in English and in Chinese
BROKEN = {
    "open": (room((0, 0), (4, 0), (4, 6), (0.012, 6), close=False), Fix.OPEN, "6,000.01 mm", "6,000.01"),
    "crossing": (room((0, 0), (4, 6), (4, 0), (0, 6)), Fix.CROSSING, "crosses or touches itself", "自身相交"),
    "flat": (room((0, 0), (4, 0), (8, 0), label=""), Fix.FLAT, "holds no area", "没有面积"),
    "overlap": (lambda plot: plot.room("1", ONE).room("2", rectangle(3.5, 0, 4, 6)), Fix.OVERLAP, "by 3 m²", "3 ㎡"),
    "inside": (lambda plot: plot.room("1", ONE).room("", rectangle(1, 1, 0.5, 0.5)), Fix.INSIDE, "0.25 m²", "0.25 ㎡"),
    "two labels": (lambda plot: plot.room("1", ONE).label("2", 1, 1), Fix.TWO_LABELS, "1 / 2", "1 / 2"),
    "twice": (
        lambda plot: plot.room("1", ONE).room("1", rectangle(9, 0, 4, 6)),
        Fix.LABEL_TWICE,
        "the number of 2 rooms",
        "2 个房间",
    ),
    "no label": (room(*ONE, label=""), Fix.NO_LABEL, "no room number", "没有房号"),
    "many corners": (room(*MANY), Fix.CORNERS, "302 corners", "302 个角"),
    "only blocks": (blocks_only, Fix.EMPTY, "EXPLODE", "EXPLODE"),
    "empty layer": (lambda plot: plot.label("1", 1, 1), Fix.EMPTY, "no polyline on this layer", "没有多段线"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_problem_is_told_with_its_place_and_a_remedy(name):
    draw, fix, english, chinese = BROKEN[name]

    problem = next(each for each in rooms(draw(Plot()).bytes()).problems if each.fix is fix)

    assert english in messages.message(problem)
    assert messages.place(problem).startswith(f"layer {ROOMS}")
    assert ("polyline" in messages.place(problem)) == (fix is not Fix.EMPTY)
    with translation.override("zh-hans"):
        assert chinese in messages.message(problem)
        assert messages.place(problem).startswith(f"图层 {ROOMS}")


def content_of(outlines):
    return {
        "units": 6,
        "layers": [{"name": "A", "closed": len(outlines), "open": 0, "texts": 0, "blocks": 0}],
        "outlines": [
            {"layer": "A", "handle": f"{n}", "closed": True, "points": each} for n, each in enumerate(outlines)
        ],
        "texts": [],
    }


def worst(name):
    """What fits through the reader and would keep the server busy for minutes."""
    bow = [[n % 40, n // 40, 0.9] for n in range(199)]
    match name:
        case "furniture":
            return [[[n, 0, 0], [n + 0.5, 0, 0], [n, 0.5, 0]] for n in range(5_000)]
        case "a pile":
            return [[[0, 0, 0], [4, 0, 0], [4, 6, 0], [0, 6, 0]]] * 500
        case "one coast":
            return [[[n, n * n % 97, 0.5] for n in range(100_000)]]
        case _:
            return [bow] * 500


@pytest.mark.parametrize(
    ("name", "fix", "words_of_it"),
    [
        ("furniture", Fix.MANY, "5,000 polylines"),
        ("a pile", Fix.TANGLED, "thousands of places"),
        ("one coast", Fix.CORNERS, "100000 corners"),
        ("curls", Fix.CROSSING, "crosses or touches itself"),
    ],
)
def test_no_layer_keeps_the_server_busy(name, fix, words_of_it):
    content, started = content_of(worst(name)), time.process_time()

    found = find_rooms(content, DrawingReading("A", "", "m", {}), code_of=str, known=())

    assert time.process_time() - started < 8
    assert words_of_it in messages.message(found.problems[0])
    assert {problem.fix for problem in found.problems} - {Fix.NO_LABEL} >= {fix}


def test_rooms_that_overlap_are_not_sound_and_the_others_are():
    plot = Plot().room("1", rectangle(0, 0, 4, 6)).room("2", rectangle(3.5, 0, 4, 6)).room("3", rectangle(9, 0, 4, 6))

    found = rooms(plot.bytes())

    assert {room.label: room.sound for room in found.rooms} == {"1": False, "2": False, "3": True}
    assert not found.blocked


@pytest.mark.parametrize(
    ("drawn", "read", "said", "fits"),
    [
        ("mm", "m", "24,000,000.00", "millimetres"),
        ("m", "mm", "0.000024", "metres"),
        ("in", "m", "37,200.07", "inches"),
        ("ft", "mm", "0.000258", "feet"),
    ],
)
def test_a_wrong_unit_is_told_with_the_one_that_makes_sense(drawn, read, said, fits):
    found = rooms(floor_of_eight(drawn).bytes(), unit=read)

    (problem,) = found.problems
    assert found.blocked
    assert f"has {said} m²" in messages.message(problem)
    assert f"in {fits} it would have 24 m²" in messages.message(problem)


def test_a_drawing_without_a_unit_says_none():
    assert unit_of(read_drawing(floor_of_eight("").bytes())) == ""


def test_a_number_that_is_typed_counts_more_than_the_drawing():
    plot = Plot().room("", rectangle(0, 0, 4, 6))
    (room,) = rooms(plot.bytes()).rooms

    named, refused = (rooms(plot.bytes(), codes={room.handle: label}) for label in ("401", "<b>"))

    assert (areas(named), fixes(named)) == ({"401": Decimal("24.00")}, [])
    assert fixes(refused) == [Fix.BAD_LABEL]


REFUSED = {
    "empty": (b"", "empty"),
    "garbage": (bytes(range(256)) * 40, "kind"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"0" * 99, "kind"),
    "a PDF": (b"%PDF-1.7\n0\nSECTION", "kind"),
    "DWG of 2018": (b"AC1032" + bytes(99), "dwg"),
    "DWG of 1990": (b"AC1009" + bytes(99), "dwg"),
    "cut off": (HEAD.encode(), "cut"),
    "half a tag": ((HEAD + "0").encode(), "cut"),
    "no tags behind the beginning": (b"0\nSECTION\nzwei\n", "broken"),
    "only a beginning": (b"0\n", "broken"),
    "an endless number": ((HEAD + POLYLINE + f"10\n{ENDLESS}\n20\n0\n" * 4 + TAIL).encode(), "broken"),
    "no number": ((HEAD + POLYLINE + "10\nnan\n20\n0\n" * 4 + TAIL).encode(), "broken"),
    "a broken binary": (b"AutoCAD Binary DXF\r\n\x1a\x00" + bytes(range(200)), "broken"),
    "50 MB": (b"0\nSECTION\n" * 5_000_000, "size"),
    "many polylines": ((HEAD + TRIANGLE * 5_001 + TAIL).encode(), "many"),
    "many corners": ((HEAD + POLYLINE + "10\n0\n20\n0\n" * 400_000 + TAIL).encode(), "many"),
    "many vertices": ((HEAD + HEAVY + VERTEX * 101_000 + TAIL).encode(), "many"),
    "many layers": ((HEAD + "".join(f"0\nLINE\n8\n{n}\n" for n in range(1_100)) + TAIL).encode(), "many"),
    "many texts": ((HEAD + TEXT * 20_001 + TAIL).encode(), "many"),
}  # fmt: skip


@pytest.mark.engine
@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_file_that_is_not_read_gets_a_sentence(name, language):
    sent, code = REFUSED[name]

    with translation.override(language), pytest.raises(ValidationError) as refusal:
        read_drawing(sent)

    (error,) = refusal.value.error_dict["file"]
    assert error.code == code
    assert error.messages[0].endswith("。" if language == "zh-hans" else ".")


def deep_blocks():
    """Ten blocks, each ten times in the next: unfolded, ten thousand million rooms."""
    plot = floor_of_eight()
    plot.doc.blocks.new("B0").add_lwpolyline(rectangle(0, 0, 1, 1), close=True, dxfattribs={"layer": ROOMS})
    for depth in range(1, 11):
        block = plot.doc.blocks.new(f"B{depth}")
        for place in range(10):
            block.add_blockref(f"B{depth - 1}", (place, 0))
    plot.space.add_blockref("B10", (0, 0))
    return plot.bytes()


def test_blocks_are_counted_and_never_unfolded():
    content = read_drawing(deep_blocks())

    assert len(content["outlines"]) == 8
    assert sum(layer["blocks"] for layer in content["layers"]) == 1


HUGE = {
    "lines": HEAD + "0\nLINE\n5\nFF\n8\nA\n10\n1.0\n20\n2.0\n11\n3.0\n21\n4.0\n" * 200_000 + TAIL,
    "corners": HEAD + POLYLINE + "".join(f"10\n{n}.123456\n20\n{n * n % 9973}.5\n" for n in range(99_000)) + TAIL,
    "one polyline": HEAD + POLYLINE + "10\n0\n20\n0\n" * 900_000 + TAIL,
    "one text": HEAD + MTEXT + "{\\H1x;" * 1_600_000 + "\n" + TAIL,
    "vertices": HEAD + HEAVY + VERTEX * 400_000 + TAIL,
}  # fmt: skip


@pytest.mark.engine
@pytest.mark.parametrize("name", HUGE)
def test_what_fits_into_10_mb_takes_less_than_200_mb(name):
    sent = HUGE[name].encode()
    assert len(sent) < MOST_BYTES

    answer, peak = peak_of("dxf", sent)

    assert "units" in json.loads(answer) or json.loads(answer) == {"refused": "many"}
    assert peak < MEMORY_KB


def test_handles_that_occur_twice_or_not_at_all_are_told_apart():
    sent = HEAD + TRIANGLE * 2 + TRIANGLE.replace("5\nFF\n", "") + TAIL

    assert [outline["handle"] for outline in read_drawing(sent.encode())["outlines"]] == ["FF", "FF#2", "#3"]


def test_the_server_itself_never_loads_the_parser():
    command = [sys.executable, "-c", LOADED]
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}

    done = subprocess.run(command, capture_output=True, check=True, env=env, cwd=settings.BASE_DIR)  # noqa: S603

    assert done.stdout.split() == [b"False"]


def test_the_reader_and_its_caller_mean_the_same_binary_files():
    assert b'BINARY = b"AutoCAD Binary DXF\\r\\n\\x1a\\x00"' in CHILD.with_name("dxf.py").read_bytes()
    assert set(PER_METRE) - {""} == {"mm", "cm", "m", "in", "ft"}
