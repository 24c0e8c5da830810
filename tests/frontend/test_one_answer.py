"""One question, one answer: each figure of the pages is that of the API and of the files, on any day.

Among the places: a park that opens in 200 days and is let already, one without an ecosystem, an industrial one in it.
"""

import csv
import io
import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.translation import gettext
from python_calamine import CalamineWorkbook

from frontend.site.formatting import area
from spaces.api.pipeline import NONE
from spaces.api.representations import totals
from spaces.models import CountedUnit
from spaces.month_ledger import folding, rebuilding
from spaces.states import UnitState
from tests import make
from tests.frontend import world
from tests.kept import kept

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.engine]
OPENING = world.DAY + timedelta(days=200)
DAYS = [world.DAY, OPENING - timedelta(days=1), OPENING]  # the series tell of earlier ones
AROUND = [OPENING + timedelta(days=days) for days in random.Random(11).sample(range(-230, 60), 5)]
OWN = {"not_itemised", "beyond_published"}  # of what was published, not of the units
STATES = ("occupied", "holdover", "committed", "reserved", "vacant", "offline", "common", "unbuilt")
RATES = ("rate_occupied", "rate_committed", "rate_vacant")
PLANNED = ("node", "stage", "recorded", "committed", "reserved", "occupied")


@kept
def build():
    places = world.build()
    late = make.park(code="HEU-02", name="明年开园", ecosystem=places["heu"], city="大庆", opened_on=OPENING)
    alone = make.park(code="ALONE", name="独立孵化器", ecosystem=None, opened_on=date(2026, 2, 1))
    works = make.park(code="IND", name="园中园", ecosystem=places["hit"], kind="industrial_park")
    soon = make.building(park=places["two"], code="C", fitout_on=date(2026, 1, 1), ready_on=OPENING)
    make.building(park=places["two"], code="D", planned_on=date(2027, 1, 1), ready_on=None)
    for number, park in enumerate((late, alone, works), 1):
        floor = make.floor(building=make.building(park=park, code="A"), usable_area=Decimal(500))
        make.unit(floor=floor, code=f"{park.code}-1", usable_area=Decimal("200.05") * number)
        for code, ends_on in (("2", None), ("3", date(2027, 1, 1))):
            row = {"signed_on": world.DAY, "starts_on": world.DAY, "ends_on": ends_on}
            make.allocation(unit=make.unit(floor=floor, code=f"{park.code}-{code}"), **row)
        held = make.unit(floor=floor, code=f"{park.code}-4", usable_area=Decimal("33.33"))
        make.allocation(unit=held, held_until=date(2027, 2, 1), ends_on=date(2028, 1, 1))
        make.unit(floor=floor, code=f"{park.code}-5", use="ancillary")
    make.unit(floor=make.floor(building=soon), code="HIT-02-C-1", usable_area=Decimal("77.77"))
    for measure in ("lettable_area", "new_lettable_area"):
        make.figure(measure=measure, number=Decimal(3000), text="3000平方米", as_of=OPENING)
    make.figure(ecosystem=places["heu"], number=Decimal(900), text="900平方米", as_of=OPENING - timedelta(days=1))
    make.figure(measure="new_incubators", number=Decimal(2), text="2家", unit="count", as_of=OPENING)
    make.figure(park=late, number=Decimal(900), text="900平方米", as_of=OPENING - timedelta(days=1))
    rebuilding.settle()  # so that totals are read from the month ledger, and lists from the allocations
    folding.fold(world.DAY)


