from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spaces.models.fields import LineField
from spaces.models.people import EDITORS, AnyUser, User
from spaces.models.places import Floor
from spaces.models.recorded import Recorded

UNITS = {
    "mm": _("millimetres"),
    "cm": _("centimetres"),
    "m": _("metres"),
    "in": _("inches"),
    "ft": _("feet"),
}


class DrawingQuerySet(models.QuerySet["Drawing"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Drawings of floors that the user may change, whoever sent them."""
        return self.filter(floor__in=Floor.objects.editable_by(user).values("pk"))

    def editable_by(self, user: AnyUser, roles: tuple[str, ...] | None = None) -> Self:
        return self.filter(floor__in=Floor.objects.editable_by(user, roles).values("pk"))

    def sent_before(self, moment: datetime) -> Self:
        return self.filter(created_at__lt=moment)


class Drawing(Recorded):
    """A DXF before it is taken over into the register: its content and how to read it. Deleted after a day."""

    unrecorded_fields = ("content",)
    read_by = {
        "visible_to": (
            "id", "floor_id", "name", "layer", "labels", "unit", "joined", "codes", "created_at", "created_by_id",
        ),
    }  # fmt: skip
    read_by_nobody = ("sha256",)
    removed_read_by = EDITORS

    floor = models.ForeignKey(Floor, on_delete=models.PROTECT, related_name="drawings", verbose_name=_("floor"))
    name = LineField(_("name"), max_length=150)
    sha256 = LineField(max_length=64, editable=False)
    content = models.JSONField(_("what was read"), editable=False)
    layer = LineField(_("layer of the rooms"), max_length=120, blank=True)
    labels = LineField(_("layer of the room numbers"), max_length=120, blank=True)
    unit = models.CharField(_("unit of the drawing"), max_length=2, choices=list(UNITS.items()), blank=True)
    joined = models.BooleanField(_("loose lines are closed"), default=False)
    codes = models.JSONField(_("room numbers that were typed"), default=dict, blank=True)
    created_at = models.DateTimeField(_("sent"), editable=False)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("sent by")
    )

    objects = DrawingQuerySet.as_manager()

    class Meta:
        verbose_name = _("drawing")
        verbose_name_plural = _("drawings")
        constraints = [
            models.UniqueConstraint(
                fields=["floor", "created_by"],
                name="spaces_drawing_one_a_person",
                violation_error_message=_("You have sent a drawing of this floor already."),
            ),
            models.CheckConstraint(
                condition=Q(unit__in=["", *UNITS]),
                name="spaces_drawing_unit_known",
                violation_error_message=_("This unit of length is not known."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.floor} {self.name}"[:200]

    def whereabouts(self) -> tuple[int | None, int | None]:
        return self.floor.building.park_id, None
