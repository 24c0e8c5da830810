from datetime import date
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spaces.fields import DayField
from spaces.states import Role

READERS = (Role.PROVINCIAL_OFFICIAL, Role.AUDITOR)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().casefold(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().casefold())


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: "AnyUser") -> Self:
        """Auditors and system admins read every account; anyone else his own."""
        mine = Assignment.objects.in_force(user)
        if mine.filter(role__in=(Role.AUDITOR, Role.SYSTEM_ADMIN)).exists():
            return self
        return self.filter(pk=user.pk)

    def editable_by(self, user: "AnyUser") -> Self:
        if Assignment.objects.in_force(user).filter(role=Role.SYSTEM_ADMIN).exists():
            return self
        return self.none()

    def mailable(self) -> Self:
        """Active accounts that may get mail. Who signed up with an address gets none until it was confirmed."""
        typed = self.model.objects.filter(emailaddress__verified=False, emailaddress__email__iexact=F("email"))
        return self.filter(is_active=True).exclude(pk__in=typed.values("pk"))


class User(AbstractBaseUser, PermissionsMixin):
    personal_fields = frozenset({"email", "name", "phone"})

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    phone = models.CharField(_("work phone"), max_length=30, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may open the repair desk"), default=False)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager.from_queryset(UserQuerySet)()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name or self.email


type AnyUser = User | AnonymousUser


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def in_force(self, user: AnyUser) -> Self:
        """What this person may do today. Nobody (pk None) fits no row. Read in each request, never kept."""
        today = timezone.localdate()
        return self.on(today).filter(user=user.pk, user__is_active=True)

    def on(self, day: date) -> Self:
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)

    def visible_to(self, user: AnyUser) -> Self:
        if self.model.objects.in_force(user).filter(role__in=(Role.AUDITOR, Role.SYSTEM_ADMIN)).exists():
            return self
        return self.filter(user=user.pk)

    def editable_by(self, user: AnyUser) -> Self:
        if self.model.objects.in_force(user).filter(role=Role.SYSTEM_ADMIN).exists():
            return self
        return self.none()


class Assignment(models.Model):
    """A user's role at a place, with dates: [starts_on, ends_on)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=30, choices=Role.choices)
    park = models.ForeignKey("spaces.Park", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("park"))
    ecosystem = models.ForeignKey(
        "spaces.Ecosystem", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("ecosystem")
    )
    starts_on = DayField(_("from"))
    ends_on = DayField(_("until (exclusive)"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="spaces_assignment_ends_after_start",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="spaces_assignment_role_known",
                violation_error_message=_("This role is not known."),
            ),
            models.CheckConstraint(
                condition=Q(role=Role.PARK_MANAGER, park__isnull=False, ecosystem=None)
                | Q(role=Role.ECOSYSTEM_OFFICER, park=None)
                | Q(role__in=(*READERS, Role.SYSTEM_ADMIN), park=None, ecosystem=None),
                name="spaces_assignment_place_fits_role",
                violation_error_message=_(
                    "A park manager needs a park, an ecosystem officer an ecosystem or the whole province, "
                    "any other role no place."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
