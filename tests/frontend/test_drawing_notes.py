"""The check page of a DXF: what it says before a layer is chosen, and how a person answers its doubts."""

from pathlib import Path

import pytest
from django.urls import reverse

from spaces.models import Drawing, FloorPlan
from tests.frontend.source import source
from tests.frontend.test_drawings import TODAY, go_on, send, text, unit
from tests.spaces.plots import ROOMS, Plot, rectangle

pytestmark = pytest.mark.django_db
CASES = Path(__file__).parents[1] / "data" / "cases"
TAKE = {"valid_from": "2026-11-25", "over": "", "why": ""}


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: TODAY)


def sent(desk, floor, content):
    send(desk, floor, content)
    drawing = Drawing.objects.get()
    return drawing, reverse("drawing-detail", args=[drawing.pk])


def speak(desk, language):
    desk.defaults["HTTP_ACCEPT_LANGUAGE"] = language


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["1 polyline lies on a layout (paper space)"]), ("zh-hans", ["图纸中没有闭合多段线", "布局（图纸空间）"])],
)
def test_a_drawing_without_outlines_has_a_sentence_and_no_form(desk, floor, language, words):
    speak(desk, language)
    _drawing, url = sent(desk, floor, (CASES / "d27_paper_only.dxf").read_bytes())

    answer = desk.get(url)

    assert [part for part in words if part not in text(answer)] == []
    assert 'id="reading"' not in answer.content.decode()


@pytest.mark.parametrize(("language", "word"), [("en", "Where"), ("zh-hans", "位置")])
def test_the_head_of_the_problems_says_where(desk, floor, language, word):
    speak(desk, language)
    drawing, url = sent(desk, floor, Plot("m").room("", rectangle(0, 0, 4, 6)).bytes())

    go_on(desk, drawing, "choose", {"layer": ROOMS, "labels": "", "unit": "m"})

    answer = desk.get(url).content.decode()
    assert f'<th scope="col">{word}</th>' in answer
    assert "意向园区" not in answer


def test_a_unit_that_the_areas_deny_is_proposed_and_taken_only_on_the_person_s_word(desk, floor):
    unit(floor, "401", "120.00")
    unit(floor, "403", "110.00")
    drawing, url = sent(desk, floor, (CASES / "d03c_header_inch_drawn_cm.dxf").read_bytes())
    chosen = {"layer": "ROOMS", "labels": "", "unit": "in"}
    go_on(desk, drawing, "choose", chosen)

    page = source(desk.get(url))
    refused = go_on(desk, Drawing.objects.get(), "take-over", TAKE)

    assert 'name="unit" value="cm"' in page
    assert refused.status_code == 422
    assert "In centimetres the areas agree" in text(refused)
    assert not FloorPlan.objects.exists()
    go_on(
        desk, Drawing.objects.get(), "choose", chosen | {"unit": ["in", "cm"]}
    )  # the field, and the button behind it
    assert Drawing.objects.get().unit == "cm"
    assert "230.00 m²" in text(desk.get(url))
    go_on(desk, Drawing.objects.get(), "choose", chosen)
    assert go_on(desk, Drawing.objects.get(), "take-over", TAKE | {"unit_sure": "on"}).status_code == 303
    assert FloorPlan.objects.get().shapes.count() == 2


def test_loose_lines_are_offered_and_closed_where_the_person_ticks_it(desk, floor):
    plot = Plot("m").room("401", rectangle(0, 0, 4, 6), close=False)
    plot.space.add_line((0, 6), (0, 0), dxfattribs={"layer": ROOMS})
    drawing, url = sent(desk, floor, plot.bytes())
    assert "It has: 1 open polyline, 1 loose line or arc." in text(desk.get(url))
    chosen = {"layer": ROOMS, "labels": "", "unit": "m"}

    go_on(desk, drawing, "choose", chosen)
    assert "close 1 area. Tick “Close loose lines”" in text(desk.get(url))

    go_on(desk, Drawing.objects.get(), "choose", chosen | {"joined": "on"})
    result = desk.get(url)
    assert "1 room, 24.00 m²" in text(result)
    assert result.context["reading"]["joined"].value() is True
