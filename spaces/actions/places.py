"""Ecosystems, parks, buildings and floors, and the figures told of them. Units have a module of their own."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from spaces.actions.locks import lock_row, lock_units
from spaces.actions.rows import change, create, refuse
from spaces.actions.units import check_floor, refuse_taken
from spaces.actions.whole import whole
from spaces.models import Allocation, Building, Ecosystem, Floor, Indicator, Park, PublishedFigure, Unit, User
from spaces.versions import Seen, as_seen

type Place = Ecosystem | Park | Building | Floor | PublishedFigure | Indicator


@whole
def add(place: Place, *, by: User | None, why: str = "") -> None:
    """Write a new place or figure. Raises ValidationError by field."""
    create(place, "create", by=by, why=why)


@whole
def update(place: Place, *, by: User | None, why: str = "", seen: Seen | None = None, **facts: Any) -> None:
    """Change facts of a place. Raises ValidationError by field, or with the rule's code.

    `code`: its code would change, which units carry. `floor_area`: the units of a floor no longer fit, and no reason
    is given. `taken`: a building would close before the last allocation in it ends.
    """
    row = lock_row(place)
    facts = as_seen(row, seen, facts)
    if facts.get("code", getattr(row, "code", None)) != getattr(row, "code", None):
        raise refuse("code", _("A code can't be changed: people have written it down."), "code")
    area = getattr(row, "usable_area", None)
    change(row, "change", by=by, why=why, **facts)
    match row:
        case Floor() if row.usable_area != area:
            check_floor(row, on=date.min, why=why)
        case Building(closed_on=date() as closed_on):
            lock_units(Unit.objects.filter(floor__building=row).values_list("pk", flat=True))
            inside = Allocation.objects.live(closed_on).filter(unit__floor__building=row)
            refuse_taken(inside.filter(Q(ends_on=None) | Q(ends_on__gt=closed_on)))
    place.refresh_from_db()
