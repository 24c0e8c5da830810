"""Random lives through the real actions: requests, offers, leases, moves, splits, clock jumps. After every step the
invariants of the data hold. A few lives run with every test; `make lives` runs thousands."""

import os
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from spaces import changes, knowledge, ledger
from spaces.actions import allocations, places, units
from spaces.actions.allocations import CORRECTABLE
from spaces.knowledge.tables_of_then import models_as_known
from spaces.ledger import ParkUnits, sums_of_months
from spaces.ledger.park_units import ParkGroup
from spaces.models import Allocation, Building, Change, CountedUnit, Unit
from spaces.models import Park as Place
from spaces.month_ledger import folding
from spaces.states import LETTABLE_STATES, Role, UnitState
from spaces.values.periods import Validity
from tenants.actions import handovers, incubation, leases, offers, requests, tenancies
from tenants.asking import reviews
from tenants.models import Company, Handover, HandoverItem, Incubation, Lease, Offer, SpaceRequest
from tenants.states import OfferState
from tests import make
from tests.tenants import doctor

pytestmark = [pytest.mark.both_databases, pytest.mark.engine]

LIVES = int(os.environ.get("LIVES", "4"))
START = date(2026, 1, 1)
PICK = st.integers(0, 10_000)
AFTER = st.sampled_from([0, 0, 0, 3, 20, -5, 200])  # days from today to the first day of an offer
HELD = st.sampled_from([14, 14, 30, 60, 1, 0])
ASKING = 3  # more requests than that wait for nothing new
EACH = 10  # the whole record is compared after so many steps
OPEN = ("submitted", "returned", "in_review")


WATCHED = (Allocation, Unit, SpaceRequest, Offer, Lease, Handover, Incubation)


def result(row):
    """All that the database says of a row; its key comes first."""
    return [repr(getattr(row, field.attname)) for field in row._meta.concrete_fields]


