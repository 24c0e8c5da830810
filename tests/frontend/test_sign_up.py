"""Signing up, a new password, an invitation: nobody learns who has an account. Links are those of SITE_URL."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from spaces.actions.mail import deliver
from spaces.models import Mail, User
from tests import make
from tests.frontend import tenancy

pytestmark = pytest.mark.django_db
HAS, HAS_NONE = "has@example.test", "none@example.test"


def mailed():
    """What the worker has sent by now."""
    deliver.call()
    return mail.outbox


TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


@pytest.fixture
def owner(db):
    return make.user(email=HAS)


def seen(email, answer, client):
    """What a person sees of an answer and of the page it leads to, but for the address that he typed himself."""
    page = client.get(answer["Location"])
    body = TOKEN.sub("", page.content.decode()).replace(email, "")
    return answer.status_code, answer["Location"], page.status_code, body


@pytest.mark.parametrize(
    ("name", "facts"),
    [("account_signup", {"name": "Li Xin", "password1": make.PASSWORD}), ("account_reset_password", {})],
)
def test_both_answers_are_one(owner, hashed, name, facts):
    result = []
    for email in (HAS, HAS_NONE):
        hashed.clear()
        client = Client()
        answer = client.post(reverse(name), {"email": email} | facts)
        result.append((seen(email, answer, client), len(hashed)))

    assert result[0] == result[1]
    assert [message.to for message in mailed()] == [[HAS], [HAS_NONE]]


STEPS = (
    ("account_email_verification_sent", {"code": "AAAA-AAAA"}),
    ("account_email_verification_sent", {"code": ""}),
    ("account_email_verification_sent", {"action": "resend"}),
    ("account_email_verification_sent", {"action": "change", "email": "other@example.test"}),
    ("account_email_verification_sent", {"code": "AAAA-AAAA"}),
    ("account_email_verification_sent", {"code": "AAAA-AAAA"}),
    ("account_email_verification_sent", {"code": "AAAA-AAAA"}),
    ("account_signup", {"name": "Li Xin", "email": "", "password1": "short"}),
)


def test_what_follows_a_sign_up_is_one_too_step_by_step(owner, hashed):
    """Wrong codes, a new code, another address: each answer with its page, its hashes and its number of mails."""
    result = {}
    for email in (HAS, HAS_NONE):
        client, result[email] = Client(), []
        client.post(reverse("account_signup"), {"name": "Li Xin", "email": email, "password1": make.PASSWORD})
        for name, facts in STEPS:
            hashed.clear()
            typed = facts | ({"email": email} if facts.get("email") == "" else {})
            answer = client.post(reverse(name), typed)
            page = client.get(answer["Location"]) if answer.status_code == 302 else answer
            body = TOKEN.sub("", page.content.decode()).replace(email, "")
            mails = Mail.objects.filter(to__in=(email, "other@example.test")).count()
            result[email].append((name, facts, answer.status_code, answer.get("Location"), body, len(hashed), mails))

    assert result[HAS] == result[HAS_NONE]


def test_the_first_page_says_the_same_in_the_demo(owner, settings):
    settings.DEBUG = True
    result = []
    for email in (HAS, HAS_NONE):
        client = Client()
        typed = {"name": "Li Xin", "email": email, "password1": make.PASSWORD}
        result.append(seen(email, client.post(reverse("account_signup"), typed), client))

    assert result[0] == result[1]


def test_a_log_in_does_not_tell_either(owner, hashed):
    result = []
    for email in (HAS, HAS_NONE):
        hashed.clear()
        answer = Client().post(reverse("account_login"), {"login": email, "password": "wrong horse battery"})
        body = TOKEN.sub("", answer.content.decode()).replace(email, "")
        result.append((answer.status_code, body, len(hashed)))

    assert result[0] == result[1]


def test_the_owner_is_told_by_mail_that_he_has_an_account(owner, client):
    client.post(reverse("account_signup"), {"name": "Li Xin", "email": HAS.upper(), "password1": make.PASSWORD})

    assert User.objects.count() == 1
    (result,) = mailed()
    assert "account" in result.body
    assert "/accounts/password/reset/" in result.body


def test_a_new_account_opens_by_the_code_and_not_before(client, db, settings):
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": None}
    client.post(reverse("account_signup"), {"name": "Li Xin", "email": HAS_NONE, "password1": make.PASSWORD})
    assert client.get(reverse("notice-list")).status_code == 302

    elsewhere = Client()
    asked = elsewhere.post(reverse("account_login"), {"login": HAS_NONE, "password": make.PASSWORD})
    assert asked["Location"] == reverse("account_email_verification_sent")
    assert elsewhere.get(reverse("notice-list")).status_code == 302

    code = re.search(tenancy.CODE_IN_MAIL, mailed()[0].body, re.MULTILINE)[0]
    client.post(reverse("account_email_verification_sent"), {"code": code})
    assert client.get(reverse("notice-list")).status_code == 200


def test_who_did_not_sign_up_needs_no_code(owner, client):
    """Accounts of staff are made for an address that a person vouched for; asking for a password changes nothing."""
    Client().post(reverse("account_reset_password"), {"email": HAS})

    assert client.post(reverse("account_login"), {"login": HAS, "password": make.PASSWORD}).status_code == 302
    assert client.get(reverse("notice-list")).status_code == 200


@pytest.mark.parametrize("name", ["account_signup", "account_reset_password"])
def test_mails_that_anybody_can_cause_are_few(owner, name):
    answers = [
        Client().post(
            reverse(name), {"name": "Li Xin", "email": HAS, "password1": make.PASSWORD}, REMOTE_ADDR=f"10.0.0.{number}"
        )
        for number in range(6)
    ]

    assert {answer.status_code for answer in answers} <= {302, 429}
    assert answers[0].status_code == 302
    assert 1 <= len(mailed()) <= 3


@pytest.mark.parametrize("host", ["evil.example.org"])
def test_no_mail_holds_the_host_of_a_request(owner, settings, host):
    settings.ALLOWED_HOSTS = ["hatchery.example.org", host]
    settings.SITE_URL = "https://hatchery.example.org"
    client = Client(headers={"host": host})
    client.post(reverse("account_signup"), {"name": "Li Xin", "email": HAS, "password1": make.PASSWORD})
    client.post(reverse("account_reset_password"), {"email": HAS})
    client.post(reverse("account_reset_password"), {"email": "nobody@example.test"})
    Client(headers={"host": host}).post(
        reverse("account_signup"), {"name": "Li Xin", "email": HAS_NONE, "password1": make.PASSWORD}
    )
    signed_in = Client(headers={"host": host})
    signed_in.force_login(owner)
    new = "quiet river lamp 42"
    signed_in.post(
        reverse("account_change_password"), {"oldpassword": make.PASSWORD, "password1": new, "password2": new}
    )

    assert len(mailed()) >= 4
    assert [host for message in mail.outbox if host in message.subject + message.body] == []
    assert all("https://hatchery.example.org" in m.body for m in mail.outbox if "http" in m.body)


def test_an_invitation_leads_to_the_site(client, settings):
    folk = tenancy.gather()
    settings.ALLOWED_HOSTS = ["hatchery.example.org", "evil.example.org"]
    settings.SITE_URL = "https://hatchery.example.org"
    client.force_login(folk.owner)

    result = []
    for email in (folk.newcomer.email, "nobody@firm.test"):
        client.post(reverse("my-members"), {"email": email, "role": "member"}, headers={"host": "evil.example.org"})
        page = client.get(reverse("my-members"), headers={"host": "evil.example.org"}).content.decode()
        result.append(re.search(r"An invitation to (\S+) is on its way\.", page)[1])

    assert result == [folk.newcomer.email, "nobody@firm.test"]
    assert len(mailed()) == 2
    assert all("https://hatchery.example.org/" in message.body for message in mail.outbox)
    assert all("evil" not in message.body for message in mail.outbox)
