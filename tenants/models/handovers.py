from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from spaces.models import Park, User
from spaces.models.fields import DayField, LineField, LinesField
from spaces.models.people import EDITORS, AnyUser
from spaces.models.recorded import Recorded
from tenants.models.leases import Lease
from tenants.states import HandoverKind, ItemOwner, MemberRole, Proof


class TemplateItemQuerySet(models.QuerySet["TemplateItem"]):
    def visible_to(self, user: AnyUser) -> Self:
        return self.filter(park__in=Park.objects.visible_to(user).values("pk"))

    def editable_by(self, user: AnyUser, roles: tuple[str, ...] = EDITORS) -> Self:
        return self.filter(park__in=Park.objects.editable_by(user, roles).values("pk"))


class TemplateItem(Recorded):
    """An item of the checklist that a park uses for its move-ins or move-outs."""

    read_by = {
        "visible_to": ("id", "park_id", "kind", "place", "name", "name_en", "owner", "proof", "due_days"),
    }  # fmt: skip

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="+", verbose_name=_("park"))
    kind = models.CharField(_("kind"), max_length=10, choices=HandoverKind.choices)
    place = models.PositiveSmallIntegerField(_("place in the list"))
    name = LineField(_("item"), max_length=100)
    name_en = LineField(_("item in English"), max_length=100, blank=True)
    owner = models.CharField(_("whose turn"), max_length=10, choices=ItemOwner.choices)
    proof = models.CharField(_("needs"), max_length=10, choices=Proof.choices, default=Proof.TICK)
    due_days = models.PositiveSmallIntegerField(_("due after (days)"), default=10, validators=[MaxValueValidator(365)])

    objects = TemplateItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of a checklist template")
        verbose_name_plural = _("items of a checklist template")
        constraints = [
            models.UniqueConstraint(
                fields=["park", "kind", "place"],
                name="tenants_template_place_once",
                violation_error_message=_("The template has an item at this place already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=HandoverKind.values, owner__in=ItemOwner.values, proof__in=Proof.values),
                name="tenants_template_words_known",
                violation_error_message=_("This kind, owner or proof is not known."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def whereabouts(self) -> tuple[int | None, int | None]:
        return self.park_id, None


class HandoverQuerySet(models.QuerySet["Handover"]):
    def visible_to(self, user: AnyUser) -> Self:
        return self.filter(lease__in=Lease.objects.visible_to(user).values("pk"))

    def editable_by(self, user: AnyUser, roles: tuple[str, ...] = EDITORS) -> Self:
        return self.filter(lease__in=Lease.objects.editable_by(user, roles).values("pk"))

    def open(self) -> Self:
        return self.filter(moved_on=None)

    def to_sign(self, side: str) -> Self:
        """Completed lists that one side has not signed yet."""
        undone = HandoverItem.objects.open().filter(handover=OuterRef("pk"))
        unsigned = {f"{'park' if side == ItemOwner.PARK else 'company'}_signed_at": None}
        return self.open().filter(~Exists(undone), **unsigned)


class Handover(Recorded):
    """入驻办理 or 退租办理: a checklist that both sides sign. `moved_on`: the day of the keys, which closes it."""

    read_by = {
        "visible_to": (
            "id", "number", "lease_id", "kind", "planned_on", "park_signed_at", "park_signed_by_id",
            "company_signed_at", "company_signed_by_id", "moved_on", "version",
        ),
    }  # fmt: skip

    number = LineField(pgettext_lazy("serial", "number"), max_length=20, unique=True)
    lease = models.ForeignKey(Lease, on_delete=models.PROTECT, related_name="handovers", verbose_name=_("lease"))
    kind = models.CharField(_("kind"), max_length=10, choices=HandoverKind.choices)
    planned_on = DayField(pgettext_lazy("handover", "planned on"))
    park_signed_at = models.DateTimeField(_("signed by the park"), null=True, blank=True, editable=False)
    park_signed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("park signatory")
    )
    company_signed_at = models.DateTimeField(_("signed by the company"), null=True, blank=True, editable=False)
    company_signed_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("company signatory"),
    )
    moved_on = DayField(_("keys handed over on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        constraints = [
            models.UniqueConstraint(
                fields=["lease", "kind"],
                condition=Q(moved_on=None),
                name="tenants_handover_one_open",
                violation_error_message=_("The lease has an open checklist of this kind already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=HandoverKind.values),
                name="tenants_handover_kind_known",
                violation_error_message=_("This kind is not known."),
            ),
            models.CheckConstraint(
                condition=Q(park_signed_at=None, park_signed_by=None)
                | Q(park_signed_at__isnull=False, park_signed_by__isnull=False),
                name="tenants_handover_park_signed_by_someone",
                violation_error_message=_("A signature has a time and a person."),
            ),
            models.CheckConstraint(
                condition=Q(company_signed_at=None, company_signed_by=None)
                | Q(company_signed_at__isnull=False, company_signed_by__isnull=False),
                name="tenants_handover_company_signed_by_someone",
                violation_error_message=_("A signature has a time and a person."),
            ),
            models.CheckConstraint(
                condition=Q(moved_on=None) | Q(park_signed_at__isnull=False),
                name="tenants_handover_closed_by_park",
                violation_error_message=_("The park signs before the keys change hands."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def whereabouts(self) -> tuple[int | None, int | None]:
        return self.lease.park_id, None


class HandoverItemQuerySet(models.QuerySet["HandoverItem"]):
    def visible_to(self, user: AnyUser) -> Self:
        return self.filter(handover__in=Handover.objects.visible_to(user).values("pk"))

    def editable_by(self, user: AnyUser, roles: tuple[str, ...] = EDITORS) -> Self:
        """Items of the park for its people, items of the company for its own."""
        of_company = set(roles) <= set(MemberRole.values)
        mine = Handover.objects.editable_by(user, roles).values("pk")
        return self.filter(handover__in=mine, owner=ItemOwner.COMPANY if of_company else ItemOwner.PARK)

    def open(self) -> Self:
        return self.filter(done_at=None, handover__moved_on=None)

    def overdue(self, day: date) -> Self:
        return self.open().filter(due_on__lt=day)


class HandoverItem(Recorded):
    read_by = {
        "visible_to": (
            "id", "handover_id", "place", "name", "name_en", "owner", "proof", "due_on", "reading", "note",
            "added_why", "done_at", "done_by_id",
        ),
    }  # fmt: skip

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="items", verbose_name=_("handover"))
    place = models.PositiveSmallIntegerField(_("place in the list"))
    name = LineField(_("item"), max_length=100)
    name_en = LineField(_("item in English"), max_length=100, blank=True)
    owner = models.CharField(_("whose turn"), max_length=10, choices=ItemOwner.choices)
    proof = models.CharField(_("needs"), max_length=10, choices=Proof.choices, default=Proof.TICK)
    due_on = DayField(_("due on"), null=True, blank=True, ahead=5)
    reading = models.DecimalField(_("reading"), max_digits=14, decimal_places=2, null=True, blank=True,
                                  validators=[MinValueValidator(0)])  # fmt: skip
    note = LineField(_("note"), max_length=300, blank=True)
    added_why = LinesField(_("why it was added"), max_length=300, blank=True, editable=False)
    done_at = models.DateTimeField(_("done"), null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("done by")
    )

    objects = HandoverItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of a checklist")
        verbose_name_plural = _("items of a checklist")
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "place"],
                name="tenants_item_place_once",
                violation_error_message=_("The checklist has an item at this place already."),
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="tenants_item_done_by_someone",
                violation_error_message=_("What is done has a time and a person."),
            ),
            models.CheckConstraint(
                condition=Q(reading=None) | Q(reading__range=(0, 10**11)),
                name="tenants_item_reading_range",
                violation_error_message=_("A reading is a number from 0."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handover} {self.name}"

    def whereabouts(self) -> tuple[int | None, int | None]:
        return self.handover.lease.park_id, None
