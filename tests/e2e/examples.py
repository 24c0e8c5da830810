"""One row of the demo province for each kind of address, printed as JSON: what the walk fills into its addresses."""

import json
import sys
from datetime import timedelta

from spaces.actions import drawings
from spaces.models import Allocation, Floor, FloorPlan, User
from spaces.values import clock
from tenants.actions import companies
from tenants.models import Company, Extension, Handover, Incubation, Lease, Notice, Offer, SpaceRequest
from tests.spaces.plots import ROOMS, Plot, rectangle


def write():
    """Read the examples; a drawing on its way and an invitation are made, for the demo has none."""
    owner = User.objects.get(email="company@demo.test")
    company = Company.objects.get(members__user=owner)
    requests = SpaceRequest.objects.order_by("pk")
    here = requests.filter(park__code="HIT-01")
    admin = User.objects.get(email="admin@demo.test")
    found = {
        "draft": requests.get(company=company, state="draft").number,
        "own_request": requests.get(company=company, state="offered").number,
        "admitted": here.filter(state="admitted").first().number,
        "submitted": here.filter(state="submitted").first().number,
        "in_review": here.filter(state="in_review").first().number,
        "offer": Offer.objects.get(request__company=company, state="sent").number,
        "lease": Lease.objects.filter(company=company, state="signed").order_by("pk").first().number,
        "move_in": Handover.objects.get(kind="move_in", lease__company=company).number,
        "move_out": Handover.objects.filter(kind="move_out").first().number,
        "company": company.code,
        "company_number": company.number,
        "member": company.members.get(user=owner).pk,
        "token": companies.invite(company, email=admin.email, role="member", by=owner),
        "incubation": Incubation.objects.filter(extensions=None, graduated_on=None, exited_on=None).first().pk,
        "extension": Extension.objects.filter(approved_at=None).first().pk,
        "plan": FloorPlan.objects.order_by("-valid_from").first().pk,
        "drawing": _drawing(User.objects.get(email="manager@demo.test")).pk,
        "known_on": str(clock.today() - timedelta(days=9)),  # before the room that was measured
        "notice": Notice.objects.filter(user=owner).order_by("pk").first().pk,
    }
    sys.stdout.write(json.dumps(found | _allocations()))


def _allocations():
    """One for each milestone that has a page of its own."""
    rows = Allocation.objects.filter(unit__code__startswith="HIT-01-A", purpose="tenancy").order_by("-starts_on")
    return {
        "held": rows.filter(signed_on=None, held_until__isnull=False).first().pk,
        "signed": rows.filter(signed_on__isnull=False, moved_in_on=None).first().pk,
        "moved_in": rows.filter(moved_in_on__isnull=False, handed_back_on=None).first().pk,
        "offline": Allocation.objects.get(unit__code="HIT-01-A-403", purpose="offline").pk,
    }


def _drawing(manager):
    floor = Floor.objects.get(building__park__code="HIT-01", building__code="B", level=3)
    plot = Plot()
    plot.room("301", rectangle(0, 0, 30, 20)).room("302", rectangle(30.2, 0, 26, 20)).room("", rectangle(0, 22, 10, 8))
    sent = drawings.send(floor, name="floor.dxf", content=plot.bytes(), by=manager)
    return drawings.choose(sent, layer=ROOMS, labels="", unit=sent.unit, codes={}, by=manager)
