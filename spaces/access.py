"""May this person do this to that? The one answer for page and API."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404
from django.utils.translation import gettext as _

from spaces.models.people import AnyUser


def get_visible[Row: Model](rows: Any, user: AnyUser, **key: Any) -> Row:
    """The row, or 404: what a user may not see does not exist for him."""
    row: Row | None = rows.visible_to(user).filter(**key).first()
    if row is None:
        raise Http404
    return row


def get_editable[Row: Model](rows: Any, user: AnyUser, *, roles: tuple[str, ...] | None = None, **key: Any) -> Row:
    """The row if the user may act on it; 403 naming the right if he only sees it; else 404. One query on success.

    `roles` narrows who may act, where not every editor of the place may: EDITORS when left out.
    """
    editable = rows.editable_by(user) if roles is None else rows.editable_by(user, roles)
    row: Row | None = editable.filter(**key).first()
    if row is not None:
        return row
    if rows.visible_to(user).filter(**key).exists():
        raise PermissionDenied(
            _("You may see this but not change it. The right “%(right)s” is granted by a system admin.")
            % {"right": rows.model._meta.verbose_name}
        )
    raise Http404
