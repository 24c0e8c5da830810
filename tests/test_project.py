"""Rules about the code itself. Each walks everything and keeps a list of exceptions, with their reasons."""

import ast
import re
from functools import cache
from itertools import product

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.urls import get_resolver, reverse

from frontend import urls
from spaces.models import Allocation, Unit
from spaces.models.fields import AreaField, DayField
from tests import make
from tests.watch import Watcher

APPS = ("spaces", "tenants")
LONGEST_FUNCTION, LONGEST_FILE = 40, 300
WRITES = {
    "save", "create", "update", "delete", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "raw",
    "asave", "acreate", "aupdate", "adelete", "aget_or_create", "aupdate_or_create", "abulk_create", "abulk_update",
}  # fmt: skip
# Who may write rows: the actions and the record.
WRITERS = ("*/actions/*.py", "spaces/changes/__init__.py", "spaces/month_ledger/*.py", "*/migrations/*.py")
NOT_A_ROW = {
    "spaces/models/dated_facts.py: super().save": "a unit or park with its first period, for whoever saves it",
    "spaces/models/dated_facts.py: first.save": "its first period",
    "spaces/models/dated_facts.py: super().bulk_create": "units or parks with their first periods",
    "spaces/models/dated_facts.py: model.period_model()._default_manager.bulk_create": "their first periods",
    "spaces/models/dated_facts.py: self.__dict__.update": "attributes",
    "spaces/models/dated_facts.py: row.__dict__.update": "attributes",
    "spaces/ledger/trend.py: inside[park].update": "a set",
    "spaces/models/people.py: user.save": "the manager's create_user, which Django's createsuperuser calls",
    "spaces/sandbox/ods.py: self.found.hidden.update": "a set",
    "tenants/demo/floorplans.py: sheet.save": "a picture",
    "spaces/sandbox/image.py: picture.save": "a picture",
    "tenants/worker/tasks.py: Notice.objects.filter(pk=notice.pk, mailed_at=None).update": "a mail is not business",
    "tenants/worker/kept_forecasts.py: ForecastRecord.objects.bulk_create": "a figure as it was computed, append-only",
    "tenants/worker/loop.py: lost.update": "tasks whose worker is gone",
    "tenants/worker/loop.py: forgotten.delete": "answers to calls that are no longer given again",
}
WRITING_SQL = re.compile(r"\b(insert\s+into|update\s+\w+\s+set|delete\s+from|truncate\s+table)\b", re.IGNORECASE)
LOCKS = ("spaces/actions/locks.py", "spaces/month_ledger/*.py", "tenants/actions/locked_rows.py")
# `ignore_conflicts` drops an overlapping row in silence on PostgreSQL.
CONFLICTS_IGNORED = {
    "tenants/actions/notices.py": "who was told already is not told again",
    "tenants/worker/kept_forecasts.py": "what another worker keeps at the same time is kept once",
    "spaces/month_ledger/writes.py": "the rows that a trigger has written: one statement for many",
}
# Facts that belong together, by the ends of their names.
PAIRS = (("_at", "_by"), ("starts_on", "ends_on"), ("opens_on", "closes_on"))
# The time alone is a fact: who did it may be the system, which is nobody.
BY_NOBODY = {
    **dict.fromkeys(
        ("SpaceRequest.created_by", "Offer.created_by", "Document.created_by", "Extension.created_by"),
        "an import or the demo began it",
    ),
    "Offer.decided_by": "an offer that lapses is ended by the clock",
}
PUBLIC = {
    **dict.fromkeys(
        ("help", "help-role", "accessibility", "privacy"), "the law and a person who cannot log in ask for them"
    ),
    **dict.fromkeys(("set-language", "set-text-size"), "the login page must be readable"),
    **dict.fromkeys(("account_login", "account_signup", "account_inactive"), "the way in; sign-up says it is closed"),
    **dict.fromkeys(
        (
            "account_reset_password",
            "account_reset_password_done",
            "account_reset_password_from_key",
            "account_reset_password_from_key_done",
        ),
        "for those who lost their password",
    ),
    "account-welcome": "the link of a mail, for who has no password yet: without its token nothing is shown",
    **dict.fromkeys(("demo-mail", "demo-mail-message"), "404 unless DEBUG, which is for one machine, is on"),
    "security-txt": "RFC 9116: 404 unless a contact is set",
    "calendar-feed": "a phone has no login: whoever has the secret address reads its calendar",
    "account_logout": "leads home who is not logged in",
    "api-nowhere": "404 in every case; 401 while places are closed",
    "nowhere": "404 in every case, and an address of the tests and the demo only: it stands while DEBUG is on",
}
# A step of a login that has not begun leads to its beginning; the rest of allauth's pages are for who is logged in.
BEGINS_AT_LOGIN = {"account_confirm_login_code", "account_email_verification_sent", "mfa_authenticate"}
OPEN = {
    "home", "search", "api-search",
    "overview", "overview-file", "vacancy-report", "pipeline-list", "ecosystem-list", "ecosystem-detail", "park-list",
    "park-choices",
    "park-detail", "building-detail",
    "park-stack-file", "building-stack-file", "unit-panel",
    "floor-detail", "unit-list", "unit-detail", "vacancy-list", "basket", "definitions",
    "api-area-summary", "api-area-trend", "api-area-vacancy", "api-pipeline", "api-ecosystem-list",
    "api-ecosystem-detail",
    "api-park-list", "api-park-detail", "api-building-detail", "api-building-stack", "api-floor-list",
    "api-floor-plan", "api-unit-list", "api-unit-detail", "api-unit-intervals", "api-vacancy-list", "api-figure-list",
    "api-indicator-list",
}  # fmt: skip
FAIR = {
    "level": "1",
    "verb": "hold",
    "pk": "1",
    "uidb36": "1",
    "key": "x-y",
    "place": "1",
    "width": "1",
    "role": "company",
} | {
    "kind": "svg",
    "number": "XQ-2026-0001",
    "step": "space",
    "answer": "accept",
    "extension": "1",
}
NO_ROUTE = {"nowhere": "/no/such/page/"}  # any address: there is nothing to reverse


