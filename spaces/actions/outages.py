"""Distinguish unavailability of database or disk from errors of the program."""

import errno
import sqlite3
from enum import Enum

import psycopg
from django.db import Error, InterfaceError, OperationalError

from spaces.values.stored_files import StoredFileMissingError


class Outage(Enum):
    BUSY = "busy"  # others hold a lock: a retry can succeed
    AWAY = "away"  # database or disk does not respond
    FULL = "full"  # reading works, writing does not
    MISSING = "missing"  # a file is not where its row says


# PostgreSQL: deadlock_detected, serialization_failure, lock_not_available
CONTENTION = {"40P01", "40001", "55P03"}
# disk_full, read_only_sql_transaction (a standby, or a server that was set to read only)
READ_ONLY = {"53100", "25006"}
# connection_exception, insufficient_resources, operator_intervention (shut down, starting up), system_error
AWAY_CLASSES = ("08", "53", "57", "58")
SQLITE = {
    sqlite3.SQLITE_BUSY: Outage.BUSY,
    sqlite3.SQLITE_LOCKED: Outage.BUSY,
    sqlite3.SQLITE_PROTOCOL: Outage.BUSY,
    sqlite3.SQLITE_CANTOPEN: Outage.AWAY,
    sqlite3.SQLITE_IOERR: Outage.AWAY,
    sqlite3.SQLITE_FULL: Outage.FULL,
    sqlite3.SQLITE_READONLY: Outage.FULL,
}
PRIMARY_CODE = 0xFF  # SQLite puts the details of an error above these bits
DISK = {
    errno.ENOSPC: Outage.FULL,
    errno.EDQUOT: Outage.FULL,
    errno.EROFS: Outage.FULL,
    errno.EACCES: Outage.FULL,
    errno.EPERM: Outage.FULL,
    errno.ENOTDIR: Outage.FULL,
    errno.EIO: Outage.AWAY,
    errno.EMFILE: Outage.AWAY,
    errno.ENFILE: Outage.AWAY,
}


def outage(error: BaseException | None) -> Outage | None:
    """What is unavailable; None for any other error."""
    if isinstance(error, StoredFileMissingError):
        return Outage.MISSING
    if isinstance(error, OSError):
        return DISK.get(error.errno or 0)
    if not isinstance(error, Error):
        return None
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & PRIMARY_CODE)
    if isinstance(cause, psycopg.Error):
        return _of_postgresql(error, cause.sqlstate)
    return Outage.BUSY if isinstance(error, OperationalError) and "database is locked" in str(error) else None


def contended(error: BaseException | None) -> bool:
    """Whether a statement failed only by contention, so that a retry can succeed."""
    return outage(error) is Outage.BUSY


def _of_postgresql(error: Error, sqlstate: str | None) -> Outage | None:
    """Classify an error by its SQLSTATE; without one the connection is lost or was never made."""
    if sqlstate in CONTENTION:
        return Outage.BUSY
    if sqlstate in READ_ONLY:
        return Outage.FULL
    if sqlstate is None:
        return Outage.AWAY if isinstance(error, OperationalError | InterfaceError) else None
    return Outage.AWAY if sqlstate.startswith(AWAY_CLASSES) else None
