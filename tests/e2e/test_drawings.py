"""A DXF by clicks, in both languages and widths: sent, read, a number filled in, checked, taken over."""

import pytest
from playwright.sync_api import expect

from tests.e2e.checks import wrongs
from tests.spaces.plots import ROOMS, Plot, rectangle

pytestmark = pytest.mark.browser


def drawing(floor):
    """Of building B: one room as in the register, one larger, one with no number, one open, one that overlaps."""
    plot = Plot()
    plot.room(f"{floor}01", rectangle(0, 0, 30, 20)).room(f"{floor}02", rectangle(30.2, 0, 26, 20))
    plot.room("", rectangle(0, 22, 10, 8)).room("", rectangle(10.2, 22, 9, 8), close=False)
    plot.room(f"{floor}08", rectangle(30, 22, 9, 8)).room(f"{floor}09", rectangle(38, 22, 9, 8))
    return {"name": "floor.dxf", "mimeType": "image/vnd.dxf", "buffer": plot.bytes()}


@pytest.mark.parametrize(("language", "floor", "width"), [("zh-hans", 1, 1280), ("en", 2, 390)])
def test_a_drawing_is_taken_over_by_clicks(log_in, language, floor, width):
    page = log_in("manager", language=language, width=width)
    page.open(f"/parks/HIT-01/B/{floor}/")
    page.locator("a[href$='/drawing/']").click()
    assert wrongs(page, language) == []

    page.locator("[name=file]").set_input_files({"name": "plan.dxf", "mimeType": "image/vnd.dxf", "buffer": b"AC1032"})
    page.locator("main form button.btn-primary").click()
    expect(page.locator("[role=alert]")).to_contain_text("DWG")
    assert [fault for fault in page.faults if "422" not in fault] == []
    page.faults.clear()
    page.locator("[name=file]").set_input_files(drawing(floor))
    page.locator("main form button.btn-primary").click()
    page.locator("[name=layer]").select_option(ROOMS)
    page.locator("#reading button").click()

    expect(page.locator("#problems")).to_contain_text("3")
    expect(page.locator(".isp-dxf polygon")).to_have_count(5)
    assert wrongs(page, language) == []
    page.locator("[name^=code-]").fill(f"{floor}05")
    page.locator("button[form=reading]").click()
    expect(page.locator("#problems")).to_contain_text("2")

    page.locator(f"[name=units][value='HIT-01-B-{floor}05']").check()
    page.locator(f"[name=areas][value='HIT-01-B-{floor}02']").check()
    page.locator("[name=use]").select_option("office")
    page.get_by_role("button", name="Take over into the register" if language == "en" else "导入登记").click()
    expect(page.locator("[role=alert]")).to_be_visible()
    expect(page.locator(f"[name=areas][value='HIT-01-B-{floor}02']")).to_be_checked()
    page.locator("[name=why]").fill("measured")
    page.get_by_role("button", name="Take over into the register" if language == "en" else "导入登记").click()

    expect(page.locator("#messages .alert-success")).to_contain_text("3")
    expect(page.locator("main")).to_contain_text(f"HIT-01-B-{floor}05")
    assert [fault for fault in page.faults if "422" not in fault] == []
