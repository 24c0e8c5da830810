from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from spaces.models.people import AnyUser


class ThrottleQuerySet(models.QuerySet["Throttle"]):
    def visible_to(self, user: "AnyUser") -> Self:
        """No rows: the keys are hashes."""
        return self.none()

    def editable_by(self, user: "AnyUser") -> Self:
        return self.none()


class Throttle(models.Model):
    """Recent failures of one key, such as an account and an address. See spaces.actions.throttle."""

    key = models.CharField(_("key"), max_length=64, unique=True)
    failures = models.PositiveIntegerField(_("failures"), default=0)
    last_at = models.DateTimeField(_("last failure"))

    objects = ThrottleQuerySet.as_manager()

    class Meta:
        verbose_name = _("throttle")
        verbose_name_plural = _("throttles")

    def __str__(self) -> str:
        return f"#{self.pk}"
