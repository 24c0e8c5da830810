"""One company's way from its request to graduation, with what each act does to the areas of the park."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from spaces import ledger
from spaces.actions import places
from spaces.models import Unit
from spaces.states import UnitState
from tenants.actions import handovers, incubation, leases, offers, requests
from tenants.asking import reviews
from tenants.models import Handover, SpaceRequest
from tests import make

pytestmark = pytest.mark.both_databases

TODAY = date(2026, 6, 1)
TERM = {"starts_on": date(2026, 7, 1), "ends_on": date(2028, 7, 1)}


@pytest.fixture
def room(park):
    return make.unit(floor=make.floor(building=make.building(park=park)))


@pytest.fixture
def owner(park):
    return make.user(email="owner@example.test", name="owner")


@pytest.fixture
def company(owner):
    company = make.company()
    make.member(user=owner, company=company)
    return company


def states(unit, *days):
    unit = Unit.objects.select_related("floor__building").get(pk=unit.pk)
    return [ledger.state_of(unit, on=day, today=days[-1]) for day in days]


def admitted(park, company, owner, manager, steps=("first",)):
    park.review_steps = list(steps)
    park.save()
    wanted = requests.begin(company, by=owner, park=park)
    facts = {"use": "office", "area_min": 80, "area_max": 160, "needed_by": date(2026, 9, 1), "months": 24}
    wanted = requests.save(wanted, by=owner, step="area", **facts)
    wanted = requests.submit(wanted, by=owner, on=TODAY, declared=True)
    wanted = requests.receive(wanted, by=manager, on=TODAY)
    for step in steps:
        requests.review(wanted, step=step, decision="passed", by=manager, on=TODAY)
    return SpaceRequest.objects.get(pk=wanted.pk)


def all_done(handover, park_by, company_by):
    for item in handover.items.order_by("place"):
        by = park_by if item.owner == "park" else company_by
        handovers.complete(item, by=by, reading=100 if item.proof == "reading" else None)
    handovers.sign(handover, "park", by=park_by)
    return handovers.sign(handover, "company", by=company_by)


def moved_in(wanted, room, manager, owner, day):
    offer = offers.send(wanted, [room], held_until=date(2026, 6, 15), by=manager, on=TODAY, **TERM)
    lease = offers.accept(offer, by=owner, on=TODAY)
    lease = leases.sign(lease, signed_on=TODAY, by=manager, on=TODAY)
    checklist = all_done(Handover.objects.get(lease=lease), manager, owner)
    handovers.confirm(checklist, moved_on=day, by=manager, on=day)
    return lease


def test_area_moves_from_vacant_to_held_to_signed_to_occupied(park, room, company, owner, manager):
    wanted = admitted(park, company, owner, manager)
    before = states(room, date(2026, 7, 1))

    offer = offers.send(wanted, [room], held_until=date(2026, 6, 15), by=manager, on=TODAY, **TERM)
    held = states(room, date(2026, 6, 1), date(2026, 7, 1))
    lease = offers.accept(offer, by=owner, on=TODAY)
    lease = leases.sign(lease, signed_on=TODAY, by=manager, on=TODAY)
    signed = states(room, date(2026, 7, 1))
    checklist = all_done(Handover.objects.get(lease=lease), manager, owner)
    handovers.confirm(checklist, moved_on=date(2026, 7, 1), by=manager, on=date(2026, 7, 1))

    assert before == [UnitState.VACANT]
    assert held == [UnitState.VACANT, UnitState.VACANT]  # held from July on, and lapsed by then if nobody answers
    assert signed == [UnitState.COMMITTED]
    assert states(room, date(2026, 6, 30), date(2026, 7, 1)) == [UnitState.VACANT, UnitState.OCCUPIED]
    wanted.refresh_from_db()
    assert wanted.state == "leased"


def test_a_renewal_leaves_no_day_unoccupied(park, room, company, owner, manager):
    lease = moved_in(admitted(park, company, owner, manager), room, manager, owner, date(2026, 7, 1))
    on = date(2028, 4, 1)

    new = leases.renew(lease, ends_on=date(2030, 7, 1), signed_on=on, by=manager, on=on)

    lease.refresh_from_db()
    assert (lease.state, lease.end_reason, new.starts_on) == ("ended", "renewed", date(2028, 7, 1))
    days = (date(2028, 3, 31), on, date(2028, 7, 1), date(2030, 6, 30))
    assert states(room, *days) == [UnitState.OCCUPIED] * 4
    assert states(room, date(2030, 7, 1)) == [UnitState.HOLDOVER]


def test_a_relocation_counts_the_company_once_on_each_day(park, room, company, owner, manager):
    lease = moved_in(admitted(park, company, owner, manager), room, manager, owner, date(2026, 7, 1))
    other, on = make.unit(floor=room.floor), date(2026, 10, 1)

    leases.relocate(lease.lines.get(), other, by=manager, why="more light", on=on)

    assert states(room, date(2026, 9, 30), on) == [UnitState.OCCUPIED, UnitState.VACANT]
    assert states(other, date(2026, 9, 30), on) == [UnitState.VACANT, UnitState.OCCUPIED]


def test_a_unit_stays_taken_until_the_keys_are_back(park, room, company, owner, manager):
    lease = moved_in(admitted(park, company, owner, manager), room, manager, owner, date(2026, 7, 1))
    leases.give_notice(lease, ends_on=date(2026, 12, 1), by=manager, why="the company leaves", on=date(2026, 9, 1))
    late = states(room, date(2026, 11, 30), date(2026, 12, 5))

    checklist = all_done(Handover.objects.get(lease=lease, kind="move_out"), manager, owner)
    handovers.confirm(checklist, moved_on=date(2026, 12, 10), by=manager, on=date(2026, 12, 10))

    lease.refresh_from_db()
    assert late == [UnitState.OCCUPIED, UnitState.HOLDOVER]
    assert (lease.state, lease.ended_on) == ("ended", date(2026, 12, 10))
    assert states(room, date(2026, 12, 9), date(2026, 12, 10)) == [UnitState.HOLDOVER, UnitState.VACANT]


def test_incubation_ends_apart_from_the_lease(park, room, company, owner, manager):
    lease = moved_in(admitted(park, company, owner, manager), room, manager, owner, date(2026, 7, 1))
    clock = incubation.enter(company, park, entered_on=date(2026, 7, 1), rule="N18-12", by=manager)

    day = date(2027, 7, 1)
    incubation.graduate(clock, graduated_on=day, criterion="revenue", by=manager, on=day)

    lease.refresh_from_db()
    assert lease.state == "signed"
    assert states(room, day) == [UnitState.OCCUPIED]


def test_a_request_in_review_can_be_decided_after_the_park_has_dropped_steps(park, company, owner, manager):
    """The step that would be left is not asked for any more, and the last one that is decides again."""
    park.review_steps = ["first", "final"]
    park.save()
    wanted = requests.begin(company, by=owner, park=park)
    facts = {"use": "office", "area_min": 80, "area_max": 160, "needed_by": date(2026, 9, 1), "months": 24}
    wanted = requests.save(wanted, by=owner, step="area", **facts)
    wanted = requests.submit(wanted, by=owner, on=TODAY, declared=True)
    wanted = requests.receive(wanted, by=manager, on=TODAY)
    requests.review(wanted, step="first", decision="passed", by=manager, on=TODAY)

    for left in (["first"], []):
        places.update(park, by=None, on=TODAY, review_steps=left)
        assert reviews.open_steps(SpaceRequest.objects.get(pk=wanted.pk)) == ["first"]
    requests.review(wanted, step="first", decision="passed", by=manager, on=TODAY)

    assert SpaceRequest.objects.get(pk=wanted.pk).state == "admitted"


@pytest.mark.parametrize("steps", [["first", "fist"], ["final", "first"], ["first", "first"], "first", [1], {"a": 1}])
def test_review_steps_are_known_ones_in_order(park, steps):
    with pytest.raises(ValidationError) as refused:
        places.update(park, by=None, on=TODAY, review_steps=steps)

    assert [each.code for each in refused.value.error_dict["review_steps"]] == ["review_steps"]
