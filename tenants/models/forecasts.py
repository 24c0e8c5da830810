from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from spaces.models.constraints import AppendOnlyConstraint
from spaces.models.people import AnyUser


class ForecastRecordQuerySet(models.QuerySet["ForecastRecord"]):
    def visible_to(self, user: AnyUser) -> Self:
        """No rows: their sums are shown beside what came (tenants.leasing.forecast_score)."""
        return self.none()

    def editable_by(self, user: AnyUser) -> Self:
        return self.none()


class ForecastRecord(models.Model):
    """What was foretold of a park for the end of a month, once in each month. Never altered, never removed.

    Areas are hundredths of m2. `let` is that of “nothing renews”; `ending` what is let besides if all renew, `renewed`
    at the observed rate (null: no rate was known). The park is a number and no key: the record outlives it.
    """

    park = models.BigIntegerField()
    month = models.DateField()  # its first day: that in which it was made
    made_on = models.DateField()
    day = models.DateField()
    lettable = models.BigIntegerField()
    let = models.BigIntegerField()
    ending = models.BigIntegerField()
    renewed = models.BigIntegerField(null=True)

    objects = ForecastRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("kept forecast")
        verbose_name_plural = _("kept forecasts")
        constraints = [
            models.UniqueConstraint(fields=["day", "park", "month"], name="tenants_forecast_once"),
            AppendOnlyConstraint(
                name="tenants_forecast_append_only",
                violation_error_code="append_only",
                violation_error_message=_("A forecast that was kept can't be altered."),
            ),
        ]
        indexes = [models.Index(fields=["month"], name="tenants_forecast_month")]

    def __str__(self) -> str:
        return f"{self.park} {self.made_on} {self.day}"
