"""May this person do this to that? The one answer for page and API."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Manager, Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from spaces.models import Assignment, Ecosystem
from spaces.models.people import READERS, AnyUser
from spaces.models.places import EDITORS
from spaces.states import Role

type Rows[Row: Model] = Manager[Row] | QuerySet[Row]


def get_visible[Row: Model](rows: Rows[Row], user: AnyUser, **key: Any) -> Row:
    """The row, or 404: what a user may not see does not exist for him."""
    guarded: Any = rows  # each queryset of ours has `visible_to`, and QuerySet itself does not say so
    row: Row | None = guarded.visible_to(user).filter(**key).first()
    if row is None:
        raise Http404
    return row


def get_editable[Row: Model](
    rows: Rows[Row], user: AnyUser, *, roles: tuple[str, ...] | None = None, **key: Any
) -> Row:
    """The row if the user may act on it; 403 naming the right if he only sees it; else 404. One query on success.

    `roles` narrows who may act, where not every editor of the place may: EDITORS when left out.
    """
    guarded: Any = rows
    editable = guarded.editable_by(user) if roles is None else guarded.editable_by(user, roles)
    row: Row | None = editable.filter(**key).first()
    if row is not None:
        return row
    if guarded.visible_to(user).filter(**key).exists():
        raise PermissionDenied(_refusal(roles or _editors(rows.model)))
    raise Http404


def reads_all(user: AnyUser) -> bool:
    """Officials and auditors read of every place who is in it and why, and change nothing."""
    return Assignment.objects.in_force(user).filter(role__in=READERS).exists()


def _editors(model: type[Model]) -> tuple[str, ...]:
    return (Role.ECOSYSTEM_OFFICER,) if model is Ecosystem else EDITORS


def _refusal(roles: tuple[Any, ...]) -> str:
    """Names the role that is missing. A higher app has roles of its own, which no system admin grants."""
    told = {"roles": " / ".join(str(getattr(role, "label", role)) for role in roles)}
    if all(role in Role for role in roles):
        return (
            _("You may see this but not do this here. It takes the role: %(roles)s. A system admin grants roles.")
            % told
        )
    return _("You may see this but not do this here. It takes the role: %(roles)s.") % told
