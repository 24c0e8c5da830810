"""What one company writes never reaches another, nor the people of another park, in any byte of any answer."""

from contextlib import suppress
from datetime import date
from itertools import product
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.urls.resolvers import URLResolver

from frontend.views.companies import company_pages as companies_page
from frontend.views.handovers import handover_pages as handovers_page
from frontend.views.leases import lease_pages as leases_page
from frontend.views.requests import request_pages as requests_page
from frontend.views.units import unit_verbs
from spaces import changes
from spaces.models import Allocation, FloorPlan, Unit
from tenants.actions import companies, documents, handovers, incubation, leases, requests
from tenants.models import Document, Notice, Offer, SpaceRequest
from tests import make
from tests.frontend import desk
from tests.tenants import corpus, rights

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today"), pytest.mark.engine]
MARK = "kingfisher4711"
PHONE, MAIL = "13947114711", "kingfisher4711@example.test"
NOTE, OVERRIDE = "heron0815", "egret0816"  # what the park says of a company, and not to it
# Those who must not, and those who show that the marks are there to be seen.
OTHERS = ("rival", "neighbour", "foreign_officer", "visitor", "admin")
NEAR = ("owner", "manager", "officer")
LATER = {"as_of": "2099-01-01", "page_size": "200"}
NOT_WALKED = {"accounts/", "dj-admin/"}  # the login's own pages, and the repair desk, which is off


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
    another = rights.draft(people)
    documents.add(another, name=f"{MARK}.png", content=corpus.picture("PNG"), kind="plan", by=by)
    requests.submit(another, by=by, on=desk.DAY, declared=True)
    leases.ask(lease, intent="leave", note=MARK, by=by, on=desk.DAY)
    leases.give_notice(lease, ends_on=date(2027, 1, 1), by=park, why=MARK, on=desk.DAY)
    handover = lease.handovers.get(kind="move_out")
    handovers.add_item(handover, name=MARK, owner="park", why=MARK, by=park)
    clock = incubation.enter(people.tenant_company, people.park, entered_on=desk.DAY, rule="N18-12", by=park)
    incubation.ask_extension(clock, months=3, why=MARK, by=park)
    offer = desk.offered(people, "r405")
    type(offer).objects.filter(pk=offer.pk).update(terms=MARK, override=MARK)
    Allocation.objects.filter(unit__code="HIT-01-A-401").update(reason=MARK)
    return lease


def values(people, lease):
    """What stands for a parameter of an address, by its noun where nouns differ: each object of company A."""
    wanted = SpaceRequest.objects.order_by("pk")
    clock, company = people.tenant_company.incubations.get(), people.tenant_company.number
    units = ["HIT-01-A-401", "HIT-01-A-405"]
    facts = {"width_px": 9, "height_px": 9, "created_at": "2026-01-01T00:00Z", "created_by": people.manager}
    plan = FloorPlan.objects.create(floor=Unit.objects.get(code=units[0]).floor, valid_from=desk.DAY, **facts)
    return {
        "number": {
            "request": [row.number for row in wanted],
            "offer": [*Offer.objects.values_list("number", flat=True)],
            "lease": [lease.number],
            "handover": [*lease.handovers.values_list("number", flat=True)],
        },
        "code": {
            "ecosystem": ["hit"], "park": ["HIT-01"], "building": ["A", "HIT-01-A"], "floor": ["A"],
            **{name: ["A"] for name in ("block", "plan", "drawing")},
            "unit": ["A", *units], "company": [company], "incubation": [company],
        },
        "pk": {
            "incubation": [clock.pk], "extension": [clock.extensions.get().pk],
            "document": [*Document.objects.values_list("pk", flat=True)],
            "notice": [*Notice.objects.values_list("pk", flat=True)],
            "allocation": [*Allocation.objects.values_list("pk", flat=True)],
            "member": [*people.tenant_company.members.values_list("pk", flat=True)],
            "invitation": [make.invitation(company=people.tenant_company, invited_by=people.tenant).pk],
            "mail": [make.mail().pk], "demo": [make.mail().pk], "plan": [plan.pk],
            "drawing": [make.drawing(floor=plan.floor, layer="ROOMS").pk],
        },
        "verb": {
            "unit": unit_verbs.UNIT_ACTS, "allocation": unit_verbs.ALLOCATION_ACTS, "request": requests_page.ACTS,
            "lease": leases_page.ACTS, "handover": handovers_page.ACTS, "incubation": companies_page.CLOCK_ACTS,
        },
        "key": {"document": [wanted[0].number, lease.number]},
        "park": ["HIT-01"], "level": [4], "place": [1], "extension": [clock.extensions.get().pk],
        "step": ["space", "contact"], "answer": ["accept", "decline", "withdraw"], "owner": ["request", "lease"],
        "company": [company], "token": ["x"], "node": ["HIT-01-A-4"], "kind": ["svg", "xlsx"], "width": [800],
        "role": ["company"],
    }  # fmt: skip


