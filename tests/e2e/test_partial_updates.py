"""Every partial update of a page, with the console watched: what htmx swaps in breaks no rule of the CSP.

Before each, whatever has an id is given a style, as a browser gives one to a text box that is dragged larger.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.addresses import ROOT, filled

pytestmark = pytest.mark.browser
TEMPLATES = ROOT / "frontend/templates/frontend"
ASKS = re.compile(r"\bhx-(?:get|post)=")
DRAG = "document.querySelectorAll('main [id]').forEach((each) => { each.style.minHeight = '1px'; })"
SEARCH = "form[hx-get] button.btn-primary"
# template with an hx-get or hx-post -> (who, where, what is pressed)
UPDATES = {
    "_basket.html": ("visitor", "/spaces/", ".isp-add button"),
    "_header.html": ("manager", "/units/", "#find"),
    "_filter.html": ("manager", "/companies/", SEARCH),
    "_key_figures.html": ("official", "/overview/", "main"),
    "_lease_tabs.html": ("manager", "/leases/", SEARCH),
    "_plan.html": ("manager", "/parks/HIT-01/A/4/", "a.isp-shape"),
    "_stack.html": ("manager", "/parks/HIT-01/A/", ".isp-choice a:not([aria-current])"),
    "floor_detail.html": ("manager", "/parks/HIT-01/A/4/", ".isp-pick [name=unit]"),
    "handover_detail.html": ("manager", "/handovers/{move_out}/", "#checklist button[name=reopen]"),
    "request_match.html": ("manager", "/manage/requests/{admitted}/match/", "main [hx-get]"),
    "unit_list.html": ("visitor", "/units/", SEARCH),
    "vacancy_list.html": ("visitor", "/spaces/", SEARCH),
}
TYPED = {"_header.html": "401"}  # what is typed where nothing is pressed
ON_LOAD = {"_key_figures.html"}  # asked for by the page itself


def test_each_template_with_a_partial_update_is_tried():
    asking = {path.name for path in TEMPLATES.glob("*.html") if ASKS.search(path.read_text())}

    assert asking == set(UPDATES)


@pytest.mark.parametrize("template", UPDATES)
def test_a_partial_update_is_quiet(visit, log_in, values, template):
    role, path, selector = UPDATES[template]
    page = visit("/") if role == "visitor" else log_in(role)
    page.open(filled(path, values))
    page.evaluate(DRAG)
    thing = page.locator(selector).first

    with page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true"):
        if template in ON_LOAD:
            page.reload()
        elif template in TYPED:
            thing.fill(TYPED[template])
        else:
            thing.evaluate("each => each.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))")
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)

    assert page.faults == []
