"""The queue, the page of a request for both sides, and what each may do there."""

from datetime import date

import pytest
from django.urls import reverse

from spaces.changes.versions import version_of
from tenants.actions import requests
from tenants.models import Message, SpaceRequest
from tests.frontend import desk
from tests.frontend.desk import ROLES, get, statuses

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]


def act(client, user, wanted, verb, **data):
    client.force_login(user)
    return client.post(reverse("request-act", args=[wanted.number, verb]), {"version": version_of(wanted)} | data)


def codes(client, people, name, *args, method="get"):
    return dict(zip(ROLES, statuses(client, people, name, *args, method=method), strict=True))


def test_who_opens_the_queue(client, people):
    assert codes(client, people, "request-list") == dict.fromkeys(ROLES[:5], 200) | dict.fromkeys(ROLES[5:], 403)


def test_who_opens_a_request(client, people):
    wanted = desk.submitted(people)

    result = codes(client, people, "request-detail", wanted.number)

    assert result == dict.fromkeys(ROLES, 200) | {"neighbour": 404, "admin": 404, "rival": 404}


WHO = {  # manager, neighbour, officer, official, auditor, admin, tenant, tenant_member, rival
    "receive": (200, 404, 403, 403, 403, 404, 403, 403, 404),
    "review": (200, 404, 403, 403, 403, 404, 403, 403, 404),
    "assign": (200, 404, 403, 403, 403, 404, 403, 403, 404),
    "close": (200, 404, 403, 403, 403, 404, 403, 403, 404),
    "note": (200, 404, 200, 403, 403, 404, 403, 403, 404),
    "say": (200, 404, 200, 403, 403, 404, 200, 200, 404),
    "withdraw": (403, 404, 403, 403, 403, 404, 200, 403, 404),
}


@pytest.mark.parametrize(("verb", "expected"), WHO.items())
def test_who_may_act_on_a_request(client, people, verb, expected):
    wanted = desk.submitted(people)

    assert tuple(codes(client, people, "request-act", wanted.number, verb).values()) == expected


@pytest.mark.parametrize(("verb", "expected"), WHO.items())
def test_a_post_is_refused_to_the_same_people_and_writes_nothing(client, people, verb, expected):
    wanted = desk.submitted(people)
    refused = {role: code for role, code in zip(ROLES, expected, strict=True) if code != 200}

    result = codes(client, people, "request-act", wanted.number, verb, method="post")

    assert {role: result[role] for role in refused} == refused


def test_the_tabs_tell_how_many_stand_in_each_and_lead_to_them(client, people):
    first = desk.submitted(people)
    desk.offered(people, by="rival")
    SpaceRequest.objects.filter(pk=first.pk).update(due_on=date(2026, 5, 20))

    response = get(client, people.manager, "request-list")

    counts = {name: number for name, _word, number, _url in response.context["tabs"]}
    assert counts == {
        "submitted": 1, "returned": 0, "in_review": 0, "to_match": 0, "offered": 1, "accepted": 0, "overdue": 1,
        "closed": 0,
    }  # fmt: skip
    overdue = get(client, people.manager, "request-list", tab="overdue")
    assert [row.number for row in overdue.context["page"].object_list] == [first.number]
    assert "12 days overdue" in overdue.content.decode()


def test_an_offer_that_lapsed_puts_the_request_back_among_those_to_be_matched(client, people, monkeypatch):
    offer = desk.offered(people)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: desk.HOLD_UNTIL)

    response = get(client, people.manager, "request-list", tab="to_match")

    assert [row.pk for row in response.context["page"].object_list] == [offer.request_id]


@pytest.mark.parametrize("many", [1, 3, 300])
def test_the_queue_costs_the_same_for_any_number(client, people, django_assert_num_queries, many):
    first = desk.submitted(people)
    rows = [
        SpaceRequest(**{name: getattr(first, name) for name in COPIED} | {"number": f"XQ-2026-{9000 + number}"})
        for number in range(many - 1)
    ]
    SpaceRequest.objects.bulk_create(rows)
    client.force_login(people.manager)

    with django_assert_num_queries(QUEUE_QUERIES):
        response = client.get(reverse("request-list"))

    assert response.context["page"].paginator.count == many


COPIED = (
    "company", "park", "use", "area_min", "area_max", "needed_by", "months", "contact_name", "contact_phone", "state",
    "created_at", "saved_at", "submitted_at", "submitted_by", "due_on",
)  # fmt: skip
QUEUE_QUERIES = 14  # six of them for the best matches


def test_a_request_is_received_passed_and_admitted(client, people):
    wanted = desk.submitted(people)

    act(client, people.manager, wanted, "receive")
    response = act(client, people.manager, wanted, "review", step="first", decision="passed", comment="")

    wanted.refresh_from_db()
    assert (response.status_code, wanted.state, wanted.officer) == (303, "admitted", people.manager)
    stops = get(client, people.tenant, "request-detail", wanted.number).context["stops"]
    assert [stop.state for stop in stops] == ["done", "done", "current", "to_come", "to_come"]


def test_a_request_to_any_park_is_claimed_for_one_of_ones_own(client, people):
    wanted = desk.submitted(people, ecosystem=people.world["hit"])

    without = act(client, people.manager, wanted, "receive", park=people.world["two"].code)
    claimed = act(client, people.manager, wanted, "receive", park=people.park.code)

    wanted.refresh_from_db()
    assert (without.status_code, claimed.status_code) == (422, 303)
    assert (wanted.park, wanted.state) == (people.park, "in_review")


