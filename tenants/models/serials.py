from datetime import timedelta
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from spaces.models import User
from spaces.models.fields import LineField
from spaces.models.people import AnyUser


class SerialQuerySet(models.QuerySet["Serial"]):
    def visible_to(self, user: AnyUser) -> Self:
        return self.none()

    def editable_by(self, user: AnyUser) -> Self:
        return self.none()


class Serial(models.Model):
    """The last used number of a series, such as XQ of 2026."""

    series = LineField(max_length=10)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    objects = SerialQuerySet.as_manager()

    class Meta:
        verbose_name = _("series of numbers")
        verbose_name_plural = _("series of numbers")
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="tenants_serial_once")]

    def __str__(self) -> str:
        return f"{self.series}-{self.year}"


class AnsweredCall(models.Model):
    """The answer to an API call with an Idempotency-Key, so that repeating the call changes nothing."""

    KEPT = timedelta(hours=24)

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    key = LineField(max_length=100)
    fingerprint = LineField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    created_at = models.DateTimeField()

    objects = SerialQuerySet.as_manager()

    class Meta:
        verbose_name = _("answered call")
        verbose_name_plural = _("answered calls")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="tenants_call_once")]

    def __str__(self) -> str:
        return f"#{self.pk}"
