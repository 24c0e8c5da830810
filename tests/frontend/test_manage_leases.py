"""Leases: the list and its total, one lease for both sides, and each act with its check page."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from spaces.changes.versions import version_of
from spaces.models import UnitPeriod
from spaces.states import UnitState
from tenants.actions import leases
from tenants.models import Lease, LeaseLine
from tenants.states import LeaseStatus
from tests import make
from tests.frontend import desk
from tests.frontend.desk import state_of, statuses

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]


def on_day(monkeypatch, day):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: day)


def act(client, user, lease, verb, **data):
    client.force_login(user)
    return client.post(reverse("lease-act", args=[lease.number, verb]), {"version": version_of(lease)} | data)


def check(client, user, lease, verb, **query):
    client.force_login(user)
    return client.get(reverse("lease-act", args=[lease.number, verb]), query)


def listed(client, user, **query):
    client.force_login(user)
    return client.get(reverse("lease-list"), query)


def test_who_opens_the_list_and_a_lease(client, people):
    lease = desk.signed(people)

    assert statuses(client, people, "lease-list") == (200, 200, 200, 200, 200, 403, 403, 403, 403)
    assert statuses(client, people, "lease-detail", lease.number) == (200, 404, 200, 200, 200, 404, 200, 200, 404)


WHO = {
    "sign": (200, 404, 200, 403, 403, 404, 403, 403, 404),
    "discard": (200, 404, 200, 403, 403, 404, 403, 403, 404),
    "notice": (200, 404, 403, 403, 403, 404, 403, 403, 404),
    "renew": (200, 404, 403, 403, 403, 404, 403, 403, 404),
    "relocate": (200, 404, 403, 403, 403, 404, 403, 403, 404),
    "ask": (403, 404, 403, 403, 403, 404, 200, 403, 404),
}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("verb", "expected"), WHO.items())
def test_who_may_act_on_a_lease(client, people, verb, expected, method):
    lease = desk.drafted(people)

    result = statuses(client, people, "lease-act", lease.number, verb, method=method, version=version_of(lease))

    assert result == tuple(422 if code == 200 and method == "post" else code for code in expected)


def test_the_total_is_that_of_the_whole_filtered_set(client, people):
    desk.moved_in(people)
    desk.signed(people, room="r405", by="rival")

    whole = listed(client, people.manager).context
    one = listed(client, people.manager, q=people.rival_company.name).context

    assert (whole["number"], whole["area"]) == (2, Decimal(238))
    assert (one["number"], one["area"]) == (1, Decimal(118))


def test_the_list_shows_the_area_that_was_contracted(client, people):
    lease = desk.moved_in(people)
    line = lease.lines.get()
    LeaseLine.objects.filter(pk=line.pk).update(contracted_area=Decimal("131.50"))

    page = listed(client, people.manager).context
    assert (page["area"], [row.area for row in page["page"]]) == (Decimal("131.50"), [Decimal("131.50")])

    LeaseLine.objects.filter(pk=line.pk).update(contracted_area=None)
    assert listed(client, people.manager).context["area"] == line.unit.usable_area


def test_a_neighbour_lists_nothing_of_it(client, people):
    desk.signed(people)

    assert listed(client, people.neighbour).context["number"] == 0


def test_within_days_lists_overdue_ones_first(client, people, monkeypatch):
    late, soon = desk.moved_in(people), desk.moved_in(people, room="r405", by="rival")
    Lease.objects.filter(pk=late.pk).update(ends_on=date(2027, 1, 1))
    Lease.objects.filter(pk=soon.pk).update(ends_on=date(2027, 2, 1))
    on_day(monkeypatch, date(2027, 1, 13))

    response = listed(client, people.manager, within=30)

    assert [row.pk for row in response.context["page"].object_list] == [late.pk, soon.pk]
    page = response.content.decode()
    assert "13 days overdue" in page
    assert "18 days left" in page
    assert [row.pk for row in listed(client, people.manager, within=0).context["page"].object_list] == [late.pk]


def test_a_mistyped_filter_lists_nothing_and_says_so(client, people):
    desk.signed(people)

    response = listed(client, people.manager, within="x")

    assert (response.status_code, response.context["number"]) == (400, 0)


def test_the_status_in_sql_is_the_status_in_python(people):
    """On the day before, of and after each date of a lease."""
    first = desk.moved_in(people)
    desk.drafted(people, room="r405", by="rival")
    lease = Lease.objects.get(pk=first.pk)
    edges = (lease.starts_on, lease.ends_on, lease.ends_on - timedelta(days=90))

    for day in (edge + timedelta(days=by) for edge in edges for by in (-1, 0, 1)):
        rows = Lease.objects.all()
        in_sql = {row.pk: [s for s in LeaseStatus if rows.filter(rows.status_is(s, day), pk=row.pk)] for row in rows}
        assert in_sql == {row.pk: [row.status(day)] for row in rows}


@pytest.mark.parametrize("many", [1, 3, 300])
def test_the_list_costs_the_same_for_any_number(client, people, django_assert_num_queries, many):
    first = desk.signed(people)
    lines = []
    for number in range(many - 1):
        row = Lease.objects.create(
            number=f"ZL-2026-{9000 + number}", company=first.company, park=first.park, state="signed",
            starts_on=first.starts_on, ends_on=first.ends_on, signed_on=first.signed_on,
        )  # fmt: skip
        unit = make.unit(floor=people.rooms.r401.floor, code=f"HIT-01-A-9{number:03}")
        taken = make.allocation(unit=unit, ends_on=first.ends_on)
        lines.append(LeaseLine(lease=row, unit=unit, allocation=taken, contracted_area=100))
    LeaseLine.objects.bulk_create(lines)
    client.force_login(people.manager)

    with django_assert_num_queries(10):
        response = client.get(reverse("lease-list"))

    assert (response.context["number"], response.context["area"]) == (many, 120 + 100 * (many - 1))


def test_signing_tells_what_moves_and_opens_the_checklist(client, people):
    lease = desk.drafted(people)

    impact = check(client, people.manager, lease, "sign").context["impact"]
    response = act(client, people.manager, lease, "sign", signed_on="2026-06-01")

    lease.refresh_from_db()
    assert impact.moves == {UnitState.RESERVED: Decimal(-120), UnitState.COMMITTED: Decimal(120)}
    assert (response.status_code, lease.state, lease.handovers.get().kind) == (303, "signed", "move_in")
    assert state_of(people.rooms.r401, desk.DAY) == UnitState.COMMITTED


def test_a_draft_whose_hold_lapsed_cannot_be_signed(client, people, monkeypatch):
    lease = desk.drafted(people)
    on_day(monkeypatch, date(2026, 7, 1))

    response = act(client, people.manager, lease, "sign", signed_on="2026-07-01")

    lease.refresh_from_db()
    assert (response.status_code, lease.state) == (409, "draft")


def test_signing_twice_is_a_conflict_with_words(client, people):
    lease = desk.signed(people)

    response = act(client, people.manager, lease, "sign", signed_on="2026-06-01")

    assert response.status_code == 409
    assert "This is “Signed” already." in response.content.decode()


def test_a_discarded_draft_frees_its_unit(client, people):
    lease = desk.drafted(people)

    impact = check(client, people.manager, lease, "discard").context["impact"]
    without = act(client, people.manager, lease, "discard", why="")
    response = act(client, people.manager, lease, "discard", why="企业放弃")

    lease.refresh_from_db()
    assert impact.moves == {UnitState.RESERVED: Decimal(-120), UnitState.VACANT: Decimal(120)}
    assert (without.status_code, response.status_code, lease.end_reason) == (422, 303, "not_signed")
    assert state_of(people.rooms.r401, desk.DAY) == UnitState.VACANT


def test_notice_shortens_the_lease_and_opens_the_move_out(client, people, monkeypatch):
    lease = desk.moved_in(people)
    on_day(monkeypatch, date(2026, 9, 1))

    late = act(client, people.manager, lease, "notice", ends_on="2026-08-31", why="企业搬离")
    response = act(client, people.manager, lease, "notice", ends_on="2026-11-30", why="企业搬离")

    lease.refresh_from_db()
    assert (late.status_code, response.status_code) == (422, 303)
    assert (lease.ends_on, lease.notice_on) == (date(2026, 12, 1), date(2026, 9, 1))
    assert lease.handovers.filter(kind="move_out", moved_on=None).count() == 1


def test_a_renewal_goes_on_without_a_gap(client, people, monkeypatch):
    lease = desk.moved_in(people)
    on_day(monkeypatch, date(2028, 4, 1))

    shown = check(client, people.manager, lease, "renew")
    response = act(client, people.manager, lease, "renew", ends_on="2030-05-31", signed_on="2028-04-01",
                   rent_rate="1.50", rent_unit="m2_day")  # fmt: skip

    new = Lease.objects.get(renews=lease)
    assert 'value="2029-05-31"' in shown.content.decode()
    assert shown.context["impact"].moves == {}
    assert (response.status_code, new.ends_on, new.lines.get().rent_rate) == (303, date(2030, 6, 1), Decimal("1.50"))
    assert state_of(people.rooms.r401, date(2028, 4, 1)) == UnitState.OCCUPIED


def test_a_relocation_tells_both_moves_and_counts_the_company_once(client, people, monkeypatch):
    lease = desk.moved_in(people)
    on_day(monkeypatch, date(2026, 10, 1))
    line = lease.lines.get()

    shown = check(client, people.manager, lease, "relocate", line=line.pk, unit="HIT-01-A-602", why="x")
    response = act(client, people.manager, lease, "relocate", line=line.pk, unit="HIT-01-A-602", why="需要更大空间")

    assert shown.context["impact"].moves == {UnitState.OCCUPIED: Decimal(120), UnitState.VACANT: Decimal(-120)}
    assert response.status_code == 303
    day = date(2026, 10, 1)
    assert (state_of(people.rooms.r401, day), state_of(people.rooms.r602, day)) == (
        UnitState.VACANT,
        UnitState.OCCUPIED,
    )


@pytest.mark.parametrize(("basis", "area"), [("usable", "240.00"), ("gross", "300.00")])
def test_a_relocation_counts_the_new_unit_on_the_basis_of_the_lease(client, people, monkeypatch, basis, area):
    lease = desk.moved_in(people)
    on_day(monkeypatch, date(2026, 10, 1))
    UnitPeriod.objects.filter(unit__code="HIT-01-A-602").update(usable_area=Decimal(240), gross_area=Decimal(300))
    LeaseLine.objects.filter(lease=lease).update(basis=basis)

    line = lease.lines.get()
    act(client, people.manager, lease, "relocate", line=line.pk, unit="HIT-01-A-602", why="需要更大空间")

    moved = lease.lines.get(unit__code="HIT-01-A-602")
    assert (moved.basis, moved.contracted_area) == (basis, Decimal(area))


def test_a_taken_unit_is_no_choice_of_a_relocation(client, people, monkeypatch):
    lease = desk.moved_in(people)
    on_day(monkeypatch, date(2026, 10, 1))

    response = act(client, people.manager, lease, "relocate", line=lease.lines.get().pk, unit="HIT-01-A-104", why="x")

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["unit"])


def test_the_wish_of_a_company_stands_on_its_lease(client, people, monkeypatch):
    lease = desk.moved_in(people)
    on_day(monkeypatch, date(2026, 9, 1))

    response = act(client, people.tenant, lease, "ask", intent="renew", note="希望续租两年")

    client.force_login(people.manager)
    page = client.get(reverse("lease-detail", args=[lease.number])).content.decode()
    assert response.status_code == 303
    assert "希望续租两年" in page


def test_signed_but_not_moved_in_for_thirty_days_is_listed(client, people, monkeypatch):
    late = desk.signed(people)
    desk.moved_in(people, room="r405", by="rival")
    on_day(monkeypatch, date(2026, 7, 1))

    response = listed(client, people.manager, late_move_in="on")

    assert [row.pk for row in response.context["page"].object_list] == [late.pk]


def test_an_ended_lease_takes_no_area(client, people):
    lease = desk.drafted(people)
    leases.discard(lease, by=people.manager, why="x", on=desk.DAY)

    assert listed(client, people.manager).context["area"] is None


def test_a_unit_whose_lapsed_hold_was_removed_still_stands_on_its_lease(client, people):
    lease = desk.drafted(people)
    lease.lines.get().allocation.delete()
    client.force_login(people.manager)

    page = client.get(reverse("lease-detail", args=[lease.number]))

    assert [(line.unit.code, period) for line, period in page.context["lines"]] == [("HIT-01-A-401", None)]
    assert "HIT-01-A-401" in page.content.decode()
