"""Use and area of a unit hold from a day on: answers about earlier days stay, and a correction says what it moves."""

import io
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from frontend.templatetags.hatchery import optional
from spaces import ledger
from spaces.actions import units
from spaces.changes.versions import version_of
from spaces.models import Allocation, Change, Unit
from spaces.values.periods import EVER, Validity
from tests import make
from tests.frontend import confirming, world
from tests.frontend import people as folk
from tests.frontend.test_rights import READ

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
TODAY, BEFORE = world.DAY, [world.DAY - timedelta(days=days) for days in (1, 40, 300)]
TOKEN = re.compile(rb'name="(csrfmiddlewaretoken|once)" value="[^"]*"|hx-headers=\'[^\']*\'')
# Of today, whatever day is asked about; or of a month from the day on (what is free).
OF_TODAY = {"change-list", "notice-list", "mail-list", "set-text-size", "security-txt", "demo-mail",
            "demo-mail-message", "block-find", "vacancy-list", "restatement-list"}  # fmt: skip
API = ("api-area-summary", "api-area-trend", "api-unit-list", "api-park-list", "api-allocation-list",
       "api-holdover-list", "api-figure-list", "api-pipeline")  # fmt: skip
MADE_AT = {"Made at", "制表时间"}
AS_CSV = ("api-unit-list", "api-allocation-list", "api-holdover-list")


@pytest.fixture
def places():
    """A world in which the unit that changes was let for two years and is vacant now."""
    found = folk.gather()
    room = make.unit(floor=found.world["unit"].floor, code="HIT-01-A-150", usable_area=Decimal("120.00"))
    past = {"starts_on": date(2024, 1, 1), "ends_on": date(2026, 5, 1), "signed_on": date(2023, 12, 1)}
    make.allocation(unit=room, moved_in_on=date(2024, 1, 1), handed_back_on=date(2026, 5, 1), **past)
    found.room = room
    return found


def addresses():
    pages = [reverse(name, args=args) for name, *args in READ if name not in OF_TODAY]
    data = [reverse(name) for name in API] + [reverse("api-unit-detail", args=["HIT-01-A-150"])]
    data += [reverse("api-floor-plan", args=["HIT-01-A@1"])]
    return pages + data + [f"{reverse(name)}?format=csv" for name in AS_CSV]


def answers(client, day):
    """Address -> what it answers about a day, without tokens and the minute in which it was made."""
    found = {}
    for address in addresses():
        path, _mark, query = address.partition("?")
        response = client.get(f"{path}?as_of={day}&{query}")
        body = b"".join(response) if response.streaming else response.content
        if "spreadsheet" in response["Content-Type"]:
            book = CalamineWorkbook.from_filelike(io.BytesIO(body))
            sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
            body = [[row for row in sheet if row[0] not in MADE_AT] for sheet in sheets]
        else:
            body = TOKEN.sub(b"", body)
        if response.status_code == 200:
            found[address] = body
    return found


@pytest.mark.engine
@pytest.mark.parametrize("reader", [None, "official"])
def test_a_change_from_today_on_leaves_every_answer_about_an_earlier_day(client, places, reader):
    if reader:
        client.force_login(getattr(places, reader))
        client.get(reverse("home"))
    result = {day: answers(client, day) for day in BEFORE}
    now = answers(client, TODAY)

    facts = {"use": "ancillary", "usable_area": Decimal("80.00")}
    units.update(places.room, by=places.manager, on=TODAY, why="a store now", **facts)

    for day in BEFORE:
        after = answers(client, day)
        assert [address for address in after if after[address] != result[day][address]] == [], day
        page = client.get(
            reverse("unit-detail", args=[places.room.code]), {"as_of": str(day)}
        )  # lists later days, too
        assert (page.context["unit"].use, page.context["unit"].usable_area) == ("office", Decimal("120.00"))
    after = answers(client, TODAY)
    assert len([address for address in after if after[address] != now[address]]) > 12


def form(places, client, **data):
    client.force_login(places.manager)
    sent = {"use": "ancillary", "usable_area": "120.00", "holds": "wrong", "why": "it was a store all along"}
    version = {"version": version_of(places.room)}
    return client.post(reverse("unit-act", args=[places.room.code, "facts"]), sent | version | data)


def digest(page):
    return confirming.asked(page).digest


def lettable(day):
    return ledger.balance(Unit.objects.all(), on=day, today=TODAY).lettable


