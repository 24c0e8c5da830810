"""Notices to users: rows of the same transaction, mailed after commit."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import transaction

from spaces.actions.retry import atomic_with_retry
from spaces.models import User
from spaces.values import clock
from tenants.models import Notice
from tenants.worker.tasks import mail_notices

_mailed: ContextVar[bool] = ContextVar("mailed", default=False)


@contextmanager
def as_mailed() -> Iterator[None]:
    """Within this context notices are not mailed: for events recorded after they happened."""
    token = _mailed.set(True)
    try:
        yield
    finally:
        _mailed.reset(token)


def notify(users: Iterable[User], event: str, *, key: str, link: str, **facts: Any) -> None:
    """Put one notice in each inbox; the same `key` for the same person again adds nothing."""
    now = clock.now()
    common: dict[str, Any] = {"event": event, "key": f"{event}:{key}", "facts": facts, "link": link, "created_at": now}
    if _mailed.get():
        common["mailed_at"] = now
    else:
        transaction.on_commit(mail_notices.enqueue, robust=True)  # the notice is kept: the next run mails it
    Notice.objects.bulk_create([Notice(user=user, **common) for user in users], ignore_conflicts=True)


@atomic_with_retry
def mark_read(inbox: Iterable[Notice]) -> None:
    Notice.objects.filter(pk__in=[notice.pk for notice in inbox], read_at=None).update(read_at=clock.now())
