"""The stacking plan in a browser, as the park manager uses it, and the plan of a real building."""

import re
import subprocess
import sys
from decimal import Decimal
from statistics import median

import pytest
from playwright.sync_api import expect

from tests.e2e.checks import wrongs
from tests.e2e.conftest import ROOT

pytestmark = pytest.mark.browser
WORDS = {
    "zh-hans": {"plan": "叠图", "vacant": "空置", "expiry": "按到期", "overdue": "逾期"},
    "en": {"plan": "Stacking plan", "vacant": "Vacant", "expiry": "By lease end", "overdue": "Overdue"},
}
CLINIC = [
    "--building", "MAIN", "--create", "--ready-on", "2011-09-14", "--map", "height_mm=UsableHeight",
    "--ignore", "GrossArea", "--zero-as-unknown", "--floor", "First Floor=1", "--floor", "Second Floor=2",
    "--floor", "Roof - Main=3", "--skip-floor", "Site", "--use", "ancillary", "--by", "officer@demo.test",
]  # fmt: skip
AREA = re.compile(r"([\d,]+\.\d\d)(?: ㎡| m²|$)")
PLAN = "/parks/HIT-01/A/"
CELLS = ".isp-stack a.isp-u"  # read for geometry and order; what is pressed is found by role and name
PAGE = re.compile(rb"/Type\s*/Page[^s]")
BOX = re.compile(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]")


@pytest.mark.parametrize("language", WORDS)
def test_a_manager_reads_the_building_and_opens_a_unit_by_keyboard(log_in, language):
    words = WORDS[language]
    page = log_in("manager", language=language)
    page.open(PLAN)

    assert (
        page.get_by_role("region", name=words["plan"]).get_by_role("group", name=re.compile("层|Level")).count() == 8
    )
    legend = page.get_by_role("list", name=re.compile("图例|Legend")).get_by_role("link", name=words["vacant"])
    vacant = [label for label in _labels(page) if re.search("空置可招商|Vacant", label)]
    assert len(vacant) == int(re.search(r"(\d+) ·", legend.inner_text())[1])
    assert sum(_area(label) for label in vacant) == _area(legend.inner_text())

    unit = page.get_by_role("link", name=re.compile("HIT-01-A-401 ·"))
    _tab_to(page, unit)
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary")
    heading = panel.get_by_role("heading", name=re.compile("HIT-01-A-401"))
    expect(heading).to_be_focused()
    expect(panel).to_contain_text("120.00")
    # In the demo that all tests share another one may have held it by now.
    expect(panel).to_contain_text(unit.get_attribute("aria-label").split(" · ")[1])
    expect(unit).to_have_attribute("aria-current", "true")
    assert wrongs(page, language) == []
    page.keyboard.press("Escape")
    expect(unit).to_be_focused()

    page.get_by_role("link", name=words["expiry"]).click()
    expect(page).to_have_url(re.compile("mode=expiry"))
    late = page.get_by_role("link", name=re.compile("HIT-01-A-701 ·"))
    expect(late).to_contain_text(re.compile(r"2\d-\d\d ·"))
    expect(late).to_have_class(re.compile("e-overdue"))
    expect(page.get_by_role("list", name=re.compile("图例|Legend"))).to_contain_text(words["overdue"])
    assert wrongs(page, language) == []


def test_every_unit_is_reached_in_reading_order_and_by_arrows(log_in):
    page = log_in("manager")
    page.open(PLAN)
    wanted = page.locator(CELLS).evaluate_all("all => all.map(each => each.getAttribute('href'))")
    page.locator(CELLS).first.focus()

    reached = []
    for _step in range(200):
        href = page.evaluate(
            "document.activeElement.matches('a.isp-u') && document.activeElement.getAttribute('href')"
        )
        if href:
            reached.append(href)
        if len(reached) == len(wanted):
            break
        page.keyboard.press("Tab")

    assert reached == wanted
    assert len(wanted) == 40
    page.get_by_role("link", name=re.compile("HIT-01-A-801 ·")).focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("link", name=re.compile("HIT-01-A-802 ·"))).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name=re.compile("HIT-01-A-701 ·"))).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("link", name=re.compile("HIT-01-A-80[12] ·")).and_(page.locator(":focus"))).to_have_count(
        1
    )


