"""Planned and unbuilt area as the overview and the page of a building show it, with addresses."""

from frontend.site.links import named, page
from spaces.ledger import pipeline
from spaces.states import ParkKind


def pipeline_of(request):
    entries = pipeline.of(request.user, on=request.as_of, today=request.today)
    shown = [_entry(request, entry) for entry in entries]
    industrial = [entry for entry in shown if entry["park"].kind == ParkKind.INDUSTRIAL_PARK]
    return {
        "entries": shown,
        "planned": pipeline.planned_area(entries),
        "planned_url": page(request, "park-list", kind=ParkKind.INDUSTRIAL_PARK.value),
        "terms": [entry for entry in industrial if entry["park"].planned_area],
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
