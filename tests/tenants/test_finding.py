"""The search finds what its reader may see, by any spelling of it, and neither finds nor counts the rest."""

import pytest
from django.contrib.auth.models import AnonymousUser

from spaces.models import Building, Park, Unit
from spaces.states import Role
from tenants import record_search
from tenants.actions import companies
from tenants.models import Company, Handover, Lease, Offer, SpaceRequest
from tenants.record_search import GROUPS, MOST
from tests import make
from tests.frontend import desk
from tests.tenants import rights

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("fixed_today")]
MODELS = {
    "units": Unit, "parks": Park, "buildings": Building, "companies": Company, "requests": SpaceRequest,
    "offers": Offer, "leases": Lease, "handovers": Handover,
}  # fmt: skip
OPEN = {"units": "code", "parks": "code", "buildings": "park__code"}  # the column by which the test picks


def search(typed, user):
    return record_search.search(typed, user, on=desk.DAY, today=desk.DAY)


def found(typed, user, group):
    """The codes or numbers found in a group, in their order."""
    rows = [row for each in search(typed, user) if each.group.name == group for row in each.hits]
    return [getattr(row, "number", None) or row.code for row in rows]


def both_companies():
    """Each company with a request of its own; the first with an offer, a lease and its checklist."""
    people = rights.world()
    desk.moved_in(people)
    desk.submitted(people, by="rival")
    rights.draft(people)
    return people


@pytest.mark.engine
@pytest.mark.parametrize("name", [*rights.PEOPLE, "rival_member"])
def test_each_person_finds_and_counts_what_that_person_may_see_and_nothing_else(name):
    people = both_companies()
    user = AnonymousUser() if name == "visitor" else getattr(people, name)

    for group, model in MODELS.items():
        rows = model.objects.all()
        typed = "HIT" if group in OPEN else rows[0].number[:2]
        column = OPEN.get(group, "number")
        may = rows.visible_to(user) if group in OPEN or user.is_authenticated else rows.none()
        seen = set(may.filter(**{f"{column}__startswith": typed}))
        result = [each for each in search(typed, user) if each.group.name == group]

        assert {each.number for each in result} == ({len(seen)} if seen else set()), group
        assert all(set(each.hits) <= seen and len(each.hits) == min(MOST, len(seen)) for each in result)
        if seen:
            whole = record_search.rows_of(GROUPS[group], typed, user, on=desk.DAY, today=desk.DAY)
            assert set(whole) == seen


def test_the_test_above_sees_differences():
    people = both_companies()

    seen = {
        name: [Lease.objects.visible_to(user).count(), SpaceRequest.objects.visible_to(user).count()]
        for name, user in vars(people).items()
        if name in {"owner", "rival", "manager", "neighbour", "auditor"}
    }
    assert seen == {"owner": [1, 2], "rival": [0, 1], "manager": [1, 2], "neighbour": [0, 0], "auditor": [1, 2]}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("401", "HIT-01-A-401"), ("４０１", "HIT-01-A-401"), ("hit-01-a-401", "HIT-01-A-401"),
        ("A座 401", "HIT-01-A-401"), ("Ａ座４０１", "HIT-01-A-401"), ("401 A座", "HIT-01-A-401"),
        ("東園 A座 602", "HIT-01-A-602"), ("dy 602", "HIT-01-A-602"), ("az 60", "HIT-01-A-602"),
        ("east garden 602", "HIT-01-A-602"),
    ],
)  # fmt: skip
def test_a_unit_is_found_by_every_spelling_of_where_it_is(typed, code):
    people = rights.world()
    people.park.name, people.park.name_en = "东园", "East Garden"
    people.park.save()

    assert found(typed, AnonymousUser(), "units") == [code]


def test_rooms_of_the_reader_s_own_parks_come_before_those_that_fit_as_well():
    """HEU-01 is before HIT-01 in the alphabet; the manager of HIT-01 finds the own room first."""
    own = make.park(code="HIT-01")
    for park in (make.park(code="HEU-01"), own):
        make.unit(floor=make.floor(building=make.building(park=park, code="A", name="A座")), code=f"{park.code}-A-401")
    manager = make.user(email="manager@example.test")
    make.assignment(user=manager, role=Role.PARK_MANAGER, park=own)

    assert found("401", manager, "units") == ["HIT-01-A-401", "HEU-01-A-401"]
    assert found("401", AnonymousUser(), "units") == ["HEU-01-A-401", "HIT-01-A-401"]


def test_the_room_itself_comes_before_those_whose_codes_only_hold_its_number():
    people = rights.world()
    floor = people.rooms.r401.floor
    for room in ("1401", "4010", "401-2", "B401"):
        make.unit(floor=floor, code=f"HIT-01-A-{room}")

    assert [code[9:] for code in found("401", people.manager, "units")] == ["401", "401-2", "4010", "1401", "B401"]


@pytest.mark.parametrize(
    "typed", ["哈尔滨光电", "哈爾濱光電", "光电 有限", "hebgd", "HEBGD", "（光电）", "QY-2026", "9123"]
)
def test_a_company_is_found_by_its_name_its_initials_and_a_part_of_its_numbers(typed):
    people = rights.world()
    desk.submitted(people)
    uscc = "91230100MA0000000X"
    Company.objects.exclude(pk=people.tenant_company.pk).update(number="XX-1", search_key=" xx-1 ")
    people.tenant_company.name, people.tenant_company.uscc = "哈尔滨（光电）有限公司", uscc
    people.tenant_company.save()

    assert found(typed, people.manager, "companies") == [people.tenant_company.number]


def test_what_is_renamed_is_found_by_its_new_name_and_no_longer_by_the_old_one():
    people = rights.world()
    desk.submitted(people)
    old = people.tenant_company.name

    companies.update(people.tenant_company, by=people.owner, name="黑龙江光谷有限公司")

    assert found("光谷", people.manager, "companies") == [people.tenant_company.number]
    assert found(old, people.manager, "companies") == []


@pytest.mark.parametrize("group", ["requests", "offers", "leases", "handovers"])
def test_a_number_is_found_by_its_end_by_the_company_and_by_the_unit(group):
    people = rights.world()
    desk.moved_in(people)
    rows = MODELS[group].objects.order_by("-pk")
    number = rows[0].number

    assert found(number[-4:], people.manager, group)[0] == number
    assert found(number.lower(), people.manager, group) == [number]
    assert number in found(people.tenant_company.name, people.manager, group)
    assert (number in found("HIT-01-A-401", people.manager, group)) == (group != "requests")


def test_the_group_with_the_best_hit_comes_first():
    people = rights.world()
    lease = desk.moved_in(people)

    assert search(lease.number, people.manager)[0].group.name == "leases"
    assert search("401", people.manager)[0].group.name == "units"


@pytest.mark.parametrize("typed", ["", "  ", "——", "%", "_", "'; --", "401 %"])
def test_signs_that_mean_something_to_a_database_mean_nothing(typed):
    people = rights.world()

    hits = [row.code for each in search(typed, people.manager) for row in each.hits]

    assert hits == (["HIT-01-A-401"] if "401" in typed else [])


@pytest.mark.parametrize(("who", "statements"), [("visitor", 3), ("owner", 10), ("manager", 10), ("official", 9)])
def test_a_search_costs_the_same_however_much_is_found(django_assert_num_queries, who, statements):
    people = both_companies()
    user = AnonymousUser() if who == "visitor" else getattr(people, who)

    for typed in ("HIT", "nothing at all", "示例 HIT-01-A-401"):
        with django_assert_num_queries(statements):
            search(typed, user)
