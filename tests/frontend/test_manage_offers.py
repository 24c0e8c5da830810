"""Matching and the check page of an offer: what it moves, what it passes over, and who was faster."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from spaces.models import Unit
from spaces.states import UnitState
from tenants.actions import offers
from tenants.models import Offer
from tests import make
from tests.frontend import desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
TERMS = {
    "starts_on": "2026-06-01", "ends_on": "2028-05-31", "held_until": "2026-06-15", "rent_rate": "1.20",
    "rent_unit": "m2_day", "basis": "usable", "deposit": "10,000", "rent_free_months": "1", "terms": "欢迎",
}  # fmt: skip


def match(client, user, wanted, **query):
    client.force_login(user)
    return client.get(reverse("request-match", args=[wanted.number]), query)


def check(client, user, wanted, *codes, **query):
    client.force_login(user)
    return client.get(reverse("request-offer", args=[wanted.number]), {"unit": codes} | query)


def send(client, user, wanted, *codes, **terms):
    client.force_login(user)
    return client.post(reverse("request-offer", args=[wanted.number]), TERMS | {"unit": codes} | terms)


def test_candidates_come_with_the_parts_of_their_score_and_misses_in_words(client, people):
    wanted = desk.admitted(people)

    response = match(client, people.manager, wanted)

    context, page = response.context, response.content.decode()
    best = context["fits"][0]
    # 101 (101.21 m2) is the smallest that fits and so leaves the least over.
    assert [each.codes for each in context["fits"]] == [
        ("HIT-01-A-101",), ("HIT-01-A-405",), ("HIT-01-A-401",)
    ]  # fmt: skip
    assert best.score == sum((best.parts.area, best.parts.date, best.parts.conditions, best.parts.pieces))
    assert f"{best.score} points" in page
    assert [(each.codes, words) for each, words in context["near"]] == [(("HIT-01-A-602",), ["80 m² larger"])]
    assert ("HIT-01-A-104", "taken, free from 2027-01-01") in [(r.code, w) for r, w in context["others"]]


def test_other_requests_that_fit_the_same_units_are_told(client, people):
    earlier = desk.admitted(people, by="rival")
    wanted = desk.admitted(people)

    response = match(client, people.manager, wanted)

    assert [other.pk for other in response.context["competitors"]] == [earlier.pk]


@pytest.mark.parametrize(("role", "status"), [("manager", 200), ("officer", 200), ("official", 200), ("auditor", 200),
                                              ("neighbour", 404), ("tenant", 403), ("admin", 403)])  # fmt: skip
def test_who_reads_the_matching(client, people, role, status):
    assert match(client, getattr(people, role), desk.admitted(people)).status_code == status


@pytest.mark.parametrize(("role", "status"), [("manager", 200), ("officer", 403), ("official", 403), ("auditor", 403),
                                              ("neighbour", 404), ("tenant", 403), ("admin", 404)])  # fmt: skip
def test_only_the_parks_manager_offers(client, people, role, status):
    wanted = desk.admitted(people)

    shown = check(client, getattr(people, role), wanted, "HIT-01-A-401").status_code
    sent = send(client, getattr(people, role), wanted, "HIT-01-A-401").status_code

    assert (shown, sent) == (status, 303 if status == 200 else status)
    assert Offer.objects.count() == (1 if status == 200 else 0)


def test_the_check_page_tells_what_moves_before_anything_is_held(client, people):
    wanted = desk.admitted(people)

    response = check(client, people.manager, wanted, "HIT-01-A-401")

    assert response.context["preview"].moves == {UnitState.VACANT: Decimal(-120), UnitState.RESERVED: Decimal(120)}
    page = response.content.decode()
    assert "−120.00" in page
    assert "+120.00" in page
    assert people.rooms.r401.allocations.count() == 0


def test_a_period_after_the_hold_moves_nothing_yet_and_says_so(client, people):
    wanted = desk.admitted(people)

    response = check(client, people.manager, wanted, "HIT-01-A-401", **TERMS | {"starts_on": "2026-07-01"})

    assert response.context["preview"].moves == {}
    assert "no area moves before the offer is accepted" in response.content.decode()


def test_an_offer_holds_the_unit_on_its_terms(client, people):
    wanted = desk.admitted(people)

    response = send(client, people.manager, wanted, "HIT-01-A-401")

    offer = Offer.objects.get()
    (hold,) = people.rooms.r401.allocations.all()
    assert response.status_code == 303
    assert (offer.deposit, offer.rent_rate, offer.terms) == (Decimal(10000), Decimal("1.20"), "欢迎")
    assert (hold.held_until, hold.ends_on) == (offer.held_until, offer.ends_on)
    assert offer.overridden == []


def test_of_two_who_offer_the_same_unit_the_later_is_told_who_and_sees_the_list_anew(client, people):
    first, second = desk.admitted(people, by="rival"), desk.admitted(people)
    send(client, people.manager, first, "HIT-01-A-401")

    response = send(client, people.manager, second, "HIT-01-A-401")

    page = response.content.decode()
    assert response.status_code == 409
    assert "HIT-01-A-401 was held by manager" in page
    assert first.number in page
    assert ("HIT-01-A-401",) not in [each.codes for each in response.context["fits"]]
    assert Offer.objects.count() == 1


def test_a_name_with_a_percent_sign_does_not_break_the_words(client, people):
    people.manager.name = "100%s 王工"
    people.manager.save()
    first, second = desk.admitted(people, by="rival"), desk.admitted(people)
    send(client, people.manager, first, "HIT-01-A-401")

    response = send(client, people.manager, second, "HIT-01-A-401")

    assert response.status_code == 409
    assert "100%s 王工" in response.content.decode()


def test_a_soft_rule_is_passed_over_with_a_reason_only(client, people):
    wanted = desk.admitted(people)

    without = send(client, people.manager, wanted, "HIT-01-A-602")
    response = send(client, people.manager, wanted, "HIT-01-A-602", override="企业即将扩大")

    assert without.status_code == 422
    assert list(without.context["form"].errors) == ["override"]
    assert response.status_code == 303
    assert (Offer.objects.get().overridden, Offer.objects.get().override) == (["area"], "企业即将扩大")


def test_the_queue_is_passed_over_with_a_reason_only(client, people):
    earlier = desk.admitted(people, by="rival")
    wanted = desk.admitted(people)

    page = check(client, people.manager, wanted, "HIT-01-A-401").content.decode()
    without = send(client, people.manager, wanted, "HIT-01-A-401")
    send(client, people.manager, wanted, "HIT-01-A-401", override="首家已另有安排")

    assert earlier.number in page
    assert without.status_code == 422
    assert Offer.objects.get().overridden == ["queue"]


def test_the_action_itself_asks_for_the_reason_and_refuses_a_hard_rule(people):
    low = make.unit(floor=people.rooms.r401.floor, code="HIT-01-A-499", usable_area=Decimal(130), height_m=Decimal(2))
    wanted = desk.admitted(people, height_m=Decimal(4))
    unit = Unit.objects.select_related("floor__building").get(pk=low.pk)
    terms = desk.TERM | {"held_until": desk.HOLD_UNTIL, "by": people.manager, "on": desk.DAY}

    with pytest.raises(ValidationError) as refused:
        offers.send(wanted, [unit], **terms)
    with pytest.raises(ValidationError) as asked:
        offers.send(wanted, [people.rooms.r401], **terms)  # its height is not recorded

    assert [each.code for each in refused.value.error_dict["units"]] == ["rule"]
    assert [each.code for each in asked.value.error_dict["override"]] == ["reason"]


def test_two_rooms_that_do_not_touch_are_offered_with_a_reason(client, people):
    wanted = desk.admitted(people, area_min=200, area_max=260)

    without = send(client, people.manager, wanted, "HIT-01-A-401", "HIT-01-A-405")
    send(client, people.manager, wanted, "HIT-01-A-401", "HIT-01-A-405", override="中间是公共区")

    offer = Offer.objects.get()
    assert without.status_code == 422
    assert (offer.overridden, offer.lines.count()) == (["apart"], 2)


@pytest.mark.parametrize("terms", [{"ends_on": "2026-05-01"}, {"rent_rate": "viel"},
                                   {"starts_on": "2026-02-30"}, {"rent_free_months": "-1"}])  # fmt: skip
def test_wrong_terms_stay_on_the_form(client, people, terms):
    wanted = desk.admitted(people)

    response = send(client, people.manager, wanted, "HIT-01-A-401", **terms)

    assert (response.status_code, Offer.objects.count()) == (422, 0)
    assert 'value="10,000"' in response.content.decode()


def test_a_unit_of_another_park_is_no_choice(client, people):
    wanted = desk.admitted(people)

    response = send(client, people.manager, wanted, "HIT-02-B-101")

    assert (response.status_code, Offer.objects.count()) == (422, 0)


def test_nobody_offers_to_his_own_company(client, people):
    make.member(user=people.manager, company=people.tenant_company)
    wanted = desk.submitted(people)
    type(wanted).objects.filter(pk=wanted.pk).update(state="admitted")

    response = send(client, people.manager, wanted, "HIT-01-A-401")

    assert (response.status_code, Offer.objects.count()) == (422, 0)


@pytest.mark.parametrize(("role", "status", "rows"), [("manager", 200, 1), ("officer", 200, 1), ("official", 200, 1),
                                                      ("auditor", 200, 1), ("neighbour", 200, 0), ("tenant", 403, 0),
                                                      ("admin", 403, 0)])  # fmt: skip
def test_the_fairness_page_lists_what_was_passed_over_and_why(client, people, role, status, rows):
    desk.offered(people, room="r602", override="MARKER-why")
    client.force_login(getattr(people, role))

    response = client.get(reverse("fairness-list"))

    assert response.status_code == status
    assert ("MARKER-why" in response.content.decode()) is bool(rows)


@pytest.mark.parametrize("many", [1, 3, 300])
def test_the_fairness_page_costs_the_same_for_any_number(client, people, django_assert_num_queries, many):
    first = desk.offered(people, room="r602", override="why")
    kept = ("request", "park", "starts_on", "ends_on", "held_until", "created_at", "created_by", "override",
            "overridden")  # fmt: skip
    rows = [
        Offer(**{name: getattr(first, name) for name in kept} | {"number": f"TJ-2026-{9000 + number}"})
        for number in range(many - 1)
    ]
    Offer.objects.filter(pk=first.pk).update(created_at=first.created_at + timedelta(days=1))
    Offer.objects.bulk_create(rows)
    client.force_login(people.official)

    with django_assert_num_queries(8):
        response = client.get(reverse("fairness-list"))

    assert response.context["number"] == many


@pytest.mark.parametrize(("role", "offered"), [("manager", True), ("officer", False), ("tenant", False)])
def test_the_manager_takes_an_offer_back_from_the_page_of_its_request(client, people, role, offered):
    offer = desk.offered(people)
    url = reverse("offer-answer", args=[offer.number, "withdraw"])
    client.force_login(getattr(people, role))

    pages = [reverse("request-detail", args=[offer.request.number]), reverse("offer-detail", args=[offer.number])]

    assert [f'href="{url}"' in client.get(page).content.decode() for page in pages] == [offered, offered]
    if offered:
        client.post(url, {"why": "另有安排"})
        assert Offer.objects.get().state == "withdrawn"
        assert [f'href="{url}"' in client.get(page).content.decode() for page in pages] == [False, False]
