"""Every action x role x relation, by API and by page: the tables of rights.py and company_rights.py."""

import importlib
import inspect

import pytest
from django.db import transaction
from django.test import Client

from spaces.models import Change
from tests.tenants import company_rights, rights
from tests.tenants.calls import Caller
from tests.thorough import share

pytestmark = pytest.mark.django_db
# Not acts of a person on one object of these, or asserted where they are at home.
ELSEWHERE = {
    "offers.release": "a part of withdraw", "offers.withdraw_row": "a part of withdraw", "offers.holds_of": "a read",
    "handovers.open_checklist": "a part of sign and give_notice",
    "companies.add_member": "a part of join", "companies.register_many": "of the demo, no door calls it",
    "leases.place_many": "of the demo, no door calls it",
}  # fmt: skip
TABLE = rights.TABLE + company_rights.TABLE
MODULES = ("requests", "offers", "leases", "handovers", "incubation", "companies")


# Asked to log in or sign up, and asked to register a company first.
SENT_AWAY = {"/accounts/login/": 401, "/accounts/signup/": 401, "/my/company/new/": 403}


@pytest.fixture
def clock(monkeypatch):
    def stand(day):
        monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: day)

    stand(rights.desk.DAY)
    return stand


def by_api(row, it, who, people, tag):
    caller = Caller(None if who == "visitor" else getattr(people, who))
    return caller.send(it.path, it.body, method=row.method, **tag).status_code


def by_page(it, who, people):
    client = Client(raise_request_exception=False)
    if who != "visitor":
        client.force_login(getattr(people, who))
    response = client.post(it.page, it.form)
    if response.status_code in {302, 303}:
        return next((code for way, code in SENT_AWAY.items() if response["Location"].startswith(way)), 303)
    return response.status_code


def result(row, door, it, people):
    """Who -> the code he gets, each on a world of his own; and whether a refusal wrote anything.

    By the API everyone; by the page, which asks the same rule, who may and a third of those who may not.
    """
    codes, wrote = {}, set()
    refused = share([who for who in rights.PEOPLE if who in row.refused], TABLE.index(row), 3 if door == "page" else 1)
    tag = {"If-Match": Caller(people.owner).get(it.of)["ETag"]} if door == "api" and it.of else {}
    for who in [who for who in rights.PEOPLE if who in refused or who not in row.refused]:
        with transaction.atomic():
            before = Change.objects.count()
            codes[who] = by_api(row, it, who, people, tag) if door == "api" else by_page(it, who, people)
            if codes[who] >= 400 and Change.objects.count() != before:
                wrote.add(who)
            transaction.set_rollback(True)
    return codes, wrote


@pytest.mark.parametrize(
    ("row", "door"),
    [(row, door) for row in TABLE for door in row.doors],
    ids=lambda each: getattr(each, "act", each),
)
def test_who_may_do_it(clock, row, door):
    people = rights.world()
    it = row.ready(people)
    clock(it.day)

    codes, wrote = result(row, door, it, people)

    right = dict.fromkeys(rights.PEOPLE, row.done if door == "api" else 303) | row.refused
    assert codes == {who: right[who] for who in codes}
    assert {who for who in right if who not in row.refused} <= codes.keys()
    assert wrote == set()


def test_every_action_stands_in_the_table():
    known = {row.act.split(",")[0] for row in TABLE} | {*ELSEWHERE}
    found = set()
    for name in MODULES:
        module = importlib.import_module(f"tenants.actions.{name}")
        acts = {
            each for each, it in vars(module).items() if inspect.isfunction(it) and it.__module__ == module.__name__
        }
        found |= {f"{name}.{each}" for each in acts if not each.startswith("_")}

    assert found == known
