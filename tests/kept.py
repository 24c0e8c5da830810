"""Worlds are built once in a process and then told again: a builder marked `@kept` leaves the statements that it made.

It costs the actions a second to write a tenancy, and the database five milliseconds to take its rows. A test starts
from the empty database; as long as only kept builders have written, what the next one would write is known by who was
called before it, with what, on which day. Whoever else writes, or rolls back, ends that: from then on builders build.
"""

import pickle
import re
from functools import wraps
from types import SimpleNamespace

from django.conf import Settings, settings
from django.db import connection, models, transaction
from django.utils import timezone, translation

READ = re.compile(r"SELECT|PRAGMA|SET CONSTRAINTS")
SAVEPOINT = re.compile(r"SAVEPOINT|RELEASE")
# That somebody has logged in is of no account to what a builder writes.
APART = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM) "django_session"|UPDATE "spaces_user" SET "last_login"')
LEFT_OUT = {"_state", "last_login", "_django_version"}
SEQUENCES = {
    "sqlite": "SELECT name, seq FROM sqlite_sequence",
    "postgresql": "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema",
}


class Tape:
    """What one call of a builder left: statements, things to do on commit, and its arguments and result afterwards."""

    def __init__(self):
        self.statements, self.on_commit, self.counted, self.left = [], [], {}, b""


class Keeper:
    """An execute wrapper, new for each test. `state` is the tape that told all there is, None where nobody knows."""

    tapes = {}
    empty = Tape()
    first_counts = {}

    def __init__(self):
        self.state, self.recording, self.telling = self.empty, None, False

    def __call__(self, execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if self.telling or READ.match(sql):
            return result
        if self.recording:
            self.recording.statements.append((sql, params, many))
        elif not SAVEPOINT.match(sql) and not APART.match(sql):
            self.state = None
        return result

    def call(self, build, args, kwargs):
        if self.recording or self.state is None or type(settings._wrapped) is not Settings or not self._counts_fit():
            return build(*args, **kwargs)
        days = timezone.localdate(), timezone.now().date()
        key = (self.state, build, _shape((args, kwargs)), days, translation.get_language())
        tape = self.tapes.get(key)
        if tape is None:
            tape, result = self._record(build, args, kwargs)
            self.tapes[key] = tape
        else:
            result = self._tell(tape, args, kwargs)
        self.state = tape
        return result

    def _record(self, build, args, kwargs):
        tape, before, waiting = Tape(), _counts(), len(connection.run_on_commit)
        self.recording = tape
        try:
            result = build(*args, **kwargs)
        finally:
            self.recording, self.state = None, None
        if not any(sql.startswith("ROLLBACK TO") for sql, _params, _many in tape.statements):
            tape.statements = [each for each in tape.statements if not SAVEPOINT.match(each[0])]
        after = _counts()
        tape.counted = {name: before.get(name) for name in after if after[name] != before.get(name)}
        tape.on_commit = [(act, robust) for _sids, act, robust in connection.run_on_commit[waiting:]]
        tape.left = pickle.dumps((args, kwargs, result))
        return tape, result

    def _tell(self, tape, args, kwargs):
        self.telling = True
        try:
            with connection.cursor() as cursor:
                if connection.vendor == "postgresql" and tape.counted:  # a rollback does not turn its sequences back
                    cursor.execute("SELECT " + ", ".join(_turned(*each) for each in tape.counted.items()))
                for sql, params, many in tape.statements:
                    (cursor.executemany if many else cursor.execute)(sql, params)
        finally:
            self.telling = False
        for act, robust in tape.on_commit:
            transaction.on_commit(act, robust=robust)
        *given, result = pickle.loads(tape.left)  # noqa: S301 our own, of a moment ago
        _become([args, kwargs], given)
        return result

    def _counts_fit(self):
        """Keys come out as they did. On SQLite they do, unless some test has committed to this database."""
        if connection.vendor == "sqlite" and self.state is self.empty:
            Keeper.first_counts = Keeper.first_counts or _counts()
            if _counts() != Keeper.first_counts:
                self.state = None
        return self.state is not None


def _counts():
    with connection.cursor() as cursor:
        cursor.execute(SEQUENCES[connection.vendor])
        return dict(cursor.fetchall())


def _turned(name, last):
    return f"setval('\"{name}\"', {last or 1}, {'false' if last is None else 'true'})"


def _shape(thing):
    """What a builder could see of its arguments, to be compared. When somebody last logged in is left out."""
    if isinstance(thing, models.Model):
        stored = {name: _shape(value) for name, value in vars(thing).items() if name not in LEFT_OUT}
        loaded = {name: row and row.pk for name, row in thing._state.fields_cache.items()}
        return type(thing), *sorted(stored.items(), key=str), *sorted(loaded.items(), key=str)
    if isinstance(thing, SimpleNamespace):
        return _shape(vars(thing))
    if isinstance(thing, dict):
        return tuple((key, _shape(value)) for key, value in thing.items())
    if isinstance(thing, list | tuple):
        return tuple(_shape(each) for each in thing)
    return thing if isinstance(thing, str | int | None) else (type(thing), repr(thing))


def _become(old, new):
    """Rows and namespaces that were given are afterwards as the builder left them."""
    if isinstance(old, models.Model):
        vars(old).clear()
        vars(old).update(vars(new))
    elif isinstance(old, SimpleNamespace | dict):
        old, new = (vars(each) if isinstance(each, SimpleNamespace) else each for each in (old, new))
        for name, value in new.items():
            _become(old[name], value) if name in old else old.update({name: value})
    elif isinstance(old, list | tuple):
        for each, value in zip(old, new, strict=True):
            _become(each, value)


keepers = []


def kept(build):
    """Mark a builder of a world: a function of its arguments and of the day alone."""

    @wraps(build)
    def called(*args, **kwargs):
        return keepers[-1].call(build, args, kwargs) if keepers else build(*args, **kwargs)

    return called
