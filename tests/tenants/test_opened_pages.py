"""An act is done on what its page showed: the version is compared on the locked row, not before the wait for it."""

from datetime import date

import pytest
from django.test import Client

from spaces.actions import allocations, units
from spaces.changes.versions import version_of
from tenants.actions import companies, handovers, leases, offers, requests
from tests import make
from tests.frontend import desk
from tests.spaces.test_races import in_turn

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("fixed_today")]


# Each gives: the row, the page of an act on it, who opened that, what is sent, and what someone else does meanwhile.


def request_noted(people):
    row = desk.admitted(people)
    act = f"/requests/{row.number}/acts/close/", people.manager, {"why": "silence"}
    return row, *act, lambda: requests.note(row, "they called", by=people.manager)


def company_renamed(people):
    row = people.tenant_company
    desk.submitted(people)
    act = f"/companies/{row.code}/verify/", people.manager, {}
    return row, *act, lambda: companies.update(row, by=people.tenant, name="another name")


def offer_to_be_visited(people):
    row = desk.offered(people)
    act = f"/offers/{row.number}/accept/", people.tenant, {}
    return row, *act, lambda: offers.ask_visit(row, by=people.tenant, on=desk.DAY)


def lease_to_be_renewed(people):
    row = desk.signed(people)
    act = f"/leases/{row.number}/notice/", people.manager, {"ends_on": "2027-05-31", "why": "they grow"}
    return row, *act, lambda: leases.ask(row, intent="renew", note="two years", by=people.tenant, on=desk.DAY)


def handover_signed(people):
    row = desk.ticked(people, desk.signed(people).handovers.get())
    act = f"/handovers/{row.number}/sign/", people.manager, {}
    return row, *act, lambda: handovers.sign(row, "company", by=people.tenant)


def allocation_corrected(people):
    row = make.allocation(unit=people.rooms.r401, starts_on=desk.DAY, ends_on=date(2027, 6, 1))
    act = f"/allocations/{row.pk}/end/", people.manager, {"ends_on": "2026-11-30", "why": "they leave"}
    facts = {"ends_on": date(2028, 6, 1), "why": "misread", "by": people.manager, "on": desk.DAY}
    return row, *act, lambda: allocations.correct(row, **facts)


def unit_remeasured(people):
    row = people.rooms.r401
    act = f"/units/{row.code}/retire/", people.manager, {"closes_on": "2026-12-31", "why": "walls"}
    return row, *act, lambda: units.update(row, power_kw=20, by=people.manager, on=desk.DAY)


CASES = [
    request_noted, company_renamed, offer_to_be_visited, lease_to_be_renewed, handover_signed, allocation_corrected,
    unit_remeasured,
]  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_changed_while_the_act_waited_for_its_lock_is_told(scratch, case):
    people = desk.build()
    row, address, who, sent, change = case(people)
    client, answers = Client(raise_request_exception=False), []
    client.force_login(who)
    sent |= {"version": version_of(row), "once": "pressed"}

    result = in_turn(lambda _row: change(), lambda _row: answers.append(client.post(address, sent)), row)

    assert result == {"won": 2}
    assert answers[0].status_code == 409
    assert "Someone else has changed this since you opened it" in answers[0].content.decode()
