"""What was known at an earlier moment is answered again, whatever was recorded since; by whom it may be asked."""

import re
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from spaces import changes
from spaces.actions import allocations, places, units
from spaces.models import Allocation, Change, Unit
from spaces.values.periods import Validity
from tests import make
from tests.frontend import desk, world
from tests.frontend import people as folk
from tests.frontend.test_dated_facts import TOKEN, addresses
from tests.frontend.test_rights import ACT, READ

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
TODAY, YEAR_AGO = world.DAY, world.DAY - timedelta(days=365)
COMPARES = "restatement-list"  # of now, with what was known then beside it
GUIDES = {"help", "help-role"}  # they speak of no day
LINKS = re.compile(r'href="(/[^"#]*)"')
POSTED = re.compile(r'<form[^>]*method="post"[^>]*>', re.IGNORECASE)


@pytest.fixture
def people():
    """The small world, its first park recorded, and a vacant room that was let for two years."""
    found = folk.gather()
    room = make.unit(floor=found.world["unit"].floor, code="HIT-01-A-150", usable_area=Decimal("120.00"))
    past = {"starts_on": date(2024, 1, 1), "ends_on": date(2026, 5, 1), "signed_on": date(2023, 12, 1)}
    make.allocation(unit=room, moved_in_on=date(2024, 1, 1), handed_back_on=date(2026, 5, 1), **past)
    changes.record(found.world["one"], "add", by=None)
    found.room = room
    return found


def now():
    return timezone.now().isoformat()


def answers(client, **asked):
    """Address -> what it answers, without tokens."""
    found = {}
    for address in addresses():
        path, _mark, query = address.partition("?")
        given = dict(pair.split("=") for pair in query.split("&") if pair)
        response = client.get(path, given | asked)
        body = b"".join(response) if response.streaming else response.content
        if response.status_code == 200 and "spreadsheet" not in response["Content-Type"]:
            found[address] = TOKEN.sub(b"", body)
    return found


def much_is_recorded(people):
    """A correction, a change from today on, a tenancy, another name and first day of a park, a new building."""
    by, park, room = people.manager, people.world["one"], people.room
    facts = {"usable_area": Decimal("99.00"), "use": "lab"}
    units.update(room, by=by, on=TODAY, why="measured", validity=Validity.correction(), **facts)
    units.update(people.world["unit"], by=by, on=TODAY, why="a store", use="ancillary")
    held = {"starts_on": TODAY, "ends_on": date(2028, 1, 1), "held_until": TODAY + timedelta(days=9)}
    (row,) = allocations.hold([room], by=by, on=TODAY, **held)
    allocations.sign(row, signed_on=TODAY, by=by, on=TODAY)
    stay, left = Allocation.objects.filter(unit=room).earliest("starts_on"), date(2026, 3, 1)
    allocations.correct(stay, by=by, on=TODAY, why="they left earlier", ends_on=left, handed_back_on=left)
    places.update(park, by=by, on=TODAY, name="改名后的园区")
    building = make.building(park=park, code="Z", name="新楼")
    changes.record(building, "add", by=by)
    units.add(Unit(floor=make.floor(building=building), code="HIT-01-Z-1", use="lab", usable_area=50,
                   opens_on=YEAR_AGO), by=by)  # fmt: skip


@pytest.mark.engine
@pytest.mark.parametrize(("reader", "day"), [("official", TODAY), ("manager", YEAR_AGO)])
def test_every_page_file_and_read_answers_again_what_was_known(client, people, reader, day):
    client.force_login(getattr(people, reader))
    client.get(reverse("home"))
    moment = now()
    then, unasked = answers(client, known_on=moment, as_of=str(day)), answers(client, as_of=str(day))

    much_is_recorded(people)

    again, since = answers(client, known_on=moment, as_of=str(day)), answers(client, as_of=str(day))
    assert [address for address in again if again[address] != then.get(address)] == []
    assert len(again) == len(then) > 25
    assert len([address for address in since if since[address] != unasked.get(address)]) > 12
    data = [address for address in again if address.startswith("/api/") and address in unasked]
    assert len(data) > 5
    assert [address for address in data if again[address] != unasked[address]] == []


def pages_as_known(client, moment):
    for name, *args in READ:
        response = client.get(reverse(name, args=args), {"known_on": moment})
        text = response.content.decode() if "text/html" in response["Content-Type"] else ""
        if response.status_code == 200 and "<main" in text and name != COMPARES:
            yield name, text


def names_of(page):
    for address in LINKS.findall(page):
        try:
            yield resolve(urlsplit(address).path).url_name, address
        except Resolver404:
            continue


