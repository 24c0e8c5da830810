"""The page of one's own account: name, phone, mails, sessions; and its end, with what stays."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from spaces.changes.versions import version_of
from spaces.models import Change, Mail, User
from spaces.states import Role
from tenants.actions import feeds
from tenants.actions.notices import notify
from tenants.models import CalendarFeed, Invitation, Member, Notice
from tenants.notices import notice_texts
from tenants.states import Topic
from tenants.worker.tasks import mail_notices
from tests import make
from tests.frontend import tenancy

pytestmark = pytest.mark.django_db
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/92.0 Edg/92.0"
NAMED = {"name": "Li Xin", "phone": "0451 8600", "language": "en", "mailed": ["requests", "messages"]}


def signed_in(user, **headers):
    client = Client(headers=headers)
    client.post(reverse("account_login"), {"login": user.email, "password": make.PASSWORD})
    return client


def save(client, user, **facts):
    return client.post(reverse("profile"), NAMED | facts | {"version": version_of(user)})


def test_the_header_leads_to_the_account_and_it_is_changed_there(client, folk):
    client.force_login(folk.owner)
    assert f'href="{reverse("profile")}"' in client.get(reverse("my-desk")).content.decode()

    answer = save(client, folk.owner)

    folk.owner.refresh_from_db()
    assert answer["Location"] == reverse("profile")
    assert (folk.owner.name, folk.owner.phone, folk.owner.language) == ("Li Xin", "0451 8600", "en")
    assert folk.owner.muted == ["leases", "digest"]
    (change,) = Change.objects.filter(object_type="spaces.user", verb="change")
    assert (change.by, change.after["muted"], "Li Xin" in str(change.after)) == (
        folk.owner,
        ["leases", "digest"],
        False,
    )
    assert "Li Xin" in client.get(reverse("my-members")).content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "a\u202eb"), ("language", "fr"), ("mailed", ["duty"]), ("phone", "1" * 31)],
)
def test_a_wrong_fact_is_named_and_nothing_typed_is_lost(client, folk, field, value):
    client.force_login(folk.owner)

    answer = save(client, folk.owner, **{"phone": "0451 8600 12"} | {field: value})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert ("0451 8600 12" in answer.content.decode()) == (field != "phone")
    folk.owner.refresh_from_db()
    assert folk.owner.phone == ""


def test_every_notice_has_a_topic_and_a_day_makes_it_a_duty():
    named = [event for events in notice_texts.TOPICS.values() for event in events]

    assert set(named) <= set(notice_texts.EVENTS)
    assert len(named) == len(set(named))
    due = {"until", "due_on", "signed_on", "last_day"}
    dated = {
        event for event, shown in notice_texts.EVENTS.items() if any(f"({each})" in str(shown.text) for each in due)
    }
    assert {notice_texts.topic(event) for event in dated} == {Topic.DUTY}
    assert {notice_texts.topic(event) for event in ("request_submitted", "lease_ending", "lease_overdue")} == {
        Topic.DUTY
    }


def test_what_is_not_chosen_is_not_mailed_and_stays_in_the_inbox(folk):
    User.objects.filter(pk=folk.owner.pk).update(muted=[*Topic.values, "unheard-of"])
    for event in notice_texts.EVENTS:
        Notice.objects.create(
            user=folk.owner, event=event, key=event, facts=FACTS, link="/my/", created_at=timezone.now()
        )

    mail_notices.call()

    duties = sum(notice_texts.topic(event) is Topic.DUTY for event in notice_texts.EVENTS)
    assert len(mail.outbox) + Mail.objects.exclude(sent_at=None).count() >= duties
    assert Mail.objects.count() == duties
    assert Notice.objects.filter(user=folk.owner).count() == len(notice_texts.EVENTS)
    assert not Notice.objects.filter(mailed_at=None).exists()


TEXTS = ("number", "company", "message", "request", "unit", "item", "requests", "leases", "offers")
FACTS = dict.fromkeys(TEXTS, "x") | {
    "until": "2026-06-02", "ends_on": "2026-06-02", "starts_on": "2026-06-01", "day": "2026-06-01",
    "due_on": "2026-06-01", "signed_on": "2026-06-01", "since": "2026-06-01", "last_day": "2026-06-01",
    "areas": {}, "kind": "move_in", "intent": "renew",
}  # fmt: skip


def test_the_language_of_the_account_is_that_of_its_mails(folk):
    for user, language in ((folk.owner, "en"), (folk.member, "zh-hans")):
        User.objects.filter(pk=user.pk).update(language=language)
        notify([user], "message", key=str(user.pk), link="/my/", number="XQ-2026-0001")

    mail_notices.call()

    result = {message.to[0]: message.subject for message in mail.outbox}
    assert "New message on request" in result[folk.owner.email]
    assert "新留言" in result[folk.member.email]


def test_sessions_are_listed_and_all_others_signed_out(folk):
    here, there = signed_in(folk.owner, user_agent=EDGE), signed_in(folk.owner, user_agent="curl/8")
    stranger = signed_in(folk.neighbour)
    page = here.get(reverse("profile")).content.decode()
    assert ("Edge · Windows" in page, page.count("127.0.0.1"), "curl" in page) == (True, 2, False)

    here.post(reverse("profile-sessions-end"))

    codes = [each.get(reverse("notice-list")).status_code for each in (here, there, stranger)]
    assert codes == [200, 302, 200]
    assert UserSession.objects.filter(user=folk.owner).count() == 1
    assert Change.objects.filter(verb="sign_out", by=folk.owner).count() == 1


def test_a_new_password_ends_and_forgets_all_other_sessions(folk):
    here, there = signed_in(folk.owner), signed_in(folk.owner)
    new = "quiet river lamp 42"
    here.post(reverse("account_change_password"), {"oldpassword": make.PASSWORD, "password1": new, "password2": new})

    assert [each.get(reverse("notice-list")).status_code for each in (here, there)] == [200, 302]
    page = here.get(reverse("profile")).content.decode()
    assert (page.count("127.0.0.1"), "this one" in page) == (1, True)


def delete(client):
    """Asked for the password first, then for a tick."""
    url = reverse("profile-delete")
    asked = client.get(url)
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    client.post(asked["Location"], {"password": make.PASSWORD})
    assert client.post(url, {}).status_code == 422
    return client.post(url, {"sure": "on"})


def test_a_deleted_account_leaves_its_acts_and_nothing_of_the_person(client, folk):
    EmailAddress.objects.create(user=folk.member, email=folk.member.email, verified=True, primary=True)
    make.mail(to=folk.member.email)
    make.invitation(company=folk.company, email=folk.member.email, invited_by=folk.owner)
    notify([folk.member], "message", key="m", link="/my/", number="XQ-2026-0001")
    feeds.make(by=folk.member)
    client.force_login(folk.member)
    save(client, folk.member)

    answer = delete(client)

    row = User.objects.get(pk=folk.member.pk)
    assert answer["Location"] == reverse("home")
    assert (row.name, row.email, row.phone, row.is_active) == (f"#{row.pk}", f"{row.pk}@deleted.invalid", "", False)
    assert not row.has_usable_password()
    assert Member.objects.get(user=row).ended_on == timezone.localdate()
    assert not CalendarFeed.objects.filter(user=row, ended_at=None).exists()
    assert [model.objects.filter(user=row).count() for model in (EmailAddress, UserSession, Notice)] == [0, 0, 0]
    assert not Mail.objects.filter(to="member@company.test").exists()
    assert not Invitation.objects.exists()
    assert client.get(reverse("notice-list")).status_code == 302
    assert {"change", "leave", "erase"} <= set(Change.objects.filter(by=row).values_list("verb", flat=True))
    result = str(list(Change.objects.values_list("before", "after", "label", "why")))
    assert [word for word in ("Li Xin", "member@company.test", "8600") if word in result] == []
    assert signed_in(folk.member).get(reverse("notice-list")).status_code == 302


def test_the_only_owner_of_a_company_hands_over_first(client, folk):
    client.force_login(folk.owner)

    answer = delete(client)

    assert answer.status_code == 422
    assert "You are the only owner of 云雀智能装备. Make somebody else owner first." in answer.content.decode()
    assert User.objects.get(pk=folk.owner.pk).is_active
    Member.objects.filter(user=folk.member).update(role="owner")
    assert client.post(reverse("profile-delete"), {"sure": "on"}).status_code == 302


@pytest.mark.parametrize("starts_in", [0, 9])
def test_who_holds_a_role_or_will_hold_one_is_not_deleted(client, starts_in):
    user = make.user()
    make.assignment(user=user, role=Role.AUDITOR, starts_on=timezone.localdate() + timedelta(days=starts_in))
    client.force_login(user)

    answer = delete(client)

    assert answer.status_code == 422
    assert "You hold a role: Auditor. Ask a system admin to end it first." in answer.content.decode()


def test_the_name_is_asked_at_sign_up_and_of_who_was_never_asked(client, folk):
    page = client.get(reverse("account_signup")).content.decode()
    assert 'name="name"' in page
    nameless = client.post(reverse("account_signup"), {"email": "li@firm.test", "password1": make.PASSWORD})
    assert list(nameless.context["form"].errors) == ["name"]

    client.post(reverse("account_signup"), {"name": " 李新 ", "email": "li@firm.test", "password1": make.PASSWORD})
    assert User.objects.get(email="li@firm.test").name == "李新"


@pytest.mark.parametrize(("name", "asked"), [("newcomer", True), ("Zhao Liu", False)])
def test_an_invitation_asks_the_name_where_there_is_none(client, folk, name, asked):
    User.objects.filter(pk=folk.newcomer.pk).update(name=name)
    client.force_login(folk.owner)
    client.post(reverse("my-members"), {"email": folk.newcomer.email, "role": "member"})
    link = tenancy.mailed_link()
    client.force_login(folk.newcomer)

    page = client.get(link).content.decode()
    first = client.post(link)
    joined = client.post(link, {"name": "Qian Qi"}) if asked else first

    assert ('name="name"' in page, first.status_code, joined.status_code) == (asked, 422 if asked else 302, 302)
    assert Member.objects.get(user=folk.newcomer).user.name == ("Qian Qi" if asked else name)
