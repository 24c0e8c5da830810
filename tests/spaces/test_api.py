"""What holds for every read: problems, parameters, pages, days, orders, CSV, ETag and caches."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from spaces import changes
from spaces.models import PublishedFigure, Unit, UnitPeriod
from tests import make
from tests.frontend import people, world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("fixed_today")]


def text_of(response):
    return b"".join(response.streaming_content).decode()


def refused(response, status=400):
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    body = response.json()
    return [(error.get("parameter", error.get("pointer")), error["code"]) for error in body.get("errors", [])]


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ({"nope": "1"}, [("nope", "unknown_parameter")]),
        ({"nope": "1", "other": ""}, [("nope", "unknown_parameter"), ("other", "unknown_parameter")]),
        ({"as_of": ["2026-01-01", "2026-01-02"]}, [("as_of", "repeated")]),
        ({"as_of": "2026-02-30"}, [("as_of", "day")]),
        ({"as_of": "1999-12-31"}, [("as_of", "day")]),
        ({"as_of": "2026-1-1"}, [("as_of", "day")]),
        ({"as_of": "20260101"}, [("as_of", "day")]),
        ({"as_of": "２０２６-０１-０１"}, [("as_of", "day")]),
        ({"park": "NOPE"}, [("park", "invalid_choice")]),
        ({"area__gte": "NaN"}, [("area__gte", "invalid")]),
        ({"area__gte": "1.005"}, [("area__gte", "max_decimal_places")]),
        ({"ordering": "usable_area"}, [("ordering", "name")]),
        ({"fields": "code,note"}, [("fields", "name")]),
        ({"format": "xml"}, [("format", "invalid_choice")]),
        ({"lang": "fr"}, [("lang", "invalid_choice")]),
        ({"page": "0"}, [("page", "min_value")]),
        ({"page": "-1"}, [("page", "min_value")]),
        ({"page": "last"}, [("page", "invalid")]),
        ({"page": "9" * 20}, [("page", "max_value")]),
        ({"page_size": "0"}, [("page_size", "min_value")]),
        ({"page_size": "201"}, [("page_size", "max_value")]),
    ],
)
def test_what_is_not_understood_is_refused_by_name_and_never_ignored(client, query, errors):
    assert refused(client.get(reverse("api-unit-list"), query)) == errors


def test_an_unknown_parameter_is_told_with_the_known_ones(client):
    body = client.get(reverse("api-pipeline"), {"as_off": "2026-01-01"}).json()

    assert body["detail"] == "“as_off” is not known here. Known: lang, as_of, known_on."
    assert {name: body[name] for name in ("type", "title", "status", "instance")} == {
        "type": "/problems/invalid",
        "title": "Bad Request",
        "status": 400,
        "instance": "/api/v1/pipeline/",
    }
    assert len(body["trace"]) == 6


def test_empty_values_count_as_not_given_as_a_form_sends_them(client):
    world.build()

    response = client.get(reverse("api-unit-list"), {"as_of": "", "park": "", "state": ["", "vacant"], "q": ""})

    assert [row["code"] for row in response.json()["results"]] == ["HIT-01-A-101", "HIT-02-B-101"]


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "patch"])
def test_an_address_that_is_none_is_a_problem_in_every_method(client, method):
    client.force_login(make.user())

    response = getattr(client, method)("/api/v1/nothing/here")

    assert refused(response, 404) == []
    assert response.json()["type"] == "/problems/not-found"


def test_a_write_an_unwanted_form_and_a_missing_thing_are_problems_too(client):
    client.force_login(make.user())

    assert refused(client.post(reverse("api-unit-list")), 405) == []
    assert refused(client.get(reverse("api-unit-list"), headers={"Accept": "application/xml"}), 406) == []
    assert refused(client.get(reverse("api-unit-detail", args=["NOPE"])), 404) == []
    assert client.post(reverse("api-unit-list"))["Allow"] == "GET, HEAD, OPTIONS"


def test_a_page_beyond_the_last_is_not_found(client):
    assert refused(client.get(reverse("api-unit-list"), {"page": 2}), 404) == []


def test_pages_keep_their_query_and_echo_the_day(client):
    world.build()

    body = client.get(reverse("api-unit-list"), {"page_size": 7, "page": 2, "as_of": "2026-03-01"}).json()

    assert {name: body[name] for name in ("count", "next", "previous", "as_of")} == {
        "count": 16,
        "next": "http://testserver/api/v1/units/?as_of=2026-03-01&page=3&page_size=7",
        "previous": "http://testserver/api/v1/units/?as_of=2026-03-01&page_size=7",
        "as_of": "2026-03-01",
    }
    assert len(body["results"]) == 7


def test_the_day_decides_what_a_unit_is(client):
    world.build()
    url = reverse("api-unit-detail", args=["HIT-01-A-105"])

    states = {
        day: client.get(url, {"as_of": day}).json()["state"] for day in ("2025-12-31", "2026-04-30", "2026-05-01")
    }

    assert states == {"2025-12-31": "vacant", "2026-04-30": "occupied", "2026-05-01": "holdover"}


def test_a_unit_is_found_outside_its_life_without_a_state(client):
    make.unit(code="X-1", opens_on=date(2026, 6, 2), closes_on=date(2027, 1, 1))

    body = client.get(reverse("api-unit-detail", args=["X-1"])).json()

    assert (body["state"], body["closes_on"], body["last_day"]) == (None, "2027-01-01", "2026-12-31")


def test_lineage_is_told_by_codes(client):
    old, new = make.unit(code="OLD"), make.unit(code="NEW")
    new.predecessors.add(old)

    assert client.get(reverse("api-unit-detail", args=["NEW"])).json()["predecessors"] == ["OLD"]
    assert client.get(reverse("api-unit-detail", args=["OLD"])).json()["successors"] == ["NEW"]


def test_numbers_are_strings_with_fixed_decimals_and_unknown_is_null(client):
    make.unit(code="A", usable_area=Decimal(380), height_m=Decimal("3.5"))
    make.unit(code="B", usable_area=None)

    rows = client.get(reverse("api-unit-list"), {"fields": "code,area,height_m,level"}).json()["results"]

    assert rows == [
        {"code": "A", "area": "380.00", "height_m": "3.50", "level": 1},
        {"code": "B", "area": None, "height_m": None, "level": 1},
    ]


@pytest.mark.parametrize(
    ("ordering", "codes"),
    [
        ("code", ["A", "B", "C", "D"]),
        ("-code", ["D", "C", "B", "A"]),
        ("area,code", ["B", "A", "C", "D"]),
        ("-area,-code", ["C", "A", "B", "D"]),
    ],
)
def test_orders_put_what_is_unknown_last_on_both_databases(client, ordering, codes):
    floor = make.floor()
    for code, area in {"A": 20, "B": 10, "C": 20, "D": None}.items():
        make.unit(code=code, floor=floor, usable_area=area and Decimal(area))
    UnitPeriod.objects.filter(unit__code="C").update(usable_area=Decimal(30))

    rows = client.get(reverse("api-unit-list"), {"ordering": ordering, "fields": "code"}).json()["results"]

    assert [row["code"] for row in rows] == codes


def test_csv_is_the_whole_list_with_a_mark_and_no_formula(client):
    people_ = people.gather()
    unit = people_.world["unit"]
    make.allocation(unit=unit, purpose="offline", signed_on=None, reason='=HYPERLINK("http://x")')
    client.force_login(people_.manager)

    response = client.get(
        reverse("api-allocation-list"),
        {"format": "csv", "unit": unit.code, "fields": "unit,area,ends_on,reason", "page_size": 1},
    )

    assert text_of(response) == (
        f'\ufeffunit,area,ends_on,reason\r\n{unit.code},101.21,,"\'=HYPERLINK(""http://x"")"\r\n'
    )
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="allocations-2026-06-01.csv"'


def test_csv_takes_the_query_of_the_page(client):
    world.build()

    response = client.get(reverse("api-unit-list"), {"format": "csv", "park": "HIT-01", "state": "lettable", "q": ""})

    assert [line.split(",")[0] for line in text_of(response).splitlines()] == [
        "\ufeffcode",
        *(f"HIT-01-A-10{number}" for number in range(1, 6)),
    ]


def test_a_unit_has_an_etag_that_changes_with_it(client):
    unit = make.unit(code="A")
    url = reverse("api-unit-detail", args=["A"])
    tag = client.get(url)["ETag"]

    same = client.get(url, headers={"If-None-Match": tag})
    make.allocation(unit=unit)
    other = client.get(url, headers={"If-None-Match": tag})

    assert (same.status_code, same.content, other.status_code) == (304, b"", 200)
    assert other["ETag"] != tag


def test_only_the_public_feed_is_kept_by_caches_and_only_for_visitors(client):
    feed = client.get(reverse("api-vacancy-list"))
    assert feed["Cache-Control"] == "public, max-age=300"
    assert {"Cookie", "Accept-Language"} <= {name.strip() for name in feed["Vary"].split(",")}
    assert client.get(reverse("api-vacancy-list"), headers={"If-None-Match": feed["ETag"]}).status_code == 304
    refusal = client.get(reverse("api-vacancy-list"), {"nope": "1"})
    assert refusal["Cache-Control"] == "private, no-store"
    for name in ("api-unit-list", "api-area-summary", "api-park-list"):
        assert client.get(reverse(name))["Cache-Control"] == "private, no-store"

    client.force_login(make.user())

    assert client.get(reverse("api-vacancy-list"))["Cache-Control"] == "private, no-store"


def test_refusals_speak_the_language_asked_for(client):
    result = client.get(reverse("api-unit-list"), {"page": "x"}, headers={"Accept-Language": "zh-hans"}).json()

    assert result["detail"] == "“x”不是数字。请只填数字，例如 120.50 或 1,200.50。"


def test_vacancies_are_published_units_free_in_the_window_smallest_first(client, official):
    floor = make.floor()
    for code, area, published in (
        ("BIG", 300, True),
        ("SMALL", 100, True),
        ("SECRET", 200, False),
        ("TAKEN", 50, True),
    ):
        make.unit(code=code, floor=floor, usable_area=Decimal(area), published=published)
    make.allocation(unit=Unit.objects.get(code="TAKEN"), ends_on=date(2026, 9, 1))
    make.allocation(unit=Unit.objects.get(code="BIG"), starts_on=date(2026, 10, 1))
    url = reverse("api-vacancy-list")

    def free(**query):
        rows = client.get(url, query | {"fields": "code,last_free_day"}).json()["results"]
        return [(row["code"], row["last_free_day"]) for row in rows]

    assert free() == [("SMALL", None), ("BIG", "2026-09-30")]
    assert free(starts_on="2026-09-01") == [("SMALL", None), ("BIG", "2026-09-30")]  # TAKEN tells when somebody leaves
    client.force_login(official)
    assert free() == [("SMALL", None), ("BIG", "2026-09-30")]
    assert free(starts_on="2026-09-01") == [("TAKEN", None), ("SMALL", None), ("BIG", "2026-09-30")]
    assert free(starts_on="2026-08-31", ends_on="2026-11-01") == [("SMALL", None)]
    assert free(area__gte="100.01") == [("BIG", "2026-09-30")]
    assert refused(client.get(url, {"starts_on": "2026-09-01", "ends_on": "2026-09-01"})) == [("ends_on", "order")]


def test_intervals_are_half_open_and_joined(client, official):
    unit = make.unit(code="A", opens_on=date(2026, 1, 1))
    make.allocation(
        unit=unit, starts_on=date(2026, 2, 1), ends_on=date(2026, 5, 1), moved_in_on=date(2026, 3, 1), reason="secret"
    )
    url = reverse("api-unit-intervals", args=["A"])

    body = client.get(url, {"from": "2025-12-01", "until": "2026-07-01"}).json()

    def result(body):
        return [(row["start"], row["end"], row["last_day"], row["state"], row["words"]) for row in body["intervals"]]

    spells = [
        ("2026-01-01", "2026-02-01", "2026-01-31", "vacant", "Vacant"),
        ("2026-02-01", "2026-03-01", "2026-02-28", "committed", "Signed, not moved in"),
        ("2026-03-01", "2026-05-01", "2026-04-30", "occupied", "Occupied"),
        ("2026-05-01", "2026-06-02", "2026-06-01", "holdover", "Holdover"),
        ("2026-06-02", "2026-07-01", "2026-06-30", "vacant", "Vacant"),
    ]
    assert result(body) == [*spells[:3], ("2026-05-01", None, None, "holdover", "Holdover")]
    assert body["allocations"] is None
    client.force_login(official)
    assert result(client.get(url, {"from": "2025-12-01", "until": "2026-07-01"}).json()) == spells
    assert refused(client.get(url, {"from": "2026-01-01", "until": "2026-01-01"})) == [("until", "window")]
    assert refused(client.get(url, {"from": "2000-01-01", "until": "2099-12-31"})) == [("until", "window")]


@pytest.mark.parametrize(("who", "seen"), [("manager", ["secret"]), ("official", ["secret"]), ("neighbour", None)])
def test_intervals_tell_allocations_to_those_who_may_see_them(client, who, seen):
    places = people.gather()
    make.allocation(unit=places.world["unit"], reason="secret")
    client.force_login(getattr(places, who))

    body = client.get(reverse("api-unit-intervals", args=[places.world["unit"].code])).json()

    result = body["allocations"]
    assert (result and [row["reason"] for row in result]) == seen


def test_covering_leaves_the_allocations_that_count_on_the_day(client):
    places = people.gather()
    unit = places.world["unit"]
    make.allocation(unit=unit, starts_on=date(2026, 5, 1), ends_on=date(2026, 12, 1), held_until=date(2026, 7, 1))
    client.force_login(places.official)

    def found(day):
        query = {"covering": "true", "unit": unit.code, "as_of": day}
        return client.get(reverse("api-allocation-list"), query).json()["count"]

    assert [found(day) for day in ("2026-04-30", "2026-05-01", "2026-06-30", "2026-07-01")] == [0, 1, 1, 0]


def test_holdovers_are_the_rows_behind_the_holdover_area(client):
    places = people.gather()
    client.force_login(places.official)

    rows = client.get(reverse("api-holdover-list")).json()["results"]
    total = client.get(reverse("api-area-summary")).json()["total"]["holdover"]

    assert [(row["unit"], row["last_day"], row["days_over"]) for row in rows] == [
        ("HIT-01-A-105", "2026-04-30", 32),
        ("HIT-02-B-105", "2026-04-30", 32),
    ]
    assert sum(Decimal(row["area"]) for row in rows) == Decimal(total)
    assert client.get(reverse("api-holdover-list"), {"as_of": "2026-06-02"}).json()["count"] == 0


def test_changes_are_read_by_cursor_newest_first(client):
    places = people.gather()
    unit, other = places.world["unit"], Unit.objects.get(code="HIT-02-B-101")
    for number in range(5):
        changes.record(unit, f"verb{number}", by=places.manager, why="because")
    changes.record(other, "elsewhere", by=places.neighbour)
    client.force_login(places.manager)
    url, verbs = reverse("api-change-list"), []

    query = f"{url}?page_size=2&object=unit:{unit.code}&as_of=2099-12-31"
    while query:
        body = client.get(query).json()
        verbs.append([row["verb"] for row in body["results"]])
        query = body["next"]

    assert verbs == [["verb4", "verb3"], ["verb2", "verb1"], ["verb0"]]
    everything = client.get(url, {"type": "unit", "since": "2000-01-01", "as_of": "2099-12-31"}).json()["results"]
    assert {row["by"] for row in everything} == {"manager"}
    assert client.get(url, {"type": "park", "as_of": "2099-12-31"}).json()["results"] == []
    assert refused(client.get(url, {"object": "unit:NOPE"})) == [("object", "unknown_object")]
    assert refused(client.get(url, {"object": "1=1"})) == [("object", "unknown_object")]


def test_a_change_is_told_whole(client):
    places = people.gather()
    changes.record(places.world["unit"].periods.get(), "correct", by=places.manager, why="because")
    client.force_login(places.auditor)

    (row,) = client.get(reverse("api-change-list"), {"as_of": "2099-12-31"}).json()["results"]

    assert (row["verb"], row["by"], row["label"], row["why"]) == ("correct", "manager", "HIT-01-A-101", "because")
    assert row["after"]["usable_area"] == "101.21"
    assert row["at"].endswith("+08:00")


def test_indicators_are_numbers_as_reported_by_the_day(client):
    hit = make.ecosystem(code="hit")
    for month in (4, 5, 6):
        hit.indicators.create(month=date(2026, month, 1), key="new_companies", value=Decimal(month))

    body = client.get(reverse("api-indicator-list"), {"as_of": "2026-05-31", "month__gte": "2026-05-01"}).json()

    assert body["results"] == [
        {"ecosystem": "hit", "month": "2026-05-01", "key": "new_companies", "value": "5.00", "sample": False}
    ]


def test_figures_keep_their_text_and_show_the_difference(client):
    world.build()

    rows = client.get(reverse("api-figure-list"), {"measure": ["lettable_area", "incubators"]}).json()["results"]

    result = [(row["park"], row["text"], row["number"], row["recorded"], row["difference"]) for row in rows]
    assert result == [
        (None, "2000平方米", "2000.00", "1032.30", "967.70"),
        (None, "3家", "3", "3", "0"),
        ("HIT-01", "1500平方米", "1500.00", "516.15", "983.85"),
    ]
    assert PublishedFigure.objects.count() == 3


def test_json_is_written_as_it_is_read(client):
    world.build()

    response = client.get(reverse("api-park-list"), {"kind": "science_park"})

    assert "示例创新园" in response.content.decode()
    assert json.loads(response.content)["results"][0]["ecosystem"] == "hit"