@pytest.mark.parametrize("who", ["manager", "officer"])
def test_a_page_as_known_offers_no_act_and_says_so(client, people, who):
    client.force_login(getattr(people, who))
    acts = {name for name, *_args in ACT}
    pages = list(pages_as_known(client, now()))

    assert len(pages) > 12
    for page, text in pages:
        assert [form for form in POSTED.findall(text) if reverse("account_logout") not in form] == [], page
        assert "isp-band-known" in text, page
        assert [link for name, link in names_of(text) if name in acts] == [], page
        links = [link for name, link in names_of(text) if name in {"park-detail", "unit-list", "overview"}]
        assert page in GUIDES or [link for link in links if "known_on=" not in link] == [], page


def test_nothing_is_written_where_an_earlier_knowledge_is_read(client, people):
    client.force_login(people.manager)
    address = reverse("unit-act", args=[people.room.code, "facts"])
    written = Change.objects.count()

    read = client.get(address, {"known_on": now()})
    sent = client.post(f"{address}?known_on=2026-11-01", {"use": "lab", "holds": "from", "from_day": str(TODAY)})
    by_api = client.post(f"{reverse('api-unit-list')}?known_on=2026-11-01", {}, content_type="application/json")

    assert (read.status_code, sent.status_code) == (403, 409)
    assert "read and not changed" in read.content.decode()
    assert "nothing was changed" in sent.content.decode()
    assert by_api.status_code in {400, 405}
    assert Change.objects.count() == written


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("yesterday", "“yesterday” is neither a day"),
        ("2027-02-30", "“2027-02-30” is neither a day"),
        ("1999-12-31T00:00", "“1999-12-31T00:00” is neither a day"),
        ("2098-01-01T00:00", "has not come yet"),
        ("2020-01-01T00:00", "The record begins on"),
        ("9999-12-31T23:59:59+00:00", "is neither a day"),
        ("2026-01-01T00:00:00+99:99", "is neither a day"),
        ("0001-01-01T00:00:00+23:59", "is neither a day"),
    ],
)
def test_a_moment_that_cannot_be_answered_is_refused_by_value(client, people, monkeypatch, asked, message):
    monkeypatch.undo()  # the day of a moment is its own
    client.force_login(people.official)

    page = client.get(reverse("overview"), {"known_on": asked})
    read = client.get(reverse("api-area-summary"), {"known_on": asked})

    assert page.status_code == 200
    assert message in page.content.decode().replace("&quot;", '"')
    assert "isp-band-known" not in page.content.decode()
    assert (read.status_code, read.json()["errors"][0]["parameter"]) == (400, "known_on")
    assert message in read.json()["errors"][0]["detail"]


@pytest.mark.parametrize(("who", "may"), [(None, False), ("stranger", False), ("admin", False), ("auditor", True)])
def test_only_those_who_look_after_places_and_who_check_may_ask(client, people, who, may):
    if who:
        client.force_login(getattr(people, who))

    page = client.get(reverse("overview"), {"known_on": now()}).content.decode()

    assert ("isp-band-known" in page, 'name="known_on"' in page) == (may, may)
    assert ("What was known earlier is for" in page) != may
    assert client.get(reverse("api-area-summary"), {"known_on": now()}).status_code == (200 if may else 403)
    assert client.get(reverse("api-restatement-list"), {"known_on": now()}).status_code == (
        200 if may else 403 if who else 401
    )


def test_rights_are_those_of_today(client, people):
    """The manager of another park reads no tenancy of this one, and who lost the park reads none as known then."""
    moment = now()
    much_is_recorded(people)
    address, asked = reverse("api-allocation-list"), {"known_on": moment, "as_of": "2025-06-01"}
    room = people.room.code

    client.force_login(people.manager)
    assert room in client.get(address, asked).content.decode()
    client.force_login(people.neighbour)
    assert room not in client.get(address, asked).content.decode()
    assignment = people.manager.assignments.get()
    assignment.ends_on = TODAY
    assignment.starts_on = TODAY - timedelta(days=9)
    assignment.save()
    client.force_login(people.manager)
    assert client.get(address, asked).status_code == 403


def test_what_was_restated_adds_up_to_what_is_known_now(client, people):
    client.force_login(people.official)
    moment, day = now(), "2025-06-01"
    summary, restated = reverse("api-area-summary"), reverse("api-restatement-list")
    before = client.get(summary, {"as_of": day}).json()["total"]

    much_is_recorded(people)

    after = client.get(summary, {"as_of": day}).json()["total"]
    read = client.get(restated, {"known_on": moment, "as_of": day}).json()
    page = client.get(reverse("restatement-list"), {"known_on": moment, "as_of": day})
    (row,) = [row for row in read["results"] if row["code"] == people.room.code]
    assert (row["then"], row["now"]) == (
        {"state": "occupied", "area": "120.00"}, {"state": "occupied", "area": "99.00"},
    )  # fmt: skip
    assert (row["lettable"], row["changes"][-1]["why"], row["changes"][-1]["by"]) == ("-21.00", "measured", "manager")
    assert Decimal(after["lettable"]) - Decimal(before["lettable"]) == Decimal(read["lettable"]) != 0
    assert [each.code for each, _changes in page.context["rows"]] == [each["code"] for each in read["results"]]
    assert (str(page.context["lettable"]), str(page.context["taken"])) == (read["lettable"], read["taken"])
    assert "−21.00" in page.content.decode()
    none = client.get(restated, {"known_on": now(), "as_of": day}).json()
    assert (none["results"], none["lettable"]) == ([], "0.00")
    assert client.get(restated, {"as_of": day}).json()["errors"][0]["code"] == "required"
    assert client.get(restated, {"known_on": moment, "park": "no"}).json()["errors"][0]["parameter"] == "park"
    other = client.get(restated, {"known_on": moment, "as_of": day, "park": "HIT-02"}).json()
    assert other["results"] == []


