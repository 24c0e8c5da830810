"""Compose messages that are safe to send, and interpret the replies of mail servers.

Sending is done by spaces/actions/mail.py.
"""

import re
import smtplib
import unicodedata
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from spaces.models import Mail

LONGEST_SUBJECT = 150
LONGEST_TEXT = 60
LONGEST_REASON = 300
PERMANENT = 500  # RFC 5321, 4.2.1: a 5yz reply says that the same message will be refused again
# Controls, bidi marks, zero width letters, surrogates, private and unassigned ones; line and paragraph separators.
UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# What mail programs turn into a link: an address with a scheme, an e-mail address, a host name.
ADDRESS = re.compile(
    r"\w+:/\S*|\S+@\S+|[\w-]+(?:[.．｡][\w-]+)*(?:[.．｡](?:[^\W\d_]{2,}|xn--[\w-]+)|。[a-z]{2,})\S*", re.IGNORECASE
)


def site_title() -> str:
    return settings.SITE_TITLE or _("Longjiang Innovation Space")


def on_site(link: str) -> str:
    """Absolute URL of a path, or of a URL built from a request, at SITE_URL.

    Every absolute link is made here: the Host of a request can't be trusted in mails and calendars.
    """
    parts = urlsplit(link)
    return settings.SITE_URL.rstrip("/") + urlunsplit(("", "", parts.path, parts.query, parts.fragment))


def one_line(text: str, longest: int) -> str:
    """Printable characters on one line, shortened with an ellipsis."""
    printable = "".join(" " if unicodedata.category(each) in UNPRINTABLE else each for each in text)
    line = " ".join(printable.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def without_addresses(text: str) -> str:
    """Another person's text for a message: one short line without links or addresses."""
    return ADDRESS.sub("…", one_line(text, LONGEST_TEXT))


def plain_body(text: str) -> str:
    """Text of several lines without control characters and direction marks."""
    return "\n".join(
        "".join(each for each in line if each == "\t" or unicodedata.category(each) not in UNPRINTABLE)
        for line in text.splitlines()
    )


def message(mail: Mail) -> EmailMessage:
    """The e-mail of a row. Its Message-ID is the same for each try, so that duplicates can be recognised."""
    headers = {"Message-ID": f"<mail-{mail.pk}@{settings.MAIL_DOMAIN}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(mail.subject, mail.body, to=[mail.to], headers=headers)


def reason(error: Exception) -> str:
    """Why a message was not sent, without addresses; of an error that no server sent only its type."""
    code, reply = _reply(error)
    if code:
        text = f"{code} {reply}"
    elif isinstance(error, OSError | ImproperlyConfigured):
        text = f"{type(error).__name__}: {error}"
    else:
        text = type(error).__name__
    return ADDRESS.sub("…", one_line(text, LONGEST_REASON))


def is_final(error: Exception) -> bool:
    """Whether the server would refuse the same message again."""
    if isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError):
        return _reply(error)[0] >= PERMANENT
    return isinstance(error, smtplib.SMTPNotSupportedError) or not isinstance(error, OSError | ImproperlyConfigured)


def is_of_the_server(error: Exception) -> bool:
    """Whether other messages would fail too: no connection, no reply in time, sender refused."""
    of_a_message = smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError | smtplib.SMTPNotSupportedError
    return isinstance(error, OSError | ImproperlyConfigured) and not isinstance(error, of_a_message)


def _reply(error: Exception) -> tuple[int, str]:
    """Code and text of the server's reply; 0 if there was none."""
    text: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, text = error.smtp_code, error.smtp_error
    else:
        return 0, ""
    return code, text.decode(errors="replace") if isinstance(text, bytes) else text
