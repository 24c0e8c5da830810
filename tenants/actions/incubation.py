"""Incubation: entry, extension, graduation, exit. Independent of any lease.

All raise ValidationError by field or with the rule's code: ended, own, decided.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from spaces.actions import writing
from spaces.actions.day_bounds import not_after, not_before
from spaces.actions.retry import atomic_with_retry
from spaces.actions.writing import refusal
from spaces.models import Park, User
from spaces.values import clock
from tenants.actions.locked_rows import change, lock
from tenants.actions.notices import notify
from tenants.models import Company, Extension, Incubation
from tenants.notices import recipients
from tenants.states import Criterion, ExitReason, TenureRule


@atomic_with_retry
def enter(company: Company, park: Park, *, entered_on: date, rule: str, by: User | None) -> Incubation:
    """Start an incubation; its limit is that of the rule in force on entry. One at a time."""
    lock(company)
    if park.opened_on:
        not_before(entered_on, park.opened_on, "entered_on")
    months = TenureRule.months[rule]
    row = Incubation(
        company=company, park=park, entered_on=entered_on, rule=rule, limit_months=months, sample=company.sample
    )
    writing.create(row, "enter", by=by)
    return row


@atomic_with_retry
def ask_extension(incubation: Incubation, *, months: int, why: str, by: User) -> Extension:
    """Request months beyond the limit; they count once someone else approves."""
    _running(lock(incubation))
    asked = Extension(incubation=incubation, months=months, why=why, created_at=clock.now(), created_by=by)
    writing.create(asked, "ask", by=by, why=why)
    return asked


@atomic_with_retry
def approve_extension(extension: Extension, *, by: User) -> Extension:
    """Approve an extension. Refused (`own`) for the person who requested it."""
    _running(lock(extension.incubation))
    row = lock(extension)
    if row.approved_at:
        raise ValidationError(_("This extension was approved already."), code="stale")
    if row.created_by_id == by.pk:
        raise refusal("approved_by", _("Nobody approves an extension that they asked for themselves."), "own")
    writing.change(row, "approve", by=by, approved_at=clock.now(), approved_by=by)
    return row


@atomic_with_retry
def graduate(incubation: Incubation, *, graduated_on: date, criterion: str, by: User, on: date) -> Incubation:
    """Record graduation (毕业) by a Criterion. A lease continues."""
    row = lock(incubation)
    _running(row)
    not_after(graduated_on, on, "graduated_on")
    change(row, "graduate", by=by, graduated_on=graduated_on, criterion=Criterion(criterion))
    facts = {"company": row.company.name, "day": graduated_on}
    link = f"/companies/{row.company.code}/"
    notify(recipients.people_of(row.company), "graduated", key=str(row.pk), link=link, **facts)
    return row


@atomic_with_retry
def leave(
    incubation: Incubation, *, exited_on: date, exit_reason: str, destination: str, by: User, on: date
) -> Incubation:
    """Record an exit (退出 or 清退), with a reason and the new location of the company."""
    row = lock(incubation)
    if row.exited_on:
        raise ValidationError(_("This incubation ended on %(day)s.") % {"day": row.exited_on}, code="ended")
    not_after(exited_on, on, "exited_on")
    reason = ExitReason(exit_reason)
    change(row, "exit", by=by, exited_on=exited_on, exit_reason=reason, destination=destination)
    return row


def _running(row: Incubation) -> None:
    if row.graduated_on or row.exited_on:
        raise ValidationError(_("This incubation has ended."), code="ended")
