from collections.abc import Collection
from typing import Any, Self

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from spaces.models.constraints import AppendOnlyConstraint
from spaces.models.fields import LineField, LinesField
from spaces.models.people import INSIDERS, READERS, AnyUser, User, holds, reads_all, rights_read_once
from spaces.models.places import Park
from spaces.models.recorded import Recorded


def recorded_models() -> list[type[Recorded]]:
    """Models whose changes are shown: those that declare who reads which of their columns (`read_by`)."""
    return [model for model in apps.get_models() if issubclass(model, Recorded) and model.read_by]


class ChangeQuerySet(models.QuerySet["Change"]):
    def visible_to(self, user: AnyUser, types: Collection[str] | None = None) -> Self:
        """Officials and auditors: all; editors of a park: changes there; everyone: their own acts.

        Of other people's acts only those on objects that the reader may see today, since a row reveals that its object
        exists. What a row shows of its object: spaces.access.disclosure.

        `types`: the object types of these changes, if known. The rules of the others are left out of the statement.
        """
        with rights_read_once():
            found = self.within_reach(user)
            if user.pk is None or not holds(user, INSIDERS):
                return found
            return found.filter(Q(by=user.pk) | _about_visible(user, _looked_after(user), types))

    def within_reach(self, user: AnyUser) -> Self:
        """The changes of which some may be visible: those of the parks that the user looks after, and own acts."""
        if user.pk is None:
            return self.none()
        with rights_read_once():
            if not holds(user, INSIDERS):
                return self.filter(by=user.pk)
            return self if reads_all(user) else self.filter(Q(by=user.pk) | _looked_after(user))

    def editable_by(self, user: AnyUser) -> Self:
        return self.none()


def _looked_after(user: AnyUser) -> Q:
    return Q(park__in=Park.objects.editable_by(user).values("pk"))


def _about_visible(user: AnyUser, looked_after: Q, types: Collection[str] | None) -> Q:
    """Changes of objects that the user may see; of removed ones by the roles of `removed_read_by`."""
    open_types, found = [], Q(pk=None)
    for model in recorded_models():
        if types is not None and model._meta.label_lower not in types:
            continue
        seen = seen_rows(model, user)
        if not seen.query.where:
            open_types.append(model._meta.label_lower)
            continue
        rows = Q(object_id__in=seen.order_by().values("pk"))
        if kept_for := model.removed_read_by:
            place = Q() if reads_all(user) and set(READERS) <= set(kept_for) else looked_after
            rows |= place & ~Q(Exists(model._default_manager.filter(pk=OuterRef("object_id"))))
        found |= Q(object_type=model._meta.label_lower) & rows
    return found | Q(object_type__in=open_types)


def seen_rows(model: type[Recorded], user: AnyUser) -> models.QuerySet[Any]:
    """Rows whose record the user may see at all: the first rule of `read_by`."""
    rows: models.QuerySet[Any] = getattr(model._default_manager.all(), next(iter(model.read_by)))(user)
    return rows


class Change(models.Model):
    """One row for each write: who, what, before, after, why. Never altered, never removed.

    `before` and `after` are complete rows, so that what was known on any past day can be rebuilt from the log alone;
    they are shown through spaces.access.disclosure only.
    Types and ids are plain text and numbers, not foreign keys: the log outlives its objects.
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
