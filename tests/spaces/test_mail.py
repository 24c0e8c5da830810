"""The outbox, through a real SMTP server: what is refused is put aside, what fails is tried again, the rest leaves."""

import logging
import re
import socket
from datetime import timedelta

import pytest
from aiosmtpd.smtp import AuthResult
from django.core.exceptions import ValidationError
from django.utils import timezone

from spaces.actions import mail
from spaces.mail import composing
from spaces.models import Change, Mail
from tests import make, smtp

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LINK = "https://hatchery.example.org/accounts/password/reset/key/1-s3cret/"


@pytest.fixture
def server(settings):
    with smtp.Server() as running:
        settings.MAILERS = smtp.mailers(running.port)
        yield running


def put(*recipients, **facts):
    result = {"kind": "account", "subject": "Reset", "body": f"Open {LINK}\n"} | facts
    return [mail.put(to=to, **result) for to in recipients]


def again():
    """All that waits is due now."""
    Mail.objects.exclude(next_try_at=None).update(next_try_at=timezone.now() - timedelta(seconds=1))
    return mail.deliver.call()


def state(row):
    row.refresh_from_db()
    return "sent" if row.sent_at else "aside" if row.set_aside_at else "waits"


def test_a_message_leaves_once_and_keeps_no_words(server, settings):
    settings.DEFAULT_FROM_EMAIL = "Hatchery <hatchery@example.test>"
    (row,) = put("a@example.test", subject="重置密码", body=f"打开 {LINK}\n")

    assert (mail.deliver.call(), mail.deliver.call()) == (1, 0)

    (message,) = server.taken
    assert (message["Subject"], message["To"], message["From"]) == (
        "重置密码", "a@example.test", "Hatchery <hatchery@example.test>"
    )  # fmt: skip
    assert message["Message-ID"] == f"<mail-{row.pk}@{settings.MAIL_DOMAIN}>"
    assert LINK in message.get_content()
    row.refresh_from_db()
    assert (state(row), row.subject, row.body, row.attempts) == ("sent", "", "", 1)


def test_a_refused_recipient_holds_up_nobody_and_is_put_aside_with_the_reason(server, caplog):
    server.replies = {"b@example.test": "550 5.1.1 <b@example.test>: no such user, see http://help.example.test/550"}
    rows = put("a@example.test", "b@example.test", "c@example.test")

    assert mail.deliver.call() == 2

    assert server.recipients == ["a@example.test", "c@example.test"]
    assert [state(row) for row in rows] == ["sent", "aside", "sent"]
    assert rows[1].last_error == "550 5.1.1 … no such user, see …"
    (line,) = caplog.messages
    assert line == f"Mail {rows[1].pk} (account) was put aside after try 1: {rows[1].last_error}"
    assert again() == 0


@pytest.mark.parametrize("reply", ["451 4.7.1 Greylisted", "421 Too many", "never"])
def test_what_fails_for_now_is_tried_again_after_growing_pauses(server, reply, caplog):
    server.replies = {"a@example.test": reply}
    (slow,) = put("a@example.test")
    pauses = []
    for _try in range(4):
        again()
        slow.refresh_from_db()
        pauses.append(round((slow.next_try_at - timezone.now()).total_seconds() / 60))
    put("b@example.test")

    sent = mail.deliver.call()

    assert pauses == [1, 2, 4, 8]
    assert (sent, server.recipients, slow.attempts) == (1, ["b@example.test"], 4)
    assert slow.last_error == reply.replace(
        "never", "SMTPServerDisconnected: Connection unexpectedly closed: timed out"
    )
    assert len(caplog.records) == 4
    assert "Next try in 8 minutes." in caplog.messages[-1]
    server.replies = {}
    assert again() == 1


def test_what_fails_too_often_is_put_aside(server):
    server.replies = {"a@example.test": "451 Not now"}
    (row,) = put("a@example.test")
    Mail.objects.update(attempts=mail.TRIES - 1)

    mail.deliver.call()

    assert (state(row), row.last_error) == ("aside", "451 Not now")


