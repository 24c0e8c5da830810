"""Half-open periods of days."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from spaces.values.days import day_after, last_day

EVER = date(1, 1, 1)  # first day of what has held since the beginning


@dataclass(frozen=True, slots=True)
class Period:
    """The days [starts_on, ends_on); `ends_on` None: without an end."""

    starts_on: date
    ends_on: date | None = None

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    def overlaps(self, other: Self) -> bool:
        begins_before = self.ends_on is None or other.starts_on < self.ends_on
        return begins_before and (other.ends_on is None or self.starts_on < other.ends_on)

    def within(self, other: Self) -> Self | None:
        """The days of both; None if there are none."""
        if not self.overlaps(other):
            return None
        ends = [end for end in (self.ends_on, other.ends_on) if end is not None]
        return type(self)(max(self.starts_on, other.starts_on), min(ends, default=None))

    @property
    def last_day(self) -> date | None:
        return last_day(self.ends_on)


@dataclass(frozen=True, slots=True)
class Validity:
    """For which days a dated fact is written: from a day on, or on days that were recorded wrongly (`corrects`).

    A change runs to the next recorded change; a correction covers its period whatever was recorded there.
    """

    period: Period
    corrects: bool = False

    @classmethod
    def from_day(cls, day: date) -> Self:
        return cls(Period(day))

    @classmethod
    def correction(cls, first: date | None = None, last: date | None = None) -> Self:
        """From the first to the last day, both included; None: since the beginning, and without an end."""
        return cls(Period(first or EVER, day_after(last)), corrects=True)
