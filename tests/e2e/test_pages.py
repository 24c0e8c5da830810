"""Every page in a real browser: both languages, a desk's and a phone's width."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.checks import wrongs
from tests.thorough import crossing, share

pytestmark = pytest.mark.browser
WAYS = crossing(["zh-hans", "en"], [1280, 390])
EVERY_WAY = pytest.mark.parametrize(("language", "width"), WAYS)
OPEN = [
    "/",
    "/overview/?as_of=2024-10-31",
    "/overview/?as_of=2027-06-30&by=city",
    "/overview/?by=kind",
    "/overview/?as_of=2001-01-01&by=park",
    "/ecosystems/",
    "/ecosystems/hit/",
    "/parks/",
    "/parks/?q=zzz",
    "/parks/?opened=2024&as_of=2024-10-31",
    "/parks/?kind=industrial_park",
    "/parks/HIT-01/",
    "/parks/STP/?as_of=2024-10-31",
    "/parks/SRI/",
    "/parks/HIT-01/A/",
    "/parks/HIT-01/A/4/",
    "/vacancy/",
    "/vacancy/?park=SRI",
    "/units/",
    "/units/?state=vacant&scope=incubators",
    "/units/?q=zzz",
    "/units/HIT-01-A-401/",
    "/search/",
    "/search/?q=401",
    "/search/?q=hit-01&group=units",
    "/spaces/",
    "/spaces/?area_min=100&area__lte=200&use=office",
    "/spaces/?area_min=90000",
    "/definitions/",
    "/help/",
    "/accessibility/",
    "/privacy/",
    "/accounts/login/",
    "/accounts/password/reset/",
]
REFUSED = {"/nowhere/": 404, "/units/HIT-09-Z-999/": 404, "/units/?area__gte=x": 400, "/spaces/?area_min=x": 400}
FORMS = [
    "/parks/HIT-01/A/block/",
    "/parks/HIT-01/A/block/?area=400&months=12&moves=2&use=",
    "/parks/HIT-01/A/?mode=expiry&compare=2026-01-31",
    "/units/HIT-01-A-402/",
    "/units/HIT-01-A-405/hold/",
    "/units/HIT-01-A-405/offline/",
    "/units/HIT-01-A-405/split/",
    "/units/HIT-01-A-405/merge/",
    "/units/HIT-01-A-405/retire/",
    "/units/HIT-01-A-405/edit/",
    "/parks/HIT-01/",
    "/parks/HIT-01/A/",
    "/parks/HIT-01/A/4/",
    "/parks/HIT-01/new/",
    "/parks/HIT-01/A/edit/",
    "/parks/HIT-01/A/new/",
    "/parks/HIT-01/A/4/edit/",
    "/parks/HIT-01/A/4/new/",
    "/vacancy/?park=HIT-01",
    "/units/?state=vacant&order=vacant",
    "/changes/",
    "/accounts/email/",
    "/accounts/2fa/",
    "/accounts/password/change/",
]


def look(page, paths, language):
    """{path: what is wrong there} for the paths, each with the status it should answer."""
    found = {}
    for path, status in paths.items():
        page.open(path)
        assert page.answer.status == status, path
        if lines := wrongs(page, language):
            found[path] = lines
    return found


@pytest.mark.engine
@EVERY_WAY
def test_open_pages_are_clean(visit, language, width):
    page = visit("/", language=language, width=width)
    pages = dict.fromkeys(OPEN, 200) | REFUSED
    assert look(page, dict(share(pages.items(), WAYS.index((language, width)), len(WAYS))), language) == {}


@pytest.mark.engine
@EVERY_WAY
def test_pages_of_the_manager_are_clean(log_in, language, width):
    page = log_in("manager", language=language, width=width)
    pages = share(FORMS, WAYS.index((language, width)), len(WAYS))
    assert look(page, dict.fromkeys(pages, 200), language) == {}


@EVERY_WAY
def test_a_refused_form_is_clean_and_keeps_what_was_typed(log_in, language, width):
    page = log_in("manager", language=language, width=width)
    page.open("/units/HIT-01-A-405/split/")
    page.locator("textarea[name=parts]").fill("405A")

    page.locator("form.isp-form button.btn-primary").click()

    expect(page.locator("textarea[name=parts]")).to_have_value("405A")
    expect(page.locator(".alert-danger")).to_be_focused()
    page.faults = [fault for fault in page.faults if "422" not in fault]
    assert wrongs(page, language) == []


@pytest.mark.engine
@pytest.mark.parametrize(
    ("name", "language"), crossing(["official", "officer", "auditor", "admin"], ["zh-hans", "en"])
)
def test_what_each_role_meets_is_clean(log_in, language, name):
    """Everyone lands on a page that helps, reads what the role may, and is told in words what it may not."""
    page = log_in(name, language=language)
    expected = {
        "/": 200,
        "/changes/": 200,
        "/units/HIT-01-A-402/": 200,
        "/ecosystems/hit/": 200,
        "/parks/HIT-01/": 200,
    }
    may_add = name == "officer"
    expected |= {"/ecosystems/hit/parks/new/": 200 if may_add else 403, "/parks/HIT-01/edit/": 200 if may_add else 403}
    assert look(page, expected, language) == {}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_second_factor_can_be_switched_on(log_in, password, language):
    page = log_in("auditor", fresh=True, language=language)  # one that has not typed its password again
    page.open("/accounts/2fa/totp/activate/")
    page.locator("input[name=password]").fill(password)
    page.locator("main form button.btn-primary").click()

    expect(page.locator("img.isp-qr, main svg, main img")).to_be_visible()
    assert wrongs(page, language) == []


def test_the_pages_of_the_api_are_quiet(log_in):
    page = log_in("official")
    page.open("/api/docs/")

    expect(page.get_by_text("/api/v1/areas/summary/").first).to_be_visible()

    assert page.faults == []


def test_the_filter_answers_without_a_new_page_and_back_undoes_it(visit):
    page = visit("/units/")
    whole = page.locator(".isp-total").inner_text()
    page.locator("select[name=scope]").select_option("industrial")
    expect(page).to_have_url(re.compile("scope=industrial"))
    expect(page.locator(".isp-total")).not_to_have_text(whole)

    page.go_back()

    expect(page.locator(".isp-total")).to_have_text(whole)
    assert page.faults == []


def test_the_filters_of_a_phone_fold(visit):
    page = visit("/units/?state=vacant", width=390)
    expect(page.locator("select[name=scope]")).not_to_be_visible()

    page.locator(".isp-filters > summary").click()

    expect(page.locator("select[name=scope]")).to_be_visible()


def test_the_keyboard_reaches_the_content_first(visit):
    page = visit("/overview/")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


@EVERY_WAY
def test_the_search_of_the_header_works_by_the_keyboard_alone(visit, language, width):
    page = visit("/units/HIT-01-A-402/", language=language, width=width)
    field, chosen = page.locator("#find"), page.locator("#find-list [aria-selected=true]")

    expect(field).to_have_attribute("role", "combobox")
    page.keyboard.press("/")
    page.keyboard.type("hit-01 a座 40")
    expect(chosen).to_have_attribute("href", "/units/HIT-01-A-401/")
    assert wrongs(page, language) == []
    page.keyboard.press("Escape")
    expect(page.locator("#find-hits")).to_be_hidden()
    expect(field).to_have_value("hit-01 a座 40")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id"))
    expect(chosen).to_have_attribute("href", "/units/HIT-01-A-402/")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/units/HIT-01-A-401/$"))


def test_the_language_link_keeps_the_page_and_its_filters(visit):
    page = visit("/units/?state=vacant&as_of=2024-10-31")

    page.get_by_role("link", name="English").click()

    expect(page).to_have_url(re.compile(r"/units/\?state=vacant&as_of=2024-10-31"))
    expect(page.locator("h1")).to_have_text("Units")
