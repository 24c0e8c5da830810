"""Calendar arithmetic. A period is stored as [first day, first day after) and shown with its last day.

`last_day` and `day_after` are the only functions that convert one into the other.
"""

import calendar
from collections.abc import Callable
from datetime import date, timedelta

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)  # days that can be entered
MONTHS = 24  # length of a series: trend, calendar of expiries, feed
DAY = timedelta(days=1)
SATURDAY = 5


def last_day[End: (date, date | None)](end: End) -> End:
    """The last day of a period that ends before `end`; None for one without an end."""
    return None if end is None else end - DAY


def day_after[Last: (date, date | None)](last: Last) -> Last:
    """The exclusive end of a period whose last day is `last`; None for one without an end."""
    return None if last is None else last + DAY


def days_left(end: date, on: date) -> int:
    """Days from `on` to the last day of a period that ends before `end`: 0 on that day, below 0 when it is over."""
    return (last_day(end) - on).days


def end_within(on: date, days: int) -> date:
    """The latest exclusive end of a period with at most so many `days_left` on a day."""
    return day_after(on + timedelta(days=days))


def add_months(day: date, months: int) -> date:
    """The same day of a later month; its last day if that month is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_between(first: date, last: date) -> int:
    """Whole months from one day to a later one; 0 when it is not later."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return max(0, months - (add_months(first, months) > last))


def months_to_reach(until: date, first: date) -> int:
    """The fewest whole months from `first` that reach `until`, at least one."""
    whole = months_between(first, until)
    return max(1, whole + (add_months(first, whole) < until))


def month_starts(day: date, number: int) -> list[date]:
    """The first days of `number` months, from the month of a day on, and that of the month after them."""
    begin = day.replace(day=1)
    return [add_months(begin, ahead) for ahead in range(number + 1)]


def month_ends(on: date, number: int) -> list[date]:
    """`on` and the month ends before it, `number` days in all, ascending; fewer where they would lie before 2000."""
    return _ends_before(on, number, lambda day: day.replace(day=1))


def month_ends_ahead(on: date, number: int) -> list[date]:
    """The last days of `number` months, from that of `on` on."""
    return [last_day(start) for start in month_starts(on, number)[1:]]


def quarter_ends(on: date, number: int) -> list[date]:
    """`on` and the ends of quarters before it, likewise."""
    return _ends_before(on, number, lambda day: date(day.year, day.month - (day.month - 1) % 3, 1))


def _ends_before(on: date, number: int, start: Callable[[date], date]) -> list[date]:
    """`on` and the ends of periods before it; `start` gives the first day of the one in which a day lies."""
    days = [on]
    while len(days) < number and (before := last_day(start(days[-1]))) >= FIRST:
        days.append(before)
    return days[::-1]


def add_working_days(day: date, days: int) -> date:
    """The day so many working days (Monday to Friday) later. Holidays and moved working days (调休) are not known."""
    while days:
        day += DAY
        days -= day.weekday() < SATURDAY
    return day
