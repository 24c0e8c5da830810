"""Rules of a correction of an allocation: it changes days, never the steps taken."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from spaces.actions import day_bounds
from spaces.actions.writing import refusal
from spaces.models import Allocation

HAPPENED = ("signed_on", "moved_in_on", "handed_back_on")


def in_order(row: Allocation, changed: Mapping[str, Any]) -> None:
    """Check that a corrected signature is near the period and before the move-in."""
    if row.signed_on and "signed_on" in changed:
        day_bounds.not_before(
            row.signed_on, day_bounds.years_from(row.starts_on, -day_bounds.EARLIEST_SIGNATURE), "signed_on"
        )
    moved = changed.keys() & {"signed_on", "moved_in_on"}
    if moved and row.signed_on and row.moved_in_on and row.moved_in_on < row.signed_on:
        message = _("Moving in comes after the signature of %(day)s.") % {"day": row.signed_on}
        raise refusal(min(moved), message, "order")


def same_steps(before: Mapping[str, Any], changed: Mapping[str, Any], on: date) -> None:
    """Check that a correction neither adds nor removes a milestone, and that a lapsed hold stays lapsed."""
    for name in ("held_until", *HAPPENED):
        day = changed.get(name, before[name])
        if (day is None) != (before[name] is None):
            message = _("A correction can change this day but can't add or remove it. Record the step itself instead.")
            raise refusal(name, message, "state")
        if name in changed and name in HAPPENED:
            day_bounds.not_after(day, on, name)
    if "held_until" in changed:
        for day in (before["held_until"], changed["held_until"]):
            if day <= on:
                raise refusal("held_until", _("A hold runs to %(day)s at least.") % {"day": on}, "lapsed")
