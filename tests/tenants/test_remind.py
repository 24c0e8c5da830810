"""Reminders to many companies at once: once a lease and day, to the owners, in their words."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from spaces.models import Change
from tenants.actions import reminders
from tenants.models import Lease, Notice
from tenants.notices import notice_texts
from tenants.worker.tasks import mail_notices
from tests import make
from tests.frontend import desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]


@pytest.fixture
def people():
    people = desk.build()
    people.leases = [desk.signed(people), desk.signed(people, "r405", by="rival")]
    Notice.objects.all().delete()
    return people


def press(client, people, *rows, words="", who="manager"):
    client.force_login(getattr(people, who))
    numbers = ",".join(row.number for row in rows)
    return client.post(reverse("lease-remind"), {"leases": numbers, "words": words}, follow=True)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def test_the_check_page_says_who_is_told_what_and_sends_nothing(client, people):
    client.force_login(people.manager)

    page = client.get(reverse("lease-remind"), {"lease": [row.number for row in people.leases]})

    ((heading, _subject, text, receivers),) = page.context["parts"]
    assert (str(heading), [[user.name for user in each.people] for each in receivers]) == (
        "Ending", [["tenant"], ["rival"]]
    )  # fmt: skip
    assert "renew" in text
    assert (page.context["reminded"], Notice.objects.count()) == (2, 0)


def test_owners_are_told_after_commit_and_by_mail(client, people, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as after:
        answer = press(client, people, *people.leases, words="请于本周答复")

    assert said(answer) == ["Reminded of 2 leases."]
    result = Notice.objects.order_by("pk")
    assert [(row.user.name, row.event, row.link) for row in result] == [
        (name, "lease_reminder", f"/leases/{lease.number}/")
        for name, lease in zip(("tenant", "rival"), people.leases, strict=True)
    ]
    assert notice_texts.text(result[0]).endswith("请于本周答复")
    assert "2028-05-31" in notice_texts.text(result[0])
    assert len(after) == 2
    assert (len(mail.outbox), mail_notices.call(), len(mail.outbox)) == (0, 2, 2)
    changed = Change.objects.filter(verb="remind").order_by("pk")
    assert [(row.label, row.why, row.by) for row in changed] == [
        (lease.number, "请于本周答复", people.manager) for lease in people.leases
    ]


def test_a_second_press_on_the_same_day_sends_nothing_and_says_so(client, people):
    press(client, people, people.leases[0])

    again = press(client, people, *people.leases)
    third = press(client, people, *people.leases)

    assert said(again) == ["Reminded of 1 lease.", "1 lease: its company was reminded today already."]
    assert said(third) == ["Nothing was sent.", "2 leases: their companies were reminded today already."]
    assert (Notice.objects.count(), Change.objects.filter(verb="remind").count()) == (2, 2)


def test_the_next_day_they_may_be_told_again(people):
    result = [
        reminders.remind(people.leases, message="", by=people.manager, on=desk.DAY + timedelta(days=number)).sent
        for number in (0, 0, 1)
    ]

    assert result == [2, 0, 2]


def test_an_overdue_lease_is_told_in_other_words(people):
    lease = people.leases[0]
    on = lease.ends_on

    reminders.remind([lease], message="", by=people.manager, on=on)

    assert [row.event for row in Notice.objects.all()] == ["lease_reminder_late"]
    assert "was 2028-05-31" in notice_texts.text(Notice.objects.get())


def test_who_cannot_be_told_is_said_and_what_is_not_signed_is_passed_over(client, people):
    people.tenant.is_active = False
    people.tenant.save()
    lonely, other = people.leases
    Lease.objects.filter(pk=other.pk).update(state="ended", ended_on=desk.DAY, end_reason="expired")

    page = client.get(reverse("lease-list"))
    answer = press(client, people, lonely, other)

    assert page.status_code == 302
    assert said(answer) == [
        "Nothing was sent.", "1 lease: its company has no owner with an account. Call it."
    ]  # fmt: skip
    assert Notice.objects.count() == 0


def test_leases_of_another_park_are_left_out_as_if_they_were_not_there(client, people):
    foreign = make.lease(company=make.company(), park=make.park())
    client.force_login(people.manager)

    page = client.get(reverse("lease-remind"), {"lease": [people.leases[0].number, foreign.number, "ZL-2026-9999"]})
    answer = press(client, people, foreign)

    assert (page.context["left_out"], page.context["numbers"]) == (2, people.leases[0].number)
    assert (answer.status_code, Notice.objects.count()) == (422, 0)


def test_all_that_match_the_filter(client, people):
    client.force_login(people.manager)

    pages = [
        client.get(reverse("lease-remind"), {"all": "1"} | query).context["numbers"]
        for query in ({}, {"q": "HIT-01-A-405"}, {"within": "30"}, {"within": "x"})
    ]

    both = ",".join(row.number for row in people.leases)
    assert pages == [both, people.leases[1].number, "", ""]


@pytest.mark.parametrize("many", [1, 3])
def test_the_check_page_costs_the_same_for_any_number(client, django_assert_num_queries, many):
    people = desk.build()
    rows = [make.lease(company=people.tenant_company, park=people.park) for _ in range(many)]
    client.force_login(people.manager)

    with django_assert_num_queries(6):
        page = client.get(reverse("lease-remind"), {"lease": [row.number for row in rows]})

    assert page.context["reminded"] == many
