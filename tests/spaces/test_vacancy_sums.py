"""Vacant area by length, absorption by quarter, and the terms of tenancies."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings

from spaces import ledger
from spaces.ledger.vacancy_lengths import LENGTHS
from spaces.models import Allocation, Park, Unit
from spaces.values.days import quarter_ends
from tests import make
from tests.spaces.test_ledger import DAYS, build, histories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOW = date(2026, 12, 1)
MOVED_IN = {"signed_on": date(2024, 1, 1), "moved_in_on": date(2024, 1, 1), "starts_on": date(2024, 1, 1)}


def of_all():
    return ledger.ParkUnits(Park.objects.all())


@settings(max_examples=30)
@given(history=histories(), day=DAYS, today=DAYS)
def test_the_lengths_sum_to_what_is_vacant_and_the_terms_to_what_is_let(db, history, day, today):
    Allocation.objects.all().delete()
    Unit.objects.all().delete()
    build(history)

    for on in (day, day + timedelta(days=100)):
        balance = ledger.balance(Unit.objects.all(), on=on, today=today)
        lengths = ledger.lengths_of_vacancy(Unit.objects.all(), on=on, today=today)
        terms = ledger.terms_of_tenancies(Unit.objects.all(), on=on, today=today)

        assert sum(each.area for each in lengths) == balance.areas["vacant"]
        assert sum(each.units for each in lengths) == balance.units["vacant"]
        parts = [*terms.years.values(), terms.overdue, terms.later, terms.open_ended]
        assert sum(each.area for each in parts) == terms.whole.area == balance.taken + balance.areas["committed"]
        assert terms.overdue.area == balance.areas["holdover"]


def test_each_length_holds_both_its_bounds():
    floor = make.floor()
    for days in (0, 30, 31, 90, 91, 180, 181, 365, 366, 900):
        make.unit(floor=floor, opens_on=NOW - timedelta(days=days), usable_area=Decimal(10))

    lengths = ledger.lengths_of_vacancy(of_all(), on=NOW, today=NOW)

    assert [(each.least, each.most, each.units, each.area) for each in lengths] == [
        (least, most, 2, Decimal(20)) for least, most in LENGTHS
    ]
    assert (ledger.long_vacant(lengths).units, ledger.long_vacant(lengths).area) == (6, Decimal(60))


def test_a_quarter_ends_with_its_last_day_and_the_last_one_with_the_day_asked_about():
    assert quarter_ends(NOW, 4) == [date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), NOW]
    assert quarter_ends(date(2026, 9, 30), 3) == [date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)]
    assert quarter_ends(date(2000, 5, 1), 4) == [date(2000, 3, 31), date(2000, 5, 1)]


def test_net_absorption_is_the_change_of_what_is_taken():
    unit, other = make.unit(usable_area=Decimal(70)), make.unit(usable_area=Decimal(30))
    make.allocation(unit=unit, **MOVED_IN | {"starts_on": date(2026, 5, 1), "moved_in_on": date(2026, 5, 1)})
    make.allocation(unit=other, ends_on=date(2026, 7, 1), handed_back_on=date(2026, 8, 1), **MOVED_IN)

    found = ledger.absorption(of_all(), on=NOW, today=NOW, quarters=4)

    assert [(each.day, each.quarter, each.taken, each.change) for each in found] == [
        (date(2026, 3, 31), 1, Decimal(30), Decimal(0)),
        (date(2026, 6, 30), 2, Decimal(100), Decimal(70)),
        (date(2026, 9, 30), 3, Decimal(70), Decimal(-30)),
        (NOW, 4, Decimal(70), Decimal(0)),
    ]


def test_terms_are_weighted_by_area_and_end_in_the_year_of_their_last_day():
    ends = {
        Decimal(100): date(2027, 1, 1),  # the last day lies in 2026
        Decimal(200): date(2028, 12, 1),
        Decimal(50): None,
        Decimal(25): date(2026, 6, 1),  # stays on
        Decimal(10): date(2040, 1, 1),
    }
    for area, ends_on in ends.items():
        make.allocation(unit=make.unit(usable_area=area), ends_on=ends_on, **MOVED_IN)
    make.allocation(starts_on=NOW, ends_on=date(2030, 1, 1), held_until=date(2027, 1, 1))
    make.unit()

    terms = ledger.terms_of_tenancies(of_all(), on=NOW, today=NOW)

    assert {year: part.area for year, part in terms.years.items()} == {
        2026: 100, 2027: 0, 2028: 200, 2029: 0, 2030: 0,
    }  # fmt: skip
    assert (terms.overdue.area, terms.open_ended.area, terms.later.area, terms.whole.area) == (25, 50, 10, 385)
    # (100 x 31 + 200 x 731 + 10 x 4779) days over 335 m2
    assert terms.average_years == Decimal("1.61")
    assert terms.share(terms.open_ended) == Decimal("0.1299")


def test_with_nothing_let_there_is_no_term():
    terms = ledger.terms_of_tenancies(of_all(), on=NOW, today=NOW)

    assert (terms.average_years, terms.share(terms.later), terms.whole.area) == (None, None, 0)


def test_a_signed_tenancy_that_nobody_has_moved_into_counts_and_one_to_come_does_not(django_assert_num_queries):
    make.allocation(unit=make.unit(usable_area=Decimal(5)), starts_on=NOW, ends_on=date(2027, 12, 1))
    make.allocation(unit=make.unit(usable_area=Decimal(7)), starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 1))

    with django_assert_num_queries(1):
        terms = ledger.terms_of_tenancies(of_all(), on=NOW, today=NOW)
    with django_assert_num_queries(1):
        ledger.lengths_of_vacancy(of_all(), on=NOW, today=NOW)

    assert (terms.whole.area, terms.years[2027].area, terms.average_years) == (5, 5, Decimal("1.00"))
