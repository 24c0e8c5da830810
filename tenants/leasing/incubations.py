"""Limits of incubations with their extensions, months spent, and lists by stage."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import QuerySet

from spaces.values.days import add_months, months_between
from tenants.models import (
    Company,
    Incubation,
)

NEAR_LIMIT_DAYS = 180


def limit_on(incubation: Incubation) -> date:
    """The last day within the limit, approved extensions included."""
    return add_months(incubation.entered_on, limit_months(incubation))


def limit_months(incubation: Incubation) -> int:
    """The limit in months, approved extensions included; `extensions` may be prefetched."""
    return incubation.limit_months + sum(more.months for more in incubation.extensions.all() if more.approved_at)


def months_in(incubation: Incubation, *, on: date) -> int:
    """Whole months of incubation by the day, or by its end."""
    until = min(day for day in (on, incubation.graduated_on, incubation.exited_on) if day)
    return months_between(incubation.entered_on, until)


def incubations_in(stage: str, *, on: date) -> QuerySet[Incubation]:
    """Incubations of a stage: `running`, `ending` (limit within NEAR_LIMIT_DAYS or passed), `graduated`, `left`."""
    rows = Incubation.objects.all()
    if stage == "running":
        return rows.running()
    if stage == "ending":
        by = on + timedelta(days=NEAR_LIMIT_DAYS)
        running = rows.running().prefetch_related("extensions")
        return rows.filter(pk__in=[row.pk for row in running if limit_on(row) <= by])
    if stage == "graduated":
        return rows.filter(graduated_on__isnull=False)
    return rows.filter(exited_on__isnull=False)


def latest_incubations(companies: Iterable[Company]) -> dict[int, Incubation]:
    """Company id -> its newest incubation with its park and extensions, in two queries."""
    rows = Incubation.objects.filter(company__in=[company.pk for company in companies])
    found = rows.select_related("park").prefetch_related("extensions").order_by("entered_on", "pk")
    return {row.company_id: row for row in found}
