"""Work after commit. Every task may run twice: what it did not get done, the next run picks up."""

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from tenants import notices
from tenants.models import Notice

logger = logging.getLogger(__name__)


@task
def mail_notices() -> int:
    """Mail every notice that has not been mailed; how many got out. A mail server that is down loses none.

    A message goes out before it is marked, so it may go out twice, never not at all: its id is the notice's, so that a
    repeat can be told.
    """
    sent = 0
    for notice in Notice.objects.filter(mailed_at=None).select_related("user").order_by("pk"):
        try:
            _message(notice).send()
        except OSError as error:  # SMTP errors are OSErrors
            logger.warning("Notice %s was not mailed, the next run tries again: %s", notice.pk, error)
            break
        Notice.objects.filter(pk=notice.pk).update(mailed_at=timezone.now())
        sent += 1
    return sent


def _message(notice: Notice) -> EmailMessage:
    site = settings.SITE_URL.rstrip("/")
    with override(notice.user.language):
        title = settings.SITE_TITLE or _("Longjiang Innovation Space")
        footer = _("Sent by the system, please do not answer.")
        return EmailMessage(
            subject=f"【{title}】{notices.subject(notice)}",
            body=f"{notices.text(notice)}\n\n{site}{notice.link}\n\n{footer}\n",
            to=[notice.user.email],
            headers={"Message-ID": f"<notice-{notice.pk}@{settings.MAIL_DOMAIN}>"},
        )
