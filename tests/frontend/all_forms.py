"""Every form of the product that posts, found by following its links as each of its people."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.test import Client

from spaces.actions import drawings, floorplans
from spaces.models import Allocation, Floor, Unit
from tenants.actions import incubation, requests
from tenants.models import Lease
from tests import make
from tests.frontend import desk, sheets

# How many links each follows from where he begins.
STEPS = {"manager": 9, "tenant": 9, "officer": 1, "province": 0, "rival": 2, "stranger": 0}
# Pages of one kind that show the acts that fit their state; of every other kind one is enough.
MANY = {
    "unit-detail": 8,
    "request-detail": 6,
    "lease-detail": 4,
    "company-detail": 3,
    "floor-detail": 2,
    "handover-detail": 3,
}
TELLS_NOTHING = {"change-list", "definitions", "help", "privacy", "accessibility", "overview", "home"}


@dataclass(frozen=True)
class Found:
    who: str
    page: str
    route: tuple
    form: sheets.Form

    def __str__(self):
        return f"{self.route[0]} {self.route[1]}".strip()


def world():
    """A park in which every form has its row: leases, requests, offers in each state, a plan, a drawing, a clock."""
    people = desk.build()
    desk.moved_in(people, "r401")
    desk.drafted(people, "r405", "rival")
    desk.offered(people, "r602", "rival", override="it fits best")
    people.rooms.r407 = make.unit(floor=people.rooms.r401.floor, code="HIT-01-A-407", usable_area=Decimal(120))
    desk.signed(people, "r407")
    desk.submitted(people)
    desk.in_review(people)
    ready = desk.admitted(people)
    requested_units = [people.rooms.r405, people.rooms.r602]
    requests.begin(people.tenant_company, by=people.tenant, park=people.park, requested_units=requested_units)
    for name in ("colleague", "deputy"):
        more = make.user(email=f"{name}@example.test", name=name)
        make.assignment(user=more, role="park_manager", park=people.park)
    people.province = make.user(email="province@example.test", name="province")
    make.assignment(user=people.province, role="ecosystem_officer")
    make.member(user=make.user(email="second@example.test", name="second"), company=people.tenant_company)
    make.invitation(company=people.tenant_company, invited_by=people.tenant)
    earlier = date(2026, 5, 1)
    begun = {"starts_on": earlier, "signed_on": earlier}
    Lease.objects.filter(lines__allocation__moved_in_on=desk.DAY).update(**begun)
    Allocation.objects.filter(moved_in_on=desk.DAY).update(moved_in_on=date(2026, 5, 2), **begun)
    for code in ("HIT-01-A-99", "HIT-01-A-100"):  # first where units are chosen
        make.unit(floor=people.world["unit"].floor, code=code)
    floor = Floor.objects.get(building__park=people.park, level=4)
    facts = {"metres_wide": Decimal(40), "valid_from": desk.DAY, "frame": (1000, 800), "by": people.manager}
    plan = floorplans.add_version(floor, **facts)
    unit = Unit.objects.get(pk=people.rooms.r401.pk)
    floorplans.set_shapes(
        plan, {unit.pk: [[0.1, 0.1], [0.4, 0.1], [0.4, 0.4], [0.1, 0.4]]}, by=people.manager, on=desk.DAY
    )
    drawing = make.drawing(floor=floor, created_by=people.manager)
    drawing = drawings.choose(drawing, layer="ROOMS", labels="", unit="m", codes={}, by=people.manager)
    clock = incubation.enter(
        people.tenant_company, people.park, entered_on=date(2024, 6, 1), rule="N18-12", by=people.manager
    )
    incubation.ask_extension(clock, months=6, why="trial runs", by=people.neighbour)
    people.starts = {
        "manager": [
            "/units/HIT-01-A-101/", "/manage/", "/parks/HIT-01/A/4/", "/manage/requests/", "/leases/", "/companies/",
            f"/drawings/{drawing.pk}/",
            f"/manage/requests/{ready.number}/offer/?unit=HIT-01-A-101",
        ],
        "tenant": ["/my/", "/spaces/"],
        "officer": ["/ecosystems/hit/", "/parks/HIT-01/"],
        "province": ["/ecosystems/new/"],
        "rival": ["/my/"],
        "stranger": ["/my/company/new/"],
    }  # fmt: skip
    return people


def find(people):
    """The forms, one of a kind: {route: Found}; and the routes of all pages that were opened."""
    found, opened = {}, set()
    for who, start in people.starts.items():
        client = Client()
        client.force_login(getattr(people, who))
        waiting, seen, kinds = [(page, 0) for page in start], set(), Counter()
        while waiting:
            page, step = waiting.pop(0)
            route = sheets.route_of(page)
            if page in seen or route is None or route[0] in TELLS_NOTHING or kinds[route] >= MANY.get(route[0], 1):
                continue
            seen.add(page)
            response = client.get(page)
            if response.status_code != 200 or "text/html" not in response["Content-Type"]:
                continue
            kinds[route] += 1
            opened.add(route)
            forms, links = sheets.read(response)
            waiting += [(link, step + 1) for link in sorted(links) if step < STEPS[who]]
            for form in forms:
                found.setdefault(form.route(page), Found(who, page, form.route(page), form))
    return found, opened
