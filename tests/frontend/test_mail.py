"""No page waits for the mail server or breaks with it; what did not leave is shown to admins, without words."""

import ast
import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from spaces.actions import mail as outbox
from spaces.models import Change, Mail, User
from tests import make, smtp
from tests.test_project import trees

pytestmark = pytest.mark.django_db
SECRET = "https://hatchery.example.org/accounts/password/reset/key/1-s3cret/"
# Who may speak to a mail server: the outbox, and what says beforehand whether that works.
SENDERS = {
    "spaces/actions/mail.py",
    "spaces/mail/composing.py",
    "spaces/mail/checks.py",
    "spaces/management/commands/check_mail.py",
}


def test_nothing_sends_mail_but_the_outbox():
    found = {
        str(path)
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom | ast.Import)
        and re.search(r"\bdjango\.core\.mail|\bsmtplib|\bdjango\.core import .*\bmail\b", ast.unparse(node))
    }

    assert found == SENDERS


@pytest.mark.parametrize("server", ["down", "misconfigured"])
def test_sign_up_and_password_reset_answer_without_a_mail_server(
    client, settings, server, django_capture_on_commit_callbacks
):
    broken = {"default": {"BACKEND": smtp.SMTP}}
    settings.MAILERS = smtp.mailers(smtp.free_port()) if server == "down" else broken

    with django_capture_on_commit_callbacks(execute=True):
        signed_up = client.post(
            reverse("account_signup"), {"name": "Li Xin", "email": "new@firm.test", "password1": make.PASSWORD}
        ).status_code
        client.logout()
        reset = client.post(reverse("account_reset_password"), {"email": "new@firm.test"}).status_code

    assert (signed_up, reset, User.objects.filter(email="new@firm.test").exists()) == (302, 302, True)
    rows = Mail.objects.order_by("pk")
    assert [(row.kind, row.to, row.sent_at) for row in rows] == [("account", "new@firm.test", None)] * 2
    assert {bool(row.last_error) for row in rows} == {True}
    with smtp.Server() as up:
        settings.MAILERS = smtp.mailers(up.port)
        Mail.objects.update(next_try_at=timezone.now())
        assert outbox.deliver.call() == 2
        code, link = (message.get_content() for message in up.taken)
        assert re.search(r"\b[A-Z0-9]{3,}-?[A-Z0-9]{3,}\b", code)
        assert "/accounts/password/reset/key/" in link


def put(number, **facts):
    row = outbox.put(kind="account", to=f"p{number}@firm.test", subject="Reset it", body=f"Open {SECRET}")
    Mail.objects.filter(pk=row.pk).update(**facts)
    return row


def aside(number):
    return put(number, set_aside_at=timezone.now(), next_try_at=None, last_error="550 No such user", attempts=1)


def test_an_admin_reaches_what_did_not_leave_and_reads_the_reason_and_no_secret(client, admin):
    waiting, refused = put(1, last_error="ConnectionRefusedError", attempts=3), aside(2)
    put(3, sent_at=timezone.now(), next_try_at=None)
    client.force_login(admin)

    menu = {item["url"] for item in client.get(reverse("help")).context["menu"]}
    answer = client.get(reverse("mail-list"))

    page = answer.content.decode()
    assert reverse("mail-list") in menu
    assert list(answer.context["page"].object_list) == [refused, waiting]
    assert "550 No such user" in page
    assert "p2@firm.test" in page
    assert not re.search(r"s3cret|Reset it", page)


def test_an_empty_page_says_that_all_has_left(client, admin):
    client.force_login(admin)

    page = client.get(reverse("mail-list")).content.decode()

    assert "Every message has left." in page


def test_trying_again_sends_and_is_recorded(client, admin, django_capture_on_commit_callbacks):
    row = aside(1)
    client.force_login(admin)

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("mail-retry", args=[row.pk]), follow=True)

    assert "The message is on its way again." in answer.content.decode()
    assert [message.to for message in mail.outbox] == [["p1@firm.test"]]
    assert Change.objects.filter(verb="send_again", by=admin).count() == 1
    again = client.post(reverse("mail-retry", args=[row.pk]), follow=True)
    assert "This message has left." in again.content.decode()
    assert Change.objects.filter(verb="send_again").count() == 1


@pytest.mark.parametrize("who", ["manager", "officer", "official", "auditor"])
def test_nobody_else_tries_again(client, request, who):
    row = aside(1)
    client.force_login(request.getfixturevalue(who))

    assert client.post(reverse("mail-retry", args=[row.pk])).status_code == 403
    assert Mail.objects.unsent().filter(next_try_at=None).count() == 1
    assert reverse("mail-list") not in {item["url"] for item in client.get(reverse("help")).context["menu"]}


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_for_any_number(client, admin, django_assert_num_queries, many):
    for number in range(many):
        aside(number)
    client.force_login(admin)

    with django_assert_num_queries(6):
        page = client.get(reverse("mail-list"))

    assert len(page.context["page"].object_list) == many
