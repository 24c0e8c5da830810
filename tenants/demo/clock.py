"""The days on which the demo's stories happen. Whatever asks for the time is told the story's."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from heapq import heapify, heappop, heappush
from unittest import mock

from django.utils import timezone

MORNING = time(9, 0)
BETWEEN = timedelta(minutes=7)  # one act of a day and the next

# Yields the day of its next act, counted from today, and is sent that day.
type Story[Told] = Generator[int, date, Told]


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with mock.patch.object(timezone, "now", return_value=moment):
        yield


def tell(stories: list[Story[None]], today: date) -> None:
    """All stories at once, their acts in the order in which they happen, so that numbers and queues are in it too."""
    waiting = [(next(story), place, story) for place, story in enumerate(stories)]
    heapify(waiting)
    last, moment = None, timezone.now()
    while waiting:
        offset, place, story = heappop(waiting)
        day = today + timedelta(days=offset)
        morning = timezone.make_aware(datetime.combine(day, MORNING)).astimezone(UTC)
        last, moment = day, moment + BETWEEN if day == last else morning
        with at(moment):
            following = _next(story, day)
        if following is not None:
            heappush(waiting, (following, place, story))


def _next(story: Story[None], day: date) -> int | None:
    try:
        return story.send(day)
    except StopIteration:
        return None
