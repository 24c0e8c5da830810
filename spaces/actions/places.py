"""Ecosystems, parks, buildings and floors, and the figures told of them. Units have a module of their own."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from spaces.actions.rows import change, create, refuse
from spaces.models import Building, Ecosystem, Floor, Indicator, Park, PublishedFigure, User

type Place = Ecosystem | Park | Building | Floor | PublishedFigure | Indicator


@transaction.atomic
def add(place: Place, *, by: User | None, why: str = "") -> None:
    """Write a new place or figure. Raises ValidationError by field."""
    create(place, "create", by=by, why=why)


@transaction.atomic
def update(place: Place, *, by: User | None, why: str = "", **facts: Any) -> None:
    """Change facts of a place. Raises ValidationError by field, `code` if its code would change (units carry it)."""
    row = type(place).objects.select_for_update(no_key=True).get(pk=place.pk)
    if facts.get("code", getattr(row, "code", None)) != getattr(row, "code", None):
        raise refuse("code", _("A code can't be changed: people have written it down."), "code")
    change(row, "change", by=by, why=why, **facts)
    place.refresh_from_db()
