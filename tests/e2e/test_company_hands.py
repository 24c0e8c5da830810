"""What the hands of a company meet in a browser: the bar that stays, Back, a change of the language, two tabs."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.checks import wrongs

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize(("language", "width"), [("zh-hans", 1280), ("en", 390)])


def look(page, name, language, width):
    if folder := os.environ.get("SCREENS"):
        page.screenshot(path=Path(folder) / f"{name}-{language}-{width}.png")
    assert wrongs(page, language) == []


def save(page):
    page.locator("form.isp-form button.btn-primary").last.click()


@BOTH
def test_the_bar_of_the_basket_stays_at_the_foot_of_the_window(log_in, language, width):
    page = log_in("company", language=language, width=width)
    page.open("/spaces/")
    page.locator(".isp-add button[name=add]").first.click()
    bar = page.locator(".isp-basket")
    expect(bar).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollHeight") > 2 * 844
    page.locator(".isp-add").first.get_by_role("button").click()
    expect(bar).to_have_count(0)

    page.open("/units/HIT-01-A-401/")
    page.locator(".isp-add button[name=add]").click()
    expect(bar).to_be_in_viewport(ratio=1)
    look(page, "unit", language, width)
    page.open("/parks/HIT-01/A/4/")
    page.locator(".isp-pick [value=HIT-01-A-401]").check()
    page.locator("#choice button[name=remove]").click()
    expect(bar).to_have_count(0)
    page.locator("#choice button[name=add]").click()
    expect(bar).to_be_in_viewport(ratio=1)
    look(page, "floor", language, width)
    page.locator("#choice button[name=remove]").click()
    expect(bar).to_have_count(0)


@BOTH
def test_back_after_a_corrected_error_shows_the_form(log_in, values, language, width):
    page = log_in("company", language=language, width=width)
    step = f"/requests/{values['draft']}/time/"
    page.open(f"/requests/{values['draft']}/edit/")
    page.locator(f"main a[href='{step}']").click()
    page.locator("[name=needed_by]").fill("2001-01-01")
    page.locator("[name=months]").fill("x")
    save(page)
    expect(page.locator("main [data-focus]")).to_be_focused()
    expect(page.locator("[name=months]")).to_have_value("x")
    expect(page).to_have_title(re.compile("^(错误|Error)"))
    page.locator("[name=needed_by]").fill("2027-03-01")
    page.locator("[name=months]").fill("24")
    save(page)
    expect(page.locator("#messages .alert-success")).to_be_visible()

    page.go_back()
    expect(page).to_have_url(re.compile(f"{step}$"))
    expect(page.locator("[name=months]")).to_have_value("24")
    page.go_back()
    expect(page).to_have_url(re.compile("/edit/$"))


@BOTH
def test_a_change_of_the_language_keeps_what_was_typed_and_on_which_version(log_in, values, language, width):
    page = log_in("company", language=language, width=width)
    url = f"/requests/{values['draft']}/conditions/"
    page.open(url)
    other = page.context.new_page()
    other.goto(page.url)
    box, gas = page.locator("[name=special]"), page.locator("[name=gas]")
    had, mine = gas.is_checked(), f"甲 {width}\n乙"
    box.fill(mine)
    gas.set_checked(not had)
    page.locator("[name=power_kw]").fill("1,30")

    changed = switch(page)
    expect(box).to_have_value(mine)
    expect(gas).to_be_checked(checked=not had)
    save(page)
    expect(page.locator("main [data-focus]")).to_contain_text("1.30")
    switch(page)
    expect(page.locator("[name=power_kw]")).to_have_value("1,30")
    page.locator("[name=power_kw]").fill("30")

    other.locator("[name=special]").fill(f"other {width}")
    other.locator("form.isp-form button.btn-primary").click()
    expect(other.locator("#messages .alert-success")).to_be_visible()
    save(page)
    expect(page.locator("main [data-focus]")).to_contain_text(f"other {width}")
    switch(page)
    expect(box).to_have_value(mine)
    save(page)
    expect(page.locator("main [data-focus]")).to_contain_text(f"other {width}")
    page.locator("[name=save_mine]").click()
    expect(page.locator("#messages .alert-success")).to_be_visible()
    page.open(url)
    expect(box).to_have_value(mine)
    box.fill("")
    switch(page)
    expect(box).to_have_value("")
    assert changed != language


def switch(page):
    """Press the link of the other language; the language that the page then has."""
    before = page.locator("html").get_attribute("lang")
    page.locator("[data-language]").click()
    expect(page.locator("html")).not_to_have_attribute("lang", before)
    return page.locator("html").get_attribute("lang")


def test_a_refusal_of_a_form_is_told_above_it_and_what_was_typed_stays(log_in):
    """The token of the form is of a session that ended; a proxy answers in words of its own."""
    page = log_in("company")
    page.open("/profile/")
    page.locator("input[name=phone]").fill("0451-8640 0000")
    page.evaluate("document.querySelector('main form [name=csrfmiddlewaretoken]').value = 'of another session'")

    page.locator("main form.isp-form button.btn-primary").click()

    expect(page.locator("#messages .alert")).not_to_be_empty()
    expect(page.locator("input[name=phone]")).to_have_value("0451-8640 0000")
    page.route("**/profile/", lambda route: route.fulfill(status=413, body="<h1>Request Entity Too Large</h1>"))
    page.locator("main form.isp-form button.btn-primary").click()
    expect(page.locator("#messages .alert")).to_contain_text("出错")
    expect(page.locator("input[name=phone]")).to_have_value("0451-8640 0000")
    assert [fault for fault in page.faults if "403" not in fault and "413" not in fault] == []