def test_a_correction_shows_the_reported_figures_that_move_and_is_confirmed(client, places):
    days = [*BEFORE, TODAY]
    before = [lettable(day) for day in days]

    asked = form(places, client)

    assert (asked.status_code, [lettable(day) for day in days]) == (422, before)
    assert not Change.objects.filter(unit=places.room.pk).exists()
    moved = confirming.figures(asked)
    assert {row.difference for row in moved if row.key == "lettable"} == {Decimal("-120.00")}
    assert {row.key for row in moved if row.day == date(2026, 4, 30)} == {"lettable", "occupied", "common"}

    done = form(places, client, confirmed=digest(asked))

    assert done.status_code == 302
    assert [lettable(day) for day in days] == [area - Decimal("120.00") for area in before]
    assert Allocation.objects.filter(unit=places.room).count() == 1


def test_another_correction_than_the_one_shown_is_asked_again(client, places):
    asked = form(places, client)

    other = form(places, client, confirmed=digest(asked), use="public_service")

    assert (other.status_code, places.room.facts_of(TODAY).use) == (422, "office")


def test_a_correction_of_some_days_leaves_the_others(client, places):
    days = {"first_wrong": "2025-02-01", "last_wrong": "2025-02-28"}
    asked = form(places, client, **days)

    assert {row.day for row in confirming.figures(asked)} == {date(2025, 2, 28)}
    form(places, client, **days, confirmed=digest(asked))

    periods = [(row.starts_on, row.ends_on, row.use) for row in places.room.periods.order_by("starts_on")]
    assert periods == [
        (EVER, date(2025, 2, 1), "office"),
        (date(2025, 2, 1), date(2025, 3, 1), "ancillary"),
        (date(2025, 3, 1), None, "office"),
    ]
    page = client.get(reverse("unit-detail", args=[places.room.code]))
    assert [str(days.starts_on) for _row, days in page.context["periods"]] == [
        "2025-03-01",
        "2025-02-01",
        "2020-01-01",
    ]


def test_a_change_that_moves_no_reported_day_needs_no_confirmation(client, places):
    done = form(places, client, holds="from", from_day="2026-06-01")

    assert (done.status_code, places.room.facts_of(TODAY).use) == (302, "ancillary")
    assert places.room.facts_of(BEFORE[0]).use == "office"


def test_a_change_ahead_holds_from_its_day(client, places):
    form(places, client, holds="from", from_day="2026-09-01")

    assert [lettable(date(2026, 8, 31)) - lettable(date(2026, 9, 1))] == [Decimal("120.00")]


def test_the_form_of_a_period_shows_its_facts_and_its_days(client, places):
    later = {"usable_area": Decimal("90.00"), "validity": Validity.from_day(date(2026, 6, 1))}
    units.update(places.room, by=places.manager, on=TODAY, why="a wall", **later)
    client.force_login(places.manager)

    page = client.get(reverse("unit-act", args=[places.room.code, "facts"]), {"on": "2026-05-31"})

    shown = page.context["form"].initial
    assert (shown["usable_area"], shown["holds"]) == (Decimal("120.00"), "wrong")
    assert (shown["first_wrong"], shown["last_wrong"]) == (None, date(2026, 5, 31))


def test_a_field_that_another_one_asks_for_is_not_called_optional(client, places):
    client.force_login(places.manager)
    form = client.get(reverse("unit-act", args=[places.room.code, "facts"])).context["form"]

    called = {name: optional(form[name]) for name in ("from_day", "why", "first_wrong")}
    assert called == {"from_day": False, "why": False, "first_wrong": True}


def test_the_change_log_shows_the_days_of_a_period_and_no_first_day_of_all(client, places):
    later = {"use": "lab", "validity": Validity.from_day(date(2026, 6, 1))}
    units.update(places.room, by=places.manager, on=TODAY, why="pipes", **later)
    client.force_login(places.manager)

    page = client.get(reverse("change-list")).content.decode()

    assert "0001-01-01" not in page
    assert '/HIT-01-A-150/">HIT-01-A-150</a>\n              – 2026-05-31' in page
    assert '/HIT-01-A-150/">HIT-01-A-150</a>\n              2026-06-01 –' in page


def change(places, day, **facts):
    validity = Validity.from_day(day)
    units.update(places.room, by=places.manager, on=TODAY, why="walls", validity=validity, **facts)


def test_what_is_recorded_already_is_not_saved_again(client, places):
    same = form(places, client, use="office", holds="from", from_day="2026-06-01")
    always = form(places, client, use="office")

    assert (same.status_code, always.status_code, places.room.periods.count()) == (422, 422, 1)


