"""Django's SQLite, with a queue in front of the one write lock, and triggers that may name other tables.

SQLite has none: whoever finds the file locked sleeps up to 100 ms and looks again, and the writer that has just
committed is the first to come back. Of 32 threads that all write, some so waited until their timeout and died with
"database is locked". Here the threads of one process take turns in the order in which they came, so that only one of
each process ever asks SQLite.

`timeout` bounds the whole wait, in the queue and for the file, and what a request waits in vain it waits once: after
that its further writes try without waiting. Readers never wait. Only `most_waiting` threads may wait that long; the
others leave as soon as nobody's turn has come for a second, so that a locked file leaves threads to those who read.
"""

import threading
import time
from collections import deque

from django.db import OperationalError
from django.db.backends.sqlite3 import base, schema

STUCK_SECONDS = 1
READING = "DEFERRED"  # the mode of a transaction that reads: it takes no turn


class Queue:
    """A lock that is handed on in the order in which it was asked for."""

    def __init__(self):
        self._guard = threading.Lock()
        self._waiting = deque()
        self._taken = False
        self._since = 0.0  # when the present turn began

    def join(self, timeout, most_waiting=None):
        """Wait for one's turn; False if it has not come within `timeout` seconds."""
        with self._guard:
            if not self._taken:
                self._begin()
                return True
            if most_waiting is not None and len(self._waiting) >= most_waiting:
                timeout = min(timeout, max(0, self._since + STUCK_SECONDS - time.monotonic()))
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
                self._begin()
                self._waiting.popleft().release()
            else:
                self._taken = False

    def _begin(self):
        self._taken = True
        self._since = time.monotonic()


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    def _remake_table(self, model, *args, **kwargs):
        """Lift the triggers of other tables that name this one, and put them back when it has been made anew.

        Django drops the table and renames its copy. SQLite reads every trigger at that rename, and refuses it
        ("error in trigger …: no such table") if one names a table that is missing at that moment.
        """
        table = model._meta.db_table
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name <> %s AND instr(sql, %s)",
                [table, table],
            )
            lifted = cursor.fetchall()
        for name, _sql in lifted:
            self.execute(f"DROP TRIGGER {self.quote_name(name)}")
        super()._remake_table(model, *args, **kwargs)
        for _name, sql in lifted:
            self.execute(sql, params=None)


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor
    queue = Queue()  # one for the process, as it has one database
    in_turn = False
    waited_in_vain = False

    def get_connection_params(self):
        return {name: value for name, value in super().get_connection_params().items() if name != "most_waiting"}

    @property
    def queries_logged(self):
        """Only where somebody asks for them: under DEBUG Django keeps every statement with its values in it.

        Nobody reads that list, and it took a tenth of the time of `make demo`.
        """
        return self.force_debug_cursor

    def close_if_unusable_or_obsolete(self):
        """Called by Django between two requests."""
        super().close_if_unusable_or_obsolete()
        self.waited_in_vain = False

    def _start_transaction_under_autocommit(self):
        if self.transaction_mode == READING:
            super()._start_transaction_under_autocommit()
            return
        options = self.settings_dict["OPTIONS"]
        patience = 0 if self.waited_in_vain else options["timeout"]
        until = time.monotonic() + patience
        if not self.queue.join(patience, options["most_waiting"]):
            self.waited_in_vain = True
            raise OperationalError("database is locked")
        self.in_turn = True
        try:
            self._wait_for_the_file(until - time.monotonic())
            super()._start_transaction_under_autocommit()
        except BaseException:
            self.waited_in_vain = True
            self._leave()
            raise
        finally:
            self._wait_for_the_file(options["timeout"])
        self.waited_in_vain = False

    def _wait_for_the_file(self, seconds):
        """SQLite's own wait, for other processes. To begin a transaction it has what the queue has left."""
        if self.connection is not None:
            self.connection.execute(f"PRAGMA busy_timeout = {max(0, round(seconds * 1000))}")

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
