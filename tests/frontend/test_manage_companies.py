"""Companies, their incubation, and what a park does for them."""

from datetime import date

import pytest
from django.urls import reverse

from spaces.values.days import months_between
from tenants.actions import incubation
from tenants.leasing import incubations
from tenants.models import Company, Incubation
from tests import make
from tests.frontend import desk
from tests.frontend.desk import get, statuses

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]


@pytest.fixture
def people():
    people = desk.build()
    desk.signed(people)
    return people


@pytest.fixture
def clock(people):
    return incubation.enter(
        people.tenant_company, people.park, entered_on=date(2023, 10, 15), rule="N18-12", by=people.manager
    )


def post(client, user, name, *args, **data):
    client.force_login(user)
    return client.post(reverse(name, args=args), data)


def test_who_opens_companies(client, people):
    code = people.tenant_company.code

    assert statuses(client, people, "company-list") == (200, 200, 200, 200, 200, 403, 403, 403, 403)
    assert statuses(client, people, "company-detail", code) == (200, 404, 200, 200, 200, 404, 200, 200, 404)


ACTS = {
    "company-verify": (200, 404, 200, 403, 403, 404, 403, 403, 404),
    "incubation-new": (200, 404, 200, 403, 403, 404, 403, 403, 404),
}


@pytest.mark.parametrize(("name", "expected"), ACTS.items())
def test_who_may_verify_and_begin(client, people, name, expected):
    assert statuses(client, people, name, people.tenant_company.code) == expected


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("verb", ["ask", "graduate", "leave"])
def test_who_may_act_on_a_clock(client, people, clock, verb, method):
    result = statuses(client, people, "incubation-act", clock.pk, verb, method=method)

    right = 200 if method == "get" else 422
    assert result == (right, 404, right, 403, 403, 404, 403, 403, 404)


@pytest.mark.parametrize(("role", "reads"), [("manager", True), ("officer", True), ("tenant", True),
                                             ("official", False), ("auditor", False)])  # fmt: skip
def test_contacts_are_masked_for_those_who_only_read(client, people, role, reads):
    page = get(client, getattr(people, role), "company-detail", people.tenant_company.code).content.decode()

    assert (people.tenant_company.contact_phone in page) is reads
    assert ("138****0001" in page) is not reads


def test_an_unknown_code_is_not_found(client, people):
    assert get(client, people.official, "company-detail", "QY-2026-9999").status_code == 404


def test_a_park_verifies_and_the_name_stands(client, people):
    response = post(client, people.manager, "company-verify", people.tenant_company.code)

    people.tenant_company.refresh_from_db()
    assert (response.status_code, people.tenant_company.verified_by) == (303, people.manager)


def test_nobody_verifies_his_own_company(client, people):
    make.member(user=people.manager, company=people.tenant_company)

    response = post(client, people.manager, "company-verify", people.tenant_company.code)

    people.tenant_company.refresh_from_db()
    assert (response.status_code, people.tenant_company.verified_at) == (422, None)


def test_the_clock_tells_months_of_months_and_the_last_day(client, people, clock):
    response = get(client, people.manager, "company-detail", people.tenant_company.code)

    ((shown, _acts, _more),) = response.context["clocks"]
    assert (shown["months"], shown["limit"], shown["limit_on"]) == (31, 48, date(2027, 10, 15))
    assert "31/48 months" in response.content.decode()


def test_incubation_begins_once(client, people):
    company = people.tenant_company
    data = {"park": people.park.code, "entered_on": "2026-06-01", "rule": "N18-12"}

    stranger = post(client, people.manager, "incubation-new", company.code, **data | {"park": "HIT-02"})
    first = post(client, people.manager, "incubation-new", company.code, **data)
    second = post(client, people.manager, "incubation-new", company.code, **data)

    assert (stranger.status_code, first.status_code, second.status_code) == (422, 303, 422)
    assert Incubation.objects.get().limit_months == 48


