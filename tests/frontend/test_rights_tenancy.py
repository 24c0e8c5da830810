"""The permission table of the pages about companies, requests, offers, leases, checklists, files and notices.

By role: the page, its fragment, and an empty POST. Sources: the permission matrix and the map of the pages.
"""

from datetime import date

import pytest
from django.db import transaction
from django.urls import reverse

from tenants.actions import documents, incubation, requests
from tenants.models import Notice
from tests.frontend import desk
from tests.tenants import corpus, rights
from tests.thorough import share

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
WHO = (
    "visitor", "manager", "neighbour", "officer", "outsider", "official", "auditor", "admin", "stranger",
    "tenant", "tenant_member", "rival",
)  # fmt: skip
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


READERS = (302, 200, 200, 200, 200, 200, 200, 403, 403, 403, 403, 403)
SEEN = (302, 200, 404, 200, 404, 200, 200, 404, 404, 200, 200, 404)
STAFF = (302, 200, 200, 200, 200, 403, 403, 403, 403, 403, 403, 403)
MANAGER = (302, 200, 404, 403, 404, 403, 403, 404, 404, 403, 403, 404)
EDITORS = (302, 200, 404, 200, 404, 403, 403, 404, 404, 403, 403, 404)
OWNER = (302, 403, 404, 403, 404, 403, 403, 404, 404, 200, 403, 404)
BOTH = (302, 200, 404, 200, 404, 403, 403, 404, 404, 200, 200, 404)
COMPANY = (302, 403, 404, 403, 404, 403, 403, 404, 404, 200, 200, 404)
FILE = (302, 200, 404, 200, 404, 200, 404, 404, 404, 200, 200, 404)  # auditors read no file of a request
SENDER = (302, 403, 404, 403, 404, 403, 404, 404, 404, 200, 403, 404)
SIGNED_IN = (302, *(200,) * 11)
READ = {
    ("manage",): (302, 200, 200, *(403,) * 9),
    ("fairness-list",): READERS,
    ("request-list",): READERS,
    ("request-detail", "$wanted"): SEEN,
    ("request-match", "$wanted"): (302, 200, 404, 200, 404, 200, 200, 403, 403, 403, 403, 403),
    ("offer-detail", "$offer"): SEEN,
    ("overview-ahead",): READERS,
    ("lease-list",): READERS,
    ("lease-timeline",): READERS,
    ("lease-calendar",): READERS,
    ("lease-export",): READERS,
    ("forecast",): READERS,
    ("lease-detail", "$lease"): SEEN,
    ("handover-detail", "$checklist"): SEEN,
    ("handover-paper", "$checklist"): SEEN,
    ("company-list",): READERS,
    ("company-detail", "$company"): SEEN,
    ("document-detail", "$file"): FILE,
    ("notice-list",): SIGNED_IN,
}
# A page with a form; its POST acts.
ACT = {
    ("request-offer", "$wanted"): MANAGER,
    **dict.fromkeys((("request-act", "$wanted", verb) for verb in ("receive", "review", "assign", "close")), MANAGER),
    ("request-act", "$wanted", "note"): EDITORS,
    ("request-act", "$wanted", "say"): BOTH,
    ("request-act", "$wanted", "withdraw"): OWNER,
    ("offer-answer", "$offer", "accept"): OWNER,
    ("offer-answer", "$offer", "decline"): OWNER,
    ("offer-answer", "$offer", "withdraw"): MANAGER,
    ("lease-act", "$lease", "sign"): EDITORS,
    ("lease-act", "$lease", "discard"): EDITORS,
    **dict.fromkeys((("lease-act", "$lease", verb) for verb in ("notice", "renew", "relocate")), MANAGER),
    ("lease-act", "$lease", "ask"): OWNER,
    ("lease-remind",): (302, 200, 200, *(403,) * 9),  # who manages no park of a lease finds none to remind of
    ("lease-feed",): SIGNED_IN,  # everyone's own
    ("handover-act", "$checklist", "add"): MANAGER,
    ("handover-act", "$checklist", "sign"): EDITORS,
    ("handover-act", "$checklist", "sign-own"): OWNER,
    ("handover-act", "$checklist", "confirm"): EDITORS,
    ("company-verify", "$company"): EDITORS,
    ("incubation-new", "$company"): EDITORS,
    **dict.fromkeys((("incubation-act", "$clock", verb) for verb in ("ask", "graduate", "leave")), EDITORS),
    ("extension-approve", "$more"): EDITORS,
}
# A POST without a page; 200 says that it is done.
SENT = {
    ("handover-item", "$checklist", 1): EDITORS,  # the first item is the park's
    ("document-add", "request", "$wanted"): COMPANY,
    ("document-add", "lease", "$lease"): BOTH,
    ("document-remove", "$file"): SENDER,  # whoever sent it
    ("notice-open", "$notice"): (302, *(404,) * 8, 200, 404, 404),  # whose it is
    ("notice-read-all",): SIGNED_IN,
    ("lease-feed-end",): SIGNED_IN,
}
DONE = {302, 303, 409, 422}
SHOWN = {("lease-feed",)}  # the address is shown once, by the answer to the POST itself


