from datetime import date
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.utils.translation import gettext_lazy as _

from spaces.models.constraints import InsideLifeConstraint
from spaces.models.counted_constraint import CountedConstraint
from spaces.models.dated_facts import UNIT_FACTS, Dated, DatedQuerySet, covering, dated_fact
from spaces.models.fields import CodeOrderField, DayField, LineField, SearchKeyField
from spaces.models.people import AnyUser, reads_all
from spaces.models.places import HEIGHTS, Floor, Park, code_pattern
from spaces.values.lifetimes import not_closed
from spaces.values.periods import Period


class UnitQuerySet(DatedQuerySet["Unit"]):
    def with_facts(self, on: date) -> Self:
        """Units with use and areas of a day; `park_facts` is the period of their park, for values and filters."""
        if self.facts_on == on:
            return self
        path = "floor__building__park__periods"
        of_park = FilteredRelation(path, condition=covering(on, f"{path}__"))
        return super().with_facts(on).annotate(park_facts=of_park)

    def visible_to(self, user: AnyUser) -> Self:
        return self

    def editable_by(self, user: AnyUser, roles: tuple[str, ...] | None = None) -> Self:
        return self.filter(floor__building__park__in=Park.objects.editable_by(user, roles).values("pk"))

    def internal_visible_to(self, user: AnyUser) -> Self:
        """Units whose note and reasons of change the user may read: editors of the place, officials, auditors."""
        return self if reads_all(user) else self.editable_by(user)

    def existing(self, day: date) -> Self:
        """Units whose life covers the day, in buildings that are not closed by then."""
        mine = Q(closes_on=None) | Q(closes_on__gt=day)
        return self.filter(mine, not_closed("floor__building__", day), opens_on__lte=day)

    def incubators(self, on: date) -> Self:
        """Units of what is an incubator on a day; those of industrial parks are a total of their own."""
        return self.filter(floor__building__park__in=Park.objects.incubators(on).values("pk"))


FEATURES = ("water", "drainage", "gas", "ventilation", "freight_lift", "network", "fitted")
# What a unit hands on to those that a split or a merger makes of it.
INHERITED = ("use", "height_m", "load_kg_m2", "power_kw", *FEATURES, "published", "asking_rent")


class Unit(Dated):
    """房间, 单元 or 工位: the smallest thing that is let. It exists in [opens_on, closes_on)."""

    FACTS = UNIT_FACTS
    recorded_lists = ("predecessors",)
    unrecorded_fields = ("code_order", "search_key")
    read_as_known = True
    read_by = {
        "visible_to": (
            "id", "floor_id", "code", "label", "opens_on", "closes_on", "predecessors", "height_m", "load_kg_m2",
            "power_kw", "water", "drainage", "gas", "ventilation", "freight_lift", "network", "fitted", "published",
            "asking_rent",
        ),
        "internal_visible_to": ("note",),
    }  # fmt: skip
    why_read_by = "internal_visible_to"

    floor = models.ForeignKey(Floor, on_delete=models.PROTECT, related_name="units", verbose_name=_("floor"))
    code = LineField(_("code"), max_length=80, unique=True, validators=[code_pattern])
    code_order = CodeOrderField()
    search_key = SearchKeyField(codes=("code",), names=("label",))
    label = LineField(
        _("on the door"),
        max_length=40,
        blank=True,
        help_text=_("What is written on the door where it differs from the code, such as 103(东)."),
    )
    use, usable_area, gross_area, area_source, area_standard, area_on = map(dated_fact, UNIT_FACTS)
    opens_on = DayField(_("exists from"), ahead=20)
    closes_on = DayField(_("exists until (exclusive)"), null=True, blank=True, ahead=20)
    predecessors = models.ManyToManyField("self", symmetrical=False, related_name="successors", blank=True)
    height_m = models.DecimalField(
        _("height (m)"), max_digits=5, decimal_places=2, null=True, blank=True, validators=HEIGHTS
    )
    load_kg_m2 = models.PositiveIntegerField(
        _("floor loading (kg/m²)"), null=True, blank=True, validators=[MaxValueValidator(100_000)]
    )
    power_kw = models.PositiveIntegerField(
        _("power (kW)"), null=True, blank=True, validators=[MaxValueValidator(1_000_000)]
    )
    water = models.BooleanField(_("water"), null=True, blank=True)
    drainage = models.BooleanField(_("drainage"), null=True, blank=True)
    gas = models.BooleanField(_("gas"), null=True, blank=True)
    ventilation = models.BooleanField(_("ventilation"), null=True, blank=True)
    freight_lift = models.BooleanField(_("freight lift"), null=True, blank=True)
    network = models.BooleanField(_("network"), null=True, blank=True)
    fitted = models.BooleanField(_("fitted out"), null=True, blank=True)
    published = models.BooleanField(_("published when vacant"), default=True)
    asking_rent = models.DecimalField(
        _("asking rent (yuan/m²/day)"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100_000)],
    )
    note = LineField(_("note"), max_length=300, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        indexes = [
            models.Index(fields=["code_order"], name="spaces_unit_code_order"),
            # A search looks into every key, of which an index holds many to the page.
            models.Index(fields=["search_key"], name="spaces_unit_search_key"),
        ]
        constraints = [
            InsideLifeConstraint(name="spaces_unit_inside_life", seen_from="Unit"),
            CountedConstraint(
                name="spaces_unit_counted", seen_from="Unit", watches=("floor_id", "opens_on", "closes_on")
            ),
            models.CheckConstraint(
                condition=Q(closes_on=None) | Q(closes_on__gt=F("opens_on")),
                name="spaces_unit_closes_after_opening",
                violation_error_message=_("The unit's last day must not be before its first."),
            ),
            models.CheckConstraint(
                condition=(Q(height_m=None) | Q(height_m__range=(0, 100)))
                & (Q(load_kg_m2=None) | Q(load_kg_m2__lte=100_000))
                & (Q(power_kw=None) | Q(power_kw__lte=1_000_000))
                & (Q(asking_rent=None) | Q(asking_rent__range=(0, 100_000))),
                name="spaces_unit_facts_in_range",
                violation_error_message=_("Height, load, power or rent is out of range."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def whereabouts(self) -> tuple[int | None, int | None]:
        return self.floor.building.park_id, self.pk

    @property
    def life(self) -> Period:
        return Period(self.opens_on, self.closes_on)

    def like(self, **facts: Any) -> "Unit":
        """A new unit on the same floor with the inherited facts of this one; not saved."""
        return Unit(floor=self.floor, **{name: getattr(self, name) for name in INHERITED} | facts)

    def get_use_display(self) -> str:
        return self.fact_label("use")

    def get_area_source_display(self) -> str:
        return self.fact_label("area_source")
