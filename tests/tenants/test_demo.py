"""The demo province: built once for this file, through the actions, and looked at from all sides."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from django.test import override_settings
from django.utils import timezone

from spaces import changes, floorplans, ledger
from spaces.knowledge import as_known, moments
from spaces.ledger import sums_of_months
from spaces.models import Allocation, Change, FloorPlan, Park, Unit, User
from spaces.values import clock
from spaces.values.days import month_ends
from tenants.credit_codes import validate_uscc, warning_of
from tenants.demo import check, invented
from tenants.demo.accounts import ACCOUNTS, PASSWORD
from tenants.leasing import contracts, incubations
from tenants.models import (
    Company,
    Extension,
    Handover,
    HandoverItem,
    Incubation,
    Lease,
    LeaseLine,
    Member,
    Message,
    Notice,
    Offer,
    OfferLine,
    Review,
    SpaceRequest,
)

pytestmark = pytest.mark.both_databases

FAR = datetime(2100, 1, 1, tzinfo=UTC)
MODELS = [Company, Member, SpaceRequest, Review, Message, Offer, OfferLine, Lease, LeaseLine, Handover, HandoverItem,
          Incubation, Extension, Allocation]  # fmt: skip


@pytest.fixture(scope="module")
def demo(empty_database, django_db_blocker):
    """What the command printed; rolled back after the last test of this file."""
    result = StringIO()
    with django_db_blocker.unblock(), override_settings(DEBUG=True), transaction.atomic():
        call_command("demo", stdout=result)
        yield result.getvalue()
        transaction.set_rollback(True)


@pytest.fixture
def today(demo):
    return timezone.localdate()


def tenant_of(email):
    return Member.objects.get(user__email=email).company


def unit(code):
    return Unit.objects.select_related("floor__building").get(code=code)


def test_requests_stand_in_every_state(demo):
    assert Counter(SpaceRequest.objects.values_list("state", flat=True)) == {
        "draft": 1, "submitted": 1, "returned": 1, "in_review": 2, "admitted": 1, "offered": 3, "accepted": 1,
        "leased": 2, "rejected": 1, "withdrawn": 1, "lapsed": 1,
    }  # fmt: skip


def test_the_totals_are_the_published_ones(demo, today):
    incubators = Park.objects.incubators(date(2024, 10, 31))
    units = Unit.objects.filter(floor__building__park__in=incubators)

    found = ledger.balances(units, "park", on=date(2024, 10, 31), today=today)

    assert (incubators.count(), ledger.total(found.values()).lettable) == (56, Decimal("487100.00"))
    assert list(check.mismatches(today)) == []


def test_each_account_signs_in_and_the_printed_words_name_it(demo):
    assert [authenticate(username=email, password=PASSWORD).email for email in ACCOUNTS] == [
        "official@demo.test", "officer@demo.test", "manager@demo.test", "company@demo.test", "neighbour@demo.test",
        "auditor@demo.test", "admin@demo.test",
    ]  # fmt: skip
    assert all(email in demo for email in ACCOUNTS)
    assert authenticate(username="firm03@demo.test", password=PASSWORD) is None


def test_two_companies_are_after_one_unit(demo, today):
    ours, theirs = tenant_of("company@demo.test"), tenant_of("neighbour@demo.test")

    after = SpaceRequest.objects.filter(requested_units__code="HIT-01-A-802").order_by("submitted_at")

    assert [(row.company, row.state) for row in after] == [(ours, "offered"), (theirs, "in_review")]
    offer = Offer.objects.get(request=after[0])
    assert (offer.state, offer.held_until - today) == ("sent", timedelta(days=2))
    assert ledger.state_of(unit("HIT-01-A-802"), on=today, today=today) == "reserved"


def test_an_offer_lapsed_and_its_unit_is_free(demo, today):
    (lapsed,) = (offer for offer in Offer.objects.all() if offer.lapsed(today))

    assert (lapsed.lines.get().unit.code, lapsed.request.state) == ("HIT-03-A-204", "offered")
    assert ledger.state_of(unit("HIT-03-A-204"), on=today, today=today) == "vacant"


def test_an_offer_ahead_of_the_queue_has_its_reason(demo):
    (offer,) = Offer.objects.exclude(overridden=[])

    assert (offer.lines.get().unit.code, offer.overridden) == ("HIT-01-A-706", ["queue"])
    assert offer.override.startswith("省重点项目")


def test_a_tenant_stays_over_his_time(demo, today):
    lease = LeaseLine.objects.get(unit__code="HIT-01-A-701").lease

    assert (lease.state, lease.days_left(today)) == ("signed", -23)
    assert ledger.state_of(unit("HIT-01-A-701"), on=today, today=today) == "holdover"
    assert lease in Lease.objects.overstayed(today)


def test_leases_end_in_25_80_and_170_days(demo, today):
    codes = ("HIT-01-A-202", "HIT-01-A-502", "HIT-01-A-302")
    ends = [LeaseLine.objects.get(unit__code=code).lease.days_left(today) for code in codes]

    assert ends == [25, 80, 170]
    assert Lease.objects.get(lines__unit__code="HIT-01-A-502").intent == "renew"


def test_a_renewal_and_a_relocation_keep_the_tenant(demo, today):
    renewal = Lease.objects.get(renews__isnull=False)
    moved = Lease.objects.get(lines__unit__code="HIT-03-A-304")

    assert renewal.lines.get().unit.code == "HIT-01-A-605"
    assert (renewal.renews.state, renewal.renews.end_reason, renewal.company) == (
        "ended",
        "renewed",
        renewal.renews.company,
    )
    assert sorted(moved.lines.values_list("unit__code", flat=True)) == ["HIT-03-A-303", "HIT-03-A-304"]
    codes = ("HIT-01-A-605", "HIT-03-A-303", "HIT-03-A-304")
    assert [ledger.state_of(unit(code), on=today, today=today) for code in codes] == ["occupied", "vacant", "occupied"]


def test_a_move_in_is_half_done_and_one_item_is_late(demo, today):
    ours = Handover.objects.get(lease__company=tenant_of("company@demo.test"), kind="move_in")
    late = HandoverItem.objects.overdue(today).filter(handover=ours)

    assert ours.items.filter(done_at__isnull=False).count() == 4
    assert [(item.name, item.owner) for item in late] == [("消防安全承诺书", "company")]


def test_a_move_out_waits_for_its_keys(demo):
    handover = Handover.objects.get(kind="move_out")

    assert handover.lease.lines.get().unit.code == "HIT-01-A-303"
    assert [item.name for item in handover.items.filter(done_at=None)] == ["钥匙与门禁卡交回"]


def test_someone_signed_35_days_ago_and_has_not_come(demo, today):
    lease = Lease.objects.get(lines__unit__code="HIT-01-A-504")

    late = contracts.late_move_ins(Lease.objects.all(), on=today)

    assert (today - lease.signed_on).days == 35
    assert lease in late


def test_the_clock_of_incubation_has_come_to_each_of_its_ends(demo, today):
    def left(code):
        row = Incubation.objects.get(company__leases__lines__unit__code=code)
        return (incubations.limit_on(row) - today).days, bool(row.graduated_on), row.extensions.count()

    assert left("HIT-01-A-102") == (18, False, 0)
    assert left("HIT-01-A-201") == (-40, False, 0)
    assert left("HIT-01-A-204")[1:] == (True, 0)
    assert Extension.objects.filter(approved_at=None).get().incubation.company == tenant_of("company@demo.test")
    assert Extension.objects.filter(approved_at__isnull=False).get().months == 6


def test_every_running_tenancy_has_one_line_of_one_company(demo, today):
    signed = Allocation.objects.filter(signed_on__isnull=False, handed_back_on=None)
    running = signed.exclude(moved_in_on=None, ends_on__lte=today)
    lines = LeaseLine.objects.filter(lease__state="signed", allocation__in=running)

    assert sorted(lines.values_list("allocation", flat=True)) == sorted(running.values_list("pk", flat=True))
    assert not lines.exclude(unit=F("allocation__unit")).exists()
    assert running.count() > 700


def test_what_is_published_is_named_and_the_rest_is_sample(demo):
    valley = Company.objects.filter(leases__park__code="STP")

    assert [company.name for company in valley.filter(sample=False).order_by("pk")] == [
        "工大卫星", "超宽卫星", "航天驭星", "青鸾火箭",
    ]  # fmt: skip
    assert valley.filter(sample=True, name__startswith="未公布").count() == 2
    assert not Company.objects.filter(sample=True).exclude(name__contains="示例").exists()


def test_made_up_credit_codes_are_valid_and_the_same_on_every_machine(demo):
    codes = list(Company.objects.exclude(uscc=None).values_list("uscc", flat=True))

    for code in codes:
        validate_uscc(code)
    assert [warning_of(code) for code in codes if warning_of(code)] == []
    assert len(codes) > 600
    first, again = (invented.company(5, "大庆", date(2026, 1, 1)) for _ in range(2))
    assert (first.name, first.uscc) == (again.name, again.uscc)
    assert first.uscc.startswith("91230602MA")


def test_no_two_of_the_960_invented_names_are_one(demo):
    names = {invented.company(number, "哈尔滨", date(2026, 1, 1)).name_en for number in range(960)}

    assert len({name.rsplit(" Co.,")[0].rsplit(" Team")[0] for name in names}) == 960


def test_the_inboxes_are_filled_and_nothing_waits_to_be_mailed(demo, mailoutbox):
    inbox = Notice.objects.filter(user__email="company@demo.test")

    assert {"offer_sent", "offer_lapsing", "message", "lease_signed", "lease_ending", "item_overdue"} <= set(
        inbox.values_list("event", flat=True)
    )
    assert (inbox.filter(read_at=None).exists(), inbox.exclude(read_at=None).exists()) == (True, True)
    assert (Notice.objects.filter(mailed_at=None).count(), mailoutbox) == (0, [])


def test_a_request_was_asked_in_the_past_and_its_messages_in_order(demo, today):
    wanted = SpaceRequest.objects.get(requested_units__code="HIT-01-A-802", state="offered")

    days = [(today - timezone.localdate(at)).days for at in (wanted.created_at, wanted.submitted_at)]
    asked = [
        (row.sent_by.email, (today - timezone.localdate(row.sent_at)).days) for row in wanted.messages.order_by("pk")
    ]

    assert days == [21, 20]
    assert asked == [("company@demo.test", 15), ("manager@demo.test", 14)]


def test_the_record_alone_tells_everything(demo):
    for model in MODELS:
        known = changes.known_at(model._meta.label_lower, FAR)
        assert known == {row.pk: changes.snapshot(row) for row in model.objects.all()}, model


def test_a_second_run_adds_nothing(demo):
    before = Change.objects.count(), Notice.objects.count(), Company.objects.count()

    call_command("demo", stdout=StringIO())

    assert (Change.objects.count(), Notice.objects.count(), Company.objects.count()) == before


def test_three_floors_of_the_sample_park_have_plans_true_to_area(demo, today):
    versions = FloorPlan.objects.order_by("floor__level", "valid_from").values_list("floor__level", "public")
    assert list(versions) == [(4, False), (4, True), (5, False), (8, False)]

    for plan in FloorPlan.objects.on(today).select_related("floor"):
        sheet = floorplans.sheet_of(plan.floor, plan, AnonymousUser(), on=today, today=today)
        assert sheet.not_drawn == []
        assert max(abs(row.off) for row in sheet.rows) < 1


@pytest.mark.parametrize("days", [115, 61, 30, 11, 5, 2])
def test_the_sums_of_what_was_known_are_those_of_the_allocations(demo, today, days):
    reader = User.objects.get(email="official@demo.test")
    moment = moments.end_of(today - timedelta(days=days))
    group = ledger.ParkUnits.of_group(reader)

    with as_known(moment, reader):
        then = clock.today()
        asked = [then, today, *month_ends(then, 3)[:2]]
        sums = [sums_of_months.balances(group, None, on=day, today=then) for day in asked]
        read = [ledger.balance(group.units_on(day), on=day, today=then) for day in asked]

    assert [found[0] for found in sums] == read
