"""What a unit is used for and how large it is, from a day on."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from spaces.models.constraints import NoOverlapConstraint
from spaces.models.counted_constraint import CountedConstraint
from spaces.models.dated_facts import UNIT_FACTS, FactPeriod, PeriodQuerySet
from spaces.models.fields import AreaField, DayField, LineField
from spaces.models.people import AnyUser
from spaces.models.places import LONG_AGO
from spaces.models.units import Unit
from spaces.states import AreaSource, Use


class UnitPeriodQuerySet(PeriodQuerySet["UnitPeriod"]):
    def visible_to(self, user: AnyUser) -> Self:
        return self

    def editable_by(self, user: AnyUser, roles: tuple[str, ...] | None = None) -> Self:
        return self.filter(unit__in=Unit.objects.editable_by(user, roles).values("pk"))

    def internal_visible_to(self, user: AnyUser) -> Self:
        return self.filter(unit__in=Unit.objects.internal_visible_to(user).values("pk"))


class UnitPeriod(FactPeriod):
    """Use and areas of a unit in a period. The life of the unit says on which of its days it exists."""

    OF, FACTS, READ_WITH = "unit", UNIT_FACTS, ("unit__floor__building",)
    read_as_known = True
    read_by = {"visible_to": ("id", "unit_id", "starts_on", "ends_on", *UNIT_FACTS), "internal_visible_to": ()}
    why_read_by = "internal_visible_to"

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="periods", verbose_name=_("unit"))
    use = models.CharField(_("use"), max_length=20, choices=Use.choices)
    usable_area = AreaField(_("usable area (m²)"), null=True, blank=True)
    gross_area = AreaField(_("gross area (m²)"), null=True, blank=True)
    area_source = models.CharField(_("area source"), max_length=20, choices=AreaSource.choices, blank=True)
    area_standard = LineField(_("area standard"), max_length=50, blank=True)
    area_on = DayField(_("measured on"), null=True, blank=True, earliest=LONG_AGO, ahead=0)

    objects = UnitPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("use and area of a unit")
        verbose_name_plural = _("uses and areas of units")
        # Best fit first, for one use and for any: the search reads only the rows of a page.
        indexes = [
            models.Index(fields=["use", "usable_area", "unit"], name="spaces_unitperiod_use_area"),
            models.Index(fields=["usable_area", "unit"], name="spaces_unitperiod_area"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["unit", "starts_on"], name="spaces_unitperiod_once"),
            NoOverlapConstraint(
                key="unit",
                start="starts_on",
                end="ends_on",
                name="spaces_unitperiod_no_overlap",
                violation_error_code="facts_overlap",
                violation_error_message=_("Another use or area is recorded for these days already."),
            ),
            CountedConstraint(
                name="spaces_unitperiod_counted",
                seen_from="UnitPeriod",
                watches=("unit_id", "starts_on", "ends_on", "use", "usable_area"),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="spaces_unitperiod_ends_after_start",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                condition=Q(use__in=Use.values),
                name="spaces_unitperiod_use_known",
                violation_error_message=_("This use is not known."),
            ),
            models.CheckConstraint(
                condition=Q(usable_area=None) | Q(gross_area=None) | Q(usable_area__lte=F("gross_area")),
                name="spaces_unitperiod_usable_within_gross",
                violation_error_message=_("The usable area can't be larger than the gross area."),
            ),
        ]

    def __str__(self) -> str:
        return self.unit.code

    def whereabouts(self) -> tuple[int | None, int | None]:
        return self.unit.floor.building.park_id, self.unit_id