@pytest.mark.parametrize("number", [1, 3, 30])
def test_restatements_cost_the_same_for_any_number(client, people, number, django_assert_num_queries):
    client.force_login(people.official)
    floor = people.world["unit"].floor
    made = [
        Unit(floor=floor, code=f"N-{each}", use="lab", usable_area=10, opens_on=YEAR_AGO) for each in range(number)
    ]
    units.add_many(made, by=people.manager)
    moment = now()
    for room in made:
        facts = {"usable_area": Decimal(11), "validity": Validity.correction()}
        units.update(room, by=people.manager, on=TODAY, why="measured", **facts)
    asked = {"known_on": moment, "as_of": str(TODAY)}
    client.get(reverse("restatement-list"), asked)

    with django_assert_num_queries(27):
        page = client.get(reverse("restatement-list"), asked)
    with django_assert_num_queries(30):
        client.get(reverse("api-restatement-list"), asked)
    assert page.context["lettable"] == number


def test_files_are_named_by_what_was_known(client, people):
    client.force_login(people.official)
    asked = {"known_on": now(), "as_of": "2025-06-01"}

    picture = client.get(reverse("park-stack-file", args=["HIT-01", "svg"]), asked)
    table = client.get(reverse("api-unit-list"), asked | {"format": "csv"})

    assert "HIT-01-2025-06-01-known-" in picture["Content-Disposition"]
    assert "as known on" in b"".join(picture).decode()
    assert "units-2025-06-01-known-" in table["Content-Disposition"]


def test_who_looks_after_a_place_reads_of_then_what_may_be_read_today(client, db):
    """The record, the coming states of a unit, the contact of a request: no act, but all that is read."""
    found = desk.build()
    wanted = desk.submitted(found)
    changes.record(wanted.park, "add", by=None)
    unit = Unit.objects.filter(floor__building__park=wanted.park).first()
    units.update(unit, by=found.manager, on=TODAY, label="east")
    client.force_login(found.manager)
    unit_page, request_page = reverse("unit-detail", args=[unit.code]), reverse("request-detail", args=[wanted.number])

    today, then = (client.get(unit_page, asked).context for asked in ({}, {"known_on": now()}))
    asked_today, asked_then = (client.get(request_page, asked).context for asked in ({}, {"known_on": now()}))

    assert [each.pk for each in then["changes"]] == [each.pk for each in today["changes"]] != []
    assert (then["staff"], then["ends"], then["acts"]) == (True, today["ends"], [])
    assert asked_then["contact"] == asked_today["contact"]
    assert (asked_then["staff"], asked_then["shows_people"], asked_then["acts"]) == (True, True, [])
    assert (asked_then["say"], asked_then["note"]) == (None, None)


def test_a_file_is_refused_where_the_moment_is(client, people):
    """A file could not say that it is of now."""
    client.force_login(people.official)
    address = reverse("park-stack-file", args=["HIT-01", "svg"])

    refused = client.get(address, {"known_on": "2098-01-01"})
    twice = client.get(f"{address}?known_on=2026-11-01&known_on=2026-11-02")
    spelled = client.get(f"{address}?known_on={timezone.localtime().isoformat()}")

    assert (refused.status_code, twice.status_code, spelled.status_code) == (400, 400, 200)
    assert "has not come yet" in refused.content.decode()
    assert "once" in twice.content.decode()


def test_a_day_after_the_moment_is_compared_for_the_parks_of_the_reader(client, people):
    """It was to come then: what was expected of other parks stays theirs. And no unit is said not to have existed."""
    moment = now()
    much_is_recorded(people)
    address = reverse("restatement-list")
    later = str(TODAY + timedelta(days=30))

    for who, limited in (("official", False), ("neighbour", True), ("manager", True)):
        client.force_login(getattr(people, who))
        page = client.get(address, {"known_on": moment, "as_of": later})
        assert page.context["limited"] == limited
        shown = {row.code for row, _changes in page.context["rows"]}
        assert (people.room.code in shown) == (who != "neighbour")
        assert {row.code for row, _changes in page.context["rows"] if row.then is None} <= {"HIT-01-Z-1"}
