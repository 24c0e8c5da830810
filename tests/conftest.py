"""What many tests share: people, a park for them, the Change watcher, and a database that threads may write to."""

import gc
import tempfile
import uuid
from collections import Counter
from contextlib import ExitStack

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.utils import translation
from hypothesis import HealthCheck, settings

from spaces.sandbox import runner
from spaces.states import Role
from tests import databases, kept, make
from tests.frontend import desk as desk_world
from tests.frontend import world
from tests.warm_sandbox import WarmSandbox
from tests.watch import Watcher

SLOWEST = 10
# Nothing is judged by the clock: the machine may be doing other work. And one fixture serves all examples of a test.
settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
settings.load_profile("untimed")


def pytest_collection_finish():
    """What was imported stays to the end: nobody looks through it for garbage again."""
    gc.freeze()


def pytest_terminal_summary(terminalreporter):
    """The files that took longest, each with its setting up, summed over all processes."""
    took = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                took[report.location[0]] += report.duration
    if len(took) > SLOWEST:
        terminalreporter.section(f"the {SLOWEST} slowest files, of {sum(took.values()):.0f} s in all")
        for name, seconds in took.most_common(SLOWEST):
            terminalreporter.write_line(f"{seconds:7.1f} s  {name}")


@pytest.fixture
def fixed_today(monkeypatch):
    """Today is the day of the small world, on which every state of a unit occurs."""
    world.stop_clock(monkeypatch)


@pytest.fixture
def people(db):
    """The park and two companies of tests.frontend.desk. A file about another world overrides it."""
    return desk_world.build()


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
def floor(park):
    """Of building A of the park."""
    return make.floor(building=make.building(park=park, code="A"))


@pytest.fixture
def desk(client, manager):
    """The browser of the park's manager."""
    client.force_login(manager)
    return client


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


@pytest.fixture
def kept_open():
    """For who calls the WSGI application itself: a real request closes what looks like a stale connection:
    here that of the test, in the middle of its transaction. Django's own test client does the same."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def is_rolled_back(request):
    asks = "db" in request.fixturenames or request.node.get_closest_marker("django_db")
    return asks and "scratch" not in request.fixturenames


@pytest.fixture(autouse=True)
def worlds(request):
    """Builders marked `@kept` replay what they wrote in an earlier test, where this one is rolled back."""
    if not is_rolled_back(request):
        yield
        return
    request.getfixturevalue("db")
    keeper = kept.Keeper()
    kept.keepers.append(keeper)
    with connection.execute_wrapper(keeper):
        yield
    kept.keepers.remove(keeper)


@pytest.fixture(autouse=True)
def watched(request, worlds):
    """Fails any test with a database in which an action wrote a row without its Change row.

    Tests that commit, and those marked `unwatched`, are left out.
    """
    if not is_rolled_back(request) or request.node.get_closest_marker("unwatched"):
        yield None
        return
    watcher = Watcher()
    with connection.execute_wrapper(watcher):
        yield watcher
    assert watcher.faults == []


@pytest.fixture(scope="session", autouse=True)
def warm_sandbox():
    """Readers of files start from a process that has imported them: tests/warm_sandbox.py."""
    cold = runner.command
    with tempfile.TemporaryDirectory(prefix="readers-") as folder:
        warm = WarmSandbox(folder, cold, runner.ENVIRONMENT)
        runner.command = warm.command
        yield
        runner.command = cold
        warm.close()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, tmp_path_factory):
    """The test database of this process: a copy of the migrated one."""
    with ExitStack() as stack:
        with django_db_blocker.unblock():
            if connection.vendor == "sqlite":
                stack.enter_context(databases.of_sqlite(tmp_path_factory.mktemp("database")))
            else:
                stack.enter_context(databases.of_postgresql())
        yield
        with django_db_blocker.unblock():
            stack.close()


@pytest.fixture(scope="session")
def empty_database(django_db_setup):
    """The test database, for those who do not want `db`, which each test rolls back."""


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
            databases.on_server(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
        connection.settings_dict["NAME"] = copy
        yield copy
        connection.close()
        connection.settings_dict["NAME"] = name
        if connection.vendor == "postgresql":
            databases.on_server(f'DROP DATABASE "{copy}" WITH (FORCE)')
