"""Balance of a node on a day: areas and numbers of units by state, their sums and rates."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from spaces.states import LETTABLE_STATES, UnitState

NOTHING = Decimal("0.00")
STATES = tuple(UnitState.values)  # listing the enum is slow in a loop


@dataclass(frozen=True)
class Balance:
    """Areas (m2) and numbers of units of one node on one day, by state; every state has an entry."""

    areas: Mapping[str, Decimal]
    units: Mapping[str, int]

    @cached_property
    def lettable(self) -> Decimal:
        """Kept: each rate needs it, and a trend has hundreds of balances."""
        return sum([self.areas[state] for state in LETTABLE_STATES], NOTHING)

    @property
    def taken(self) -> Decimal:
        return self.areas[UnitState.OCCUPIED] + self.areas[UnitState.HOLDOVER]

    @property
    def lettable_units(self) -> int:
        return sum(self.units[state] for state in LETTABLE_STATES)

    def in_states(self, states: Collection[str]) -> tuple[int, Decimal]:
        """Number and area of the units in any of `states`."""
        return sum(self.units[state] for state in states), sum((self.areas[state] for state in states), NOTHING)

    @property
    def recorded(self) -> Decimal:
        """The area of all units, whatever their state."""
        return sum(self.areas.values(), NOTHING)

    @property
    def unknown_units(self) -> int:
        return self.units[UnitState.UNKNOWN]

    @property
    def all_units(self) -> int:
        return sum(self.units.values())

    @property
    def rate_occupied(self) -> Decimal | None:
        """(occupied + holdover) / lettable, four places; None where nothing is lettable."""
        return ratio(self.taken, self.lettable)

    @property
    def rate_committed(self) -> Decimal | None:
        """(occupied + holdover + committed) / lettable."""
        return ratio(self.taken + self.areas[UnitState.COMMITTED], self.lettable)

    @property
    def rate_vacant(self) -> Decimal | None:
        return ratio(self.areas[UnitState.VACANT], self.lettable)


def ratio(part: Decimal, whole: Decimal) -> Decimal | None:
    return (part / whole).quantize(Decimal("0.0001"), ROUND_HALF_UP) if whole else None


def of_units(units: Iterable[tuple[str, Decimal | None]]) -> Balance:
    """The balance of units given as (state, usable area)."""
    areas, number = dict.fromkeys(STATES, NOTHING), dict.fromkeys(STATES, 0)
    for state, area in units:
        areas[state] += area or NOTHING
        number[state] += 1
    return Balance(areas, number)


def total(balances: Iterable[Balance]) -> Balance:
    """The balance of a parent: the sum of its children."""
    areas, units = dict.fromkeys(STATES, NOTHING), dict.fromkeys(STATES, 0)
    for balance in balances:
        for state in STATES:
            areas[state] += balance.areas[state]
            units[state] += balance.units[state]
    return Balance(areas, units)
