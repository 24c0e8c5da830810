"""A DXF through the pages: sent, read, checked, taken over; and what each refusal says, in both languages."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from frontend.forms.drawings import DrawingForm
from spaces.changes.versions import version_of
from spaces.models import Adjacency, Change, Drawing, FloorPlan, UnitPeriod
from tests import make
from tests.frontend.hostile import VALUES, WORST
from tests.frontend.test_words_on_pages import Spoken
from tests.spaces.plots import LABELS, ROOMS, Plot, floor_of_eight, rectangle
from tests.thorough import mine

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: TODAY)


def unit(floor, number, area="24.00"):
    return make.unit(floor=floor, code=f"{floor.building.park.code}-A-{number}", usable_area=Decimal(area))


def send(desk, floor, content, name="四层.dxf"):
    url = reverse("drawing-new", args=[floor.building.park.code, "A", floor.level])
    return desk.post(url, {"file": SimpleUploadedFile(name, content)})


def go_on(desk, drawing, step, sent):
    """A step of the check page as it stands."""
    return desk.post(reverse(f"drawing-{step}", args=[drawing.pk]), {"version": version_of(drawing)} | sent)


def text(answer):
    return re.sub(r"\s+", " ", " ".join(Spoken(answer.content.decode()).result))


def test_a_drawing_comes_into_the_register(desk, floor):
    for number, area in (("401", "20.00"), ("402", "24.00"), ("499", "9.00")):
        unit(floor, number, area)
    path = f"{floor.building.park.code}-A"

    answer = send(desk, floor, floor_of_eight().bytes())
    drawing = Drawing.objects.get()
    assert answer.url == reverse("drawing-detail", args=[drawing.pk])
    assert f"{ROOMS}: 8 closed polylines" in text(desk.get(answer.url))

    chosen = go_on(desk, drawing, "choose", {"layer": ROOMS, "labels": LABELS, "unit": "mm"})
    assert (chosen.status_code, chosen.url) == (303, f"{answer.url}#rooms")
    result = text(desk.get(answer.url))
    assert "8 rooms, 192.00 m²" in result
    assert "+4.00 differs" in result

    ticks = {"units": [f"{path}-403"], "areas": [f"{path}-401"], "use": "lab", "opens_on": "2026-11-25"}
    sent = ticks | {"valid_from": "2026-11-25", "over": "", "why": "as measured"}
    done = go_on(desk, drawing, "take-over", sent)
    assert (done.status_code, done.url) == (303, f"/parks/{floor.building.park.code}/A/{floor.level}/")
    assert "3 rooms are on the plan now." in text(desk.get(done.url))
    assert dict(UnitPeriod.objects.filter(ends_on=None).values_list("unit__code", "usable_area")) == {
        f"{path}-401": Decimal("24.00"),
        f"{path}-402": Decimal("24.00"),
        f"{path}-403": Decimal("24.00"),
        f"{path}-499": Decimal("9.00"),
    }
    assert (FloorPlan.objects.get().shapes.count(), Adjacency.objects.count(), Drawing.objects.count()) == (3, 2, 0)
    assert desk.get(answer.url).status_code == 404


def test_the_floor_offers_it_to_those_who_may(client, manager, neighbour, floor):
    url = reverse("floor-detail", args=[floor.building.park.code, "A", floor.level])
    door = reverse("drawing-new", args=[floor.building.park.code, "A", floor.level])

    seen = {}
    for who in (manager, neighbour):
        client.force_login(who)
        seen[who.name] = door in client.get(url).content.decode()

    assert seen == {"manager": True, "neighbour": False}


@pytest.mark.parametrize(
    ("content", "english", "chinese"),
    [
        (b"", "The file is empty.", "文件是空的。"),
        (b"AC1032" + bytes(99), "This is a DWG (AC1032)", "DWG 文件（AC1032）"),
        (b"\x89PNG\r\n\x1a\n", "This is no DXF", "这不是 DXF 文件"),
        (b"0\nSECTION\n2\nHEADER\n0\nENDSEC\n", "cut off on the way", "传输中被截断"),
        (b"0\nSECTION\nx\n", "it is damaged", "文件已损坏"),
        (b" " * 15_000_000, "larger than 10 MB", "超过 10 MB"),
    ],
)
def test_a_file_that_is_not_taken_gets_a_clear_answer(desk, floor, content, english, chinese):
    in_english = send(desk, floor, content)
    desk.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-hans"
    in_chinese = send(desk, floor, content)

    assert (in_english.status_code, in_chinese.status_code) == (422, 422)
    assert english in text(in_english)
    assert chinese in text(in_chinese)
    assert not Drawing.objects.exists()
    assert not Change.objects.filter(object_type="spaces.drawing").exists()


class Unread(SimpleUploadedFile):
    def read(self, *_args):
        raise AssertionError


def test_a_large_file_is_refused_unread():
    sent = Unread("a.dxf", b"0")
    sent.size = 50_000_000

    form = DrawingForm({}, {"file": sent})

    assert form.errors["file"] == [
        "The drawing is larger than 10 MB. Delete the layers that show no rooms, purge, and save it anew."
    ]


def test_no_file_is_said(desk, floor):
    url = reverse("drawing-new", args=[floor.building.park.code, "A", floor.level])

    assert "This field is required." in text(desk.post(url, {}))


def chosen(desk, floor, manager, **facts):
    drawing = make.drawing(floor=floor, created_by=manager, layer="ROOMS", **facts)
    return reverse("drawing-detail", args=[drawing.pk]), drawing


def test_a_unit_that_the_drawing_does_not_say_is_asked_for(desk, floor, manager):
    drawing = make.drawing(floor=floor, created_by=manager, unit="")

    answer = go_on(desk, drawing, "choose", {"layer": "ROOMS", "labels": "", "unit": ""})

    assert answer.status_code == 422
    assert not Change.objects.exists()


@pytest.mark.parametrize("field", ["layer", "labels"])
def test_a_layer_that_is_not_there_is_answered_with_those_that_are(desk, floor, manager, field):
    drawing = make.drawing(floor=floor, created_by=manager)
    sent = {"layer": "ROOMS", "labels": "", "unit": "m"} | {field: "WALLS"}

    answer = go_on(desk, drawing, "choose", sent)

    assert answer.status_code == 422
    assert "The drawing has no layer “WALLS”. It has: ROOMS." in text(answer)


def test_a_number_is_filled_in_on_the_check_page(desk, floor, manager):
    unit(floor, "402")
    url, drawing = chosen(desk, floor, manager)
    Drawing.objects.update(content=drawing.content | {"texts": []})
    assert 'name="code-2F"' in desk.get(url).content.decode()

    go_on(desk, drawing, "choose", {"layer": "ROOMS", "labels": "", "unit": "m", "code-2F": "402"})

    answer = desk.get(url)
    assert [pair.unit.code[-3:] for pair in answer.context["compared"].pairs] == ["402"]


def test_the_preview_shows_each_room_and_marks_what_is_wrong(desk, floor, manager):
    unit(floor, "401")
    url, drawing = chosen(desk, floor, manager)
    wrong = {"layer": "ROOMS", "handle": "30", "closed": False, "points": [[9, 0, 0], [12, 0, 0], [12, 3, 0]]}
    other = {"layer": "ROOMS", "handle": "31", "closed": True, "points": [[5, 0, 0], [14, 0, 0], [14, 3, 0]]}
    Drawing.objects.update(content=drawing.content | {"outlines": [*drawing.content["outlines"], wrong, other]})

    picture = desk.get(url).context["picture"]

    assert [(shape.kind, shape.code) for shape in picture.shapes] == [("known", "401"), ("wrong", "31")]
    assert len(picture.marks) == 2
    assert (picture.width, picture.height) == (1000, 451)


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"areas": ["401"]}, 422, "give a reason"),
        ({"valid_from": ""}, 422, "This field is required."),
        ({"areas": ["999"]}, 422, "not one of the available choices"),
        ({"over": "99999"}, 422, "not one of the available choices"),
    ],
)
def test_a_refusal_keeps_what_was_ticked(desk, floor, manager, sent, status, words):
    unit(floor, "401", "20.00")
    _url, drawing = chosen(desk, floor, manager)
    path = f"{floor.building.park.code}-A-"
    result = {"valid_from": "2026-11-25", "over": "", "why": "", "areas": ["401"]} | sent
    result["areas"] = [path + number for number in result["areas"]]

    answer = go_on(desk, drawing, "take-over", result)

    assert answer.status_code == status
    assert words in text(answer)
    assert answer.context["form"]["areas"].value() == result["areas"]
    assert not FloorPlan.objects.exists()


def test_a_plan_of_another_floor_is_no_place_to_draw_on(desk, floor, manager):
    unit(floor, "401")
    facts = {"valid_from": TODAY, "width_px": 9, "height_px": 9, "metres_wide": 9, "created_by": manager}
    elsewhere = FloorPlan.objects.create(
        floor=make.floor(building=floor.building), created_at="2026-01-01T00:00Z", **facts
    )
    _url, drawing = chosen(desk, floor, manager)

    result = {"valid_from": "2026-11-25", "over": elsewhere.pk}
    answer = go_on(desk, drawing, "take-over", result)

    assert answer.status_code == 422
    assert elsewhere.shapes.count() == 0


def test_names_of_a_drawing_are_text(desk, floor, manager):
    evil = "<script>alert(1)</script>"
    url, drawing = chosen(desk, floor, manager, name=f"{evil}.dxf")
    content = drawing.content | {"texts": [drawing.content["texts"][0] | {"lines": ["1", "2" + evil]}]}
    content["layers"] = [*content["layers"], content["layers"][0] | {"name": evil}]
    Drawing.objects.update(content=content)

    assert evil not in desk.get(url).content.decode()


@pytest.mark.parametrize("name", ["choose", "take-over"])
def test_no_field_breaks_a_step(desk, floor, manager, name):
    unit(floor, "401", "20.00")
    _url, drawing = chosen(desk, floor, manager)
    fields = ["layer", "labels", "unit", "code-2F", "code-" + "9" * 400] if name == "choose" else [
        "units", "areas", "use", "opens_on", "over", "valid_from", "why"
    ]  # fmt: skip
    fair = {"layer": "ROOMS", "labels": "", "unit": "m", "valid_from": "2026-11-25", "over": ""}
    tried = [dict.fromkeys(fields, value) for value in mine(VALUES, name, ["choose", "take-over"])]
    tried += [fair | {field: value} for field in fields for value in mine(WORST, field, fields)]

    for result in tried:
        values = {key: value.encode("utf-8", "surrogatepass").decode("latin-1") for key, value in result.items()}
        assert go_on(desk, drawing, name, values).status_code < 500, values
        if not Drawing.objects.filter(pk=drawing.pk).exists():
            _url, drawing = chosen(desk, floor, manager)


def test_the_check_page_costs_the_same_for_any_number(desk, floor, manager, django_assert_num_queries):
    content = make.drawing(floor=floor, created_by=manager, layer="ROOMS").content
    url = reverse("drawing-detail", args=[Drawing.objects.get().pk])
    for many in (1, 30):
        outline, text_of = content["outlines"][0], content["texts"][0]
        outlines, texts = [], []
        for n in range(many):
            unit(floor, f"{many}{n:02}")
            points = [[x + 5 * n, y, 0] for x, y, _bulge in outline["points"]]
            outlines.append(outline | {"handle": f"{n:X}", "points": points})
            texts.append(text_of | {"lines": [f"{many}{n:02}"], "middle": [2 + 5 * n, 3]})
        Drawing.objects.update(content=content | {"outlines": outlines, "texts": texts})
        with django_assert_num_queries(8):
            assert len(desk.get(url).context["compared"].pairs) == many


def test_the_whole_check_page_speaks_chinese(desk, floor, manager):
    for number in ("401", "499"):
        unit(floor, number, "20.00")
    plot = (
        Plot().room("401", rectangle(0, 0, 4, 6)).room("402", rectangle(5, 0, 4, 6)).room("", rectangle(10, 0, 4, 6))
    )
    send(desk, floor, plot.room("3", rectangle(20, 0, 4, 6), close=False).bytes())
    drawing = Drawing.objects.get()
    desk.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-hans"

    go_on(desk, drawing, "choose", {"layer": ROOMS, "labels": "", "unit": "mm"})

    result = text(desk.get(reverse("drawing-detail", args=[drawing.pk])))
    left = set(re.findall(r"[A-Za-z]{2,}", result)) - {"DXF", "ROOM", "NO", "PEDIT", "JavaScript", "English", "Ctrl"}
    assert {word for word in left if not re.fullmatch(r"manager|example|test|dxf|CSV|GB", word)} == set()
