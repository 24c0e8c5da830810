"""Calls of the API that are answered once: the same call again gets the same answer and changes nothing."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, models
from django.utils.translation import gettext as _

from spaces.actions.retry import atomic_with_retry
from spaces.models import User
from spaces.values import clock
from tenants.models import AnsweredCall

DONE = 200  # the status of an executed form
RUNNING = 0  # the status of a call whose transaction has not ended; visible in that transaction only
LOCK_NOT_AVAILABLE = "55P03"
# In the place of one with the same key that is no longer kept. No row returned: there is one that is.
BEGIN = (
    'INSERT INTO "tenants_answeredcall" (user_id, key, fingerprint, status, body, created_at) '
    "VALUES (%s, %s, %s, %s, '{}', %s) ON CONFLICT (user_id, key) DO UPDATE SET fingerprint = excluded.fingerprint, "
    "status = excluded.status, body = excluded.body, created_at = excluded.created_at "
    "WHERE tenants_answeredcall.created_at <= %s RETURNING id"
)


def claim(user: User, key: str, fingerprint: str) -> AnsweredCall:
    """The row of a call, new (RUNNING) or as it was answered; call it in the transaction of the effect.

    A second call waits for the first one for a second, then is refused (`running`); on SQLite it waits as any write
    does. If the first one fails, its row is rolled back with its transaction, and the second one begins.
    """
    now = clock.now()
    try:
        with _within_a_second():
            begun = _begun(user, key, fingerprint, now)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        message = _("The same call is still being answered. Send it again in a moment.")
        raise ValidationError(message, code="running") from None
    if begun is None:
        return AnsweredCall.objects.get(user=user, key=key)
    return AnsweredCall(pk=begun, user=user, key=key, fingerprint=fingerprint, status=RUNNING, body={}, created_at=now)


def _begun(user: User, key: str, fingerprint: str, now: datetime) -> int | None:
    """The id of the row written for a call; None if one that is still kept has the key."""
    written_at, forgotten_at = map(connection.ops.adapt_datetimefield_value, (now, now - AnsweredCall.KEPT))
    with connection.cursor() as cursor:
        cursor.execute(BEGIN, [user.pk, key, fingerprint, RUNNING, written_at, forgotten_at])
        row = cursor.fetchone()
    return row and row[0]


def answered(user: User, key: str) -> dict[str, Any] | None:
    """The stored answer to a key; None for a new key."""
    mine = AnsweredCall.objects.filter(user=user, key=key, created_at__gt=clock.now() - AnsweredCall.KEPT)
    return mine.exclude(status=RUNNING).values_list("body", flat=True).first()  # at most one: no order needed


@atomic_with_retry
def once(
    user: User,
    key: str,
    act: Callable[[], dict[str, Any]],
    rows: Sequence[models.Model],  # noqa: ARG001 restored by `atomic_with_retry` before each try
) -> dict[str, Any]:
    """The result of `act`, executed at most once for a key; the same key again gets the stored answer."""
    call = claim(user, key, key[-64:])
    if call.status != RUNNING:
        return call.body
    answer = act()
    keep(call, status=DONE, body=answer)
    return answer


def keep(call: AnsweredCall, *, status: int, body: dict[str, Any]) -> None:
    AnsweredCall.objects.filter(pk=call.pk).update(status=status, body=body)


@contextmanager
def _within_a_second() -> Iterator[None]:
    """Limit the wait for a lock to a second. Only on PostgreSQL does a writer wait for a row of another writer."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '1s'")
        yield
        cursor.execute("SET LOCAL lock_timeout = DEFAULT")
