"""Reminders of due dates: each is sent once, however often the command runs; a later run makes up for missed ones."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from spaces import changes
from spaces.actions.retry import atomic_with_retry
from spaces.models import User
from spaces.values.days import days_left, end_within
from tenants.actions import digests
from tenants.actions.locked_rows import lock
from tenants.actions.notices import notify
from tenants.leasing import contracts
from tenants.models import HandoverItem, Lease, Offer
from tenants.models.leases import REMINDER_DAYS
from tenants.notices import recipients
from tenants.states import ItemOwner, LeaseState

OFFER_STEPS = (1, 3)
WEEK = 7


def send(*, on: date) -> None:
    """All reminders of a day, and the digest of its week."""
    _ending_leases(on)
    _lapsing_offers(on)
    _overdue_items(on)
    _not_moved_in(on)
    digests.send(on=on)


@dataclass(frozen=True, slots=True)
class ReminderResult:
    """Numbers of leases: reminded, reminded before, and without an owner to remind."""

    sent: int
    before: int
    nobody: int


@atomic_with_retry
def remind(leases: Iterable[Lease], *, message: str, by: User, on: date) -> ReminderResult:
    """Ask the owners of companies what they intend. One reminder per lease and day.

    Leases that are no longer signed are skipped; `nobody`: the company has no owner with an account.
    """
    rows = [row for row in map(lock, sorted(leases, key=lambda row: row.pk)) if row.state == LeaseState.SIGNED]
    owners = recipients.owners([row.company_id for row in rows])
    people = [user for several in owners.values() for user in several]
    before = recipients.reminded(rows, people, on=on)
    fresh = [row for row in rows if row.company_id in owners and row.pk not in before]
    for row in fresh:
        event = "lease_reminder" if row.ends_on > on else "lease_reminder_late"
        facts = {"number": row.number, "last_day": row.last_day, "message": message}
        notify(owners[row.company_id], event, key=f"{row.number}:{on}", link=f"/leases/{row.number}/", **facts)
        changes.record(row, "remind", by=by, why=message, before=changes.snapshot(row))
    return ReminderResult(len(fresh), len(before), sum(row.company_id not in owners for row in rows))


def _step(days: int, steps: tuple[int, ...]) -> int | None:
    """The nearest step that has been reached: 85 days before the end it is the one of 90."""
    return next((step for step in steps if days <= step), None)


def _ending_leases(on: date) -> None:
    ending = Lease.objects.ending(on, REMINDER_DAYS[-1]).select_related("company", "park")
    tenants = recipients.people_by_company(ending)
    managers = recipients.managers_by_park(ending, on=on)
    for lease in ending:
        days = lease.days_left(on)
        facts = {"number": lease.number, "company": lease.company.name, "ends_on": lease.ends_on}
        link, people = f"/leases/{lease.number}/", {*tenants.get(lease.company_id, [])}
        people |= {*managers.get(lease.park_id, [])}
        if days >= 0:
            key = f"{lease.number}:{lease.ends_on}:{_step(days, REMINDER_DAYS)}"
            notify(people, "lease_ending", key=key, link=link, days=days, **facts)
        else:
            notify(people, "lease_overdue", key=f"{lease.number}:{lease.ends_on}:{-days // WEEK}", link=link, **facts)


def _lapsing_offers(on: date) -> None:
    soon = Offer.objects.open_on(on).filter(held_until__lte=end_within(on, OFFER_STEPS[-1]))
    for offer in soon.select_related("request__company", "park").order_by("pk"):
        step = _step(days_left(offer.held_until, on), OFFER_STEPS)
        people = {*recipients.people_of(offer.request.company), *recipients.managers_of(offer.park, on=on)}
        facts = {"number": offer.number, "request": offer.request.number, "until": offer.held_until}
        key, link = f"{offer.number}:{step}", f"/offers/{offer.number}/"
        notify(people, "offer_lapsing", key=key, link=link, **facts)


def _overdue_items(on: date) -> None:
    late = HandoverItem.objects.overdue(on).select_related("handover__lease__company", "handover__lease__park")
    for item in late.order_by("pk"):
        handover, lease = item.handover, item.handover.lease
        ours = item.owner == ItemOwner.PARK
        people = recipients.managers_of(lease.park, on=on) if ours else recipients.people_of(lease.company)
        facts = {"number": handover.number, "item": item.name, "item_en": item.name_en, "due_on": item.due_on}
        notify(people, "item_overdue", key=f"{item.pk}:{item.due_on}", link=f"/handovers/{handover.number}/", **facts)


def _not_moved_in(on: date) -> None:
    late = contracts.late_move_ins(Lease.objects.select_related("park"), on=on)
    for lease in late.order_by("pk"):
        facts = {"number": lease.number, "signed_on": lease.signed_on}
        people, link = recipients.managers_of(lease.park, on=on), f"/leases/{lease.number}/"
        notify(people, "not_moved_in", key=lease.number, link=link, **facts)