@pytest.fixture
def people():
    """The people of the desk, and one of each row that a key of the tables means."""
    people = desk.build()
    lease = desk.signed(people)
    offer = desk.offered(people, "r405")
    people.owner = people.tenant
    wanted = rights.draft(people)
    own = documents.add(wanted, name="a.png", content=corpus.good()["png"][0], kind="other", by=people.tenant)
    wanted = desk.admit(people, requests.submit(wanted, by=people.tenant, on=desk.DAY, declared=True))
    clock = incubation.enter(
        people.tenant_company, people.park, entered_on=date(2023, 10, 15), rule="N18-12", by=people.manager
    )
    people.rows = {
        "$wanted": wanted.number,
        "$offer": offer.number,
        "$lease": lease.number,
        "$checklist": lease.handovers.get().number,
        "$company": people.tenant_company.code,
        "$clock": clock.pk,
        "$more": incubation.ask_extension(clock, months=6, why="x", by=people.manager).pk,
        "$file": own.pk,
        "$notice": Notice.objects.filter(user=people.tenant).order_by("pk").first().pk,
    }
    return people


@pytest.fixture(params=WHO)
def who(request, client, people):
    if request.param != "visitor":
        client.force_login(getattr(people, request.param))
    return request.param


def address(people, key):
    return reverse(key[0], args=[people.rows.get(part, part) for part in key[1:]])


def expected(who, table):
    return {key: row[WHO.index(who)] for key, row in table.items()}


def result(people, table, ask):
    return {key: ask(address(people, key)).status_code for key in table}


def test_who_may_read(client, people, who):
    closed, turn = 302 if who == "visitor" else 405, WHO.index(who)
    no_page, no_form = share(SENT, turn, 3), share(READ, turn, 3)

    assert result(people, READ | ACT, client.get) == expected(who, READ | ACT)
    assert result(people, no_page, client.get) == dict.fromkeys(no_page, closed)
    assert result(people, no_form, client.post) == dict.fromkeys(no_form, closed)


def test_who_may_act(client, people, who):
    """An empty form: who may act is told what is missing, or it is done; nobody else gets as far."""
    codes = {}
    for key in ACT | SENT:
        with transaction.atomic():
            codes[key] = client.post(address(people, key)).status_code
            transaction.set_rollback(True)

    right = expected(who, ACT | SENT)
    assert {
        key: code for key, code in codes.items() if right[key] == 200 and code not in DONE and key not in SHOWN
    } == {}
    assert {key: codes[key] for key in right if right[key] != 200} == {k: c for k, c in right.items() if c != 200}


def test_a_fragment_has_the_rights_of_its_page(client, people):
    """HX-Request is a hint for drawing, never for rights."""
    for turn, who in enumerate(("manager", "official", "tenant_member", "rival")):
        table = dict(share((READ | ACT).items(), turn, 4))
        client.force_login(getattr(people, who))
        fragments = result(people, table, lambda url: client.get(url, headers=HTMX))

        assert fragments == expected(who, table)


def test_what_may_not_be_seen_looks_like_what_does_not_exist(client, people):
    client.force_login(people.rival)
    there = client.get(address(people, ("lease-detail", "$lease")))
    nowhere = client.get(reverse("lease-detail", args=["ZL-2026-9999"]))

    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert people.tenant_company.name not in there.content.decode()
