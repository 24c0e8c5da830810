"""Holds that have lapsed: the next writer on their unit clears them under its lock. The past stays as it was."""

from collections.abc import Iterable
from datetime import date

from spaces.actions.writing import change, remove
from spaces.models import Allocation, Unit, User


def clear_all(units: Iterable[Unit], *, by: User | None, on: date) -> None:
    """Shorten the holds of locked units that lapsed by the day to the days on which they counted."""
    for lapsed in Allocation.objects.lapsed(on).filter(unit__in=units).order_by("pk"):
        clear(lapsed, by=by)


def clear(lapsed: Allocation, *, by: User | None) -> bool:
    """Shorten a lapsed hold to the days on which it counted, or remove it; whether there are any such days."""
    counted = lapsed.held_until is not None and lapsed.held_until > lapsed.starts_on
    if counted:
        change(lapsed, "lapse", by=by, ends_on=lapsed.held_until)
    else:
        remove(lapsed, "lapse", by=by, why="")
    return counted
