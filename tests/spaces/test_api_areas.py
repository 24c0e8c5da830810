"""Areas over the API: groups sum to totals at every level, and are what the pages and the ledger say."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from spaces import ledger
from spaces.ledger import figures
from spaces.models import Building, Ecosystem, Floor, Park, PublishedFigure, Unit
from spaces.models.figures import Measure
from spaces.month_ledger import rebuilding
from tests import make
from tests.frontend import world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("fixed_today")]
AREAS = ("lettable", "occupied", "holdover", "committed", "reserved", "vacant", "offline", "common", "unbuilt")
NUMBERS = ("units", "unknown_units")
LEVELS = [
    *[("province", by) for by in ("ecosystem", "city", "kind", "park")],
    *[("industrial", by) for by in ("park", "city", "ecosystem")],
    *[("hit", by) for by in ("park", "city", "kind", "building")],
    *[("HIT-01", by) for by in ("building", "floor")],
    *[("STP", by) for by in ("building", "floor")],
    ("HIT-01-A", "floor"),
    ("STP-X1", "floor"),
]


def summary(client, **query):
    response = client.get(reverse("api-area-summary"), query)
    assert response.status_code == 200, response.content
    return response.json()


@pytest.mark.parametrize("day", ["2025-06-01", "2026-06-01", "2027-06-01"])
@pytest.mark.parametrize(("node", "by"), LEVELS)
def test_groups_sum_to_their_total_at_every_level(client, official, node, by, day):
    places = world.build()
    client.force_login(official)
    make.floor(building=Building.objects.get(park=places["one"]), label="空层")

    body = summary(client, node=node, group_by=by, as_of=day)

    groups, total = body["groups"], body["total"]
    assert groups
    assert {name: sum(Decimal(group[name]) for group in groups) for name in AREAS} == {
        name: Decimal(total[name]) for name in AREAS
    }
    assert {name: sum(group[name] for group in groups) for name in NUMBERS} == {name: total[name] for name in NUMBERS}
    assert Decimal(total["lettable"]) == sum(Decimal(total[name]) for name in AREAS[1:6])


@pytest.mark.parametrize("by", ["ecosystem", "park"])
def test_a_group_asked_as_a_node_says_the_same(client, by):
    world.build()

    for group in summary(client, group_by=by)["groups"]:
        again = summary(client, node=group["node"])["total"]
        assert again == {name: group[name] for name in again}


@pytest.mark.parametrize("node", ["HIT-01-A@1", "HIT-01-A", "HIT-01", "hit", "province", "industrial"])
def test_a_total_is_what_the_ledger_says_of_its_units(client, node):
    world.build()
    units = {
        "HIT-01-A@1": Unit.objects.filter(floor=Floor.objects.get(building__code="A")),
        "HIT-01-A": Unit.objects.filter(floor__building__code="A"),
        "HIT-01": Unit.objects.filter(floor__building__park__code="HIT-01"),
        "hit": Unit.objects.filter(floor__building__park__periods__ecosystem__code="hit"),
        "province": Unit.objects.incubators(world.DAY),
        "industrial": Unit.objects.filter(floor__building__park__code="STP"),
    }[node]
    balance = ledger.balance(units, on=world.DAY, today=world.DAY)

    total = summary(client, node=node)["total"]

    assert (total["lettable"], total["vacant"]) == (str(balance.lettable), str(balance.areas["vacant"]))
    assert (total["unbuilt"], total["units"]) == (str(balance.areas["unbuilt"]), balance.all_units)
    rates = (balance.rate_occupied, balance.rate_committed, balance.rate_vacant)
    result = (total["rate_occupied"], total["rate_committed"], total["rate_vacant"])
    assert result == tuple(rate and str(rate) for rate in rates)


def test_places_without_units_stand_in_the_list_with_zeros(client):
    world.build()
    make.ecosystem(code="bare")
    floor = make.floor(building=Building.objects.get(code="A"), label="空层")

    assert [(row["node"], row["units"]) for row in summary(client)["groups"]] == [("hit", 14), ("heu", 0), ("bare", 0)]
    assert [(row["node"], row["units"]) for row in summary(client, group_by="park")["groups"]] == [
        ("HIT-01", 8), ("HIT-02", 6), ("HEU-01", 0),
    ]  # fmt: skip
    assert [(row["node"], row["units"]) for row in summary(client, node="HIT-01-A")["groups"]] == [
        (f"HIT-01-A@{floor.level}", 0), ("HIT-01-A@1", 8),
    ]  # fmt: skip
    empty = summary(client)["groups"][2]
    assert (empty["lettable"], empty["rate_occupied"]) == ("0.00", None)


def test_industrial_parks_are_a_node_of_their_own_and_never_added(client):
    world.build()

    assert summary(client)["total"]["unbuilt"] == "0.00"
    assert summary(client, node="industrial")["total"]["unbuilt"] == "200.00"
    assert "STP" not in [group["node"] for group in summary(client, group_by="park")["groups"]]


def test_a_closed_building_and_a_park_not_opened_yet_are_left_out(client, official):
    places = world.build()
    client.force_login(official)
    make.building(park=places["one"], code="OLD", closed_on=date(2025, 1, 1))
    make.park(code="LATER", ecosystem=places["hit"], opened_on=date(2027, 1, 1))

    assert [group["node"] for group in summary(client, node="HIT-01")["groups"]] == ["HIT-01-A"]
    assert [group["node"] for group in summary(client, node="hit")["groups"]] == ["HIT-01", "HIT-02"]
    later = summary(client, node="hit", as_of="2027-01-01")["groups"]
    assert [group["node"] for group in later] == ["HIT-01", "HIT-02", "LATER"]


def test_the_published_figure_stands_beside_with_what_is_not_itemised(client):
    places = world.build()
    make.figure(ecosystem=places["hit"], number=Decimal(1500), text="1500㎡", as_of=date(2026, 1, 1))
    make.figure(ecosystem=places["hit"], number=Decimal(9999), text="later", as_of=date(2026, 12, 1))

    body = summary(client)

    assert body["published"] == {
        "value": "2000.00", "text": "2000平方米", "as_of": "2026-05-01", "as_of_text": "2024-10", "source": "test",
    }  # fmt: skip
    assert body["total"]["not_itemised"] == "967.70"
    assert [group["not_itemised"] for group in body["groups"]] == ["467.70", None]
    result = figures.newest(AnonymousUser(), [Measure.LETTABLE_AREA], on=world.DAY, ecosystem=places["hit"])
    assert [figure.text for figure in result.values()] == ["1500㎡"]
    assert summary(client, node="hit")["published"]["text"] == "1500㎡"
    assert summary(client, node="HIT-02")["published"] is None
    assert (body["basis"], body["definition"]) == ("usable", "/definitions/#lettable")


def test_a_difference_is_formed_on_the_day_of_its_figure_and_named_by_its_sign(client):
    """A ledger that grew since the figure was printed is no difference; nor is "not itemised" ever below zero."""
    places = world.build()
    printed = {"ecosystem": places["hit"], "as_of": date(2026, 5, 1)}
    figure = make.figure(number=Decimal(2000), **printed)
    (then,) = figures.compare([figure], today=world.DAY)
    floor = make.floor(building=Building.objects.get(code="A"), level=9)
    later = make.unit(floor=floor, usable_area=Decimal("100.00"), opens_on=date(2026, 5, 2))
    grown = summary(client, node="hit")["total"]
    assert later.usable_area + then.recorded == Decimal(grown["lettable"])
    assert (grown["not_itemised"], grown["beyond_published"]) == (str(2000 - then.recorded), None)

    PublishedFigure.objects.update(number=then.recorded - 8)

    total = summary(client, node="hit")["total"]
    assert (total["not_itemised"], total["beyond_published"]) == (None, "8.00")
    (row,) = client.get(reverse("api-figure-list"), {"ecosystem": "hit"}).json()["results"]
    assert (row["difference"], row["difference_kind"]) == ("-8.00", "beyond_published")
    assert client.get(reverse("api-ecosystem-detail", args=["hit"])).json()["areas"]["beyond_published"] == "8.00"


def test_names_come_in_both_languages(client):
    world.build()

    kinds = {group["node"]: group["name"] for group in summary(client, group_by="kind")["groups"]}
    (none,) = summary(client, node="industrial", group_by="ecosystem")["groups"]

    assert kinds["incubator"] == {"zh": "孵化器", "en": "Incubator"}
    assert (none["node"], none["name"]["en"]) == (None, "No ecosystem")


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"node": "nope"}, ("node", "unknown_node")),
        ({"node": "HIT-01-A@99"}, ("node", "unknown_node")),
        ({"node": "HIT-01-A@x"}, ("node", "unknown_node")),
        ({"node": "HIT-01-A@1@1"}, ("node", "unknown_node")),
        ({"node": "HIT-01", "group_by": "ecosystem"}, ("group_by", "grouping")),
        ({"node": "HIT-01-A@1", "group_by": "floor"}, ("group_by", "grouping")),
        ({"group_by": "use"}, ("group_by", "invalid_choice")),
    ],
)
def test_a_node_or_group_that_is_none_is_refused(client, query, error):
    world.build()

    response = client.get(reverse("api-area-summary"), query)

    assert response.status_code == 400
    assert [(row["parameter"], row["code"]) for row in response.json()["errors"]] == [error]


def test_the_overview_page_and_the_api_say_the_same(client):
    world.build()

    for by in ("ecosystem", "city", "kind", "park"):
        page = client.get(reverse("overview"), {"by": by}).context
        body = summary(client, group_by=by)

        assert str(page["total"].lettable) == body["total"]["lettable"]
        on_page = {str(row["balance"].lettable) for row in page["rows"]}
        assert on_page == {group["lettable"] for group in body["groups"]}


def test_the_trend_ends_in_the_summary_of_its_day(client):
    world.build()

    body = client.get(reverse("api-area-trend"), {"node": "hit", "months": 3, "as_of": "2026-05-31"}).json()

    assert [row["day"] for row in body["results"]] == ["2026-03-31", "2026-04-30", "2026-05-31"]
    for row in body["results"]:
        total = summary(client, node="hit", as_of=row["day"])["total"]
        assert {name: row[name] for name in AREAS} == {name: total[name] for name in AREAS}
    assert len(client.get(reverse("api-area-trend"), {"as_of": "2000-02-15"}).json()["results"]) == 2


def test_the_pipeline_shows_what_is_promised_beside_and_never_in_the_lettable_area(client):
    world.build()

    body = client.get(reverse("api-pipeline")).json()

    (park,) = body["parks"]
    (building,) = park["buildings"]
    assert (body["total_planned"], park["node"], park["planned_area"]) == ("100000.00", "STP", "100000.00")
    assert building == {
        "node": "STP-X1", "name": {"zh": "中国星谷一期", "en": "中国星谷一期"}, "stage": "fitout",
        "planned_area": "9000.00", "recorded": "200.00", "committed": "200.00", "reserved": "0.00", "occupied": "0.00",
        "rate_committed": "1.0000", "rate_occupied": "0.0000",
    }  # fmt: skip


def test_the_pipeline_lists_an_incubators_unready_building_until_it_is_ready(client, official):
    places = world.build()
    client.force_login(official)
    make.building(park=places["two"], code="NEW", construction_on=date(2026, 1, 1), ready_on=date(2026, 9, 1))
    make.building(park=places["two"], code="FAR", planned_on=date(2026, 12, 1), ready_on=None)

    def shown(day):
        parks = client.get(reverse("api-pipeline"), {"as_of": day}).json()["parks"]
        return [(row["node"], row["stage"]) for park in parks for row in park["buildings"]]

    assert shown("2026-08-31") == [("STP-X1", "fitout"), ("HIT-02-NEW", "construction")]
    assert shown("2026-09-01") == [("STP-X1", "fitout")]


def test_places_tell_their_areas_and_floors_what_is_registered(client):
    world.build()

    park = client.get(reverse("api-park-detail", args=["HIT-01"])).json()
    building = client.get(reverse("api-building-detail", args=["HIT-01-A"])).json()
    ecosystem = client.get(reverse("api-ecosystem-detail", args=["hit"])).json()
    (floor,) = client.get(reverse("api-floor-list"), {"building": "HIT-01-A"}).json()["results"]

    assert (park["areas"]["lettable"], park["buildings"], park["ecosystem"]) == ("516.15", ["HIT-01-A"], "hit")
    assert (building["stage"], building["areas"]["lettable"]) == ("ready", "516.15")
    assert (ecosystem["incubators"], ecosystem["areas"]["lettable"]) == (2, "1032.30")
    assert (floor["node"], floor["usable_area"], floor["recorded_area"]) == ("HIT-01-A@1", "2000.00", "722.41")


def test_comparing_many_figures_is_comparing_each(django_assert_num_queries):
    places = world.build()
    make.park(ecosystem=places["heu"], opened_on=date(2026, 2, 1))
    make.park(ecosystem=places["heu"], opened_on=date(2026, 7, 1))
    for day in (date(2026, 4, 1), date(2026, 5, 1), date(2026, 12, 1)):
        for measure in Measure.values:
            for scope in ({}, {"ecosystem": places["hit"]}, {"ecosystem": places["heu"]}, {"park": places["two"]}):
                make.figure(measure=measure, as_of=day, **scope)
    make.figure(number=None)
    result = list(PublishedFigure.objects.order_by("pk"))
    rebuilding.settle()

    with django_assert_num_queries(15):
        many = figures.compare(result, today=world.DAY)

    assert many == [figures.compare([figure], today=world.DAY)[0] for figure in result]
    assert Park.objects.count() + Ecosystem.objects.count() == 8
