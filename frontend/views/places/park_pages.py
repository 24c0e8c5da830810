"""The list of parks, and the choice of one of many parks in a filter."""

import re

from django.shortcuts import render
from django.views.decorators.http import require_GET

from frontend.site.access import open_place
from frontend.site.bounded_pages import ListPaginator
from frontend.site.links import state_links
from frontend.site.place_rows import node_rows
from spaces import ledger, place_search
from spaces.ledger import rollups
from spaces.models import Park
from spaces.place_search import LONGEST_SEARCH
from spaces.states import ParkKind
from spaces.values.search_keys import words_of

PER_PAGE = 100
MOST_CHOICES = 20
YEAR = re.compile(r"(19|20)[0-9]{2}")


@require_GET
@open_place
def park_list(request):
    """Incubators, then industrial parks, page by page; numbers and totals are those of all that match."""
    parks, typed = Park.objects.visible_to(request.user), request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    if typed:
        parks = place_search.parks(parks, words_of(typed))
    kind = request.GET.get("kind", "")
    year = YEAR.fullmatch(request.GET.get("opened", "").strip())
    found = [
        node
        for node in rollups.of_parks(ledger.ParkUnits(parks), "park", on=request.as_of, today=request.today)
        if (not kind or node.place.kind == kind)
        and (not year or (node.place.opened_on and node.place.opened_on.year == int(year[0])))
    ]
    incubators = [node for node in found if node.place.kind != ParkKind.INDUSTRIAL_PARK]
    industrial = [node for node in found if node.place.kind == ParkKind.INDUSTRIAL_PARK]
    page = ListPaginator([*incubators, *industrial], PER_PAGE).get_page(request.GET.get("page"))
    rows = node_rows(request, page.object_list, "park")
    narrowed = ({"kind": kind} if kind else {}) | ({"opened": year[0]} if year else {})
    context = {
        "page": page,
        "rows": rows,
        "incubators": [row for row in rows if row["place"].kind != ParkKind.INDUSTRIAL_PARK],
        "number": sum(node.place.is_open(request.as_of) for node in incubators),
        "industrial": [row for row in rows if row["place"].kind == ParkKind.INDUSTRIAL_PARK],
        # A total links to its rows; a search by name has no such list, so it has no total.
        "total": None if typed else ledger.total(node.balance for node in incubators),
        "links": state_links(request, scope="incubators", **narrowed),
        "industrial_total": None if typed else ledger.total(node.balance for node in industrial),
        "industrial_links": state_links(request, scope="industrial", **narrowed),
        "planned_parks": node_rows(request, [node for node in industrial if node.place.planned_area], "park"),
        "planned": sum((node.place.planned_area or ledger.NOTHING for node in industrial), ledger.NOTHING),
        "opened": year[0] if year else "",
        "kinds": ParkKind.choices,
        "kind": kind,
        "typed": typed,
        "sample": any(row["place"].sample for row in rows),
    }
    return render(request, "frontend/park_list.html", context)


@require_GET
@open_place
def park_choices(request):
    """Options for the list of a field that takes the code of a park: those that contain what was typed."""
    typed = request.GET.get("park", "")[:LONGEST_SEARCH]
    found = place_search.parks(Park.objects.visible_to(request.user), words_of(typed)).order_by("code_order")
    return render(request, "frontend/park_choices.html", {"parks": found[:MOST_CHOICES]})
