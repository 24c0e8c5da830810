"""Two people edit one unit: the later one sees both values, by keyboard too, and decides."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.checks import wrongs

pytestmark = pytest.mark.browser
URL = "/units/HIT-01-A-401/edit/"


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 1280), ("en", 390)])
def test_a_conflict_shows_both_values_and_takes_the_focus(log_in, language, width):
    mine, theirs = (log_in("manager", language=language, width=width) for _tab in range(2))
    for page in (mine, theirs):
        page.open(URL)
    theirs.locator("[name=note]").fill(f"乙{width}")
    theirs.locator("form.isp-form button.btn-primary").click()
    expect(theirs.locator("#messages .alert-success")).to_be_visible()

    mine.locator("[name=note]").fill(f"甲{width}")
    mine.locator("[name=height_m]").fill("4.20")
    with mine.expect_response(lambda answer: answer.url.endswith(URL) and answer.request.method == "POST") as answered:
        mine.locator("form.isp-form button.btn-primary").last.click()
    mine.answer = answered.value

    conflict = mine.locator("main [data-focus]")
    assert mine.answer.status == 409
    expect(conflict).to_be_focused()
    expect(conflict).to_contain_text(f"乙{width}")
    expect(mine.locator("[name=height_m]")).to_have_value("4.20")
    if folder := os.environ.get("SCREENS"):
        mine.screenshot(path=Path(folder) / f"conflict-{language}-{width}.png", full_page=True)
    assert wrongs(mine, language) == []
    mine.keyboard.press("Tab")
    expect(mine.locator("[name=save_mine]")).to_be_focused()
    mine.keyboard.press("Enter")
    expect(mine.locator("#messages .alert-success")).to_be_visible()
    mine.open(URL)
    expect(mine.locator("[name=note]")).to_have_value(f"甲{width}")
