"""Where a park belongs and what it is, from a day on."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from spaces.models.constraints import NoOverlapConstraint
from spaces.models.counted_constraint import CountedConstraint
from spaces.models.dated_facts import PARK_FACTS, FactPeriod, PeriodQuerySet
from spaces.models.ecosystems import Ecosystem
from spaces.models.fields import AreaField, LineField
from spaces.models.people import AnyUser
from spaces.models.places import Park
from spaces.states import ParkKind


class ParkPeriodQuerySet(PeriodQuerySet["ParkPeriod"]):
    def visible_to(self, user: AnyUser) -> Self:
        return self

    def editable_by(self, user: AnyUser, roles: tuple[str, ...] | None = None) -> Self:
        return self.filter(park__in=Park.objects.editable_by(user, roles).values("pk"))


class ParkPeriod(FactPeriod):
    """Ecosystem, kind, controllable area and operator of a park in a period.

    Figures of a day take the period of that day; who may act on the park follows that of today.
    """

    OF, FACTS, READ_WITH = "park", PARK_FACTS, ("park", "ecosystem")
    read_as_known = True
    read_by = {
        "visible_to": (
            "id", "park_id", "starts_on", "ends_on", "ecosystem_id", "kind", "controllable_area", "operator",
        ),
    }  # fmt: skip

    park = models.ForeignKey(Park, on_delete=models.CASCADE, related_name="periods", verbose_name=_("park"))
    ecosystem = models.ForeignKey(
        Ecosystem, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ecosystem")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ParkKind.choices)
    controllable_area = AreaField(_("controllable area (m²)"), null=True, blank=True)
    operator = LineField(_("operator"), max_length=100, blank=True)

    objects = ParkPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("ecosystem and kind of a park")
        verbose_name_plural = _("ecosystems and kinds of parks")
        constraints = [
            models.UniqueConstraint(fields=["park", "starts_on"], name="spaces_parkperiod_once"),
            NoOverlapConstraint(
                key="park",
                start="starts_on",
                end="ends_on",
                name="spaces_parkperiod_no_overlap",
                violation_error_code="facts_overlap",
                violation_error_message=_("Another ecosystem or kind is recorded for these days already."),
            ),
            CountedConstraint(
                name="spaces_parkperiod_counted",
                seen_from="ParkPeriod",
                watches=("park_id", "starts_on", "ends_on", "ecosystem_id", "kind"),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="spaces_parkperiod_ends_after_start",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ParkKind.values),
                name="spaces_parkperiod_kind_known",
                violation_error_message=_("This kind of park is not known."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.park} · {self.ecosystem}" if self.ecosystem else str(self.park)

    def whereabouts(self) -> tuple[int | None, int | None]:
        return self.park_id, None