@cache
def trees():
    """Path below the project -> syntax tree of each of the product's files."""
    found = {}
    for app in ("config", "frontend", *APPS):
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            found[path.relative_to(settings.BASE_DIR)] = ast.parse(path.read_text())
    return found


def outside(*patterns):
    return {path: tree for path, tree in trees().items() if not any(path.match(each) for each in patterns)}


def functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def our_models():
    return [model for app in APPS for model in apps.get_app_config(app).get_models()]


def address(name):
    if name in NO_ROUTE:
        return NO_ROUTE[name]
    route, params = get_resolver().reverse_dict.getlist(name)[0][0][0]
    return "/" + route % {param: FAIR.get(param, "x") for param in params}


NAMES = sorted(name for name in get_resolver().reverse_dict if isinstance(name, str))


# Access


@pytest.mark.parametrize("model", our_models())
def test_every_model_has_a_scope_and_nobody_edits_anything(model, db):
    rows = model._default_manager.all()

    assert rows.visible_to(AnonymousUser()).model is model
    assert rows.editable_by(AnonymousUser()).exists() is False


def asks_for_a_login(answer):
    return answer.status_code == 401 or answer.headers.get("Location", "").startswith(reverse("account_login"))


@pytest.mark.parametrize("open_places", [False, True])
def test_every_address_outside_the_public_list_needs_a_login(client, db, settings, open_places):
    settings.PLACES_OPEN = open_places

    result = {name: client.get(address(name)) for name in NAMES}

    free = {*PUBLIC, *(OPEN if open_places else ())}
    locked = {name for name, answer in result.items() if asks_for_a_login(answer)}
    assert locked == set(NAMES) - free | (set() if open_places else {"api-nowhere"})
    assert {name for name in free if result[name].status_code >= 500} == set()
    assert locked > BEGINS_AT_LOGIN


def test_the_lists_of_addresses_name_no_address_that_is_gone():
    assert {*PUBLIC, *OPEN, *BEGINS_AT_LOGIN} - set(NAMES) == set()


# Writing


