"""Colleagues: invited by a signed link for one address, once, for seven days; the last owner stays."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone, translation

from spaces.actions.mail import deliver
from spaces.changes.versions import version_of
from spaces.models import Change, Mail
from tenants.actions import companies
from tenants.models import Invitation, Member
from tests import make, smtp
from tests.frontend import tenancy
from tests.frontend.tenancy import mailed_link

pytestmark = pytest.mark.django_db


def invite(client, folk, email="newcomer@company.test", role="member"):
    client.force_login(folk.owner)
    return client.post(reverse("my-members"), {"email": email, "role": role})


def test_a_colleague_is_invited_by_mail_and_joins(client, folk):
    invite(client, folk, email="Newcomer@Company.test")
    client.force_login(folk.newcomer)
    page = client.get(mailed_link()).content.decode()

    answer = client.post(mailed_link())

    assert mail.outbox[0].to == ["newcomer@company.test"]
    assert "You are invited to 云雀智能装备." in page
    assert answer["Location"] == reverse("my-desk")
    joined = Member.objects.get(user=folk.newcomer)
    assert (joined.company, joined.role) == (folk.company, "member")
    assert Change.objects.filter(verb="invite", by=folk.owner).count() == 1
    assert Change.objects.filter(verb="join", by=folk.newcomer).count() == 1


def test_who_has_no_account_signs_up_first_and_lands_on_the_invitation(client, folk):
    invite(client, folk, email="fresh@company.test")
    client.logout()
    link = mailed_link()
    to_login = client.get(link)

    page = client.get(to_login["Location"])
    client.post(
        page.context["signup_url"], {"name": "Li Xin", "email": "fresh@company.test", "password1": make.PASSWORD}
    )
    signed_up = tenancy.type_code(client)

    assert signed_up.redirect_chain[-1][0] == link
    assert "You are invited to 云雀智能装备." in signed_up.content.decode()


def listed(client, folk):
    """(address, is its link good?) of what the owner sees."""
    client.force_login(folk.owner)
    return [(row.email, row.holds) for row in client.get(reverse("my-members")).context["invitations"]]


def test_who_is_invited_is_listed_until_he_joins(client, folk):
    invite(client, folk)
    late = make.invitation(company=folk.company, email="late@company.test", invited_by=folk.owner)
    Invitation.objects.filter(pk=late.pk).update(invited_at=timezone.now() - timedelta(days=7, seconds=1))
    make.invitation(company=folk.company, email="left@company.test", invited_by=folk.member)
    make.invitation(company=folk.other, email="theirs@company.test", invited_by=folk.neighbour)

    waiting = listed(client, folk)
    client.force_login(folk.newcomer)
    client.post(mailed_link())

    unheld = [("late@company.test", False), ("left@company.test", False)]
    assert waiting == [*unheld, ("newcomer@company.test", True)]
    assert listed(client, folk) == unheld


def test_an_invitation_taken_back_lets_nobody_in(client, folk):
    invite(client, folk)
    link, row = mailed_link(), Invitation.objects.get()

    done = client.post(reverse("invitation-end", args=[row.pk]), follow=True).content.decode()
    again = client.post(reverse("invitation-end", args=[row.pk]), follow=True).content.decode()

    assert listed(client, folk) == []
    client.force_login(folk.newcomer)
    looked, joined = client.get(link), client.post(link)
    assert "The invitation to newcomer@company.test was taken back." in done
    assert "This invitation was taken up or taken back at" in again
    assert (looked.status_code, joined.status_code) == (422, 422)
    assert "This invitation was taken back, or a newer one was sent." in joined.content.decode()
    assert not Member.objects.filter(user=folk.newcomer).exists()
    assert Change.objects.filter(verb="end", object_type="tenants.invitation", by=folk.owner).count() == 1


def test_an_invitation_sent_again_takes_the_place_of_the_one_before(client, folk):
    invite(client, folk)
    first = mailed_link()

    client.post(reverse("invitation-again", args=[Invitation.objects.get().pk]))
    second = mailed_link()
    too_many = client.post(reverse("invitation-again", args=[Invitation.objects.open().get().pk]), follow=True)

    assert listed(client, folk) == [("newcomer@company.test", True)]
    assert "This address got 2 invitations in 24 hours" in too_many.content.decode()
    client.force_login(folk.newcomer)
    assert client.post(first).status_code == 422
    assert client.post(second)["Location"] == reverse("my-desk")
    assert Member.objects.get(user=folk.newcomer).role == "member"


REFUSALS = {
    "another person": "This invitation is for another e-mail address. Log in with the address it was sent to.",
    "late": "This invitation ran out after seven days. Ask for a new one.",
    "broken": "This link is not complete. Open it from the mail again.",
    "another company": "This invitation is for another company.",
    "used": "This invitation was used already.",
    "no owner any more": "The person who invited you is no longer an owner of the company. Ask for a new invitation.",
}


@pytest.mark.parametrize("case", REFUSALS)
def test_an_invitation_that_does_not_hold(client, folk, case, monkeypatch):
    invite(client, folk)
    link, who = mailed_link(), folk.newcomer
    match case:
        case "another person":
            who = folk.neighbour
        case "late":
            later = timezone.now().timestamp() + timedelta(days=7, seconds=1).total_seconds()
            monkeypatch.setattr("django.core.signing.time.time", lambda: later)
        case "broken":
            link = link[:-2] + "/"
        case "another company":
            link = link.replace(folk.company.number, folk.other.number)
        case "used":
            make.member(user=who, company=folk.company, ended_on=timezone.localdate())
        case "no owner any more":
            Member.objects.filter(user=folk.owner).update(role="member")
    client.force_login(who)
    before = Member.objects.count()

    looked, joined = client.get(link), client.post(link)

    assert (looked.status_code, joined.status_code, Member.objects.count()) == (422, 422, before)
    assert REFUSALS[case] in looked.content.decode()
    assert REFUSALS[case] in joined.content.decode()


def test_a_colleague_who_is_in_already_is_not_invited(client, folk):
    answer = invite(client, folk, email="member@company.test")

    assert answer.status_code == 409
    assert answer.context["form"].errors["email"] == ["This person is in the company already."]
    assert Mail.objects.count() == 0


def test_an_invitation_waits_while_the_mail_server_is_down(client, folk, settings, django_capture_on_commit_callbacks):
    settings.MAILERS = smtp.mailers(smtp.free_port())

    with django_capture_on_commit_callbacks(execute=True):
        answer = invite(client, folk)

    page = client.get(answer["Location"]).content.decode()
    assert "An invitation to newcomer@company.test is on its way. It is good for seven days." in page
    row = Mail.objects.get()
    assert (row.kind, row.to, row.by, row.attempts, row.sent_at) == (
        "invitation", "newcomer@company.test", folk.owner, 1, None
    )  # fmt: skip


def test_an_invitation_carries_no_address_and_no_order_of_a_stranger(client, folk):
    folk.company.name = "Win at http://evil.example\nReset your password"
    folk.company.save()
    folk.owner.name = "boss@evil.example"
    folk.owner.save()
    folk.newcomer.language = "en"
    folk.newcomer.save()
    invite(client, folk)

    deliver.call()

    (message,) = mail.outbox
    assert message.subject == "[Longjiang Innovation Space] You are invited"
    assert message.body.startswith("“…” invites you to work for “Win at … Reset your password” on Longjiang")
    assert re.findall(r"\S+://\S+|evil", message.body) == [f"http://127.0.0.1:8000{mailed_link()}"]


def refusal(client, folk, **facts):
    answer = invite(client, folk, **facts)
    return answer.status_code, answer.context and answer.context["form"].errors.get("email")


def test_one_person_sends_ten_invitations_a_day(client, folk):
    start = timezone.now().replace(microsecond=0)
    for number in range(10):
        assert refusal(client, folk, email=f"n{number}@company.test")[0] == 302
    Mail.objects.update(created_at=start - timedelta(hours=3))

    code, words = refusal(client, folk, email="n10@company.test")

    free = timezone.localtime(start + timedelta(hours=21))
    result = f"It is possible again from {free:%Y-%m-%d %H:%M}."
    assert (code, words) == (422, [f"You have sent 10 invitations within 24 hours. {result}"])
    with (
        translation.override("zh-hans"),
        pytest.raises(ValidationError, match=r"您24小时内已发出 10 份邀请。") as error,
    ):
        companies.invite(folk.company, email="n10@company.test", role="member", by=folk.owner)
    assert error.value.error_dict["email"][0].code == "limit"
    assert Mail.objects.count() == 10
    Mail.objects.update(created_at=start - timedelta(hours=24, seconds=1))
    assert refusal(client, folk, email="n10@company.test")[0] == 302


def test_one_address_gets_two_invitations_a_day_whoever_sends_them(client, folk):
    for inviter in (folk.owner, folk.neighbour):
        company = folk.company if inviter == folk.owner else folk.other
        companies.invite(company, email="victim@elsewhere.test", role="member", by=inviter)

    code, words = refusal(client, folk, email="Victim@Elsewhere.test")

    assert (code, words[0].partition(". ")[0]) == (422, "This address got 2 invitations in 24 hours")


def test_who_confirmed_no_address_invites_nobody(client, folk):
    folk.owner.emailaddress_set.create(email=folk.owner.email, verified=False, primary=True)

    code, words = refusal(client, folk)

    assert (code, words[0].partition(":")[0], Mail.objects.count()) == (
        422,
        "Confirm your own e-mail address first",
        0,
    )


def test_roles_change_and_memberships_end(client, folk):
    client.force_login(folk.owner)
    row = Member.objects.get(user=folk.member)
    asked = client.get(reverse("member-end", args=[row.pk])).content.decode()

    client.post(reverse("member-role", args=[row.pk]), {"version": version_of(row)})
    made_owner = Member.objects.get(pk=row.pk).role
    client.post(reverse("member-end", args=[row.pk]))

    row.refresh_from_db()
    assert "From now on this person has no access to the company" in asked
    assert (made_owner, row.ended_on) == ("owner", timezone.localdate())
    client.force_login(folk.member)
    assert client.get(reverse("my-company"), {"company": folk.company.number}).status_code == 404


@pytest.mark.parametrize("name", ["member-role", "member-end"])
def test_the_last_owner_stays(client, folk, name):
    client.force_login(folk.owner)
    row = Member.objects.get(user=folk.owner)

    answer = client.post(reverse(name, args=[row.pk]), {"version": version_of(row)})

    row.refresh_from_db()
    assert (answer.status_code, row.role, row.ended_on) == (422, "owner", None)
    assert "A company keeps at least one owner. Make someone else owner first." in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("member", 403), ("neighbour", 404), ("newcomer", 404), ("manager", 404), ("official", 403)]
)
def test_only_the_owner_decides_about_members(client, folk, who, status):
    client.force_login(getattr(folk, who))
    row = Member.objects.get(user=folk.member)

    result = {client.post(reverse(name, args=[row.pk])).status_code for name in ("member-role", "member-end")}

    row.refresh_from_db()
    assert (result, row.role, row.ended_on) == ({status}, "member", None)


def test_a_member_sees_the_people_and_invites_nobody(client, folk):
    client.force_login(folk.member)

    page = client.get(reverse("my-members")).content.decode()

    assert "owner@company.test" in page
    assert "neighbour@company.test" not in page
    assert "Mail the invitation" not in page
    assert client.post(reverse("my-members"), {"email": "a@b.test", "role": "owner"}).status_code == 403


@pytest.mark.parametrize("many", [1, 3])
def test_the_people_cost_the_same_for_any_number(client, folk, many, django_assert_num_queries):
    for number in range(many):
        make.member(user=make.user(), company=folk.company, role="member")
        make.invitation(company=folk.company, email=f"n{number}@company.test", invited_by=folk.owner)
    client.force_login(folk.owner)

    with django_assert_num_queries(7):
        page = client.get(reverse("my-members"))

    assert len(page.context["members"]) == many + 2
    assert len(page.context["invitations"]) == many
