"""Django's SQLite, with a queue in front of the one write lock.

SQLite has none: whoever finds the file locked sleeps up to 100 ms and looks again, and the writer that has just
committed is the first to come back. Of 32 threads that all write, some so waited until their timeout and died with
"database is locked". Here the threads of one process take turns in the order in which they came, so that only one of
each process ever asks SQLite.
"""

import threading
from collections import deque

from django.db import OperationalError
from django.db.backends.sqlite3 import base


class Queue:
    """A lock that is handed on in the order in which it was asked for."""

    def __init__(self):
        self._guard = threading.Lock()
        self._waiting = deque()
        self._taken = False

    def join(self, timeout):
        """Wait for one's turn; False if it has not come within `timeout` seconds."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=timeout):
            return True
        with self._guard:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return False
        return True  # it came while we gave up

    def leave(self):
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


class DatabaseWrapper(base.DatabaseWrapper):
    queue = Queue()  # one for the process, as it has one database
    in_turn = False

    def _start_transaction_under_autocommit(self):
        if not self.queue.join(self.settings_dict["OPTIONS"]["timeout"]):
            raise OperationalError("database is locked")
        self.in_turn = True
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._leave()
            raise

    def _set_autocommit(self, autocommit):
        super()._set_autocommit(autocommit)
        if autocommit:  # a transaction has ended
            self._leave()

    def _close(self):
        try:
            super()._close()
        finally:
            self._leave()

    def _leave(self):
        if self.in_turn:
            self.in_turn = False
            self.queue.leave()
