"""An act that moves figures of reported days shows them first, and is done when they are confirmed with a reason."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from spaces import ledger
from spaces.changes.versions import version_of
from spaces.models import Allocation, Building, Change, Park, Unit
from spaces.month_ledger import rebuilding
from tests import make
from tests.frontend import confirming, world
from tests.frontend import people as folk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today"), pytest.mark.both_databases]
MAY, APRIL = date(2026, 5, 31), date(2026, 4, 30)
PUBLISHED = date(2026, 5, 1)  # the day of a figure of the small world
SIGNED = {"starts_on": date(2026, 1, 1), "ends_on": date(2027, 1, 1), "signed_on": date(2025, 12, 1)}


@pytest.fixture
def places():
    """The small world and a room of 120 m², which was always vacant; all of it counted by the month ledger."""
    found = folk.gather()
    found.room = make.unit(floor=found.world["unit"].floor, code="HIT-01-A-150", usable_area=Decimal("120.00"))
    rebuilding.settle()
    return found


def let(places, **facts):
    row = make.allocation(unit=places.room, **SIGNED | facts)
    rebuilding.settle()
    return row


def sent(client, places, row, route, *args, **data):
    """What a person sends from the page of an act on `row`, and the answer."""
    client.force_login(places.manager if route != "park-edit" else places.officer)
    data |= {"version": version_of(row)}
    return data, client.post(reverse(route, args=args), data)


def moved(page):
    return {(figure.day, figure.key): figure.difference for figure in confirming.figures(page)}


def balances(days=(APRIL, MAY)):
    return [ledger.balance(Unit.objects.all(), on=day, today=world.DAY) for day in days]


def move_in(client, places, day):
    row = let(places)
    return row, sent(client, places, row, "allocation-act", row.pk, "move-in", moved_in_on=day)


def test_a_move_in_recorded_late_is_shown_and_confirmed_with_a_reason(client, places):
    before = balances()
    row, (data, asked) = move_in(client, places, "2026-05-20")

    assert asked.status_code == 422
    area = Decimal("120.00")
    assert moved(asked) == {(MAY, "committed"): -area, (MAY, "occupied"): area}
    figures = confirming.figures(asked)
    assert [(each.before + each.difference, each.scope.park) for each in figures] == [
        (each.after, places.world["one"]) for each in figures
    ]
    row.refresh_from_db()
    assert row.moved_in_on is None

    bare = confirming.confirm(client, asked, data)
    assert (bare.status_code, list(confirming.asked(bare).reason.errors)) == (422, ["restated_why"])

    done = confirming.confirm(client, asked, data, restated_why="the slip came late")

    row.refresh_from_db()
    assert (done.status_code, row.moved_in_on) == (302, date(2026, 5, 20))
    assert Change.objects.get(object_id=row.pk, verb="move_in").why == "the slip came late"
    assert balances()[0].areas == {**before[0].areas, "vacant": before[0].areas["vacant"] - area,
                                   "committed": before[0].areas["committed"] + area}  # fmt: skip


def test_an_act_that_moves_no_reported_figure_is_done_at_once(client, places):
    row, (_data, done) = move_in(client, places, "2026-06-01")

    row.refresh_from_db()
    assert (done.status_code, row.moved_in_on) == (302, world.DAY)


def correct(client, places, row, **facts):
    days = {"starts_on": "2026-01-01", "ends_on": "2026-12-31", "signed_on": "2025-12-01", "why": "misread"}
    return sent(client, places, row, "allocation-act", row.pk, "correct", **days | facts)


def test_a_corrected_allocation_says_which_figures_it_moves(client, places):
    row = let(places, moved_in_on=date(2026, 1, 1))

    data, asked = correct(client, places, row, moved_in_on="2026-05-01")

    days = (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), APRIL)
    assert {day for day, _key in moved(asked)} == set(days)
    confirming.confirm(client, asked, data)
    row.refresh_from_db()
    assert row.moved_in_on == date(2026, 5, 1)


def test_another_correction_than_the_one_shown_is_shown_too(client, places):
    row = let(places, moved_in_on=date(2026, 1, 1))
    data, asked = correct(client, places, row, moved_in_on="2026-05-01")

    other = confirming.confirm(client, asked, data | {"moved_in_on": "2026-04-01"})

    assert (other.status_code, len({day for day, _key in moved(other)})) == (422, 3)


def test_figures_that_have_moved_meanwhile_are_shown_again(client, places):
    row = let(places, moved_in_on=date(2026, 1, 1))
    data, asked = correct(client, places, row, moved_in_on="2026-05-01")
    other = make.unit(floor=places.room.floor, usable_area=Decimal("10.00"))
    make.allocation(unit=other, **SIGNED)
    rebuilding.settle()

    again = confirming.confirm(client, asked, data)

    assert (again.status_code, moved(again)) == (422, moved(asked))
    assert confirming.confirm(client, again, data).status_code == 302


def test_a_unit_that_was_retired_earlier_leaves_the_figures_since(client, places):
    data, asked = sent(client, places, places.room, "unit-act", places.room.code, "retire",
                       closes_on="2026-04-30", why="walls went")  # fmt: skip

    area = Decimal("-120.00")
    assert moved(asked) == {(day, key): area for day in (PUBLISHED, MAY) for key in ("lettable", "vacant")}
    confirming.confirm(client, asked, data)
    places.room.refresh_from_db()
    assert places.room.closes_on == date(2026, 5, 1)


def test_an_added_unit_counts_from_its_first_day(client, places):
    floor = places.room.floor
    client.force_login(places.manager)
    data = {"code": "199", "opens_on": "2026-05-01", "use": "lab", "usable_area": "50"}
    asked = client.post(reverse("unit-new", args=["HIT-01", "A", floor.level]), data)

    assert {day for day, _key in moved(asked)} == {PUBLISHED, MAY}
    assert set(moved(asked).values()) == {Decimal("50.00")}
    assert not Unit.objects.filter(code="HIT-01-A-199").exists()
    confirming.confirm(client, asked, data | {"why": "found at the survey"})
    assert Unit.objects.filter(code="HIT-01-A-199").exists()


def test_another_day_of_a_building_moves_all_its_units(client, places):
    building = Building.objects.get(code="B")
    data = {"name": "B座", "ready_on": "2026-02-01", "version": version_of(building)}
    client.force_login(places.officer)
    Allocation.objects.filter(unit__floor__building=building, moved_in_on__isnull=False).delete()
    rebuilding.settle()

    asked = client.post(reverse("building-edit", args=["HIT-02", "B"]), data)

    assert {day for day, _key in moved(asked)} >= {date(2026, 1, 31), date(2025, 12, 31)}
    assert APRIL not in {day for day, _key in moved(asked)}
    assert 'value="2026-02-01"' in asked.content.decode()
    building.refresh_from_db()
    assert building.ready_on != date(2026, 2, 1)
    assert confirming.confirm(client, asked, data | {"why": "the papers say so"}).status_code == 302


def test_the_reason_is_asked_for_at_its_own_field_where_the_form_has_one(client, places):
    building = Building.objects.get(code="A")
    data = {"name": "A座", "closed_on": "2026-05-20", "version": version_of(building)}
    Allocation.objects.filter(unit__floor__building=building).delete()
    rebuilding.settle()
    client.force_login(places.manager)
    asked = client.post(reverse("building-edit", args=["HIT-01", "A"]), data)

    bare = confirming.confirm(client, asked, data)

    assert (bare.status_code, list(bare.context["form"].errors)) == (422, ["__all__", "why"])


def test_another_opening_of_a_park_moves_the_figures_before_it(client, places):
    Allocation.objects.filter(moved_in_on__isnull=False).delete()
    rebuilding.settle()
    park = places.world["one"]
    facts = {name: getattr(park, name) for name in ("name", "name_en", "city")}
    data, asked = sent(
        client, places, park, "park-edit", park.code, **facts, opened_on="2026-05-10", why="its licence"
    )

    assert (MAY, "lettable") not in moved(asked)
    assert moved(asked)[APRIL, "lettable"] < 0
    assert moved(asked)[APRIL, "unbuilt"] > 0
    assert moved(asked)[PUBLISHED, "incubators"] == -1
    assert Park.objects.get(pk=park.pk).opened_on != date(2026, 5, 10)
    confirming.confirm(client, asked, data)
    assert Park.objects.get(pk=park.pk).opened_on == date(2026, 5, 10)


def test_units_that_a_write_outside_the_actions_left_stale_are_not_taken_for_moved(client, places):
    make.allocation(unit=places.room, **SIGNED | {"ends_on": date(2026, 6, 1)})
    data = {"starts_on": "2026-06-01", "reason": "painting"}

    _data, done = sent(client, places, places.room, "unit-act", places.room.code, "offline", **data)

    assert done.status_code == 302


def test_the_page_of_a_refused_act_shows_what_is_recorded(client, places):
    use = {"use": "ancillary", "usable_area": "120.00", "holds": "wrong", "why": "it was a store all along"}

    _data, asked = sent(client, places, places.room, "unit-act", places.room.code, "facts", **use)

    assert (asked.context["unit"].use, len(confirming.asked(asked).largest)) == ("office", 5)
    assert "<details>" in asked.content.decode()
