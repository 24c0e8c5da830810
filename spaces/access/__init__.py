"""Access checks shared by pages and API."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Manager, Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spaces.models import Ecosystem, Park, Unit
from spaces.models.people import EDITORS, INSIDERS, READ_ONLY, AnyUser, holds, reads_all
from spaces.states import Role
from spaces.values import clock

AS_KNOWN = gettext_lazy(
    "What was known earlier can be read and not changed. Leave out what was known on (known_on), and do it on what is "
    "known now."
)
AHEAD = gettext_lazy(
    "%(day)s is in the future: the state of a unit on a coming day reveals when its tenant leaves. Those who "
    "look after the place, officials and auditors may ask for it. Ask for a day up to today."
)

type Rows[Row: Model] = Manager[Row] | QuerySet[Row]


def get_visible[Row: Model](rows: Rows[Row], user: AnyUser, **key: Any) -> Row:
    """The row; 404 if the user may not see it."""
    guarded: Any = rows  # every queryset of this project has `visible_to`, which the type QuerySet lacks
    row: Row | None = guarded.visible_to(user).filter(**key).first()
    if row is None:
        raise Http404
    return row


def get_editable[Row: Model](
    rows: Rows[Row], user: AnyUser, *, roles: tuple[str, ...] | None = None, **key: Any
) -> Row:
    """The row if the user may act on it; 403 naming the missing role if it is only visible; else 404.

    One query on success. 403 for everyone who reads what was known earlier.

    `roles`: the roles that may act, where not every editor of the place may. Default: EDITORS.
    """
    guarded: Any = rows
    row: Row | None = _editable(rows, user, roles).filter(**key).first()
    if row is not None and clock.known_by():
        raise PermissionDenied(AS_KNOWN)
    if row is not None:
        return row
    if guarded.visible_to(user).filter(**key).exists():
        raise PermissionDenied(_refusal(roles or _editors(rows.model)))
    raise Http404


def may_edit[Row: Model](rows: Rows[Row], user: AnyUser, *, roles: tuple[str, ...] | None = None, **key: Any) -> bool:
    """Whether `get_editable` gives a row. One query; none for who reads what was known earlier."""
    return clock.known_by() is None and _editable(rows, user, roles).filter(**key).exists()


def ids_to_edit[Row: Model](rows: Rows[Row], user: AnyUser, *, roles: tuple[str, ...] | None = None) -> frozenset[int]:
    """Ids of the rows that `get_editable` gives. One query; none for who reads what was known earlier."""
    return frozenset() if clock.known_by() else frozenset(_editable(rows, user, roles).values_list("pk", flat=True))


def _editable[Row: Model](rows: Rows[Row], user: AnyUser, roles: tuple[str, ...] | None) -> QuerySet[Row]:
    guarded: Any = rows
    editable: QuerySet[Row] = guarded.editable_by(user) if roles is None else guarded.editable_by(user, roles)
    return editable


def refuse_read_only(user: AnyUser) -> None:
    """403 for a user who holds a read-only role today, whatever other roles they hold (decision 0011).

    For acts without a scope of rows: registering a company, accepting an invitation.
    """
    if holds(user, READ_ONLY):
        roles = " / ".join(str(role.label) for role in READ_ONLY)
        message = _("This role reads and does not write: %(roles)s. Use an account of your own for work in a company.")
        raise PermissionDenied(message % {"roles": roles})


def looks_ahead(user: AnyUser) -> bool:
    """Whether the user may ask about a coming day, which reveals when tenancies end (decision 0012)."""
    return user.pk is not None and holds(user, INSIDERS)


def parks_known_to(user: AnyUser) -> frozenset[int] | None:
    """Ids of the parks whose tenancies and their ends the user may know, None for all. No query for a visitor."""
    if user.pk is None:
        return frozenset()
    if reads_all(user):
        return None
    return frozenset(Park.objects.editable_by(user).values_list("pk", flat=True))


def is_known(park_id: int, known: Collection[int] | None) -> bool:
    """Whether a park is among those that `parks_known_to` gives."""
    return known is None or park_id in known


def knows_all(parks: QuerySet[Park], user: AnyUser) -> bool:
    """Whether there are parks here, and the user may know the tenancies of each. At most three queries."""
    known = parks_known_to(user)
    if known is None:
        return True
    here = frozenset(parks.order_by().values_list("pk", flat=True)) if known else frozenset()
    return bool(here) and here <= known


def refuse_ahead(user: AnyUser, park: Park, *, day: date, today: date) -> None:
    """403 for a coming day of a park whose tenancies the user may not know."""
    if day > today and not is_known(park.pk, parks_known_to(user)):
        raise PermissionDenied(AHEAD % {"day": day})


def refuse_ahead_among(parks: QuerySet[Park], user: AnyUser, *, day: date, today: date) -> None:
    """403 for a coming day of parks that are a single one, whose tenancies the user may not know.

    An ecosystem with one park is that park by another name.
    """
    here = list(parks.order_by().values_list("pk", flat=True)[:2]) if day > today else []
    if len(here) == 1 and not is_known(here[0], parks_known_to(user)):
        raise PermissionDenied(AHEAD % {"day": day})


def listed_on(units: QuerySet[Unit], user: AnyUser, *, day: date, today: date) -> QuerySet[Unit]:
    """The units that a list may name: on a coming day those of the parks whose tenancies the user may know."""
    if day <= today:
        return units
    known = parks_known_to(user)
    return units if known is None else units.filter(floor__building__park__in=known)


def _editors(model: type[Model]) -> tuple[str, ...]:
    return (Role.ECOSYSTEM_OFFICER,) if model is Ecosystem else EDITORS


def _refusal(roles: tuple[Any, ...]) -> str:
    """The message that names the missing role. Roles of tenants are not granted by a system admin."""
    params = {"roles": " / ".join(str(getattr(role, "label", role)) for role in roles)}
    if all(role in Role for role in roles):
        return (
            _("You may see this but not do this here. It takes the role: %(roles)s. A system admin grants roles.")
            % params
        )
    return _("You may see this but not do this here. It takes the role: %(roles)s.") % params
