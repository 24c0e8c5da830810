"""The current moment and day, as models, actions and the change record read them.

Both come from the system unless a moment is set: code that writes a history (the demo province) sets the moment of
each act, so that every row and every change has it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    return _moment.get() or timezone.now()


def today() -> date:
    """The current day in the time zone of the settings."""
    moment = _moment.get()
    return timezone.localdate(moment) if moment else timezone.localdate()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Set the result of `now` and `today` to `moment`, which has a time zone, in this thread."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
