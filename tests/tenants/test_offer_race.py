"""Two managers offer the same unit in the same second, each on the page: one offer, and words for the other."""

import pytest
from django.test import Client
from django.utils import timezone

from spaces.models import Allocation
from tenants.models import Offer
from tests import make
from tests.frontend import desk
from tests.tenants.test_api_versions import at_once

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("fixed_today")]

TERMS = {
    "unit": "HIT-01-A-401", "starts_on": "2026-06-01", "ends_on": "2028-05-31", "held_until": "2026-06-14",
    "rent_free_months": "0", "rent_unit": "m2_day", "basis": "usable", "override": "both fit; first come",
}  # fmt: skip


def test_one_offer_is_made_and_the_other_manager_is_told_who_and_when(scratch):
    people = desk.build()
    colleague = make.user(email="colleague@example.test", name="colleague")
    make.assignment(user=colleague, role="park_manager", park=people.park)
    wishes = [desk.admitted(people), desk.admitted(people, "rival")]
    clients = [Client(raise_request_exception=False), Client(raise_request_exception=False)]
    clients[0].force_login(people.manager)
    clients[1].force_login(colleague)

    answers = at_once(lambda each: clients[each].post(f"/manage/requests/{wishes[each].number}/offer/", TERMS), 2)

    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    offer = Offer.objects.get()
    at = timezone.localtime(offer.created_at)
    assert (won.status_code, lost.status_code) == (303, 409)
    assert won["Location"] == f"/requests/{offer.request.number}/"
    assert (
        f"HIT-01-A-401 was held by {offer.created_by} ({at:%Y-%m-%d %H:%M}, request {offer.request.number})."
    ) in lost.content.decode()
    assert Allocation.objects.filter(unit=people.rooms.r401).count() == 1
