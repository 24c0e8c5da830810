from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from spaces.models import Ecosystem, Park, Unit, User
from spaces.models.fields import (
    AreaField,
    DayField,
    LineField,
    LinesField,
    MailField,
    ParagraphsField,
)
from spaces.models.people import EDITORS, AnyUser, holds, reads_all
from spaces.models.phone_field import PhoneField
from spaces.models.places import HEIGHTS
from spaces.models.recorded import Recorded
from spaces.states import LETTABLE_USES, ReviewStep, Role
from spaces.values import clock
from tenants.models.companies import ANYONE_OF_IT, Company, Member
from tenants.states import Decision, MemberRole, RequestKind, RequestState

LETTABLE_USE_CHOICES = [(use.value, use.label) for use in LETTABLE_USES]
WRITABLE = (RequestState.DRAFT, RequestState.RETURNED)
WAITING = (RequestState.SUBMITTED, RequestState.IN_REVIEW, RequestState.ADMITTED)


class RequestQuerySet(models.QuerySet["SpaceRequest"]):
    def addressed_to(self, user: AnyUser, roles: tuple[str, ...] = EDITORS) -> Self:
        """Requests sent to a park of the user, or to any park of its ecosystem; no drafts."""
        parks = Park.objects.editable_by(user, roles).order_by()
        anywhere = Q(park=None, ecosystem__in=parks.ecosystems(clock.rights_today()))
        return self.filter(Q(park__in=parks.values("pk")) | anywhere, submitted_at__isnull=False)

    def owned_by(self, user: AnyUser, roles: tuple[str, ...] = ANYONE_OF_IT) -> Self:
        return self.filter(company__in=Member.objects.in_force(user, roles).values("company"))

    def visible_to(self, user: AnyUser) -> Self:
        if reads_all(user):
            return self.filter(submitted_at__isnull=False) | self.owned_by(user)
        return self.contact_visible_to(user)

    def details_visible_to(self, user: AnyUser) -> Self:
        """Requests whose documents and headcount the user may see: a park's managers once the park has claimed
        them, and no auditor."""
        if holds(user, (Role.PROVINCIAL_OFFICIAL,)):
            return self.filter(submitted_at__isnull=False) | self.owned_by(user)
        asked = self.model.objects.addressed_to
        return self.filter(
            Q(pk__in=asked(user, (Role.PARK_MANAGER,)).filter(park__isnull=False).values("pk"))
            | Q(pk__in=asked(user, (Role.ECOSYSTEM_OFFICER,)).values("pk"))
            | Q(pk__in=self.model.objects.owned_by(user).values("pk"))
        )

    def contact_visible_to(self, user: AnyUser) -> Self:
        """Requests whose contact and messages the user may see: the company's own people and those of the park."""
        asked = self.model.objects.addressed_to(user).values("pk")
        return self.filter(Q(pk__in=asked) | Q(pk__in=self.model.objects.owned_by(user).values("pk")))

    def internal_visible_to(self, user: AnyUser) -> Self:
        """Requests whose internal note the user may see: the park's people and auditors, not of their own company."""
        audits = holds(user, (Role.AUDITOR,))
        rows = self.filter(submitted_at__isnull=False) if audits else self.addressed_to(user)
        return rows.exclude(company__in=Member.objects.current(user).values("company"))

    def editable_by(self, user: AnyUser, roles: tuple[str, ...] = EDITORS) -> Self:
        """Requests that the user may act on with `roles`: of the park (default), or of the company (MemberRole)."""
        if set(roles) <= set(MemberRole.values):
            return self.owned_by(user, roles)
        return self.addressed_to(user, roles)

    def waiting(self) -> Self:
        return self.filter(state__in=WAITING)


REQUEST_FEATURES = ("water", "drainage", "gas", "ventilation", "freight_lift")  # columns of Unit, too


