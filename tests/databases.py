"""The databases of a run. One is migrated and kept, by the code that it came from; each worker takes its own copy.

Two runs in one checkout, and two checkouts on one PostgreSQL, do not meet: a file lies in the run's own temporary
folder, and of the names on a server each worker takes the first that nobody holds.
"""

import fcntl
import hashlib
import shutil
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection

ROOT = Path(settings.BASE_DIR)
VAR = ROOT / "var"
LOCKED = 8_473_201  # a number for PostgreSQL's advisory locks, which other programs do not use
OWN = f"test_{connection.settings_dict['NAME']}"  # before a test database stands in the product's place
SLOT = "SELECT pg_try_advisory_lock(%s, hashtext(%s))"


@cache
def code():
    """A short word for all that migrations and the demo could depend on: what other code has made is never used."""
    files = [file for app in ("config", "frontend", "spaces", "tenants") for file in sorted((ROOT / app).rglob("*"))]
    result = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    for file in files:
        if file.is_file() and file.suffix != ".pyc":
            result.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return result.hexdigest()[:12]


@contextmanager
def alone(name):
    """Held by one process of this checkout at a time."""
    with (VAR / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def become(name):
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def migrate(name):
    """Make the database of this name; afterwards nobody is connected to it."""
    connection.settings_dict["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    connection.close()


@contextmanager
def kept(kind, word, make):
    """var/<kind>-<word>, made by make(path) unless it is there; those of other words are thrown away."""
    path, made = VAR / f"{kind}-{word}", VAR / f"new-{kind}"
    with alone(kind):
        if not path.exists():
            for old in (*VAR.glob(f"{kind}-*"), made):
                shutil.rmtree(old) if old.is_dir() else old.unlink(missing_ok=True)
            make(made)
            made.rename(path)
        yield path


@contextmanager
def of_sqlite(folder):
    path = folder / "test.sqlite3"
    with kept("empty", code(), migrate) as empty:
        shutil.copy(empty, path)
    become(path)
    yield
    connection.close()
    path.unlink()


def on_server(sql):
    with server() as session:
        session.execute(sql)


def server():
    parameters = connection.get_connection_params() | {"dbname": "postgres"}
    known = {name: parameters[name] for name in ("dbname", "user", "password", "host", "port") if name in parameters}
    return psycopg.connect(**known, autocommit=True)


@contextmanager
def of_postgresql():
    """Names are held by locks of a session that lasts as long as the run: who was killed holds none."""
    empty = f"{OWN}_empty_{code()}"
    with server() as session:
        name = next(
            name
            for name in (f"{OWN}_{slot}" for slot in count())
            if session.execute(SLOT, [LOCKED, name]).fetchone()[0]
        )
        session.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [LOCKED, OWN])
        names = {row[0] for row in session.execute("SELECT datname FROM pg_database")}
        if empty not in names:
            for old in names:
                if old.startswith(f"{OWN}_empty_"):
                    session.execute(f'DROP DATABASE "{old}" WITH (FORCE)')
            migrate(f"{OWN}_new")
            session.execute(f'ALTER DATABASE "{OWN}_new" RENAME TO "{empty}"')
        session.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        session.execute(f'CREATE DATABASE "{name}" TEMPLATE "{empty}"')
        session.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [LOCKED, OWN])
        become(name)
        yield
        connection.close()
        session.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
