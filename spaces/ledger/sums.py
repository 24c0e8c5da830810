"""Balances of units on a day, from the database: one query for any number of nodes."""

from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet, Sum, Value

from spaces.ledger.balances import NOTHING, STATES, Balance, total
from spaces.ledger.unit_states import with_state
from spaces.models import Unit

# What a total can be grouped by -> its path from a unit.
LEVELS = {
    "ecosystem": "floor__building__park__ecosystem",
    "city": "floor__building__park__city",
    "kind": "floor__building__park__kind",
    "park": "floor__building__park",
    "building": "floor__building",
    "floor": "floor",
}


def balance(units: QuerySet[Unit], *, on: date, today: date) -> Balance:
    """The balance of all `units` together. One query."""
    return total(_balances(units, None, on=on, today=today).values())


def balances(units: QuerySet[Unit], by: str, *, on: date, today: date) -> dict[Any, Balance]:
    """A balance for each node of a level (a key of LEVELS): node's key -> Balance. One query; no empty nodes."""
    return _balances(units, LEVELS[by], on=on, today=today)


def _balances(units: QuerySet[Unit], path: str | None, *, on: date, today: date) -> dict[Any, Balance]:
    # An order would join the GROUP BY and split every sum.
    rows: QuerySet[Any] = with_state(units, on=on, today=today).order_by()
    node = F(path) if path else Value(0)
    counted = rows.values("state", node=node).annotate(area=Sum("usable_area"), number=Count("pk"))
    found: dict[Any, Balance] = {}
    for key, state, area, number in counted.values_list("node", "state", "area", "number"):
        if key not in found:
            found[key] = Balance(dict.fromkeys(STATES, NOTHING), dict.fromkeys(STATES, 0))
        found[key].areas[state] = NOTHING if area is None else area  # type: ignore[index]
        found[key].units[state] = number  # type: ignore[index]
    return found