def test_an_extension_counts_once_someone_else_approves(client, people, clock):
    post(client, people.manager, "incubation-act", clock.pk, "ask", months="6", why="验证周期长")
    more = clock.extensions.get()
    asked = incubations.limit_on(Incubation.objects.get())

    own = post(client, people.manager, "extension-approve", more.pk)
    other = post(client, people.officer, "extension-approve", more.pk)
    again = post(client, people.officer, "extension-approve", more.pk)

    assert (own.status_code, other.status_code, again.status_code) == (422, 303, 409)
    assert (asked, incubations.limit_on(Incubation.objects.get())) == (date(2027, 10, 15), date(2028, 4, 15))


def test_only_someone_else_is_shown_the_button(client, people, clock):
    post(client, people.manager, "incubation-act", clock.pk, "ask", months="6", why="验证周期长")

    result = [
        may
        for user in (people.manager, people.officer, people.official)
        for _shown, _acts, extensions in get(client, user, "company-detail", people.tenant_company.code).context[
            "clocks"
        ]
        for _more, may in extensions
    ]

    assert result == [False, True, False]


def test_a_company_graduates_by_a_criterion_and_its_lease_goes_on(client, people, clock):
    without = post(client, people.manager, "incubation-act", clock.pk, "graduate", graduated_on="2026-06-01")
    response = post(client, people.manager, "incubation-act", clock.pk, "graduate", graduated_on="2026-06-01",
                    criterion="revenue")  # fmt: skip

    clock.refresh_from_db()
    assert (without.status_code, response.status_code, clock.criterion) == (422, 303, "revenue")
    assert people.tenant_company.leases.get().state == "signed"


def test_an_exit_has_a_reason_and_a_destination(client, people, clock):
    ahead = post(client, people.manager, "incubation-act", clock.pk, "leave", exited_on="2026-06-02",
                 exit_reason="moved")  # fmt: skip
    response = post(client, people.manager, "incubation-act", clock.pk, "leave", exited_on="2026-06-01",
                    exit_reason="moved", destination="哈尔滨新区")  # fmt: skip

    clock.refresh_from_db()
    assert (ahead.status_code, response.status_code, clock.destination) == (422, 303, "哈尔滨新区")


def test_the_list_filters_by_stage_and_by_a_name_however_it_is_written(client, people, clock, monkeypatch):
    def found(**query):
        return [row.pk for row, _clock in get(client, people.official, "company-list", **query).context["rows"]]

    assert found(stage="running") == [people.tenant_company.pk]
    assert found(stage="ending") == []
    assert found(stage="graduated") == []
    assert found(q="示例（ＴＥＮＡＮＴ）") == [people.tenant_company.pk]
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: date(2027, 6, 1))
    assert found(stage="ending") == [people.tenant_company.pk]


def test_a_neighbour_lists_no_company_that_he_does_not_know(client, people):
    assert get(client, people.neighbour, "company-list").context["number"] == 0


@pytest.mark.parametrize("many", [1, 3, 300])
def test_the_list_costs_the_same_for_any_number(client, people, clock, django_assert_num_queries, many):
    Company.objects.exclude(pk=people.tenant_company.pk).filter(members=None).delete()
    for number in range(many - 1):
        company = make.company(name=f"公司{number:03}", number=f"QY-2025-{number:04}")
        make.wanted(company=company, park=people.park, state="submitted", number=f"XQ-2025-{number:04}",
                    submitted_by=people.tenant)  # fmt: skip
        Incubation.objects.create(company=company, park=people.park, entered_on=date(2024, 1, 1), rule="N18-12",
                                  limit_months=48)  # fmt: skip
    client.force_login(people.manager)

    with django_assert_num_queries(9):
        response = client.get(reverse("company-list"))

    assert response.context["number"] == many


@pytest.mark.parametrize(("first", "last", "months"), [
    (date(2026, 1, 31), date(2026, 2, 27), 0),
    (date(2026, 1, 31), date(2026, 2, 28), 1),
    (date(2023, 10, 15), date(2026, 5, 14), 30),
    (date(2023, 10, 15), date(2026, 5, 15), 31),
    (date(2026, 5, 15), date(2026, 5, 1), 0),
])  # fmt: skip
def test_whole_months_between_two_days(first, last, months):
    assert months_between(first, last) == months
