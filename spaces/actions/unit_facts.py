"""Write what a unit is used for and how large it is: from a day on, or as a correction of days before."""

from collections.abc import Collection, Mapping
from datetime import date
from operator import attrgetter
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from spaces.actions import day_bounds
from spaces.actions.writing import change, create, refusal
from spaces.changes.versions import Seen, as_seen
from spaces.models import Unit, UnitPeriod, User
from spaces.states import LETTABLE_USES, Purpose
from spaces.values import lifetimes
from spaces.values.days import last_day
from spaces.values.periods import EVER, Period, Validity

NEED_REASON = ("use", "usable_area")  # a new value moves figures


def differing(unit: Unit, facts: Mapping[str, Any], validity: Validity, *, seen: Seen | None) -> dict[str, Any]:
    """The facts that differ on any day of the validity, by what the sender had seen (`versions.as_seen`)."""
    periods = _within(unit, validity, facts)
    kept = as_seen(periods[0], seen, facts)
    return {name: value for name, value in kept.items() if any(getattr(row, name) != value for row in periods)}


def write(unit: Unit, facts: Mapping[str, Any], validity: Validity, *, by: User | None, why: str, on: date) -> None:
    """Write facts on a locked unit. Raises ValidationError: reason, taken, far, and by field."""
    span = _span(unit, validity, facts)
    periods = _within(unit, validity, facts)
    known = (getattr(row, name) for row in periods for name in NEED_REASON if name in facts)
    if not why.strip() and (validity.corrects or any(value not in (None, "") for value in known)):
        raise refusal("why", _("Another use or area moves figures: give a reason."), "reason")
    stop_letting = facts.get("use", LETTABLE_USES[0]) not in LETTABLE_USES
    if stop_letting and any(row.use in LETTABLE_USES for row in periods):
        _refuse_let(unit, span, on=on)
    for row in periods:
        _overwrite(row, span, facts, verb="correct" if validity.corrects else "change", by=by, why=why)


def check_days(unit: Unit, validity: Validity, *, on: date) -> None:
    """Check that the days lie within the life of the unit, at most ten years ahead: codes early, far."""
    first, last = validity.period.starts_on, validity.period.last_day
    names = ("first_wrong", "last_wrong") if validity.corrects else ("from_day", "from_day")
    furthest = day_bounds.years_from(on, day_bounds.FURTHEST_START)
    if first != EVER:
        day_bounds.not_before(first, min(unit.opens_on, on), names[0])
        day_bounds.not_beyond(first, furthest, names[0])
    if unit.closes_on and first >= unit.closes_on:
        message = _("%(unit)s exists only up to and including %(day)s.")
        raise refusal(names[0], message % {"unit": unit, "day": last_day(unit.closes_on)}, "outside_life")
    if last:
        day_bounds.not_before(last, unit.opens_on, names[1])
        day_bounds.not_beyond(last, furthest, names[1])


def _span(unit: Unit, validity: Validity, names: Collection[str]) -> Period:
    """The days that are written: a change of some facts ends where the next change of one of them is recorded."""
    if validity.corrects:
        return validity.period
    start = validity.period.starts_on
    running = unit.facts_of(start)
    later = sorted((row for row in unit.periods.all() if row.starts_on > start), key=attrgetter("starts_on"))
    changed = (row.starts_on for row in later if any(getattr(row, each) != getattr(running, each) for each in names))
    return Period(start, next(changed, None))


def _within(unit: Unit, validity: Validity, names: Collection[str]) -> list[UnitPeriod]:
    span = _span(unit, validity, names)
    return sorted((row for row in unit.periods.all() if row.period.overlaps(span)), key=attrgetter("starts_on"))


def _refuse_let(unit: Unit, span: Period, *, on: date) -> None:
    """Check that no tenancy of these days runs or lies ahead, and nobody is still in: a unit not let has no tenant."""
    mine = unit.allocations.filter(purpose=Purpose.TENANCY)
    running = Q(pk__in=mine.overlapping(span.starts_on, span.ends_on).filter(lifetimes.running_after(on)).values("pk"))
    still_in = Q(moved_in_on__isnull=False, handed_back_on=None) | Q(handed_back_on__gt=on)
    ahead = span.ends_on is None or span.ends_on > on
    lifetimes.refuse_taken(mine.filter(running | still_in if ahead else running))


def _overwrite(
    row: UnitPeriod, span: Period, facts: Mapping[str, Any], *, verb: str, by: User | None, why: str
) -> None:
    """Write facts on the days of a period inside the span; what lies before and after keeps its facts."""
    if all(getattr(row, name) == value for name, value in facts.items()):
        return
    whole, old = row.period, row.facts()
    ends_on = min(whole.ends_on or date.max, span.ends_on or date.max)
    until = None if ends_on == date.max else ends_on
    if whole.starts_on < span.starts_on:
        change(row, verb, by=by, why=why, ends_on=span.starts_on)
        inside = UnitPeriod(unit=row.unit, starts_on=span.starts_on, ends_on=until, **old | dict(facts))
        create(inside, verb, by=by, why=why)
    else:
        change(row, verb, by=by, why=why, ends_on=until, **facts)
    if until and until != whole.ends_on:
        create(UnitPeriod(unit=row.unit, starts_on=until, ends_on=whole.ends_on, **old), verb, by=by, why=why)
