"""Every number on a page leads to rows that sum to it."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.http import HttpResponse
from django.urls import reverse

from tests.frontend import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
LINK = re.compile(r'<a[^>]*href="(/units/\?[^"]*)"[^>]*>\s*([0-9][0-9,]*\.[0-9]{2})')


def numbers(page):
    """(address, area) of each number that is a link to units."""
    return [(unescape(url), Decimal(text.replace(",", ""))) for url, text in LINK.findall(page)]


PAGES = [
    ("overview", [], {}),
    ("overview", [], {"by": "city"}),
    ("overview", [], {"by": "kind"}),
    ("overview", [], {"by": "park"}),
    ("overview", [], {"as_of": "2026-03-01"}),
    ("overview", [], {"as_of": "2027-03-01"}),
    ("home", [], {}),
    ("ecosystem-list", [], {}),
    ("ecosystem-detail", ["hit"], {}),
    ("park-list", [], {}),
    ("park-detail", ["HIT-01"], {}),
    ("park-detail", ["STP"], {}),
    ("building-detail", ["HIT-01", "A"], {}),
    ("building-detail", ["STP", "X1"], {}),
    ("floor-detail", ["HIT-01", "A", 1], {}),
]


def area_alone(_request, _template, context, **_rest):
    """What stands for the drawing of a list: its total."""
    return HttpResponse(str(context["area"] or 0))


def test_every_number_leads_to_rows_that_sum_to_it(client, official, monkeypatch):
    """The pages promise many a number of the same rows: each address is asked once. Coming days are for officials."""
    world.build()
    client.force_login(official)
    found = {
        (name, *args, *query.items()): numbers(client.get(reverse(name, args=args), query).content.decode())
        for name, args, query in PAGES
    }
    addresses = {url for promised in found.values() for url, _area in promised}

    monkeypatch.setattr("frontend.views.units.unit_pages.render_page", area_alone)
    totals = {url: Decimal(client.get(url).content.decode()) for url in addresses}

    assert {page: [(url, totals[url]) for url, _area in promised] for page, promised in found.items()} == found
    assert [page for page, promised in found.items() if not promised] == []
    assert len(found) == len(PAGES)


def test_the_overview_sums_incubators_only_and_shows_the_industrial_park_beside(client):
    world.build()

    context = client.get(reverse("overview")).context

    assert context["total"].lettable == Decimal("1032.30")
    assert context["pipeline"]["planned"] == Decimal("100000.00")
    (entry,) = context["pipeline"]["entries"]
    (row,) = entry["buildings"]
    assert (row["promised"].recorded, row["promised"].rate_committed) == (Decimal("200.00"), Decimal("1.0000"))


def test_the_published_figure_stands_beside_ours_for_its_own_day(client):
    world.build()

    result = client.get(reverse("overview")).context["comparisons"]

    assert result["lettable_area"].figure.text == "2000平方米"
    assert result["lettable_area"].recorded == Decimal("1032.30")
    assert result["lettable_area"].difference == Decimal("967.70")
    assert result["incubators"].difference == 0