def test_the_value_shown_is_written_for_days_that_had_another(client, places):
    change(places, date(2026, 6, 1), usable_area=Decimal("90.00"))
    asked = form(places, client, use="office", usable_area="90.00", holds="from", from_day="2026-05-01")

    form(places, client, use="office", usable_area="90.00", holds="from", from_day="2026-05-01",
         confirmed=digest(asked))  # fmt: skip

    assert places.room.facts_of(date(2026, 5, 1)).usable_area == Decimal("90.00")
    assert places.room.facts_of(date(2026, 4, 30)).usable_area == Decimal("120.00")


def test_a_change_runs_to_the_next_change_of_the_same_fact(places):
    change(places, date(2028, 1, 1), use="ancillary")
    change(places, date(2027, 1, 1), usable_area=Decimal("95.00"))

    days = (date(2026, 12, 31), date(2027, 1, 1), date(2028, 1, 1))
    assert [(row.use, str(row.usable_area)) for row in map(places.room.facts_of, days)] == [
        ("office", "120.00"), ("office", "95.00"), ("ancillary", "95.00"),
    ]  # fmt: skip


def test_a_visitor_is_not_shown_what_a_unit_becomes(client, places):
    change(places, date(2026, 5, 20), use="lab")
    change(places, date(2028, 9, 1), use="ancillary")

    page = client.get(reverse("unit-detail", args=[places.room.code]))

    assert [(row.use, str(days.starts_on), days.ends_on) for row, days in page.context["periods"]] == [
        ("lab", "2026-05-20", None), ("office", "2020-01-01", date(2026, 5, 20)),
    ]  # fmt: skip


def test_a_search_takes_a_unit_for_what_it_is_on_the_first_day_asked_about(client, places):
    change(places, date(2026, 12, 1), use="lab", usable_area=Decimal("150.00"))
    asked = {"use": "lab", "area_min": "140", "area__lte": "160"}

    def found(day):
        page = client.get(reverse("vacancy-list"), asked | {"starts_on": day})
        return [code for card in page.context["cards"] for code in card.codes if code == places.room.code]

    assert (found("2026-11-30"), found("2026-12-01")) == ([], [places.room.code])


def split(places, client, day):
    client.force_login(places.manager)
    data = {"splits_on": str(day), "parts": "150A 60.00\n150B 60.00", "version": version_of(places.room)}
    return client.post(reverse("unit-act", args=[places.room.code, "split"]), data)


def test_the_parts_of_a_split_have_the_use_of_its_day(client, places):
    change(places, date(2026, 12, 1), use="lab")

    done = split(places, client, date(2026, 12, 15))

    assert (done.status_code, [each.use for each in places.room.successors.all()]) == (302, ["lab", "lab"])


def test_a_unit_with_a_change_ahead_is_not_split_before_it(client, places):
    change(places, date(2027, 3, 1), use="ancillary")

    refused = split(places, client, date(2026, 12, 15))

    assert (refused.status_code, places.room.successors.count()) == (422, 0)
    assert "2027-03-01" in refused.content.decode()


def in_another_tab(places, **facts):
    """A manager opens the form of the unit, then somebody else writes; the version that was seen."""
    seen = version_of(places.room)
    units.update(places.room, by=places.officer, on=TODAY, why="walls", **facts)
    return seen


def test_a_conflict_shows_the_value_that_was_changed_and_not_that_of_an_older_period(client, places):
    change(places, date(2025, 1, 1), usable_area=Decimal("100.00"))
    seen = in_another_tab(places, usable_area=Decimal("110.00"))

    page = form(places, client, use="office", usable_area="90.00", version=seen)

    (row,) = page.context["form"].conflict
    assert (page.status_code, row.theirs, row.by) == (409, "110.00 m²", "officer")


def test_a_change_of_other_days_meanwhile_is_no_conflict(client, places):
    change(places, date(2026, 5, 20), usable_area=Decimal("100.00"))
    seen = in_another_tab(places, usable_area=Decimal("110.00"))
    days = {"first_wrong": "2026-05-10", "last_wrong": "2026-05-19"}

    done = form(places, client, use="office", usable_area="90.00", version=seen, **days)

    assert done.status_code == 302
    assert [str(row.usable_area) for row in places.room.periods.order_by("starts_on")] == [
        "120.00", "90.00", "100.00", "110.00",
    ]  # fmt: skip
