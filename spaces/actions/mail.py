"""The outbox. A page adds a message; the worker sends it, retries it, or sets it aside.

Raises ValidationError `sent` or `empty` where a message cannot be sent again.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q
from django.tasks import task
from django.utils.translation import gettext as _

from spaces.actions import writing
from spaces.actions.locks import lock_row
from spaces.actions.retry import atomic_with_retry
from spaces.actions.writing import refusal
from spaces.mail import composing
from spaces.models import Mail, User
from spaces.values import clock

logger = logging.getLogger(__name__)

# 1, 2, 4 ... minutes, at most 6 hours: a mail server that is down for a long weekend loses nothing.
FIRST_PAUSE, LONGEST_PAUSE, TRIES = timedelta(minutes=1), timedelta(hours=6), 20
# After this time another worker takes a message whose worker was killed while sending.
CLAIMED_FOR = timedelta(minutes=10)
KEPT = timedelta(days=30)


@atomic_with_retry
def send(*, kind: str, to: str, subject: str, body: str, by: User | None = None) -> None:
    """Put one message in the outbox and have it sent after commit."""
    put(kind=kind, to=to, subject=subject, body=body, by=by)
    # If this fails the message is kept, and the worker finds it later.
    transaction.on_commit(deliver.enqueue, robust=True)


@atomic_with_retry
def put(*, kind: str, to: str, subject: str, body: str, by: User | None = None) -> Mail:
    """Put one message in the outbox without a task: the caller delivers many together."""
    now = clock.now()
    subject, body = composing.one_line(subject, composing.LONGEST_SUBJECT), composing.plain_body(body)
    return Mail.objects.create(kind=kind, to=to, subject=subject, body=body, by=by, created_at=now, next_try_at=now)


@atomic_with_retry
def put_aside(*, kind: str, to: str, error: Exception) -> Mail:
    """Record a message that could not be composed, with the reason, so that admins see it."""
    now = clock.now()
    reason = composing.reason(error)
    mail = Mail.objects.create(kind=kind, to=to, created_at=now, set_aside_at=now, last_error=reason)
    logger.error("Mail %s (%s) could not be written: %s. It was put aside.", mail.pk, kind, reason)
    return mail


@atomic_with_retry
def send_again(mail: Mail, *, by: User) -> None:
    """Send a message again that waits or was set aside."""
    row = lock_row(mail)
    if row.sent_at:
        raise refusal("mail", _("This message has left."), "sent")
    if not row.body:
        raise refusal("mail", _("The text of this message could not be made. It can't be sent."), "empty")
    writing.change(row, "send_again", by=by, attempts=0, next_try_at=clock.now(), set_aside_at=None)
    transaction.on_commit(deliver.enqueue, robust=True)


@atomic_with_retry
def prune(*, before: datetime) -> int:
    """Delete messages sent or set aside before a moment; returns how many."""
    return Mail.objects.filter(Q(sent_at__lt=before) | Q(set_aside_at__lt=before)).delete()[0]


@task
def deliver() -> int:
    """Send the messages that are due; returns how many were sent. A refused message does not hold up others.

    If the server itself fails, the run ends; the others stay due, and the next run begins with another one.
    A message is sent before it is marked, so it may be sent twice, but is never lost.
    """
    sent, mailer = 0, None
    for pk in Mail.objects.due(clock.now()).order_by("next_try_at", "pk").values_list("pk", flat=True):
        mail = _claim(pk)
        if mail is None:
            continue
        try:
            mailer = mailer or mailers.default
            mailer.open()
            mailer.send_messages([composing.message(mail)])
        except Exception as error:  # noqa: BLE001 whatever a message breaks on, the next one is to leave
            if composing.is_final(error) or mail.attempts >= TRIES:
                _aside(mail, error)
            else:
                _later(mail, error)
            _close(mailer)
            if composing.is_of_the_server(error):
                break
        else:
            _sent(mail)
            sent += 1
    _close(mailer)
    return sent


def _close(mailer: BaseEmailBackend | None) -> None:
    try:
        if mailer is not None:
            mailer.close()
    except OSError as error:
        logger.info("The connection to the mail server was not closed properly: %s", composing.reason(error))


@atomic_with_retry
def _claim(pk: int) -> Mail | None:
    """The message, with its next try postponed so that no other worker takes it; None if one has it already."""
    now = clock.now()
    found = Mail.objects.due(now).filter(pk=pk)
    if not found.update(attempts=F("attempts") + 1, next_try_at=now + CLAIMED_FOR):
        return None
    return Mail.objects.get(pk=pk)


@atomic_with_retry
def _sent(mail: Mail) -> None:
    left = {"sent_at": clock.now(), "next_try_at": None, "last_error": ""}
    if not settings.DEBUG:  # the mail of the demo is not sent: its mail page shows it
        left |= {"subject": "", "body": ""}
    Mail.objects.filter(pk=mail.pk).update(**left)


@atomic_with_retry
def _aside(mail: Mail, error: Exception) -> None:
    reason = composing.reason(error)
    aside = {"set_aside_at": clock.now(), "next_try_at": None, "last_error": reason}
    Mail.objects.filter(pk=mail.pk).update(**aside)
    logger.error("Mail %s (%s) was put aside after try %s: %s", mail.pk, mail.kind, mail.attempts, reason)


@atomic_with_retry
def _later(mail: Mail, error: Exception) -> None:
    reason, pause = composing.reason(error), min(FIRST_PAUSE * 2 ** (mail.attempts - 1), LONGEST_PAUSE)
    Mail.objects.filter(pk=mail.pk).update(next_try_at=clock.now() + pause, last_error=reason)
    logger.warning(
        "Mail %s (%s) was not sent, try %s: %s. Next try in %d minutes.",
        mail.pk,
        mail.kind,
        mail.attempts,
        reason,
        pause.total_seconds() // 60,
    )
