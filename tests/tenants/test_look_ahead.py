"""Nobody outside learns when a tenancy ends: every open address, on every day and window that it can be asked for."""

import json
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from spaces.ledger import vacancy
from spaces.models import Allocation, Unit
from tests import make
from tests.frontend import desk
from tests.frontend.test_rights import ALL, READ, text_of
from tests.tenants import rights

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases,
    pytest.mark.usefixtures("fixed_today"),
    pytest.mark.engine,
]
OUTSIDE = ("visitor", "rival", "admin")
ENDS = date(2028, 1, 17)  # the first day without the tenant
LAPSES = date(2026, 6, 23)
NODES = ("HIT-01", "HIT-01-A", "HIT-01-A@4")
TOMORROW = desk.DAY + timedelta(days=1)
PATHS = [
    "/api/v1/units/", "/api/v1/units/HIT-01-A-401/", "/api/v1/units/HIT-01-A-401/intervals/", "/api/v1/pipeline/",
    "/api/v1/buildings/HIT-01-A/", "/api/v1/buildings/HIT-01-A/stack/", "/api/v1/parks/", "/api/v1/parks/HIT-01/",
    "/api/v1/ecosystems/", "/api/v1/ecosystems/hit/", "/api/v1/floors/?building=HIT-01-A", "/api/v1/areas/summary/",
    "/api/v1/areas/trend/", "/api/v1/areas/summary/?node=HIT-01-A@4", "/api/v1/floors/HIT-01-A@4/plan/",
    "/api/v1/vacancies/", "/api/v1/areas/vacancy/", "/api/v1/areas/vacancy/?node=HIT-01-A@4",
]  # fmt: skip


@pytest.fixture
def people():
    """Unit 401 let up to ENDS, unit 405 held: nothing else is taken on that floor."""
    people = rights.world()
    r401, r405 = people.rooms.r401, people.rooms.r405
    make.allocation(unit=r401, starts_on=date(2025, 1, 1), ends_on=ENDS, moved_in_on=date(2025, 1, 1))
    make.allocation(unit=r405, starts_on=date(2026, 5, 1), ends_on=date(2027, 5, 9), signed_on=None, held_until=LAPSES)
    return people


def signed_in(people, who):
    client = Client()
    if who != "visitor":
        client.force_login(getattr(people, who))
    return client


def asked(path, day):
    return f"{path}{'&' if '?' in path else '?'}as_of={day}"


@pytest.mark.parametrize("who", OUTSIDE)
def test_no_open_address_of_the_api_tells_of_a_coming_day(people, who):
    client = signed_in(people, who)

    codes = {path: client.get(asked(path, TOMORROW)).status_code for path in PATHS}

    assert codes == dict.fromkeys(PATHS, 403)
    body = client.get(asked(PATHS[0], TOMORROW)).json()
    assert body["type"] == "/problems/permission-denied"
    assert "2026-06-02 is in the future" in body["detail"]
    assert {client.get(asked(path, desk.DAY)).status_code for path in PATHS} == {200}


@pytest.mark.parametrize("who", OUTSIDE)
def test_a_page_asked_for_a_coming_day_shows_today_and_says_so(people, who):
    client = signed_in(people, who)
    for key in (key for key in READ if READ[key] == ALL):
        there = client.get(reverse(key[0], args=key[1:]), {"as_of": "2028-01-17"})
        now = client.get(reverse(key[0], args=key[1:]))
        assert there.status_code == now.status_code == 200
        if "text/html" in there["Content-Type"] and "<html" in now.content.decode():
            assert "2028-01-17 is in the future" in there.content.decode(), key
        else:
            assert text_of(there) == text_of(now), key


@pytest.mark.parametrize("who", OUTSIDE)
def test_no_answer_of_today_holds_the_day_on_which_somebody_leaves(people, who):
    client = signed_in(people, who)
    words = [str(day) for day in (ENDS, ENDS - timedelta(days=1), LAPSES, LAPSES - timedelta(days=1))]
    words += ["2027-05-09", "2027-05-08"]
    pages = [reverse(key[0], args=key[1:]) for key in READ if key[0] != "set-text-size"]
    pages += ["/units/HIT-01-A-401/", "/units/HIT-01-A-405/", "/spaces/?park=HIT-01&starts_on=2027-12-01"]
    pages += ["/parks/HIT-01/A/?compare=2028-01-20", "/units/HIT-01-A-401/panel/", "/spaces/?park=HIT-01"]
    windows = ["/api/v1/units/HIT-01-A-401/intervals/?from=2025-01-01&until=2029-01-01"]

    htmx = {"HX-Request": "true", "HX-Request-Type": "partial"}
    result = {path: text_of(client.get(path)) for path in pages + PATHS + windows}
    result["panel"] = text_of(client.get("/units/HIT-01-A-401/panel/", headers=htmx))

    for path, text in result.items():
        assert [word for word in words if word in text] == [], path


