"""Nothing is cut, broken, out of line or on top of something else: every page, at three widths and on paper.

Each check is proven first by a page that is broken. All roles at all widths: `make screens`.
"""

from collections import defaultdict

import pytest
from django.urls import get_resolver

from tests.e2e import geometry
from tests.e2e.addresses import NO_PAGES, PAGES, filled
from tests.thorough import share

pytestmark = [pytest.mark.browser, pytest.mark.engine]
LANGUAGES = ["zh-hans", "en"]
TABLE = "<table><thead><tr><th>name<th>area</tr></thead><tbody><tr><td>HIT-01<td>12.00</tr></tbody></table>"
ALIGNED = "<style>th{text-align:left}</style>"
BROKEN = {
    "page wider than its window": '<div style="width:3000px">x</div>',
    "table has another display": "<style>table{display:grid;grid-template-columns:1fr 1fr}</style>" + ALIGNED + TABLE,
    "head beside its column": "<style>thead{position:relative;left:9px}</style>" + ALIGNED + TABLE,
    "head aligned otherwise": "<style>td{text-align:right}th{text-align:left}</style>" + TABLE,
    "broken into single characters": '<p style="width:1em;line-break:anywhere">空置可招商</p>',
    "cut off": '<div style="width:40px;overflow:hidden;white-space:nowrap">HIT-01-A-401 120.00</div>',
    "sticks out of its box": '<button style="width:40px;white-space:nowrap">Save and continue</button>',
    "controls overlap": '<a href="/a">one unit</a><a href="/b" style="margin-left:-30px">another unit</a>',
    "first row below the fold": '<div style="height:900px"></div><div id="results">' + ALIGNED + TABLE + "</div>",
}
SOUND = """
  <p style="width:10em;line-break:anywhere">十个字一行然后是一<a href="/d">口径</a></p>
  <style>th{text-align:left}.skip{position:absolute;left:-999px}</style>
  <a class="skip" href="#x">Skip</a>
  <h1>单元</h1><div style="overflow-x:auto"><div style="width:3000px">a wide thing that scrolls</div></div>
  <span style="position:absolute;width:1px;height:1px;overflow:hidden;white-space:nowrap">for screen readers</span>
  <details><summary>more</summary><a href="/a">one</a><a href="/b" style="margin-left:-20px">other</a></details>
  <p style="width:40px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap" title="HIT-01-A-401">HIT-01-A-401</p>
  <div id="results"><table><thead><tr><th>name<th>area</tr></thead><tbody><tr><td>401<td>12</tr></tbody></table></div>
"""


def draw(page, body):
    page.set_content(f"<!DOCTYPE html><html><body>{body}</body></html>")


@pytest.mark.parametrize("rule", BROKEN)
def test_each_check_finds_what_it_looks_for(page, rule):
    draw(page, BROKEN[rule])
    geometry.show(page, geometry.DESK)

    found = geometry.faults(page, geometry.DESK)

    assert found
    assert [fault for fault in found if rule not in fault] == []


def test_a_sound_page_has_no_fault(page):
    draw(page, SOUND)

    assert geometry.walk(page) == {}


def test_every_page_stands_in_the_address_table():
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str) and not name.startswith("api-")}

    assert names - NO_PAGES - {"nowhere"} == set(PAGES) - {""}
    assert set(PAGES) & NO_PAGES == set()


def walks():
    """{role: the addresses it walks}: whoever sees most of a page."""
    by_role = defaultdict(list)
    for paths in PAGES.values():
        for path, roles in paths.items():
            for role in roles:
                by_role[role].append(path)
    return by_role


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", walks())
def test_the_geometry_of_every_page(visit, log_in, values, role, language):
    page = visit("/", language=language) if role == "visitor" else log_in(role, language=language)
    found = {}
    for path in share(walks()[role], LANGUAGES.index(language), len(LANGUAGES)):
        page.open(filled(path, values))
        if faults := geometry.walk(page):
            found[path] = faults

    assert found == {}
