"""Where a park belongs holds from a day on: a park that moves counts in one ecosystem before, in the other after."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import RequestFactory
from django.urls import reverse

from frontend.views.places import overview
from spaces import ledger
from spaces.actions import places as actions
from spaces.actions import units
from spaces.changes.versions import version_of
from spaces.knowledge import as_known
from spaces.ledger import figures, restatement, rollups, sums_of_months
from spaces.models import Change, CountedUnit, LedgerDelta, Park, PublishedFigure, Unit
from spaces.month_ledger import comparison, folding, rebuilding
from spaces.month_ledger.writes import noted_deltas
from spaces.values import clock
from spaces.values.periods import EVER, Validity
from tests import make
from tests.frontend import confirming, world
from tests.frontend import people as folk
from tests.frontend.test_dated_facts import BEFORE, answers

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("fixed_today")]
TODAY, MARCH = world.DAY, date(2026, 3, 1)
FEBRUARY_15, FEBRUARY_28, MARCH_15 = date(2026, 2, 15), date(2026, 2, 28), date(2026, 3, 15)
AREA = Decimal("516.15")  # what can be let in HIT-01, and in HIT-02


@pytest.fixture
def places():
    return folk.gather()


def move(people, park, day=MARCH, **facts):
    facts = facts or {"ecosystem": people.world["heu"]}
    validity = Validity.from_day(day)
    actions.update(park, by=people.officer, on=TODAY, why="handed over", validity=validity, **facts)


@pytest.fixture(params=["folded", "not folded", "allocations"])
def moved(request, places, client):
    """The world after HIT-02 has moved from hit to heu in March, its sums read from each source in turn."""
    rebuilding.rebuild(TODAY)
    move(places, places.world["two"])
    if request.param == "folded":
        folding.fold(TODAY)
    elif request.param == "allocations":
        CountedUnit.objects.update(stale=True)
    assert LedgerDelta.objects.filter(folded=False).exists() == (request.param != "folded")
    client.force_login(places.official)
    return places


def areas(rows):
    return {row["key"]: row["balance"].lettable for row in rows}


def request_about(user, day):
    request = RequestFactory().get("/")
    request.user, request.as_of, request.today, request.known_on = user, day, TODAY, None
    return request


@pytest.mark.parametrize(("day", "home"), [(FEBRUARY_15, "hit"), (MARCH - timedelta(days=1), "hit"),
                                           (MARCH, "heu"), (MARCH_15, "heu"), (TODAY, "heu")])  # fmt: skip
def test_a_park_counts_where_it_belonged_on_the_day(moved, client, day, home):
    at = {"as_of": str(day)}
    other = "heu" if home == "hit" else "hit"

    report = overview.report_of(request_about(moved.official, day), "ecosystem", parks=True)
    parks = {code: client.get(reverse("ecosystem-detail", args=[code]), at).context for code in ("hit", "heu")}
    listed = client.get(reverse("ecosystem-list"), at).context
    summary = client.get(reverse("api-area-summary"), at | {"group_by": "ecosystem"}).json()
    numbers = {
        row["code"]: row["incubators"] for row in client.get(reverse("api-ecosystem-list"), at).json()["results"]
    }

    expected = {"hit": 2 * AREA, "heu": 0} if home == "hit" else {"hit": AREA, "heu": AREA}
    assert {code: context["total"].lettable for code, context in parks.items()} == expected
    assert [areas(each["rows"]) for each in (listed, report)] == [expected, expected]
    assert {group["node"]: Decimal(group["lettable"]) for group in summary["groups"]} == expected
    assert listed["total"].lettable == report["total"].lettable == Decimal(summary["total"]["lettable"]) == 2 * AREA
    assert ["HIT-02" in {row["key"] for row in parks[code]["rows"]} for code in (home, other)] == [True, False]
    assert numbers == ({"hit": 2, "heu": 1} if home == "hit" else {"hit": 1, "heu": 2})


@pytest.mark.parametrize(("day", "home"), [(FEBRUARY_15, "hit"), (MARCH_15, "heu")])
def test_files_and_lists_follow_the_day(moved, client, day, home):
    for code in ("hit", "heu"):
        at = {"as_of": str(day), "ecosystem": code}
        file = b"".join(client.get(reverse("api-unit-list"), at | {"format": "csv"})).decode("utf-8-sig")
        in_file = {row["park"] for row in csv.DictReader(io.StringIO(file))}
        in_list = {row["code"] for row in client.get(reverse("api-park-list"), at).json()["results"]}
        taken = {row["unit"] for row in client.get(reverse("api-allocation-list"), at).json()["results"]}
        page = client.get(reverse("unit-list"), at).content.decode()

        assert {"HIT-02" in found for found in (in_file, in_list)} == {code == home}
        assert any(unit.startswith("HIT-02") for unit in taken) == (code == home)
        assert ("HIT-02-B-101" in page) == (code == home)
    (row,) = [each for each in client.get(reverse("api-park-list"), {"as_of": str(day)}).json()["results"]
              if each["code"] == "HIT-02"]  # fmt: skip
    assert row["ecosystem"] == home


def test_the_trend_of_an_ecosystem_ends_and_begins_with_the_move(moved, client):
    series = {
        node: {row["day"]: Decimal(row["lettable"]) for row in client.get(
            reverse("api-area-trend"), {"node": node, "months": 6}).json()["results"]}
        for node in ("hit", "heu", "province")
    }  # fmt: skip

    february, march = "2026-02-28", "2026-03-31"
    assert series["hit"][february] - series["hit"][march] == series["heu"][march] - series["heu"][february] == AREA
    assert all(series["hit"][day] + series["heu"][day] == area for day, area in series["province"].items())
    if not CountedUnit.objects.filter(stale=True).exists():
        assert comparison.differences([FEBRUARY_28, MARCH], today=TODAY) == []


def test_a_published_figure_is_compared_with_the_parks_of_its_day(moved, client):
    for day in (FEBRUARY_15, MARCH_15):
        for code in ("hit", "heu"):
            make.figure(ecosystem=moved.world[code], number=Decimal(1), as_of=day)

    compared = figures.compare(PublishedFigure.objects.exclude(ecosystem=None), today=TODAY)

    recorded = {(each.figure.ecosystem.code, each.figure.as_of): each.recorded for each in compared}
    assert recorded["hit", FEBRUARY_15] - recorded["hit", MARCH_15] == AREA
    assert recorded["heu", MARCH_15] - recorded["heu", FEBRUARY_15] == AREA


def test_an_incubator_that_becomes_an_industrial_park_leaves_one_total_for_the_other(moved):
    everyone = ledger.ParkUnits(Park.objects.all())
    move(moved, moved.world["two"], date(2026, 4, 1), kind="industrial_park")

    def sums(day):
        groups = (ledger.ParkUnits.of_group(moved.official, industrial=each) for each in (False, True))
        return [ledger.balance(each, on=day, today=TODAY).lettable for each in groups]

    before, after = sums(date(2026, 3, 31)), sums(date(2026, 4, 1))
    assert [later - earlier for earlier, later in zip(before, after, strict=True)] == [-AREA, AREA]
    assert sum(after) == ledger.balance(everyone, on=date(2026, 4, 1), today=TODAY).lettable


@pytest.mark.engine
@pytest.mark.parametrize("reader", [None, "official"])
def test_a_change_from_today_on_leaves_every_answer_about_an_earlier_day(client, places, reader):
    if reader:
        client.force_login(getattr(places, reader))
        client.get(reverse("home"))
    result = {day: answers(client, day) for day in BEFORE}

    facts = {"kind": "industrial_park", "ecosystem": places.world["heu"], "operator": "新运营方"}
    move(places, places.world["one"], TODAY, **facts, controllable_area=Decimal("999.00"))

    for day in BEFORE:
        after = answers(client, day)
        assert [address for address in after if after[address] != result[day][address]] == [], day


def send(client, people, **data):
    park = people.world["two"]
    client.force_login(people.officer)
    sent = {"ecosystem": "heu", "kind": "incubator", "operator": "", "controllable_area": "", "holds": "from",
            "from_day": "2026-06-01", "why": "handed over", "version": version_of(park)}  # fmt: skip
    return sent | data, client.post(reverse("park-belonging", args=["HIT-02"]), sent | data)


def test_a_correction_shows_the_figures_of_both_ecosystems_and_is_confirmed(client, places):
    rebuilding.rebuild(TODAY)
    days = {"holds": "wrong", "from_day": "", "first_wrong": "2026-02-01", "last_wrong": "2026-02-28"}
    data, asked = send(client, places, **days)

    assert (asked.status_code, belongs(places.world["two"])) == (422, [(EVER, None, "hit", "incubator")])
    moved = {(figure.scope.ecosystem.code, figure.day, figure.difference)
             for figure in confirming.figures(asked) if figure.key == "lettable"}  # fmt: skip
    assert moved == {("hit", FEBRUARY_28, -AREA), ("heu", FEBRUARY_28, AREA)}

    done = confirming.confirm(client, asked, data)

    assert done.status_code == 302
    assert [row[2] for row in belongs(places.world["two"])] == ["hit", "heu", "hit"]
    assert comparison.differences([date(2026, 1, 31), FEBRUARY_28, MARCH], today=TODAY) == []


def test_what_is_corrected_in_a_park_that_has_moved_is_told_once(places):
    room = Unit.objects.filter(floor__building__park=places.world["two"], periods__usable_area__gt=0).first()
    rebuilding.rebuild(TODAY)
    move(places, places.world["two"])

    with transaction.atomic(), noted_deltas() as deltas:
        area = room.usable_area + 10
        units.update(room, usable_area=area, why="measured", by=None, on=TODAY, validity=Validity.correction())

    shown = {(figure.day, figure.key): figure for figure in restatement.moved_by(deltas, today=TODAY)}
    assert len(shown) == len(restatement.moved_by(deltas, today=TODAY))
    assert {figure.scope.park.code for figure in shown.values()} == {"HIT-02"}
    assert {FEBRUARY_28, date(2026, 3, 31)} < {day for day, _key in shown}


def belongs(park):
    rows = park.periods.select_related("ecosystem").order_by("starts_on")
    return [(row.starts_on, row.ends_on, row.ecosystem.code, row.kind) for row in rows]


def test_the_form_moves_a_park_from_a_day_on(client, places):
    _data, done = send(client, places, from_day="2026-09-01")

    assert done.status_code == 302
    day = date(2026, 9, 1)
    assert belongs(places.world["two"]) == [(EVER, day, "hit", "incubator"), (day, None, "heu", "incubator")]
    assert [row.verb for row in Change.objects.filter(object_type="spaces.parkperiod")] == ["change", "change"]
    assert Park.objects.editable_by(places.officer).filter(code="HIT-02").exists()  # rights follow today


def test_the_change_log_names_park_ecosystem_and_days(client, places):
    send(client, places)
    client.force_login(places.official)

    page = client.get(reverse("change-list")).content.decode()

    assert "示例孵化器 · 哈工大生态圈 – 2026-05-31" in page
    assert "示例孵化器 · 哈工程生态圈 2026-06-01 –" in page


def test_who_looks_after_a_park_follows_where_it_belongs_today(client, places):
    send(client, places)

    assert not Park.objects.editable_by(places.officer).filter(code="HIT-02").exists()
    assert Park.objects.editable_by(places.outsider).filter(code="HIT-02").exists()
    assert client.get(reverse("park-belonging", args=["HIT-02"])).status_code == 403


def test_a_move_needs_a_reason_and_something_to_move(client, places):
    wrong = {"why": ""}, {"ecosystem": "hit"}, {"ecosystem": "nowhere"}, {"from_day": "1850-01-01"}
    refused = [send(client, places, **data)[1] for data in wrong]

    assert [each.status_code for each in refused] == [422] * 4
    assert "why" in refused[0].context["form"].errors
    assert belongs(places.world["two"]) == [(EVER, None, "hit", "incubator")]


def test_an_operator_alone_needs_no_reason_and_moves_no_figure(client, places):
    rebuilding.rebuild(TODAY)

    _data, done = send(client, places, ecosystem="hit", operator="新运营方", why="")

    assert (done.status_code, places.world["two"].periods.count()) == (302, 2)
    assert not LedgerDelta.objects.filter(change__isnull=False).exists()


def test_the_page_of_a_park_lists_where_it_belonged_up_to_the_day(client, places):
    send(client, places)
    address = reverse("park-detail", args=["HIT-02"])

    now, earlier = (client.get(address, {"as_of": day}) for day in ("2026-06-01", "2026-05-31"))

    assert [(row.ecosystem.code, str(days.starts_on)) for row, days in now.context["periods"]] == [
        ("heu", "2026-06-01"), ("hit", "0001-01-01"),
    ]  # fmt: skip
    assert earlier.context["periods"] == []
    assert (now.context["park"].ecosystem.code, earlier.context["park"].ecosystem.code) == ("heu", "hit")


def test_sums_of_months_know_which_park_belonged_where(places):
    rebuilding.rebuild(TODAY)
    move(places, places.world["two"])
    park = Park.objects.filter(code="HIT-02")

    kept = {
        day: sums_of_months.balances(ledger.ParkUnits(park), "ecosystem", on=day, today=TODAY)
        for day in (FEBRUARY_15, MARCH_15)
    }

    assert {day: list(found) for day, found in kept.items()} == {
        FEBRUARY_15: [places.world["hit"].pk], MARCH_15: [places.world["heu"].pk],
    }  # fmt: skip


@pytest.mark.parametrize("by", ["ecosystem", "city", "kind"])
def test_groups_come_in_the_order_of_their_first_park_and_know_its_samples(places, by):
    """Parks of none last. One that opens later and has no unit is not shown, and gives its group nothing."""
    make.park(code="AA-1", ecosystem=None, city="大庆", kind="maker_space", opened_on=None)
    make.park(code="AA-0", ecosystem=None, city="伊春", kind="accelerator", opened_on=date(2027, 1, 1), sample=True)
    make.park(code="ZZ-1", ecosystem=places.world["heu"], city="大庆", kind="science_park", opened_on=None)
    parks = ledger.ParkUnits(Park.objects.all())

    single = [node.place for node in rollups.of_parks(parks, "park", on=MARCH, today=TODAY)]
    groups = rollups.of_parks(parks, by, on=MARCH, today=TODAY)

    key = {"ecosystem": lambda park: park.ecosystem.code if park.ecosystem else "", "city": lambda park: park.city,
           "kind": lambda park: park.kind}[by]  # fmt: skip
    assert [node.key for node in groups] == list(dict.fromkeys(map(key, single)))
    assert {node.key: node.sample for node in groups} == {
        node.key: any(park.sample for park in single if key(park) == node.key) for node in groups
    }


def test_who_asks_what_was_known_before_the_move_was_recorded_finds_the_park_where_it_was(places):
    known, recorded = (datetime(2026, 5, day, 9, tzinfo=UTC) for day in (10, 20))
    with clock.at(recorded):
        move(places, places.world["two"])

    def found():
        group = ledger.ParkUnits.of_group(places.official)
        nodes = rollups.of_parks(group, "ecosystem", on=MARCH_15, today=TODAY)
        return {node.key: node.balance.lettable for node in nodes}

    with as_known(known, places.official):
        then = found()
    assert (then, found()) == ({"hit": 2 * AREA, "heu": 0}, {"hit": AREA, "heu": AREA})


def test_rights_are_those_of_today_for_who_asks_what_was_known_before(places):
    known, recorded = (datetime(2026, 5, day, 9, tzinfo=UTC) for day in (10, 20))
    with clock.at(recorded):
        move(places, places.world["two"])

    for reader, codes in ((places.officer, ["HIT-01"]), (places.outsider, ["HEU-01", "HIT-02"])):
        with as_known(known, reader):
            assert sorted(Park.objects.editable_by(reader).values_list("code", flat=True)) == codes
