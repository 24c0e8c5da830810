"""Notices: in the inbox at once, by mail after commit, and once however often the reminders run."""

import re
from datetime import UTC, date, datetime
from itertools import product

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone, translation

from spaces.actions.mail import deliver, send_again
from spaces.models import Mail
from tenants.actions import reminders
from tenants.actions.notices import notify
from tenants.models import Handover, HandoverItem, Lease, LeaseLine, Notice, Offer
from tenants.notices import notice_texts
from tenants.states import RequestState
from tenants.worker.tasks import mail_notices
from tests import make, smtp

ENDS = date(2026, 9, 1)


@pytest.fixture
def company(db):
    company = make.company(name="云雀航天")
    make.member(user=make.user(email="owner@example.test", language="zh-hans"), company=company)
    return company


@pytest.fixture
def lease(park, manager, company):
    lease = Lease.objects.create(
        number="ZL-2026-0001",
        company=company,
        park=park,
        state="signed",
        starts_on=date(2025, 9, 1),
        ends_on=ENDS,
        signed_on=date(2025, 8, 1),
    )
    unit = make.unit(floor=make.floor(building=make.building(park=park)))
    row = make.allocation(unit=unit, starts_on=date(2025, 9, 1), ends_on=ENDS, signed_on=date(2025, 8, 1))
    LeaseLine.objects.create(lease=lease, unit=unit, allocation=row)
    row.moved_in_on = date(2025, 9, 1)
    row.save()
    return lease


def result():
    return sorted(Notice.objects.values_list("user__email", "event", "key"))


def test_every_event_has_words_in_both_languages(db, company):
    facts = {"number": "N-1", "company": "云雀航天", "request": "XQ-1", "message": "词", "unit": "A-1", "item": "钥匙"}
    facts |= dict.fromkeys(
        ("until", "ends_on", "starts_on", "signed_on", "due_on", "day", "since", "last_day"), "2026-09-01"
    )
    facts |= dict.fromkeys(("requests", "leases", "offers"), 3) | {"areas": {"vacant": "-120.00"}}
    facts |= {"days": 30, "intent": "renew", "kind": "move_in"}
    for event in notice_texts.EVENTS:
        state = "accepted" if event.startswith("offer") else "admitted"
        notice = Notice(event=event, facts=facts | {"state": state})
        for language in ("en", "zh-hans"):
            with translation.override(language):
                said = notice_texts.subject(notice) + notice_texts.text(notice)
            assert "%(" not in said
            assert "N-1" in said or "云雀航天" in said or (event == "digest" and "120.00" in said)


@pytest.mark.parametrize(
    ("on", "step"),
    [
        (date(2026, 3, 3), None),
        (date(2026, 3, 4), 180),
        (date(2026, 6, 2), 90),
        (date(2026, 7, 2), 60),
        (date(2026, 8, 1), 30),
        (date(2026, 8, 31), 30),
    ],
)
def test_a_lease_end_is_told_at_its_steps_to_both_sides(lease, on, step):
    reminders.send(on=on)
    reminders.send(on=on)

    key = f"lease_ending:ZL-2026-0001:2026-09-01:{step}"
    both = [("manager@example.test", "lease_ending", key), ("owner@example.test", "lease_ending", key)]
    assert result() == (both if step else [])


def test_a_step_is_caught_up_when_nothing_ran_on_its_day(lease):
    for on in (date(2026, 6, 3), date(2026, 6, 20), date(2026, 7, 20)):
        reminders.send(on=on)

    keys = {key.rpartition(":")[2] for _user, _event, key in result()}
    assert keys == {"90", "60"}


def test_an_overdue_lease_is_told_every_week(lease):
    for on in (ENDS, date(2026, 9, 3), date(2026, 9, 8)):
        reminders.send(on=on)

    assert [key for user, _event, key in result() if user.startswith("owner")] == [
        "lease_overdue:ZL-2026-0001:2026-09-01:0",
        "lease_overdue:ZL-2026-0001:2026-09-01:1",
    ]


def test_a_lapsing_offer_is_told_three_days_and_one_day_before(park, manager, company):
    wanted = make.wanted(company=company, park=park, state=RequestState.OFFERED)
    facts = {"starts_on": date(2026, 9, 1), "ends_on": date(2028, 9, 1), "held_until": date(2026, 6, 10)}
    Offer.objects.create(
        number="TJ-2026-0001", request=wanted, park=park, created_at=datetime(2026, 6, 1, tzinfo=UTC), **facts
    )
    for day in range(5, 13):
        reminders.send(on=date(2026, 6, day))

    keys = [key for user, _event, key in result() if user.startswith("owner")]
    assert keys == ["offer_lapsing:TJ-2026-0001:1", "offer_lapsing:TJ-2026-0001:3"]


def test_an_overdue_item_is_told_to_the_side_whose_turn_it_is(lease):
    handover = Handover.objects.create(number="TZ-1", lease=lease, kind="move_out", planned_on=ENDS)
    due = {"due_on": date(2026, 1, 5), "handover": handover}
    HandoverItem.objects.create(place=1, name="费用结清", owner="company", **due)
    HandoverItem.objects.create(place=2, name="电表读数", owner="park", **due)

    reminders.send(on=date(2026, 1, 5))
    reminders.send(on=date(2026, 1, 6))

    assert [(user, event) for user, event, _key in result()] == [
        ("manager@example.test", "item_overdue"),
        ("owner@example.test", "item_overdue"),
    ]