def test_the_last_pause_is_some_hours_and_all_together_a_long_weekend():
    pauses = [min(mail.FIRST_PAUSE * 2**tries, mail.LONGEST_PAUSE) for tries in range(mail.TRIES - 1)]

    assert (pauses[-1], sum(pauses, timedelta()) > timedelta(days=2.5)) == (timedelta(hours=6), True)


def test_a_server_that_is_down_loses_nothing_and_is_asked_once_a_run(settings, caplog):
    port = smtp.free_port()
    settings.MAILERS = smtp.mailers(port)
    rows = put(*(f"{letter}@example.test" for letter in "abc"))

    assert [mail.deliver.call() for _run in range(3)] == [0, 0, 0]

    assert [row.attempts for row in Mail.objects.order_by("pk")] == [1, 1, 1]
    assert {state(row) for row in rows} == {"waits"}
    assert len(caplog.records) == 3
    assert "ConnectionRefusedError" in caplog.text
    with smtp.Server() as up:
        settings.MAILERS = smtp.mailers(up.port)
        assert again() == 3
        assert up.recipients == ["a@example.test", "b@example.test", "c@example.test"]


def test_a_server_that_never_answers_costs_one_time_out_a_run(settings):
    with socket.create_server((smtp.HOST, 0)) as mute:
        settings.MAILERS = smtp.mailers(mute.getsockname()[1])
        rows = put("a@example.test", "b@example.test")

        mail.deliver.call()

    assert [(state(row), row.attempts) for row in rows] == [("waits", 1), ("waits", 0)]
    assert rows[0].last_error == "SMTPServerDisconnected: Connection unexpectedly closed: timed out"


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_server_that_refuses_the_login_or_the_sender_puts_nothing_aside(settings):
    refuse = {"authenticator": lambda *_result: AuthResult(success=False, handled=False)}
    with smtp.Server(auth_required=True, auth_require_tls=False, **refuse) as server:
        errors = []
        for options in ({}, {"username": "u", "password": "p"}):
            settings.MAILERS = smtp.mailers(server.port, **options)
            (row,) = put("a@example.test")
            mail.deliver.call()
            errors.append((state(row), row.last_error[:4]))

    assert errors == [("waits", "530 "), ("waits", "535 ")]


@pytest.mark.parametrize("trusted", [True, False])
def test_starttls_is_used_and_an_unknown_certificate_refused(settings, tmp_path, monkeypatch, trusted):
    path, context = smtp.certificate(tmp_path)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with smtp.Server(tls_context=context, require_starttls=True) as server:
        settings.MAILERS = smtp.mailers(server.port, use_tls=True)
        (row,) = put("a@example.test")

        mail.deliver.call()

    assert (state(row), len(server.taken)) == (("sent", 1) if trusted else ("waits", 0))
    assert ("CERTIFICATE_VERIFY_FAILED" in row.last_error) is not trusted


def test_a_mailer_that_cannot_be_built_loses_nothing(settings):
    settings.MAILERS = {"default": {"BACKEND": smtp.SMTP}}
    (row,) = put("a@example.test")

    mail.deliver.call()

    assert (state(row), row.last_error) == ("waits", "InvalidMailer: MAILERS['default']: OPTIONS must define 'host'.")


HOSTILE = [
    "a\nBcc: victim@example.test",
    "a\r\n\r\nbody",
    "\u202egnp.exe",
    "a\0b",
    "\ud800",
    "长" * 5000,
    " ",
    "\u2028",
]


@pytest.mark.parametrize("words", HOSTILE, ids=ascii)
def test_no_words_stop_a_message_or_the_next(server, words):
    put("a@example.test", subject=words, body=words)
    put("b@example.test")

    assert mail.deliver.call() == 2

    (message, _other) = server.taken
    assert (message["Bcc"], len(message["Subject"]) <= 150) == (None, True)
    assert not re.search(r"[\x00-\x1f\u202a-\u202e\u2028\ud800-\udfff]", message["Subject"])


