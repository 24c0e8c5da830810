"""Accounts and roles: who may hold what, and what the record keeps of it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from spaces.actions import people
from spaces.models import Assignment, Change, Park, User
from spaces.states import Role
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("watched")]
DAY = date(2026, 1, 1)
END = date(2026, 6, 1)


@pytest.fixture
def someone(db):
    return make.user(email="someone@example.test", name="王小明", phone="0451-86281234")


def refused(act, *args, **facts):
    before = list(Assignment.objects.values()), User.objects.count(), Change.objects.count()

    with pytest.raises(ValidationError) as refusal:
        act(*args, **facts)

    assert (list(Assignment.objects.values()), User.objects.count(), Change.objects.count()) == before
    return {field: [error.code for error in errors] for field, errors in refusal.value.error_dict.items()}


def test_an_account_is_added_and_its_record_tells_nothing_of_the_person(admin):
    user = people.add_user(email=" Wang@Example.Test ", name="王小明", password=make.PASSWORD, phone="12345", by=admin)

    change = Change.objects.get()
    assert (user.email, user.check_password(make.PASSWORD)) == ("wang@example.test", True)
    assert (change.verb, change.by, change.label) == ("create", admin, f"#{user.pk}")
    assert [len(change.after[name]) for name in ("email", "name", "phone")] == [64, 64, 64]
    assert {"password", "last_login"} & set(change.after) == set()


def test_one_address_has_one_account(someone, admin):
    result = refused(people.add_user, email="SOMEONE@example.test", name="x", password=make.PASSWORD, by=admin)

    assert result == {"email": ["unique"]}


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Role.PARK_MANAGER, "park"),
        (Role.ECOSYSTEM_OFFICER, "ecosystem"),
        (Role.ECOSYSTEM_OFFICER, None),
        (Role.PROVINCIAL_OFFICIAL, None),
        (Role.AUDITOR, None),
        (Role.SYSTEM_ADMIN, None),
    ],
)
def test_a_role_is_given_at_the_place_that_fits_it(someone, park, admin, role, place):
    scope = {place: park if place == "park" else park.ecosystem} if place else {}

    row = people.assign(someone, role, starts_on=DAY, by=admin, **scope)

    change = Change.objects.get()
    assert (change.verb, change.by, change.label) == ("assign", admin, f"#{someone.pk} {role.value}")
    assert (change.after["role"], change.after["user_id"], change.object_id) == (role.value, someone.pk, row.pk)
    assert "王小明" not in str(change.after)


@pytest.mark.parametrize(
    ("role", "places"),
    [
        (Role.PARK_MANAGER, []),
        (Role.PARK_MANAGER, ["ecosystem"]),
        (Role.PARK_MANAGER, ["park", "ecosystem"]),
        (Role.ECOSYSTEM_OFFICER, ["park"]),
        (Role.AUDITOR, ["park"]),
        (Role.SYSTEM_ADMIN, ["ecosystem"]),
    ],
)
def test_a_role_at_a_place_that_does_not_fit_is_refused(someone, park, admin, role, places):
    scope = {name: park if name == "park" else park.ecosystem for name in places}

    assert refused(people.assign, someone, role, starts_on=DAY, by=admin, **scope) == {"__all__": [None]}


def test_an_unknown_role_is_refused(someone, admin):
    codes = refused(people.assign, someone, "king", starts_on=DAY, by=admin)

    assert codes["role"] == ["invalid_choice"]


def test_nobody_grants_a_role_to_himself(admin):
    assert refused(people.assign, admin, Role.PROVINCIAL_OFFICIAL, starts_on=DAY, by=admin) == {"user": ["own"]}


APART = [
    (Role.AUDITOR, Role.SYSTEM_ADMIN),
    (Role.SYSTEM_ADMIN, Role.AUDITOR),
    (Role.AUDITOR, Role.PROVINCIAL_OFFICIAL),
    (Role.PROVINCIAL_OFFICIAL, Role.AUDITOR),
    (Role.PROVINCIAL_OFFICIAL, Role.SYSTEM_ADMIN),
]


@pytest.mark.parametrize(("first", "second"), APART)
@pytest.mark.parametrize("ends_on", [None, date(2026, 1, 2)])
def test_auditor_and_system_admin_stand_alone_while_the_other_role_runs(someone, admin, first, second, ends_on):
    make.assignment(user=someone, role=first, ends_on=ends_on)

    assert refused(people.assign, someone, second, starts_on=DAY, by=admin) == {"role": ["apart"]}


@pytest.mark.parametrize(("first", "second"), APART)
def test_the_other_role_may_follow_on_the_day_the_first_ends(someone, admin, first, second):
    make.assignment(user=someone, role=first, ends_on=DAY)

    people.assign(someone, second, starts_on=DAY, by=admin)

    assert Assignment.objects.on(DAY).filter(user=someone).get().role == second


def test_a_manager_may_look_after_two_parks(someone, park, admin):
    people.assign(someone, Role.PARK_MANAGER, park=park, starts_on=DAY, by=admin)
    people.assign(someone, Role.PARK_MANAGER, park=make.park(), starts_on=DAY, by=admin)

    assert Assignment.objects.filter(user=someone).count() == 2


def test_a_right_ends_with_its_day(someone, park, admin):
    row = people.assign(someone, Role.PARK_MANAGER, park=park, starts_on=DAY, by=admin)

    people.end_assignment(row, ends_on=END, by=admin, why="moved to another park")

    change = Change.objects.latest("pk")
    assert (change.verb, change.by, change.why) == ("end", admin, "moved to another park")
    assert (change.before["ends_on"], change.after["ends_on"]) == (None, "2026-06-01")
    assert [Park.objects.editable_by(user).count() for user in (someone, admin)] == [0, 0]


@pytest.mark.parametrize(
    ("ends_on", "codes"), [(DAY, {"__all__": [None]}), (date(2026, 6, 2), {"ends_on": ["order"]})]
)
def test_a_right_neither_ends_before_it_began_nor_comes_back_to_life(someone, admin, ends_on, codes):
    row = make.assignment(user=someone, role=Role.AUDITOR, starts_on=DAY, ends_on=END)

    assert refused(people.end_assignment, row, ends_on=ends_on, by=admin, why="x") == codes
