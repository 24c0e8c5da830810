"""Area that an act would move between the states of a day, shown before the act is confirmed."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from spaces.ledger.balances import NOTHING
from spaces.ledger.unit_states import state_of
from spaces.models import Unit
from spaces.states import LETTABLE_STATES, UnitState

type AreaByState = dict[UnitState, Decimal]


def into(units: Iterable[Unit], state: UnitState, *, on: date, today: date) -> AreaByState:
    """Area (m2) that leaves and enters each state when `units` turn to `state` on the day; it sums to 0.

    Units without a recorded area, outside their life or not lettable on the day move nothing.
    """
    moved: AreaByState = {}
    for unit in units:
        before = state_of(unit, on=on, today=today)
        if before is None or before not in LETTABLE_STATES or before == state:
            continue
        area = unit.facts_of(on).usable_area
        moved[before] = moved.get(before, NOTHING) - area
        moved[state] = moved.get(state, NOTHING) + area
    return {each: area for each, area in moved.items() if area}


def together(*moves: AreaByState) -> AreaByState:
    """The sum of several moves, without what cancels out."""
    summed: AreaByState = {}
    for each in moves:
        for state, area in each.items():
            summed[state] = summed.get(state, NOTHING) + area
    return {state: area for state, area in summed.items() if area}
