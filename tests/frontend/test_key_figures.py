"""The key figures of the overview, its ranked bars, the tiles of the prefectures, and what it says of a year ahead."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.urls import reverse
from python_calamine import CalamineWorkbook

from frontend.graphics import prefectures
from frontend.views.places.key_figures import ranked
from spaces import ledger
from spaces.ledger import rollups
from spaces.models import Park, PublishedFigure
from tests import make
from tests.frontend import people as folk
from tests.frontend import world

pytestmark = [pytest.mark.django_db]
MONTH, YEAR = date(2026, 5, 31), date(2025, 12, 31)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    world.stop_clock(monkeypatch)


@pytest.fixture
def people():
    return folk.gather()


def scope():
    return ledger.ParkUnits.of_group(AnonymousUser())


def on(day):
    return ledger.balance(scope(), on=day, today=world.DAY)


def test_each_key_figure_and_its_changes_are_the_ledgers(client, people):
    vacant, occupancy, lettable = client.get(reverse("overview")).context["key_figures"]

    now = on(world.DAY)
    assert (vacant["value"], occupancy["value"], lettable["value"]) == (
        now.areas["vacant"], now.rate_occupied, now.lettable
    )  # fmt: skip
    assert [change["day"] for change in vacant["changes"]] == [MONTH, YEAR]
    for day, *changes in zip((MONTH, YEAR), vacant["changes"], occupancy["changes"], lettable["changes"], strict=True):
        then = on(day)
        rates = now.taken / now.lettable - then.taken / then.lettable if then.lettable else None
        assert [change["by"] for change in changes] == [
            now.areas["vacant"] - then.areas["vacant"], rates, now.lettable - then.lettable
        ]  # fmt: skip
        assert all(f"as_of={day}" in change["url"] for change in changes)


@pytest.mark.parametrize("as_of", ["2026-01-15", "2000-02-01"])
def test_a_day_without_a_month_or_a_year_before_it_has_fewer_changes(client, people, as_of):
    figures = client.get(reverse("overview"), {"as_of": as_of}).context["key_figures"]

    days = [change["day"] for change in figures[0]["changes"]]
    assert days == {"2026-01-15": [YEAR, YEAR], "2000-02-01": [date(2000, 1, 31)]}[as_of]


@pytest.mark.parametrize("stale", [False, True])
def test_the_parks_with_most_vacant_area_are_the_first_of_all(people, stale):
    for number, area in enumerate((300, 500, 500, 1), 1):
        park = make.park(code=f"M-{number}")
        make.unit(floor=make.floor(building=make.building(park=park)), usable_area=Decimal(area))
    if stale:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE spaces_countedunit SET stale = %s", [True])

    found = rollups.of_most_vacant(scope(), 3, on=world.DAY, today=world.DAY)

    every = rollups.of_parks(scope(), "park", on=world.DAY, today=world.DAY)
    areas = sorted((node.balance.areas["vacant"] for node in every), reverse=True)
    assert [node.balance.areas["vacant"] for node in found] == areas[:3]
    assert [node.key for node in found[:2]] == ["M-2", "M-3"]
    assert {node.key: node.balance for node in every}["M-2"] == found[0].balance


def test_no_park_without_vacancy_is_ranked():
    make.allocation(unit=make.unit())

    assert rollups.of_most_vacant(scope(), 5, on=world.DAY, today=world.DAY) == []


def test_bars_are_as_long_as_their_areas_and_none_is_left_without():
    areas = [Decimal(area) for area in ("50", "200", "0", "0.01")]
    rows = [{"balance": ledger.Balance({"vacant": area}, {})} for area in areas]

    found = ranked(rows, 3)

    assert [(row["balance"].areas["vacant"], row["width"], row["rest"]) for row in found] == [
        (200, 200, 0), (50, 50, 150), (Decimal("0.01"), 1, 199)
    ]  # fmt: skip


def test_the_prefectures_are_thirteen_tiles_that_do_not_cover_each_other():
    places = [(line, column) for _name, line, column in prefectures.TILES.values()]

    assert len(set(places)) == len(places) == 13


def test_by_city_each_prefecture_has_its_figures(client, people):
    client.cookies["django_language"] = "zh-hans"
    tiles = {tile["name"]: tile for tile in client.get(reverse("overview"), {"by": "city"}).context["tiles"]}
    rows = {row["key"]: row for row in client.get(reverse("overview"), {"by": "city"}).context["rows"]}

    assert {name for name, tile in tiles.items() if tile["row"]} == {name.removesuffix("市") for name in rows}
    for name, row in rows.items():
        assert tiles[name.removesuffix("市")]["row"]["balance"] == row["balance"]


def test_cities_of_another_province_have_no_tiles():
    row = {"key": "长春", "balance": ledger.total([])}

    assert prefectures.tiles([row], english=False) == []


@pytest.mark.parametrize(("rate", "step"), [("0", 1), ("0.4", 2), ("0.7999", 3), ("0.8", 4), ("0.95", 5), ("1", 5)])
def test_the_step_of_a_tile_is_that_of_its_occupancy(rate, step):
    class Balance:
        rate_occupied = Decimal(rate)

    (tile,) = (
        each for each in prefectures.tiles([{"key": "哈尔滨", "balance": Balance}], english=True) if each["row"]
    )

    assert (tile["name"], tile["step"]) == ("Harbin", step)


@pytest.mark.parametrize(("recorded", "share"), [("1500", "0.7500"), ("2000", "1.0000"), ("2600", "1.0000")])
def test_the_coverage_is_the_recorded_share_of_the_published(recorded, share):
    figure = PublishedFigure(number=Decimal(2000))

    assert ledger.figures.FigureComparison(figure, Decimal(recorded)).coverage == Decimal(share)
    assert ledger.figures.FigureComparison(figure, None).coverage is None


WHO = {"manager": 200, "officer": 200, "official": 200, "auditor": 200, "admin": 403, "stranger": 403}


@pytest.mark.parametrize("who", WHO)
def test_a_year_ahead_is_for_those_who_may_see_leases(client, people, who):
    client.force_login(getattr(people, who))

    answer = client.get(reverse("overview-ahead"))

    assert answer.status_code == WHO[who]
    asked = reverse("overview-ahead") in client.get(reverse("overview")).content.decode()
    assert asked is (WHO[who] == 200)
    assert reverse("overview-ahead") not in client.get(reverse("overview"), {"as_of": "2026-05-01"}).content.decode()


def test_if_nothing_renews_a_year_ahead_is_the_ledgers_own_day(client, people):
    client.force_login(people.official)
    context = client.get(reverse("overview-ahead")).context

    assert context["year"].day == date(2027, 5, 31)
    (_label, vacant), (_all, least), _observed = context["vacant"]
    assert vacant == on(context["year"].day).areas["vacant"]
    assert least == vacant - context["year"].ending
    assert context["ahead"]["days"][0] == "2026-06-30"
    assert Park.objects.count()


def test_a_visitor_is_asked_to_log_in(client, people):
    assert client.get(reverse("overview-ahead")).status_code == 302


@pytest.mark.parametrize("by", ["ecosystem", "city", "kind", "park"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_workbook_has_the_rows_and_the_total_of_the_page(client, people, by, language):
    client.cookies["django_language"] = language
    query = {"by": by, "as_of": "2026-05-20"}
    page = client.get(reverse("overview"), query).context

    sheets = read(client.get(reverse("overview-file"), query))

    report, data, notes = sheets
    top = 5 if any(row["sample"] for row in page["rows"]) else 4
    body = report[top + 1 : -1]
    assert [(row[0], *map(money, row[2:7]), money(row[8])) for row in body] == [
        (each["name"], each["balance"].lettable, each["balance"].taken, each["balance"].areas["committed"],
         each["balance"].areas["reserved"], each["balance"].areas["vacant"], each["change"])
        for each in page["rows"]
    ]  # fmt: skip
    assert [money(cell) for cell in report[-1][2:7]] == [
        page["total"].lettable, page["total"].taken, *(page["total"].areas[state]
                                                       for state in ("committed", "reserved", "vacant"))
    ]  # fmt: skip
    assert Decimal(str(report[-1][7])) == page["total"].rate_occupied
    assert data[1:] == body
    assert ["2026-05-20", str(len(body))] == [notes[0][1], notes[-1][1]]


def test_a_workbook_of_an_empty_province_has_no_rows(client):
    report, data, notes = read(client.get(reverse("overview-file")))

    assert (len(data), notes[-1][1]) == (1, "0")
    assert report[-1] == data[0]


def read(answer):
    assert answer.status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def money(cell):
    return Decimal(str(cell)).quantize(Decimal("0.01"))


def test_on_a_coming_day_no_single_park_is_ranked_for_who_may_not_know_it(client, people):
    """Decision 0012: officials read all; a manager is told totals over several parks."""
    for who, shown in (("official", True), ("manager", False), ("officer", False)):
        client.force_login(getattr(people, who))
        coming = client.get(reverse("overview"), {"as_of": "2026-12-31"}).context
        assert (coming["ranks_parks"], bool(coming["parks"])) == (shown, shown), who
        rows = client.get(reverse("overview"), {"as_of": "2026-12-31", "by": "park"}).context["rows"]
        data = read(client.get(reverse("overview-file"), {"as_of": "2026-12-31", "by": "park"}))[1]
        assert ["HIT-02" in {row["key"] for row in rows}, "HIT-02" in {row[1] for row in data}] == [shown, shown]
        assert client.get(reverse("overview")).context["ranks_parks"]


@pytest.mark.parametrize("who", ["manager", "officer", "official"])
def test_an_ecosystem_with_one_park_is_that_park_on_a_coming_day(client, people, who):
    """HEU-01 is the only park of its ecosystem, and not theirs."""
    client.force_login(getattr(people, who))
    coming = {"as_of": "2026-12-31"}
    answers = [
        client.get(reverse("vacancy-report"), {"ecosystem": "heu"} | coming),
        client.get(reverse("forecast"), {"ecosystem": "heu"}),
        client.get(reverse("api-forecast"), {"node": "heu"}),
        client.get(reverse("api-area-vacancy"), {"node": "heu"} | coming),
        client.get(reverse("api-area-summary"), {"node": "heu"} | coming),
        client.get(reverse("api-area-trend"), {"node": "heu"} | coming),
    ]

    assert {answer.status_code for answer in answers} == {200 if who == "official" else 403}
    assert client.get(reverse("vacancy-report"), {"ecosystem": "hit"} | coming).status_code == 200
    assert client.get(reverse("vacancy-report"), {"ecosystem": "heu"}).status_code == 200
