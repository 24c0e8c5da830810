"""How many units, or adjacent units together, fit each of many requests."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from spaces.models import Floor, Unit
from tenants.matching.inventory import inventory_of
from tenants.matching.ranking import rank
from tenants.matching.requirements import Requirements
from tenants.models import SpaceRequest
from tenants.models.requests import WAITING


def fit_numbers(requests: Iterable[SpaceRequest], *, on: date) -> dict[int, int]:
    """Request id -> the number of its page of candidates under "Fits". Those that wait for no unit, or that no park
    has taken, have none.

    Six statements for any number of requests and parks; none where nobody waits.
    """
    waiting = [wanted for wanted in requests if wanted.state in WAITING and wanted.park_id]
    if not waiting:
        return {}
    parks = {wanted.park_id for wanted in waiting}
    whole = inventory_of(Unit.objects.filter(floor__building__park__in=parks), on=on)
    park_of = dict(Floor.objects.filter(building__park__in=parks).values_list("pk", "building__park"))
    inventories = {
        park: replace(whole, floors={floor: rooms for floor, rooms in whole.floors.items() if park_of[floor] == park})
        for park in parks
    }
    return {wanted.pk: len(rank(Requirements.of(wanted), inventories[wanted.park_id]).fits) for wanted in waiting}
