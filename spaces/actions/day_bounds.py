"""Bounds of the days of an act."""

from datetime import date

from django.utils.translation import gettext as _

from spaces.actions.writing import refusal
from spaces.values.days import add_months, last_day

# Years. A lease runs 20 years at most (Civil Code, article 705); the others are our choice.
LONGEST_TENANCY = 20
EARLIEST_SIGNATURE = 5
FURTHEST_START = 10
LONGEST_HOLD = 2


def years_from(day: date, years: int) -> date:
    """The same day so many years later or earlier; for 29 February the 28th in other years."""
    return add_months(day, 12 * years)


def not_after(day: date, on: date, field: str) -> None:
    """Refuse (`future`) a past event after the day of the act."""
    if day > on:
        message = _("%(day)s has not come yet. Enter a day up to %(on)s.") % {"day": day, "on": on}
        raise refusal(field, message, "future")


def not_before(day: date, first: date, field: str, *, exclusive: bool = False) -> None:
    """Refuse (`early`) a day before `first`. `exclusive` ends are shown as the last day before them."""
    if day < first:
        message = _("%(day)s is too early. Enter a day from %(first)s on.")
        raise refusal(field, message % _days_shown(exclusive=exclusive, day=day, first=first), "early")


def not_beyond(day: date, last: date, field: str, *, exclusive: bool = False) -> None:
    """Refuse (`far`) a day after `last`. `exclusive` ends are shown as the last day before them."""
    if day > last:
        message = _("%(day)s is too far ahead. Enter a day up to %(last)s.")
        raise refusal(field, message % _days_shown(exclusive=exclusive, day=day, last=last), "far")


def check_period(starts_on: date, ends_on: date | None, *, on: date) -> None:
    """Check that an allocation begins within ten years and lasts twenty at most."""
    not_beyond(starts_on, years_from(on, FURTHEST_START), "starts_on")
    if ends_on is not None:
        not_beyond(ends_on, years_from(starts_on, LONGEST_TENANCY), "ends_on", exclusive=True)


def _days_shown(*, exclusive: bool, **days: date) -> dict[str, date]:
    return {name: last_day(day) if exclusive else day for name, day in days.items()}