class SpaceRequest(Recorded):
    """空间需求: a request of a company for space in a park, or in any park of an ecosystem."""

    personal_fields = frozenset({"contact_name", "contact_phone", "contact_email"})
    recorded_lists = ("requested_units",)
    read_by = {
        "visible_to": (
            "id", "number", "company_id", "kind", "park_id", "ecosystem_id", "use", "area", "area_min", "area_max",
            "height_m", "load_kg_m2", "power_kw", "water", "drainage", "gas", "ventilation", "freight_lift", "special",
            "needed_by", "months", "requested_units", "state", "opened", "created_at", "created_by_id", "saved_at",
            "submitted_at", "submitted_by_id", "received_at", "due_on", "officer_id", "sample", "version",
        ),
        "details_visible_to": ("people",),
        "contact_visible_to": ("contact_name", "contact_phone", "contact_email"),
        "internal_visible_to": ("internal_note",),
    }  # fmt: skip

    number = LineField(pgettext_lazy("serial", "number"), max_length=20, unique=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="requests", verbose_name=_("company"))
    kind = models.CharField(_("kind"), max_length=12, choices=RequestKind.choices, default=RequestKind.NEW)
    park = models.ForeignKey(Park, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
                             verbose_name=_("park"))  # fmt: skip
    ecosystem = models.ForeignKey(Ecosystem, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
                                  verbose_name=_("any park of the ecosystem"))  # fmt: skip
    use = models.CharField(_("use"), max_length=20, choices=LETTABLE_USE_CHOICES, blank=True)
    area = AreaField(_("requested usable area (m²)"), null=True, blank=True)
    area_min = AreaField(_("smallest (m²)"), null=True, blank=True)
    area_max = AreaField(_("largest (m²)"), null=True, blank=True)
    people = models.PositiveIntegerField(_("people"), null=True, blank=True,
                                         validators=[MinValueValidator(1), MaxValueValidator(100_000)])  # fmt: skip
    height_m = models.DecimalField(_("height from (m)"), max_digits=5, decimal_places=2, null=True, blank=True,
                                   validators=HEIGHTS)  # fmt: skip
    load_kg_m2 = models.PositiveIntegerField(_("floor loading from (kg/m²)"), null=True, blank=True,
                                             validators=[MaxValueValidator(100_000)])  # fmt: skip
    power_kw = models.PositiveIntegerField(_("power from (kW)"), null=True, blank=True,
                                           validators=[MaxValueValidator(1_000_000)])  # fmt: skip
    water = models.BooleanField(_("water needed"), default=False)
    drainage = models.BooleanField(_("drainage needed"), default=False)
    gas = models.BooleanField(_("gas needed"), default=False)
    ventilation = models.BooleanField(_("ventilation needed"), default=False)
    freight_lift = models.BooleanField(_("freight lift needed"), default=False)
    special = ParagraphsField(_("other needs"), max_length=1000, blank=True)
    needed_by = DayField(_("needed by"), null=True, blank=True, ahead=10)
    months = models.PositiveIntegerField(_("months"), null=True, blank=True,
                                         validators=[MinValueValidator(1), MaxValueValidator(240)])  # fmt: skip
    requested_units = models.ManyToManyField(Unit, related_name="+", blank=True, verbose_name=_("requested units"))
    contact_name = LineField(_("contact person"), max_length=60, blank=True)
    contact_phone = PhoneField(_("contact phone"), max_length=30, blank=True)
    contact_email = MailField(_("contact e-mail"), blank=True)
    state = models.CharField(_("state"), max_length=12, choices=RequestState.choices, default=RequestState.DRAFT)
    opened = models.JSONField(_("steps that were opened"), default=list, blank=True, editable=False)
    created_at = models.DateTimeField(_("begun"), editable=False)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("begun by")
    )
    saved_at = models.DateTimeField(_("saved"), editable=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True, editable=False)
    submitted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("submitted by")
    )
    received_at = models.DateTimeField(_("accepted for review"), null=True, blank=True, editable=False)
    due_on = DayField(_("due on"), null=True, blank=True, editable=False)
    officer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
                                verbose_name=_("handled by"), editable=False)  # fmt: skip
    internal_note = ParagraphsField(_("internal note"), max_length=2000, blank=True, editable=False)
    sample = models.BooleanField(_("sample data"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("space request")
        verbose_name_plural = _("space requests")
        indexes = [models.Index(fields=["park", "state", "submitted_at"], name="tenants_request_queue")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=RequestState.values) & Q(kind__in=RequestKind.values),
                name="tenants_request_state_known",
                violation_error_message=_("This state is not known."),
            ),
            models.CheckConstraint(
                condition=Q(area_min=None) | Q(area_max=None) | Q(area_min__lte=F("area_max")),
                name="tenants_request_area_in_order",
                violation_error_message=_("The smallest area must not be above the largest."),
            ),
            models.CheckConstraint(
                condition=(Q(area_min=None) | Q(area=None) | Q(area_min__lte=F("area")))
                & (Q(area_max=None) | Q(area=None) | Q(area_max__gte=F("area"))),
                name="tenants_request_area_within",
                violation_error_message=_("The requested area must lie between the smallest and the largest."),
            ),
            models.CheckConstraint(
                condition=Q(park=None) | Q(ecosystem=None),
                name="tenants_request_one_place",
                violation_error_message=_("Name a park, or any park of an ecosystem, not both."),
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.DRAFT)
                | Q(state=RequestState.WITHDRAWN)
                | (Q(submitted_at__isnull=False) & (Q(park__isnull=False) | Q(ecosystem__isnull=False))),
                name="tenants_request_submitted_somewhere",
                violation_error_message=_("A request is submitted to a park or an ecosystem."),
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None, submitted_by=None)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="tenants_request_submitted_by_someone",
                violation_error_message=_("A submission has a time and a person."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def whereabouts(self) -> tuple[int | None, int | None]:
        """Park and unit for the change log, which the people of the park read."""
        return self.park_id, None


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, user: AnyUser) -> Self:
        return self.filter(request__in=SpaceRequest.objects.visible_to(user).values("pk"))

    def editable_by(self, user: AnyUser) -> Self:
        return self.none()


