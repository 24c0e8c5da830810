"""Companies and leases that are written down after they began: many at once, each recorded, or none."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from spaces import changes
from spaces.actions import people
from tenants.actions import companies, leases
from tenants.actions.locked_rows import next_number, next_numbers
from tenants.actions.notices import as_mailed, notify
from tenants.models import Company, Lease, LeaseLine, Notice
from tests import make

pytestmark = pytest.mark.both_databases

TODAY = date(2026, 6, 1)
FAR = make.datetime(2100, 1, 1, tzinfo=make.UTC)
START, END = date(2026, 1, 1), date(2028, 1, 1)


@pytest.fixture
def stay(park):
    unit = make.unit(floor=make.floor(building=make.building(park=park)))
    return make.allocation(unit=unit, starts_on=START, ends_on=END, signed_on=START, moved_in_on=START)


def contract(park, stay, **facts):
    facts = {"starts_on": START, "ends_on": END, "signed_on": START} | facts
    lease = Lease(company=make.company(), park=park, **facts)
    return lease, LeaseLine(lease=lease, unit=stay.unit, allocation=stay, contracted_area=stay.unit.usable_area)


def code_of(refusal):
    return [each.code for each in ValidationError([refusal.value]).error_list]


def test_leases_are_placed_with_their_lines_and_their_record(park, stay, manager):
    lease, line = contract(park, stay)

    leases.place_many([lease], [line], by=manager, on=TODAY, why="taken over")

    assert (lease.number[:3], lease.state, line.lease_id) == ("ZL-", "signed", lease.pk)
    for model in (Lease, LeaseLine):
        known = changes.known_at(model._meta.label_lower, FAR)
        assert known == {row.pk: changes.snapshot(row) for row in model.objects.all()}
        assert len(known) == 1


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"signed_on": None}, "future"),
        ({"signed_on": TODAY + timedelta(days=1)}, "future"),
        ({"starts_on": START + timedelta(days=1)}, "state"),
        ({"ends_on": END - timedelta(days=1)}, "state"),
        ({"ends_on": START}, "order"),
    ],
)
def test_a_lease_that_does_not_fit_is_refused(park, stay, manager, facts, code):
    lease, line = contract(park, stay, **facts)

    with pytest.raises(ValidationError) as refusal:
        leases.place_many([lease], [line], by=manager, on=TODAY)

    assert (code_of(refusal), Lease.objects.count()) == ([code], 0)


def test_a_lease_takes_units_of_its_own_park_only(stay, manager):
    lease, line = contract(make.park(), stay)

    with pytest.raises(ValidationError) as refusal:
        leases.place_many([lease], [line], by=manager, on=TODAY)

    assert code_of(refusal) == ["place"]


def test_a_hold_is_no_tenancy_to_take_over(park, manager):
    unit = make.unit(floor=make.floor(building=make.building(park=park)))
    hold = make.allocation(unit=unit, starts_on=START, ends_on=END, held_until=date(2026, 9, 1))
    lease, line = contract(park, hold)

    with pytest.raises(ValidationError) as refusal:
        leases.place_many([lease], [line], by=manager, on=TODAY)

    assert code_of(refusal) == ["state"]


def test_one_tenancy_stands_in_one_lease(park, stay, manager):
    first, second = contract(park, stay), contract(park, stay)
    leases.place_many([first[0]], [first[1]], by=manager, on=TODAY)

    with pytest.raises(ValidationError) as refusal:
        leases.place_many([second[0]], [second[1]], by=manager, on=TODAY)

    assert (list(refusal.value.message_dict), Lease.objects.count()) == (["allocation"], 1)


def test_companies_are_registered_together(db):
    made = [
        Company(name="示例一", uscc="９１230102MAHDQ8FX90"),
        Company(name="示例二", registers_by=date(2027, 1, 1)),
    ]

    companies.register_many(made, by=None)

    assert [(row.name_key, row.uscc) for row in made] == [("示例一", "91230102MAHDQ8FX90"), ("示例二", None)]
    assert made[0].number < made[1].number
    known = changes.known_at("tenants.company", FAR)
    assert known == {row.pk: changes.snapshot(row) for row in Company.objects.all()}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": "示例三", "uscc": "91230102MAHDQ8FX91"}, "uscc"),
        ({"name": "示 例（一）", "uscc": "91230109MADD272H45"}, "name_key"),
        ({"name": "示例三"}, "__all__"),
    ],
)
def test_one_wrong_company_and_none_is_registered(db, facts, field):
    make.company(name="示例(一)", number="QY-2020-0001")
    good = Company(name="示例二", uscc="91230102MAHDQ8FX90")

    with pytest.raises(ValidationError) as refusal:
        companies.register_many([good, Company(**facts)], by=None)

    assert (list(refusal.value.message_dict), Company.objects.count()) == ([field], 1)


def test_numbers_of_a_series_follow_each_other(db):
    numbers = [next_number("ZL"), *next_numbers("ZL", 3), next_number("ZL")]

    assert [number[-4:] for number in numbers] == ["0001", "0002", "0003", "0004", "0005"]


def test_what_happened_before_is_told_in_the_inbox_only(db, django_capture_on_commit_callbacks):
    user = make.user()

    with django_capture_on_commit_callbacks(execute=True), as_mailed():
        notify([user], "visit_asked", key="1", link="/", number="TJ-1")
    with django_capture_on_commit_callbacks(execute=True):
        notify([user], "visit_asked", key="2", link="/", number="TJ-2")

    assert Notice.objects.filter(user=user, mailed_at__isnull=False).count() == 2
    assert ["TJ-2" in message.subject for message in mail.outbox] == [True]


def test_an_account_without_a_password_takes_none(db):
    user = people.add_user(email="nobody@example.test", name="nobody", password=None, by=None)

    assert (user.has_usable_password(), user.check_password("")) == (False, False)
