"""The calendar feed, read back with icalendar and compared with the rows; and whose it is on the day it is read."""

import logging
from datetime import date, timedelta
from io import StringIO

import pytest
from django.urls import reverse
from icalendar import Calendar

from spaces.models import Assignment, Change
from tenants.actions import feeds, leases
from tenants.leasing import calendar_feed
from tenants.models import CalendarFeed, Handover, Lease
from tests import make
from tests.frontend import desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]


@pytest.fixture
def people():
    """A lease that ends on 2028-05-31 with an open move-in, and an offer that lapses after 2026-06-14."""
    people = desk.build()
    people.lease = desk.signed(people)
    people.offer = desk.offered(people, "r405", by="rival")
    return people


def address(user):
    return reverse("calendar-feed", args=[feeds.make(by=user)])


def events(answer):
    """uid -> event, of a calendar that was fetched."""
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    read = Calendar.from_ical(answer.content)
    return {str(event["uid"]).partition("@")[0]: event for event in read.walk("VEVENT")}


def days(event):
    """First and last day of an event, as a calendar shows it: its end is exclusive."""
    return event["dtstart"].dt, event["dtend"].dt - timedelta(days=1)


def test_the_calendar_says_what_the_rows_say(client, people):
    result = events(client.get(address(people.manager)))

    lease, offer = people.lease, people.offer
    items = {
        f"item-{item.handover.number}-{item.place}": item.due_on
        for item in Handover.objects.get(lease=lease).items.select_related("handover")
        if item.due_on
    }
    last = date(2028, 5, 31)
    reminders = {f"lease-{lease.number}-in-{step}": last - timedelta(days=step) for step in (30, 60, 90, 180)}
    expected = {f"lease-{lease.number}-end": last, f"offer-{offer.number}-lapses": date(2026, 6, 14)}
    expected |= reminders | items
    assert items != {}
    assert {uid: days(event) for uid, event in result.items()} == {uid: (day, day) for uid, day in expected.items()}
    end = result[f"lease-{lease.number}-end"]
    assert str(end["summary"]) == "租约到期：示例tenant，HIT-01-A-401"
    assert str(end["url"]).endswith(f"/leases/{lease.number}/")
    assert end["dtstart"].params["VALUE"] == "DATE"


@pytest.mark.parametrize(
    ("ends_on", "last_day"),
    [
        (date(2028, 3, 1), date(2028, 2, 29)),
        (date(2027, 3, 1), date(2027, 2, 28)),
        (date(2027, 1, 1), date(2026, 12, 31)),
        (date(2026, 6, 1), date(2026, 5, 31)),  # over: it stays in the calendar until the keys are back
    ],
)
def test_an_event_lies_on_the_last_day(people, ends_on, last_day):
    Lease.objects.update(starts_on=date(2026, 1, 1), ends_on=ends_on)

    (end,) = [entry for entry in calendar_feed.feed_events(people.manager, on=desk.DAY) if entry.uid.endswith("-end")]

    assert end.day == last_day
    assert end.title.startswith("Overdue" if ends_on <= desk.DAY else "Lease ends")


def test_nobody_is_named_and_nothing_of_a_contact_is_in_it(client, people):
    body = client.get(address(people.manager)).content.decode()

    for company in (people.tenant_company, people.rival_company):
        assert company.contact_phone not in body
        assert company.contact_name not in body
    for user in (people.tenant, people.rival, people.manager):
        assert user.email not in body


def test_each_person_has_only_what_he_may_see(client, people):
    lease, offer = f"lease-{people.lease.number}-end", f"offer-{people.offer.number}-lapses"
    seen = {}
    for who in ("manager", "officer", "official", "tenant", "rival", "neighbour", "stranger"):
        result = events(client.get(address(getattr(people, who))))
        seen[who] = {name for name, uid in (("lease", lease), ("offer", offer)) if uid in result}

    assert seen == {
        "manager": {"lease", "offer"}, "officer": {"lease", "offer"}, "official": {"lease", "offer"},
        "tenant": {"lease"}, "rival": {"offer"}, "neighbour": set(), "stranger": set(),
    }  # fmt: skip


