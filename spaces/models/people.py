from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from spaces.models.fields import DayField, LineField, MailField
from spaces.models.phone_field import PhoneField
from spaces.models.recorded import Recorded
from spaces.states import Role
from spaces.values import clock

EDITORS = (Role.PARK_MANAGER, Role.ECOSYSTEM_OFFICER)
READERS = (Role.PROVINCIAL_OFFICIAL, Role.AUDITOR)
INSIDERS = (*EDITORS, *READERS)  # roles that may know tenancies, at their places
# Roles without business writes: whoever holds one of them today may change only their own account.
READ_ONLY = (*READERS, Role.SYSTEM_ADMIN)


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
        """Auditors and system admins: every account; others: their own."""
        if holds(user, (Role.AUDITOR, Role.SYSTEM_ADMIN)):
            return self
        return self.filter(pk=user.pk)

    def editable_by(self, user: "AnyUser") -> Self:
        if holds(user, (Role.SYSTEM_ADMIN,)):
            return self
        return self.none()

    def language_of(self, email: str) -> str:
        """The language of the account with this address; the active language if there is none."""
        found = self.filter(email=email.strip().casefold()).values_list("language", flat=True).first()
        return found or get_language() or settings.LANGUAGE_CODE

    def mailable(self) -> Self:
        """Active accounts that may get mail: not those whose address has not been confirmed."""
        typed = self.model.objects.filter(emailaddress__verified=False, emailaddress__email__iexact=F("email"))
        return self.filter(is_active=True).exclude(pk__in=typed.values("pk"))


class User(Recorded, AbstractBaseUser, PermissionsMixin):
    personal_fields = frozenset({"email", "name", "phone"})
    unrecorded_fields = ("password", "last_login")
    read_by = {
        "visible_to": ("id", "is_superuser", "language", "muted", "is_active", "is_staff", "joined_at"),
    }  # fmt: skip

    email = MailField(_("e-mail"), unique=True)
    name = LineField(_("name"), max_length=100)
    phone = PhoneField(_("work phone"), max_length=30, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    # Topics (tenants.states.Topic) whose notices are shown in the inbox but not mailed.
    muted = models.JSONField(_("not mailed"), default=list, blank=True)
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

    def recorded_label(self) -> str:
        return f"#{self.pk}"

    @property
    def own_name(self) -> str:
        """The name that the user has entered; "" while it is only derived from the e-mail address."""
        local_part = self.email.partition("@")[0][:100]
        return "" if self.name.casefold() == local_part.casefold() else self.name


type AnyUser = User | AnonymousUser


_rights: ContextVar[dict[Any, Any] | None] = ContextVar("rights read once", default=None)


@contextmanager
def rights_read_once() -> Iterator[None]:
    """In this context, the rights of a user are read once and used in queries as ids.

    For a query that combines the rules of many models: nested subqueries would make its SQL very long.
    """
    if _rights.get() is not None:
        yield
        return
    token = _rights.set({})
    try:
        yield
    finally:
        _rights.reset(token)


def within_one_reading() -> bool:
    return _rights.get() is not None


def remembered[T](key: Any, ask: Callable[[], T]) -> T:
    """The result of `ask`; within `rights_read_once` it is computed once."""
    known = _rights.get()
    if known is None:
        return ask()
    if key not in known:
        known[key] = ask()
    answer: T = known[key]
    return answer


def roles_of(user: AnyUser) -> frozenset[str]:
    """The roles of a user today, at any place. One query."""
    return frozenset(role for role, _park in _held(user))


def parks_managed_by(user: AnyUser) -> frozenset[int]:
    """The ids of the parks that a user manages today, read together with the roles."""
    return frozenset(park for role, park in _held(user) if role == Role.PARK_MANAGER and park)


def _held(user: AnyUser) -> frozenset[tuple[str, int | None]]:
    return remembered(
        ("roles", user.pk), lambda: frozenset(Assignment.objects.in_force(user).values_list("role", "park"))
    )


def holds(user: AnyUser, roles: Iterable[str]) -> bool:
    """Whether the user has one of the roles today, at any place. One query."""
    if within_one_reading():
        return not roles_of(user).isdisjoint(roles)
    return Assignment.objects.in_force(user).filter(role__in=roles).exists()


def reads_all(user: AnyUser) -> bool:
    """Whether the user reads every place without changing it: officials and auditors."""
    return holds(user, READERS)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def in_force(self, user: AnyUser) -> Self:
        """The user's assignments today; none for a visitor (pk None). Read in each request, never cached."""
        return self.on(clock.rights_today()).filter(user=user.pk, user__is_active=True)

    def on(self, day: date) -> Self:
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)

    def visible_to(self, user: AnyUser) -> Self:
        if holds(user, (Role.AUDITOR, Role.SYSTEM_ADMIN)):
            return self
        return self.filter(user=user.pk)

    def editable_by(self, user: AnyUser) -> Self:
        if holds(user, (Role.SYSTEM_ADMIN,)):
            return self
        return self.none()


class Assignment(Recorded):
    """A user's role at a place, with dates: [starts_on, ends_on)."""

    read_by = {
        "visible_to": ("id", "user_id", "role", "park_id", "ecosystem_id", "starts_on", "ends_on"),
    }  # fmt: skip

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

    def whereabouts(self) -> tuple[int | None, int | None]:
        return self.park_id, None

    def recorded_label(self) -> str:
        return f"#{self.user_id} {self.role}"
