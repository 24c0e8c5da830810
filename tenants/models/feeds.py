from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spaces.models import User
from spaces.models.fields import LineField
from spaces.models.people import AnyUser
from spaces.models.recorded import Recorded


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def visible_to(self, user: AnyUser) -> Self:
        return self.filter(user=user.pk)

    def editable_by(self, user: AnyUser) -> Self:
        return self.visible_to(user)

    def running(self) -> Self:
        return self.filter(ended_at=None, user__is_active=True)


class CalendarFeed(Recorded):
    """The secret address of a user's calendar. Only a digest is stored; a new address ends the old one.

    The calendar is read with the rights of the user on the day it is fetched.
    """

    unrecorded_fields = frozenset({"digest"})
    read_by = {
        "visible_to": ("id", "user_id", "made_at", "ended_at"),
    }  # fmt: skip

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("user"))
    digest = LineField(_("fingerprint"), max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made"), editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(ended_at=None),
                name="tenants_feed_one_running",
                violation_error_message=_("This person has a calendar address already."),
            )
        ]

    def __str__(self) -> str:
        return f"#{self.user_id}"