def narrowed(known):
    """One value for each parameter, and every verb."""

    def first(name, values):
        if isinstance(values, dict):
            return {noun: first(name, found) for noun, found in values.items()}
        return values if name in {"verb", "answer", "step", "owner"} else values[:1]

    return {name: first(name, values) for name, values in known.items()}


def addresses(known):
    """Every address of the project, with every value of its parameters that fits; and whether it has none."""
    for pattern in patterns(get_resolver().url_patterns):
        names, noun = [*pattern.pattern.converters], pattern.name.removeprefix("api-").partition("-")[0]
        fitting = [known[name][noun] if isinstance(known[name], dict) else known[name] for name in names]
        for values in product(*fitting):
            with suppress(NoReverseMatch):
                yield reverse(pattern.name, kwargs=dict(zip(names, values, strict=True))), not names


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


def told_inside(people):
    """The park's note on each request, why it passed over a rule, and the record of both, by either side."""
    SpaceRequest.objects.filter(submitted_at__isnull=False).update(internal_note=NOTE)
    Offer.objects.update(override=OVERRIDE, overridden=["date"])
    for row in (*SpaceRequest.objects.all(), *Offer.objects.all()):
        for by in (people.owner, people.member, people.manager):
            changes.record(row, "look", by=by)


@pytest.mark.parametrize("who", ["owner", "member", "official"])
def test_no_byte_of_the_inside_reaches_the_company_itself_nor_an_official(who):
    """Officials read why a rule was passed over, and never the note. Those who read nothing at all: below."""
    people = rights.world()
    known = narrowed(values(people, marked(people)))
    told_inside(people)
    words = [NOTE] if who == "official" else [NOTE, OVERRIDE]
    client = Client(raise_request_exception=False)
    client.force_login(getattr(people, who))

    answers = {path: read(client, path) for path, _is_list in addresses(known)}
    answers["log"] = read(client, "/api/v1/changes/", LATER)

    assert [(path, word) for path, result in answers.items() for word in words if word.encode() in result] == []


@pytest.mark.parametrize("who", ["manager", "auditor", "official", "owner"])
def test_the_internal_note_is_in_the_log_of_those_who_read_it_on_the_request(who):
    people = rights.world()
    values(people, marked(people))
    told_inside(people)
    client = Client()
    client.force_login(getattr(people, who))

    rows = client.get("/api/v1/changes/", LATER | {"type": "tenants.spacerequest"}).json()["results"]

    noted = [row for row in rows if row["verb"] == "look"]
    assert noted
    assert {NOTE in str(row["after"]) for row in noted if row["after"] and row["after"]["submitted_at"]} == {
        who in {"manager", "auditor"}
    }


def seen_by(people, who, known):
    """Addresses in whose answers a mark stands. Lists are searched for a part of it: their echo is not the mark."""
    client = Client(raise_request_exception=False)
    if who != "visitor":
        client.force_login(getattr(people, who))
    found = set()
    for path, is_list in addresses(known):
        for query in ({}, {"q": MARK[:10]}) if is_list else ({},):
            result = read(client, path, query)
            if any(mark.encode() in result for mark in (MARK, PHONE, NOTE, OVERRIDE)):
                found.add(f"{path}?{urlencode(query)}")
    return found


@pytest.mark.parametrize("who", OTHERS)
def test_no_byte_of_company_a_nor_of_what_the_park_says_of_it_reaches_anyone_else(who):
    people = rights.world()
    known = values(people, marked(people))
    told_inside(people)

    assert seen_by(people, who, known) == set()


@pytest.mark.parametrize("who", NEAR)
def test_the_marks_are_there_for_those_who_may_see_them(who):
    people = rights.world()
    lease = marked(people)
    number = SpaceRequest.objects.order_by("pk").first().number
    client = Client()
    client.force_login(getattr(people, who))

    paths = [
        f"/api/v1/requests/{number}/", f"/api/v1/companies/{people.tenant_company.number}/",
        f"/api/v1/leases/{lease.number}/", f"/requests/{number}/", f"/leases/{lease.number}/",
        "/api/v1/leases/", "/api/v1/requests/", "/api/v1/companies/",
    ]  # fmt: skip
    assert [path for path in paths if MARK.encode() not in read(client, path)] == []
