"""The list of parks, and the choice of one of many parks in a filter."""

import re

from django.shortcuts import render
from django.views.decorators.http import require_GET

from frontend.site.access import open_place
from frontend.site.bounded_pages import ListPaginator
from frontend.site.links import named, state_links
from frontend.site.links import page as page_of
from frontend.site.place_rows import node_rows
from spaces import ledger, place_search
from spaces.ledger import rollups
from spaces.ledger.listed_parks import listed
from spaces.models import Park
from spaces.place_search import LONGEST_SEARCH
from spaces.states import ParkKind
from spaces.values.lifetimes import has_opened
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
    if kind:
        parks = parks.of_kind(kind, request.as_of) if kind in ParkKind else parks.none()
    year = YEAR.fullmatch(request.GET.get("opened", "").strip())
    if year:
        parks = parks.filter(opened_on__year=year[0])
    found = listed(parks, on=request.as_of, today=request.today)
    industrial = [park for park in found if park.is_industrial]
    incubators = [park for park in found if not park.is_industrial]
    page = ListPaginator([*incubators, *industrial], PER_PAGE).get_page(request.GET.get("page"))
    rows = _rows(request, [park.pk for park in page.object_list])
    narrowed = ({"kind": kind} if kind else {}) | ({"opened": year[0]} if year else {})
    # A total links to its rows; a search by name has no such list, so it has no total.
    summed = None if typed else parks
    incubator_rows, total = _group(request, rows, summed, industrial=False)
    industrial_rows, industrial_total = _group(request, rows, summed, industrial=True)
    context = {
        "page": page,
        "rows": rows,
        "number": sum(has_opened(park.opened_on, request.as_of) for park in incubators),
        "incubators": incubator_rows,
        "total": total,
        "links": state_links(request, scope="incubators", **narrowed),
        "industrial": industrial_rows,
        "industrial_total": industrial_total,
        "industrial_links": state_links(request, scope="industrial", **narrowed),
        **_planned(request, industrial),
        "opened": year[0] if year else "",
        "kinds": ParkKind.choices,
        "kind": kind,
        "typed": typed,
        "sample": any(row["place"].sample for row in rows),
    }
    return render(request, "frontend/park_list.html", context)


def _rows(request, ids):
    """The rows of the parks with these ids, in this order."""
    parks = ledger.ParkUnits(Park.objects.filter(pk__in=ids))
    found = rollups.of_parks(parks, "park", on=request.as_of, today=request.today)
    place = {pk: position for position, pk in enumerate(ids)}
    return node_rows(request, sorted(found, key=lambda node: place[node.place.pk]), "park")


def _group(request, rows, parks, *, industrial):
    """Those of the rows that are industrial parks, or are not, and the total of all such `parks`; None for no rows."""
    shown = [row for row in rows if (row["place"].kind == ParkKind.INDUSTRIAL_PARK) == industrial]
    if parks is None or not shown:
        return shown, None
    units = ledger.ParkUnits(parks, ledger.ParkGroup(industrial))
    return shown, ledger.balance(units, on=request.as_of, today=request.today)


def _planned(request, industrial):
    """The planned areas of the industrial parks that match, and their sum."""
    areas = {park.pk: park.planned_area for park in industrial if park.planned_area}
    parks = Park.objects.in_bulk(areas) if areas else {}
    rows = [
        {"url": page_of(request, "park-detail", parks[pk].code), "name": named(parks[pk]), "area": area}
        for pk, area in areas.items()
    ]
    return {"planned_parks": rows, "planned": sum(areas.values(), ledger.NOTHING)}


@require_GET
@open_place
def park_choices(request):
    """Options for the list of a field that takes the code of a park: those that contain what was typed."""
    typed = request.GET.get("park", "")[:LONGEST_SEARCH]
    found = place_search.parks(Park.objects.visible_to(request.user), words_of(typed)).order_by("code_order")
    return render(request, "frontend/park_choices.html", {"parks": found[:MOST_CHOICES]})