@pytest.mark.parametrize(("paper", "size"), [("a4", (842, 595)), ("a3", (1191, 842))])
def test_the_plan_prints_on_one_sheet_with_its_legend_and_day(log_in, paper, size):
    page = log_in("manager")
    page.add_init_script("window.print = () => {}")  # the page opens the dialog of the browser, which prints as well
    page.open(PLAN)
    page.get_by_role("link", name=paper.upper()).click()
    expect(page.get_by_role("region", name="叠图")).to_be_visible()

    printed = page.pdf(prefer_css_page_size=True)

    assert len(PAGE.findall(printed)) == 1
    wide, high = map(float, BOX.search(printed).groups())
    assert (round(wide), round(high)) == size
    page.emulate_media(media="print")
    expect(page.get_by_role("list", name=re.compile("图例"))).to_be_visible()
    expect(page.get_by_role("heading", name="叠图")).to_contain_text(re.compile(r"\d{4}-\d\d-\d\d"))
    expect(page.get_by_role("table")).to_have_count(0)


def test_the_plan_is_saved_as_a_png_by_the_browser(log_in):
    page = log_in("manager")
    page.open(PLAN)

    with page.expect_download() as result:
        page.get_by_role("button", name="PNG").click()

    assert result.value.suggested_filename == "HIT-01-A.png"
    content = result.value.path().read_bytes()
    assert content.startswith(b"\x89PNG")
    assert int.from_bytes(content[16:20]) == 2360
    assert page.faults == []


@pytest.fixture
def clinic(demo):
    """The clinic in a park of its own, by the import command."""
    env, _result = demo
    made = (
        "from spaces.models import Ecosystem, Park; from spaces.actions import places;"
        "places.add(Park(code='CLINIC', name='示例诊所', kind='incubator', city='哈尔滨', sample=True,"
        "opened_on='2026-01-01', ecosystem=Ecosystem.objects.get(code='hit')), by=None)"
    )
    for run in (
        ["shell", "--no-imports", "-c", made],
        ["import_units", "tests/data/cobie_clinic/Space.csv", "--park", "CLINIC", *CLINIC],
    ):
        subprocess.run([sys.executable, "manage.py", *run], cwd=ROOT, env=env, check=True, capture_output=True)  # noqa: S603
    return "/parks/CLINIC/MAIN/"


def test_a_real_floor_of_155_rooms_is_drawn_to_area(log_in, clinic):
    page = log_in("official", width=1280)
    page.open(clinic)

    floor = page.get_by_role("group", name="First Floor")
    rooms = floor.get_by_role("link", name=re.compile("CLINIC-MAIN-"))
    result = rooms.evaluate_all(
        "all => all.map(each => [each.getAttribute('aria-label'), each.getBoundingClientRect().width])"
    )
    assert len(result) == 155
    # One scale for all lines of the floor: px for m2, but for what is drawn at the least width of 24 px.
    scales = [wide / float(_area(label)) for label, wide in result if wide > 30]
    assert len(scales) > 100
    # A width is a whole number of 200ths, about 4 px, and lines have different numbers of gaps: 5 px or 8 %.
    scale = float(median(scales))
    meant = [(label, wide, float(_area(label)) * scale) for label, wide in result if wide > 30]
    far = [each for each in meant if abs(each[1] - each[2]) > max(5, each[1] * 0.08)]
    assert far == []
    assert min(wide for _label, wide in result) >= 24
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def _labels(page):
    return page.locator(CELLS).evaluate_all("all => all.map(each => each.getAttribute('aria-label'))")


def _area(words):
    return Decimal(AREA.search(words)[1].replace(",", ""))


def _tab_to(page, thing, most=120):
    for _step in range(most):
        page.keyboard.press("Tab")
        if thing.evaluate("each => each === document.activeElement"):
            return
    raise AssertionError("Tab does not reach it.")
