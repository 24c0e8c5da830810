"""Calendar arithmetic of the trade."""

import calendar
from datetime import date, timedelta

SATURDAY = 5


def add_months(day: date, months: int) -> date:
    """The same day of a later month; its last day if that month is shorter (domain.md 2.3)."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_between(first: date, last: date) -> int:
    """Whole months from one day to a later one; 0 when it is not later."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return max(0, months - (add_months(first, months) > last))


def add_working_days(day: date, days: int) -> date:
    """Mondays to Fridays. Holidays and moved working days (调休) are not known: a deadline may fall early."""
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < SATURDAY
    return day


def months_from(day: date, until: date) -> int:
    """The fewest whole months from `day` that reach `until`, at least one."""
    months = max(1, (until.year - day.year) * 12 + until.month - day.month)
    return months if add_months(day, months) >= until else months + 1
