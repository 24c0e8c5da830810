from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from spaces.models import Park, User
from spaces.models.fields import DayField, LineField, LinesField
from spaces.models.people import EDITORS, AnyUser
from spaces.models.recorded import Recorded
from tenants.models.companies import Company
from tenants.states import Criterion, ExitReason, TenureRule


class IncubationQuerySet(models.QuerySet["Incubation"]):
    def visible_to(self, user: AnyUser) -> Self:
        return self.filter(company__in=Company.objects.visible_to(user).values("pk"))

    def editable_by(self, user: AnyUser, roles: tuple[str, ...] = EDITORS) -> Self:
        return self.filter(park__in=Park.objects.editable_by(user, roles).values("pk"))

    def running(self) -> Self:
        return self.filter(graduated_on=None, exited_on=None)


class Incubation(Recorded):
    """在孵: a stay as an incubatee, independent of the lease, with its limit and the rule behind it."""

    read_as_known = True
    read_by = {
        "visible_to": (
            "id", "company_id", "park_id", "entered_on", "rule", "limit_months", "graduated_on", "criterion",
            "exited_on", "exit_reason", "destination", "sample", "version",
        ),
    }  # fmt: skip

    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="incubations", verbose_name=_("company")
    )
    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="+", verbose_name=_("park"))
    entered_on = DayField(_("entered on"), ahead=0)
    rule = models.CharField(_("rule of the limit"), max_length=10, choices=TenureRule.choices)
    limit_months = models.PositiveSmallIntegerField(_("limit (months)"), validators=[MinValueValidator(1),
                                                    MaxValueValidator(120)])  # fmt: skip
    graduated_on = DayField(_("graduated on"), null=True, blank=True)
    criterion = models.CharField(_("criterion"), max_length=20, choices=Criterion.choices, blank=True)
    exited_on = DayField(_("exited on"), null=True, blank=True)
    exit_reason = models.CharField(_("why it left"), max_length=12, choices=ExitReason.choices, blank=True)
    destination = LineField(_("where it went"), max_length=200, blank=True)
    sample = models.BooleanField(_("sample data"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = IncubationQuerySet.as_manager()

    class Meta:
        verbose_name = _("incubation")
        verbose_name_plural = _("incubations")
        constraints = [
            models.UniqueConstraint(
                fields=["company"],
                condition=Q(graduated_on=None, exited_on=None),
                name="tenants_incubation_one_running",
                violation_error_message=_("The company is being incubated already."),
            ),
            models.CheckConstraint(
                condition=(Q(graduated_on=None, criterion=""))
                | (Q(graduated_on__isnull=False, graduated_on__gte=F("entered_on")) & ~Q(criterion="")),
                name="tenants_incubation_graduated_by_criterion",
                violation_error_message=_("Graduation needs a day after entry and its criterion."),
            ),
            models.CheckConstraint(
                condition=(Q(exited_on=None, exit_reason=""))
                | (Q(exited_on__isnull=False, exited_on__gte=F("entered_on")) & ~Q(exit_reason="")),
                name="tenants_incubation_exited_with_reason",
                violation_error_message=_("An exit needs a day after entry and a reason."),
            ),
            models.CheckConstraint(
                condition=Q(rule__in=TenureRule.values) & Q(limit_months__range=(1, 120)),
                name="tenants_incubation_rule_known",
                violation_error_message=_("This rule is not known."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} {self.entered_on}"

    def whereabouts(self) -> tuple[int | None, int | None]:
        return self.park_id, None


class ExtensionQuerySet(models.QuerySet["Extension"]):
    def visible_to(self, user: AnyUser) -> Self:
        return self.filter(incubation__in=Incubation.objects.visible_to(user).values("pk"))

    def editable_by(self, user: AnyUser, roles: tuple[str, ...] = EDITORS) -> Self:
        return self.filter(incubation__in=Incubation.objects.editable_by(user, roles).values("pk"))


class Extension(Recorded):
    """延期: months requested beyond the limit. They count once someone else has approved them."""

    read_as_known = True
    read_by = {
        "visible_to": (
            "id", "incubation_id", "months", "why", "created_at", "created_by_id", "approved_at", "approved_by_id",
        ),
    }  # fmt: skip

    incubation = models.ForeignKey(
        Incubation, on_delete=models.PROTECT, related_name="extensions", verbose_name=_("incubation")
    )
    months = models.PositiveSmallIntegerField(_("months"), validators=[MinValueValidator(1), MaxValueValidator(24)])
    why = LinesField(_("reason"), max_length=500)
    created_at = models.DateTimeField(_("asked"), editable=False)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("asked by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("approved by")
    )

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="tenants_extension_approved_by_someone",
                violation_error_message=_("An approval has a time and a person."),
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(created_by=None) | ~Q(approved_by=F("created_by")),
                name="tenants_extension_approved_by_another",
                violation_error_message=_("Nobody approves an extension that they asked for themselves."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incubation} +{self.months}"

    def whereabouts(self) -> tuple[int | None, int | None]:
        return self.incubation.park_id, None
