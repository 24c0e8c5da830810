"""A unit's life through the pages: each act, its refusals, and what it writes. Who may: test_rights.py."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from spaces.changes.versions import version_of
from spaces.models import Allocation, Change, Unit
from tests import make
from tests.frontend import people as folk
from tests.frontend import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_today")]
HOLD = {"starts_on": "2026-06-01", "ends_on": "2027-05-31", "held_until": "2026-06-30"}


@pytest.fixture
def people():
    return folk.gather()


def post(client, user, name, *args, **data):
    if user is not None:
        client.force_login(user)
    return client.post(reverse(name, args=args), data)


def test_a_unit_is_held_signed_moved_into_and_handed_back_through_the_pages(client, people):
    unit = people.world["unit"]

    post(client, people.manager, "unit-act", unit.code, "hold", **HOLD)
    row = Allocation.objects.get(unit=unit)
    post(client, people.manager, "allocation-act", row.pk, "sign", signed_on="2026-06-01")
    post(client, people.manager, "allocation-act", row.pk, "move-in", moved_in_on="2026-06-01")
    Allocation.objects.filter(pk=row.pk).update(starts_on=date(2026, 5, 1), moved_in_on=date(2026, 5, 1))
    post(client, people.manager, "allocation-act", row.pk, "hand-back", handed_back_on="2026-06-01")

    row.refresh_from_db()
    assert (row.signed_on, row.ends_on, row.handed_back_on) == (world.DAY, world.DAY, world.DAY)
    verbs = Change.objects.filter(unit=unit.pk).order_by("pk").values_list("verb", "by__email")
    assert list(verbs) == [(verb, "manager@example.test") for verb in ("hold", "sign", "move_in", "hand_back")]


def test_the_last_day_on_screen_is_inclusive(client, people):
    unit = people.world["unit"]

    post(client, people.manager, "unit-act", unit.code, "hold", **HOLD)

    row = Allocation.objects.get(unit=unit)
    assert (row.ends_on, row.held_until) == (date(2027, 6, 1), date(2026, 7, 1))


def test_a_refusal_keeps_what_was_typed_and_says_why_at_the_field(client, people):
    taken = Unit.objects.get(code="HIT-01-A-104")

    response = post(client, people.manager, "unit-act", taken.code, "hold", **HOLD)

    assert response.status_code == 409
    (error,) = response.context["form"].non_field_errors()
    assert "2026-01-01" in error
    assert "2026-12-31" in error
    assert 'value="2027-05-31"' in response.content.decode()


FACTS = {"use": "office", "usable_area": "90", "holds": "from", "from_day": "2026-06-01"}


@pytest.mark.parametrize(
    ("verb", "data"),
    [
        ("hold", {"starts_on": "2026-02-30"}),
        ("hold", HOLD | {"held_until": "1999-01-01"}),
        ("split", {"splits_on": "2026-06-01", "parts": "one line"}),
        ("split", {"splits_on": "2026-06-01", "parts": "A 1\nB NaN"}),
        ("retire", {"closes_on": "2026-06-01"}),
        ("facts", FACTS | {"usable_area": "-1"}),
        ("facts", FACTS | {"usable_area": "1e99"}),
        ("facts", FACTS | {"from_day": ""}),
        ("facts", FACTS | {"from_day": "2000-01-01"}),
        ("facts", FACTS | {"first_wrong": "2026-01-01"}),
        ("facts", FACTS | {"holds": "wrong", "first_wrong": "2026-02-01", "last_wrong": "2026-01-31"}),
        ("facts", FACTS | {"holds": "wrong"}),
        ("facts", FACTS | {"holds": "soon"}),
        ("offline", {"starts_on": "2026-06-01", "reason": ""}),
        ("merge", {"merges_on": "2026-06-01", "others": "nonsense", "code": "X", "usable_area": "1"}),
    ],
)
def test_bad_input_is_refused_and_writes_nothing(client, people, verb, data):
    before, unit = Change.objects.count(), people.world["unit"]

    response = post(client, people.manager, "unit-act", unit.code, verb, **data | {"version": version_of(unit)})

    assert (response.status_code, Change.objects.count()) == (422, before)


def test_a_hold_that_would_have_lapsed_is_a_conflict_as_in_the_api(client, people):
    before, unit = Change.objects.count(), people.world["unit"]
    data = HOLD | {"held_until": "2026-05-01", "version": version_of(unit)}

    response = post(client, people.manager, "unit-act", unit.code, "hold", **data)

    assert (response.status_code, Change.objects.count()) == (409, before)


def test_an_area_is_understood_as_people_paste_it(client, people):
    unit = people.world["unit"]
    data = {
        "use": "office",
        "usable_area": "１,２３４.50 ㎡",
        "holds": "from",
        "from_day": "2026-06-01",
        "why": "surveyed again",
        "version": version_of(unit),
    }

    response = post(client, people.manager, "unit-act", unit.code, "facts", **data)

    unit.refresh_from_db()
    assert (response.status_code, unit.usable_area) == (302, Decimal("1234.50"))


def test_a_split_conserves_area_and_keeps_the_lineage(client, people):
    unit = people.world["unit"]
    data = {"splits_on": "2026-06-01", "parts": "101a 51.21\n101b, 50.00"}

    response = post(client, people.manager, "unit-act", unit.code, "split", **data)

    made = Unit.objects.filter(predecessors=unit).order_by("code")
    assert response.status_code == 302
    assert [(each.code, each.usable_area) for each in made] == [
        ("HIT-01-A-101A", Decimal("51.21")),
        ("HIT-01-A-101B", Decimal("50.00")),
    ]


def test_the_parts_of_a_unit_keep_its_facts_and_stay_unpublished(client, people):
    unit = people.world["unit"]
    facts = {"published": False, "asking_rent": Decimal("1.20"), "network": True, "fitted": False, "drainage": True}
    Unit.objects.filter(pk=unit.pk).update(**facts)
    data = {"splits_on": "2026-06-01", "parts": "101a 51.21\n101b, 50.00"}

    post(client, people.manager, "unit-act", unit.code, "split", **data)

    made = Unit.objects.filter(predecessors=unit).values(*facts)
    assert list(made) == [facts, facts]


def test_units_are_merged(client, people):
    unit = people.world["unit"]
    other = make.unit(floor=unit.floor, code="HIT-01-A-120")
    data = {"merges_on": "2026-06-01", "others": [other.code], "code": "130", "usable_area": "201.21"}

    response = post(client, people.manager, "unit-act", unit.code, "merge", **data)

    whole = Unit.objects.get(code="HIT-01-A-130")
    assert response.status_code == 302
    assert set(whole.predecessors.all()) == {unit, other}
