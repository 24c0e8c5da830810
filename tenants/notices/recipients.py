"""Recipients of notices: people of companies, managers of parks; and leases reminded by hand."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from spaces.models import Assignment, Park, User
from spaces.states import Role
from tenants.models import (
    Company,
    Lease,
    Member,
    Notice,
)
from tenants.states import MemberRole


def managers_of(park: Park, *, on: date) -> QuerySet[User]:
    """The managers of a park on a day."""
    return User.objects.filter(pk__in=_managing([park.pk], on=on).values("user")).order_by("pk")


def _managing(parks: Iterable[Any], *, on: date) -> QuerySet[Assignment]:
    """The assignments, on a day, of those who manage parks and can log in."""
    return Assignment.objects.on(on).filter(role=Role.PARK_MANAGER, park__in=parks, user__is_active=True)


def people_of(company: Company) -> QuerySet[User]:
    now = Member.objects.filter(company=company, ended_on=None)
    return User.objects.filter(pk__in=now.values("user"), is_active=True).order_by("pk")


def owners(companies: Collection[int]) -> dict[int, list[User]]:
    """Company id -> its owners who can log in, ascending; a company without one has no entry. One query."""
    return _by_company(Member.objects.filter(company__in=companies, role=MemberRole.OWNER))


def people_by_company(companies: QuerySet[Any, Any]) -> dict[int, list[User]]:
    """Company id -> its people who can log in (`people_of`); no entry without any. `companies`: ids. One query."""
    return _by_company(Member.objects.filter(company__in=companies))


def _by_company(members: QuerySet[Member]) -> dict[int, list[User]]:
    found: dict[int, list[User]] = defaultdict(list)
    for member in members.filter(ended_on=None, user__is_active=True).select_related("user").order_by("user"):
        found[member.company_id].append(member.user)
    return dict(found)


def managers_by_park(parks: QuerySet[Any, Any], *, on: date) -> dict[int, list[User]]:
    """Park id -> its managers on a day (`managers_of`); no entry without any. `parks`: ids. One query."""
    found: dict[int, list[User]] = defaultdict(list)
    for assignment in _managing(parks, on=on).select_related("user").order_by("user"):
        if assignment.park_id is not None:
            found[assignment.park_id].append(assignment.user)
    return dict(found)


REMINDERS = ("lease_reminder", "lease_reminder_late")


def reminded(leases: Iterable[Lease], people: Iterable[User], *, on: date) -> set[int]:
    """Ids of the leases about which one of `people` was reminded by hand on a day. One query."""
    keys = {f"{event}:{row.number}:{on}": row.pk for row in leases for event in REMINDERS}
    existing = Notice.objects.filter(user__in=[user.pk for user in people], key__in=keys)
    return {keys[key] for key in existing.values_list("key", flat=True)}
