"""Planned and unbuilt area as the overview, the list of it and the page of a building show it, with addresses."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from frontend.site.access import open_place
from frontend.site.bounded_pages import BoundedPaginator
from frontend.site.links import named, page
from spaces.ledger import pipeline
from spaces.states import ParkKind

PER_PAGE = 50
AT_FIRST = 12  # parks on the overview


@require_GET
@open_place
def pipeline_list(request):
    """The whole pipeline, so many parks on a page."""
    context = {"pipeline": pipeline_of(request, PER_PAGE, request.GET.get("page"))}
    return render(request, "frontend/pipeline_list.html", context | {"page": context["pipeline"]["page"]})


def pipeline_of(request, per_page=AT_FIRST, number=1):
    """A page of the parks of the pipeline with their buildings, and the planned area of all industrial parks.

    `terms`: the parks that add up to it, where all of them are on the page.
    """
    parks = BoundedPaginator(pipeline.parks(request.user, on=request.as_of), per_page).get_page(number)
    entries = pipeline.of(parks.object_list, request.user, on=request.as_of, today=request.today)
    shown = [_entry(request, entry) for entry in entries]
    industrial = [entry for entry in shown if entry["park"].kind == ParkKind.INDUSTRIAL_PARK]
    return {
        "page": parks,
        "entries": shown,
        "planned": pipeline.planned_area(request.user, on=request.as_of),
        "planned_url": page(request, "park-list", kind=ParkKind.INDUSTRIAL_PARK.value),
        "terms": [] if parks.has_other_pages() else [entry for entry in industrial if entry["park"].planned_area],
        "url": page(request, "pipeline-list"),
    }


def _entry(request, entry):
    park = entry.park
    rows = [building_row(request, row) for row in entry.buildings]
    return {"park": park, "name": named(park), "url": page(request, "park-detail", park.code), "buildings": rows}


def building_row(request, planned):
    """`promised` while it is not ready, `ready` once it is: recorded, committed and occupied, each with its rows."""
    building, balance = planned.building, planned.balance
    scope = {"building": f"{building.park.code}-{building.code}"}
    unbuilt = scope | {"state": "unbuilt"}
    row = {
        "building": building,
        "name": named(building),
        "stage": planned.stage,
        "promised": planned.promised,
        "url": page(request, "building-detail", building.park.code, building.code),
    }
    if balance is not None:
        signed = ["occupied", "holdover", "committed"]
        row["ready"] = balance
        row["signed"] = balance.taken + balance.areas["committed"]
        row["recorded_url"] = page(request, "unit-list", **scope, state="lettable")
        row["committed_url"] = page(request, "unit-list", **scope, state=signed)
    else:
        row["recorded_url"] = page(request, "unit-list", **unbuilt)
        row["committed_url"] = page(request, "unit-list", **unbuilt, promise="committed")
        row["reserved_url"] = page(request, "unit-list", **unbuilt, promise="reserved")
    return row