@pytest.mark.parametrize("address", ["a b@example.test", "ü@example.test", "a@example.test\nBcc: b@x", "@"])
def test_an_address_that_cannot_be_written_is_put_aside(server, address):
    bad, good = put(address, "b@example.test")

    assert mail.deliver.call() == 1

    assert (state(bad), state(good), bad.last_error) == ("aside", "sent", "ValueError")


def test_two_workers_do_not_send_one_message(server, monkeypatch):
    """The second one looks while the first is sending."""
    put("a@example.test")
    seen = []
    build = composing.message
    monkeypatch.setattr(composing, "message", lambda row: (seen.append(mail.deliver.call()), build(row))[1])

    assert (mail.deliver.call(), seen, len(server.taken)) == (1, [0], 1)


def test_no_secret_and_no_address_is_logged(server, caplog):
    caplog.set_level(logging.DEBUG, "spaces")
    replies = [f"550 {LINK} a@example.test", "451 a@example.test", "554 Rejected: Open http://x.example.test"]
    server.replies = {f"{place}@example.test": reply for place, reply in enumerate(replies)}
    put("0@example.test", "1@example.test", "2@example.test", "ü@example.test", "c@example.test")

    mail.deliver.call()

    assert len(caplog.messages) == 4
    assert not re.search(r"s3cret|@|http|Reset", " ".join(caplog.messages))


def test_an_admin_tries_again_and_it_is_recorded_without_words_and_address(server, admin):
    server.replies = {"a@example.test": "550 No"}
    (row,) = put("a@example.test")
    mail.deliver.call()
    row.refresh_from_db()
    server.replies = {}

    mail.send_again(row, by=admin)

    assert (mail.deliver.call(), state(row), row.attempts) == (1, "sent", 1)
    change = Change.objects.get(verb="send_again")
    assert (change.by, change.label) == (admin, f"#{row.pk} account")
    result = str((change.before, change.after))
    assert not re.search(r"s3cret|@|Reset", result)
    with pytest.raises(ValidationError, match="has left"):
        mail.send_again(row, by=admin)


def test_old_messages_are_cleared_and_those_that_wait_kept(db):
    rows = put("a@example.test", "b@example.test", "c@example.test")
    old = timezone.now() - timedelta(days=31)
    Mail.objects.filter(pk=rows[0].pk).update(sent_at=old, next_try_at=None)
    Mail.objects.filter(pk=rows[1].pk).update(set_aside_at=old, next_try_at=None)
    Mail.objects.filter(pk=rows[2].pk).update(next_try_at=old)

    assert mail.prune(before=timezone.now() - mail.KEPT) == 2
    assert Mail.objects.get() == rows[2]


@pytest.mark.parametrize(
    ("words", "result"),
    [
        ("云雀智能装备", "云雀智能装备"),
        ("Win at http://evil.example", "Win at …"),
        ("Win at evil.example/now today", "Win at … today"),
        ("www.evil.example", "…"),
        ("写信给 boss@evil.example", "写信给 …"),
        ("云雀.中国", "…"),
        ("evil。com", "…"),
        ("evil\u200b.example", "evil .example"),
        ("Star\nReset: https://x", "Star Reset: …"),
        ("电表读数。水表读数", "电表读数。水表读数"),
        ("Acme Co., Ltd. No. 3.5", "Acme Co., Ltd. No. 3.5"),
        ("x" * 100, "x" * 59 + "…"),
    ],
)
def test_words_of_others_carry_no_address(words, result):
    assert composing.without_addresses(words) == result


def test_who_signed_up_and_confirmed_nothing_gets_no_mail(db):
    users = [make.user(email=f"{name}@example.test") for name in ("staff", "typed", "confirmed", "gone")]
    for user, verified in zip(users[1:3], (False, True), strict=True):
        user.emailaddress_set.create(email=user.email, verified=verified, primary=True)
    users[3].is_active = False
    users[3].save()

    assert sorted(type(users[0]).objects.mailable().values_list("email", flat=True)) == [
        "confirmed@example.test", "staff@example.test"
    ]  # fmt: skip
