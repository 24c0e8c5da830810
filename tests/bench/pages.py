"""Pages through Django's own handler: middleware, view, database, template; no server, no network."""

from http import HTTPStatus
from unittest import mock

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from spaces.models import Assignment, User
from spaces.states import Role
from tests.bench.data import FIRST, TODAY

TRIVIAL = "privacy"  # the same shell around words that never change
DAY = {"as_of": TODAY.isoformat()}
WINDOW = {"starts_on": "2026-09-01", "ends_on": "2027-08-31", "area_min": "100", "area__lte": "300"}
# Name of the list, page or API -> its query.
LISTS = {
    "ecosystem-list": DAY,
    "park-list": DAY,
    "unit-list": DAY,
    "vacancy-list": DAY | WINDOW | {"use": "office"},
    "change-list": DAY,
    "api-ecosystem-list": DAY,
    "api-park-list": DAY,
    "api-unit-list": DAY,
    "api-vacancy-list": DAY | {"use": "office", "area__gte": "100", "area__lte": "300"},
    "api-allocation-list": DAY | {"covering": "true"},
    "api-holdover-list": DAY,
    "api-change-list": DAY,
}


def visits():
    """Name -> a call that opens a page as a visitor; "anew": the overview as the first one meets it after a write."""
    client = Client()
    pages = {
        "trivial": (TRIVIAL, {}),
        "overview": ("overview", DAY),
        "vacancy": ("vacancy-list", DAY | WINDOW | {"use": "office"}),
        "any vacancy": ("vacancy-list", DAY),
        "vacancy API": ("api-vacancy-list", LISTS["api-vacancy-list"]),
    }
    calls = {name: lambda page=page: open_page(client, *page) for name, page in pages.items()}
    return calls | {
        "anew": mock.patch("frontend.site.fragment_cache.kept", lambda _key, make: make())(calls["overview"])
    }


def lists():
    """Name -> SQL statements of its first page for an official who is signed in, session and user included."""
    official = User.objects.create_user(email="official@example.test", name="Official", password=None)
    Assignment.objects.create(user=official, role=Role.PROVINCIAL_OFFICIAL, starts_on=FIRST)
    client = Client()
    client.force_login(official)
    return {name: _cost(client, name, query) for name, query in LISTS.items()}


def _cost(client, name, query):
    with CaptureQueriesContext(connection) as asked:
        open_page(client, name, query)
    return len(asked)


def open_page(client, name, query, *args):
    response = client.get(reverse(name, args=args), query)
    if response.status_code != HTTPStatus.OK:
        raise RuntimeError(f"{name} answers {response.status_code}.")
    return response
