from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from spaces.models.ecosystems import Ecosystem
from spaces.models.fields import DayField, LineField
from spaces.models.people import AnyUser
from spaces.models.places import Park
from spaces.models.recorded import Recorded


class Measure(models.TextChoices):
    LETTABLE_AREA = "lettable_area", _("Lettable area")
    INCUBATORS = "incubators", _("Incubators")
    NEW_INCUBATORS = "new_incubators", _("Newly opened incubators")
    NEW_LETTABLE_AREA = "new_lettable_area", _("Lettable area of newly opened incubators")
    PLANNED_AREA = "planned_area", _("Planned area")
    FITOUT_AREA = "fitout_area", _("Area being fitted out")
    ECOSYSTEMS = "ecosystems", _("Ecosystems")
    OTHER = "other", _("Other figure")


class FigureUnit(models.TextChoices):
    AREA = "m2", _("m²")
    COUNT = "count", _("count")
    PERCENT = "percent", _("percent")
    MONEY = "cny", _("yuan")
    TEXT = "text", _("words only")


class FigureQuerySet(models.QuerySet["PublishedFigure"]):
    def visible_to(self, user: AnyUser) -> Self:
        return self

    def editable_by(self, user: AnyUser) -> Self:
        return self.filter(
            Q(park__in=Park.objects.editable_by(user).values("pk"))
            | Q(ecosystem__in=Ecosystem.objects.editable_by(user).values("pk"))
        )


class PublishedFigure(Recorded):
    """A published figure: its text as printed, number, day and source. Recorded figures never overwrite it.

    Scope: province (park and ecosystem empty), one ecosystem, or one park.
    """

    read_as_known = True
    read_by = {
        "visible_to": (
            "id", "code", "measure", "title", "title_en", "text", "qualifier", "number", "unit", "ecosystem_id",
            "park_id", "as_of", "as_of_text", "source_title", "source_address", "published_on", "declared", "note",
        ),
    }  # fmt: skip

    code = LineField(_("code"), max_length=20, unique=True)
    measure = models.CharField(_("measure"), max_length=30, choices=Measure.choices)
    title = LineField(_("title"), max_length=200)
    title_en = LineField(_("English title"), max_length=200, blank=True)
    text = LineField(_("as printed"), max_length=100)
    qualifier = LineField(_("qualifier"), max_length=20, blank=True)
    number = models.DecimalField(_("number"), max_digits=18, decimal_places=4, null=True, blank=True)
    unit = models.CharField(pgettext_lazy("measure", "unit"), max_length=10, choices=FigureUnit.choices)
    ecosystem = models.ForeignKey(
        Ecosystem, on_delete=models.PROTECT, null=True, blank=True, related_name="figures", verbose_name=_("ecosystem")
    )
    park = models.ForeignKey(
        Park, on_delete=models.PROTECT, null=True, blank=True, related_name="figures", verbose_name=_("park")
    )
    as_of = DayField(_("as of"))
    as_of_text = LineField(_("as-of date as printed"), max_length=30)
    source_title = LineField(_("source"), max_length=200)
    source_address = LineField(_("address"), max_length=300, blank=True)
    published_on = DayField(_("published on"), null=True, blank=True)
    declared = models.BooleanField(_("declared by the park, not published"), default=False)
    note = LineField(_("note"), max_length=300, blank=True)

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("published figure")
        verbose_name_plural = _("published figures")
        constraints = [
            models.CheckConstraint(
                condition=Q(ecosystem=None) | Q(park=None),
                name="spaces_figure_one_scope",
                violation_error_message=_("A figure is about an ecosystem or a park, not both."),
            ),
            models.CheckConstraint(
                condition=Q(measure__in=Measure.values) & Q(unit__in=FigureUnit.values),
                name="spaces_figure_measure_known",
                violation_error_message=_("This measure or unit is not known."),
            ),
            models.CheckConstraint(
                condition=Q(number=None) | (Q(number__gte=0) & Q(number__lt=10**14)),
                name="spaces_figure_number_range",
                violation_error_message=_("Enter a number from 0."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.text}"

    def whereabouts(self) -> tuple[int | None, int | None]:
        return self.park_id, None


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def visible_to(self, user: AnyUser) -> Self:
        return self

    def editable_by(self, user: AnyUser) -> Self:
        return self.filter(ecosystem__in=Ecosystem.objects.editable_by(user).values("pk"))


class Indicator(Recorded):
    """A monthly number that an ecosystem reports. A missing month is missing, not 0."""

    read_as_known = True
    read_by = {
        "visible_to": ("id", "ecosystem_id", "month", "key", "value", "sample"),
    }  # fmt: skip

    class Key(models.TextChoices):
        NEW_COMPANIES = "new_companies", _("Newly generated companies")
        KEY_PROJECTS = "key_projects", _("Key team projects")
        TRANSFERS = "transfers", _("Results transferred")
        CONTRACT_VALUE = "contract_value", _("Contract value (yuan)")

    ecosystem = models.ForeignKey(
        Ecosystem, on_delete=models.PROTECT, related_name="indicators", verbose_name=_("ecosystem")
    )
    month = DayField(_("month (its first day)"))
    key = models.CharField(_("key"), max_length=30, choices=Key.choices)
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=2, validators=[MinValueValidator(0)])
    sample = models.BooleanField(_("sample data"), default=False)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [
            models.UniqueConstraint(
                fields=["ecosystem", "month", "key"],
                name="spaces_indicator_once",
                violation_error_message=_("This number has been reported for the month already."),
            ),
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="spaces_indicator_first_of_month",
                violation_error_message=_("Give the first day of the month."),
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0)
                & Q(value__lt=10**14)
                & Q(key__in=["new_companies", "key_projects", "transfers", "contract_value"]),
                name="spaces_indicator_value_range",
                violation_error_message=_("Enter a number from 0."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ecosystem} {self.month:%Y-%m} {self.key}"
