import secrets
from datetime import date
from decimal import Decimal
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from spaces.geometry import corners
from spaces.models.fields import DayField, LineField
from spaces.models.people import INSIDERS, AnyUser, Assignment, User, reads_all
from spaces.models.places import LONG_AGO, Floor
from spaces.models.recorded import Recorded
from spaces.models.units import Unit

LARGEST_PX, WIDEST_M = 100_000, 10_000
SIDE = [MinValueValidator(1), MaxValueValidator(LARGEST_PX)]
CENT = Decimal("0.01")


def random_name(_plan: "FloorPlan", name: str) -> str:
    """A random file name. Nothing of the uploaded name is used; the ending follows from the content."""
    return f"plans/{secrets.token_hex(20)}.{name.rpartition('.')[2]}"


class FloorPlanQuerySet(models.QuerySet["FloorPlan"]):
    def visible_to(self, user: AnyUser) -> Self:
        """All for editors of the floor, officials and auditors; public ones for companies; none for others."""
        mine = Assignment.objects.in_force(user)
        if reads_all(user):
            return self
        if user.pk is None:
            return self.none()
        looked_after = Q(floor__in=Floor.objects.editable_by(user).values("pk"))
        return self.filter(looked_after | Q(~models.Exists(mine), public=True))

    def editable_by(self, user: AnyUser, roles: tuple[str, ...] | None = None) -> Self:
        return self.filter(floor__in=Floor.objects.editable_by(user, roles).values("pk"))

    def on(self, day: date) -> Self:
        """The version of each floor that is valid on a day: the newest by then. Does not check rights."""
        newest = FloorPlan.objects.filter(floor=OuterRef("floor"), valid_from__lte=day).order_by("-valid_from")
        return self.filter(pk=Subquery(newest.values("pk")[:1]))


