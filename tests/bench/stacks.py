"""The stacking plan of one park of 2,000 units, each tenancy with its lease, beside a trivial page."""

import gzip
from datetime import timedelta
from itertools import batched
from unittest import mock

from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from spaces.models import Allocation, Assignment, Park, User
from spaces.states import Purpose, Role
from tenants.models import Company, Lease, LeaseLine
from tenants.states import EndReason, LeaseState
from tests.bench import data, matching, scratch
from tests.bench.pages import DAY, TRIVIAL, open_page
from tests.bench.rounds import measure
from tests.bench.run import PRODUCTION, version

COMPANIES, BATCH = 300, 2000
SIDES = {"by state": {}, "by lease end": {"mode": "expiry"}, "beside the day a year ago": {"compare": "2025-06-30"}}


def run(database, rounds, tell):
    """The table of one database, given by its settings."""
    with PRODUCTION, scratch.connected(database):
        name = version()
        tell(f"{name}: the stacking plan of one park of {matching.UNITS:,} units")
        matching.fill(matching.UNITS)
        let()
        data.settle()
        return report(name, *compare(rounds))


def let():
    """A company and a lease for every tenancy that is signed."""
    Company.objects.bulk_create(
        Company(
            number=f"QY-2026-{number:04}",
            name=f"示例企业{number}",
            name_key=f"示例企业{number}",
            registers_by=data.LONGEST,
            sample=True,
        )
        for number in range(COMPANIES)
    )
    companies = list(Company.objects.order_by("pk"))
    signed = Allocation.objects.filter(purpose=Purpose.TENANCY, signed_on__isnull=False).order_by("pk")
    for some in batched(signed.annotate(park=F("unit__floor__building__park")), BATCH, strict=False):
        leases = Lease.objects.bulk_create(_lease(row, companies[row.pk % COMPANIES]) for row in some)
        LeaseLine.objects.bulk_create(
            LeaseLine(lease=lease, unit_id=row.unit_id, allocation=row)
            for lease, row in zip(leases, some, strict=True)
        )


def _lease(row, company):
    """The lease of a tenancy; over with its keys."""
    over = {"state": LeaseState.ENDED, "ended_on": row.handed_back_on, "end_reason": EndReason.EXPIRED}
    return Lease(number=f"ZL-2026-{row.pk:06}", company=company, park_id=row.park, starts_on=row.starts_on,
                 ends_on=row.ends_on or data.LONGEST, signed_on=row.signed_on, sample=True,
                 **(over if row.handed_back_on else {"state": LeaseState.SIGNED}))  # fmt: skip


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
