"""Reminders of due dates: each is sent once, however often the command runs; a later run makes up for missed ones."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain

from spaces import changes
from spaces.actions.retry import atomic_with_retry
from spaces.models import User
from spaces.values.days import days_left, end_within
from tenants.actions import digests
from tenants.actions.locked_rows import lock
from tenants.actions.notices import Announcement, notify, notify_many
from tenants.leasing import contracts
from tenants.models import HandoverItem, Lease, Offer
from tenants.models.leases import REMINDER_DAYS
from tenants.notices import recipients
from tenants.states import ItemOwner, LeaseState

OFFER_STEPS = (1, 3)
WEEK = 7


def send(*, on: date) -> None:
    """All reminders of a day, and the digest of its week. For any number of them a few statements a batch."""
    due = (_ending_leases, _lapsing_offers, _overdue_items, _not_moved_in)
    notify_many(chain.from_iterable(each(on) for each in due))
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


def _ending_leases(on: date) -> Iterator[Announcement]:
    ending = Lease.objects.ending(on, REMINDER_DAYS[-1])
    tenants = recipients.people_by_company(ending.order_by().values("company"))
    managers = recipients.managers_by_park(ending.order_by().values("park"), on=on)
    for lease in ending.select_related("company").iterator():
        days = lease.days_left(on)
        people = {*tenants.get(lease.company_id, ()), *managers.get(lease.park_id, ())}
        facts = {"number": lease.number, "company": lease.company.name, "ends_on": lease.ends_on}
        link, key = f"/leases/{lease.number}/", f"{lease.number}:{lease.ends_on}"
        if days >= 0:
            step = _step(days, REMINDER_DAYS)
            yield Announcement(people, "lease_ending", f"{key}:{step}", link, facts | {"days": days})
        else:
            yield Announcement(people, "lease_overdue", f"{key}:{-days // WEEK}", link, facts)


def _lapsing_offers(on: date) -> Iterator[Announcement]:
    soon = Offer.objects.open_on(on).filter(held_until__lte=end_within(on, OFFER_STEPS[-1]))
    tenants = recipients.people_by_company(soon.order_by().values("request__company"))
    managers = recipients.managers_by_park(soon.order_by().values("park"), on=on)
    for offer in soon.select_related("request").order_by("pk").iterator():
        step = _step(days_left(offer.held_until, on), OFFER_STEPS)
        people = {*tenants.get(offer.request.company_id, ()), *managers.get(offer.park_id, ())}
        facts = {"number": offer.number, "request": offer.request.number, "until": offer.held_until}
        yield Announcement(people, "offer_lapsing", f"{offer.number}:{step}", f"/offers/{offer.number}/", facts)


def _overdue_items(on: date) -> Iterator[Announcement]:
    late = HandoverItem.objects.overdue(on)
    tenants = recipients.people_by_company(late.order_by().values("handover__lease__company"))
    managers = recipients.managers_by_park(late.order_by().values("handover__lease__park"), on=on)
    for item in late.select_related("handover__lease").order_by("pk").iterator():
        number, lease = item.handover.number, item.handover.lease
        ours = item.owner == ItemOwner.PARK
        people = managers.get(lease.park_id, ()) if ours else tenants.get(lease.company_id, ())
        facts = {"number": number, "item": item.name, "item_en": item.name_en, "due_on": item.due_on}
        yield Announcement(people, "item_overdue", f"{item.pk}:{item.due_on}", f"/handovers/{number}/", facts)


def _not_moved_in(on: date) -> Iterator[Announcement]:
    late = contracts.late_move_ins(Lease.objects.all(), on=on)
    managers = recipients.managers_by_park(late.order_by().values("park"), on=on)
    for lease in late.order_by("pk").iterator():
        facts = {"number": lease.number, "signed_on": lease.signed_on}
        people, link = managers.get(lease.park_id, ()), f"/leases/{lease.number}/"
        yield Announcement(people, "not_moved_in", lease.number, link, facts)
