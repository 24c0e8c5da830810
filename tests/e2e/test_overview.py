"""The overview of the demo province: the published facts to the 0.01 m2, and from each number to its rows."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
DAY = "as_of=2024-10-31"
AREA = re.compile(r"[0-9][0-9,]*\.[0-9]{2}")
COUNT = re.compile(r"[0-9][0-9,]*")
TOTAL = re.compile(r'class="isp-total"[^>]*>([^<]*)<')
PARKS = re.compile(r'id="incubators">([^<]*)<')
ROW = re.compile(r'<th scope="row">\s*<a ')
# Each link of the report that shows a number: where to, and its own words.
NUMBERS = """() => [...document.querySelectorAll('#report a[href^="/"]')]
  .map((link) => [link.getAttribute('href'), link.textContent.trim()])
  .filter(([, words]) => /[0-9]/.test(words) && !/万|%$/.test(words))"""

PICTURE = "document.querySelector('[data-chart] canvas').toDataURL()"


def number(words, pattern=AREA):
    """The last number in some words."""
    return Decimal(pattern.findall(words)[-1].replace(",", ""))


def amount(words):
    """(what is counted, the number) that a link promises."""
    return ("area", number(words)) if AREA.search(words) else ("count", number(words, COUNT))


def kept(html, kind):
    """What the list behind a link comes to: the total of its units or the number of its rows; None for a place."""
    if found := TOTAL.search(html):
        return number(found[1]) if kind == "area" else number(AREA.sub("", found[1]), COUNT)
    if kind == "area":
        return None
    found = PARKS.search(html)
    return number(found[1], COUNT) if found else Decimal(len(ROW.findall(html)))


def test_the_official_reads_the_province_on_the_published_day(visit):
    report = visit(f"/overview/?{DAY}").locator("#report")

    for words in ("48.71万平方米 · 56家 · 7个", "48.71 万㎡", "487,100.00", "92,700.00", "250,000.00"):
        expect(report).to_contain_text(words)
    result = [
        row.split("\t") for row in report.locator("section[aria-labelledby=published] tbody tr").all_inner_texts()
    ]
    assert [(printed, ours, difference) for _name, printed, ours, difference in result] == [
        ("48.71万平方米", "487,100.00", "0.00"),
        ("56家", "56", "0"),
        ("7个", "7", "0"),
        ("8个", "8", "0"),
        ("9.27万平方米", "92,700.00", "0.00"),
    ]


def test_the_new_parks_stand_apart_with_their_stages(visit):
    page = visit(f"/overview/?{DAY}")
    rows = page.locator("section[aria-labelledby=pipeline] tbody tr")
    result = {tuple(row.split("\t")[:2]): row.split("\t")[2:] for row in rows.all_inner_texts()}

    assert result["航天科技园", "中国星谷一期"] == ["装修中", "9,000.00", "9,000.00", "9,000.00", "100.0%", "0.0%"]
    planned = [result[key][1] for key in result if key[0] in {"航天科技园", "智能机器人岛"} and "一期" not in key[1]]
    assert sorted(planned) == ["100,000.00", "150,000.00"]
    expect(page.locator("section[aria-labelledby=pipeline] p").first).to_contain_text("250,000.00")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_sample_and_what_is_inferred_is_said(visit, language):
    sample, inferred, footer = {
        "zh-hans": ("示例数据", "推断", "示例数据"),
        "en": ("sample", "inferred", "Sample data"),
    }[language]
    page = visit("/overview/", language=language)
    expect(page.get_by_role("row", name="齐齐哈尔大学").locator(".isp-b")).to_have_text(inferred)
    expect(page.locator(".isp-footer")).to_contain_text(footer)

    page.open("/parks/HIT-01/")

    expect(page.locator("h1 .isp-b").last).to_have_text(sample)


@pytest.mark.engine
@pytest.mark.parametrize("query", [DAY, "as_of=2027-06-30&by=city"])
def test_each_number_leads_to_rows_that_come_to_it(log_in, server, query):
    page = log_in("official")
    page.open(f"/overview/?{query}")
    promised = {}
    for url, words in page.evaluate(NUMBERS):
        promised.setdefault(url, set()).add(amount(words))
    assert len(promised) > 150

    wrong, places = {}, {}
    for url, amounts in promised.items():
        html = page.request.get(server + url).text()
        found = {(kind, kept(html, kind)) for kind, _wanted in amounts}
        if found == {("area", None)}:
            places[url] = all(f"{area:,.2f}" in html for _kind, area in amounts)
        elif found != amounts:
            wrong[url] = (amounts, found)

    assert wrong == {}
    assert set(places.values()) == {True}, places


def test_a_click_on_a_number_and_back(visit):
    page = visit(f"/overview/?{DAY}")
    vacant = page.locator("dl.isp-equation div", has_text="空置可招商").locator("dd a").first
    area = vacant.inner_text()

    vacant.click()

    expect(page.locator(".isp-total")).to_contain_text(area)
    expect(page.locator(".isp-band")).to_contain_text("2024-10-31")


@pytest.mark.parametrize(("day", "band"), [("2024-10-31", "past"), ("2027-06-30", "future")])
def test_another_day_is_said_on_the_page_and_kept_by_its_links(log_in, day, band):
    page = log_in("official")
    page.open("/overview/")
    page.locator("#as_of").fill(day)
    page.locator(".isp-day button").click()
    expect(page.locator(f".isp-band-{band}")).to_contain_text(day)

    page.get_by_role("link", name="哈工大生态圈").first.click()

    expect(page.locator(f".isp-band-{band}")).to_contain_text(day)


def test_the_overview_reads_without_javascript(visit):
    page = visit(f"/overview/?{DAY}", java_script_enabled=False)

    expect(page.locator("#report")).to_contain_text("487,100.00")
    page.locator("#report details summary").click()
    expect(page.locator("#report details table")).to_be_visible()


def drawn(page):
    """The chart of the overview, once it was scrolled to."""
    page.locator("[data-chart]").scroll_into_view_if_needed()
    canvas = page.locator("[data-chart] canvas")
    expect(canvas).to_be_visible()
    return canvas


@pytest.mark.parametrize(("path", "limit"), [("/", 60_000), ("/overview/", 60_000), ("/overview/#trend", 250_000)])
def test_what_a_first_visit_sends(visit, path, limit):
    """Bytes as they were sent, page and files; the library of the chart only to who scrolls to it."""
    page = visit("/livez")
    sent = []
    page.on("requestfinished", lambda request: sent.append((request.url, request.sizes()["responseBodySize"])))
    page.open(path)
    page.wait_for_load_state("networkidle")
    if "#" in path:
        drawn(page)

    assert 0 < sum(size for _url, size in sent) <= limit, sent
    assert any("echarts" in url for url, _size in sent) is ("#" in path)


def test_the_chart_is_drawn_when_it_is_seen_and_its_table_opens_where_it_cannot_be(visit):
    page = visit(f"/overview/?{DAY}")
    assert page.locator("script[src*=echarts]").count() == 0
    drawn(page)
    expect(page.locator("#report details")).not_to_have_attribute("open", "")

    page.route("**/echarts*", lambda route: route.abort())
    page.open(f"/overview/?{DAY}")
    page.locator("[data-chart]").scroll_into_view_if_needed()

    expect(page.locator("#report details table")).to_be_visible()


def test_a_chart_drawn_before_its_forecast_gets_the_lines_once_they_come(log_in):
    page = log_in("official")
    page.set_viewport_size({"width": 1280, "height": 4000})
    waiting = []

    def hold(route):
        waiting.append(route)

    page.route("**/overview/ahead/", hold)
    page.open("/overview/")
    expect(page.locator("[data-chart] canvas")).to_be_visible()
    before = page.evaluate(PICTURE)

    waiting[0].continue_()

    page.wait_for_function(f"before => {PICTURE} !== before", arg=before)
    assert page.faults == []


def test_paper_has_the_chart_or_its_table(visit):
    """The button waits for the chart; the command of the browser cannot."""
    page = visit(f"/overview/?{DAY}")
    page.evaluate("window.print = () => { document.title = document.querySelectorAll('[data-chart] canvas').length; }")

    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("#report details table")).to_be_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator("#report details table")).not_to_be_visible()

    page.locator("[data-print]").click()
    expect(page).to_have_title("1")


@pytest.mark.parametrize("path", [f"/overview/?{DAY}", "/overview/", "/parks/HIT-01/"])
def test_a_page_fits_one_sheet_of_paper(visit, path):
    page = visit(path)
    if page.locator("[data-chart]").count():
        drawn(page)

    paper = page.pdf(prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    page.emulate_media(media="print")
    expect(page.locator(".isp-header")).not_to_be_visible()
    expect(page.locator(".isp-footer")).to_be_visible()
