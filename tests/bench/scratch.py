"""Databases that live as long as the bench: each takes the place of `default` while its turn is on."""

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import environ
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql


@contextmanager
def sqlite(name="bench"):
    folder = settings.BASE_DIR / "var"
    folder.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="bench", dir=folder) as scratch:
        yield settings.SQLITE | {"NAME": str(Path(scratch) / f"{name}.sqlite3")}


@contextmanager
def postgres(url, suffix="bench"):
    """`<name>_<suffix>` beside the database of `url`, dropped afterwards, and before if a run broke off."""
    found = environ.Env.db_url_config(url)
    name = f"{found['NAME']}_{suffix}"
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(_server(found), autocommit=True) as server:
        server.execute(drop)
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield settings.POSTGRESQL | found | {"NAME": name}
        finally:
            server.execute(drop)


def _server(found):
    known = {"user": found["USER"], "password": found["PASSWORD"], "host": found["HOST"], "port": found["PORT"]}
    return psycopg.conninfo.make_conninfo(dbname="postgres", **{key: value for key, value in known.items() if value})


@contextmanager
def connected(database):
    """A connection to an empty, migrated database in the place of `default`."""
    usual, result = connections["default"], connections.settings["default"]
    connections.settings["default"] = connections.configure_settings({"default": database})["default"]
    connections["default"] = connections.create_connection("default")
    try:
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        yield connections["default"]
    finally:
        connections["default"].close()
        connections.settings["default"], connections["default"] = result, usual
