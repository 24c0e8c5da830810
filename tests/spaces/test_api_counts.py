"""A list costs the same with one row, three and three hundred: literal numbers of statements, login included."""

from datetime import date

import pytest
from django.urls import reverse

from spaces.models import Building, Change, Ecosystem, Floor, Indicator, Park, PublishedFigure
from spaces.states import Role
from tests import make

pytestmark = pytest.mark.django_db
# Session and user; the right; then what the list itself asks: its count and its page.
COUNTS = {
    "api-unit-list": 4,
    "api-allocation-list": 6,
    "api-holdover-list": 6,
    "api-vacancy-list": 5,
    "api-park-list": 4,
    "api-ecosystem-list": 4,
    "api-figure-list": 5,
    "api-indicator-list": 4,
    "api-change-list": 5,
    "api-pipeline": 6,
    "api-floor-list": 5,
    "api-area-trend": 3,
}
ROWS = {"api-pipeline": "parks"}
NARROWED = {
    "api-unit-list": (6, {"ecosystem": "eco", "park": "P", "state": "vacant", "q": "U", "area__gte": "1"}),
    "api-vacancy-list": (7, {"ecosystem": "eco", "park": "P", "area__gte": "1", "starts_on": "2026-07-01"}),
    "api-allocation-list": (
        8,
        {"ecosystem": "eco", "park": "P", "unit": "U-0", "covering": "true", "as_of": "2025-06-01"},
    ),
}
SUMMARIES = {"province": 6, "industrial": 5, "eco": 6, "P": 7, "P-B": 8, "P-B@1": 5}


def filled(many):
    """`many` units, each with a tenant who overstays and a vacant neighbour, and as many of everything else."""
    ecosystem = make.ecosystem(code="eco")
    park = make.park(code="P", ecosystem=ecosystem)
    floor = make.floor(building=make.building(park=park, code="B"))
    user = make.user()
    make.assignment(user=user, role=Role.PROVINCIAL_OFFICIAL)
    make.overstayed_and_vacant(floor, many, by=user)
    surround(floor.building, many)
    return user


def surround(building, many):
    """`many` more ecosystems, each with a park and its unbuilt building; figures, indicators, and floors below 200."""
    ecosystem, numbers = building.park.ecosystem, range(many)
    named = {"name": "名", "name_en": "Name", "city": "哈尔滨"}
    around = Ecosystem.objects.bulk_create(
        [Ecosystem(code=f"e{number}", anchor="校", anchor_en="University", **named) for number in numbers]
    )
    parks = Park.objects.bulk_create(
        [Park(code=f"Q{number}", kind="incubator", ecosystem=around[number], **named) for number in numbers]
    )
    Building.objects.bulk_create([Building(park=park, code="B", name="楼") for park in parks])
    result = {"measure": "lettable_area", "number": 1, "unit": "m2", "as_of": date(2024, 10, 31)}
    PublishedFigure.objects.bulk_create(
        [PublishedFigure(code=f"F{number}", park=parks[number], **result) for number in numbers]
    )
    months = [date(2000 + number // 12, number % 12 + 1, 1) for number in numbers]
    Indicator.objects.bulk_create(
        [Indicator(ecosystem=ecosystem, month=month, key="transfers", value=1) for month in months]
    )
    levels = range(2, min(many, 198) + 2)
    Floor.objects.bulk_create([Floor(building=building, level=level, label=f"{level}层") for level in levels])


@pytest.mark.parametrize("many", [1, 3, 300])
@pytest.mark.parametrize("name", COUNTS)
def test_a_list_costs_the_same_for_any_number(client, django_assert_num_queries, name, many):
    client.force_login(filled(many))
    query = {"building": "P-B"} if name == "api-floor-list" else {}

    with django_assert_num_queries(COUNTS[name]):
        response = client.get(reverse(name), query)

    assert len(response.json()[ROWS.get(name, "results")]) >= min(many, 24)


@pytest.mark.parametrize("many", [1, 300])
@pytest.mark.parametrize("name", NARROWED)
def test_a_filtered_list_costs_the_same_for_any_number(client, django_assert_num_queries, name, many):
    client.force_login(filled(many))
    cost, query = NARROWED[name]

    with django_assert_num_queries(cost):
        response = client.get(reverse(name), query)

    assert response.json()["count"] >= 1


@pytest.mark.parametrize("many", [1, 3, 300])
@pytest.mark.parametrize("node", SUMMARIES)
def test_a_summary_costs_the_same_for_any_number(client, django_assert_num_queries, node, many):
    client.force_login(filled(many))

    with django_assert_num_queries(SUMMARIES[node]):
        response = client.get(reverse("api-area-summary"), {"node": node})

    assert response.status_code == 200


@pytest.mark.parametrize("many", [1, 300])
def test_a_csv_of_everything_is_one_statement(client, django_assert_num_queries, many):
    client.force_login(filled(many))

    with django_assert_num_queries(3):
        text = b"".join(client.get(reverse("api-unit-list"), {"format": "csv"}).streaming_content)

    assert text.count(b"\r\n") == 1 + 2 * many
    assert Change.objects.count() == 2 * many