def calls(tree):
    """(receiver as written, called name) of each method call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield ast.unparse(node.func.value), node.func.attr


def actions_imported(tree):
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and re.fullmatch(r"(spaces|tenants)\.actions", node.module or ""):
            found |= {each.asname or each.name for each in node.names}
    return found


def test_rows_are_written_by_actions_only():
    found = set()
    for path, tree in outside(*WRITERS).items():
        actions = actions_imported(tree)
        found |= {f"{path}: {who}.{verb}" for who, verb in calls(tree) if verb in WRITES and who not in actions}

    assert found == set(NOT_A_ROW)


def test_no_sql_writes_rows():
    found = set()
    of_triggers = ("spaces/models/constraints.py", "spaces/models/counted_constraint.py")
    temporary = "spaces/knowledge/tables_of_then.py"  # into tables of its own, gone with the read
    for path, tree in outside(*WRITERS, *of_triggers, temporary).items():
        texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
        found |= {f"{path}: {text}" for text in texts if isinstance(text, str) and WRITING_SQL.search(text)}

    assert found == set()


def test_rows_are_locked_by_the_lock_functions_only():
    found = {
        f"{path}: {who}"
        for path, tree in outside(*LOCKS).items()
        for who, verb in calls(tree)
        if verb == "select_for_update"
    }

    assert found == set()


def test_nothing_writes_past_the_constraints():
    found = {
        str(path)
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg in {"ignore_conflicts", "update_conflicts"}
    }

    assert found == set(CONFLICTS_IGNORED)


# The database


def untied(fields, constraints):
    """Pairs of facts among the columns that no constraint speaks of together."""
    spoken = [_columns_of(each.condition) for each in constraints if isinstance(each, models.CheckConstraint)]
    pairs = []
    for first, second in PAIRS:
        for name in fields:
            other = name.removesuffix(first) + second
            if name.endswith(first) and other in fields and not any({name, other} <= columns for columns in spoken):
                pairs.append((name, other))
    return pairs


def _columns_of(condition):
    found = set()
    for child in condition.children:
        if isinstance(child, Q):
            found |= _columns_of(child)
        else:
            lookup, value = child
            found |= {lookup.split("__")[0]} | ({value.name} if isinstance(value, F) else set())
    return found


@pytest.mark.parametrize("model", our_models())
def test_facts_that_belong_together_are_tied_in_the_database(model):
    required = {field.name for field in model._meta.concrete_fields if not field.null}

    loose = untied({field.name for field in model._meta.concrete_fields}, model._meta.constraints)

    allowed = [f"{model.__name__}.{pair[1]}" in BY_NOBODY or required >= {*pair} for pair in loose]
    assert [pair for pair, may in zip(loose, allowed, strict=True) if not may or pair[1].endswith("_on")] == []


def test_the_rule_of_pairs_sees_an_untied_one():
    both = Q(decided_at=None, decided_by=None) | Q(decided_at__isnull=False, decided_by__isnull=False)
    names = {"decided_at", "decided_by", "sent_at", "state"}

    assert untied(names, []) == [("decided_at", "decided_by")]
    assert untied(names, [models.CheckConstraint(condition=both, name="x")]) == []
    assert untied({"starts_on", "ends_on"}, [models.CheckConstraint(condition=Q(ends_on=None), name="x")]) != []


@pytest.mark.parametrize("model", our_models())
def test_the_database_itself_bounds_every_area_and_day(model, db):
    bounded = {field.column for field in model._meta.local_concrete_fields if isinstance(field, AreaField | DayField)}
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)

    checked = {each["columns"][0] for each in found.values() if each["check"] and len(set(each["columns"])) == 1}
    assert bounded - checked == set()


# The Change watcher, which conftest.py switches on for every test with a database


@pytest.mark.unwatched
def test_the_watcher_sees_update_delete_and_bulk_writes(db):
    unit = make.unit()
    allocation = make.allocation(unit=unit)
    acts = (
        lambda: Unit.objects.filter(pk=unit.pk).update(note="x"),
        allocation.delete,
        lambda: Allocation.objects.bulk_create([Allocation(unit=unit, purpose="offline", starts_on="2030-01-01")]),
    )

    for number, act in enumerate(acts, 1):
        watcher = Watcher()
        with connection.execute_wrapper(watcher), transaction.atomic():
            act()
        assert len(watcher.faults) == 1, number


# Size and shape


def test_no_function_is_longer_than_a_screen():
    found = {
        f"{path}: {each.name}": each.end_lineno - each.lineno + 1
        for path, tree in outside("*/migrations/*.py").items()
        for each in functions(tree)
    }

    assert {name: length for name, length in found.items() if length > LONGEST_FUNCTION} == {}


def test_no_file_is_longer_than_a_noun():
    lengths = {
        str(path): len((settings.BASE_DIR / path).read_text().splitlines()) for path in outside("*/migrations/*.py")
    }

    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_imports():
    found = {
        f"{path}: {each.name}"
        for path, tree in trees().items()
        for each in functions(tree)
        for node in ast.walk(each)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }

    assert found == set()


def test_no_module_is_a_grab_bag():
    grab_bags = {"utils", "util", "common", "misc", "base", "mixins", "helpers", "tools"}

    # Django asks a database engine of its own for a module of that name.
    found = {str(path) for path in trees() if path.stem in grab_bags or grab_bags.intersection(path.parts)}
    assert found == {"config/sqlite/base.py"}


PAGES = [pattern for pattern in urls.urlpatterns if pattern.name]


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize("pattern", PAGES, ids=lambda pattern: pattern.name)
def test_every_page_refuses_a_method_that_it_does_not_know(rf, db, pattern, method):
    """405 before the view looks at anything: the request has no user yet."""
    params = dict.fromkeys(pattern.pattern.converters, "x")

    assert pattern.callback(rf.generic(method.upper(), "/"), **params).status_code == 405


def test_the_walks_walk():
    """A rule that walks nothing is no rule."""
    assert len(trees()) > 80
    assert len(NAMES) > 60
    assert len(list(product(our_models(), PAIRS))) >= 33


def test_every_action_is_whole():
    """A transaction of its own would turn contention into an error at once (docs/decisions/0010)."""
    found = [
        f"{path.parent.parent.name}/{path.name}:{number}"
        for app in ("spaces", "tenants")
        for path in sorted((settings.BASE_DIR / app / "actions").glob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if line.startswith("@transaction.atomic")
    ]
    assert found == []
