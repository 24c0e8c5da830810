"""Write what a unit is used for and how large it is: the rules of a unit about `spaces.actions.dated_facts`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from spaces.actions import dated_facts
from spaces.actions.writing import refusal
from spaces.models import Unit, User
from spaces.states import LETTABLE_USES, Purpose
from spaces.values import lifetimes
from spaces.values.days import last_day
from spaces.values.periods import Period, Validity

MOVING = ("use", "usable_area")  # a new value moves figures


def write(unit: Unit, facts: Mapping[str, Any], validity: Validity, *, by: User | None, why: str, on: date) -> None:
    """Write facts on a locked unit. Raises ValidationError: reason, taken, and by field."""
    message = _("Another use or area moves figures: give a reason.")
    dated_facts.check_reason(unit, facts, validity, moving=MOVING, why=why, message=message)
    stop_letting = facts.get("use", LETTABLE_USES[0]) not in LETTABLE_USES
    if stop_letting and any(row.use in LETTABLE_USES for row in dated_facts.within(unit, validity, facts)):
        _refuse_let(unit, dated_facts.span(unit, validity, facts), on=on)
    dated_facts.write(unit, facts, validity, by=by, why=why)


def check_days(unit: Unit, validity: Validity, *, on: date) -> None:
    """Check that the days lie within the life of the unit, at most ten years ahead: codes early, far, outside_life."""
    first = validity.period.starts_on
    dated_facts.check_days(validity, since=unit.opens_on, on=on)
    if unit.closes_on and first >= unit.closes_on:
        message = _("%(unit)s exists only up to and including %(day)s.")
        facts = {"unit": unit, "day": last_day(unit.closes_on)}
        raise refusal(dated_facts.names_of_days(validity)[0], message % facts, "outside_life")


def _refuse_let(unit: Unit, span: Period, *, on: date) -> None:
    """Check that no tenancy of these days runs or lies ahead, and nobody is still in: a unit not let has no tenant."""
    mine = unit.allocations.filter(purpose=Purpose.TENANCY)
    running = Q(pk__in=mine.overlapping(span.starts_on, span.ends_on).filter(lifetimes.running_after(on)).values("pk"))
    still_in = Q(moved_in_on__isnull=False, handed_back_on=None) | Q(handed_back_on__gt=on)
    ahead = span.ends_on is None or span.ends_on > on
    lifetimes.refuse_taken(mine.filter(running | still_in if ahead else running))
