"""Tables of the month ledger: a cache of sums by state, which the allocations can rebuild at any time.

Areas are hundredths of m2. A row of sums belongs to a park, or to a group: an ecosystem (0: none), industrial parks or
not; 0 in the columns that do not apply. `over` tells the layer: see spaces/ledger/runs.py.
Ids are numbers and not keys: the deltas outlive what they are about.
"""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from spaces.states import UnitState

if TYPE_CHECKING:
    from spaces.models.people import AnyUser

OPENED_FROM = date(2000, 1, 1)  # the first month with an opening; an earlier day is read from the sums of days alone
KEY = ("park", "ecosystem", "industrial", "day", "over")
# The conditions of two partial indexes as each database spells them: SQLite takes an index only for the same words.
STALE = {"sqlite": "stale = 1", "postgresql": "stale"}
UNFOLDED = {"sqlite": "folded = 0", "postgresql": "NOT folded"}
SUMS = tuple(f"{state}_{what}" for state in UnitState.values for what in ("area", "units"))


class CacheQuerySet[Row: models.Model](models.QuerySet[Row]):
    def visible_to(self, user: "AnyUser") -> Self:
        """No rows: what they say is shown through spaces.ledger."""
        return self.none()

    def editable_by(self, user: "AnyUser") -> Self:
        return self.none()


class CountedUnit(models.Model):
    """The runs of a unit as the sums hold them; `stale` from a write to what they depend on until they are counted.

    A trigger of the database marks it (CountedConstraint), whoever writes: as long as a unit is stale no figure is
    read from the sums. Who writes holds the row, so that two writers of one unit count it one after the other.
    """

    unit = models.BigIntegerField(primary_key=True)
    stale = models.BooleanField(default=True)
    runs = models.TextField(default="[]")  # JSON, a third of the size of jsonb; spaces/month_ledger/deltas.py

    objects = CacheQuerySet["CountedUnit"].as_manager()

    class Meta:
        verbose_name = _("counted unit")
        verbose_name_plural = _("counted units")
        indexes = [models.Index(fields=["unit"], condition=models.Q(stale=True), name="spaces_counted_unit_stale")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class StateSums(models.Model):
    """What is added to areas and numbers of units by state, on a day or in a layer."""

    park = models.BigIntegerField()
    ecosystem = models.BigIntegerField()
    industrial = models.BooleanField()
    day = models.DateField()
    over = models.BooleanField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.park} {self.ecosystem} {self.day}"


for _name in SUMS:
    _column = models.BigIntegerField if _name.endswith("_area") else models.IntegerField
    StateSums.add_to_class(_name, _column(default=0))


class LedgerDelta(StateSums):
    """What one write adds on a day to a park and its group. Never altered, but for being folded into the sums.

    `change`: the Change that wrote it, None where a rebuild did. Rows that are not folded are read beside the sums.
    """

    change = models.BigIntegerField(null=True)
    folded = models.BooleanField(default=False)

    objects = CacheQuerySet["LedgerDelta"].as_manager()

    class Meta:
        verbose_name = _("delta of the month ledger")
        verbose_name_plural = _("deltas of the month ledger")
        indexes = [
            models.Index(fields=["day"], condition=models.Q(folded=False), name="spaces_ledger_delta_unfolded"),
            models.Index(fields=["change"], name="spaces_ledger_delta_change"),
        ]


class DaySum(StateSums):
    """What a day adds to a park or to a group."""

    objects = CacheQuerySet["DaySum"].as_manager()

    class Meta:
        verbose_name = _("sum of a day")
        verbose_name_plural = _("sums of days")
        constraints = [models.UniqueConstraint(fields=KEY, name="spaces_day_sum_once")]
        indexes = [models.Index(fields=["park", "day"], name="spaces_day_sum_park")]


class MonthOpening(StateSums):
    """All that was added to a park or to a group before the first day of a month (`day`)."""

    objects = CacheQuerySet["MonthOpening"].as_manager()

    class Meta:
        verbose_name = _("opening of a month")
        verbose_name_plural = _("openings of months")
        constraints = [models.UniqueConstraint(fields=KEY, name="spaces_month_opening_once")]
        indexes = [models.Index(fields=["park", "day"], name="spaces_month_opening_park")]


class MonthLedger(models.Model):
    """The one row that says up to which month there are openings. Who folds deltas holds it."""

    opened_until = models.DateField()

    objects = CacheQuerySet["MonthLedger"].as_manager()

    class Meta:
        verbose_name = _("month ledger")
        verbose_name_plural = _("month ledgers")

    def __str__(self) -> str:
        return f"{self.opened_until}"
