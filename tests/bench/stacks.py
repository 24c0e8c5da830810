"""The stacking plan of one park of 2,000 units, each tenancy with its lease, beside a trivial page."""

import gzip
from datetime import timedelta
from unittest import mock

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from spaces.models import Assignment, Park, User
from spaces.states import Role
from tests.bench import data, leases, matching, scratch
from tests.bench.pages import DAY, TRIVIAL, open_page
from tests.bench.rounds import measure
from tests.bench.run import PRODUCTION, version

SIDES = {"by state": {}, "by lease end": {"mode": "expiry"}, "beside the day a year ago": {"compare": "2025-06-30"}}


def run(database, rounds, tell):
    """The table of one database, given by its settings."""
    with PRODUCTION, scratch.connected(database):
        name = version()
        tell(f"{name}: the stacking plan of one park of {matching.UNITS:,} units")
        matching.fill(matching.UNITS)
        leases.let()
        data.settle()
        return report(name, *compare(rounds))


def compare(rounds):
    """(name -> ms, name -> (bytes, bytes compressed, statements)) for an official, who sees every name."""
    official = User.objects.create_user(email="official@example.test", name="Official", password=None)
    Assignment.objects.create(user=official, role=Role.PROVINCIAL_OFFICIAL, starts_on=data.FIRST - timedelta(days=1))
    client = Client()
    client.force_login(official)
    park = Park.objects.order_by("pk").first()
    calls = {"trivial": lambda: open_page(client, TRIVIAL, {})}
    for name, query in SIDES.items():
        calls[name] = lambda query=query: open_page(client, "park-detail", DAY | query, park.code)
    fresh = mock.patch("frontend.site.fragment_cache.kept", lambda _key, make: make())
    calls["by state, as the first after a write"] = fresh(calls["by state"])
    return measure(calls, rounds), {name: _weight(call) for name, call in calls.items()}


def _weight(call):
    with CaptureQueriesContext(connection) as asked:
        content = call().content
    return len(content), len(gzip.compress(content, 6)), len(asked)


def report(database, times, weights):
    """Markdown: each page in ms, as a multiple of the trivial one, its KB, and its statements."""
    rows = [
        f"| {name} | {took:.1f} | {took / times['trivial']:.2f} | {weights[name][0] / 1024:.0f} |"
        f" {weights[name][1] / 1024:.0f} | {weights[name][2]} |"
        for name, took in times.items()
    ]
    head = f"| {database}, stacking plan of {matching.UNITS:,} units | ms | ÷ trivial | KB | KB gzip | statements |"
    return "\n".join([head, "| --- | --- | --- | --- | --- | --- |", *rows])
