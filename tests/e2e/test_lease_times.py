"""Leases in time in a real browser: clean pages, the keyboard, a reminder to the end, and one sheet of paper."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.checks import wrongs
from tests.thorough import crossing

pytestmark = pytest.mark.browser
PATHS = (
    "/leases/",
    "/leases/timeline/",
    "/leases/timeline/?within=90&months=12",
    "/leases/timeline/?as_of=2027-06-30",
    "/leases/calendar/",
    "/leases/calendar/?q=zzz",
    "/forecast/",
    "/forecast/?park=HIT-01",
    "/leases/remind/?all=1&within=60",
    "/leases/feed/",
)


@pytest.mark.engine
@pytest.mark.parametrize(("language", "width"), crossing(["zh-hans", "en"], [1280, 390]))
def test_pages_of_leases_in_time_are_clean(log_in, language, width):
    page = log_in("manager", language=language, width=width)
    found = {}
    for path in PATHS:
        page.open(path)
        assert page.answer.status == 200, path
        if lines := wrongs(page, language):
            found[path] = lines

    assert found == {}


def test_on_a_phone_leases_are_listed_by_month(log_in):
    page = log_in("manager", language="en", width=390)
    page.open("/leases/timeline/")

    expect(page.locator(".isp-soonest h2").first).to_have_text("Overdue")
    expect(page.locator(".isp-timeline")).not_to_be_visible()
    page.open("/leases/calendar/")
    page.locator(".isp-months a").first.click()
    expect(page.locator("tr.isp-month").first).to_contain_text("Overdue")
    assert page.faults == []


def test_a_row_is_worked_by_keyboard(log_in):
    """From the first name in the timeline: its lease, its acts, with Tab and Enter alone."""
    page = log_in("manager", language="en")
    page.open("/leases/timeline/?q=HIT-01-A-804")
    name = page.locator(".isp-terms a").first
    name.focus()
    page.keyboard.press("Tab")
    expect(page.locator(".isp-act").first).to_be_focused()

    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/leases/[A-Z0-9-]+/renew/$"))
    assert page.faults == []


def test_a_reminder_is_checked_sent_and_not_sent_again(log_in):
    page = log_in("manager", language="en")
    for result in ("Reminded of 1 lease.", "Nothing was sent."):
        page.open("/leases/timeline/?q=HIT-01-A-303")
        page.locator(".isp-terms input[name=lease]").first.check()
        page.get_by_role("button", name="Remind the chosen").click()
        expect(page.locator("main h2").first).to_contain_text("Ending (1)")
        page.locator("textarea[name=words]").fill("Please answer this week.")
        page.locator("form.isp-form button.btn-primary").click()
        expect(page.locator("#messages")).to_contain_text(result)
    assert page.faults == []


def test_an_address_is_made_and_read_without_a_login(log_in, visit, server):
    page = log_in("manager", language="en")
    page.open("/leases/feed/")
    page.get_by_role("button", name="Make an address").click()
    address = page.get_by_label("Calendar address").input_value()

    answer = visit("/help/").request.get(
        server + address.partition("/calendar/")[1] + address.partition("/calendar/")[2]
    )

    assert (answer.status, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.text().startswith("BEGIN:VCALENDAR")
    assert page.faults == []


@pytest.mark.parametrize("path", ["/leases/timeline/?within=90", "/leases/calendar/"])
def test_a_short_list_fits_one_sheet_across(log_in, path):
    page = log_in("manager", language="zh-hans")
    page.open(path)

    paper = page.pdf(prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    ((width, height),) = set(re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", paper))
    assert float(width) > float(height)
    page.emulate_media(media="print")
    expect(page.locator("main table thead")).to_be_visible()
    assert page.locator("main table thead").evaluate("each => getComputedStyle(each).display") == "table-header-group"
    assert page.locator("main table").evaluate("each => each.scrollWidth <= each.parentElement.clientWidth + 1")
