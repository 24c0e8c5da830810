"""Weekly digest for officers of ecosystems and officials of the province, sent with the first run of a week."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from spaces import ledger
from spaces.models import Assignment, Park, User
from spaces.states import Role, UnitState
from spaces.values.days import end_within
from tenants.actions.notices import notify
from tenants.asking import worklists
from tenants.models import Lease, Offer, SpaceRequest

DAYS = 7
PROVINCE = None  # scope of officials and of officers of every ecosystem


@dataclass(frozen=True, slots=True)
class Scope:
    """Parks of a reader on the day of the digest, and requests to any park of these ecosystems."""

    parks: Any
    requests: Any


def send(*, on: date) -> None:
    """Send one digest per person and ISO week. Six queries for each set of ecosystems."""
    year, week, _day = on.isocalendar()
    for ecosystems, people in _readers(on).items():
        notify(people, "digest", key=f"{year}-W{week:02}", link="/overview/", **_facts(_scope(ecosystems, on), on))


def _readers(on: date) -> dict[frozenset[int] | None, list[User]]:
    """Set of ecosystems (PROVINCE for all) -> its readers."""
    held: dict[User, set[int | None]] = defaultdict(set)
    roles = (Role.ECOSYSTEM_OFFICER, Role.PROVINCIAL_OFFICIAL)
    rows = Assignment.objects.on(on).filter(role__in=roles, user__is_active=True).select_related("user")
    for row in rows.order_by("user", "pk"):
        held[row.user].add(row.ecosystem_id)
    found: dict[frozenset[int] | None, list[User]] = defaultdict(list)
    for user, ecosystems in held.items():
        named = frozenset(each for each in ecosystems if each is not None)
        found[PROVINCE if None in ecosystems else named].append(user)
    return found


def _scope(ecosystems: frozenset[int] | None, on: date) -> Scope:
    sent = SpaceRequest.objects.filter(submitted_at__isnull=False)
    if ecosystems is PROVINCE:
        return Scope(Park.objects.all(), sent)
    parks = Park.objects.of_ecosystems(ecosystems, on)
    return Scope(parks, sent.filter(Q(park__in=parks.values("pk")) | Q(ecosystem__in=ecosystems)))


def _facts(scope: Scope, on: date) -> dict[str, Any]:
    here = scope.parks.order_by().values("pk")
    lapsing = Offer.objects.open_on(on).filter(park__in=here, held_until__lte=end_within(on, DAYS))
    since = on - timedelta(days=DAYS)
    units = ledger.ParkUnits(scope.parks)
    before, now = (ledger.balance(units, on=day, today=on) for day in (since, on))
    changes = {state: now.areas[state] - before.areas[state] for state in UnitState.values}
    return {
        "requests": scope.requests.filter(worklists.tabs(on)["overdue"]).count(),
        "leases": Lease.objects.filter(park__in=here).overstayed(on).count(),
        "offers": lapsing.count(),
        "areas": {state: area for state, area in changes.items() if area},
        "since": since,
        "day": on,
    }
