from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from spaces.models import Assignment, Ecosystem, Park, User
from spaces.models.fields import DayField, LineField, MailField, SearchKeyField
from spaces.models.people import READ_ONLY, AnyUser, holds, reads_all, remembered, within_one_reading
from spaces.models.phone_field import PhoneField
from spaces.models.recorded import Recorded
from tenants.credit_codes import name_key, validate_uscc
from tenants.states import FormedBy, MemberRole

ANYONE_OF_IT = (MemberRole.OWNER, MemberRole.MEMBER)


class MemberQuerySet(models.QuerySet["Member"]):
    def current(self, user: AnyUser, roles: tuple[str, ...] = ANYONE_OF_IT) -> Self:
        """Memberships of today; none for no user. `own` rules use these: they apply to everyone."""
        return self.filter(user=user.pk, user__is_active=True, role__in=roles, ended_on=None)

    def in_force(self, user: AnyUser, roles: tuple[str, ...] = ANYONE_OF_IT) -> Self:
        """Memberships that give rights today: not while the user holds a read-only role (decision 0011)."""
        if not within_one_reading():
            held = Assignment.objects.in_force(user).filter(role__in=READ_ONLY)
            return self.current(user, roles).filter(~models.Exists(held))

        def ask() -> frozenset[int]:
            mine = self.model.objects.current(user, roles)
            return frozenset() if holds(user, READ_ONLY) else frozenset(mine.values_list("pk", flat=True))

        return self.filter(pk__in=remembered((Member, user.pk, roles), ask))

    def visible_to(self, user: AnyUser) -> Self:
        return self.filter(company__in=Company.objects.visible_to(user).values("pk"))

    def editable_by(self, user: AnyUser) -> Self:
        return self.filter(company__in=Company.objects.owned_by(user).values("pk"))


class CompanyQuerySet(models.QuerySet["Company"]):
    def owned_by(self, user: AnyUser, roles: tuple[str, ...] = (MemberRole.OWNER,)) -> Self:
        return self.filter(pk__in=Member.objects.in_force(user, roles).values("company"))

    def known_to(self, parks: models.QuerySet[Park]) -> Self:
        """Companies that rent in a park, or sent a request there."""
        here = parks.order_by().values("pk")
        asks = Q(requests__park__in=here, requests__submitted_at__isnull=False)
        return self.filter(pk__in=self.model.objects.filter(asks | Q(leases__park__in=here)).values("pk"))

    def visible_to(self, user: AnyUser) -> Self:
        """Companies of the user; those known to a park of the user; all for officials and auditors."""
        if reads_all(user):
            return self
        return self.contact_visible_to(user)

    def contact_visible_to(self, user: AnyUser) -> Self:
        """Companies whose contact is unmasked for the user: the user's own, and those known to the user's parks."""
        own = self.model.objects.owned_by(user, ANYONE_OF_IT).values("pk")
        known = self.model.objects.known_to(Park.objects.editable_by(user)).values("pk")
        return self.filter(Q(pk__in=own) | Q(pk__in=known))

    def editable_by(self, user: AnyUser, roles: tuple[str, ...] = (MemberRole.OWNER,)) -> Self:
        """Companies of an owner; with roles of a park those that it may verify and incubate."""
        if set(roles) <= set(MemberRole.values):
            return self.owned_by(user, roles)
        return self.known_to(Park.objects.editable_by(user, roles))


class Company(Recorded):
    """企业, or a team (团队) that has no credit code yet."""

    personal_fields = frozenset({"contact_name", "contact_phone", "contact_email"})
    read_by = {
        "visible_to": (
            "id", "number", "uscc", "registers_by", "name", "name_en", "established_on", "origin_id", "formed_by",
            "generated_on", "industry", "tech_sme", "high_tech", "verified_at", "verified_by_id", "sample", "version",
        ),
        "contact_visible_to": ("contact_name", "contact_phone", "contact_email"),
    }  # fmt: skip
    read_by_nobody = ("name_key",)
    unrecorded_fields = ("search_key",)

    number = LineField(pgettext_lazy("serial", "number"), max_length=20, unique=True)
    uscc = LineField(_("credit code"), max_length=18, null=True, blank=True, unique=True,
                            validators=[validate_uscc])  # fmt: skip
    registers_by = DayField(_("will be registered by"), null=True, blank=True, ahead=5)
    name = LineField(_("company name"), max_length=100)
    name_key = LineField(max_length=100, unique=True, editable=False)
    search_key = SearchKeyField(codes=("number", "uscc"), names=("name", "name_en"))
    name_en = LineField(_("English name"), max_length=150, blank=True)
    established_on = DayField(_("established on"), null=True, blank=True, ahead=0)
    origin = models.ForeignKey(
        Ecosystem, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("came out of")
    )
    formed_by = models.CharField(_("formed by"), max_length=20, choices=FormedBy.choices, blank=True)
    generated_on = DayField(_("generated on"), null=True, blank=True, ahead=0)
    industry = LineField(_("industry"), max_length=60, blank=True)
    tech_sme = models.BooleanField(_("technology SME"), default=False)
    high_tech = models.BooleanField(_("high-tech enterprise"), default=False)
    contact_name = LineField(_("contact person"), max_length=60, blank=True)
    contact_phone = PhoneField(_("contact phone"), max_length=30, blank=True)
    contact_email = MailField(_("contact e-mail"), blank=True)
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True, editable=False)
    verified_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("verified by"),
    )
    sample = models.BooleanField(_("sample data"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_at=None, verified_by=None)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="tenants_company_verified_by_someone",
                violation_error_message=_("A verification has a day and a person."),
            ),
            models.CheckConstraint(
                condition=~Q(uscc=""),
                name="tenants_company_code_or_none",
                violation_error_message=_("Leave the credit code out rather than empty."),
            ),
            models.CheckConstraint(
                condition=Q(uscc__isnull=False) | Q(registers_by__isnull=False),
                name="tenants_company_code_or_promise",
                violation_error_message=_("A team without a credit code must state by when it will be registered."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.uscc = self.uscc or None
        self.name_key = name_key(self.name)

    @property
    def code(self) -> str:
        """The key in its URL: the credit code, or its own number while it has none."""
        return self.uscc or self.number


class Member(Recorded):
    """A user in a company, until `ended_on`."""

    read_by = {
        "visible_to": ("id", "user_id", "company_id", "role", "joined_at", "ended_on"),
    }  # fmt: skip

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("user"))
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="members", verbose_name=_("company"))
    role = models.CharField(_("role"), max_length=10, choices=MemberRole.choices)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    ended_on = DayField(_("until (exclusive)"), null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "company"],
                condition=Q(ended_on=None),
                name="tenants_member_once",
                violation_error_message=_("This person is in the company already."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=MemberRole.values),
                name="tenants_member_role_known",
                violation_error_message=_("This role is not known."),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.user_id} {self.role}"
