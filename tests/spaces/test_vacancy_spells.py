"""Since when a unit is vacant, beside a walk back over the states of its days."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given, settings

from spaces import ledger
from spaces.models import Allocation, Unit
from spaces.states import UnitState
from tests import make
from tests.spaces.test_ledger import DAYS, START, build, histories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
BEFORE = START - timedelta(days=10)  # no unit of `histories` exists
NOW = date(2026, 12, 1)


def told_by_a_walk(on, today):
    """Unit id -> the first day of its vacancy, None for one that is not vacant, of those that exist on the day."""
    days = [BEFORE + timedelta(days=number) for number in range((on - BEFORE).days + 1)]
    result = {}
    for pk, each in ledger.painted(Unit.objects.all(), days, today=today):
        first = len(days)
        while first and each.states[first - 1] == UnitState.VACANT:
            first -= 1
        if each.states[-1] is not None:
            result[pk] = days[first] if first < len(days) else None
    return result


def since(unit, on=NOW, today=NOW):
    rows = ledger.with_state(Unit.objects.filter(pk=unit.pk), on=on, today=today)
    return ledger.with_vacant_since(rows, on=on, today=today).get().vacant_since


@settings(max_examples=150)
@given(history=histories(), day=DAYS, today=DAYS)
def test_sql_and_a_walk_over_the_days_tell_the_same_first_day(db, history, day, today):
    Allocation.objects.all().delete()
    Unit.objects.all().delete()
    build(history)

    for on in (day, day + timedelta(days=1), day + timedelta(days=30)):
        rows = ledger.with_state(Unit.objects.all(), on=on, today=today)
        dated = ledger.with_vacant_since(rows, on=on, today=today)
        in_sql = dict(dated.values_list("pk", "vacant_since"))
        assert in_sql == told_by_a_walk(on, today)
        for unit in Unit.objects.filter(pk__in=[pk for pk, first in in_sql.items() if first]):
            assert ledger.vacant_since(unit, on=on, today=today) == in_sql[unit.pk]


def test_a_unit_that_nobody_had_is_vacant_since_it_opened_or_its_park_did():
    unit = make.unit(opens_on=date(2025, 3, 1))
    assert since(unit) == date(2025, 3, 1)

    park = unit.floor.building.park
    park.opened_on = date(2025, 5, 1)
    park.save()

    assert since(unit) == date(2025, 5, 1)


def test_a_vacancy_begins_with_the_hand_back_of_a_tenant_who_stayed_on():
    unit = make.unit()
    moved_in = {"signed_on": date(2024, 1, 1), "moved_in_on": date(2024, 1, 1)}
    row = make.allocation(unit=unit, starts_on=date(2024, 1, 1), ends_on=date(2026, 6, 1), **moved_in)
    assert since(unit) is None

    row.handed_back_on = date(2026, 8, 1)
    row.save()

    assert since(unit) == date(2026, 8, 1)
    assert since(unit, on=date(2026, 7, 31)) is None


def test_a_vacancy_begins_on_the_day_a_hold_lapses_whatever_it_was_to_cover():
    unit = make.unit()
    make.allocation(unit=unit, starts_on=date(2026, 9, 1), ends_on=date(2028, 1, 1), held_until=date(2026, 10, 15))

    assert since(unit) == date(2026, 10, 15)


def test_a_vacancy_begins_when_a_unit_becomes_one_to_let():
    unit = make.unit(use="own_office")
    unit.periods.update(ends_on=date(2026, 2, 1))
    unit.periods.create(starts_on=date(2026, 2, 1), use="office", usable_area=None)
    unit.periods.filter(ends_on=None).update(ends_on=date(2026, 4, 1))
    unit.periods.create(starts_on=date(2026, 4, 1), use="office", usable_area=10)

    assert since(unit) == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"ordering": "vacant_since"}, ["OLD", "NEW", "TAKEN"]),
        ({"vacant_days__gte": 30, "ordering": "vacant_since"}, ["OLD"]),
        ({"vacant_days__lte": 29}, ["NEW"]),
        ({"vacant_days__gte": 0, "vacant_days__lte": 30, "ordering": "code"}, ["NEW", "OLD"]),
        ({"vacant_days__gte": 31}, []),
    ],
)
def test_the_list_filters_and_orders_by_how_long(client, query, codes):
    floor = make.floor()
    make.unit(floor=floor, code="NEW", opens_on=date(2026, 5, 31))
    make.unit(floor=floor, code="OLD", opens_on=date(2026, 5, 2))
    make.allocation(unit=make.unit(floor=floor, code="TAKEN"), ends_on=date(2027, 1, 1))

    rows = client.get(reverse("api-unit-list"), query | {"as_of": "2026-06-01", "fields": "code"}).json()["results"]

    assert [row["code"] for row in rows] == codes
