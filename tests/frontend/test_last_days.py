"""People are told the last day of a period, never the day after it on which it ends in the data.

A lease, a renewal, a notice, an offer, a hold, a time out of service, a unit and a role end on days that nothing else
has. No page, file, calendar, notice or refusal may tell the day after; a call of the API may, under a name that its
description calls exclusive, beside the last day.
"""

import io
import json
import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from python_calamine import CalamineWorkbook

from frontend.site.formatting import day as written
from spaces.actions import allocations, units
from spaces.actions import people as persons
from spaces.changes.versions import version_of
from spaces.models import Allocation, Assignment, Unit
from tenants.actions import incubation, leases, offers, reminders
from tenants.leasing import calendar_feed
from tenants.models import Handover, Lease, Notice, Offer, SpaceRequest
from tenants.notices import notice_texts
from tests import make
from tests.frontend import desk
from tests.tenants import rights
from tests.tenants.calls import Caller
from tests.tenants.test_api_canary import addresses, narrowed, values

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
DAY = desk.DAY
BEGIN = date(2026, 5, 20)
ENDS = {
    "lease": date(2028, 5, 18),
    "renewal": date(2029, 8, 24),
    "notice": date(2027, 2, 12),
    "offer": date(2027, 11, 9),
    "answer": date(2026, 7, 22),
    "signing": date(2026, 6, 12),
    "hold": date(2027, 10, 6),
    "hold lapses": date(2026, 8, 13),
    "offline": date(2026, 9, 17),
    "unit": date(2027, 4, 23),
    "role": date(2027, 5, 27),
}
EXCLUSIVE = {"ends_on": "last_day", "end": "last_day", "closes_on": "last_day", "free_until": "last_free_day",
             "held_until": "last_held_day"}  # fmt: skip
BEGINNINGS = {"start", "starts_on", "as_of", "opens_on"}


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: DAY)


def seeded():
    """The people of the desk, and one of each period."""
    people = rights.world()
    floor, by = people.rooms.r401.floor, people.manager
    rooms = {code: make.unit(floor=floor, code=f"HIT-01-A-41{code}") for code in range(6)}
    lease = _moved_in(people, rooms[0], "tenant")
    noticed = _moved_in(people, rooms[1], "rival")
    leases.give_notice(noticed, ends_on=ENDS["notice"], by=by, why="moves away", on=DAY)
    renewed = _moved_in(people, rooms[2], "rival", ends_on=date(2028, 4, 4))  # the day on which the next one begins
    leases.renew(renewed, ends_on=ENDS["renewal"], signed_on=DAY, by=by, on=DAY)
    _offered(people, people.rooms.r602, "tenant", ends_on=ENDS["offer"], held_until=ENDS["answer"])
    draft = _offered(people, people.rooms.r405, "tenant", ends_on=ENDS["offer"], held_until=date(2026, 6, 3))
    offers.accept(draft, by=people.tenant, on=DAY)
    allocations.hold([rooms[3]], starts_on=DAY, ends_on=ENDS["hold"], held_until=ENDS["hold lapses"], by=by, on=DAY)
    allocations.take_offline(rooms[4], starts_on=DAY, ends_on=ENDS["offline"], reason="roof", by=by, on=DAY)
    units.retire(rooms[5], closes_on=ENDS["unit"], by=by, why="converted", on=DAY)
    deputy = make.assignment(user=make.user(name="deputy"), role="park_manager", park=people.park)
    persons.end_assignment(deputy, ends_on=ENDS["role"], by=by, why="leaves")
    clock = incubation.enter(people.tenant_company, people.park, entered_on=DAY, rule="N18-12", by=by)
    incubation.ask_extension(clock, months=3, why="trial", by=by)
    return people, lease


def _offered(people, room, who, *, on=DAY, **days):
    unit = Unit.objects.select_related("floor__building").get(pk=room.pk)
    wanted = desk.admitted(people, who)
    return offers.send(wanted, [unit], starts_on=on, by=people.manager, on=on, override="it fits", **days)


def _moved_in(people, room, who, *, ends_on=ENDS["lease"]):
    by, days = people.manager, {"ends_on": ends_on, "held_until": ENDS["answer"]}
    draft = offers.accept(_offered(people, room, who, on=BEGIN, **days), by=getattr(people, who), on=BEGIN)
    lease = leases.sign(draft, signed_on=BEGIN, by=by, on=BEGIN)
    allocations.move_in(Allocation.objects.get(unit=room), moved_in_on=BEGIN, by=by, on=BEGIN)
    return lease


