from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from spaces.models import Allocation, Park, Unit, User
from spaces.models.fields import DayField, LineField, LinesField, ParagraphsField
from spaces.models.people import AnyUser
from spaces.models.recorded import Recorded
from spaces.states import Role
from tenants.models.companies import Member
from tenants.models.requests import SpaceRequest
from tenants.states import Basis, MemberRole, OfferState, RentUnit

NOT_NEGATIVE = [MinValueValidator(0), MaxValueValidator(10**11)]


class OfferQuerySet(models.QuerySet["Offer"]):
    def visible_to(self, user: AnyUser) -> Self:
        return self.filter(request__in=SpaceRequest.objects.visible_to(user).values("pk"))

    def internal_visible_to(self, user: AnyUser) -> Self:
        """Offers whose reason for passing over a rule the user may see: never those to the user's own company."""
        own = Member.objects.current(user).values("company")
        return self.visible_to(user).exclude(request__company__in=own)

    def editable_by(self, user: AnyUser, roles: tuple[str, ...] = (Role.PARK_MANAGER,)) -> Self:
        """Offers that the user may act on: for managers of the park; with roles of MemberRole for the company."""
        if set(roles) <= set(MemberRole.values):
            return self.filter(request__in=SpaceRequest.objects.owned_by(user, roles).values("pk"))
        return self.filter(park__in=Park.objects.editable_by(user, roles).values("pk"))

    def open_on(self, day: date) -> Self:
        return self.filter(state=OfferState.SENT, held_until__gt=day)


def has_lapsed(state: str, held_until: date, day: date) -> bool:
    """Whether an offer has lapsed by the day: sent, not answered, hold over. Computed, because no job sets a state."""
    return state == OfferState.SENT and held_until <= day


class Offer(Recorded):
    """单元推荐: units held for a request until `held_until`, on terms. Lapsed is computed from that day."""

    read_by = {
        "visible_to": (
            "id", "number", "request_id", "park_id", "state", "starts_on", "ends_on", "held_until", "rent_rate",
            "rent_unit", "basis", "deposit", "rent_free_months", "terms", "created_at", "created_by_id", "decided_at",
            "decided_by_id", "decline_reason", "visit_asked_at", "version",
        ),
        "internal_visible_to": ("override", "overridden"),
    }  # fmt: skip
    why_read_by = "internal_visible_to"

    number = LineField(pgettext_lazy("serial", "number"), max_length=20, unique=True)
    request = models.ForeignKey(
        SpaceRequest, on_delete=models.PROTECT, related_name="offers", verbose_name=_("request")
    )
    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="+", verbose_name=_("park"))
    state = models.CharField(_("state"), max_length=10, choices=OfferState.choices, default=OfferState.SENT)
    starts_on = DayField(_("from"))
    ends_on = DayField(_("until (exclusive)"))
    held_until = DayField(_("answer before"))
    rent_rate = models.DecimalField(
        _("rent"), max_digits=14, decimal_places=2, null=True, blank=True, validators=NOT_NEGATIVE
    )
    rent_unit = models.CharField(_("rent unit"), max_length=10, choices=RentUnit.choices, default=RentUnit.PER_DAY)
    basis = models.CharField(_("billed on"), max_length=10, choices=Basis.choices, default=Basis.USABLE)
    deposit = models.DecimalField(
        _("deposit (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True, validators=NOT_NEGATIVE
    )
    rent_free_months = models.PositiveSmallIntegerField(_("rent-free months"), default=0,
                                                        validators=[MaxValueValidator(36)])  # fmt: skip
    terms = ParagraphsField(_("note to the company"), max_length=2000, blank=True)
    override = LinesField(_("why a rule or the queue was passed over"), max_length=500, blank=True)
    overridden = models.JSONField(_("rules passed over"), default=list, blank=True)
    created_at = models.DateTimeField(_("sent"), editable=False)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("sent by")
    )
    decided_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("answered by")
    )
    decline_reason = LinesField(_("reason"), max_length=500, blank=True)
    visit_asked_at = models.DateTimeField(_("visit asked for"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(state=OfferState.ACCEPTED),
                name="tenants_offer_accepted_once",
                violation_error_message=_("Another offer of this request has been accepted."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=OfferState.values),
                name="tenants_offer_state_known",
                violation_error_message=_("This state is not known."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="tenants_offer_ends_after_start",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, state=OfferState.SENT)
                | (Q(decided_at__isnull=False) & ~Q(state=OfferState.SENT)),
                name="tenants_offer_decided_with_time",
                violation_error_message=_("An answer has a time."),
            ),
            models.CheckConstraint(
                condition=Q(overridden=[]) | ~Q(override=""),
                name="tenants_offer_override_says_why",
                violation_error_message=_("Say why a rule or the queue is passed over."),
            ),
            models.CheckConstraint(
                condition=(Q(rent_rate=None) | Q(rent_rate__range=(0, 10**11)))
                & (Q(deposit=None) | Q(deposit__range=(0, 10**11))),
                name="tenants_offer_money_range",
                violation_error_message=_("An amount runs from 0 to 100,000,000,000 yuan."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def whereabouts(self) -> tuple[int | None, int | None]:
        return self.park_id, None

    def lapsed(self, day: date) -> bool:
        return has_lapsed(self.state, self.held_until, day)

    def is_open(self, day: date) -> bool:
        """Whether it can be answered on the day; `OfferQuerySet.open_on` is the same in SQL."""
        return self.state == OfferState.SENT and not self.lapsed(day)


class OfferLineQuerySet(models.QuerySet["OfferLine"]):
    def visible_to(self, user: AnyUser) -> Self:
        return self.filter(offer__in=Offer.objects.visible_to(user).values("pk"))

    def editable_by(self, user: AnyUser) -> Self:
        return self.none()


class OfferLine(Recorded):
    """A unit of an offer and its hold.

    A hold that lapses before its first day is removed by the next write on the unit; the line keeps its id.
    """

    read_by = {
        "visible_to": ("id", "offer_id", "unit_id", "allocation_id"),
    }  # fmt: skip

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="lines", verbose_name=_("offer"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    allocation = models.OneToOneField(
        Allocation, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", verbose_name=_("hold")
    )

    objects = OfferLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of an offer")
        verbose_name_plural = _("lines of an offer")

    def __str__(self) -> str:
        return f"{self.offer} {self.unit}"

    def whereabouts(self) -> tuple[int | None, int | None]:
        return self.offer.park_id, self.unit_id
