"""The block finder finds what trying every set of tenants finds, on small floors; on large ones it still answers."""

from datetime import date
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spaces.geometry.adjacency import adjacent_sets
from spaces.models.units import FEATURES
from tenants.asking import block_search
from tenants.asking.block_search import BlockCriteria
from tenants.asking.tenant_moves import Tenancy
from tenants.matching import Inventory, InventoryUnit
from tenants.matching.inventory import TakenPeriod
from tests.tenants import block_oracle

DAY, LATER, FAR = date(2026, 6, 1), date(2027, 3, 1), date(2030, 1, 1)
FREE, TAKEN, LEFT_SOON, TAKEN_LATER, OFFLINE, LATE = range(6)
PERIODS = {
    TAKEN: [TakenPeriod(date(2026, 1, 1), FAR, offline=False, held_until=None)],
    LEFT_SOON: [TakenPeriod(date(2026, 1, 1), LATER, offline=False, held_until=None)],
    TAKEN_LATER: [TakenPeriod(date(2026, 9, 1), FAR, offline=False, held_until=None)],
    OFFLINE: [TakenPeriod(date(2026, 1, 1), LATER, offline=True, held_until=None)],
}


def room(pk, floor, area, state, load=None, fitted=None):
    return InventoryUnit(
        pk=pk,
        code=f"R-{pk}",
        order=f"R-{pk:04}",
        floor_id=floor,
        use="office",
        area=area,
        height_m=None,
        load_kg_m2=load,
        power_kw=None,
        has=dict.fromkeys(FEATURES) | {"fitted": fitted},
        opens_on=date(2020, 1, 1),
        closes_on=date.max,
        ready_on=date(2020, 1, 1),
        asked=True,
        periods=PERIODS.get(state, []),
        late_since=date(2026, 5, 1) if state == LATE else None,
    )


def floors_of(rows, *, across=0):
    """(inventory, tenancies) of rows (floor, area, state, tenant, load); `across`: rooms in a row of a plan or 0.

    By the plan a room is adjacent to the next of its row, and to the one at its back in the next row.
    """
    rooms, taken, floors, adjacent = [], {}, {}, {}
    for pk, (floor, area, state, tenant, load) in enumerate(rows, 1):
        rooms.append(room(pk, floor, None if area is None else Decimal(area), state, load))
        floors.setdefault(floor, []).append(rooms[-1])
        if state in {TAKEN, LEFT_SOON}:
            taken[pk] = Tenancy(pk, FAR if state == TAKEN else LATER, tenant, f"T{tenant}", None)
    for floor, own in floors.items() if across else ():
        sides = [(place, place + 1) for place in range(len(own) - 1) if (place + 1) % across]
        backs = [(place, place + across) for place in range(len(own) - across)]
        adjacent[floor] = adjacent_sets((own[one].pk, own[other].pk) for one, other in sides + backs)
    return Inventory(DAY, floors, {floor: near for floor, near in adjacent.items() if near}), taken


ROOMS = st.tuples(
    st.integers(1, 2),
    st.sampled_from([None, 20, 30, 30, 40, 55, "55.50", 80]),
    st.sampled_from([FREE, FREE, TAKEN, TAKEN, TAKEN, LEFT_SOON, TAKEN_LATER, OFFLINE, LATE]),
    st.integers(1, 8),
    st.sampled_from([None, None, 300, 500]),
)


@settings(max_examples=400)
@given(rows=st.lists(ROOMS, min_size=1, max_size=18), across=st.integers(0, 4), area=st.integers(20, 400),
       months=st.sampled_from([2, 12]), moves=st.integers(0, 3))  # fmt: skip
def test_it_finds_what_trying_every_set_of_tenants_finds(rows, across, area, months, moves):
    inventory, taken = floors_of(rows, across=across)
    criteria = BlockCriteria(Decimal(area), months, moves)

    found = block_search.search_floors(criteria, inventory, taken, {1, 2})

    assert found == block_oracle.search_floors(criteria, inventory, taken, {1, 2})


@pytest.mark.parametrize(("across", "moved"), [(0, 3), (100, 2)])
def test_a_floor_of_two_hundred_rooms_is_searched_too(across, moved):
    """Every second room is let, and so are most sets of three tenants beside each other: 161,700 sets in all."""
    numbers = Random(1)
    rows = [(1, numbers.randrange(30, 70), FREE if pk % 2 else TAKEN, pk, None) for pk in range(200)]
    rows += [(2, numbers.randrange(30, 90), FREE, 0, None) for _room in range(40)]
    inventory, taken = floors_of(rows, across=across)
    area = 350

    found = block_search.search_floors(BlockCriteria(Decimal(area), 12, 3), inventory, taken, {1})

    assert [block.tenants for block in found][-1] == moved
