"""Notices to users: rows of the same transaction, mailed after commit."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.db import transaction

from spaces.actions.retry import atomic_with_retry
from spaces.models import User
from spaces.values import clock
from tenants.models import Notice
from tenants.worker.tasks import mail_notices

BATCH = 500
_mailed: ContextVar[bool] = ContextVar("mailed", default=False)


@contextmanager
def as_mailed() -> Iterator[None]:
    """Within this context notices are not mailed: for events recorded after they happened."""
    token = _mailed.set(True)
    try:
        yield
    finally:
        _mailed.reset(token)


@dataclass(frozen=True, slots=True)
class Announcement:
    """An event for several users; `key` tells it from others of its kind."""

    users: Iterable[User]
    event: str
    key: str
    link: str
    facts: dict[str, Any]


def notify(users: Iterable[User], event: str, *, key: str, link: str, **facts: Any) -> None:
    """Put one notice in each inbox; the same `key` for the same person again adds nothing."""
    notify_many([Announcement(users, event, key, link, facts)])


def notify_many(announcements: Iterable[Announcement]) -> None:
    """Put the notices of all announcements in the inboxes, BATCH rows a statement, and mail them together."""
    now = clock.now()
    mailed_at = now if _mailed.get() else None
    notices = (
        Notice(
            user=user,
            event=each.event,
            key=f"{each.event}:{each.key}",
            facts=each.facts,
            link=each.link,
            created_at=now,
            mailed_at=mailed_at,
        )
        for each in announcements
        for user in each.users
    )
    for some in batched(notices, BATCH, strict=False):
        Notice.objects.bulk_create(some, ignore_conflicts=True)
    if mailed_at is None:
        transaction.on_commit(mail_notices.enqueue, robust=True)  # the notice is kept: the next run mails it


@atomic_with_retry
def mark_read(inbox: Iterable[Notice]) -> None:
    Notice.objects.filter(pk__in=[notice.pk for notice in inbox], read_at=None).update(read_at=clock.now())
