"""Accounts and what they may do. Rights are rows with dates; a revoked one is gone on the next request."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from spaces import changes
from spaces.actions.locks import lock_row
from spaces.actions.rows import change, create, refuse
from spaces.actions.whole import whole
from spaces.models import Assignment, Ecosystem, Park, User
from spaces.states import Role

APART = (Role.AUDITOR, Role.SYSTEM_ADMIN)


@whole
def add_user(*, email: str, name: str, password: str | None, by: User | None, **fields: Any) -> User:
    """A new account. Without a password nobody can sign in to it until one is set."""
    user = User(email=email.strip().casefold(), name=name, **fields)
    user.set_password(password)
    create(user, "create", by=by)
    return user


@whole
def update_user(user: User, *, by: User | None, why: str = "", **facts: Any) -> None:
    """Change facts of an account; the record keeps those of the person as hashes."""
    change(lock_row(user), "change", by=by, why=why, **facts)
    user.refresh_from_db()


@whole
def set_password(user: User, password: str, *, by: User | None) -> None:
    """The record says that it was set, when and by whom, and nothing of the password. Sessions end with the old one."""
    user.set_password(password)
    User.objects.filter(pk=user.pk).update(password=user.password)
    changes.record(user, "password", by=by)


@whole
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
        raise refuse("user", _("Nobody grants a role to himself."), "own")
    still = user.assignments.filter(Q(ends_on=None) | Q(ends_on__gt=starts_on))
    open_roles = set(still.values_list("role", flat=True))
    if (role in APART and open_roles - {role}) or open_roles.intersection(APART) - {role}:
        raise refuse("role", _("Auditor and system admin stand alone: end the other role first."), "apart")
    row = Assignment(user=user, role=role, park=park, ecosystem=ecosystem, starts_on=starts_on)
    create(row, "assign", by=by, why=why)
    return row


@whole
def end_assignment(assignment: Assignment, *, ends_on: date, by: User | None, why: str) -> Assignment:
    """The right is gone from `ends_on` on. Raises ValidationError `order` if it ends before that already."""
    row = lock_row(assignment)
    if row.ends_on and ends_on > row.ends_on:
        raise refuse("ends_on", _("It ends on %(day)s already.") % {"day": row.ends_on}, "order")
    change(row, "end", by=by, why=why, ends_on=ends_on)
    return row