# What begins on the day after an end, and says that it begins: a unit is free, a state of a strip starts.
BEGINS = r"(?:from|back on) {0}|{0} ?(?:起|恢复)|[ >\"]{0} – [0-9]|data-label=\"(?:From|自|起)\">{0}"


def told_in(text):
    """Which of the ends stand in a text, in any manner of writing a day, and not as the beginning of what follows."""
    found = set()
    for name, end in ENDS.items():
        text = re.sub(BEGINS.format(end.isoformat()), "", text)
        manners = [end.isoformat(), f"{end:%Y%m%d}"]
        for language in ("en", "zh-hans"):
            with translation.override(language):
                manners.append(written(end, "prose"))
        found |= {(name, each) for each in manners if each in text}
    return found


def paths_of(people, lease):
    """One address of every pattern, each verb among them, and the page of every row that has an end."""
    found = {path for path, _alone in addresses(narrowed(values(people, lease)))}
    for name, model in (("lease", Lease), ("offer", Offer), ("request", SpaceRequest), ("handover", Handover)):
        found |= {reverse(f"{name}-detail", args=[row.number]) for row in model.objects.all()}
    ending = Unit.objects.filter(code__startswith="HIT-01-A-41")
    found |= {reverse("unit-detail", args=[unit.code]) for unit in ending}
    return sorted(found)


def told_by(client, path, query=None):
    """What an answer says: a page, a file, a calendar, the cells of a workbook."""
    response = client.get(path, query or {}, headers={"Accept": "*/*"})
    if response.status_code != 200:
        return ""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if "spreadsheet" in response["Content-Type"]:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        return "\n".join(str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()
                         for cell in row)  # fmt: skip
    return body.decode(errors="replace")


@pytest.mark.parametrize(("who", "language"), [("manager", "zh-hans"), ("tenant", "en")])
def test_no_page_and_no_file_tells_the_day_after(who, language):
    people, lease = seeded()
    client = Client()
    client.force_login(getattr(people, who))
    client.cookies["django_language"] = language
    paths = [path for path in paths_of(people, lease) if not path.startswith("/api/")]

    result = {path: told_by(client, path) for path in paths}

    assert {path: hits for path, text in result.items() if (hits := told_in(text))} == {}
    lasts = {
        name
        for name, end in ENDS.items()
        if any((end - timedelta(days=1)).isoformat() in it for it in result.values())
    }
    assert lasts == (ENDS.keys() - {"role"} if who == "manager" else {"lease", "offer", "answer", "signing", "unit"})


def test_the_log_of_an_auditor_tells_the_last_day_of_a_role():
    people, _lease = seeded()
    client = Client()
    client.force_login(people.auditor)

    text = told_by(client, reverse("change-list"))

    assert told_in(text) == set()
    assert (ENDS["role"] - timedelta(days=1)).isoformat() in text


def rows_in(answer):
    """Every object of a JSON answer, and every text beside it."""
    if isinstance(answer, dict):
        yield answer
    for each in answer.values() if isinstance(answer, dict) else answer if isinstance(answer, list) else ():
        yield from rows_in(each)


def wrong_in(row):
    """The facts of an object that tell an end under a name not known as exclusive, or without the last day."""
    ends = {end.isoformat(): end for end in ENDS.values()}
    for name, value in row.items():
        if isinstance(value, str) and value not in ends and told_in(value):
            yield name, value
        elif isinstance(value, str) and value in ends and name not in BEGINNINGS:
            last = (ends[value] - timedelta(days=1)).isoformat()
            if name not in EXCLUSIVE or row.get(EXCLUSIVE[name]) != last:
                yield name, value


def test_a_call_tells_the_last_day_beside_the_exclusive_one():
    people, lease = seeded()
    client = Client()
    client.force_login(people.manager)
    answers = {}
    for path in paths_of(people, lease):
        if path.startswith("/api/v1/") and "/stack/" not in path:
            response = client.get(path, {"page_size": 200} if path.endswith("s/") else {})
            if response.status_code == 200 and "json" in response["Content-Type"]:
                answers[path] = json.loads(response.content)

    wrong = {
        (path, *fault)
        for path, answer in answers.items()
        for row in rows_in(answer)
        for fault in wrong_in(row)
        if path != "/api/v1/changes/" or "label" in row
    }

    assert wrong == set()
    assert {"/api/v1/leases/", "/api/v1/offers/", "/api/v1/allocations/", "/api/v1/units/"} <= answers.keys()


