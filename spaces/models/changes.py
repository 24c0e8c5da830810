from typing import Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spaces.constraints import AppendOnlyConstraint
from spaces.fields import LineField, LinesField
from spaces.models.people import READERS, AnyUser, Assignment, User
from spaces.models.places import Park


class ChangeQuerySet(models.QuerySet["Change"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Officials and auditors read all, who edits a park what happened there, everyone what he did himself."""
        if Assignment.objects.in_force(user).filter(role__in=READERS).exists():
            return self
        if user.pk is None:
            return self.none()
        return self.filter(Q(park__in=Park.objects.editable_by(user).values("pk")) | Q(by=user.pk))

    def editable_by(self, user: AnyUser) -> Self:  # noqa: ARG002 nobody, ever
        return self.none()


class Change(models.Model):
    """One row for each write: who, what, before, after, why. Never altered, never removed.

    `before` and `after` are complete rows, so that what was known on any past day can be rebuilt from here alone.
    Types and ids are plain text and numbers, not keys: a record outlives what it is about.
    """

    at = models.DateTimeField(_("at"), db_index=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    verb = LineField(_("verb"), max_length=30)
    object_type = LineField(_("object type"), max_length=50)
    object_id = models.BigIntegerField(_("object id"))
    label = LineField(_("label"), max_length=200)
    park = models.BigIntegerField(_("park id"), null=True)
    unit = models.BigIntegerField(_("unit id"), null=True)
    before = models.JSONField(_("before"), null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(_("after"), null=True, encoder=DjangoJSONEncoder)
    why = LinesField(_("reason"), max_length=500, blank=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"], name="spaces_change_object"),
            models.Index(fields=["park", "id"], name="spaces_change_park"),
            models.Index(fields=["unit", "id"], name="spaces_change_unit"),
        ]
        constraints = [
            AppendOnlyConstraint(
                name="spaces_change_append_only",
                violation_error_code="append_only",
                violation_error_message=_("The change log can't be altered."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.label}"
