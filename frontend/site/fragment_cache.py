"""Cache of rendered fragments, invalidated by any commit.

The key holds a stamp that the database changes with every commit, so a fragment is never older than what a
query would return. Only fragments that are the same for everyone who may open the page belong here.
"""

from collections import OrderedDict
from threading import Lock

from django.db import connection

ROOM = 128  # pieces
MOST_CHARACTERS = 16_000_000  # of all of them together
_kept = OrderedDict()
_lock = Lock()


def kept(key, make):
    """The fragment under `key` as of the last commit; `make()` renders it where there is none."""
    stamp = database_stamp()
    if stamp is None:
        return make()
    full = (stamp, key)
    with _lock:
        if full in _kept:
            _kept.move_to_end(full)
            return _kept[full]
    piece = make()
    with _lock:
        _kept[full] = piece
        while len(_kept) > ROOM or sum(map(len, _kept.values())) > MOST_CHARACTERS:
            _kept.popitem(last=False)
    return piece


def database_stamp():
    """A value that differs after every commit that pages show; None inside a transaction, whose own writes it misses.

    PostgreSQL: the snapshot, which any commit changes. SQLite: the last Change row, as writers there go one by one and
    each write leaves one. On PostgreSQL that row's number would not do: a lower one may commit after a higher one.
    """
    if connection.in_atomic_block:
        return None
    on_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text" if on_postgresql else "SELECT MAX(id) FROM spaces_change")
        return cursor.fetchone()
