"""What one company writes never reaches another, nor the people of another park, in any byte of any answer."""

from contextlib import suppress
from datetime import date
from itertools import product

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.urls.resolvers import URLResolver

from spaces.models import Allocation
from tenants.actions import companies, documents, handovers, incubation, leases, requests
from tenants.models import Notice, SpaceRequest
from tests.frontend import desk
from tests.tenants import corpus, rights

pytestmark = pytest.mark.django_db
MARK = "kingfisher4711"
PHONE, MAIL = "13947114711", "kingfisher4711@example.test"
# Those who must not, and those who show that the marks are there to be seen.
OTHERS = ("rival", "neighbour", "foreign_officer", "visitor", "admin")
NEAR = ("owner", "manager", "officer")
NOT_WALKED = {"accounts/", "dj-admin/"}  # the login's own pages, and the repair desk, which is off


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: desk.DAY)


def marked(people):
    """Company A has said something everywhere that it and its park can write."""
    by, park = people.owner, people.manager
    companies.update(
        people.tenant_company, by=by, name=f"示例{MARK}", name_en=MARK, industry=MARK, contact_name=MARK,
        contact_phone=PHONE, contact_email=MAIL,
    )  # fmt: skip
    facts = {"special": MARK, "contact_name": MARK, "contact_phone": PHONE, "contact_email": MAIL}
    lease = desk.moved_in(people)
    SpaceRequest.objects.update(**facts)
    wanted = SpaceRequest.objects.get()
    requests.say(wanted, MARK, by=by, on=desk.DAY)
    requests.note(wanted, MARK, by=park)
    documents.add(wanted, name=f"{MARK}.png", content=corpus.picture("PNG"), kind="plan", by=by)
    leases.ask(lease, wish="leave", words=MARK, by=by, on=desk.DAY)
    leases.give_notice(lease, ends_on=date(2027, 1, 1), by=park, why=MARK, on=desk.DAY)
    handover = lease.handovers.get(kind="move_out")
    handovers.add_item(handover, name=MARK, owner="park", why=MARK, by=park)
    clock = incubation.enter(people.tenant_company, people.park, entered_on=desk.DAY, rule="N18-12", by=park)
    incubation.ask_extension(clock, months=3, why=MARK, by=park)
    offer = desk.offered(people, "r405")
    type(offer).objects.filter(pk=offer.pk).update(terms=MARK, override=MARK)
    Allocation.objects.filter(unit__code="HIT-01-A-401").update(reason=MARK)
    return SpaceRequest.objects.order_by("pk"), lease


def values(people, wanted, lease):
    """Parameter of an address -> what stands for it: each object of company A."""
    handover = lease.handovers.get(kind="move_out")
    clock = people.tenant_company.incubations.get()
    return {
        "number": [*(row.number for row in wanted), lease.number, handover.number, *_offers()],
        "code": [people.tenant_company.number, "HIT-01-A-401", "HIT-01-A-405", "HIT-01", "A", "hit", "HIT-01-A"],
        "pk": [1, clock.pk, clock.extensions.get().pk, *Notice.objects.values_list("pk", flat=True)[:3]],
        "park": ["HIT-01"],
        "level": [4, 1],
        "verb": ["say", "withdraw", "sign", "notice", "renew", "ask", "graduate", "leave", "accept", "decline", "add"],
        "place": [1],
        "extension": [clock.extensions.get().pk],
        "step": ["space", "contact"],
        "answer": ["accept", "decline", "withdraw"],
        "owner": ["request"],
        "key": [wanted[0].number],
        "company": [people.tenant_company.number],
        "token": ["x"],
    }


def _offers():
    return [number for row in SpaceRequest.objects.all() for number in row.offers.values_list("number", flat=True)]


def addresses(known):
    """Every GET address of the project with every value of its parameters that fits."""
    for pattern in patterns(get_resolver().url_patterns):
        names = list(pattern.pattern.converters)
        for values in product(*(known[name] for name in names)):
            with suppress(NoReverseMatch):
                yield reverse(pattern.name, kwargs=dict(zip(names, values, strict=True)))


def patterns(found, before=""):
    for each in found:
        route = before + str(each.pattern)
        if route in NOT_WALKED or "^" in route:
            continue
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns, route)
        else:
            yield each


def read(client, path, query=None):
    response = client.get(path, query or {}, headers={"Accept": "*/*"})
    assert response.status_code < 500, path
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body + repr(sorted(response.headers.items())).encode()


def seen_by(people, who, known):
    """Addresses in whose answers a mark stands."""
    client = Client(raise_request_exception=False)
    if who != "visitor":
        client.force_login(getattr(people, who))
    found = {}
    for path in addresses(known):
        for query in ({}, {"q": MARK}) if path.count("/") <= 4 else ({},):
            body = read(client, path, query)
            told = body.replace(f'value="{MARK}"'.encode(), b"").replace(f"q={MARK}".encode(), b"")
            if any(mark.encode() in told for mark in (MARK, PHONE)):
                found[path] = told
    return found


def test_no_byte_of_company_a_reaches_anyone_else(client):
    people = rights.world()
    wanted, lease = marked(people)
    known = values(people, wanted, lease)

    seen = {who: {*seen_by(people, who, known)} for who in OTHERS}

    assert seen == {who: set() for who in OTHERS}


@pytest.mark.parametrize("who", NEAR)
def test_the_marks_are_there_for_those_who_may_see_them(who):
    people = rights.world()
    wanted, lease = marked(people)

    seen = {*seen_by(people, who, values(people, wanted, lease))}

    number = wanted[0].number
    assert {
        f"/api/v1/requests/{number}/", f"/api/v1/companies/{people.tenant_company.number}/",
        f"/api/v1/leases/{lease.number}/", f"/requests/{number}/", f"/leases/{lease.number}/",
        "/api/v1/leases/", "/api/v1/requests/", "/api/v1/companies/",
    } <= seen  # fmt: skip