def test_a_return_names_the_steps_to_mend_and_the_company_finds_them(client, people):
    wanted = desk.in_review(people)

    act(
        client,
        people.manager,
        wanted,
        "review",
        step="first",
        decision="returned",
        comment="哪一层？",
        form_steps=["space"],
    )

    page = get(client, people.tenant, "request-detail", wanted.number).content.decode()
    assert "哪一层？" in page
    assert f"/requests/{wanted.number}/space/" in page


@pytest.mark.parametrize("decision", ["returned", "rejected"])
def test_a_refusal_without_words_stays_on_the_form(client, people, decision):
    wanted = desk.in_review(people)

    response = act(client, people.manager, wanted, "review", step="first", decision=decision, comment=" ")

    wanted.refresh_from_db()
    assert (response.status_code, wanted.state) == (422, "in_review")
    assert response.context["form"].errors["comment"] == ["Enter a reason, so that the company can act on it."]


def test_who_comes_second_to_a_decision_is_told(client, people):
    wanted = desk.in_review(people)
    requests.review(wanted, step="first", decision="passed", by=people.manager, on=desk.DAY)

    response = act(
        client, people.manager, wanted, "review", step="first", decision="passed", version=str(wanted.version)
    )

    assert response.status_code == 409
    assert "Someone else has changed this since you opened it" in response.content.decode()


def test_a_note_written_over_another_is_refused_and_kept_in_the_form(client, people):
    wanted = desk.submitted(people)
    requests.note(wanted, "first", by=people.manager)

    response = act(client, people.officer, wanted, "note", text="second", version=str(wanted.version))

    wanted.refresh_from_db()
    assert (response.status_code, wanted.internal_note) == (409, "first")
    assert "second" in response.content.decode()


@pytest.mark.parametrize(("role", "reads"), [("manager", True), ("officer", True), ("auditor", True),
                                             ("official", False), ("tenant", False)])  # fmt: skip
def test_the_internal_note_is_for_the_park_and_auditors(client, people, role, reads):
    wanted = desk.submitted(people)
    requests.note(wanted, "MARKER-internal", by=people.manager)

    page = get(client, getattr(people, role), "request-detail", wanted.number).content.decode()

    assert ("MARKER-internal" in page) is reads


@pytest.mark.parametrize(("role", "reads"), [("manager", True), ("tenant", True), ("tenant_member", True),
                                             ("official", False), ("auditor", False)])  # fmt: skip
def test_contacts_and_messages_are_for_the_two_sides(client, people, role, reads):
    wanted = desk.submitted(people)
    requests.say(wanted, "MARKER-said", by=people.tenant, on=desk.DAY)

    page = get(client, getattr(people, role), "request-detail", wanted.number).content.decode()

    assert (wanted.contact_phone in page, "MARKER-said" in page) == (reads, reads)


def test_both_sides_say_words_and_each_reads_whose_they_are(client, people):
    wanted = desk.submitted(people)

    act(client, people.manager, wanted, "say", text="请补充")
    act(client, people.tenant_member, wanted, "say", text="已补充")
    empty = act(client, people.tenant, wanted, "say", text="  ")

    assert list(Message.objects.order_by("pk").values_list("sent_by__name", "text")) == [
        ("manager", "请补充"), ("tenant member", "已补充")
    ]  # fmt: skip
    assert empty.status_code == 422


def test_a_company_is_told_its_place_and_nothing_of_who_stands_before_it(client, people):
    desk.submitted(people, by="rival")
    wanted = desk.submitted(people)

    page = get(client, people.tenant, "request-detail", wanted.number).content.decode()

    assert "Place 2 in the queue" in page
    assert people.rival_company.name not in page


def test_a_company_withdraws_and_the_held_unit_is_free(client, people):
    offer = desk.offered(people)

    without = act(client, people.tenant, offer.request, "withdraw", why="")
    response = act(client, people.tenant, offer.request, "withdraw", why="另有安排")

    offer.refresh_from_db()
    assert (without.status_code, response.status_code) == (422, 303)
    assert (offer.request.state, offer.state, people.rooms.r401.allocations.count()) == ("withdrawn", "withdrawn", 0)


def test_it_is_assigned_to_someone_of_the_park_only(client, people):
    wanted = desk.submitted(people)

    stranger = act(client, people.manager, wanted, "assign", officer=people.neighbour.pk)
    own = act(client, people.manager, wanted, "assign", officer=people.manager.pk)

    wanted.refresh_from_db()
    assert (stranger.status_code, own.status_code, wanted.officer) == (422, 303, people.manager)


def test_an_admitted_request_lapses_with_a_reason(client, people):
    wanted = desk.admitted(people)

    response = act(client, people.manager, wanted, "close", why="无人答复")

    wanted.refresh_from_db()
    assert (response.status_code, wanted.state) == (303, "lapsed")


def test_units_that_a_request_fits_lead_to_it(client, people):
    wanted = desk.submitted(people)
    desk.submitted(people, by="rival", area_min=200, area_max=300)

    response = get(client, people.manager, "request-list", fits="HIT-01-A-401")

    assert [row.pk for row in response.context["page"].object_list] == [wanted.pk]


def test_a_refusal_names_the_role_of_the_company_that_is_missing(client, people):
    wanted = desk.submitted(people)

    page = act(client, people.tenant_member, wanted, "withdraw", why="x").content.decode()

    assert "It takes the role: Company owner." in page