@pytest.fixture(params=DAYS, ids=str)
def ask(request, client, official, monkeypatch):
    """(page, api): the context of a page, and what the API answers, both for the day."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: world.DAY)
    build()
    client.force_login(official)
    day = {"as_of": request.param.isoformat()}

    def page(name, *args, **query):
        response = client.get(reverse(name, args=args), day | query)
        assert response.status_code == 200, response.content
        return response.context or response

    def api(name, *args, **query):
        response = client.get(reverse(f"api-{name}", args=args), day | query)
        assert response.status_code == 200, response.content
        return response.json() if response["Content-Type"] == "application/json" else response

    return page, api


def of_balance(balance):
    return {name: text for name, text in totals(balance, None).items() if name not in OWN}


def of_api(row):
    """A total of the API, without what was published and the names beside it."""
    return {name: row[name] for name in (*STATES, *RATES, "lettable", "units", "unknown_units")}


def of_rows(rows):
    return {row["key"]: of_balance(row["balance"]) for row in rows}


def of_groups(groups):
    return {row["node"]: of_api(row) for row in groups}


@pytest.mark.parametrize("ask", [*DAYS, *AROUND], ids=str, indirect=True)
def test_the_tables_and_months_of_the_overview(ask):
    """Which parks count on a day has one rule, so that a total is the last point of its own trend."""
    page, api = ask
    assert not CountedUnit.objects.filter(stale=True).exists()
    trend = [(row["day"], of_api(row)) for row in api("area-trend")["results"]]

    for by in ("ecosystem", "city", "kind", "park"):
        shown, result = page("overview", by=by), api("area-summary", group_by=by)

        assert of_rows(shown["rows"]) == of_groups(result["groups"])
        assert of_balance(shown["total"]) == of_api(result["total"]) == trend[-1][1]
        assert [(day.isoformat(), of_balance(balance)) for day, balance, _links in shown["months"]] == trend
        before = api("area-summary", as_of=shown["absorption"]["day"])["total"]
        assert str(shown["absorption"]["before"]) == str(
            sum(Decimal(before[name]) for name in ("occupied", "holdover"))
        )


def test_the_published_figures(ask):
    page, api = ask
    result = {row["code"]: row for row in api("figure-list", page_size=100)["results"]}
    shown = [each for each, _url in page("overview")["published"]]
    shown += filter(None, (page("park-detail", code)["declared"] for code in ("HIT-01", "HEU-02")))

    assert len(shown) >= 3
    for each in shown:
        row = result[each.figure.code]
        assert [row[name] and Decimal(row[name]) for name in ("recorded", "difference")] == [
            each.recorded, each.difference
        ]  # fmt: skip


def test_the_pipeline(ask):
    page, api = ask
    result = api("pipeline")
    shown = page("overview")["pipeline"]

    assert str(shown["planned"]) == result["total_planned"]
    assert [
        (entry["park"].code, [_planned(entry["park"], row) for row in entry["buildings"]])
        for entry in shown["entries"]
    ] == [
        (park["node"], [tuple(row[name] for name in PLANNED) for row in park["buildings"]]) for park in result["parks"]
    ]


def _planned(park, row):
    """What the API tells of a building of the pipeline, as the page has it."""
    promised = row["promised"] or NONE
    areas = (promised.recorded, promised.committed, promised.reserved, promised.occupied)
    return (f"{park.code}-{row['building'].code}", row["stage"], *map(str, areas))


def test_the_pages_of_the_places(ask):
    page, api = ask
    shown = page("ecosystem-list")
    assert of_rows(shown["rows"]) == of_groups(api("area-summary")["groups"])
    shown = page("park-list")
    for rows, total, node in (("incubators", "total", "province"), ("industrial", "industrial_total", "industrial")):
        result = api("area-summary", node=node, group_by="park")
        assert of_rows(shown[rows]) == of_groups(result["groups"])
        assert of_balance(shown[total]) == of_api(result["total"])
    for code in ("hit", "heu"):
        result = api("area-summary", node=code)
        shown = page("ecosystem-detail", code)
        assert of_rows(shown["rows"]) == of_groups(result["groups"])
        read = api("ecosystem-detail", code)
        assert of_balance(shown["total"]) == of_api(result["total"]) == of_api(read["areas"])
        assert read["incubators"] == sum(row["opens_on"] is None for row in shown["rows"])


@pytest.mark.parametrize("code", ["HIT-01", "HIT-02", "HEU-02", "STP"])
def test_a_park_with_its_buildings_floors_and_stacks(ask, code):
    page, api = ask
    result, shown = api("area-summary", node=code), page("park-detail", code)

    rows = {f"{code}-{row['building'].code}": of_balance(row["balance"]) for row in shown["rows"]}
    assert rows == of_groups(result["groups"])
    assert of_balance(shown["total"]) == of_api(result["total"]) == of_api(api("park-detail", code)["areas"])
    for node, balance in rows.items():
        _building(page, api, node, balance)


def _building(page, api, node, balance):
    where = node.rsplit("-", 1)
    shown, read, stack = page("building-detail", *where), api("building-detail", node), api("building-stack", node)
    floors = {f"{node}@{row['floor'].level}": of_balance(row["balance"]) for row in shown["floors"]}

    assert balance == of_balance(shown["total"]) == of_api(read["areas"]) == of_api(stack["areas"])
    assert balance == of_balance(shown["plan"]["total"])
    assert shown["stage"] == read["stage"]
    assert floors == of_groups(api("area-summary", node=node)["groups"])
    assert floors == {row["node"]: of_api(row["areas"]) for row in api("floor-list", building=node)["results"]}
    units = sorted((row["code"], row["area"], row["state"]) for floor in stack["floors"] for row in floor["units"])
    assert units == sorted(_sheet(page("building-stack-file", *where, "xlsx")))
    assert units == _listed(api, building=node)
    drawn = page("building-stack-file", *where, "svg").content.decode()
    for row in shown["floors"]:
        _floor(page, api, node, row)
        words = f">{area(row['balance'].recorded)} {gettext('m²')}<"
        assert words in drawn or not any(floor["units"] for floor in stack["floors"])


def _floor(page, api, node, row):
    """The page of a floor: its balance, and its units as the list of the API has them."""
    shown = page("floor-detail", *node.rsplit("-", 1), row["floor"].level)
    units = sorted(
        (each.unit.code, each.unit.usable_area and str(each.unit.usable_area), each.unit.state)
        for each in shown["sheet"].rows
    )

    assert [of_balance(each["balance"]) for each in shown["floors"]] == [of_balance(row["balance"])]
    assert units == _listed(api, building=node, level=row["floor"].level)


def _sheet(response):
    """The units of a stacking plan saved as a sheet: (code, area, state)."""
    _head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(1).to_python()
    words = {label: state for state, label in UnitState.choices}
    return [(code, f"{area:.2f}" if area else None, words[state]) for _b, _f, code, _use, area, state, *_rest in rows]


def _listed(api, **query):
    """The units of a list of the API: (code, area, state)."""
    rows = api("unit-list", fields="code,area,state", page_size=200, **query)["results"]
    return sorted((row["code"], row["area"], row["state"]) for row in rows)


@pytest.mark.parametrize("scope", ["incubators", "industrial"])
def test_the_lists_of_units_and_their_files(ask, scope):
    page, api = ask
    total = api("area-summary", node={"incubators": "province"}.get(scope, scope))["total"]

    for state in ("lettable", *STATES, "unknown"):
        query = {"scope": scope, "state": state}
        listed, shown = _listed(api, **query), page("unit-list", **query)
        result = csv.DictReader(io.StringIO(api("unit-list", format="csv", **query).getvalue().decode("utf-8-sig")))
        assert sorted((row["code"], row["area"] or None, row["state"]) for row in result) == listed
        summed = sum((Decimal(each or 0) for _code, each, _state in listed), Decimal("0.00"))
        assert (shown["number"], shown["area"] or Decimal("0.00")) == (len(listed), summed)
        if state == "unknown":
            assert len(listed) == total["unknown_units"]
        else:
            assert str(summed) == total[state]


def test_what_is_free_is_found_by_page_and_api_alike(ask):
    page, api = ask

    found = {row["code"] for row in api("vacancy-list", page_size=200)["results"]}

    vacant = {code for code, _area, _state in _listed(api, state="vacant")}
    assert found == {unit.code for card in page("vacancy-list")["cards"] for unit in card.units}
    assert {code for code in vacant if code.startswith("HEU")} == {code for code in found if code.startswith("HEU")}


def test_a_park_that_opens_later_offers_nothing_before(client, official, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: world.DAY)
    build()
    client.force_login(official)

    def lettable(node, day):
        total = client.get(reverse("api-area-summary"), {"node": node, "as_of": day.isoformat()}).json()["total"]
        return total["lettable"], total["unbuilt"]

    before = OPENING - timedelta(days=1)
    assert [lettable("HEU-02", day) for day in (before, OPENING)] == [("0.00", "533.38"), ("433.38", "0.00")]
