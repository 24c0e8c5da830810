"""The variables for mail, what `check` says of them, and what `check_mail` says in words."""

import socket

import pytest
from aiosmtpd.smtp import AuthResult
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from environ import FileAwareEnv

from config.mail import mailer
from spaces.actions import mail
from spaces.models import Mail
from tests import smtp


def of(*, demo=False, **variables):
    env = FileAwareEnv()
    env.ENVIRON = type(env.ENVIRON)(env=variables)
    return mailer(env, demo=demo)


def test_without_a_host_mail_is_printed():
    assert of() == {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
    assert of(MAIL_BACKEND="x.Backend") == {"BACKEND": "x.Backend"}


def test_mail_of_the_demo_is_shown_on_a_page_and_not_printed():
    assert of(demo=True) == {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    assert of(demo=True, MAIL_HOST="mail.example.test")["BACKEND"] == smtp.SMTP


@pytest.mark.parametrize(
    ("variables", "result"),
    [
        ({}, {"port": 587, "use_tls": True, "use_ssl": False, "username": None, "password": None, "timeout": 10}),
        ({"MAIL_TLS": "ssl"}, {"port": 465, "use_tls": False, "use_ssl": True}),
        ({"MAIL_TLS": "none", "MAIL_PORT": "2525"}, {"port": 2525, "use_tls": False, "use_ssl": False}),
        (
            {"MAIL_USER": "u", "MAIL_PASSWORD": "p w", "MAIL_TIMEOUT": "3"},
            {"username": "u", "password": "p w", "timeout": 3},
        ),
    ],
)
def test_the_variables_make_the_mailer(variables, result):
    made = of(MAIL_HOST="mail.example.test", **variables)

    assert made["BACKEND"] == smtp.SMTP
    assert made["OPTIONS"] == made["OPTIONS"] | result | {"host": "mail.example.test"}


def test_a_secret_can_be_a_file(tmp_path):
    (tmp_path / "password").write_text("s3cret\n")

    made = of(MAIL_HOST="mail.example.test", MAIL_PASSWORD_FILE=str(tmp_path / "password"))

    assert made["OPTIONS"]["password"] == "s3cret"


@pytest.mark.parametrize(
    ("name", "value"),
    [("MAIL_TLS", "yes"), ("MAIL_PORT", "0"), ("MAIL_PORT", "70000"), ("MAIL_PORT", "²"), ("MAIL_TIMEOUT", "soon")],
)
def test_a_value_that_cannot_be_meant_is_refused_by_name(name, value):
    with pytest.raises(ImproperlyConfigured, match=f"{name} is '{value}'. Set it to"):
        of(MAIL_HOST="mail.example.test", **{name: value})


def found(settings, sender="hatchery@example.test", **default):
    settings.MAILERS, settings.DEFAULT_FROM_EMAIL = {"default": default}, sender
    settings.MAIL_DOMAIN = sender.rpartition("@")[2]
    return sorted(each.id for each in run_checks(tags=["mail"], include_deployment_checks=True))


def test_check_says_what_is_wrong_with_the_mailer(settings):
    smtp_to = {"BACKEND": smtp.SMTP}
    remote, login = {"host": "mail.example.test"}, {"username": "u", "password": "p"}

    assert found(settings, BACKEND="django.core.mail.backends.console.EmailBackend") == ["mail.E001"]
    assert found(settings, **smtp_to) == ["spaces.E001"]
    assert found(settings, BACKEND="no.such.Backend") == ["spaces.E001"]
    assert found(settings, **smtp_to, OPTIONS=remote | {"username": "u"}) == ["spaces.E002"]
    assert found(settings, "nobody", **smtp_to, OPTIONS=remote) == ["spaces.E003"]
    assert found(settings, "hatchery@localhost", **smtp_to, OPTIONS=remote) == ["spaces.W002"]
    assert found(settings, **smtp_to, OPTIONS=remote | login) == ["spaces.W001"]
    assert found(settings, **smtp_to, OPTIONS=remote | login | {"use_tls": True}) == []


def result(settings, port, *words, **options):
    settings.MAILERS = smtp.mailers(port, **options)
    try:
        call_command("check_mail", *words)
    except CommandError as error:
        return str(error)
    return ""


def test_check_mail_connects_and_sends(db, settings, capsys):
    with smtp.Server() as server:
        assert result(settings, server.port, "--to", "a@example.test") == ""

    assert server.recipients == ["a@example.test"]
    assert capsys.readouterr().out.splitlines() == [
        "Waiting: 0. Put aside: 0.",
        f"Connected to 127.0.0.1 port {server.port} with no encryption, without a login.",
        "The server took a message to a@example.test.",
    ]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_check_mail_says_why_not(db, settings):
    login = {"username": "u", "password": "p"}
    refuse = {"authenticator": lambda *_result: AuthResult(success=False, handled=False)}
    with smtp.Server(auth_required=True, auth_require_tls=False, **refuse) as server:
        server.replies = {"b@example.test": "550 No"}
        here = f"127.0.0.1 port {server.port} with"
        assert result(settings, server.port, **login).startswith(
            f"The login as u was refused by {here} no encryption: 535"
        )
        assert result(settings, server.port, use_tls=True).startswith(f"This is not offered by {here} STARTTLS")
        assert result(settings, server.port, use_ssl=True).startswith(f"TLS failed with {here} SSL")
        assert "530" in result(settings, server.port, "--to", "a@example.test")
    port = smtp.free_port()
    assert result(settings, port).startswith(f"Nothing listens at 127.0.0.1 port {port} with no encryption.")
    with socket.create_server((smtp.HOST, 0)) as mute:
        assert result(settings, mute.getsockname()[1]).startswith("No answer within 0.5 seconds from 127.0.0.1")
    assert result(settings, port, host="no-such-host.invalid").startswith(
        "The name of the mail server is not known here"
    )
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
    with pytest.raises(CommandError, match=r"Mail is not sent by SMTP but handed to .*console.* Set MAIL_HOST\."):
        call_command("check_mail")


def test_check_mail_lists_what_did_not_leave(db, settings, capsys):
    with smtp.Server() as server:
        settings.MAILERS = smtp.mailers(server.port)
        server.replies = {"a@example.test": "550 No"}
        mail.put(kind="account", to="a@example.test", subject="s", body="https://x/s3cret/")
        mail.deliver.call()
        call_command("check_mail")

    words = capsys.readouterr().out
    assert f"  #{Mail.objects.get().pk} account to a@example.test, tries 1, put aside: 550 No\n" in words
    assert "s3cret" not in words
