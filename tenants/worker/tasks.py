"""Tasks that run after commit. Every task may run twice; the next run does what the last one left."""

from django.tasks import task
from django.utils.translation import gettext as _
from django.utils.translation import override

from spaces.actions import mail
from spaces.actions.retry import atomic_with_retry
from spaces.mail import composing
from spaces.models import User
from spaces.states import MailKind
from spaces.values import clock
from tenants.models import Notice
from tenants.notices import notice_texts
from tenants.worker import kept_forecasts


@task
def mail_notices() -> int:
    """Put every notice that was not mailed yet in the outbox; return their number. Faulty ones are set aside there.

    Notices of users who may get no mail stay in the inbox, also later: a newly confirmed address gets no old ones.
    """
    handed = 0
    for notice in Notice.objects.filter(mailed_at=None).select_related("user").order_by("pk"):
        handed += _hand_over(notice)
    if handed:
        mail.deliver.enqueue()
    return handed


@task
def keep_forecasts() -> int:
    """Keep the forecast of this month; return the number of rows, 0 where it is kept already."""
    return kept_forecasts.keep(clock.today())


@atomic_with_retry
def _hand_over(notice: Notice) -> bool:
    """Mark a notice as mailed and put it in the outbox, if its user gets mail; whether it was put there."""
    if not Notice.objects.filter(pk=notice.pk, mailed_at=None).update(mailed_at=clock.now()):
        return False
    if not notice_texts.is_mailed(notice) or not User.objects.mailable().filter(pk=notice.user_id).exists():
        return False
    to, kind = notice.user.email, MailKind.NOTICE
    try:
        subject, body = _written(notice)
    except Exception as error:  # noqa: BLE001 whatever one notice breaks on, the others are to leave
        mail.put_aside(kind=kind, to=to, error=error)
        return False
    mail.put(kind=kind, to=to, subject=subject, body=body)
    return True


def _written(notice: Notice) -> tuple[str, str]:
    with override(notice.user.language):
        footer = _("Sent by the system, please do not answer.")
        subject = f"【{composing.site_title()}】{notice_texts.mail_subject(notice)}"
        return subject, f"{notice_texts.text(notice)}\n\n{composing.on_site(notice.link)}\n\n{footer}\n"
