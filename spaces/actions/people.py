"""Accounts and their roles. Roles are rows with dates; a revoked one ends with the next request."""

from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils.translation import gettext as _

from spaces import changes
from spaces.access import welcome_links
from spaces.actions.locks import lock_row
from spaces.actions.retry import atomic_with_retry
from spaces.actions.writing import change, create, refusal
from spaces.changes.versions import Seen, as_seen
from spaces.models import Assignment, Ecosystem, Mail, Park, User
from spaces.states import Role
from spaces.values import clock
from spaces.values.days import last_day

APART = (Role.AUDITOR, Role.SYSTEM_ADMIN)


@atomic_with_retry
def add_user(*, email: str, name: str, password: str | None, by: User | None, hashed: str = "", **fields: Any) -> User:
    """Add an account. Without a password nobody can sign in until one is set; it may be `hashed` already."""
    user = User(email=email.strip().casefold(), name=name, **fields)
    user.set_password(password)
    user.password = hashed or user.password
    create(user, "create", by=by)
    return user


@atomic_with_retry
def update_user(user: User, *, by: User | None, why: str = "", seen: Seen | None = None, **facts: Any) -> None:
    """Change facts of an account; personal ones are recorded as hashes."""
    row = lock_row(user)
    change(row, "change", by=by, why=why, **as_seen(row, seen, facts))
    user.refresh_from_db()


@atomic_with_retry
def set_password(user: User, password: str, *, by: User | None) -> None:
    """Set the password and end all sessions. Only the act is recorded, not the password."""
    user.set_password(password)
    UserSession.objects.filter(user=user).delete()
    User.objects.filter(pk=user.pk).update(password=user.password)
    changes.record(user, "password", by=by)


@atomic_with_retry
def end_other_sessions(user: User, *, keep: str, by: User) -> int:
    """End all sessions but the one with the key `keep`; returns how many."""
    ended = list(UserSession.objects.filter(user=user).exclude(session_key=keep))
    for session in ended:
        session.end()
    changes.record(user, "sign_out", by=by)
    return len(ended)


@atomic_with_retry
def forget_sessions() -> None:
    """Delete the data of sessions that have ended."""
    UserSession.objects.exclude(session_key__in=Session.objects.values("pk")).delete()


@atomic_with_retry
def erase(user: User, *, by: User) -> None:
    """Erase the personal data of an account and every way to sign in. Its id stays, for the record of its acts.

    Raises ValidationError `role` while the account holds one, today or later.
    """
    row = lock_row(user)
    held = row.assignments.filter(Q(ends_on=None) | Q(ends_on__gt=clock.today()))
    if held.exists():
        roles = _(", ").join(sorted({each.get_role_display() for each in held}))
        message = _("You hold a role: %(roles)s. Ask a system admin to end it first.")
        raise refusal("user", message % {"roles": roles}, "role")
    for session in UserSession.objects.filter(user=row):
        session.end()
    EmailAddress.objects.filter(user=row).delete()
    Authenticator.objects.filter(user=row).delete()
    Mail.objects.filter(to=row.email).delete()
    row.set_unusable_password()
    change(
        row, "erase", by=by, email=f"{row.pk}@deleted.invalid", name=f"#{row.pk}", phone="", muted=[],
        is_active=False, is_staff=False, is_superuser=False,
    )  # fmt: skip


@atomic_with_retry
def accept_welcome(token: str, password: str, name: str) -> User:
    """Set the first password and the name by a welcome link.

    Raises ValidationError `welcome`, also if the link was used meanwhile.
    """
    user = lock_row(welcome_links.read(token))
    welcome_links.read(token)  # again under the lock: the link may have been used meanwhile
    change(user, "change", by=user, name=name)
    set_password(user, password, by=user)
    return user


@atomic_with_retry
def invite_staff(
    *,
    email: str,
    name: str,
    role: str,
    park: Park | None,
    ecosystem: Ecosystem | None,
    starts_on: date,
    by: User | None,
    language: str = settings.LANGUAGE_CODE,
) -> User:
    """Give a role to an account; a new account has no password until a welcome link sets one.

    Raises ValidationError as `assign` does, and `again` if the account has this role already.
    """
    user = User.objects.filter(email=email.strip().casefold()).first()
    if user is None:
        name = name or email.partition("@")[0][:100]
        user = add_user(email=email, name=name, password=None, by=by, language=language)
    user = lock_row(user)
    held = Assignment.objects.on(starts_on).filter(user=user, role=role, park=park, ecosystem=ecosystem)
    if not held.exists():
        assign(user, role, park=park, ecosystem=ecosystem, starts_on=starts_on, by=by)
    elif user.has_usable_password():
        raise refusal("role", _("%(email)s has this role already.") % {"email": user.email}, "again")
    return user


@atomic_with_retry
def first_admin(*, email: str, name: str, starts_on: date, another: bool) -> User:
    """Add a system admin. Raises ValidationError `exists` if one can log in already, unless `another`.

    An admin without a password does not count: the welcome link may have expired.
    """
    admins = Assignment.objects.on(starts_on).filter(role=Role.SYSTEM_ADMIN, user__is_active=True)
    if not another and any(row.user.has_usable_password() for row in admins.select_related("user")):
        raise refusal("email", _("There is a system admin who can log in already."), "exists")
    return invite_staff(
        email=email, name=name, role=Role.SYSTEM_ADMIN, park=None, ecosystem=None, starts_on=starts_on, by=None
    )


@atomic_with_retry
def assign(
    user: User,
    role: str,
    *,
    starts_on: date,
    by: User | None,
    park: Park | None = None,
    ecosystem: Ecosystem | None = None,
    why: str = "",
) -> Assignment:
    """Give a user a role. Raises ValidationError `own` for one's own account, `apart` for auditor and admin in one."""
    lock_row(user)
    if by is not None and by.pk == user.pk:
        raise refusal("user", _("You can't grant a role to yourself."), "own")
    still = user.assignments.filter(Q(ends_on=None) | Q(ends_on__gt=starts_on))
    open_roles = set(still.values_list("role", flat=True))
    if (role in APART and open_roles - {role}) or open_roles.intersection(APART) - {role}:
        raise refusal("role", _("Auditor and system admin can't be combined: end the other role first."), "apart")
    row = Assignment(user=user, role=role, park=park, ecosystem=ecosystem, starts_on=starts_on)
    create(row, "assign", by=by, why=why)
    return row


@atomic_with_retry
def end_assignment(
    assignment: Assignment, *, ends_on: date, by: User | None, why: str, seen: Seen | None = None
) -> Assignment:
    """End a role from `ends_on` on. Raises ValidationError `order` if it ends earlier already."""
    row = lock_row(assignment)
    as_seen(row, seen, {"ends_on": ends_on})
    if row.ends_on and ends_on > row.ends_on:
        raise refusal("ends_on", _("It ends on %(day)s already.") % {"day": last_day(row.ends_on)}, "order")
    change(row, "end", by=by, why=why, ends_on=ends_on)
    return row
