"""Check whether mail can be sent, and list unsent mail."""

import smtplib
import socket
import ssl
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, mailers
from django.core.mail.backends.smtp import EmailBackend
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from spaces.mail import composing
from spaces.models import Mail

SHOWN = 20
# What failed, and what to check. Subclasses come before their base classes.
EXPLAINED = (
    (socket.gaierror, "The name of the mail server is not known here: {host}. Look at MAIL_HOST."),
    (
        ConnectionRefusedError,
        "Nothing listens at {server}. Look at MAIL_HOST and MAIL_PORT, and whether the server runs.",
    ),
    (
        (TimeoutError, smtplib.SMTPServerDisconnected),
        "No answer within {timeout} seconds from {server}, or it hung up. Is a firewall between, or MAIL_TLS wrong?",
    ),
    (
        ssl.SSLCertVerificationError,
        "The certificate of {server} is not trusted: {reason} Name the file of your own authority in SSL_CERT_FILE.",
    ),
    (
        ssl.SSLError,
        "TLS failed with {server}: {reason} Look at MAIL_TLS: ssl is for port 465, starttls for port 587.",
    ),
    (smtplib.SMTPNotSupportedError, "This is not offered by {server}: {reason} Look at MAIL_TLS and MAIL_USER."),
    (smtplib.SMTPAuthenticationError, "The login as {user} was refused by {server}: {reason}"),
    (Exception, "The message was not taken by {server}: {reason}"),
)


class Command(BaseCommand):
    help = "Connect to the mail server as the worker does, say what happened, and list the mail that did not leave."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", metavar="ADDRESS", help="send a message to this address, too")

    def handle(self, *, to: str | None, **options: Any) -> None:
        self._list_unsent()
        try:
            mailer = mailers.default
        except ImproperlyConfigured as error:
            raise CommandError(f"The mailer cannot be built: {error}") from error
        if not isinstance(mailer, EmailBackend):
            backend = settings.MAILERS["default"]["BACKEND"]
            raise CommandError(f"Mail is not sent by SMTP but handed to {backend}. Set MAIL_HOST.")
        try:
            mailer.open()
            self.stdout.write(f"Connected to {_server(mailer)}, {_login(mailer)}.")
            if to:
                mailer.send_messages([EmailMessage("Hatchery", "Mail from Hatchery reaches you.", to=[to])])
                self.stdout.write(f"The server took a message to {to}.")
        except (OSError, ValueError) as error:
            raise CommandError(_explained(error, mailer)) from error
        finally:
            mailer.close()

    def _list_unsent(self) -> None:
        unsent = Mail.objects.unsent()
        aside, due = unsent.filter(next_try_at=None), unsent.exclude(next_try_at=None)
        self.stdout.write(f"Waiting: {due.count()}. Put aside: {aside.count()}.")
        for mail in unsent.exclude(last_error="").order_by("-pk")[:SHOWN]:
            what = (
                "put aside" if mail.set_aside_at else f"next try {timezone.localtime(mail.next_try_at):%Y-%m-%d %H:%M}"
            )
            self.stdout.write(
                f"  #{mail.pk} {mail.kind} to {mail.to}, tries {mail.attempts}, {what}: {mail.last_error}"
            )


def _server(mailer: EmailBackend) -> str:
    how = "SSL" if mailer.use_ssl else "STARTTLS" if mailer.use_tls else "no encryption"
    return f"{mailer.host} port {mailer.port} with {how}"


def _login(mailer: EmailBackend) -> str:
    return f"logged in as {mailer.username}" if mailer.username and mailer.password else "without a login"


def _explained(error: Exception, mailer: EmailBackend) -> str:
    known = (sentence for kind, sentence in EXPLAINED if isinstance(error, kind))
    return next(known).format(
        host=mailer.host,
        server=_server(mailer),
        user=mailer.username,
        timeout=mailer.timeout,
        reason=composing.reason(error),
    )
