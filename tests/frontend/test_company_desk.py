"""/my/: what to do next, what one has, with the days left; and the wish for a lease."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from spaces.changes.versions import version_of
from spaces.models import Allocation
from tenants.actions import handovers, offers, requests
from tenants.models import HandoverItem, Lease, LeaseLine, Notice, SpaceRequest
from tests import make
from tests.frontend.world import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]


def rent(folk, code, company=None, **fields):
    """A signed lease with one unit."""
    lease = make.lease(company=company or folk.company, park=folk.park, **fields)
    unit = make.unit(floor=folk.unit.floor, code=code)
    allocation = make.allocation(unit=unit, starts_on=lease.starts_on, ends_on=lease.ends_on)
    LeaseLine.objects.create(lease=lease, unit=unit, allocation=allocation, contracted_area=unit.usable_area)
    return lease


def offer(folk, number, unit, company=None):
    wanted = make.wanted(company=company or folk.company, park=folk.park, state="admitted", number=number)
    terms = {"starts_on": date(2026, 7, 1), "ends_on": date(2028, 7, 1), "held_until": DAY + timedelta(days=3)}
    return offers.send(wanted, [unit], by=folk.manager, on=DAY, **terms)


def desk(client, user):
    client.force_login(user)
    return client.get(reverse("my-desk"))


def todo(page):
    return [(each["url"], str(each["title"]), str(each["status"])) for each in page.context["todo"]]


def test_all_that_waits_for_the_company_and_nothing_that_does_not(client, folk):
    draft = requests.begin(folk.company, by=folk.owner)
    returned = make.wanted(
        company=folk.company, park=folk.park, state="returned", number="XQ-2025-0002", due_on=date(2026, 6, 15)
    )
    sent = offer(folk, "XQ-2025-0003", folk.unit)
    lease = rent(folk, "HIT-01-A-301", ends_on=DAY + timedelta(days=87))
    handover = handovers.open_checklist(lease, "move_in", planned_on=date(2026, 5, 25), by=folk.manager)
    HandoverItem.objects.filter(handover=handover).exclude(name="缴纳押金").update(due_on=None)
    requests.begin(folk.other, by=folk.neighbour)

    page = desk(client, folk.member)

    assert todo(page) == [
        (f"/offers/{sent.number}/", f"Answer offer {sent.number} of Sample Park 示例创新园", "2 days left"),
        (f"/requests/{draft.number}/edit/", f"Go on with {draft.number}", "Draft"),
        (
            f"/requests/{returned.number}/edit/",
            f"Correct request {returned.number}, which was returned",
            "by 2026-06-15",
        ),
        (f"/handovers/{handover.number}/", "Deposit paid 缴纳押金", "7 days overdue"),
    ]
    text = page.content.decode()
    assert "86 days left" in text
    assert "HIT-01-A-301" in text


def test_a_duty_is_listed_before_it_is_overdue_and_what_waits_for_a_signature(client, folk):
    """Items due yesterday, today and in three days; a checklist that is done; a lease that is drawn up."""
    lease = rent(folk, "HIT-01-A-301", number="ZL-2025-0001")
    ahead = handovers.open_checklist(lease, "move_in", planned_on=DAY, by=folk.manager)
    done = handovers.open_checklist(lease, "move_out", planned_on=DAY, by=folk.manager)
    HandoverItem.objects.filter(handover=done).update(done_at=timezone.now(), done_by=folk.manager)
    HandoverItem.objects.filter(handover=ahead).update(due_on=None)
    for item, days in zip(ahead.items.order_by("pk"), (-1, 0, 3), strict=False):
        HandoverItem.objects.filter(pk=item.pk).update(owner="company", due_on=DAY + timedelta(days=days))
    draft = offers.accept(offer(folk, "XQ-2025-0003", folk.unit), by=folk.owner, on=DAY)

    result = {who: todo(desk(client, getattr(folk, who))) for who in ("owner", "member", "neighbour", "manager")}

    duties = [result for url, _words, result in result["owner"] if url == f"/handovers/{ahead.number}/"]
    assert duties == ["1 day overdue", "due today", "due in 3 days"]
    signatures = [
        (f"/leases/{draft.number}/", f"Sign lease {draft.number} with Sample Park 示例创新园", "10 days left"),
        (f"/handovers/{done.number}/", f"Sign checklist {done.number}: Move-out", "all done"),
    ]
    assert result["owner"][3:] == signatures
    assert result["member"] == result["owner"][:4]  # the owner signs
    assert (result["neighbour"], result["manager"]) == ([], [])
    handovers.sign(done, "company", by=folk.owner)
    assert todo(desk(client, folk.owner)) == result["member"]
    Allocation.objects.filter(
        pk__in=draft.lines.values("allocation")
    ).delete()  # as the next writer drops a lapsed hold
    assert todo(desk(client, folk.owner)) == result["member"][:3]


def test_a_lease_past_its_end_says_by_how_many_days(client, folk):
    rent(folk, "HIT-01-A-301", ends_on=DAY)
    rent(folk, "HIT-01-A-302", starts_on=date(2025, 1, 1), ends_on=DAY - timedelta(days=11))

    page = desk(client, folk.owner)

    assert [left for _lease, left in page.context["leases"]] == ["12 days overdue", "1 day overdue"]


def test_a_neighbour_sees_nothing_of_it(client, folk):
    rent(folk, "HIT-01-A-301")
    requests.begin(folk.company, by=folk.owner)
    offer(folk, "XQ-2025-0003", folk.unit)

    page = desk(client, folk.neighbour)

    assert page.context["todo"] == []
    text = page.content.decode()
    for marker in ("HIT-01-A-301", "XQ-", "云雀"):
        assert marker not in text


def test_who_is_in_no_company_is_led_to_the_registration(client, folk):
    page = desk(client, folk.newcomer).content.decode()

    assert reverse("my-company-new") in page
    assert "You are in no company yet." in page


def test_unread_notices_are_counted(client, folk):
    offer(folk, "XQ-2025-0003", folk.unit)

    page = desk(client, folk.owner).content.decode()

    assert Notice.objects.filter(user=folk.owner).count() == 1
    assert "Unread notices: 1" in page


@pytest.mark.parametrize("many", [1, 3])
def test_the_desk_costs_the_same_for_any_number(client, folk, many, django_assert_num_queries):
    for number in range(many):
        unit = make.unit(floor=folk.unit.floor, code=f"HIT-01-A-4{number:02}")
        offer(folk, f"XQ-2025-1{number:03}", unit)
        handovers.open_checklist(
            rent(folk, f"HIT-01-A-5{number:02}"), "move_in", planned_on=date(2026, 5, 1), by=folk.manager
        )
    client.force_login(folk.owner)

    with django_assert_num_queries(10):
        page = client.get(reverse("my-desk"))

    assert len(page.context["leases"]) == many
    assert SpaceRequest.objects.count() == many


def test_the_owner_says_what_the_company_wishes(client, folk):
    lease = rent(folk, "HIT-01-A-301")
    client.force_login(folk.owner)
    url = reverse("lease-act", args=[lease.number, "ask"])

    result = {"note": "再租两年", "version": version_of(lease)}
    refused = client.post(url, result)
    client.post(url, result | {"intent": "renew"})

    lease.refresh_from_db()
    assert refused.status_code == 422
    assert "再租两年" in refused.content.decode()
    assert (lease.intent, lease.intent_note) == ("renew", "再租两年")
    assert Notice.objects.get(event="lease_intent").user == folk.manager


@pytest.mark.parametrize(("who", "status"), [("member", 403), ("manager", 403), ("official", 403), ("neighbour", 404)])
def test_only_the_owner_wishes(client, folk, who, status):
    lease = rent(folk, "HIT-01-A-301")
    client.force_login(getattr(folk, who))

    answer = client.post(reverse("lease-act", args=[lease.number, "ask"]), {"intent": "leave"})

    assert (answer.status_code, Lease.objects.get().intent) == (status, "")
