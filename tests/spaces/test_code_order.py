"""Codes come in the order in which a person counts, wherever they are listed and on both databases."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from spaces.actions import places
from spaces.models import Building, Change, Park, Unit
from spaces.models.fields import code_order
from tests import make

DAY = date(2026, 6, 1)
COUNTED = ["1", "2", "2-9", "2-10", "02-10", "9", "10", "100", "A", "A-9", "A-9B", "A-10", "A-10-2", "A-10-10", "B1"]
CODES = st.text("0123456789AB-._东西", min_size=1, max_size=80)
LISTS = ["/units/?q=X", "/parks/P1/X/4/", "/parks/P1/X/", "/api/v1/units/", "/api/v1/vacancies/?ordering=code"]
LISTS += ["/api/v1/units/?format=csv", "/api/v1/buildings/P1-X/stack/"]
# Codes of ecosystems and of published figures are names without numbers in them.
BY_NAME = {
    "spaces/api/figures.py",
    "tenants/demo/check.py",
    "frontend/views/places/place_pages.py",
    "frontend/views/places/first_steps.py",
}


def test_the_order_of_codes_is_that_of_counting():
    assert sorted(set(COUNTED), key=code_order) == [*COUNTED[:3], "02-10", "2-10", *COUNTED[5:]]


@given(CODES, CODES)
def test_each_code_has_a_place_of_its_own(one, other):
    assert (code_order(one) == code_order(other)) == (one == other)
    assert len(code_order(one)) <= Unit._meta.get_field("code_order").max_length


@given(st.integers(0, 10**30), st.integers(0, 10**30))
def test_numbers_count_as_numbers(one, other):
    if one != other:
        assert (code_order(f"A-{one}-Z") < code_order(f"A-{other}-A")) == (one < other)


@pytest.fixture
def floor(db):
    building = make.building(park=make.park(code="P1"), code="X", ready_on=date(2020, 1, 1))
    floor = make.floor(building=building, level=4)
    for room in ("405-10", "4010", "405-2", "409"):
        make.unit(floor=floor, code=f"P1-X-{room}")
    return floor


@pytest.mark.both_databases
@pytest.mark.parametrize("path", LISTS)
def test_lists_of_pages_files_and_api_are_in_that_order(client, floor, path):
    client.force_login(make.user(is_superuser=False))
    answer = client.get(path)
    text = b"".join(answer.streaming_content) if answer.streaming else answer.content

    found = dict.fromkeys(re.findall(r"P1-X-(4[0-9-]+)\b", text.decode()))

    assert [*found] == ["405-2", "405-10", "409", "4010"]


@pytest.mark.both_databases
def test_parks_and_buildings_are_in_that_order_and_the_database_sorts(floor):
    for code in ("P10", "P2"):
        make.building(park=make.park(code=code), code="X10")
        make.building(park=Park.objects.get(code=code), code="X9")

    assert [*Park.objects.order_by("code_order").values_list("code", flat=True)] == ["P1", "P2", "P10"]
    assert [*Building.objects.filter(park__code="P2").order_by("code_order").values_list("code", flat=True)] == [
        "X9",
        "X10",
    ]


@pytest.mark.both_databases
def test_the_order_is_written_with_the_row_and_is_no_fact_of_the_record(floor, officer):
    building = Building(park=floor.building.park, code="X10", name="十座")

    places.add(building, by=officer)

    assert Building.objects.get(code="X10").code_order == code_order("X10")
    assert "code_order" not in Change.objects.get().after


def test_no_list_is_sorted_by_the_plain_code():
    sources = [path for app in ("spaces", "tenants", "frontend") for path in (settings.BASE_DIR / app).rglob("*.py")]
    plain = re.compile(r"""order_by\([^)]*["']-?(\w+__)*code["']""")

    found = {str(Path(path).relative_to(settings.BASE_DIR)) for path in sources if plain.search(path.read_text())}

    assert {path for path in found if "/migrations/" not in path} == BY_NAME
