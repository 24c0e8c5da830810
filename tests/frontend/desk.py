"""A small park with two companies that ask for space, for the tests of the manager's pages. Actions write it."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from django.urls import reverse

from spaces import ledger
from spaces.models import Unit
from tenants.actions import handovers, leases, offers, requests
from tenants.models import Handover, SpaceRequest
from tests import make
from tests.frontend import people as folk
from tests.frontend import world
from tests.kept import kept

DAY = world.DAY
TERM = {"starts_on": DAY, "ends_on": date(2028, 6, 1)}
HOLD_UNTIL = date(2026, 6, 15)
ROLES = ("manager", "neighbour", "officer", "official", "auditor", "admin", "tenant", "tenant_member", "rival")


def get(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(name, args=args), query)


def statuses(client, people, name, *args, method="get", **data):
    """The status of a page for each of ROLES, in their order."""
    codes = []
    for role in ROLES:
        client.force_login(getattr(people, role))
        codes.append(getattr(client, method)(reverse(name, args=args), data).status_code)
    return tuple(codes)


def state_of(unit, day):
    """The state of a unit on a day that is today."""
    fresh = Unit.objects.select_related("floor__building").get(pk=unit.pk)
    return ledger.state_of(fresh, on=day, today=day)


@kept
def build():
    """The six people, tenants of two companies, and rooms 401 (120 m2), 402 (118 m2), 602 (240 m2) in park one."""
    people = folk.gather()
    park = people.world["one"]
    park.review_steps = ["first"]
    park.save()
    floor = make.floor(building=park.buildings.get(code="A"), level=4, label="4层")
    attic = make.floor(building=park.buildings.get(code="A"), level=6, label="6层")
    rooms = {
        "401": make.unit(floor=floor, code="HIT-01-A-401", usable_area=Decimal(120)),
        "405": make.unit(floor=floor, code="HIT-01-A-405", usable_area=Decimal(118)),
        "602": make.unit(floor=attic, code="HIT-01-A-602", usable_area=Decimal(240)),
    }
    # What lies between 401 and 405 is common: the two do not make a combination.
    make.unit(floor=floor, code="HIT-01-A-403", use="public_service")
    for name in ("tenant", "rival"):
        company = make.company(name=f"示例{name}")
        owner = make.user(email=f"{name}@example.test", name=name)
        member = make.user(email=f"{name}2@example.test", name=f"{name} member")
        make.member(user=owner, company=company)
        make.member(user=member, company=company, role="member")
        setattr(people, name, owner)
        setattr(people, f"{name}_member", member)
        setattr(people, f"{name}_company", company)
    people.park, people.rooms = park, SimpleNamespace(**{f"r{code}": unit for code, unit in rooms.items()})
    return people


@kept
def submitted(people, by="tenant", **facts):
    asked = {"use": "office", "area_min": 100, "area_max": 160, "needed_by": date(2026, 9, 1), "months": 24}
    place = {"park": people.park} if "ecosystem" not in facts else {}
    company, owner = getattr(people, f"{by}_company"), getattr(people, by)
    wanted = requests.begin(company, by=owner, **place)
    wanted = requests.save(wanted, by=owner, **asked | facts)
    return requests.submit(wanted, by=owner, on=DAY, declared=True)


@kept
def in_review(people, by="tenant", **facts):
    return requests.receive(submitted(people, by, **facts), by=people.manager, on=DAY)


@kept
def admitted(people, by="tenant", **facts):
    return admit(people, submitted(people, by, **facts))


@kept
def admit(people, wanted):
    wanted = requests.receive(wanted, by=people.manager, on=DAY)
    requests.review(wanted, step="first", decision="passed", by=people.manager, on=DAY)
    return SpaceRequest.objects.get(pk=wanted.pk)


@kept
def offered(people, room="r401", by="tenant", **terms):
    wanted = admitted(people, by)
    unit = Unit.objects.select_related("floor__building").get(pk=getattr(people.rooms, room).pk)
    return offers.send(wanted, [unit], held_until=HOLD_UNTIL, by=people.manager, on=DAY, **TERM | terms)


@kept
def drafted(people, room="r401", by="tenant"):
    return offers.accept(offered(people, room, by), by=getattr(people, by), on=DAY)


@kept
def signed(people, room="r401", by="tenant"):
    return leases.sign(drafted(people, room, by), signed_on=DAY, by=people.manager, on=DAY)


@kept
def ticked(people, handover, by="tenant"):
    """Every item done, nobody has signed."""
    for item in handover.items.order_by("place"):
        user = people.manager if item.owner == "park" else getattr(people, by)
        handovers.complete(item, by=user, reading=Decimal(100) if item.proof == "reading" else None)
    return Handover.objects.get(pk=handover.pk)


@kept
def moved_in(people, room="r401", by="tenant"):
    lease = signed(people, room, by)
    checklist = ticked(people, lease.handovers.get(), by)
    handovers.sign(checklist, "park", by=people.manager)
    handovers.sign(checklist, "company", by=getattr(people, by))
    handovers.confirm(checklist, moved_on=DAY, by=people.manager, on=DAY)
    return lease
