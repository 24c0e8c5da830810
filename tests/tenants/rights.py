"""Who may do what to requests, offers, leases, checklists and clocks: one table for both doors, API and page.

Source: the permission matrix. A row tells what each gets who may not: 404 where the object is foreign, 403 where the
role lacks the right, and a visitor is asked to log in. Whoever it does not name may.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from spaces.changes.versions import version_of
from tenants.actions import handovers, incubation, requests
from tests import make
from tests.frontend import desk
from tests.kept import kept

PEOPLE = (
    "visitor", "member", "owner", "rival", "manager", "neighbour", "officer", "foreign_officer", "official", "auditor",
    "admin",
)  # fmt: skip
FOREIGN = {"visitor": 401, "rival": 404, "neighbour": 404, "foreign_officer": 404, "admin": 404}
NOT_STAFF = FOREIGN | {"official": 403, "auditor": 403, "owner": 403, "member": 403}
NOT_MANAGER = NOT_STAFF | {"officer": 403}
NOT_COMPANY = FOREIGN | {"official": 403, "auditor": 403, "manager": 403, "officer": 403}
NOT_OWNER = NOT_COMPANY | {"member": 403}
NOT_SIDE = FOREIGN | {"official": 403, "auditor": 403}
# A draft asks nobody: nobody but its company knows of it.
NOT_OF_DRAFT = {name: 401 if name == "visitor" else 404 for name in PEOPLE if name not in {"owner", "member"}}
NOT_SENDER = NOT_OF_DRAFT | {"member": 403}
LATER = date(2026, 6, 10)
WISH = {"use": "office", "area_min": "100.00", "area_max": "160.00", "needed_by": "2026-09-01", "months": 24}
PERIOD = {"starts_on": "2026-06-01", "ends_on": "2028-06-01", "held_until": "2026-06-15"}
WHY = {"why": "a reason"}


@dataclass(frozen=True)
class Try:
    """What is sent: to `path` of the API (nothing where it has no such door), to `page` the fields of its form."""

    path: str = ""
    body: dict = field(default_factory=dict)
    of: str = ""  # where the version is read
    page: str = ""
    form: dict = field(default_factory=dict)
    day: date = desk.DAY


@dataclass(frozen=True)
class Row:
    act: str
    ready: Any
    refused: dict
    done: int = 200
    method: str = "POST"
    doors: tuple = ("api", "page")


@kept
def world():
    """The people of the desk, each by his name in PEOPLE."""
    people = desk.build()
    people.owner, people.member = people.tenant, people.tenant_member
    people.foreign_officer = make.user(email="foreign@example.test", name="foreign")
    make.assignment(user=people.foreign_officer, role="ecosystem_officer", ecosystem=people.world["heu"])
    return people


def draft(people):
    return requests.begin(
        people.tenant_company, by=people.owner, park=people.park, **WISH | {"needed_by": date(2026, 9, 1)}
    )


def request(state, verb="", *, page=None, **body):
    def ready(people):
        row = state(people)
        here = f"requests/{row.number}/"
        shown = f"/{here}acts/{verb}" if page is None else f"/{here}{page}"
        return Try(f"{here}{verb}", body, here, shown, body | {"version": version_of(row)})

    return ready


def offer(verb, form=None, **body):
    def ready(people):
        here = f"offers/{desk.offered(people).number}/"
        return Try(f"{here}{verb}", body, here, f"/{here}{verb}", body if form is None else form)

    return ready


def lease(state, verb, *, form=None, day=desk.DAY, **body):
    def ready(people):
        row = state(people)
        here, line = f"leases/{row.number}/", row.lines.get()
        typed = {name: value.format(line=line.pk) for name, value in (form or body).items()}
        typed["version"] = version_of(row)
        return Try(f"{here}{verb}", body, here, f"/{here}{verb}", typed, day)

    return ready


def checklist(verb, state=desk.signed, *, page=None, form=None, **body):
    def ready(people):
        here = f"handovers/{state(people).handovers.get().number}/"
        return Try(f"{here}{verb}", body, here, f"/{here}{page or verb}", body if form is None else form)

    return ready


def ticked(people):
    lease = desk.signed(people)
    desk.ticked(people, lease.handovers.get())
    return lease


def both_signed(people):
    lease = ticked(people)
    handovers.sign(lease.handovers.get(), "park", by=people.officer)
    handovers.sign(lease.handovers.get(), "company", by=people.owner)
    return lease


def item(owner, *, done=False):
    def ready(people):
        row = desk.signed(people).handovers.get()
        it = row.items.filter(owner=owner, proof="tick").order_by("place").first()
        if done:
            handovers.complete(it, by=people.manager if owner == "park" else people.owner)
        here = f"handovers/{row.number}/"
        there = f"{here}items/{it.place}/"
        return Try(
            there,
            {"done": not done},
            here,
            f"/{there}",
            {"version": version_of(it)} | ({"reopen": "1"} if done else {}),
        )

    return ready


def clock(verb, page, **body):
    def ready(people):
        desk.submitted(people)
        row = incubation.enter(
            people.tenant_company, people.park, entered_on=date(2024, 6, 1), rule="N18-12", by=people.manager
        )
        more = incubation.ask_extension(row, months=6, why="trial runs", by=people.neighbour)
        here = f"incubations/{row.pk}/"
        return Try(f"{here}{verb.format(more.pk)}", body, here, page.format(row.pk, more.pk), body)

    return ready


def new_draft(people):
    desk.submitted(people)  # the park knows the company, and its officials do
    return Try("requests/", WISH | {"company": people.tenant_company.number, "park": "HIT-01"})


def new_offer(people):
    number = desk.admitted(people).number
    typed = {"starts_on": "2026-06-01", "ends_on": "2028-05-31", "held_until": "2026-06-14", "rent_free_months": "0"}
    typed |= {"unit": "HIT-01-A-401", "rent_unit": "m2_day", "basis": "usable"}
    return Try(
        "offers/",
        PERIOD | {"request": number, "units": ["HIT-01-A-401"]},
        page=f"/manage/requests/{number}/offer/",
        form=typed,
    )


def new_clock(people):
    desk.submitted(people)
    facts = {"park": "HIT-01", "entered_on": "2026-05-01", "rule": "N18-12"}
    number = people.tenant_company.number
    return Try("incubations/", facts | {"company": number}, page=f"/companies/{number}/incubation/", form=facts)


def company(people):
    desk.submitted(people)
    here = f"companies/{people.tenant_company.number}/"
    return Try(f"{here}verify/", {}, here, f"/{here}verify/")


def profile(people):
    desk.submitted(people)
    here = f"companies/{people.tenant_company.number}/"
    return Try(here, {"industry": "photonics"}, here)


def assigned(people):
    row, officer = desk.submitted(people), people.manager
    here, typed = f"requests/{row.number}/", {"officer": officer.pk, "version": version_of(row)}
    return Try(f"{here}assign/", {"officer": officer.email}, here, f"/{here}acts/assign/", typed)


SIGNED = {"signed_on": "2026-06-01"}
MOVE = {"unit": "HIT-01-A-401", "to": "HIT-01-A-405", "why": "light"}
NOTICE = {"ends_on": "2027-01-01", "why": "moves on"}
RENEWAL = {"ends_on": "2030-06-01", "signed_on": "2026-06-10"}
API, PAGE = ("api",), ("page",)
TABLE = [
    Row("requests.begin", new_draft, NOT_COMPANY, 201, doors=API),
    Row("requests.save", request(draft, months=36), NOT_OF_DRAFT, method="PATCH", doors=API),
    Row(
        "requests.request_units",
        request(draft, requested_units=["HIT-01-A-401"]),
        NOT_OF_DRAFT,
        method="PATCH",
        doors=API,
    ),
    Row("requests.submit", request(draft, "submit/", declared=True), NOT_SENDER, doors=API),
    Row("requests.withdraw", request(desk.submitted, "withdraw/", **WHY), NOT_OWNER),
    Row("requests.receive", request(desk.submitted, "receive/"), NOT_MANAGER),
    Row("requests.review", request(desk.in_review, "review/", step="first", decision="passed"), NOT_MANAGER),
    Row("requests.close", request(desk.admitted, "close/", **WHY), NOT_MANAGER),
    Row("requests.assign", assigned, NOT_MANAGER),
    Row("requests.note", request(desk.submitted, "note/", text="words"), NOT_STAFF),
    Row("requests.say", request(desk.submitted, "say/", text="words"), NOT_SIDE, 201),
    Row("offers.send", new_offer, NOT_MANAGER, 201),
    Row("offers.accept", offer("accept/", {"agreed": "on"}), NOT_OWNER),
    Row("offers.decline", offer("decline/", {"decline_reason": "dark"}, reason="dark"), NOT_OWNER),
    Row("offers.withdraw", offer("withdraw/", **WHY), NOT_MANAGER),
    Row("offers.ask_visit", offer("visit/"), NOT_COMPANY),
    Row("leases.sign", lease(desk.drafted, "sign/", **SIGNED), NOT_STAFF),
    Row("leases.discard", lease(desk.drafted, "discard/", **WHY), NOT_STAFF),
    Row("leases.ask", lease(desk.signed, "ask/", intent="leave"), NOT_OWNER),
    Row(
        "leases.give_notice",
        lease(desk.moved_in, "notice/", form=NOTICE | {"ends_on": "2026-12-31"}, **NOTICE),
        NOT_MANAGER,
    ),
    Row(
        "leases.renew",
        lease(
            desk.moved_in,
            "renew/",
            form=RENEWAL | {"ends_on": "2030-05-31", "rent_unit": "m2_day"},
            day=LATER,
            **RENEWAL,
        ),
        NOT_MANAGER,
        201,
    ),
    Row(
        "leases.relocate",
        lease(
            desk.moved_in,
            "relocate/",
            form={"line": "{line}", "unit": "HIT-01-A-405", "why": "light"},
            day=LATER,
            **MOVE,
        ),
        NOT_MANAGER,
    ),
    Row("handovers.complete, park", item("park"), NOT_STAFF, method="PATCH"),
    Row("handovers.complete, company", item("company"), NOT_COMPANY, method="PATCH"),
    Row("handovers.reopen, park", item("park", done=True), NOT_STAFF, method="PATCH"),
    Row("handovers.reopen, company", item("company", done=True), NOT_COMPANY, method="PATCH"),
    Row(
        "handovers.add_item",
        checklist(
            "items/",
            page="add/",
            form={"name": "Badge", "owner": "park", "proof": "tick", "added_why": "gate"},
            name="Badge",
            owner="park",
            why="gate",
        ),
        NOT_MANAGER,
        201,
    ),
    Row("handovers.sign", checklist("sign/", ticked), NOT_SIDE | {"member": 403}, doors=API),
    Row("handovers.sign, park", checklist("sign/", ticked), NOT_STAFF, doors=PAGE),
    Row("handovers.sign, company", checklist("sign-own/", ticked), NOT_OWNER, doors=PAGE),
    Row("handovers.confirm", checklist("confirm/", both_signed, moved_on="2026-06-01"), NOT_STAFF),
    Row("companies.update", profile, NOT_OWNER, method="PATCH", doors=API),
    Row("companies.verify", company, NOT_STAFF),
    Row("incubation.enter", new_clock, NOT_STAFF, 201),
    Row(
        "incubation.ask_extension", clock("extensions/", "/incubations/{0}/ask/", months=3, why="more"), NOT_STAFF, 201
    ),
    Row("incubation.approve_extension", clock("extensions/{}/approve/", "/extensions/{1}/approve/"), NOT_STAFF),
    Row(
        "incubation.graduate",
        clock("graduate/", "/incubations/{0}/graduate/", graduated_on="2026-06-01", criterion="revenue"),
        NOT_STAFF,
    ),
    Row(
        "incubation.leave",
        clock("exit/", "/incubations/{0}/leave/", exited_on="2026-06-01", exit_reason="moved"),
        NOT_STAFF,
    ),
]
