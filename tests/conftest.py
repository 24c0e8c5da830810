"""What many tests share: people, a park for them, the Change watcher, and a database that threads may write to."""

import uuid

import psycopg
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation

from spaces.states import Role
from tests import make
from tests.watch import Watcher

PRODUCT = connection.settings_dict["NAME"]  # before any test database stands in its place


@pytest.fixture
def park(db):
    return make.park()


def person(name, role, **place):
    user = make.user(email=f"{name}@example.test", name=name)
    make.assignment(user=user, role=role, **place)
    return user


@pytest.fixture
def manager(park):
    return person("manager", Role.PARK_MANAGER, park=park)


@pytest.fixture
def neighbour(park):
    """Manages another park."""
    return person("neighbour", Role.PARK_MANAGER, park=make.park())


@pytest.fixture
def officer(park):
    return person("officer", Role.ECOSYSTEM_OFFICER, ecosystem=park.ecosystem)


@pytest.fixture
def official(db):
    return person("official", Role.PROVINCIAL_OFFICIAL)


@pytest.fixture
def auditor(db):
    return person("auditor", Role.AUDITOR)


@pytest.fixture
def admin(db):
    return person("admin", Role.SYSTEM_ADMIN)


@pytest.fixture
def visitor():
    return AnonymousUser()


@pytest.fixture(autouse=True)
def fresh_start():
    """Every test begins with no login counted (the limits are by address, and all come from one), and in English."""
    cache.clear()
    translation.deactivate()


@pytest.fixture(autouse=True)
def watched(request):
    """Fails any test with a database in which an action wrote a row without its Change row.

    Tests that commit, and those marked `unwatched`, are left out.
    """
    rolled_back = "db" in request.fixturenames or request.node.get_closest_marker("django_db")
    if not rolled_back or "scratch" in request.fixturenames or request.node.get_closest_marker("unwatched"):
        yield None
        return
    request.getfixturevalue("db")
    watcher = Watcher()
    with connection.execute_wrapper(watcher):
        yield watcher
    assert watcher.faults == []


@pytest.fixture(scope="session")
def empty_database(django_db_setup, django_db_modify_db_settings, django_db_blocker):
    """The test database. pytest-django makes it where some test asks for `db`, not where all have a `scratch` one."""
    if connection.settings_dict["NAME"] != PRODUCT:
        yield
        return
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture
def scratch(empty_database, django_db_blocker, tmp_path):
    """A copy of the empty test database, where anyone may commit. Who opens a connection to it closes it."""
    with django_db_blocker.unblock():
        name = connection.settings_dict["NAME"]
        copy = str(tmp_path / "scratch.sqlite3") if connection.vendor == "sqlite" else f"scratch_{uuid.uuid4().hex}"
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [copy])
        connection.close()
        if connection.vendor == "postgresql":
            _on_server(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
        connection.settings_dict["NAME"] = copy
        yield copy
        connection.close()
        connection.settings_dict["NAME"] = name
        if connection.vendor == "postgresql":
            _on_server(f'DROP DATABASE "{copy}" WITH (FORCE)')


def _on_server(sql):
    parameters = connection.get_connection_params() | {"dbname": "postgres"}
    known = {name: parameters[name] for name in ("dbname", "user", "password", "host", "port") if name in parameters}
    with psycopg.connect(**known, autocommit=True) as server:
        server.execute(sql)
