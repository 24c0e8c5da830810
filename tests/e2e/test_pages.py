"""Every page in a real browser: both languages, a desk's and a phone's width."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from babel.messages.pofile import read_po
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
DAY = "as_of=2024-10-31"
PAGES = [
    "/",
    f"/overview/?{DAY}",
    "/overview/",
    "/overview/?by=park",
    "/ecosystems/",
    "/ecosystems/hit/",
    "/parks/",
    "/parks/HIT-01/",
    "/parks/HIT-01/A/",
    "/parks/HIT-01/A/4/",
    "/units/",
    "/units/?state=vacant&scope=carriers",
    "/units/?area__gte=x",
    "/units/HIT-01-A-401/",
    "/spaces/",
    "/spaces/?area_min=100&area__lte=200&use=office",
    "/definitions/",
    "/help/",
    "/accessibility/",
    "/privacy/",
    "/accounts/login/",
    "/nowhere/",
]
STAFF_PAGES = [
    "/changes/",
    "/units/HIT-01-A-401/",
    "/units/HIT-01-A-402/",
    "/units/HIT-01-A-401/hold/",
    "/units/HIT-01-A-401/split/",
    "/units/HIT-01-A-401/edit/",
    "/parks/HIT-01/",
    "/parks/HIT-01/A/4/new/",
]


def english_words():
    """Sentences of ours that must not stand on a Chinese page: msgids of two words and more."""
    found = set()
    for path in ROOT.glob("*/locale/zh_Hans/LC_MESSAGES/django.po"):
        for message in read_po(path.open("rb")):
            for text in [message.id] if isinstance(message.id, str) else message.id:
                if re.search(r"[A-Za-z]{3,} [A-Za-z]{3,}", text) and "%(" not in text:
                    found.add(text)
    return found


def problems(page):
    """What axe finds, as lines."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found.response["violations"] for node in rule["nodes"]]


def check(page, language):
    expected = [f"the server responded with a status of {page.answer.status}"] if page.answer.status >= 400 else []
    faults = [fault for fault in page.faults if not any(words in fault for words in expected)]
    assert faults == []
    assert problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    if language == "zh-hans":
        text = page.inner_text("body")
        assert sorted(words for words in english_words() if words in text) == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_open_pages_are_clean(visit, language, width):
    for path in PAGES:
        page = visit(path, language=language, width=width)
        assert page.answer.status == (404 if path == "/nowhere/" else 400 if path.endswith("=x") else 200), path
        check(page, language)
        page.context.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_of_the_manager_are_clean(visit, server, password, language, width):
    page = visit("/accounts/login/", language=language, width=width)
    log_in(page, "manager@demo.test", password)
    for path in STAFF_PAGES:
        page.answer = page.goto(server + path)
        assert page.answer.status == 200, path
        check(page, language)


def log_in(page, email, password):
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("h1")).to_be_visible()


def test_the_official_reads_the_province_on_the_published_day(visit):
    page = visit(f"/overview/?{DAY}")

    report = page.locator("#report")

    for words in ("48.71万平方米", "48.71 万㎡", "487,100.00", "56家", "92,700.00", "100,000.00", "250,000.00"):
        expect(report).to_contain_text(words)
    phase = page.get_by_role("row", name="中国星谷一期")
    expect(phase).to_contain_text("9,000.00")
    expect(phase).to_contain_text("100.0%")
    expect(phase).to_contain_text("0.0%")


def test_a_number_leads_to_rows_with_the_same_total(visit):
    page = visit(f"/overview/?{DAY}")
    vacant = page.locator("dl.isp-equation div", has_text="空置可招商").locator("dd a").first
    area = vacant.inner_text()

    vacant.click()

    expect(page.locator(".isp-total")).to_contain_text(area)


def test_the_filter_answers_without_a_new_page_and_keeps_its_address(visit):
    page = visit("/units/")

    page.locator("select[name=state]").select_option("vacant")

    expect(page).to_have_url(re.compile("state=vacant"))
    expect(page.locator("#results .isp-state.s-occupied")).to_have_count(0)
    assert page.faults == []


def test_the_overview_reads_without_javascript(visit):
    page = visit(f"/overview/?{DAY}", java_script_enabled=False)

    expect(page.locator("#report")).to_contain_text("487,100.00")
    page.locator("details summary").click()
    expect(page.locator("details table")).to_be_visible()


def test_the_keyboard_reaches_the_content_first(visit):
    page = visit("/overview/")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_the_overview_prints(visit):
    page = visit(f"/overview/?{DAY}")

    paper = page.pdf(format="A4", landscape=True)

    assert paper.startswith(b"%PDF")
    page.emulate_media(media="print")
    expect(page.locator("header form").first).not_to_be_visible()


def test_a_manager_holds_a_unit_and_sees_the_area_move(visit, server, password):
    page = visit("/accounts/login/")
    log_in(page, "manager@demo.test", password)
    page.goto(f"{server}/spaces/?park=HIT-01&area_min=60&area__lte=75")
    page.locator("#results h2 a").first.click()
    page.locator("a[href$='/hold/']").click()

    page.locator("input[name=ends_on]").fill("2028-12-31")
    page.locator("input[name=held_until]").fill("2028-01-31")
    page.locator("form.isp-form button.btn-primary").click()

    expect(page.locator("[role=status], .alert").first).to_contain_text("预留")
    expect(page.locator("h1 .isp-state")).to_contain_text("预留")