def test_a_role_that_ended_empties_the_calendar(client, people):
    url = address(people.manager)
    assert events(client.get(url)) != {}

    Assignment.objects.filter(user=people.manager).update(ends_on=desk.DAY)

    assert events(client.get(url)) == {}


def test_unknown_ended_renewed_and_closed_addresses_are_one_and_the_same_404(client, people):
    old = address(people.manager)
    new = address(people.manager)
    ended = address(people.officer)
    feeds.end(by=people.officer)
    closed = address(people.official)
    people.official.is_active = False
    people.official.save()

    answers = [client.get(url) for url in (old, ended, closed, reverse("calendar-feed", args=["x"]))]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert len({answer.content for answer in answers}) == 1
    assert client.get(new).status_code == 200


def test_only_a_fingerprint_is_kept_and_the_record_has_not_even_that(people):
    token = feeds.make(by=people.manager)
    feeds.make(by=people.manager)

    first, second = CalendarFeed.objects.filter(user=people.manager).order_by("pk")
    assert (len(token), first.digest, first.ended_at is None, second.ended_at) == (
        43,
        feeds.digest(token),
        False,
        None,
    )
    result = Change.objects.filter(object_type="tenants.calendarfeed").order_by("pk")
    assert [(row.verb, row.by) for row in result] == [(verb, people.manager) for verb in ("create", "end", "create")]
    assert all("digest" not in row.after and first.digest not in str(row.after) for row in result)


def test_a_phone_that_has_it_is_told_so(client, people):
    url = address(people.manager)
    first = client.get(url)

    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    leases.ask(people.lease, intent="renew", note="", by=people.tenant, on=desk.DAY)
    Lease.objects.update(ends_on=date(2028, 5, 1))
    after = client.get(url, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert (after.status_code, after["ETag"] == first["ETag"]) == (200, False)
    assert {*first["Cache-Control"].split(", ")} == {"private", "max-age=900"}
    assert client.head(url).status_code == 200
    assert client.post(url).status_code == 405


def test_the_language_is_that_of_the_account(client, people):
    url = address(people.manager)
    people.manager.language = "en"
    people.manager.save()

    result = events(client.get(url, headers={"Accept-Language": "zh-hans"}))

    assert str(result[f"lease-{people.lease.number}-end"]["summary"]) == "Lease ends: 示例tenant, HIT-01-A-401"


@pytest.mark.parametrize("many", [1, 3])
def test_a_calendar_costs_the_same_for_any_number(client, django_assert_num_queries, many):
    people = desk.build()
    for _ in range(many):
        make.lease(company=people.tenant_company, park=people.park)
    url = address(people.manager)

    with django_assert_num_queries(8):  # the address, then lines, leases, offers, items, with rights
        result = events(client.get(url))

    assert len([uid for uid in result if uid.endswith("-end")]) == many


def test_no_log_of_ours_holds_the_address(client, people, caplog):
    token = feeds.make(by=people.manager)
    feeds.make(by=people.manager)
    written = StringIO()
    handler = logging.StreamHandler(written)
    names = ("django.request", "django.server", "frontend.site.error_pages")
    for name in names:
        logging.getLogger(name).addHandler(handler)

    answer = client.get(reverse("calendar-feed", args=[token]))
    for name in names:
        logging.getLogger(name).error('"%s" %s', f"GET /calendar/{token}.ics HTTP/1.1", 404)
        logging.getLogger(name).error(f"/calendar/{token}.ics?x=1")  # noqa: G004 as another library might
        logging.getLogger(name).removeHandler(handler)

    assert answer.status_code == 404
    assert written.getvalue().count("/calendar/….ics") == 7
    assert token not in written.getvalue() + caplog.text
