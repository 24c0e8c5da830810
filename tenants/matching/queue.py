"""The best match of many requests at once: how many units or neighbours fit each, and which is first."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from spaces.models import Floor, Unit
from tenants.matching.ground import Ground, survey
from tenants.matching.ranking import Candidate, rank
from tenants.matching.wishes import Wish
from tenants.models import SpaceRequest
from tenants.models.requests import WAITING


class Best(NamedTuple):
    """As many as the request's own page of candidates counts under "Fits"; the first of them, None without any."""

    number: int
    first: Candidate | None


def best_matches(requests: Iterable[SpaceRequest], *, on: date) -> dict[int, Best]:
    """Request id -> its best match in its park. Those that wait for no unit, or that no park has taken, have none.

    Five statements for any number of requests and parks; none where nobody waits.
    """
    waiting = [wanted for wanted in requests if wanted.state in WAITING and wanted.park_id]
    if not waiting:
        return {}
    parks = {wanted.park_id for wanted in waiting}
    whole = survey(Unit.objects.filter(floor__building__park__in=parks), on=on)
    park_of = dict(Floor.objects.filter(building__park__in=parks).values_list("pk", "building__park"))
    grounds = {
        park: Ground(on, {floor: rooms for floor, rooms in whole.floors.items() if park_of[floor] == park})
        for park in parks
    }
    found = {}
    for wanted in waiting:
        fits = rank(Wish.of(wanted), grounds[wanted.park_id]).fits
        found[wanted.pk] = Best(len(fits), fits[0] if fits else None)
    return found