class FloorPlan(Recorded):
    """One version of the plan of a floor: a picture, or only the frame of a drawing, and the shapes of the units."""

    read_as_known = True
    read_by = {
        "visible_to": (
            "id", "floor_id", "valid_from", "public", "note", "width_px", "height_px", "metres_wide", "created_at",
            "created_by_id",
        ),
    }  # fmt: skip
    read_by_nobody = ("picture", "widths", "sha256")

    floor = models.ForeignKey(Floor, on_delete=models.PROTECT, related_name="plans", verbose_name=_("floor"))
    valid_from = DayField(_("valid from"), earliest=LONG_AGO, ahead=5)
    public = models.BooleanField(_("shown to companies"), default=False)
    note = LineField(_("source"), max_length=200, blank=True)
    width_px = models.PositiveIntegerField(_("width (px)"), validators=SIDE)
    height_px = models.PositiveIntegerField(_("height (px)"), validators=SIDE)
    metres_wide = models.DecimalField(
        _("width of the picture (m)"),
        max_digits=8,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.1")), MaxValueValidator(WIDEST_M)],
    )
    picture = models.FileField(_("picture"), upload_to=random_name, max_length=100, blank=True)
    widths = models.JSONField(_("widths of the smaller pictures (px)"), default=list, blank=True, editable=False)
    sha256 = LineField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("uploaded"), editable=False)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("uploaded by")
    )

    objects = FloorPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("floor plan")
        verbose_name_plural = _("floor plans")
        constraints = [
            models.UniqueConstraint(
                fields=["floor", "valid_from"],
                name="spaces_floorplan_version_once",
                violation_error_message=_("The floor has a plan from this day already. Replace its picture instead."),
            ),
            models.CheckConstraint(
                condition=Q(width_px__range=(1, LARGEST_PX), height_px__range=(1, LARGEST_PX)),
                name="spaces_floorplan_sides_range",
                violation_error_message=_("The sides of a plan run from 1 to 100,000 px."),
            ),
            models.CheckConstraint(
                condition=Q(metres_wide=None) | Q(metres_wide__range=(Decimal("0.1"), WIDEST_M)),
                name="spaces_floorplan_scale_range",
                violation_error_message=_("The width of the picture runs from 0.1 to 10,000 m."),
            ),
            models.CheckConstraint(
                condition=Q(picture="", sha256="") | (~Q(picture="") & ~Q(sha256="")),
                name="spaces_floorplan_picture_with_sum",
                violation_error_message=_("A picture is kept with its checksum."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.floor} {self.valid_from}"

    def whereabouts(self) -> tuple[int | None, int | None]:
        return self.floor.building.park_id, None

    @property
    def metres_high(self) -> Decimal | None:
        return None if self.metres_wide is None else self.metres_wide * self.height_px / self.width_px

    def scaled(self, width: int) -> str:
        """File name of the picture scaled to one of `widths`."""
        return f"{str(self.picture).rpartition('.')[0]}-{width}.webp"


class UnitShapeQuerySet(models.QuerySet["UnitShape"]):
    def visible_to(self, user: AnyUser) -> Self:
        return self.filter(plan__in=FloorPlan.objects.visible_to(user).values("pk"))

    def editable_by(self, user: AnyUser, roles: tuple[str, ...] | None = None) -> Self:
        return self.filter(plan__in=FloorPlan.objects.editable_by(user, roles).values("pk"))


class UnitShape(Recorded):
    """The outline of a unit on one version of a plan."""

    read_as_known = True
    read_by = {
        "visible_to": ("id", "plan_id", "unit_id", "points"),
    }  # fmt: skip
    removed_read_by = INSIDERS

    plan = models.ForeignKey(FloorPlan, on_delete=models.PROTECT, related_name="shapes", verbose_name=_("floor plan"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="shapes", verbose_name=_("unit"))
    points = models.JSONField(_("corners"), validators=[corners.check])

    objects = UnitShapeQuerySet.as_manager()

    class Meta:
        verbose_name = _("shape of a unit")
        verbose_name_plural = _("shapes of units")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "unit"],
                name="spaces_unitshape_once",
                violation_error_message=_("The unit has a shape on this plan already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.plan.valid_from}"

    def whereabouts(self) -> tuple[int | None, int | None]:
        return self.plan.floor.building.park_id, self.unit_id

    def area(self) -> Decimal | None:
        """Area in m2 by shape and scale; None while the plan has no scale."""
        wide, high = self.plan.metres_wide, self.plan.metres_high
        if wide is None or high is None:
            return None
        return (Decimal(abs(corners.signed_area(self.points))) * wide * high).quantize(CENT)


class AdjacencySource(models.TextChoices):
    FOUND = "found", _("found from the shapes")
    PERSON = "person", _("set by a person")


class AdjacencyQuerySet(models.QuerySet["Adjacency"]):
    def visible_to(self, user: AnyUser) -> Self:
        return self

    def editable_by(self, user: AnyUser, roles: tuple[str, ...] | None = None) -> Self:
        return self.filter(first__in=Unit.objects.editable_by(user, roles).values("pk"))

    def among(self, units: models.QuerySet[Unit]) -> Self:
        return self.filter(first__in=units.values("pk"), second__in=units.values("pk"))


class Adjacency(Recorded):
    """Two adjacent units of one floor, and whether they can be let as one space. One row a pair, lower id first."""

    read_as_known = True
    read_by = {
        "visible_to": ("id", "first_id", "second_id", "connected", "source"),
    }  # fmt: skip
    removed_read_by = INSIDERS

    first = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    second = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("other unit"))
    connected = models.BooleanField(_("connected"))
    source = models.CharField(_("how this is known"), max_length=10, choices=AdjacencySource.choices)

    objects = AdjacencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("adjacency")
        verbose_name_plural = _("adjacency")
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"],
                name="spaces_adjacency_pair_once",
                violation_error_message=_("These two units are recorded as adjacent already."),
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")),
                name="spaces_adjacency_lower_first",
                violation_error_message=_("A unit is not adjacent to itself; the lower id comes first."),
            ),
            models.CheckConstraint(
                condition=Q(source__in=AdjacencySource.values),
                name="spaces_adjacency_source_known",
                violation_error_message=_("This source is not known."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} + {self.second}"

    def whereabouts(self) -> tuple[int | None, int | None]:
        return self.first.floor.building.park_id, self.first_id
