"""What each page costs its first visitor after a write: nothing that was rendered before is taken from the cache."""

from unittest import mock

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from spaces import changes
from spaces.actions import units
from spaces.models import Assignment, Park, Unit, User
from spaces.month_ledger import folding
from spaces.states import Role
from spaces.values import clock
from spaces.values.periods import Validity
from tests.bench.data import FIRST
from tests.bench.pages import DAY, TRIVIAL, WINDOW, open_page
from tests.bench.rounds import measure

# Name -> who opens it, the page, its query, the values of its address.
PAGES = {
    "trivial": ("official", TRIVIAL, {}),
    "overview": ("official", "overview", DAY),
    "ecosystems": ("official", "ecosystem-list", DAY),
    "an ecosystem": ("official", "ecosystem-detail", DAY, "e1"),
    "parks": ("official", "park-list", DAY),
    "a park": ("official", "park-detail", DAY, "P00001"),
    "units": ("official", "unit-list", DAY),
    "vacant units": ("official", "unit-list", DAY | {"state": "vacant"}),
    "units, a page too far": ("official", "unit-list", DAY | {"page": "9999999"}),
    "units of a park": ("official", "unit-list", DAY | {"park": "P00001"}),
    "find space": ("official", "vacancy-list", DAY | WINDOW | {"use": "office"}),
    "leases": ("official", "lease-list", {}),
    "leases of a manager": ("manager", "lease-list", {}),
    "active leases": ("official", "lease-list", {"status": "active"}),
    "leases by a word": ("official", "lease-list", {"q": "企业77"}),
    "lease timeline": ("official", "lease-timeline", {}),
    "expiry calendar": ("official", "lease-calendar", {}),
    "companies": ("official", "company-list", {}),
    "desk of a manager": ("manager", "manage", {}),
    "change log": ("official", "change-list", {}),
    "API parks": ("official", "api-park-list", DAY),
    "API units": ("official", "api-unit-list", DAY),
    "API vacancies": ("official", "api-vacancy-list", DAY | {"use": "office", "area__gte": "100"}),
    "API leases": ("official", "api-lease-list", {}),
}
# The aim of a page as a multiple of the trivial one: of a summary, and of all others, lists and pictures.
SUMMARIES = {"overview", "ecosystems", "desk of a manager"}
OF_SUMMARY, OF_LIST = 5, 10
# As known before a month's writes: so many units were measured again since.
CHANGED = 1_000
KNOWN = {
    "overview as known a month ago": ("overview", DAY),
    "a park as known a month ago": ("park-detail", DAY, "P00001"),
    "API areas as known a month ago": ("api-area-summary", DAY),
    "restated since": ("api-restatement-list", DAY),
}


def aim(name):
    """At most so many times the trivial page; None for what is no page of today."""
    return None if name == "trivial" or name in KNOWN else OF_SUMMARY if name in SUMMARIES else OF_LIST


def compare(rounds):
    """(name -> ms, name -> statements) of each page."""
    clients = {"official": _client("cold-official", Role.PROVINCIAL_OFFICIAL, None),
               "manager": _client("cold-manager", Role.PARK_MANAGER, Park.objects.order_by("pk").first())}  # fmt: skip
    known = {"known_on": _measured_again().isoformat()}
    asked = PAGES | {name: ("official", page, query | known, *place) for name, (page, query, *place) in KNOWN.items()}
    calls = {name: lambda who=who, page=page: open_page(clients[who], *page) for name, (who, *page) in asked.items()}
    with mock.patch("frontend.site.fragment_cache.kept", lambda _key, make: make()):
        return measure(calls, rounds), {name: _statements(call) for name, call in calls.items()}


def _measured_again():
    """Correct the areas of some units; the moment after the first, with which what can be read from sums begins.

    The record begins with a park.
    """
    changes.record(Park.objects.order_by("pk").first(), "add", by=None)
    old = Unit.objects.filter(opens_on__lte=FIRST).order_by("pk").select_related("floor__building__park")
    first, *others = old[: CHANGED + 1]
    _measure(first)
    moment = timezone.now()
    for unit in others:
        _measure(unit)
    folding.fold(clock.today())  # as the worker does each minute
    return moment


def _measure(unit):
    area = (unit.usable_area or 50) + 1
    units.update(unit, usable_area=area, why="measured", by=None, on=clock.today(), validity=Validity.correction())


def _client(name, role, park):
    user = User.objects.create_user(email=f"{name}@example.test", name=name, password=None)
    Assignment.objects.create(user=user, role=role, park=park, starts_on=FIRST)
    client = Client()
    client.force_login(user)
    return client


def _statements(call):
    with CaptureQueriesContext(connection) as asked:
        call()
    return len(asked)
