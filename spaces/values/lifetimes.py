"""The life of a unit, and the allocations that must lie inside it.

A unit can be taken from `opens_on` until the unit or its building closes; a tenant can move in once the building is
ready. Its area counts as ready once the park is open, too: `ready_from`. `InsideLifeConstraint` enforces the days in
full_clean() and in the database; actions check here first where the message can be more precise.
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from spaces.values.days import last_day


def closes_on(unit: Any) -> date | None:
    """The first day on which the unit or its building is closed; None while no such day is set."""
    return min((day for day in (unit.closes_on, unit.floor.building.closed_on) if day), default=None)


def not_closed(building: str, on: date) -> Q:
    """Condition: the building at path `building` (empty, or ends in `__`) is not closed by the day."""
    return Q(**{f"{building}closed_on": None}) | Q(**{f"{building}closed_on__gt": on})


def has_opened(opened_on: date | None, day: date) -> bool:
    """Whether a park is open on a day; one without a recorded opening is."""
    return opened_on is None or opened_on <= day


def ready_from(ready_on: date | None, opened_on: date | None) -> date | None:
    """The day from which the units of a building are ready: it is finished and its park open. None if unknown.

    A park without a recorded opening is open. `ready` and `not_ready` are the same rule in SQL.
    """
    return ready_on and max(ready_on, opened_on or ready_on)


def ready(building: str, on: date) -> Q:
    """Condition: the building at path `building` (ends in `__`) is ready on the day, and its park open."""
    opened = Q(**{f"{building}park__opened_on": None}) | Q(**{f"{building}park__opened_on__lte": on})
    return Q(**{f"{building}ready_on__lte": on}) & opened


def not_ready(building: str, on: date) -> Q:
    """The opposite of `ready`, spelled out: SQL's NOT would pass over a building without a day."""
    later = Q(**{f"{building}ready_on__gt": on}) | Q(**{f"{building}park__opened_on__gt": on})
    return Q(**{f"{building}ready_on": None}) | later


def check_period(unit: Any, starts_on: date, ends_on: date | None) -> None:
    """Check that a period lies inside the life of the unit. Raises ValidationError `outside_life` by field."""
    if starts_on < unit.opens_on:
        message = _("%(unit)s exists only from %(day)s.") % {"unit": unit, "day": unit.opens_on}
        raise ValidationError({"starts_on": ValidationError(message, code="outside_life")})
    end = closes_on(unit)
    if end and (ends_on is None or ends_on > end):
        message = _("%(unit)s exists only up to and including %(day)s.") % {"unit": unit, "day": last_day(end)}
        raise ValidationError({"ends_on": ValidationError(message, code="outside_life")})


def check_ready(unit: Any, moved_in_on: date) -> None:
    """Check that the building is ready for a move-in. Raises ValidationError `not_ready`."""
    ready_on = unit.floor.building.ready_on
    if ready_on is None or ready_on > moved_in_on:
        message = _("The building is not ready on %(day)s.") % {"day": moved_in_on}
        raise ValidationError({"moved_in_on": ValidationError(message, code="not_ready")})


def check_unit(taken: models.QuerySet[Any], *, opens_on: date, closes_on: date | None) -> None:
    """Check a unit's new life against its allocations `taken`. Raises ValidationError `taken`. One query."""
    refuse_taken(taken.filter(Q(starts_on__lt=opens_on) | running_after(closes_on)))


def check_building(taken: models.QuerySet[Any], *, ready_on: date | None, closed_on: date | None) -> None:
    """Check a building's new days against the allocations `taken` in it.

    Raises ValidationError `taken` or `not_ready`. Two queries at most.
    """
    if closed_on:
        refuse_taken(taken.filter(running_after(closed_on)))
    moved_in = Q(moved_in_on__lt=ready_on) if ready_on else Q(moved_in_on__isnull=False)
    first = taken.filter(moved_in).select_related("unit").order_by("moved_in_on", "pk").first()
    if first:
        message = _(
            "A tenant has been in %(unit)s since %(day)s. Enter a day up to then, or correct the move-in first."
        )
        params = {"unit": first.unit, "day": first.moved_in_on}
        raise ValidationError({"ready_on": ValidationError(message % params, code="not_ready")})


def refuse_taken(outside: models.QuerySet[Any]) -> None:
    """Raise ValidationError `taken` if there is such an allocation."""
    first = outside.select_related("unit").order_by("unit", "starts_on").first()
    if first:
        message = _("%(unit)s is taken from %(day)s; end or move that first.")
        params = {"unit": first.unit, "day": first.starts_on}
        raise ValidationError({"units": ValidationError(message % params, code="taken")})


def overstay(
    moved_in_on: date | None, ends_on: date | None, handed_back_on: date | None
) -> tuple[date, date | None] | None:
    """[since, until) of the holdover of a tenant who moved in; None if there can be none.

    `until` is None while the keys are not back. `AllocationQuerySet.overstaying` is the same rule in SQL.
    """
    return None if moved_in_on is None or ends_on is None else (ends_on, handed_back_on)


def running_after(day: date | None) -> Q:
    """Condition: the allocation continues after a closing day; never true if no such day is set."""
    return Q(pk__in=[]) if day is None else Q(ends_on=None) | Q(ends_on__gt=day)
