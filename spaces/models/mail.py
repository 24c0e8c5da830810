from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spaces.models.people import AnyUser, User, holds
from spaces.models.recorded import Recorded
from spaces.states import MailKind, Role


class MailQuerySet(models.QuerySet["Mail"]):
    def visible_to(self, user: AnyUser) -> Self:
        if holds(user, (Role.SYSTEM_ADMIN,)):
            return self
        return self.none()

    def editable_by(self, user: AnyUser) -> Self:
        return self.visible_to(user)

    def due(self, now: datetime) -> Self:
        return self.filter(next_try_at__lte=now)

    def unsent(self) -> Self:
        return self.filter(sent_at=None)


class Mail(Recorded):
    """A message of the outbox: waiting (`next_try_at`), sent (`sent_at`) or set aside (`set_aside_at`).

    Subject and body may hold a link that opens an account: no page, record or log shows them, and they are emptied
    once the message is sent.
    """

    personal_fields = frozenset({"to"})
    unrecorded_fields = frozenset({"subject", "body"})
    read_by = {
        "visible_to": (
            "id", "kind", "by_id", "created_at", "attempts", "last_error", "next_try_at", "sent_at", "set_aside_at",
        ),
    }  # fmt: skip

    kind = models.CharField(_("kind"), max_length=20, choices=MailKind)
    to = models.EmailField(_("recipient"))
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("at"))
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    last_error = models.CharField(_("reason"), max_length=300, blank=True)
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    set_aside_at = models.DateTimeField(_("put aside"), null=True, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(next_try_at__isnull=False), name="spaces_mail_due"),
            models.Index(fields=["set_aside_at"], condition=Q(sent_at=None), name="spaces_mail_unsent"),
            models.Index(fields=["kind", "by", "created_at"], name="spaces_mail_by"),
            models.Index(fields=["kind", "to", "created_at"], name="spaces_mail_to"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(next_try_at__isnull=False, sent_at=None, set_aside_at=None)
                | Q(next_try_at=None, sent_at__isnull=False, set_aside_at=None)
                | Q(next_try_at=None, sent_at=None, set_aside_at__isnull=False),
                name="spaces_mail_waits_or_left_or_aside",
                violation_error_message=_("A message waits, has left or was put aside."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=MailKind.values),
                name="spaces_mail_kind_known",
                violation_error_message=_("This kind of message is not known."),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind}"
