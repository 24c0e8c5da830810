"""Last days and exclusive ends, and the calendar arithmetic that there is one of each."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spaces.values import days

ROOT = Path(__file__).resolve().parents[2]
ANY_DAY = st.dates(date(1950, 1, 1), date(2150, 12, 31))


@given(ANY_DAY)
def test_the_two_ways_undo_each_other(day):
    assert days.last_day(days.day_after(day)) == days.day_after(days.last_day(day)) == day


def test_what_has_no_end_has_no_last_day():
    assert (days.last_day(None), days.day_after(None)) == (None, None)


@pytest.mark.parametrize(("on", "left"), [(date(2026, 11, 30), 1), (date(2026, 12, 1), 0), (date(2026, 12, 2), -1)])
def test_days_are_counted_to_the_last_day(on, left):
    assert days.days_left(date(2026, 12, 2), on) == left


@given(ANY_DAY, st.integers(0, 400))
def test_what_ends_within_some_days_has_no_more_left(on, within):
    assert days.days_left(days.end_within(on, within), on) == within


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), -12, date(2027, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2000, 1, 31), -2, date(1999, 11, 30)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day, months, result):
    assert days.add_months(day, months) == result


@given(ANY_DAY, ANY_DAY)
def test_the_fewest_months_that_reach_a_day(first, until):
    months = days.months_to_reach(until, first)

    assert months >= 1
    if until > first:
        assert days.add_months(first, months) >= until
        assert months == 1 or days.add_months(first, months - 1) < until


@pytest.mark.parametrize(
    ("on", "number", "result"),
    [
        (date(2026, 11, 30), 3, [date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 30)]),
        (date(2026, 3, 1), 2, [date(2026, 2, 28), date(2026, 3, 1)]),
        (date(2028, 3, 31), 2, [date(2028, 2, 29), date(2028, 3, 31)]),
        (date(2000, 2, 29), 24, [date(2000, 1, 31), date(2000, 2, 29)]),
        (date(2000, 1, 1), 24, [date(2000, 1, 1)]),
    ],
)
def test_a_series_of_month_ends_says_no_day_twice_and_none_before_2000(on, number, result):
    assert days.month_ends(on, number) == result


def test_the_months_of_a_window_begin_on_their_first_days():
    assert days.month_starts(date(2026, 12, 31), 2) == [date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)]


@pytest.mark.parametrize(
    ("day", "number", "result"),
    [(date(2026, 11, 27), 1, date(2026, 11, 30)), (date(2026, 11, 30), 5, date(2026, 12, 7))],
)
def test_working_days_leave_out_the_week_end(day, number, result):
    assert days.add_working_days(day, number) == result


def test_nothing_else_turns_an_end_into_a_last_day():
    """A day is added or taken off in one module; elsewhere `timedelta(days=1)` is a span of 24 hours."""
    spans = {"spaces/actions/drawings.py", "tenants/actions/documents.py"}
    stepping = re.compile(r"timedelta\((?:days=)?1\)|toordinal\(\)\s*[+-]\s*1")
    found = {
        str(path.relative_to(ROOT))
        for app in ("frontend", "tenants", "spaces", "config")
        for path in (ROOT / app).rglob("*.py")
        if not {"migrations", "demo"}.intersection(path.parts) and stepping.search(path.read_text())
    }

    assert found == {"spaces/values/days.py", *spans}


def test_nothing_else_knows_how_long_a_month_is():
    """Neither in the product nor in the demo data."""
    found = {
        str(path.relative_to(ROOT))
        for app in ("frontend", "tenants", "spaces", "config")
        for path in (ROOT / app).rglob("*.py")
        if "monthrange" in path.read_text() or "def month_ends" in path.read_text()
    }

    assert found == {"spaces/values/days.py"}
