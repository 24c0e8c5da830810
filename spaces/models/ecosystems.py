from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spaces.models.fields import LineField
from spaces.models.people import AnyUser, Assignment
from spaces.models.recorded import Recorded
from spaces.states import Role

slug_pattern = RegexValidator(
    r"^[a-z0-9][a-z0-9-]*\Z", _("“%(value)s” is not a short name. Use small letters, digits and dashes.")
)


class EcosystemQuerySet(models.QuerySet["Ecosystem"]):
    def visible_to(self, user: AnyUser) -> Self:
        return self

    def editable_by(self, user: AnyUser) -> Self:
        officer = Assignment.objects.in_force(user).filter(role=Role.ECOSYSTEM_OFFICER)
        return self.filter(Q(pk__in=officer.values("ecosystem")) | Q(models.Exists(officer.filter(ecosystem=None))))

    def addable_by(self, user: AnyUser) -> bool:
        """Whether the user may add an ecosystem: officers of the whole province."""
        return Assignment.objects.in_force(user).filter(role=Role.ECOSYSTEM_OFFICER, ecosystem=None).exists()


class Ecosystem(Recorded):
    """生态圈: an innovation ecosystem around a university or institute."""

    read_as_known = True
    read_by = {
        "visible_to": (
            "id", "code", "name", "name_en", "anchor", "anchor_en", "city", "city_en", "source_note", "inferred",
        ),
    }  # fmt: skip

    code = LineField(_("short name"), max_length=30, unique=True, validators=[slug_pattern])
    name = LineField(_("name"), max_length=100)
    name_en = LineField(_("English name"), max_length=100)
    anchor = LineField(_("anchor institution"), max_length=100)
    anchor_en = LineField(_("anchor institution in English"), max_length=150)
    city = LineField(_("city"), max_length=30)
    city_en = LineField(_("city in English"), max_length=30, blank=True)
    source_note = LineField(_("where this is known from"), max_length=300)
    inferred = models.BooleanField(_("inferred, not published"), default=False)

    objects = EcosystemQuerySet.as_manager()

    class Meta:
        verbose_name = _("ecosystem")
        verbose_name_plural = _("ecosystems")

    def __str__(self) -> str:
        return self.name
