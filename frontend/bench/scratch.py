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
def sqlite():
    with TemporaryDirectory(prefix="bench") as folder:
        yield settings.SQLITE | {"NAME": str(Path(folder) / "bench.sqlite3")}


@contextmanager
def postgres(url):
    """`<name>_bench` beside the database of `url`, dropped afterwards; so is one that an earlier run left, before."""
    settings_of_it = environ.Env.db_url_config(url)
    name = sql.Identifier(f"{settings_of_it['NAME']}_bench")
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        server.execute(sql.SQL("CREATE DATABASE {}").format(name))
        try:
            yield settings_of_it | {"NAME": name.as_string().strip('"')}
        finally:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


@contextmanager
def connected(database):
    """A connection to an empty, migrated database in the place of `default`."""
    usual = connections["default"]
    connections.databases["default"] = connections.settings["default"] = connections.configure_settings(
        {"default": database}
    )["default"]
    connections["default"] = connections.create_connection("default")
    try:
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        yield connections["default"]
    finally:
        connections["default"].close()
        connections["default"] = usual
