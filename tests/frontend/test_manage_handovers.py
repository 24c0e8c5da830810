"""The checklist of a move: each side ticks its own, both sign, then the keys change hands."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from spaces.changes.versions import version_of
from spaces.states import UnitState
from tenants.actions import handovers
from tenants.models import Handover, HandoverItem
from tests import make
from tests.frontend import desk
from tests.frontend.desk import ROLES, state_of, statuses

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]


@pytest.fixture
def checklist(people):
    return desk.signed(people).handovers.get()


def item_of(checklist, **which):
    return checklist.items.filter(done_at=None, **which).order_by("place").first()


def tick(client, user, item, headers=None, **data):
    client.force_login(user)
    typed = {f"i{item.place}-{name}": value for name, value in data.items() if name != "reopen"}
    typed |= {name: value for name, value in data.items() if name == "reopen"}
    url = reverse("handover-item", args=[item.handover.number, item.place])
    return client.post(url, {"version": version_of(item)} | typed, headers=headers or {})


def act(client, user, checklist, verb, **data):
    client.force_login(user)
    shown = {"version": version_of(checklist)}
    return client.post(reverse("handover-act", args=[checklist.number, verb]), shown | data)


def test_who_opens_a_checklist_and_its_sheet(client, people, checklist):
    expected = (200, 404, 200, 200, 200, 404, 200, 200, 404)

    assert statuses(client, people, "handover-detail", checklist.number) == expected
    assert statuses(client, people, "handover-paper", checklist.number) == expected


WHO = {
    "add": (200, 404, 403, 403, 403, 404, 403, 403, 404),
    "sign": (200, 404, 200, 403, 403, 404, 403, 403, 404),
    "sign-own": (403, 404, 403, 403, 403, 404, 200, 403, 404),
    "confirm": (200, 404, 200, 403, 403, 404, 403, 403, 404),
}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("verb", "expected"), WHO.items())
def test_who_may_act_on_a_checklist(client, people, checklist, verb, expected, method):
    result = statuses(client, people, "handover-act", checklist.number, verb, method=method)

    assert result == tuple(422 if code == 200 and method == "post" else code for code in expected)


@pytest.mark.parametrize(("owner", "expected"), [
    ("park", (303, 404, 303, 403, 403, 404, 403, 403, 404)),
    ("company", (403, 404, 403, 403, 403, 404, 303, 303, 404)),
])  # fmt: skip
def test_each_side_ticks_its_own_items(client, people, checklist, owner, expected):
    result = []
    for role in ROLES:
        item = (
            item_of(checklist, owner=owner, proof="tick") or checklist.items.filter(owner=owner, proof="tick").last()
        )
        result.append(tick(client, getattr(people, role), item, note="").status_code)

    assert tuple(result) == expected


def test_a_meter_needs_its_reading_and_the_refusal_stands_at_the_item(client, people, checklist):
    item = item_of(checklist, proof="reading")

    without = tick(client, people.manager, item, note="")
    wrong = tick(client, people.manager, item, reading="viel", note="北墙")
    right = tick(client, people.manager, item, reading="1024.50", note="北墙")

    (row,) = [row for row in without.context["rows"] if row.item.place == item.place]
    assert (without.status_code, wrong.status_code, right.status_code) == (422, 422, 303)
    assert row.form.errors["reading"] == ["Enter the meter's reading, for example 1024.50."]
    assert 'value="北墙"' in wrong.content.decode()
    item.refresh_from_db()
    assert (item.reading, item.note, item.done_by) == (Decimal("1024.50"), "北墙", people.manager)


def test_htmx_gets_the_checklist_alone(client, people, checklist):
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}

    response = tick(client, people.manager, item_of(checklist, owner="park", proof="tick"), headers, note="")

    page = response.content.decode()
    assert response.status_code == 200
    assert page.lstrip().startswith('<div id="checklist">')
    assert "Done: 1 of 8" in page


def test_a_tick_taken_back_takes_the_signatures_with_it(client, people, checklist):
    checklist = desk.ticked(people, checklist)
    handovers.sign(checklist, "park", by=people.manager)
    item = checklist.items.filter(owner="company").first()

    tick(client, people.tenant, item, reopen="1")

    checklist.refresh_from_db()
    item.refresh_from_db()
    assert (item.done_at, checklist.park_signed_at) == (None, None)


def test_overdue_items_are_called_so(client, people, checklist, monkeypatch):
    HandoverItem.objects.filter(pk=item_of(checklist).pk).update(due_on=desk.DAY - timedelta(days=1))
    client.force_login(people.tenant)

    response = client.get(reverse("handover-detail", args=[checklist.number]))

    assert [row.late for row in response.context["rows"]].count(True) == 1
    assert "overdue" in response.content.decode()


def test_an_item_is_added_with_a_reason(client, people, checklist):
    data = {"name": "空调检查", "owner": "park", "proof": "tick", "due_on": ""}

    without = act(client, people.manager, checklist, "add", **data, added_why="")
    response = act(client, people.manager, checklist, "add", **data, added_why="屋顶机组")

    assert (without.status_code, response.status_code) == (422, 303)
    assert checklist.items.get(name="空调检查").added_why == "屋顶机组"


def test_nobody_signs_before_all_is_done_and_the_words_name_what_is_open(client, people, checklist):
    response = act(client, people.manager, checklist, "sign")

    assert response.status_code == 422
    assert "Still open: 签订租赁合同" in response.content.decode()


def test_both_sign_and_the_keys_make_the_unit_occupied(client, people, checklist):
    desk.ticked(people, checklist)
    early = act(client, people.manager, checklist, "confirm", moved_on="2026-06-01")
    act(client, people.manager, checklist, "sign")
    act(client, people.tenant, checklist, "sign-own")
    client.force_login(people.manager)

    impact = client.get(reverse("handover-act", args=[checklist.number, "confirm"])).context["impact"]
    response = act(client, people.manager, checklist, "confirm", moved_on="2026-06-01")

    checklist.refresh_from_db()
    assert (early.status_code, response.status_code, checklist.moved_on) == (422, 303, desk.DAY)
    assert impact.moves == {UnitState.COMMITTED: Decimal(-120), UnitState.OCCUPIED: Decimal(120)}
    assert state_of(people.rooms.r401, desk.DAY) == UnitState.OCCUPIED


def test_a_day_to_come_is_refused_at_its_field(client, people, checklist):
    desk.ticked(people, checklist)
    act(client, people.manager, checklist, "sign")
    act(client, people.tenant, checklist, "sign-own")

    response = act(client, people.manager, checklist, "confirm", moved_on="2026-06-02")

    checklist.refresh_from_db()
    assert (response.status_code, checklist.moved_on) == (422, None)


def test_nobody_signs_for_both_sides(people, checklist):
    both = make.user(email="both@example.test", name="both")
    checklist = desk.ticked(people, checklist)
    handovers.sign(checklist, "park", by=both)

    with pytest.raises(ValidationError) as refused:
        handovers.sign(checklist, "company", by=both)

    assert [each.code for each in refused.value.error_list] == ["own"]


def test_a_closed_checklist_has_no_acts_left(client, people):
    lease = desk.moved_in(people)
    checklist = lease.handovers.get()
    client.force_login(people.manager)

    page = client.get(reverse("handover-detail", args=[checklist.number]))
    late = act(client, people.manager, checklist, "sign")

    assert (page.context["acts"], late.status_code) == ([], 409)
    assert not any(row.mine for row in page.context["rows"])


def test_a_unit_stays_taken_until_the_keys_are_back(client, people, monkeypatch):
    lease = desk.moved_in(people)
    leave = date(2026, 9, 1)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: leave)
    url = reverse("lease-act", args=[lease.number, "notice"])
    client.force_login(people.manager)
    client.post(url, {"ends_on": "2026-09-30", "why": "企业搬离"})
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: date(2026, 10, 5))
    late = state_of(people.rooms.r401, date(2026, 10, 5))
    checklist = desk.ticked(people, Handover.objects.get(lease=lease, kind="move_out"))
    act(client, people.manager, checklist, "sign")
    act(client, people.tenant, checklist, "sign-own")

    client.force_login(people.manager)
    impact = client.get(reverse("handover-act", args=[checklist.number, "confirm"])).context["impact"]
    act(client, people.manager, checklist, "confirm", moved_on="2026-10-05")

    lease.refresh_from_db()
    assert late == UnitState.HOLDOVER
    assert impact.moves == {UnitState.HOLDOVER: Decimal(-120), UnitState.VACANT: Decimal(120)}
    assert (lease.state, state_of(people.rooms.r401, date(2026, 10, 5))) == ("ended", UnitState.VACANT)


def test_a_second_signature_of_one_side_is_refused_and_told_who_gave_the_first(client, people, checklist):
    """Both of the park's people see the button: the second press must not replace the first name."""
    desk.ticked(people, checklist)
    first = act(client, people.manager, checklist, "sign")
    second = act(client, people.officer, checklist, "sign")

    checklist.refresh_from_db()
    assert (first.status_code, second.status_code) == (303, 409)
    assert checklist.park_signed_by == people.manager
    assert "manager has signed for this side already" in second.content.decode()
