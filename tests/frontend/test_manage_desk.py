"""The manager's desk, the landing page, the menu, and the unit page beside contracts."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from spaces.month_ledger import rebuilding
from tenants.models import HandoverItem, SpaceRequest
from tests import make
from tests.frontend import desk
from tests.frontend.desk import get

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]


@pytest.mark.parametrize(("role", "status"), [("manager", 200), ("officer", 403), ("official", 403), ("auditor", 403),
                                              ("admin", 403), ("tenant", 403)])  # fmt: skip
def test_who_has_a_desk(client, people, role, status):
    assert get(client, getattr(people, role), "manage").status_code == status


def test_each_counter_leads_to_as_many_rows(client, people):
    desk.submitted(people)
    desk.signed(people, by="rival")
    desk.admitted(people)
    SpaceRequest.objects.filter(state="submitted").update(due_on=date(2026, 5, 1))

    counters = get(client, people.manager, "manage").context["counters"]

    result = {url: number for _word, number, url, _late in counters if not url.startswith("#")}
    rows = {url: client.get(url).context["page"].paginator.count for url in result}
    assert sum(result.values()) > 0
    lapsing = reverse("request-list") + "?tab=offered"
    result.pop(lapsing)
    rows.pop(lapsing)
    assert rows == result


def test_what_is_late_is_told_apart(client, people, monkeypatch):
    lease = desk.signed(people)
    HandoverItem.objects.filter(handover__lease=lease, place=1).update(due_on=desk.DAY - timedelta(days=1))
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: desk.DAY + timedelta(days=30))

    context = get(client, people.manager, "manage").context

    late = {str(word): number for word, number, _url, is_late in context["counters"] if is_late}
    assert late["Signed, not moved in for 30 days"] == 1
    assert late["Checklists with overdue items"] == 1
    assert [row.late for row in context["checklists"]] == [True]


def test_a_neighbour_counts_nothing_of_it(client, people):
    desk.submitted(people)
    desk.signed(people, by="rival")

    context = get(client, people.neighbour, "manage").context

    assert [number for _word, number, _url, _late in context["counters"]] == [0] * 11
    assert [row["name"] for row in context["parks"]] == ["示例孵化器"]


@pytest.mark.parametrize("many", [1, 3, 300])
def test_the_desk_costs_the_same_for_any_number(client, people, django_assert_num_queries, many):
    desk.signed(people)
    for number in range(many - 1):
        make.wanted(company=people.rival_company, park=people.park, state="submitted", submitted_by=people.rival,
                    number=f"XQ-2025-{number:04}")  # fmt: skip
    rebuilding.settle()
    client.force_login(people.manager)

    with django_assert_num_queries(14):
        client.get(reverse("manage"))


@pytest.mark.parametrize(("role", "name"), [("manager", "manage"), ("officer", "overview"), ("official", "overview"),
                                            ("auditor", "change-list")])  # fmt: skip
def test_where_people_land_after_the_login(client, people, role, name):
    response = client.post(reverse("account_login"), {"login": f"{role}@example.test", "password": make.PASSWORD})

    assert response["Location"] == reverse(name)


MANAGER = {"manage", "request-list", "lease-list", "company-list", "fairness-list"}


@pytest.mark.parametrize(("role", "shown"), [("manager", MANAGER), ("officer", MANAGER - {"manage"}),
                                             ("official", MANAGER - {"manage"}), ("admin", set()),
                                             ("tenant", set())])  # fmt: skip
def test_the_menu_offers_what_a_role_may_open(client, people, role, shown):
    page = get(client, getattr(people, role), "definitions").content.decode()

    assert {name for name in MANAGER if f'href="{reverse(name)}"' in page} == shown


def test_a_unit_page_names_the_tenant_and_leads_to_the_lease(client, people):
    lease = desk.signed(people)

    response = get(client, people.manager, "unit-detail", "HIT-01-A-401")

    ((_row, contract, acts),) = response.context["allocations"]
    assert (contract.number, contract.company) == (lease.number, people.tenant_company)
    assert [verb for verb, _word in acts] == ["correct"]
    assert people.tenant_company.name in response.content.decode()


@pytest.mark.parametrize("role", ["rival", "tenant", "admin"])
def test_a_unit_page_does_not_name_the_tenant_to_others(client, people, role):
    desk.signed(people)

    assert (
        people.tenant_company.name
        not in get(client, getattr(people, role), "unit-detail", "HIT-01-A-401").content.decode()
    )


@pytest.mark.parametrize("verb", ["sign", "move-in", "hand-back", "end"])
def test_what_has_a_contract_is_not_moved_beside_it(client, people, verb):
    offer = desk.offered(people)
    (hold,) = people.rooms.r401.allocations.all()

    response = get(client, people.manager, "allocation-act", hold.pk, verb)

    assert response.status_code == 403
    assert f"This belongs to {offer.number}: act there." in response.content.decode()
