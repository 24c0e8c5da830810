"""An offer as the company meets it: how long it holds, accepted, declined, visited, lapsed."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from tenants.actions import offers
from tenants.models import Lease, SpaceRequest
from tests import make
from tests.frontend import tenancy
from tests.frontend.source import source
from tests.frontend.world import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]


@pytest.fixture
def folk():
    folk = tenancy.gather()
    wanted = make.wanted(company=folk.company, park=folk.park, state="admitted", number="XQ-2025-0001")
    folk.offer = offers.send(
        wanted,
        [folk.unit],
        starts_on=date(2026, 7, 1),
        ends_on=date(2028, 7, 1),
        held_until=DAY + timedelta(days=4),
        by=folk.manager,
        on=DAY,
        rent_rate="1.20",
        terms="含物业费",
    )
    return folk


def look(client, folk, who):
    client.force_login(getattr(folk, who))
    return client.get(reverse("offer-detail", args=[folk.offer.number]))


def answer(client, folk, verb, **typed):
    return client.post(reverse("offer-answer", args=[folk.offer.number, verb]), typed)


def test_facts_terms_and_how_long_it_holds_in_words(client, folk):
    page = source(look(client, folk, "owner"))

    for words in (
        "3 days left to answer",
        "The units are held for you up to and including 4 Jun 2026.",
        "HIT-01-A-101",
        "101.21",
        "1.20 yuan/m²/day",
        "2026-07-01 – 2028-06-30",
        "含物业费",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("who", "status", "may_answer", "may_visit"),
    [
        ("owner", 200, True, True),
        ("member", 200, False, True),
        ("manager", 200, False, False),
        ("official", 200, False, False),
        ("neighbour", 404, False, False),
        ("newcomer", 404, False, False),
    ],
)
def test_who_sees_an_offer_and_who_answers_it(client, folk, who, status, may_answer, may_visit):
    page = look(client, folk, who)
    text = page.content.decode()

    result = (page.status_code, ">Accept offer<" in text, "I would like to see the units first" in text)
    assert result == (status, may_answer, may_visit)


def test_accepting_is_a_check_page_and_makes_a_draft_lease(client, folk):
    client.force_login(folk.owner)
    page = client.get(reverse("offer-answer", args=[folk.offer.number, "accept"])).content.decode()
    assert "You take 1 unit with 101.21 m² usable area." in page
    assert Lease.objects.count() == 0

    done = answer(client, folk, "accept")

    assert done["Location"] == reverse("offer-detail", args=[folk.offer.number])
    assert Lease.objects.get().offer == folk.offer
    assert "Accepted. The park prepares the lease" in look(client, folk, "owner").content.decode()


def test_declining_needs_a_reason_and_keeps_what_was_typed(client, folk):
    client.force_login(folk.owner)

    refused = answer(client, folk, "decline", decline_reason="")
    done = answer(client, folk, "decline", decline_reason="层高不够")

    assert refused.status_code == 422
    assert done.status_code == 302
    folk.offer.refresh_from_db()
    assert (folk.offer.state, folk.offer.decline_reason) == ("declined", "层高不够")
    assert SpaceRequest.objects.get().state == "admitted"


def test_a_member_asks_for_a_visit_once(client, folk):
    client.force_login(folk.member)

    client.post(reverse("offer-visit", args=[folk.offer.number]))

    folk.offer.refresh_from_db()
    page = look(client, folk, "member").content.decode()
    assert folk.offer.visit_asked_at is not None
    assert "A visit was asked for on" in page
    assert "I would like to see the units first" not in page


def test_looking_at_the_address_of_the_visit_asks_for_none(client, folk):
    client.force_login(folk.member)

    client.get(reverse("offer-visit", args=[folk.offer.number]))

    folk.offer.refresh_from_db()
    assert folk.offer.visit_asked_at is None


def test_a_lapsed_offer_says_so_and_what_to_do(client, folk, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: DAY + timedelta(days=4))

    page = look(client, folk, "owner").content.decode()
    refused = answer(client, folk, "accept")

    assert "This offer could be answered up to and including 4 Jun 2026: nobody did, and the units are free" in page
    assert "Ask the park on the page of the request for a new offer." in page
    assert ">Accept offer<" not in page
    assert refused.status_code == 409
    assert (
        "The offer could be answered up to and including 2026-06-04. Ask the park for a new one."
        in refused.content.decode()
    )


@pytest.mark.parametrize(
    ("who", "verb", "status"),
    [
        ("member", "accept", 403),
        ("member", "decline", 403),
        ("manager", "accept", 403),
        ("official", "accept", 403),
        ("neighbour", "accept", 404),
        ("neighbour", "decline", 404),
        ("newcomer", "decline", 404),
    ],
)
def test_only_the_owner_answers(client, folk, who, verb, status):
    client.force_login(getattr(folk, who))

    refused = answer(client, folk, verb, decline_reason="x")

    folk.offer.refresh_from_db()
    assert (refused.status_code, folk.offer.state) == (status, "sent")


@pytest.mark.parametrize(("who", "status"), [("manager", 403), ("neighbour", 404)])
def test_only_the_company_asks_for_a_visit(client, folk, who, status):
    client.force_login(getattr(folk, who))

    assert client.post(reverse("offer-visit", args=[folk.offer.number])).status_code == status
