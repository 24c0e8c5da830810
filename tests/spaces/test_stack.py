"""The rows of a stacking plan agree with the ledger, and the past of the picture stays as it was."""

from datetime import date
from decimal import Decimal

import pytest

from spaces import ledger
from spaces.actions import allocations, units
from spaces.ledger import stack
from spaces.models import Unit
from spaces.states import UnitState
from tests import make
from tests.frontend import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DAY = world.DAY


def cells(building, on=DAY, today=DAY):
    (found,) = stack.of([building], on=on, today=today)
    return {cell.code: cell for storey in found.storeys for cell in storey.cells}


def test_every_unit_stands_in_the_picture_with_the_state_that_the_ledger_tells():
    places = world.build()
    buildings = [floor.building for floor in (places["unit"].floor,)] + [places["space"].buildings.get()]

    for found in stack.of(buildings, on=DAY, today=DAY):
        drawn = {cell.code: cell.state for storey in found.storeys for cell in storey.cells}
        alive = Unit.objects.filter(floor__building=found.building).select_related("floor__building")
        assert drawn == {unit.code: ledger.state_of(unit, on=DAY, today=DAY) for unit in alive}
        for storey in found.storeys:
            areas = [cell.area for cell in storey.cells if cell.area is not None]
            assert storey.balance.recorded == sum(areas, Decimal(0))
        whole = ledger.balance(Unit.objects.filter(floor__building=found.building), on=DAY, today=DAY)
        assert (found.balance.areas, found.balance.units) == (whole.areas, whole.units)


def test_floors_stand_top_down_and_units_in_the_order_of_their_numbers():
    building = make.building()
    low, high = make.floor(building=building, level=1), make.floor(building=building, level=2)
    for code in ("A-210", "A-29", "A-2b"):
        make.unit(floor=high, code=code)
    make.unit(floor=low, code="A-101")

    (found,) = stack.of([building], on=DAY, today=DAY)

    assert [storey.floor for storey in found.storeys] == [high, low]
    assert [cell.code for cell in found.storeys[0].cells] == ["A-2b", "A-29", "A-210"]


def test_what_is_not_itemised_is_told_and_never_below_nothing():
    floor = make.floor(usable_area=Decimal("300.00"))
    make.unit(floor=floor, usable_area=Decimal("120.50"))
    full = make.floor(building=floor.building, usable_area=Decimal("50.00"))
    make.unit(floor=full, usable_area=Decimal("80.00"))
    unknown = make.floor(building=floor.building)

    (found,) = stack.of([floor.building], on=DAY, today=DAY)

    rest = {storey.floor: storey.not_itemised for storey in found.storeys}
    assert rest == {floor: Decimal("179.50"), full: Decimal("0.00"), unknown: Decimal("0.00")}


def test_a_holdover_tells_when_it_ended_and_a_lapsed_hold_tells_nothing():
    late, lapsed = make.unit(code="A-1"), make.unit(code="A-2")
    lapsed.floor = late.floor
    lapsed.save()
    row = make.allocation(unit=late, moved_in_on=date(2026, 1, 1), ends_on=date(2026, 5, 1))
    make.allocation(unit=late, starts_on=date(2026, 5, 1), ends_on=date(2027, 5, 1))
    make.allocation(unit=lapsed, starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1), held_until=date(2026, 3, 1))

    found = cells(late.floor.building)

    assert (found["A-1"].state, found["A-1"].allocation, found["A-1"].ends_on) == (
        UnitState.HOLDOVER,
        row.pk,
        date(2026, 5, 1),
    )
    assert (found["A-2"].state, found["A-2"].allocation, found["A-2"].ends_on) == (UnitState.VACANT, None, None)


def test_the_picture_of_yesterday_stays_what_it_was():
    """Holds, leases, works, a split and a retirement of today change today's picture alone."""
    user = make.user()
    floor = make.floor(usable_area=Decimal(1000))
    one, two, three, four = (make.unit(floor=floor, code=f"A-{number}") for number in range(1, 5))
    allocations.hold([one], starts_on=date(2026, 5, 1), ends_on=date(2027, 1, 1), held_until=date(2026, 7, 1),
                     by=user, on=date(2026, 5, 1))  # fmt: skip
    yesterday, today = date(2026, 5, 31), date(2026, 6, 1)
    before = cells(floor.building, on=yesterday, today=yesterday)

    held = one.allocations.get()
    allocations.sign(held, signed_on=today, by=user, on=today)
    allocations.move_in(held, moved_in_on=today, by=user, on=today)
    allocations.take_offline(two, starts_on=today, ends_on=date(2026, 9, 1), reason="works", by=user, on=today)
    parts = [Unit(code=f"A-3{letter}", use="office", usable_area=Decimal(50)) for letter in "AB"]
    units.split(three, parts, splits_on=today, by=user, on=today)
    units.retire(four, closes_on=today, by=user, why="wall", on=today)

    result = {code: (cell.state, cell.area) for code, cell in cells(floor.building, on=yesterday, today=today).items()}
    assert result == {code: (cell.state, cell.area) for code, cell in before.items()}
    now = {code: cell.state for code, cell in cells(floor.building, on=today, today=today).items()}
    assert now == {"A-1": "occupied", "A-2": "offline", "A-3A": "vacant", "A-3B": "vacant"}


@pytest.mark.parametrize("many", [1, 3, 300])
def test_the_rows_cost_three_statements_for_any_number(django_assert_num_queries, many):
    floor = make.floor()
    Unit.objects.bulk_create(
        [Unit(code=f"U-{n}", floor=floor, use="office", usable_area=10, opens_on="2020-01-01") for n in range(many)]
    )

    with django_assert_num_queries(3):
        (found,) = stack.of([floor.building], on=DAY, today=DAY)

    assert len(found.storeys[0].cells) == many
