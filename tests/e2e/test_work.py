"""A day's work by clicks: what a manager and an officer do to units, from the vacancy to the keys back."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def act(page, word, **typed):
    """Click the act, fill its form, send it, and be back at the unit with a message.

    In the first days of a month it moves the end of the last one, which is confirmed.
    """
    page.get_by_role("link", name=word, exact=True).first.click()
    for name, text in typed.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("form.isp-form button.btn-primary").last.click()
    done, confirm = page.locator("#messages .alert-success"), page.get_by_role("button", name="Confirm and save")
    expect(done.or_(confirm).first).to_be_visible()
    if confirm.count():
        page.locator("[name=why], [name=restated_why]").first.fill("recorded late")
        page.faults[:] = [fault for fault in page.faults if "422" not in fault]  # the refusal that asks
        confirm.click()
    expect(done).to_be_visible()
    expect(page).to_have_url(re.compile(r"/units/[A-Z0-9-]+/$"))


def before(page, days):
    """The day so many days before the one that the page speaks of."""
    return (date.fromisoformat(page.locator("#as_of").input_value()) - timedelta(days=days)).isoformat()


def state(page):
    return page.locator("h1 .isp-state")


def test_a_unit_from_the_vacancy_to_the_keys_back(log_in):
    page = log_in("manager", language="en")
    page.open("/spaces/?park=HIT-01")
    page.get_by_role("link", name="HIT-01-A-405").first.click()
    expect(state(page)).to_contain_text("Vacant")
    signed, moved_in, back = (before(page, days) for days in (9, 8, 0))

    act(page, "Hold", starts_on=before(page, 10), ends_on="2028-12-31", held_until="2028-01-31")
    expect(state(page)).to_contain_text("Held")
    expect(page.locator("#messages")).to_contain_text("Vacant −71.50, Held +71.50")
    act(page, "Sign", signed_on=signed)
    expect(state(page)).to_contain_text("Signed, not moved in")
    act(page, "Record move-in", moved_in_on=moved_in)
    expect(state(page)).to_contain_text("Occupied")
    act(page, "Record hand-back", handed_back_on=back)
    log = page.locator("section[aria-labelledby=changes]")
    for words in ("held", "signed", "moved in", "handed back"):
        expect(log).to_contain_text(words)
    assert page.faults == []


def test_units_are_split_merged_and_retired_without_losing_area(log_in):
    page = log_in("manager", language="en")
    page.open("/units/HIT-01-A-602/")
    act(page, "Split", parts="602A 100.00\n602B 140.00")
    page.get_by_role("link", name="HIT-01-A-602A").first.click()

    tomorrow = before(page, -1)
    page.get_by_role("link", name="Merge", exact=True).click()
    page.locator("[name=merges_on]").fill(tomorrow)
    page.get_by_label(re.compile("HIT-01-A-602B")).check()
    page.locator("[name=code]").fill("602C")
    page.locator("[name=usable_area]").fill("２４０")
    page.locator("form.isp-form button.btn-primary").click()

    page.get_by_role("link", name="HIT-01-A-602C").first.click()
    expect(page.locator("main")).to_contain_text("240.00 m²")
    act(page, "Retire", closes_on="2030-12-31", why="rebuilt")
    expect(page.locator("section[aria-labelledby=facts]")).to_contain_text("2030-12-31")
    assert page.faults == []


def test_an_act_that_the_rules_refuse_says_why_and_changes_nothing(log_in):
    page = log_in("manager", language="en")
    page.open("/units/HIT-01-A-402/")
    before = page.locator("section[aria-labelledby=allocations]").inner_text()
    page.get_by_role("link", name="Hold", exact=True).click()
    page.locator("[name=ends_on]").fill("2027-01-31")
    page.locator("[name=held_until]").fill("2027-01-10")

    page.locator("form.isp-form button.btn-primary").click()

    expect(page.locator(".alert-danger")).to_be_focused()
    page.get_by_role("link", name="Back", exact=True).click()
    assert page.locator("section[aria-labelledby=allocations]").inner_text() == before


def test_a_unit_is_edited_and_a_period_corrected_with_a_reason(log_in):
    page = log_in("manager", language="en")
    page.open("/units/HIT-01-A-502/")
    act(page, "Edit", height_m="4.20", why="measured again")
    expect(page.locator("section[aria-labelledby=facts]")).to_contain_text("4.20 m")

    act(page, "Correct", why="date misread")

    expect(page.locator("section[aria-labelledby=changes]")).to_contain_text("measured again")
    page.open("/units/HIT-01-A-404/")
    act(page, "Take out of service", reason="roof repair")
    expect(state(page)).to_contain_text("Out of service")
    assert page.faults == []


def test_an_officer_opens_a_park_down_to_its_first_unit(log_in):
    page = log_in("officer", language="en")
    page.open("/ecosystems/hit/")
    send = page.locator("form.isp-form button.btn-primary")
    page.get_by_role("link", name="New park").click()
    for name, text in {"code": "HIT-77", "name": "新园", "city": "哈尔滨", "opened_on": today_of(page)}.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=kind]").select_option("incubator")
    send.click()
    page.get_by_role("link", name="New building").click()
    for name, text in {"code": "A", "name": "A座", "ready_on": "2026-01-01"}.items():
        page.locator(f"[name={name}]").fill(text)
    send.click()
    page.get_by_role("link", name="New floor").click()
    for name, text in {"level": "1", "label": "1层", "usable_area": "500"}.items():
        page.locator(f"[name={name}]").fill(text)
    send.click()
    page.get_by_role("link", name="New unit").click()
    for name, text in {"code": "101", "usable_area": "120.50 ㎡"}.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=use]").select_option("office")

    send.click()

    expect(page.locator("h1")).to_contain_text("HIT-77-A-101")
    expect(page.locator("main")).to_contain_text("120.50 m²")
    page.locator(".breadcrumb a", has_text="Level 1").click()
    expect(page.locator("main")).to_contain_text("379.50")
    assert page.faults == []


def today_of(page):
    """Forms have no data date: what the footer says."""
    return re.search(r"\d{4}-\d{2}-\d{2}", page.locator(".isp-footer").inner_text())[0]
