"""The current moment and day, as models, actions and the change record read them.

Both come from the system unless a moment is set: code that writes a history (the demo province) sets the moment of
each act, so that every row and every change has it. While a read answers from what was known at an earlier moment,
that moment is the current one, for everything but rights.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)
_known: ContextVar[tuple[datetime, date] | None] = ContextVar("known by, and the day of rights", default=None)


def now() -> datetime:
    return _moment.get() or timezone.now()


def today() -> date:
    """The current day in the time zone of the settings."""
    moment = _moment.get()
    return timezone.localdate(moment) if moment else timezone.localdate()


def known_by() -> datetime | None:
    """The moment by which all that is read had been recorded; None: now."""
    known = _known.get()
    return known[0] if known else None


def rights_today() -> date:
    """The day whose assignments give rights: today, also for who reads what was known earlier."""
    known = _known.get()
    return known[1] if known else today()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Set the result of `now` and `today` to `moment`, which has a time zone, in this thread."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)


@contextmanager
def as_known_by(moment: datetime) -> Iterator[None]:
    """As `at`, and `known_by` gives the moment. What queries answer: spaces.knowledge."""
    token = _known.set((moment, today()))
    try:
        with at(moment):
            yield
    finally:
        _known.reset(token)
