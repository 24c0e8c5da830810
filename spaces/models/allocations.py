from collections.abc import Sequence
from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.utils.translation import gettext_lazy as _

from spaces.models.constraints import InsideLifeConstraint, NoOverlapConstraint
from spaces.models.counted_constraint import CountedConstraint
from spaces.models.dated_facts import covering
from spaces.models.fields import DayField, LineField
from spaces.models.people import INSIDERS, AnyUser, reads_all
from spaces.models.recorded import Recorded
from spaces.models.units import Unit
from spaces.states import Purpose
from spaces.values.days import last_day
from spaces.values.lifetimes import overstay


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def with_unit_facts(self, on: date) -> Self:
        """Allocations with `facts` and `park_facts`: the periods of their unit and park, for values and filters."""
        unit, park = "unit__periods", "unit__floor__building__park__periods"
        return self.annotate(
            facts=FilteredRelation(unit, condition=covering(on, f"{unit}__")),
            park_facts=FilteredRelation(park, condition=covering(on, f"{park}__")),
        )

    def visible_to(self, user: AnyUser) -> Self:
        """Allocations are for the people of the place, and for officials and auditors."""
        if reads_all(user):
            return self
        return self.editable_by(user)

    def editable_by(self, user: AnyUser, roles: tuple[str, ...] | None = None) -> Self:
        return self.filter(unit__in=Unit.objects.editable_by(user, roles).values("pk"))

    def covering(self, day: date) -> Self:
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)

    def overlapping(self, starts_on: date, ends_on: date | None) -> Self:
        found = self.filter(Q(ends_on=None) | Q(ends_on__gt=starts_on))
        return found if ends_on is None else found.filter(starts_on__lt=ends_on)

    def live(self, day: date) -> Self:
        """Without the holds that have lapsed by `day`."""
        return self.exclude(self.lapsed_by(day))

    def lapsed(self, day: date) -> Self:
        return self.filter(self.lapsed_by(day))

    @staticmethod
    def lapsed_by(day: date) -> Q:
        return Q(purpose=Purpose.TENANCY, signed_on=None, held_until__lte=day, ends_on__gt=F("held_until"))

    def touching(self, days: Sequence[date]) -> Self:
        """Allocations that matter on one of `days` (ascending): periods that touch them, and tenants in holdover."""
        kept = Q(moved_in_on__isnull=False, handed_back_on=None) | Q(handed_back_on__gt=days[0])
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=days[0]) | kept, starts_on__lte=days[-1])

    def overstaying(self, day: date) -> Self:
        """Moved in, the period is over, and the keys are not back on `day`.

        `handed_back_on > ends_on` repeats the condition of the partial index, so that only late rows are read.
        """
        late = Q(handed_back_on=None) | Q(handed_back_on__gt=F("ends_on"))
        return self.filter(
            late, Q(handed_back_on=None) | Q(handed_back_on__gt=day), moved_in_on__isnull=False, ends_on__lte=day
        )


class Allocation(Recorded):
    """A unit taken for [starts_on, ends_on): a tenancy (held, then signed, then moved in) or out of service.

    The database refuses two rows that overlap on one unit.
    """

    read_as_known = True
    read_by = {
        "visible_to": (
            "id", "unit_id", "purpose", "starts_on", "ends_on", "held_until", "signed_on", "moved_in_on",
            "handed_back_on", "reason",
        ),
    }  # fmt: skip
    removed_read_by = INSIDERS

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="allocations", verbose_name=_("unit"), db_index=False
    )
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices)
    starts_on = DayField(_("from"))
    ends_on = DayField(_("until (exclusive)"), null=True, blank=True)
    held_until = DayField(_("hold lapses on"), null=True, blank=True)
    signed_on = DayField(_("signed on"), null=True, blank=True)
    moved_in_on = DayField(_("moved in on"), null=True, blank=True)
    handed_back_on = DayField(_("handed back on"), null=True, blank=True)
    reason = LineField(_("reason"), max_length=200, blank=True)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        indexes = [
            models.Index(fields=["unit", "ends_on", "starts_on"], name="spaces_allocation_unit_ends"),
            models.Index(fields=["ends_on", "unit"], name="spaces_allocation_ends"),
            models.Index(
                fields=["unit", "ends_on"],
                condition=Q(moved_in_on__isnull=False) & (Q(handed_back_on=None) | Q(handed_back_on__gt=F("ends_on"))),
                name="spaces_allocation_late",
            ),
        ]
        constraints = [
            NoOverlapConstraint(
                name="spaces_allocation_no_overlap",
                key="unit",
                start="starts_on",
                end="ends_on",
                violation_error_code="unit_overlap",
                violation_error_message=_("The unit is already taken in this period."),
            ),
            InsideLifeConstraint(name="spaces_allocation_inside_life", seen_from="Allocation"),
            CountedConstraint(
                name="spaces_allocation_counted",
                seen_from="Allocation",
                watches=(
                    "unit_id",
                    "purpose",
                    "starts_on",
                    "ends_on",
                    "held_until",
                    "signed_on",
                    "moved_in_on",
                    "handed_back_on",
                ),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="spaces_allocation_ends_after_start",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                condition=Q(purpose=Purpose.TENANCY)
                | Q(purpose=Purpose.OFFLINE, held_until=None, signed_on=None, moved_in_on=None, handed_back_on=None),
                name="spaces_allocation_milestones_of_tenancy",
                violation_error_message=_("Only a tenancy is held, signed, moved into and handed back."),
            ),
            models.CheckConstraint(
                condition=~Q(purpose=Purpose.TENANCY)
                | Q(signed_on__isnull=False, held_until=None)
                | Q(signed_on=None, held_until__isnull=False, ends_on__isnull=False),
                name="spaces_allocation_held_or_signed",
                violation_error_message=_("A hold needs a last day and the day it lapses; signing ends the hold."),
            ),
            models.CheckConstraint(
                condition=Q(moved_in_on=None)
                | (
                    Q(signed_on__isnull=False, moved_in_on__gte=F("starts_on"))
                    & (Q(ends_on=None) | Q(ends_on__gt=F("moved_in_on")))
                ),
                name="spaces_allocation_moved_in_while_signed",
                violation_error_message=_("Moving in needs a signed tenancy and a day inside its period."),
            ),
            models.CheckConstraint(
                condition=Q(handed_back_on=None)
                | Q(moved_in_on__isnull=False, ends_on__isnull=False, handed_back_on__gte=F("ends_on")),
                name="spaces_allocation_handed_back_after_end",
                violation_error_message=_(
                    "Only a tenant who has moved in hands back, and the period ends by that day."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.starts_on} – {last_day(self.ends_on) or ''}"

    def whereabouts(self) -> tuple[int | None, int | None]:
        return self.unit.floor.building.park_id, self.unit_id

    def overstays(self, day: date) -> bool:
        """`AllocationQuerySet.overstaying` for one row."""
        since, until = overstay(self.moved_in_on, self.ends_on, self.handed_back_on) or (None, None)
        return since is not None and since <= day and (until is None or day < until)