@pytest.mark.parametrize("who", OUTSIDE)
def test_walking_the_vacancies_day_by_day_finds_no_end(people, who):
    """What is taken stays taken: no day and no window brings a taken unit back."""
    client = signed_in(people, who)
    days = [ENDS - timedelta(days=1), ENDS, ENDS + timedelta(days=400), LAPSES, date(2027, 5, 9), date(2090, 1, 1)]

    for day in days:
        body = client.get("/api/v1/vacancies/", {"starts_on": day, "park": "HIT-01", "page_size": 200}).json()
        page = client.get("/spaces/", {"starts_on": day, "park": "HIT-01"}).content.decode()
        cards = page.partition('id="others"')[0]
        for code in ("HIT-01-A-401", "HIT-01-A-405"):
            assert code not in json.dumps(body), day
            assert code not in cards, day
        assert "HIT-01-A-602" in json.dumps(body), day


def test_who_looks_after_the_park_is_told(people):
    for who in ("manager", "officer", "official", "auditor"):
        client = signed_in(people, who)
        found = client.get("/api/v1/vacancies/", {"starts_on": ENDS, "park": "HIT-01", "page_size": 200})
        spells = client.get("/api/v1/units/HIT-01-A-401/intervals/").json()["intervals"]

        assert {client.get(asked(path, TOMORROW)).status_code for path in PATHS} == {200}
        assert "HIT-01-A-401" in found.content.decode()
        assert [spell["end"] for spell in spells][-2:-1] == [str(ENDS)]
        assert "2028-01-16" in client.get("/units/HIT-01-A-401/").content.decode()


def test_the_manager_of_another_park_is_an_outsider_here(people):
    client = signed_in(people, "neighbour")
    found = client.get("/api/v1/vacancies/", {"starts_on": ENDS, "park": "HIT-01", "page_size": 200})
    paths = ["/api/v1/units/HIT-01-A-401/", "/api/v1/units/HIT-01-A-401/intervals/"]
    paths += ["/api/v1/buildings/HIT-01-A/stack/", "/units/HIT-01-A-401/", "/units/HIT-01-A-401/panel/"]
    paths += ["/parks/HIT-01/", "/parks/HIT-01/A/", "/parks/HIT-01/A/4/", "/parks/HIT-01/stack.svg"]

    paths += ["/api/v1/parks/HIT-01/", "/api/v1/buildings/HIT-01-A/", "/api/v1/floors/?building=HIT-01-A"]
    paths += [f"/api/v1/areas/{kind}/?node={node}" for kind in ("summary", "trend") for node in NODES]
    lists = ["/api/v1/units/", "/api/v1/units/?park=HIT-01", "/api/v1/units/?format=csv&fields=code,state", "/units/"]

    codes = {path: client.get(asked(path, TOMORROW)).status_code for path in paths}
    listed = [b"".join(client.get(asked(path, day))).decode() for path in lists for day in (TOMORROW, ENDS)]

    assert codes == dict.fromkeys(paths, 403)
    assert [result for result in [*listed, text_of(found)] if "HIT-01-A-4" in result] == []
    assert "HIT-02-B-101" in listed[0]
    assert "only the units of the parks that you look after" in listed[-1]
    assert "HIT-01-A-401" in text_of(client.get("/units/?park=HIT-01"))


def test_the_state_of_today_has_no_end_for_an_outsider(people):
    spells = signed_in(people, "visitor").get("/api/v1/units/HIT-01-A-401/intervals/").json()["intervals"]

    assert [(spell["state"], spell["start"], spell["end"], spell["last_day"]) for spell in spells[-1:]] == [
        ("occupied", "2025-01-01", None, None)
    ]
    assert spells[0]["end"] == "2025-01-01"


@pytest.mark.parametrize("until", [date(2026, 6, 1), TOMORROW, ENDS, date(2030, 1, 1)])
def test_what_is_told_outside_does_not_depend_on_when_somebody_leaves(people, until):
    """The same answers whatever the end of the lease is, while it lies ahead: the proof that none gives it away."""
    visitor = signed_in(people, "visitor")
    ask = {"starts_on": until, "park": "HIT-01", "page_size": 200}
    paths = [*PATHS, "/api/v1/units/HIT-01-A-401/intervals/?until=2031-01-01"]
    answers = []
    for ends_on in (TOMORROW, ENDS, date(2029, 1, 1), None):
        Allocation.objects.filter(unit=people.rooms.r401).update(ends_on=ends_on)
        found = [visitor.get(path).json() for path in paths] + [visitor.get("/api/v1/vacancies/", ask).json()]
        answers.append(json.dumps(found))

    assert len(set(answers)) == 1


def test_the_rule_in_sql_keeps_what_is_free_all_along(people):
    free = vacancy.free(Unit.objects.all(), starts_on=ENDS, today=desk.DAY)
    window = {"ends_on": ENDS + timedelta(days=1), "today": desk.DAY}

    inside = set(vacancy.disclosable(free, known={people.park.pk}, **window))
    outside = set(vacancy.disclosable(free, known=(), **window))

    assert people.rooms.r401 in inside
    assert set(vacancy.disclosable(free, known=None, **window)) == set(free)
    assert inside - outside >= {people.rooms.r401, people.rooms.r405}
    assert people.rooms.r602 in outside
