from collections.abc import Collection
from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from spaces.models.constraints import InsideLifeConstraint
from spaces.models.counted_constraint import CountedConstraint
from spaces.models.dated_facts import PARK_FACTS, Dated, DatedQuerySet, dated_fact, dated_key
from spaces.models.fields import AreaField, CodeOrderField, DayField, LineField, SearchKeyField
from spaces.models.level_field import LevelField
from spaces.models.people import (
    EDITORS,
    AnyUser,
    Assignment,
    parks_managed_by,
    remembered,
    roles_of,
    within_one_reading,
)
from spaces.models.recorded import Recorded
from spaces.states import ParkKind, ReviewStep, Role
from spaces.values import clock
from spaces.values.lifetimes import has_opened

LONG_AGO = date(1900, 1, 1)
HEIGHTS = [MinValueValidator(0), MaxValueValidator(100)]

code_pattern = RegexValidator(
    r"^[0-9A-Z\u4e00-\u9fff][0-9A-Z\u4e00-\u9fff._-]*\Z",
    _("“%(value)s” is not a code. Use capital letters, digits, Chinese characters, dot, dash and underscore."),
)


class ParkQuerySet(DatedQuerySet["Park"]):
    def visible_to(self, user: AnyUser) -> Self:
        return self

    def editable_by(self, user: AnyUser, roles: tuple[str, ...] | None = None) -> Self:
        if not within_one_reading():
            return self._looked_after_by(user, roles or EDITORS)
        held = frozenset(roles or EDITORS) & roles_of(user)

        def ask() -> frozenset[int]:
            if Role.ECOSYSTEM_OFFICER not in held:
                return parks_managed_by(user) if Role.PARK_MANAGER in held else frozenset()
            return frozenset(self.model.objects.all()._looked_after_by(user, held).values_list("pk", flat=True))

        return self.filter(pk__in=remembered((Park, user.pk, held), ask))

    def _looked_after_by(self, user: AnyUser, roles: Collection[str]) -> Self:
        mine = Assignment.objects.in_force(user).filter(role__in=roles)
        officer = mine.filter(role=Role.ECOSYSTEM_OFFICER)
        return self.filter(
            Q(pk__in=mine.filter(role=Role.PARK_MANAGER).values("park"))
            | Q(pk__in=_on(clock.rights_today()).filter(ecosystem__in=officer.values("ecosystem")).values("park"))
            | Q(models.Exists(officer.filter(ecosystem=None)))
        )

    def of_ecosystems(self, ecosystems: Any, on: date) -> Self:
        """Parks that belong to any of `ecosystems` (a query or ids) on a day."""
        return self.filter(pk__in=_on(on).filter(ecosystem__in=ecosystems).values("park"))

    def ecosystems(self, on: date) -> Any:
        """Query for the ids of the ecosystems that these parks belong to on a day."""
        mine = _on(on).filter(park__in=self.order_by().values("pk"), ecosystem__isnull=False)
        return mine.values("ecosystem")

    def incubators(self, on: date) -> Self:
        """孵化载体: the parks counted by the published 56 on a day. Industrial parks have a total of their own."""
        return self.filter(pk__in=_on(on).exclude(kind=ParkKind.INDUSTRIAL_PARK).values("park"))

    def industrial(self, on: date) -> Self:
        """Parks that are industrial parks on a day."""
        return self.of_kind(ParkKind.INDUSTRIAL_PARK, on)

    def of_kind(self, kind: str, on: date) -> Self:
        """Parks of a kind on a day."""
        return self.filter(pk__in=_on(on).filter(kind=kind).values("park"))

    def open_on(self, day: date) -> Self:
        """Parks counted as open on a day; `Park.is_open` is the same rule for one. Areas come from the ledger only."""
        return self.filter(self.opened(day))

    @staticmethod
    def opened(day: date) -> Q:
        """The condition of `open_on`."""
        return Q(opened_on=None) | Q(opened_on__lte=day)


def _on(day: date) -> Any:
    """The periods of parks that cover a day."""
    return Park.period_model().objects.covering(day)


