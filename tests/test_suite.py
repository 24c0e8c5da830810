"""Rules about the tests themselves, and the two savings that all of them rely on: kept worlds and copied databases."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from tests import databases, kept, make
from tests.frontend import desk

TESTS = Path(__file__).parent
PAGES_TOO = ("one_answer", "park_moves", "restated_figures")  # of tests/frontend
# What a test that asks one of these shows is true of one database only until the other was asked too.
OWN_RULES = re.compile(
    r"\b(scratch|IntegrityError|OperationalError|connection\.vendor|connection\.cursor)\b"
    r"|^from spaces.* import .*\b(ledger|constraints|allocations|vacancy|locks)\b",
    re.MULTILINE,
)


def modules():
    """The tests of spaces and tenants; those of pages ask what these have shown."""
    return {path.name: path.read_text() for app in ("spaces", "tenants") for path in (TESTS / app).glob("test_*.py")}


def test_who_touches_what_is_the_databases_own_runs_on_both():
    touching = {name for name, text in modules().items() if OWN_RULES.search(text)}

    assert {name for name in touching if "pytest.mark.both_databases" not in modules()[name]} == set()
    assert {"test_guards.py", "test_races.py", "test_ledger.py", "test_busy.py"} < touching


def test_the_mark_stands_only_where_postgresql_is_asked():
    """`make test-postgres` looks into these folders and files: elsewhere the mark promises what nobody does."""
    marked = {path for path in TESTS.rglob("test_*.py") if "pytest.mark.both_databases" in path.read_text()}

    outside = {path for path in marked if path.parent.name not in {"spaces", "tenants"}}
    assert outside == {TESTS / "test_suite.py", *(TESTS / f"frontend/test_{name}.py" for name in PAGES_TOO)}
    (command,) = [
        line for line in (TESTS.parent / "Makefile").read_text().splitlines() if '-m "both_databases' in line
    ]
    assert command.split("schema.py ")[1].rstrip("; \\") == (
        "tests/spaces tests/tenants tests/test_suite.py "
        + " ".join(f"tests/frontend/test_{name}.py" for name in PAGES_TOO)
    )


def test_no_test_empties_the_database_of_its_worker():
    """A test that commits asks `scratch`: the flush after `transaction=True` takes away what migrations wrote."""
    committing = re.compile(r"transaction=True|transactional_db|live_server|TransactionTestCase")
    others = [path for path in TESTS.rglob("*.py") if path != Path(__file__)]

    assert [path.name for path in others if committing.search(path.read_text())] == []


@pytest.fixture
def own_tapes(monkeypatch, db):
    """As if no test had built a world before; again() is the start of another test."""
    monkeypatch.setattr(kept.Keeper, "tapes", {})
    keeper = kept.keepers[-1]

    def again():
        keeper.state = keeper.empty

    return keeper, again


def rows():
    """All that our tables hold."""
    return {
        model: [*model.objects.order_by("pk").values()]
        for app in ("spaces", "tenants")
        for model in apps.get_app_config(app).get_models()
    }


def moved_in():
    """Rows as they stand after a long chain of kept builders, and what it gave."""
    with transaction.atomic():
        people = desk.build()
        lease = desk.moved_in(people)
        result = rows(), vars(lease), people.rooms.r401.pk
        transaction.set_rollback(True)
    return result


@pytest.mark.both_databases
def test_a_world_that_is_told_is_the_one_that_was_built(own_tapes):
    keeper, again = own_tapes
    built = moved_in()
    tapes = len(keeper.tapes)
    again()
    replayed = moved_in()

    assert len(keeper.tapes) == tapes == 2
    assert [rows for rows in zip(built[0].values(), replayed[0].values(), strict=True) if rows[0] != rows[1]] == []
    assert sum(len(each) for each in replayed[0].values()) > 100
    assert {name: replayed[1][name] for name in built[1]} | {"_state": 0} == built[1] | {"_state": 0}
    assert replayed[2] == built[2]


def test_nothing_is_told_where_another_has_written_or_rolled_back(own_tapes):
    keeper, again = own_tapes
    people = desk.build()
    known = keeper.state
    make.user()
    written = keeper.state
    again()
    with transaction.atomic():
        desk.submitted(people)
        transaction.set_rollback(True)

    assert (known is None, written, keeper.state) == (False, None, None)


def test_a_login_is_of_no_account_but_another_argument_is(own_tapes, client):
    keeper, _again = own_tapes
    people = desk.build()
    client.force_login(people.manager)
    assert Session.objects.exists()

    desk.submitted(people)
    desk.submitted(people, "rival")

    assert len(keeper.tapes) == 3


@pytest.mark.both_databases
def test_two_runs_have_databases_of_their_own(empty_database, django_db_blocker, tmp_path):
    own = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        of_vendor = {"sqlite": lambda: databases.of_sqlite(tmp_path), "postgresql": databases.of_postgresql}
        with of_vendor[connection.vendor]():
            other = connection.settings_dict["NAME"]
            make.user()
        databases.become(own)
        assert not make.User.objects.exists()
        connection.close()

    assert other != own
