from typing import Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spaces.models import User
from spaces.models.fields import LineField
from spaces.models.people import AnyUser


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: AnyUser) -> Self:
        return self.filter(user=user.pk)

    def editable_by(self, user: AnyUser) -> Self:
        return self.visible_to(user)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notice(models.Model):
    """One event for one user: in the inbox, and mailed by the worker.

    Event and facts are stored, not sentences, so that each reader gets the text in their language (notice_texts.py).
    `key` identifies the event, so that a repeated notice adds nothing.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices", verbose_name=_("user"))
    event = LineField(_("event"), max_length=30)
    key = LineField(max_length=120)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    link = LineField(_("link"), max_length=200)
    created_at = models.DateTimeField(_("at"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(fields=["user", "-created_at"], name="tenants_notice_inbox"),
            models.Index(fields=["id"], condition=Q(mailed_at=None), name="tenants_notice_to_mail"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"],
                name="tenants_notice_once",
                violation_error_message=_("This was said already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} #{self.user_id}"