class Park(Dated):
    """载体 or 园区: an incubator, maker space, accelerator, science park or industrial park."""

    FACTS = PARK_FACTS
    unrecorded_fields = ("code_order", "search_key")
    read_as_known = True
    read_by = {
        "visible_to": (
            "id", "code", "name", "name_en", "aliases", "city", "city_en", "address", "planned_area", "opened_on",
            "review_steps", "contact", "source_note", "sample",
        ),
    }  # fmt: skip

    code = LineField(_("code"), max_length=30, unique=True, validators=[code_pattern])
    code_order = CodeOrderField()
    search_key = SearchKeyField(codes=("code",), names=("name", "name_en", "aliases"))
    name = LineField(_("name"), max_length=100)
    name_en = LineField(_("English name"), max_length=100, blank=True)
    aliases = models.JSONField(_("former and other names"), default=list, blank=True)
    ecosystem_id, kind, controllable_area, operator = map(dated_fact, ("ecosystem_id", *PARK_FACTS[1:]))
    ecosystem = dated_key("ecosystem")
    city = LineField(_("city"), max_length=30)
    city_en = LineField(_("city in English"), max_length=30, blank=True)
    address = LineField(_("address"), max_length=200, blank=True)
    planned_area = AreaField(_("planned area (m²)"), null=True, blank=True)
    opened_on = DayField(_("opened on"), null=True, blank=True, earliest=LONG_AGO, ahead=20)
    review_steps = models.JSONField(_("review steps"), default=list, blank=True)
    contact = LineField(_("public contact"), max_length=200, blank=True)
    source_note = LineField(_("where this is known from"), max_length=300, blank=True)
    sample = models.BooleanField(_("sample data"), default=False)

    objects = ParkQuerySet.as_manager()

    class Meta:
        verbose_name = _("park")
        verbose_name_plural = _("parks")
        indexes = [models.Index(fields=["code_order"], name="spaces_park_code_order")]
        constraints = [
            CountedConstraint(name="spaces_park_counted", seen_from="Park", watches=("opened_on",)),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Check the review steps: known ones, each once, in the order in which they are taken."""
        typed = self.review_steps if isinstance(self.review_steps, list) else [self.review_steps]
        if self.review_steps != [step for step in ReviewStep.values if step in typed]:
            message = _("Review steps cannot be “%(value)s”. Choose from these, in this order, each once: %(known)s.")
            params = {"value": ", ".join(str(step) for step in typed), "known": ", ".join(ReviewStep.values)}
            raise ValidationError({"review_steps": ValidationError(message, code="review_steps", params=params)})

    def whereabouts(self) -> tuple[int | None, int | None]:
        return self.pk, None

    def get_kind_display(self) -> str:
        return self.fact_label("kind")

    def is_open(self, day: date) -> bool:
        return has_opened(self.opened_on, day)


class BuildingQuerySet(models.QuerySet["Building"]):
    def visible_to(self, user: AnyUser) -> Self:
        return self

    def editable_by(self, user: AnyUser, roles: tuple[str, ...] | None = None) -> Self:
        return self.filter(park__in=Park.objects.editable_by(user, roles).values("pk"))


class Building(Recorded):
    """楼栋 or a phase (一期) of a park, with the days of its milestones."""

    unrecorded_fields = ("code_order", "search_key")
    read_as_known = True
    read_by = {
        "visible_to": (
            "id", "park_id", "code", "name", "name_en", "phase", "gross_area", "planned_area", "planned_on",
            "construction_on", "fitout_on", "ready_on", "closed_on",
        ),
    }  # fmt: skip

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="buildings", verbose_name=_("park"))
    code = LineField(_("code"), max_length=20, validators=[code_pattern])
    code_order = CodeOrderField()
    search_key = SearchKeyField(codes=("code",), names=("name", "name_en", "phase"))
    name = LineField(_("name"), max_length=100)
    name_en = LineField(_("English name"), max_length=100, blank=True)
    phase = LineField(_("phase or plot"), max_length=50, blank=True)
    gross_area = AreaField(_("gross area (m²)"), null=True, blank=True)
    planned_area = AreaField(_("planned area (m²)"), null=True, blank=True)
    planned_on = DayField(_("planned on"), null=True, blank=True, earliest=LONG_AGO, ahead=20)
    construction_on = DayField(_("construction began on"), null=True, blank=True, earliest=LONG_AGO, ahead=20)
    fitout_on = DayField(_("fit-out began on"), null=True, blank=True, earliest=LONG_AGO, ahead=20)
    ready_on = DayField(_("ready on"), null=True, blank=True, earliest=LONG_AGO, ahead=20)
    closed_on = DayField(_("closed on"), null=True, blank=True, earliest=LONG_AGO, ahead=20)

    objects = BuildingQuerySet.as_manager()

    class Meta:
        verbose_name = _("building")
        verbose_name_plural = _("buildings")
        constraints = [
            InsideLifeConstraint(name="spaces_building_inside_life", seen_from="Building"),
            CountedConstraint(
                name="spaces_building_counted", seen_from="Building", watches=("park_id", "ready_on", "closed_on")
            ),
            models.UniqueConstraint(
                fields=["park", "code"],
                name="spaces_building_code_once",
                violation_error_message=_("The park has a building with this code already."),
            ),
            models.CheckConstraint(
                condition=(Q(planned_on=None) | Q(construction_on=None) | Q(planned_on__lte=F("construction_on")))
                & (Q(construction_on=None) | Q(fitout_on=None) | Q(construction_on__lte=F("fitout_on")))
                & (Q(fitout_on=None) | Q(ready_on=None) | Q(fitout_on__lte=F("ready_on")))
                & (Q(planned_on=None) | Q(ready_on=None) | Q(planned_on__lte=F("ready_on")))
                & (Q(construction_on=None) | Q(ready_on=None) | Q(construction_on__lte=F("ready_on")))
                & (Q(planned_on=None) | Q(fitout_on=None) | Q(planned_on__lte=F("fitout_on")))
                & (Q(ready_on=None) | Q(closed_on=None) | Q(ready_on__lt=F("closed_on"))),
                name="spaces_building_milestones_in_order",
                violation_error_message=_("The days must run: planned, construction, fit-out, ready, closed."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def whereabouts(self) -> tuple[int | None, int | None]:
        return self.park_id, None


class FloorQuerySet(models.QuerySet["Floor"]):
    def visible_to(self, user: AnyUser) -> Self:
        return self

    def editable_by(self, user: AnyUser, roles: tuple[str, ...] | None = None) -> Self:
        return self.filter(building__park__in=Park.objects.editable_by(user, roles).values("pk"))


class Floor(Recorded):
    read_as_known = True
    read_by = {
        "visible_to": ("id", "building_id", "level", "label", "gross_area", "usable_area", "height_m"),
    }  # fmt: skip

    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="floors", verbose_name=_("building"))
    level = LevelField(_("level"))
    label = LineField(_("label"), max_length=30)
    gross_area = AreaField(_("gross area (m²)"), null=True, blank=True)
    usable_area = AreaField(_("usable area as registered (m²)"), null=True, blank=True)
    height_m = models.DecimalField(
        _("storey height (m)"), max_digits=5, decimal_places=2, null=True, blank=True, validators=HEIGHTS
    )

    objects = FloorQuerySet.as_manager()

    class Meta:
        verbose_name = _("floor")
        verbose_name_plural = _("floors")
        constraints = [
            InsideLifeConstraint(name="spaces_floor_inside_life", seen_from="Floor"),
            CountedConstraint(name="spaces_floor_counted", seen_from="Floor", watches=("building_id",)),
            models.UniqueConstraint(
                fields=["building", "level"],
                name="spaces_floor_level_once",
                violation_error_message=_("The building has a floor at this level already."),
            ),
            models.UniqueConstraint(
                fields=["building", "label"],
                name="spaces_floor_label_once",
                violation_error_message=_("The building has a floor with this label already."),
            ),
            models.CheckConstraint(
                condition=Q(level__range=(-20, 200)) & (Q(height_m=None) | Q(height_m__range=(0, 100))),
                name="spaces_floor_level_range",
                violation_error_message=_("A level runs from -20 to 200, a height from 0 to 100 m."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.building} {self.label}"

    def whereabouts(self) -> tuple[int | None, int | None]:
        return self.building.park_id, None