def test_no_notice_no_mail_and_no_calendar_tells_the_day_after():
    """The reminders of every day until each end is near, and over."""
    people, _lease = seeded()
    for end in ENDS.values():
        for days in (-8, -2, -1, 0, 1):
            reminders.send(on=end + timedelta(days=days))
    said = {}
    for notice in Notice.objects.all():
        for language in ("en", "zh-hans"):
            with translation.override(language):
                said[notice.pk, language] = " ".join(
                    [notice_texts.subject(notice), notice_texts.mail_subject(notice), notice_texts.text(notice)]
                )
    calendar = calendar_feed.of(people.manager, on=DAY, name="x").decode().replace("\r\n ", "")

    assert {key: text for key, text in said.items() if told_in(text)} == {}
    assert told_in(re.sub(r"DTEND.*", "", calendar)) == set()  # RFC 5545: DTEND is exclusive
    result = set(Notice.objects.values_list("event", flat=True))
    assert {"offer_sent", "offer_lapsing", "notice_given", "lease_renewed", "lease_ending", "lease_overdue"} <= result


def refusals(people, lease):
    """Acts that are refused with a day in their words."""
    by, after = {"by": people.manager}, timedelta(days=400)
    hold = Allocation.objects.get(ends_on=ENDS["hold"])
    offline = Allocation.objects.get(ends_on=ENDS["offline"])
    noticed = Lease.objects.get(ends_on=ENDS["notice"])
    offer = Offer.objects.filter(held_until=ENDS["answer"], state="sent").first()
    role = Assignment.objects.get(ends_on=ENDS["role"])
    closing = Unit.objects.get(closes_on=ENDS["unit"])
    late, why = ENDS["hold lapses"] + after, {"why": "x"}
    return [
        lambda: leases.give_notice(lease, ends_on=ENDS["lease"] + after, on=DAY, **why, **by),
        lambda: leases.give_notice(noticed, ends_on=ENDS["notice"] + after, on=DAY, **why, **by),
        lambda: leases.renew(lease, ends_on=ENDS["lease"], signed_on=DAY, on=DAY, **by),
        lambda: allocations.end_early(offline, ends_on=ENDS["offline"] + after, on=DAY, **why, **by),
        lambda: allocations.sign(hold, signed_on=DAY, on=late, **by),
        lambda: allocations.extend(hold, held_until=late + after, on=late, **by),
        lambda: offers.accept(offer, by=people.tenant, on=ENDS["answer"]),
        lambda: persons.end_assignment(role, ends_on=ENDS["role"] + after, **why, **by),
        lambda: allocations.take_offline(
            closing, starts_on=DAY, ends_on=ENDS["unit"] + after, reason="x", on=DAY, **by
        ),
    ]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_refusal_tells_the_day_after(language):
    people, lease = seeded()
    said = []
    with translation.override(language):
        for act in refusals(people, lease):
            with pytest.raises(ValidationError) as error, transaction.atomic():
                act()
            said.append(" ".join(error.value.messages))

    assert [words for words in said if told_in(words)] == []
    assert [words for words in said if not re.search(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", words)] == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_ends_today_says_so_and_has_no_day_left(language, monkeypatch):
    people, lease = seeded()
    last = ENDS["lease"] - timedelta(days=1)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: last)
    words = {"en": ("ends today", "1 day left"), "zh-hans": ("今天到期", "还有 1 天")}[language]
    said = []
    for who, paths in (("manager", ["/leases/", f"/leases/{lease.number}/"]), ("tenant", ["/my/"])):
        client = Client()
        client.force_login(getattr(people, who))
        client.cookies["django_language"] = language
        said += [client.get(path).content.decode() for path in paths]

    assert [words[0] in text for text in said] == [True] * 3
    assert [text for text in said if words[1] in text] == []
    assert lease.days_left(last) == 0


@pytest.mark.parametrize("door", ["page", "api"])
def test_a_renewal_is_not_signed_on_a_day_to_come(door):
    people, lease = seeded()
    tomorrow = DAY + timedelta(days=1)
    caller = Caller(people.manager)
    here = f"leases/{lease.number}/"
    if door == "api":
        body = {"ends_on": "2029-08-24", "signed_on": tomorrow.isoformat()}
        answer = caller.seen(f"{here}renew/", body, of=here)
    else:
        typed = {"ends_on": "2029-08-23", "signed_on": tomorrow.isoformat(), "rent_unit": "m2_day"}
        answer = caller.client.post(f"/{here}renew/", typed | {"version": version_of(lease)})

    assert answer.status_code in {400, 422}
    assert f"{tomorrow} has not come yet. Enter a day up to {DAY}." in answer.content.decode()
    assert not Lease.objects.filter(renews=lease).exists()
