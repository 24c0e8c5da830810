"""Area committed in buildings that are not ready: shown beside the lettable area, never part of it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet, Sum

from spaces.ledger.balances import NOTHING, ratio
from spaces.ledger.unit_states import with_state
from spaces.models import Unit
from spaces.states import LETTABLE_USES, UnitState
from spaces.values.lifetimes import not_ready


@dataclass(frozen=True, slots=True)
class Commitment:
    """Areas (m2) already committed in a building that is not ready."""

    recorded: Decimal
    committed: Decimal
    reserved: Decimal
    occupied: Decimal

    @property
    def rate_committed(self) -> Decimal | None:
        return ratio(self.committed, self.recorded)

    @property
    def rate_occupied(self) -> Decimal | None:
        return ratio(self.occupied, self.recorded)


def commitments(units: QuerySet[Unit], *, on: date) -> dict[int, Commitment]:
    """Building id -> what is committed there, for buildings that are not ready on the day. One query."""
    dated = units.with_facts(on)  # type: ignore[attr-defined]
    waiting = dated.filter(not_ready("floor__building__", on), use__in=LETTABLE_USES)
    rows: QuerySet[Any] = with_state(waiting, on=on, today=on).order_by()
    promised: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: NOTHING))
    sums = rows.values("promise", building=F("floor__building")).annotate(area=Sum("usable_area"))
    for building, promise, area in sums.values_list("building", "promise", "area"):
        promised[building][promise] = area or NOTHING
    kept = (UnitState.COMMITTED, UnitState.RESERVED, UnitState.OCCUPIED)
    return {
        building: Commitment(sum(areas.values(), NOTHING), *(areas[state] for state in kept))
        for building, areas in promised.items()
    }
