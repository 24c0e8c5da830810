"""Create, replace and end the secret address of one's own calendar."""

import hashlib
import secrets

from spaces.actions.locks import lock_row
from spaces.actions.retry import atomic_with_retry
from spaces.actions.writing import change, create
from spaces.models import User
from spaces.values import clock
from tenants.models import CalendarFeed

BYTES = 32


def digest(token: str) -> str:
    """The stored hash of a token. The token is long and random, so a plain hash cannot be reversed by guessing."""
    return hashlib.sha256(token.encode()).hexdigest()


@atomic_with_retry
def make(*, by: User) -> str:
    """A new token, shown only now; the earlier one stops working."""
    lock_row(by)  # of two requests at once the later ends the address of the earlier
    _end(by)
    token = secrets.token_urlsafe(BYTES)
    create(CalendarFeed(user=by, digest=digest(token), made_at=clock.now()), "create", by=by)
    return token


@atomic_with_retry
def end(*, by: User) -> bool:
    """End the address; whether there was one."""
    lock_row(by)
    return _end(by)


def _end(user: User) -> bool:
    feed = CalendarFeed.objects.filter(user=user, ended_at=None).first()
    if feed is not None:
        change(feed, "end", by=user, ended_at=clock.now())
    return feed is not None
