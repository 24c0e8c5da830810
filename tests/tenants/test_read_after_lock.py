"""What a rule needs is read after the lock: whoever has waited decides on what the other writer left."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from spaces.actions import allocations, floorplans, units
from spaces.models import Adjacency, Allocation, Unit
from tenants.actions import companies, handovers, offers
from tenants.models import Company, Offer
from tests.frontend import desk
from tests.spaces.test_races import in_turn

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("fixed_today")]

LATER = date(2026, 7, 1)


@pytest.fixture
def people(scratch):
    return desk.build()


def test_an_offer_is_held_against_the_wish_with_the_area_that_the_unit_has_by_then(people):
    wanted = desk.admitted(people)
    room = Unit.objects.select_related("floor__building").get(pk=people.rooms.r401.pk)

    def shrink(unit):
        units.update(unit, usable_area=Decimal(20), why="a wall", by=people.manager, on=desk.DAY)

    def send(unit):
        offers.send(wanted, [unit], held_until=desk.HOLD_UNTIL, by=people.manager, on=desk.DAY, **desk.TERM)

    result = in_turn(shrink, send, room)

    assert result == Counter(won=1, rule=1)
    assert Offer.objects.count() == 0


def test_a_lapsed_hold_that_someone_else_has_just_cleared_does_not_keep_the_offer_from_going(people):
    offer = desk.offered(people)

    def take_offline(unit):
        allocations.take_offline(unit, starts_on=LATER, ends_on=None, reason="works", by=people.manager, on=LATER)

    result = in_turn(
        take_offline,
        lambda _unit: offers.withdraw(offer, by=people.manager, why="it lapsed", on=LATER),
        people.rooms.r401,
    )

    assert result == Counter(won=2)
    assert Offer.objects.get().state == "withdrawn"
    assert Allocation.objects.get(unit=people.rooms.r401, purpose="tenancy").ends_on == desk.HOLD_UNTIL


def test_the_keys_are_for_the_units_that_the_lease_still_has(people):
    handover = desk.ticked(people, desk.signed(people).handovers.get())
    handovers.sign(handover, "park", by=people.manager)
    handovers.sign(handover, "company", by=people.tenant)
    taken = Allocation.objects.get(unit=people.rooms.r401)

    result = in_turn(
        lambda row: allocations.move_in(row, moved_in_on=desk.DAY, by=people.manager, on=desk.DAY),
        lambda _row: handovers.confirm(handover, moved_on=desk.DAY, by=people.manager, on=desk.DAY),
        taken,
    )

    assert result == Counter(won=2)
    handover.refresh_from_db()
    assert handover.moved_on == desk.DAY


def test_nobody_leaves_twice_or_changes_his_role_afterwards(people):
    member = people.tenant_company.members.get(user=people.tenant_member)

    def end(row):
        companies.end_member(row, ended_on=desk.DAY, by=people.tenant)

    def promote(row):
        companies.change_role(row, "owner", by=people.tenant)

    assert in_turn(end, promote, member) == Counter(won=1, stale=1)
    member.refresh_from_db()
    assert (member.role, member.ended_on) == ("member", desk.DAY)


def test_two_who_give_their_companies_one_name_are_told_apart_in_words(people):
    def rename(company):
        companies.update(company, by=None, name="One and the same")

    result = in_turn(
        lambda _row: rename(people.tenant_company), lambda _row: rename(people.rival_company), people.tenant_company
    )

    assert result == Counter(won=1, taken=1)
    assert Company.objects.filter(name="One and the same").count() == 1


def test_adjacency_is_found_by_the_scale_that_the_plan_has_by_then(people):
    """Two rooms 0.6 m apart by the new scale and 6 m by the old one."""
    floor = people.rooms.r401.floor
    plan = floorplans.add_version(
        floor, valid_from=desk.DAY, frame=(1000, 1000), metres_wide=Decimal(100), by=people.manager
    )
    rings = {
        people.rooms.r401.pk: [[0.1, 0.1], [0.3, 0.1], [0.3, 0.9], [0.1, 0.9]],
        people.rooms.r405.pk: [[0.306, 0.1], [0.5, 0.1], [0.5, 0.9], [0.306, 0.9]],
    }
    metres = {"first": (0.0, 0.0), "second": (1.0, 0.0), "metres": Decimal(10)}

    result = in_turn(
        lambda row: floorplans.calibrate(row, by=people.manager, **metres),
        lambda row: floorplans.set_shapes(row, rings, by=people.manager, on=desk.DAY),
        plan,
    )

    assert result == Counter(won=2)
    assert Adjacency.objects.count() == 1