class Review(Recorded):
    """One decision on one step of a request, with its comment. Rows are added, never changed."""

    read_by = {
        "visible_to": (
            "id", "request_id", "step", "decision", "comment", "form_steps", "reviewed_at", "reviewed_by_id",
        ),
    }  # fmt: skip

    request = models.ForeignKey(
        SpaceRequest, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("request")
    )
    step = models.CharField(_("step"), max_length=15, choices=ReviewStep.choices)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices)
    comment = LinesField(_("comment"), max_length=1000, blank=True)
    form_steps = models.JSONField(_("form steps to change"), default=list, blank=True)
    reviewed_at = models.DateTimeField(_("at"))
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.CheckConstraint(
                condition=Q(step__in=ReviewStep.values) & Q(decision__in=Decision.values),
                name="tenants_review_step_known",
                violation_error_message=_("This step or decision is not known."),
            ),
            models.CheckConstraint(
                condition=Q(decision=Decision.PASSED) | ~Q(comment=""),
                name="tenants_review_refusal_says_why",
                violation_error_message=_("Say why, so that the company can act on it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request} {self.step}"

    def whereabouts(self) -> tuple[int | None, int | None]:
        return self.request.park_id, None


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: AnyUser) -> Self:
        return self.filter(request__in=SpaceRequest.objects.visible_to(user).values("pk"))

    def contact_visible_to(self, user: AnyUser) -> Self:
        return self.filter(request__in=SpaceRequest.objects.contact_visible_to(user).values("pk"))

    def editable_by(self, user: AnyUser) -> Self:
        return self.none()


class Message(Recorded):
    """A message between a company and the park about a request."""

    personal_fields = frozenset({"text"})
    read_by = {
        "visible_to": ("id", "request_id", "sent_at", "sent_by_id"),
        "contact_visible_to": ("text",),
    }  # fmt: skip

    request = models.ForeignKey(
        SpaceRequest, on_delete=models.PROTECT, related_name="messages", verbose_name=_("request")
    )
    text = ParagraphsField(_("message"), max_length=2000)
    sent_at = models.DateTimeField(_("at"))
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self) -> str:
        return f"{self.request} #{self.pk}"

    def whereabouts(self) -> tuple[int | None, int | None]:
        return self.request.park_id, None