def test_signed_and_not_moved_in_is_told_to_the_park_after_thirty_days(lease):
    lease.lines.get().allocation.__class__.objects.update(moved_in_on=None)

    reminders.send(on=date(2025, 8, 30))
    assert result() == []
    reminders.send(on=date(2025, 9, 10))

    assert result() == [("manager@example.test", "not_moved_in", "not_moved_in:ZL-2026-0001")]


def test_mail_leaves_after_commit_in_the_readers_language(company, django_capture_on_commit_callbacks):
    owner = company.members.get().user
    with django_capture_on_commit_callbacks(execute=True):
        notify([owner], "graduated", key="1", link="/companies/QY-2026-0001/", company="云雀航天", day=ENDS)
        assert mail.outbox == []

    (message,) = mail.outbox
    assert message.to == ["owner@example.test"]
    assert "云雀航天" in message.subject
    assert "http://127.0.0.1:8000/companies/QY-2026-0001/" in message.body
    assert Notice.objects.get().mailed_at is not None


def test_a_mail_server_that_is_down_loses_nothing(company, settings):
    settings.MAILERS = smtp.mailers(smtp.free_port())
    owner = company.members.get().user
    notify([owner], "graduated", key="1", link="/", company="云雀航天", day=ENDS)

    assert (mail_notices.call(), Mail.objects.unsent().count()) == (1, 1)

    with smtp.Server() as server:
        settings.MAILERS = smtp.mailers(server.port)
        Mail.objects.update(next_try_at=timezone.now())
        assert (mail_notices.call(), deliver.call(), deliver.call()) == (0, 1, 0)
        assert server.recipients == ["owner@example.test"]


@pytest.mark.parametrize(
    ("event", "facts"),
    [
        ("item_overdue", {"number": "MI-1", "item": "钥匙\nBcc: victim@example.test", "due_on": ENDS}),
        ("graduated", {"company": "Star\r\nReset", "day": ENDS}),
        ("graduated", {"company": "长" * 5000, "day": ENDS}),
        ("graduated", {"company": "\u202egnp\u2028", "day": ENDS}),
    ],
)
def test_no_words_of_others_stop_the_mail(company, settings, event, facts):
    """They once ended the run, at the same notice for ever."""
    owner, other = company.members.get().user, make.user(email="other@example.test")
    notify([owner], event, key="bad", link="/", **facts)
    notify([other], "graduated", key="good", link="/", company="北辰", day=ENDS)

    with smtp.Server() as server:
        settings.MAILERS = smtp.mailers(server.port)
        assert mail_notices.call() == 2

    assert server.recipients == ["owner@example.test", "other@example.test"]
    assert [message["Bcc"] for message in server.taken] == [None, None]


@pytest.mark.parametrize(("event", "facts"), [("graduated", {"company": "云雀"}), ("unheard_of", {})])
def test_a_notice_that_cannot_be_written_is_put_aside_and_the_others_go(company, event, facts, caplog):
    owner = company.members.get().user
    notify([owner], event, key="bad", link="/", **facts)
    notify([owner], "graduated", key="good", link="/", company="北辰", day=ENDS)

    assert (mail_notices.call(), mail_notices.call(), len(mail.outbox)) == (1, 0, 1)

    aside = Mail.objects.exclude(set_aside_at=None).get()
    assert (aside.to, aside.last_error) == ("owner@example.test", "KeyError")
    assert f"Mail {aside.pk} (notice) could not be written: KeyError. It was put aside." in caplog.messages
    with pytest.raises(ValidationError, match="could not be made"):
        send_again(aside, by=owner)


def test_who_confirmed_no_address_gets_no_notice_by_mail_and_no_old_ones_later(company):
    owner = company.members.get().user
    address = owner.emailaddress_set.create(email=owner.email, verified=False, primary=True)
    notify([owner], "graduated", key="1", link="/", company="云雀航天", day=ENDS)
    mail_notices.call()
    address.verified = True
    address.save()

    assert (mail_notices.call(), len(mail.outbox), Notice.objects.count()) == (0, 0, 1)
    notify([owner], "graduated", key="2", link="/", company="云雀航天", day=ENDS)
    assert (mail_notices.call(), len(mail.outbox)) == (1, 1)


@pytest.mark.parametrize(
    "words", ["Win at http://evil.example now", "evil.example", "boss@evil.example", "a\nb\u202ec"]
)
def test_no_subject_carries_an_address_that_somebody_typed(db, words):
    """Of every event, in both languages: the name of a company, of an item, and free words."""
    facts = dict.fromkeys(("company", "item", "message"), words) | {"number": "N-1", "request": "XQ-1", "unit": "A-1"}
    facts |= dict.fromkeys(
        ("until", "ends_on", "starts_on", "signed_on", "due_on", "day", "since", "last_day"), "2026-09-01"
    )
    facts |= dict.fromkeys(("requests", "leases", "offers"), 3) | {"areas": {}, "days": 30}
    facts |= {"intent": "renew", "kind": "move_in"}
    for event, language in product(notice_texts.EVENTS, ("en", "zh-hans")):
        state = "accepted" if event.startswith("offer") else "admitted"
        with translation.override(language):
            subject = notice_texts.mail_subject(Notice(event=event, facts=facts | {"state": state}))
        assert not re.search(r"evil|@|//|[\n\u202e]", subject), event


def test_the_command_runs_twice_and_tells_once(lease):
    call_command("remind")
    first = result()
    call_command("remind")

    assert result() == first