class Park(RuleBasedStateMachine):
    """A park of eight units in two buildings, three companies, one manager and one officer, and a clock."""

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @initialize(steps=st.lists(st.sampled_from(["first", "expert", "final"]), unique=True, max_size=2))
    def begin(self, steps):
        self.today, self.number, self.step, self.proved = START, 0, 0, None
        self.park = make.park(review_steps=steps)
        self.ecosystems = [self.park.ecosystem, make.ecosystem(), None]
        for floor in (make.floor(building=make.building(park=self.park)) for _number in range(2)):
            for _number in range(4):
                units.add(self.new_unit(floor, 100), by=None)
        self.manager, self.officer = make.user(name="manager"), make.user(name="officer")
        make.assignment(user=self.manager, role=Role.PARK_MANAGER, park=self.park)
        self.asked, self.official = [], make.user(name="official")
        make.assignment(user=self.official, role=Role.PROVINCIAL_OFFICIAL)
        self.owners = {}
        for number in range(3):
            company = make.company()
            self.owners[company.pk] = make.user(name=f"owner {number}")
            make.member(user=self.owners[company.pk], company=company)

    def new_unit(self, floor, area):
        self.number += 1
        return Unit(floor=floor, code=f"L-{self.number}", use="office", usable_area=area, opens_on=START)

    def one_of(self, rows, pick):
        rows = list(rows.order_by("pk"))
        return rows[pick % len(rows)] if rows else None

    def attempt(self, act, row, *args, **facts):
        """Refusals are fine, and leave nothing behind; anything else fails the life."""
        if row is None:
            return None
        try:
            with transaction.atomic():
                return act(row, *args, **facts)
        except ValidationError:
            return None

    def alive(self):
        return Unit.objects.existing(self.today)

    @rule(days=st.sampled_from([1, 1, 5, 20, 60, 200]))
    def time_passes(self, days):
        self.today = min(self.today + timedelta(days=days), date(2090, 1, 1))

    def ask(self, draw):
        pick = draw(PICK)
        months = draw(st.integers(1, 60))
        reviewed = draw(st.sampled_from([True, True, False]))
        company = self.one_of(Company.objects.all(), pick)
        owner = self.owners[company.pk]
        wanted = requests.begin(company, by=owner, park=self.park)
        facts = {"use": "office", "area_min": 50, "area_max": 300, "needed_by": date(2027, 1, 1), "months": months}
        wanted = requests.save(wanted, by=owner, **facts)
        wanted = requests.submit(wanted, by=owner, on=self.today, declared=True)
        if reviewed:
            wanted = requests.receive(wanted, by=self.manager, on=self.today)
            for step in self.park.review_steps:
                requests.review(wanted, step=step, decision="passed", by=self.manager, on=self.today)

    def review(self, draw):
        pick = draw(PICK)
        decision = draw(st.sampled_from(["passed", "passed", "passed", "returned", "rejected"]))
        wanted = self.one_of(SpaceRequest.objects.filter(state__in=OPEN), pick)
        if wanted is None:
            return
        if wanted.state == "submitted":
            self.attempt(requests.receive, wanted, by=self.manager, on=self.today)
        elif wanted.state == "returned":
            self.attempt(requests.submit, wanted, by=self.owners[wanted.company_id], on=self.today, declared=True)
        else:
            step = reviews.current_step(wanted)
            facts = {"step": step, "decision": decision, "comment": "so", "by": self.manager, "on": self.today}
            self.attempt(requests.review, wanted, **facts)

    def offer(self, draw):
        pick = draw(PICK)
        after = draw(AFTER)
        days = draw(st.sampled_from([1, 90, 400, 900]))
        held = draw(HELD)
        many = draw(st.integers(1, 3))
        wanted = self.one_of(SpaceRequest.objects.filter(state__in=("admitted", "offered")), pick)
        rooms = list(self.alive().select_related("floor__building").order_by("pk"))
        start = self.today + timedelta(days=after)
        chosen = [rooms[(pick + place) % len(rooms)] for place in range(min(many, len(rooms)))]
        dates = {"starts_on": start, "ends_on": start + timedelta(days=days), "override": "drawn"}
        held_until = self.today + timedelta(days=held)
        self.attempt(offers.send, wanted, chosen, held_until=held_until, by=self.manager, on=self.today, **dates)

    def answer(self, draw):
        pick = draw(PICK)
        answer = draw(st.sampled_from(["accept", "accept", "decline", "withdraw", "visit"]))
        offer = self.one_of(Offer.objects.filter(state=OfferState.SENT), pick)
        if offer is None:
            return
        owner = self.owners[offer.request.company_id]
        match answer:
            case "accept":
                self.attempt(offers.accept, offer, by=owner, on=self.today)
            case "decline":
                self.attempt(offers.decline, offer, reason="too dark", by=owner, on=self.today)
            case "withdraw":
                self.attempt(offers.withdraw, offer, by=self.manager, why="a mistake", on=self.today)
            case "visit":
                self.attempt(offers.ask_visit, offer, by=owner, on=self.today)

    def give_up(self, draw):
        """Seldom: one in forty of these gives the oldest request up."""
        pick = draw(st.integers(0, 40))
        wanted = None if pick else SpaceRequest.objects.exclude(state__in=("leased", "withdrawn")).first()
        if wanted:
            owner = self.owners[wanted.company_id]
            self.attempt(requests.withdraw, wanted, by=owner, why="other plans", on=self.today)

    def sign_or_discard(self, draw):
        pick = draw(PICK)
        keep = draw(st.sampled_from([True, True, True, False]))
        lease = self.one_of(Lease.objects.filter(state="draft"), pick)
        if keep:
            self.attempt(leases.sign, lease, signed_on=self.today, by=self.manager, on=self.today)
        else:
            self.attempt(leases.discard, lease, by=self.manager, why="no answer", on=self.today)

    def hand_over(self, draw):
        pick = draw(PICK)
        back = draw(st.integers(0, 3))
        handover = self.one_of(Handover.objects.filter(moved_on=None), pick)
        if handover is None:
            return
        for item in HandoverItem.objects.filter(handover=handover, done_at=None):
            handovers.complete(item, by=self.manager, reading=1 if item.proof == "reading" else None)
        for side in ("park", "company"):
            self.attempt(handovers.sign, handover, side, by=self.manager)
        day = self.today - timedelta(days=back)
        self.attempt(handovers.confirm, handover, moved_on=day, by=self.manager, on=self.today)

    def notice(self, draw):
        pick = draw(PICK)
        days = draw(st.integers(1, 300))
        lease = self.one_of(Lease.objects.filter(state="signed"), pick)
        ends_on = self.today + timedelta(days=days)
        self.attempt(leases.give_notice, lease, ends_on=ends_on, by=self.manager, why="they leave", on=self.today)

    def renew(self, draw):
        pick = draw(PICK)
        days = draw(st.integers(1, 900))
        lease = self.one_of(Lease.objects.filter(state="signed"), pick)
        if lease:
            ends_on = lease.ends_on + timedelta(days=days)
            self.attempt(leases.renew, lease, ends_on=ends_on, signed_on=self.today, by=self.manager, on=self.today)

    def relocate(self, draw):
        pick = draw(PICK)
        lease = self.one_of(Lease.objects.filter(state="signed"), pick)
        room = self.one_of(self.alive().select_related("floor__building"), pick // 7)
        line = lease and lease.lines.order_by("-pk").first()
        if room:
            self.attempt(leases.relocate, line, room, by=self.manager, why="more light", on=self.today)

    def reconfigure(self, draw):
        pick = draw(PICK)
        room = self.one_of(self.alive().with_facts(self.today).filter(closes_on=None, usable_area__gte=2), pick)
        if room:
            half = room.usable_area / 2
            halves = [self.new_unit(room.floor, half), self.new_unit(room.floor, room.usable_area - half)]
            self.attempt(units.split, room, halves, splits_on=self.today, by=self.manager, on=self.today)

    def join(self, draw):
        pick = draw(PICK)
        first = self.one_of(self.alive().filter(closes_on=None), pick)
        second = self.one_of(self.alive().filter(closes_on=None), pick + 1)
        if first and first != second:
            whole = self.new_unit(first.floor, first.usable_area + second.usable_area)
            self.attempt(units.merge, [first, second], whole, merges_on=self.today, by=self.manager, on=self.today)

    def works(self, draw):
        pick = draw(PICK)
        days = draw(st.integers(1, 100))
        room = self.one_of(self.alive(), pick)
        ends_on = self.today + timedelta(days=days)
        facts = {"starts_on": self.today, "ends_on": ends_on, "reason": "works", "by": self.manager, "on": self.today}
        self.attempt(allocations.take_offline, room, **facts)

    def correct(self, draw):
        """Mostly a day near the one that is known; sometimes a day where there is none, or none where there is one."""
        row = self.one_of(Allocation.objects.all(), draw(PICK))
        field = draw(st.sampled_from(CORRECTABLE[:-1]))
        if row is None:
            return
        known = getattr(row, field) or self.today
        days = draw(st.sampled_from([-400, -30, -1, 1, 1, 2, 30, 400, None]))
        value = None if days is None else known + timedelta(days=days)
        self.attempt(tenancies.correct, row, by=self.manager, why="typed wrongly", on=self.today, **{field: value})

    def close(self, draw):
        """A building closes, opens again, or is found to have been ready on another day."""
        building = self.one_of(Building.objects.all(), draw(PICK))
        days = draw(st.sampled_from([-30, 0, 1, 200, 900, None]))
        field = draw(st.sampled_from(["closed_on", "closed_on", "ready_on"]))
        value = None if days is None else self.today + timedelta(days=days)
        self.attempt(places.update, building, by=self.officer, on=self.today, **{field: value})
        if draw(st.sampled_from([True, True, False])):  # a closed park has no lives left to tell
            self.attempt(places.update, building, by=self.officer, on=self.today, closed_on=None)

    def move_park(self, draw):
        """The park changes its ecosystem, its kind or its first day."""
        facts = draw(st.sampled_from([{"kind": "industrial_park"}, {"kind": "incubator"}, *(
            {"ecosystem": each} for each in self.ecosystems
        ), *({"opened_on": self.today + timedelta(days=days)} for days in (-900, 90))]))  # fmt: skip
        days = [self.today + timedelta(days=days) for days in (-400, -1, 0, 1, 400)]
        since, until = draw(st.sampled_from(days)), draw(st.sampled_from([*days, None]))
        validity = draw(st.sampled_from([None, Validity.from_day(since), Validity.correction(since, until)]))
        if until is None or until >= since:
            facts |= {"validity": validity}
        self.attempt(places.update, self.park, by=self.officer, why="looked again", on=self.today, **facts)

    def retire(self, draw):
        room = self.one_of(self.alive().filter(closes_on=None), draw(PICK))
        closes_on = self.today + timedelta(days=draw(st.sampled_from([0, 30, 400])))
        if draw(st.integers(0, 3)) == 0:
            self.attempt(units.retire, room, closes_on=closes_on, by=self.manager, why="walls", on=self.today)

    def edit(self, draw):
        room = self.one_of(Unit.objects.all(), draw(PICK))
        days = self.today + timedelta(days=draw(st.sampled_from([-400, -1, 0, 1, 400])))
        facts = draw(st.sampled_from([{"use": "ancillary"}, {"use": "lab"}, {"use": "office"}, {"opens_on": days},
                                      {"closes_on": days}, {"closes_on": None}, {"usable_area": 40}]))  # fmt: skip
        self.attempt(units.update, room, by=self.manager, why="looked again", on=self.today, **facts)

    def incubate(self, draw):
        pick = draw(PICK)
        act = draw(st.sampled_from(["enter", "graduate", "exit"]))
        company = self.one_of(Company.objects.all(), pick)
        clock = self.one_of(Incubation.objects.filter(company=company), pick)
        if act == "enter":
            facts = {"entered_on": self.today, "rule": "N18-12", "by": self.manager}
            self.attempt(incubation.enter, company, self.park, **facts)
        elif act == "graduate":
            facts = {"graduated_on": self.today, "criterion": "revenue", "by": self.manager, "on": self.today}
            self.attempt(incubation.graduate, clock, **facts)
        else:
            facts = {"exit_reason": "moved", "destination": "elsewhere", "by": self.manager, "on": self.today}
            self.attempt(incubation.leave, clock, exited_on=self.today, **facts)

    @rule(data=st.data())
    def people_act(self, data):
        """One act of someone, out of those that have something to act on; the usual ones are likelier."""
        usual = [self.ask] * (SpaceRequest.objects.waiting().count() < ASKING)
        usual += [self.review] * SpaceRequest.objects.filter(state__in=OPEN).exists()
        usual += [self.offer] * SpaceRequest.objects.filter(state="admitted").exists()
        usual += [self.answer] * Offer.objects.filter(state=OfferState.SENT).exists()
        usual += [self.sign_or_discard] * Lease.objects.filter(state="draft").exists()
        usual += [self.hand_over] * Handover.objects.filter(moved_on=None).exists()
        usual += [self.notice, self.renew, self.relocate] * Lease.objects.filter(state="signed").exists()
        unusual = [self.reconfigure, self.join, self.works, self.incubate, self.give_up, self.offer]
        unusual += [self.correct, self.correct, self.close, self.retire, self.edit, self.move_park]
        act = data.draw(st.sampled_from(usual * 3 + unusual))
        act(data.draw)

    @invariant()
    def no_unit_is_taken_twice(self):
        rows = Allocation.objects.order_by("unit", "starts_on").values_list("unit", "starts_on", "ends_on")
        assert not [
            this for this, after in pairwise(rows) if this[0] == after[0] and (not this[2] or after[1] < this[2])
        ]

    @invariant()
    def nobody_is_in_before_the_keys_are_back(self):
        rows = Allocation.objects.filter(moved_in_on__isnull=False).order_by("unit", "starts_on")
        for this, after in pairwise(rows):
            if this.unit_id == after.unit_id:
                assert this.handed_back_on is not None
                assert after.moved_in_on >= this.handed_back_on

    @invariant()
    def the_ledger_adds_up_on_every_day(self):
        rooms = list(
            Unit.objects.select_related("floor__building__park")
            .prefetch_related("allocations", "periods")
            .order_by("pk")
        )
        above_all = [(room.floor.building, room.floor.building.park) for room in rooms]
        read = (
            self.today,
            [
                (
                    *(sorted(map(result, rows.all())) for rows in (room.allocations, room.periods)),
                    *map(result, (room, *above)),
                )
                for room, above in zip(rooms, above_all, strict=True)
            ],
        )
        if read == self.proved:  # the ledger reads nothing else, and two thirds of a life would go into asking again
            return
        for day in (self.today - timedelta(days=90), self.today, self.today + timedelta(days=200)):
            known = [
                (room.facts_of(day).usable_area, ledger.state_of(room, on=day, today=self.today)) for room in rooms
            ]
            found = ledger.balance(Unit.objects.all(), on=day, today=self.today)
            for state in UnitState:
                assert found.areas[state] == sum(area for area, its in known if its == state)
            assert found.lettable == sum(area for area, its in known if its in LETTABLE_STATES)
            floors = ledger.balances(Unit.objects.all(), "floor", on=day, today=self.today)
            assert ledger.total(floors.values()) == found
            assert self.sums_of_months(day) == (found, [found, found])
        self.proved = read

    def sums_of_months(self, day):
        """What the month ledger says of everything: by itself, and as the sum of incubators and industrial parks."""
        if self.step % EACH == 0:
            folding.fold(self.today)
        assert not CountedUnit.objects.filter(stale=True).exists()
        everything = ParkUnits(Place.objects.all())
        groups = [ParkUnits(Place.objects.all(), ParkGroup(industrial=each)) for each in (False, True)]
        by_ecosystem = [sums_of_months.balances(each, "ecosystem", on=day, today=self.today) for each in groups]
        series = [sums_of_months.trend(each, [day], today=self.today) for each in groups]
        found = sums_of_months.balances(everything, "park", on=day, today=self.today)
        return ledger.total(found.values()), [
            ledger.total(balance for each in by_ecosystem for balance in each.values()),
            ledger.total(balance for each in series for balance in each),
        ]

    @invariant()
    def an_accepted_offer_has_its_one_lease(self):
        accepted = Offer.objects.filter(state=OfferState.ACCEPTED)
        assert sorted(accepted.values_list("pk", flat=True)) == sorted(
            Lease.objects.exclude(end_reason="not_signed").filter(offer__isnull=False).values_list("offer", flat=True)
        )
        per_request = list(accepted.values_list("request", flat=True))
        assert len(per_request) == len(set(per_request))

    @invariant()
    def a_signed_lease_has_its_units(self):
        for lease in Lease.objects.filter(state="signed").prefetch_related("lines"):
            rows = Allocation.objects.filter(pk__in=[line.allocation_id for line in lease.lines.all()])
            assert len(rows) == len(lease.lines.all())
            assert all(row.signed_on for row in rows)

    @invariant()
    def all_that_is_taken_lies_in_its_life_and_in_its_lease(self):
        assert doctor.faults() == []

    @invariant()
    def the_record_alone_tells_everything(self):
        self.step += 1
        if self.step % EACH:
            return
        far = make.datetime(2100, 1, 1, tzinfo=make.UTC)
        for model in WATCHED:
            result = changes.known_at(model._meta.label_lower, far)
            assert result == {row.pk: changes.snapshot(row) for row in model.objects.all()}

    def answers(self):
        """All rows of what is read as known, and the balances of every floor and ecosystem on three days."""
        days = [self.today + timedelta(days=days) for days in (-90, 0, 200)]
        asked = [(level, day) for level in ("floor", "ecosystem") for day in days]
        balances = [ledger.balances(Unit.objects.all(), level, on=day, today=self.today) for level, day in asked]
        rows = {model: sorted(map(result, model._default_manager.all())) for model in models_as_known()}
        return rows, balances, Change.objects.count()

    @invariant()
    def what_was_known_is_known_again(self):
        """The answers of the last time but one, and of the last."""
        if self.step % EACH:
            return
        for moment, today, recorded in self.asked[-2:]:
            now, self.today = self.today, today
            with knowledge.as_known(moment, self.official):
                assert self.answers() == recorded
            self.today = now
        self.asked.append((timezone.now(), self.today, self.answers()))


def test_random_lives_keep_every_promise(db):
    checked = settings(
        max_examples=LIVES,
        stateful_step_count=60,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Park, settings=checked)
