"""The plan of a floor over the API: the version of the day for those who may see it, the units of the day for all."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from spaces.actions import floorplans
from spaces.models import Unit
from tests.frontend import people as folk
from tests.tenants import corpus

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
LEFT = [[0.0, 0.0], [0.5, 0.0], [0.5, 1.0], [0.0, 1.0]]


@pytest.fixture
def people():
    return folk.gather()


@pytest.fixture
def plan(people):
    one, two = (Unit.objects.get(code=f"HIT-01-A-{room}") for room in (101, 102))
    made = floorplans.add_version(
        one.floor, valid_from=date(2026, 1, 1), picture=corpus.picture("PNG", (1000, 500)), metres_wide=Decimal(20),
        note="实测", by=people.manager,
    )  # fmt: skip
    floorplans.set_shapes(made, {one.pk: LEFT}, by=people.manager, on=date(2026, 1, 1))
    floorplans.set_adjacency(two, one, connected=True, by=people.manager)
    return made


def read(client, node="HIT-01-A@1", **query):
    return client.get(reverse("api-floor-plan", args=[node]), query)


def test_a_manager_reads_version_scale_shapes_and_adjacency(client, people, plan):
    client.force_login(people.manager)

    result = read(client).json()

    assert (result["node"], result["as_of"]) == ("HIT-01-A@1", "2026-06-01")
    assert result["version"] == {
        "valid_from": "2026-01-01",
        "source": "实测",
        "public": False,
        "width_px": 1000,
        "height_px": 500,
        "metres_wide": "20.000",
        "picture": f"/plans/{plan.pk}/picture/",
        "pictures": [{"width": width, "url": f"/plans/{plan.pk}/picture/{width}/"} for width in (800, 1000)],
    }
    assert result["units"][:2] == [
        {"code": "HIT-01-A-101", "state": "vacant", "area": "101.21", "drawn_area": "100.00", "shape": LEFT},
        {"code": "HIT-01-A-102", "state": "reserved", "area": "102.22", "drawn_area": None, "shape": None},
    ]
    assert len(result["units"]) == 8
    assert result["adjacency"] == [{"units": ["HIT-01-A-101", "HIT-01-A-102"], "connected": True, "source": "person"}]


@pytest.mark.parametrize("who", ["visitor", "stranger", "neighbour", "admin"])
def test_a_hidden_plan_looks_like_none(client, people, plan, who):
    if who != "visitor":
        client.force_login(getattr(people, who))

    result = read(client).json()

    assert result["version"] is None
    assert {(unit["shape"], unit["drawn_area"]) for unit in result["units"]} == {(None, None)}


def test_the_day_asked_about_decides_the_version(client, people, plan):
    client.force_login(people.manager)

    assert read(client, as_of="2025-12-31").json()["version"] is None


@pytest.mark.parametrize("node", ["HIT-01-A@99", "HIT-01-A", "HIT-01-A@x", "X@1", "@1", "HIT-01-A@1@1"])
def test_what_is_no_floor_is_not_found(client, people, node):
    assert read(client, node).status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_it_costs_the_same_for_any_number_of_units(client, people, plan, django_assert_num_queries, number):
    client.force_login(people.manager)
    facts = {"floor": plan.floor, "use": "office", "usable_area": Decimal(10), "opens_on": date(2020, 1, 1)}
    Unit.objects.bulk_create([Unit(code=f"HIT-01-A-3{each:02}", **facts) for each in range(number)])

    with django_assert_num_queries(8):
        read(client)
