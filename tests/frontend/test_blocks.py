"""The block finder as a page and by the API: for those inside, with answers that lead on."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from spaces.models import Allocation, Unit
from tenants.models import LeaseLine
from tests import make
from tests.frontend import people as folk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
PAGE = reverse("block-find", args=["HIT-01", "A"])
API = "/api/v1/buildings/HIT-01-A/blocks/"
WHO = ("visitor", "manager", "neighbour", "officer", "outsider", "official", "auditor", "admin", "stranger")


@pytest.fixture
def people():
    """Beside the vacant 101 another vacant room, and a free one on the floor above."""
    found = folk.gather()
    building = found.world["one"].buildings.get()
    Allocation.objects.filter(unit__code="HIT-01-A-102").delete()
    Unit.objects.filter(code="HIT-01-A-102").update(closes_on=date(2026, 6, 1))
    row = Allocation.objects.get(unit__code="HIT-01-A-103")
    lease = make.lease(company=make.company(name="示例云雀"), park=found.world["one"], ends_on=row.ends_on)
    found.line = LeaseLine.objects.create(lease=lease, unit=row.unit, allocation=row)
    make.unit(floor=make.floor(building=building, level=2), code="HIT-01-A-201", usable_area=Decimal(110))
    return found


def test_the_answers_name_day_rooms_and_moves_and_lead_to_the_act(client, people):
    client.force_login(people.manager)

    page = client.get(PAGE, {"area": "200", "months": "6", "moves": "1"}).content.decode()

    assert "2 answers" in page
    # 101 and 103 adjoin, 102 is gone: free together when the lease of 103 is over, or now if its tenant moves up.
    assert "from 2027-01-01" in page
    assert f"/leases/{people.line.lease.number}/relocate/?line={people.line.pk}&amp;unit=HIT-01-A-201" in page
    moved = client.get(f"/leases/{people.line.lease.number}/relocate/?line={people.line.pk}&unit=HIT-01-A-201")
    assert moved.status_code == 200


def test_an_officer_sees_the_way_without_the_manager_s_button(client, people):
    client.force_login(people.official)

    page = client.get(PAGE, {"area": "200", "months": "6", "moves": "1"}).content.decode()

    assert "示例云雀" in page
    assert "/relocate/" not in page


def test_nothing_to_be_had_says_what_to_change(client, people):
    client.force_login(people.manager)

    assert (
        "Ask for less, for fewer months"
        in client.get(PAGE, {"area": "9000", "months": "6", "moves": "1"}).content.decode()
    )


@pytest.mark.parametrize(
    "query", [{"area": "x"}, {"area": "0"}, {"area": "10", "months": "0"}, {"area": "10", "moves": "9"}, {"area": ""}]
)
def test_what_is_mistyped_is_told_at_its_field(client, people, query):
    client.force_login(people.manager)

    answer = client.get(PAGE, {"months": "6", "moves": "1"} | query)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_the_building_leads_to_it_for_those_inside(client, people):
    result = {}
    for who in ("neighbour", "manager"):
        client.force_login(getattr(people, who))
        result[who] = PAGE in client.get(reverse("building-detail", args=["HIT-01", "A"])).content.decode()

    assert result == {"neighbour": False, "manager": True}


def test_the_api_gives_the_same_answers_to_the_same_people(client, people):
    codes = {}
    for who in WHO:
        client.logout()
        if who != "visitor":
            client.force_login(getattr(people, who))
        codes[who] = client.get(API, {"area": "200", "months": "6"}).status_code
    client.force_login(people.manager)
    later, moved = client.get(API, {"area": "200", "months": "6"}).json()["blocks"]

    assert codes == {
        "visitor": 401, "manager": 200, "neighbour": 403, "officer": 200, "outsider": 403, "official": 200,
        "auditor": 200, "admin": 403, "stranger": 403,
    }  # fmt: skip
    assert later == {
        "units": ["HIT-01-A-101", "HIT-01-A-103"], "area": "204.44", "spare": "4.44", "starts_on": "2027-01-01",
        "moves": [],
    }  # fmt: skip
    assert (moved["starts_on"], moved["moves"]) == (
        "2026-06-01",
        [
            {
                "tenant": "示例云雀",
                "lease": people.line.lease.number,
                "leaves": "HIT-01-A-103",
                "enters": "HIT-01-A-201",
            }
        ],
    )
    assert client.get(API).status_code == 400
