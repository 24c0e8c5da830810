"""The floor plan in a browser: a plan is uploaded, units are drawn by clicks, ticked, and opened by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.checks import wrongs
from tests.tenants import corpus

pytestmark = pytest.mark.browser
# language, width, a floor without a plan, and its first two units with the sum of both
VIEWS = [("zh-hans", 1280, 3, "490.00"), ("en", 390, 2, "420.50")]
WORDS = {
    "zh-hans": {
        "upload": "上传底图", "save": "保存", "shape": "保存轮廓", "scale": "标定比例", "metres": "两点间的距离（m）",
        "choose": "选择", "chosen": "已选 2 个", "connected": "连通", "apart": "不连通", "merge": "合并",
    },
    "en": {
        "upload": "Upload a plan", "save": "Save", "shape": "Save the shape", "scale": "Set the scale",
        "metres": "Distance between them (m)", "choose": "Choose", "chosen": "2 units chosen",
        "connected": "connected", "apart": "not connected", "merge": "Merge",
    },
}  # fmt: skip


def click(page, x, y, *, off=0):
    """A click at a part of the picture's width and height, `off` px beside it."""
    box = page.locator("[data-board]").bounding_box()
    page.locator("[data-board]").click(position={"x": box["width"] * x + off, "y": box["height"] * y + off})


def corners(page):
    return page.locator("textarea.isp-corners").input_value().splitlines()


@pytest.mark.parametrize(("language", "width", "level", "total"), VIEWS)
def test_units_are_drawn_by_clicks_and_added_up(log_in, language, width, level, total):
    words = WORDS[language]
    page = log_in("manager", language=language, width=width)
    floor = f"/parks/HIT-01/A/{level}/"
    page.open(floor)
    assert wrongs(page, language) == []
    page.get_by_role("link", name=words["upload"]).click()
    assert wrongs(page, language) == []
    sent = {"name": "plan.png", "mimeType": "image/png", "buffer": corpus.picture("PNG", (1200, 600), color="white")}
    page.locator("input[type=file]").set_input_files(sent)
    page.get_by_role("button", name=words["save"], exact=True).click()

    expect(page).to_have_url(re.compile("/draw/"))
    assert wrongs(page, language) == []
    for x, y in ((0.1, 0.1), (0.4, 0.1), (0.4, 0.8), (0.1, 0.8)):
        click(page, x, y)
    first = corners(page)
    assert len(first) == 4
    page.locator("[data-undo]").click()
    assert corners(page) == first[:3]
    click(page, 0.1, 0.8)
    page.get_by_role("button", name=words["shape"]).click()
    expect(page).to_have_url(re.compile(f"unit=HIT-01-A-{level}02"))
    for x, y, off in ((0.4, 0.1, 3), (0.7, 0.1, 0), (0.7, 0.8, 0), (0.4, 0.8, -3)):
        click(page, x, y, off=off)
    second = corners(page)
    assert {second[0], second[3]} == {first[1], first[2]}  # a click beside a corner takes the corner
    page.get_by_role("button", name=words["shape"]).click()
    expect(page).to_have_url(re.compile(f"unit=HIT-01-A-{level}03"))

    page.open(floor)
    page.get_by_role("link", name=words["scale"]).click()
    assert wrongs(page, language) == []
    click(page, 0.1, 0.5)
    click(page, 0.7, 0.5)
    page.get_by_label(words["metres"]).fill("36")
    page.get_by_role("button", name=words["scale"]).click()
    expect(page.locator("a[data-unit] polygon")).to_have_count(2)
    for room in ("01", "02"):
        page.get_by_role("checkbox", name=f"{words['choose']} HIT-01-A-{level}{room}").check()
    expect(page.locator("#choice")).to_contain_text(words["chosen"])
    expect(page.locator("#choice")).to_contain_text(total)
    expect(page.locator(".isp-chosen-shape")).to_have_count(2)
    assert wrongs(page, language) == []


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 1280), ("en", 390)])
def test_the_sample_floor_is_told_connected_or_not_and_opened_by_keyboard(log_in, language, width):
    words = WORDS[language]
    page = log_in("manager", language=language, width=width)
    page.open("/parks/HIT-01/A/4/")

    def tick(room):
        page.get_by_role("checkbox", name=f"{words['choose']} HIT-01-A-{room}").check()

    tick(401)
    tick(402)
    expect(page.locator("#choice .isp-b")).to_have_text(words["connected"])
    expect(page.get_by_role("link", name=words["merge"], exact=True)).to_be_visible()
    tick(404)
    expect(page.locator("#choice .isp-b")).to_have_text(words["apart"])
    expect(page.locator(".isp-chosen-shape")).to_have_count(3)
    page.locator("[data-zoom='2']").click()
    expect(page.locator("[data-plan]")).to_have_class("isp-drawing isp-zoom-2")
    assert wrongs(page, language) == []
    page.locator("a[data-unit='HIT-01-A-403']").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary").get_by_role("heading")).to_contain_text("HIT-01-A-403")
    assert wrongs(page, language) == []
