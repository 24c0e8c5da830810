"""Calendar feed (iCalendar) of a user: ends of leases and their reminders, lapsing offers, open handover items.

It is read with the rights of the user today, and contains no name, phone or address of a person.

A phone reads all of it every few hours: no more than MOST leases, offers and items, those due first.

All events last whole days. An iCalendar end is exclusive, as in the data: an event of one day ends on the next.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Calendar, Event

from spaces.mail.composing import on_site
from spaces.models import User
from spaces.values.days import MONTHS, add_months, day_after, last_day
from spaces.values.names import short_name
from tenants.models import HandoverItem, Lease, LeaseLine, Offer
from tenants.models.leases import REMINDER_DAYS
from tenants.states import LeaseState

MOST = 1000  # of each kind


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """An event of one whole day. `uid` is stable, so that calendars update the event."""

    uid: str
    day: date
    title: str
    link: str


def feed_events(user: User, *, on: date) -> list[FeedEvent]:
    """The events that the user may see, by day. Four queries; titles in the active language."""
    found = [*_leases(user, on), *_offers(user, on), *_handovers(user, on)]
    return sorted(found, key=lambda entry: (entry.day, entry.uid))


def of(user: User, *, on: date, name: str) -> bytes:
    """The calendar as bytes, in the language of the user. Identical all day while the data does not change."""
    with override(user.language):
        calendar = Calendar()
        calendar.add("prodid", "-//Hatchery//Leases//EN")
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        leases = _("Leases")
        calendar.add("x-wr-calname", f"{name} · {leases}")
        calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
        for entry in feed_events(user, on=on):
            calendar.add_component(_event(entry, on))
        return calendar.to_ical()


def _event(entry: FeedEvent, on: date) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{settings.MAIL_DOMAIN}")
    event.add("dtstamp", datetime.combine(on, time.min, UTC))
    event.add("dtstart", entry.day)
    event.add("dtend", day_after(entry.day))
    event.add("summary", entry.title)
    event.add("url", on_site(entry.link))
    event.add("transp", "TRANSPARENT")
    return event


def _leases(user: User, on: date) -> Iterator[FeedEvent]:
    """Overdue leases and ends of leases within two years, of the MOST that end first."""
    seen = Lease.objects.visible_to(user).filter(state=LeaseState.SIGNED, ends_on__lte=add_months(on, MONTHS))
    seen = seen.order_by("ends_on", "pk")[:MOST]
    codes = _codes(LeaseLine.objects.taking(on).filter(lease__in=seen.values("pk")))
    for lease in seen.select_related("company"):
        facts = {"who": lease.company.name, "units": ", ".join(codes.get(lease.pk, ())), "day": lease.last_day}
        overdue = lease.ends_on <= on
        title = _("Overdue: %(who)s, %(units)s") if overdue else _("Lease ends: %(who)s, %(units)s")
        link = f"/leases/{lease.number}/"
        yield FeedEvent(f"lease-{lease.number}-end", lease.last_day, title % facts, link)
        for step in REMINDER_DAYS:
            day = lease.last_day - timedelta(days=step)
            if day >= on:
                template = _("In %(step)s days, on %(day)s, a lease ends: %(who)s, %(units)s")
                yield FeedEvent(f"lease-{lease.number}-in-{step}", day, template % (facts | {"step": step}), link)


def _codes(lines: QuerySet[LeaseLine]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for lease, code in lines.order_by("unit__code_order", "pk").values_list("lease", "unit__code"):
        found.setdefault(lease, []).append(code)
    return found


def _offers(user: User, on: date) -> Iterator[FeedEvent]:
    """The last days on which open offers can be answered."""
    seen = Offer.objects.visible_to(user).open_on(on).select_related("request__company")
    for offer in seen.order_by("held_until", "pk")[:MOST]:
        template = _("Last day to answer offer %(number)s: %(who)s")
        title = template % {"number": offer.number, "who": offer.request.company.name}
        yield FeedEvent(f"offer-{offer.number}-lapses", last_day(offer.held_until), title, f"/offers/{offer.number}/")


def _handovers(user: User, on: date) -> Iterator[FeedEvent]:
    """Open items of open handovers, on the day they are due."""
    seen = HandoverItem.objects.visible_to(user).filter(done_at=None, due_on__isnull=False, handover__moved_on=None)
    until = add_months(on, MONTHS)
    rows = seen.filter(due_on__lte=until).select_related("handover__lease__company").order_by("due_on", "pk")[:MOST]
    for item in rows:
        number, who = item.handover.number, item.handover.lease.company.name
        template = _("%(kind)s %(number)s: %(item)s (%(who)s)")
        facts = {"kind": item.handover.get_kind_display(), "number": number, "item": short_name(item), "who": who}
        yield FeedEvent(f"item-{number}-{item.place}", item.due_on or on, template % facts, f"/handovers/{number}/")
