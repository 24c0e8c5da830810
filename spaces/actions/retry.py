"""Run an action in one transaction; retry it on deadlock, lock timeout or serialization failure."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial, wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.utils.functional import SimpleLazyObject

from spaces.actions.outages import contended
from spaces.month_ledger.writes import counted_together

RETRIES = 3
PATIENCE_SECONDS = 5  # both databases wait that long for a lock; after that there is no retry
PAUSE_SECONDS = 0.05
_acting: ContextVar[bool] = ContextVar("within an action", default=False)


def atomic_with_retry[**P, R](act: Callable[P, R]) -> Callable[P, R]:
    """Run `act` in a transaction; if that is the outermost, retry it up to three times after contention.

    After a constraint of the database refused it, retry once: the check of the second run finds what another writer
    committed meanwhile, and has a message for it.

    Inside another action there is no savepoint: a refusal there refuses the whole. Who means to go on after one opens
    `transaction.atomic()` around the call; without it Django refuses each further statement.

    Rows among the arguments are restored before each retry. The last error is raised unchanged: pages and API answer
    contention with 503.
    """

    @wraps(act)
    def acted(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            with transaction.atomic(savepoint=not _acting.get()), _as_action(), counted_together():
                return act(*args, **kwargs)
        given = [row for each in (*args, *kwargs.values()) for row in _rows(each)]
        begun = time.monotonic()
        for retry in range(RETRIES + 1):
            before = [row.__getstate__() for row in given]
            committed: list[int] = []
            try:
                with transaction.atomic(), _as_action():
                    # Registered first: an on_commit callback that fails later must not repeat the act.
                    transaction.on_commit(partial(committed.append, retry))
                    with counted_together():
                        return act(*args, **kwargs)
            except (OperationalError, IntegrityError, ValidationError) as error:
                late = time.monotonic() - begun > PATIENCE_SECONDS
                if retry >= _retries(error) or late or committed:
                    raise
            restore(given, before)
            time.sleep(PAUSE_SECONDS * 2**retry)
        raise AssertionError  # the last try has returned or raised

    return acted


def restore(rows: Iterable[models.Model], states: Iterable[dict[str, Any]]) -> None:
    """Set rows back to what `__getstate__` returned of each."""
    for row, state in zip(rows, states, strict=True):
        vars(row).clear()
        vars(row).update(state)


@contextmanager
def _as_action() -> Iterator[None]:
    token = _acting.set(True)
    try:
        yield
    finally:
        _acting.reset(token)


def _retries(error: Exception) -> int:
    if isinstance(error, IntegrityError) or getattr(error, "by_database", False):
        return 1
    if isinstance(error, ValidationError):
        return 0
    return RETRIES if contended(error) else 0


def _rows(given: object) -> Iterable[models.Model]:
    if isinstance(given, Iterator):
        raise TypeError("An action that may run again takes a list, not an iterator.")
    many = given if isinstance(given, list | tuple | set) else [given]
    # The user of a request is a lazy wrapper, whose state is not that of a row.
    return [each for each in many if isinstance(each, models.Model) and type(each) is not SimpleLazyObject]
