"""Access to whole pages, and the start page of each role. Access to rows: spaces.access."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from spaces.models import Assignment
from spaces.states import Role

OFFICER = (Role.ECOSYSTEM_OFFICER,)
# Cache-Control of a private file: the browser may store it, and revalidates it on each use.
KEEP_AND_ASK = "private, no-cache"


def open_place(view):
    """Mark a view that visitors may open while settings.PLACES_OPEN: places, totals, published vacancies."""
    view.open_place = True
    return view


def for_newcomers(view):
    """Mark a view whose form a visitor may send; it leads to the sign-up instead of the login."""
    view.for_newcomers = True
    return view


def for_roles(*roles):
    """A page for people with one of these roles today, wherever they have it; 403 naming them for all others."""

    def guard(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not has_role(request.user, roles):
                message = _("This page is for: %(roles)s. A system admin grants these roles.")
                raise PermissionDenied(message % {"roles": _(", ").join(str(Role(role).label) for role in roles)})
            return view(request, *args, **kwargs)

        return guarded

    return guard


def roles_of(user):
    """The roles of a person today, as read with the user of the request; queried during a login."""
    if hasattr(user, "roles_held"):
        return set((user.roles_held or "").split(",")) - {""}
    return set(Assignment.objects.in_force(user).values_list("role", flat=True))


def has_role(user, roles):
    return not roles_of(user).isdisjoint(roles)


def landing(user):
    """The name of the start page of a person. Without a role at a place, that is the desk of a company."""
    roles = roles_of(user)
    if not roles:
        return "my-desk"
    if Role.PARK_MANAGER in roles:
        return "manage"
    return "change-list" if roles == {Role.AUDITOR} else "overview"
