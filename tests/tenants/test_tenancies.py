"""A correction mends days: it skips no state, and a lease and what it takes move together."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from spaces.actions import allocations
from spaces.models import Allocation, Change
from tenants.actions import leases, tenancies
from tenants.models import Lease, LeaseLine
from tests import make
from tests.frontend import desk
from tests.tenants import doctor

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TODAY = date(2026, 6, 1)
STEPS = ("held_until", "signed_on", "moved_in_on", "handed_back_on")
FIELDS = ("starts_on", "ends_on", *STEPS, "reason")
STATES = {
    "held": {"held_until": date(2026, 7, 1), "ends_on": date(2027, 1, 1)},
    "lapsed": {"held_until": date(2026, 5, 1), "ends_on": date(2027, 1, 1)},
    "signed": {"signed_on": date(2026, 1, 1), "ends_on": date(2027, 1, 1)},
    "moved in": {"signed_on": date(2026, 1, 1), "moved_in_on": date(2026, 2, 1), "ends_on": date(2027, 1, 1)},
    "open": {"signed_on": date(2026, 1, 1), "moved_in_on": date(2026, 2, 1), "ends_on": None},
    "handed back": {"signed_on": date(2026, 1, 1), "moved_in_on": date(2026, 2, 1), "ends_on": date(2026, 4, 1),
                    "handed_back_on": date(2026, 4, 3)},
    "offline": {"purpose": "offline", "signed_on": None, "ends_on": None, "reason": "works"},
}  # fmt: skip
DAYS = [None, *(date(2026, month, 1) for month in range(1, 8)), TODAY + timedelta(days=1), date(2026, 4, 3),
        date(2027, 1, 1), date(2019, 1, 1), date(2099, 1, 1)]  # fmt: skip
VALUES = {name: ["", " ", "works", "other works"] if name == "reason" else DAYS for name in FIELDS}


def reached(row):
    """The milestones that a row has, and whether its hold still counts."""
    lapsed = row.held_until is not None and row.held_until <= TODAY
    return row.purpose, lapsed, [name for name in STEPS if getattr(row, name) is not None]


@pytest.mark.parametrize("state", STATES)
def test_no_correction_of_one_field_skips_a_state(state):
    row = make.allocation(**{"starts_on": date(2026, 1, 1)} | STATES[state])
    before, stored = reached(row), Allocation.objects.values().get()
    done = []

    for field, values in VALUES.items():
        for value in values:
            try:
                allocations.correct(row, by=None, why="typed wrongly", on=TODAY, **{field: value})
            except ValidationError:
                assert Allocation.objects.values().get() == stored
                continue
            now = Allocation.objects.get()
            done.append(field)
            assert reached(now) == before
            assert all(getattr(now, name) is None or getattr(now, name) <= TODAY for name in STEPS[1:])
            assert doctor.faults() == []
            Allocation.objects.filter(pk=row.pk).update(**stored)

    assert "starts_on" in done


@pytest.mark.parametrize("field", STEPS)
@pytest.mark.parametrize("state", STATES)
def test_a_step_is_neither_added_nor_taken_back(state, field):
    row = make.allocation(**{"starts_on": date(2026, 1, 1)} | STATES[state])
    value = None if getattr(row, field) else date(2026, 3, 1)

    with pytest.raises(ValidationError) as refusal:
        allocations.correct(row, by=None, why="x", on=TODAY, **{field: value})

    assert {name: [each.code for each in errors] for name, errors in refusal.value.error_dict.items()} == {
        field: ["state"]
    }


@pytest.fixture
def leased(park):
    """A signed lease of two units since January 2026 for two years, its tenant in since February."""
    floor = make.floor(building=make.building(park=park))
    lease = make.lease(number="ZL-2025-0001", company=make.company(), park=park)
    facts = {"starts_on": lease.starts_on, "ends_on": lease.ends_on, "signed_on": lease.signed_on}
    for _number in range(2):
        unit = make.unit(floor=floor)
        row = make.allocation(unit=unit, moved_in_on=date(2026, 2, 1), **facts)
        LeaseLine.objects.create(lease=lease, unit=unit, allocation=row)
    return lease


def rows_of(lease):
    return Allocation.objects.filter(pk__in=lease.lines.values("allocation")).order_by("unit")


@pytest.mark.parametrize(
    ("field", "value"),
    [("starts_on", date(2026, 1, 15)), ("ends_on", date(2027, 6, 1)), ("ends_on", date(2029, 1, 1)),
     ("signed_on", date(2025, 12, 1))],
)  # fmt: skip
def test_a_day_of_the_contract_moves_in_the_lease_and_in_all_its_units(leased, manager, field, value):
    row = rows_of(leased).first()

    tenancies.correct(row, by=manager, why="typed wrongly", on=TODAY, **{field: value})

    leased.refresh_from_db()
    assert getattr(leased, field) == value
    assert [getattr(each, field) for each in rows_of(leased)] == [value, value]
    assert doctor.faults() == []
    result = Change.objects.filter(verb="correct").values_list("object_type", "why").order_by("object_type")
    assert list(result) == [("spaces.allocation", "typed wrongly")] * 2 + [("tenants.lease", "typed wrongly")]


def test_the_day_of_moving_in_is_that_of_one_unit(leased, manager):
    row = rows_of(leased).first()
    before = Lease.objects.values().get()

    tenancies.correct(row, by=manager, why="typed wrongly", on=TODAY, moved_in_on=date(2026, 2, 3))

    assert [each.moved_in_on for each in rows_of(leased)] == [date(2026, 2, 3), date(2026, 2, 1)]
    assert Lease.objects.values().get() == before


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", DAYS)
def test_no_correction_parts_a_lease_from_what_it_takes(leased, manager, field, value):
    row = rows_of(leased).first()
    if field == "reason":
        value = str(value)

    try:
        tenancies.correct(row, by=manager, why="typed wrongly", on=TODAY, **{field: value})
    except ValidationError:
        assert Change.objects.count() == 0

    assert doctor.faults() == []


def test_two_leases_that_meet_do_not_part(leased, manager):
    new = leases.renew(leased, ends_on=date(2029, 1, 1), signed_on=TODAY, by=manager, on=TODAY)
    followers = rows_of(new)

    for row in (*rows_of(leased), *followers):
        for field in FIELDS[:-1]:
            for value in DAYS:
                with suppress(ValidationError):
                    tenancies.correct(row, by=manager, why="typed wrongly", on=TODAY, **{field: value})
                assert doctor.faults() == []
                leased.refresh_from_db()
                new.refresh_from_db()
                assert leased.ends_on == new.starts_on


def test_a_hold_of_an_offer_is_not_corrected(offered):
    people, offer, hold = offered

    for field in ("starts_on", "ends_on", "held_until"):
        with pytest.raises(ValidationError) as refusal:
            tenancies.correct(hold, by=people.manager, why="x", on=desk.DAY, **{field: hold.starts_on})
        assert refusal.value.code == "contract"
    assert offer.number in refusal.value.messages[0]


@pytest.fixture
def offered(db):
    people = desk.build()
    offer = desk.offered(people)
    return people, offer, Allocation.objects.get(pk=offer.lines.get().allocation_id)
