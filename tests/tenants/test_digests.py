"""The week in numbers, to officers and officials, once a week however often the reminders run."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import translation

from spaces.month_ledger import rebuilding
from tenants.actions import digests, reminders
from tenants.models import Notice, Offer, SpaceRequest
from tenants.notices import notice_texts
from tests import make
from tests.frontend import desk

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 6, 1)


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: desk.DAY)
    people = desk.build()
    desk.signed(people)  # 120 m2 from the first of June
    desk.offered(people, "r405", "rival")  # held until the fifteenth
    return people


def result(**of):
    rows = Notice.objects.filter(event="digest", **of).select_related("user").order_by("user__name", "pk")
    return [(row.user.name, row.key) for row in rows]


def test_officers_and_officials_are_told_once_a_week(people):
    for day in range(8):
        reminders.send(on=MONDAY + timedelta(days=day))
        reminders.send(on=MONDAY + timedelta(days=day))

    weeks = [(name, f"digest:2026-W{week}") for name in ("officer", "official", "outsider") for week in (23, 24)]
    assert result() == weeks


def test_each_reads_the_numbers_of_his_own_ecosystems(people):
    late = desk.submitted(people)
    SpaceRequest.objects.filter(pk=late.pk).update(due_on=MONDAY)
    anywhere = desk.submitted(people, "rival", ecosystem=people.park.ecosystem)
    SpaceRequest.objects.filter(pk=anywhere.pk).update(due_on=MONDAY)

    digests.send(on=MONDAY + timedelta(days=1))

    own, all_of_it, other = (
        Notice.objects.get(event="digest", user=user).facts
        for user in (people.officer, people.official, people.outsider)
    )
    assert (own["requests"], own["leases"], own["offers"]) == (2, 0, 0)
    assert {state: Decimal(area) for state, area in own["areas"].items()} == {
        "committed": Decimal(120), "reserved": Decimal(118), "vacant": Decimal(-238),
    }  # fmt: skip
    assert all_of_it["requests"] == 2
    assert (other["requests"], other["areas"]) == (0, {})


def test_offers_that_lapse_within_the_week_and_leases_past_their_end_are_counted(people):
    digests.send(on=Offer.objects.get(state="sent").held_until - timedelta(days=1))
    digests.send(on=desk.TERM["ends_on"])

    first, second = (row.facts for row in Notice.objects.filter(event="digest", user=people.officer).order_by("pk"))
    assert (first["offers"], first["leases"]) == (1, 0)
    assert (second["offers"], second["leases"]) == (0, 1)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Offers that lapse within 7 days: 0. Usable area (m²) since 2026-05-26: Signed, not moved in +120.00"),
        ("zh-hans", "7天内失效的推荐：0。自2026-05-26以来可用面积（㎡）变化：已签约未入驻 +120.00"),
    ],
)
def test_it_is_said_in_words(people, language, words):
    digests.send(on=MONDAY + timedelta(days=1))
    notice = Notice.objects.get(event="digest", user=people.officer)

    with translation.override(language):
        assert words in notice_texts.text(notice)


def test_nothing_changed_is_said_too(people):
    digests.send(on=MONDAY)

    with translation.override("en"):
        text = notice_texts.text(Notice.objects.get(event="digest", user=people.outsider))
    assert text.endswith("since 2026-05-25: no change.")


def test_the_command_mails_it_once(people, django_capture_on_commit_callbacks):
    for _run in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            call_command("remind")

    assert sorted(
        message.to[0] for message in mail.outbox if "The week to" in message.subject or "本周" in message.subject
    ) == sorted(user.email for user in (people.officer, people.official, people.outsider))


@pytest.mark.parametrize("many", [1, 3])
def test_a_digest_costs_the_same_for_any_number_of_readers(people, django_assert_num_queries, many):
    for number in range(many):
        user = make.user(email=f"o{number}@example.test", name=f"o{number}")
        make.assignment(user=user, role="ecosystem_officer", ecosystem=people.park.ecosystem)
    rebuilding.settle()

    with django_assert_num_queries(19):
        digests.send(on=MONDAY)
