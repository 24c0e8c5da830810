"""Stories of the demo: each is a generator that yields the day of its next act, counted from today."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from heapq import heapify, heappop, heappush

from django.utils import timezone

from spaces.month_ledger.writes import counted_together
from spaces.values import clock

MORNING = time(9, 0)
BETWEEN = timedelta(minutes=7)  # between two acts of a day

# Yields the offset in days of its next act, and receives that day.
type Story[Result] = Generator[int, date, Result]


def morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, MORNING)).astimezone(UTC)


@contextmanager
def acts_of(moment: datetime) -> Iterator[None]:
    """Acts of one moment: the month ledger counts them together, and apart from those of another moment."""
    with clock.at(moment), counted_together():
        yield


def run(stories: list[Story[None]], today: date) -> None:
    """Perform the acts of all stories by day, so that numbers and queues follow the order of time."""
    waiting = [(next(story), place, story) for place, story in enumerate(stories)]
    heapify(waiting)
    last, moment = None, clock.now()
    while waiting:
        offset, place, story = heappop(waiting)
        day = today + timedelta(days=offset)
        last, moment = day, moment + BETWEEN if day == last else morning(day)
        with acts_of(moment):
            following = _next(story, day)
        if following is not None:
            heappush(waiting, (following, place, story))


def _next(story: Story[None], day: date) -> int | None:
    try:
        return story.send(day)
    except StopIteration:
        return None
