"""Balances of units on a day, from the database: one query for any number of nodes."""

from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet, Sum, Value

from spaces.ledger import sums_of_months
from spaces.ledger.balances import NOTHING, STATES, Balance, total
from spaces.ledger.park_units import ParkUnits
from spaces.ledger.unit_states import with_state
from spaces.models import Unit
from spaces.states import UnitState

# What a total can be grouped by -> its path from a unit with the facts of a day.
LEVELS = {
    "ecosystem": "park_facts__ecosystem",
    "city": "floor__building__park__city",
    "kind": "park_facts__kind",
    "park": "floor__building__park",
    "building": "floor__building",
    "floor": "floor",
}
OF_ALLOCATIONS = {"building", "floor"}  # the month ledger keeps no sums of these


def balance(units: QuerySet[Unit] | ParkUnits, *, on: date, today: date) -> Balance:
    """The balance of all `units` together. One query; two for a scope while its sums do not hold."""
    return total(_read(units, None, on=on, today=today).values())


def balances(units: QuerySet[Unit] | ParkUnits, by: str, *, on: date, today: date) -> dict[Any, Balance]:
    """A balance for each node of a level (a key of LEVELS): node's key -> Balance; no empty nodes. As `balance`."""
    return _read(units, by, on=on, today=today)


def most_vacant(scope: ParkUnits, number: int, *, on: date, today: date) -> dict[Any, Balance]:
    """The balances of the parks with most vacant area: id -> Balance, at most `number`, the largest first."""
    found = sums_of_months.balances(scope, "park", on=on, today=today, most_vacant=number)
    if found is None:
        found = balances(scope, "park", on=on, today=today)
    vacant = [(balance.areas[UnitState.VACANT], park) for park, balance in found.items()]
    ranked = sorted(((area, park) for area, park in vacant if area), key=lambda each: (-each[0], each[1]))
    return {park: found[park] for _area, park in ranked[:number]}


def kept_balance(scope: ParkUnits, *, on: date, today: date) -> Balance | None:
    """As `balance`, but None while the sums of the month ledger do not hold: the caller counts. One query."""
    found = sums_of_months.balances(scope, None, on=on, today=today)
    return None if found is None else total(found.values())


def _read(units: QuerySet[Unit] | ParkUnits, by: str | None, *, on: date, today: date) -> dict[Any, Balance]:
    if isinstance(units, ParkUnits):
        if by not in OF_ALLOCATIONS:
            found = sums_of_months.balances(units, by, on=on, today=today)
            if found is not None:
                return found
        units = units.units_on(on)
    return _balances(units, by and LEVELS[by], on=on, today=today)


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
