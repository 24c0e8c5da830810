"""What is planned and unbuilt, for the overview and the building's page. Never added to the offered area."""

from frontend.links import named, page
from spaces import ledger
from spaces.models import Building, Park, Unit
from spaces.states import ParkKind, Stage


def pipeline(request):
    """Industrial parks with all their buildings, and whatever building of a carrier is not ready on the day."""
    parks = Park.objects.visible_to(request.user).filter(kind=ParkKind.INDUSTRIAL_PARK).order_by("code_order")
    entries = {park.pk: _entry(request, park) for park in parks}
    rows = Building.objects.visible_to(request.user).select_related("park").order_by("park__code_order", "code_order")
    promised = ledger.commitments(Unit.objects.visible_to(request.user), on=request.as_of)
    units = Unit.objects.filter(floor__building__park__in=list(entries))
    ready = ledger.balances(units, "building", on=request.as_of, today=request.today)
    for building in rows:
        stage = ledger.stage_of(building, on=request.as_of)
        if stage == Stage.CLOSED or (building.planned_on and building.planned_on > request.as_of):
            continue
        if building.park_id not in entries:
            if stage == Stage.READY:
                continue
            entries[building.park_id] = _entry(request, building.park)
        row = building_row(request, building, stage, promised.get(building.pk), ready.get(building.pk))
        entries[building.park_id]["buildings"].append(row)
    planned = [entries[park.pk] for park in parks if park.planned_area]
    return {
        "entries": list(entries.values()),
        "planned": sum((entry["park"].planned_area for entry in planned), ledger.NOTHING),
        "planned_url": page(request, "park-list", kind=ParkKind.INDUSTRIAL_PARK.value),
        "terms": planned,
    }


def _entry(request, park):
    return {"park": park, "name": named(park), "url": page(request, "park-detail", park.code), "buildings": []}


def building_row(request, building, stage, promised, balance=None):
    """`promised` while it is not ready, `balance` once it is: recorded, committed and occupied, each with its rows."""
    scope = {"building": f"{building.park.code}-{building.code}"}
    unbuilt = scope | {"state": "unbuilt"}
    row = {
        "building": building,
        "name": named(building),
        "stage": stage,
        "promised": promised,
        "url": page(request, "building-detail", building.park.code, building.code),
    }
    if stage == Stage.READY and balance is not None:
        signed = ["occupied", "holdover", "committed"]
        row["ready"] = balance
        row["signed"] = balance.taken + balance.areas["committed"]
        row["recorded_url"] = page(request, "unit-list", **scope, state="offered")
        row["committed_url"] = page(request, "unit-list", **scope, state=signed)
    else:
        row["recorded_url"] = page(request, "unit-list", **unbuilt)
        row["committed_url"] = page(request, "unit-list", **unbuilt, promise="committed")
        row["reserved_url"] = page(request, "unit-list", **unbuilt, promise="reserved")
    return row
