"""Which units fit a wish, which nearly do and by how much, and why the rest does not."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from spaces.ledger import vacancy
from spaces.models import Unit
from tenants import matching
from tenants.matching import Miss, Requirements, Rule
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TODAY = date(2026, 6, 1)
WISH = Requirements(
    use="office",
    area_min=Decimal(100),
    area_max=Decimal(160),
    needed_by=date(2026, 9, 1),
    months=24,
)


@pytest.fixture
def floor(park):
    return make.floor(building=make.building(park=park))


def room(floor, code, area=120, **fields):
    area = None if area is None else Decimal(str(area))
    return make.unit(floor=floor, code=code, usable_area=area, **fields)


def found(requirements=WISH, on=TODAY):
    return matching.match(requirements, Unit.objects.all(), on=on)


def codes(candidates):
    return ["+".join(each.codes) for each in candidates]


def rejected(match):
    return {each.room.code: each.miss.rule.value for each in match.others}


def tenancy(unit, starts_on, ends_on, **fields):
    return make.allocation(unit=unit, starts_on=starts_on, ends_on=ends_on, **fields)


def test_a_unit_that_meets_every_wish_fits_from_today(floor):
    unit = room(floor, "401")

    (fit,) = found().fits

    assert (fit.ids, fit.area, fit.misses) == ((unit.pk,), Decimal("120.00"), ())
    assert (fit.starts_on, fit.ends_on, fit.free_until) == (TODAY, date(2028, 6, 1), None)


@pytest.mark.parametrize("area", ["100.00", "160.00"])
def test_the_edges_of_the_area_fit(floor, area):
    room(floor, "401", area)

    assert codes(found().fits) == ["401"]


@pytest.mark.parametrize(
    ("area", "group", "text"),
    [
        ("99.99", "near", "0.01 m² smaller"),
        ("92", "near", "8 m² smaller"),
        ("80", "near", "20 m² smaller"),
        ("79.99", "others", "20.01 m² smaller"),
        ("168", "near", "8 m² larger"),
        ("240", "near", "80 m² larger"),
        ("240.01", "others", "80.01 m² larger"),
        ("2160", "others", "2,000 m² larger"),
        (None, "others", "usable area not recorded"),
    ],
)
def test_an_area_beside_the_wish_is_measured_from_its_nearer_edge(floor, area, group, text):
    room(floor, "401", area)

    match = found()

    (miss,) = [each.miss for each in match.others] or match.near[0].misses
    assert (miss.rule, matching.message(miss), miss.soft) == (Rule.AREA, text, group == "near")
    assert len(getattr(match, group)) == 1


@pytest.mark.parametrize(
    ("facts", "requirements", "rule", "text"),
    [
        ({"use": "lab"}, {}, "use", "another use: Laboratory"),
        ({"use": "own_office"}, {}, "lettable", "not let: Operator's own office"),
        ({"closes_on": date(2026, 5, 1)}, {}, "retired", "let only up to and including 2026-04-30"),
        ({"closes_on": date(2027, 5, 1)}, {}, "retired", "let only up to and including 2027-04-30"),
        ({"height_m": "3.14"}, {"height_m": "3.5"}, "height", "lower ceiling (3.14 m)"),
        ({"load_kg_m2": 499}, {"load_kg_m2": 500}, "load", "floor loading 499 kg/m², not 500"),
        ({"power_kw": 20}, {"power_kw": 50}, "power", "power 20 kW, not 50"),
        ({"gas": False}, {"features": frozenset({"gas"})}, "feature", "gas: none"),
        ({"opens_on": date(2027, 1, 1)}, {}, "date", "free 4 months later"),
    ],
)
def test_a_hard_rule_puts_a_unit_among_the_others(floor, facts, requirements, rule, text):
    room(floor, "401", **facts)
    requirements = {key: Decimal(value) if key == "height_m" else value for key, value in requirements.items()}

    match = found(replace(WISH, **requirements))

    (other,) = match.others
    assert (other.miss.rule.value, other.miss.soft, matching.message(other.miss)) == (rule, False, text)
    assert (match.fits, match.near) == ((), ())


def test_what_ends_within_a_month_is_no_candidate_where_no_end_is_asked_for(floor):
    """A unit that is split the day after tomorrow is free today, and let to nobody; its parts come from that day."""
    soon = date(2026, 6, 3)
    room(floor, "401", closes_on=soon)
    room(floor, "402", closes_on=date(2026, 7, 1))
    room(make.floor(building=make.building(park=floor.building.park, closed_on=soon)), "403")
    room(floor, "401-1", opens_on=soon)

    def free(starts_on, **window):
        rows = vacancy.free(Unit.objects.all(), starts_on=starts_on, today=TODAY, **window)
        return list(rows.values_list("code", flat=True))

    assert (free(TODAY), free(soon)) == (["402"], ["401-1"])
    assert free(TODAY, ends_on=soon) == ["401", "402", "403"]


@pytest.mark.parametrize(
    ("ready_on", "opened_on", "first"),
    [
        (date(2020, 1, 1), date(2026, 8, 1), date(2026, 8, 1)),
        (date(2026, 8, 1), date(2020, 1, 1), date(2026, 8, 1)),
        (date(2026, 7, 1), date(2026, 8, 1), date(2026, 8, 1)),
        (date(2026, 8, 1), None, date(2026, 8, 1)),
        (date(2020, 1, 1), date(2026, 12, 2), None),
        (None, date(2020, 1, 1), None),
    ],
)
def test_a_unit_is_free_once_its_building_is_ready_and_its_park_open(ready_on, opened_on, first):
    floor = make.floor(building=make.building(park=make.park(opened_on=opened_on), ready_on=ready_on))
    room(floor, "401")

    match = found()

    assert [each.starts_on for each in match.fits] == ([first] if first else [])
    assert rejected(match) == ({} if first else {"401": "unbuilt"})
    for day in (date(2026, 7, 31), date(2026, 8, 1)):
        free = vacancy.free(Unit.objects.all(), starts_on=day, today=TODAY)
        assert free.exists() == (first is not None and first <= day)


@pytest.mark.parametrize(
    ("facts", "requirements", "text"),
    [
        ({"height_m": "3.20"}, {"height_m": "3.5"}, "lower ceiling (3.2 m)"),
        ({"height_m": "3.15"}, {"height_m": "3.5"}, "lower ceiling (3.15 m)"),
        ({}, {"height_m": "3.5"}, "height not recorded"),
        ({}, {"load_kg_m2": 500}, "floor loading not recorded"),
        ({}, {"power_kw": 50}, "power not recorded"),
        ({}, {"features": frozenset({"freight_lift"})}, "freight lift: not recorded"),
        ({"opens_on": date(2026, 10, 1)}, {}, "free one month later"),
        ({"opens_on": date(2026, 12, 1)}, {}, "free 3 months later"),
        ({"opens_on": date(2026, 9, 2)}, {}, "free one day later"),
        ({"opens_on": date(2026, 10, 11)}, {}, "free 40 days later"),
    ],
)
def test_a_soft_rule_leaves_a_unit_near(floor, facts, requirements, text):
    room(floor, "401", **facts)
    requirements = {key: Decimal(value) if key == "height_m" else value for key, value in requirements.items()}

    match = found(replace(WISH, **requirements))

    (near,) = match.near
    assert (matching.sentences(near), match.fits, match.others) == ([text], (), ())


def test_without_a_height_of_its_own_a_unit_has_the_height_of_its_floor(floor):
    floor.height_m = Decimal("4.20")
    floor.save()
    room(floor, "401")
    room(floor, "402", height_m=Decimal("2.80"))

    match = found(replace(WISH, height_m=Decimal("3.5")))

    assert (codes(match.fits), rejected(match)) == (["401"], {"402": "height"})


@pytest.mark.parametrize(
    ("ready_on", "group", "text"),
    [
        (None, "others", "not built, no day known"),
        (date(2027, 3, 1), "others", "not ready before 2027-03-01"),
        (date(2026, 10, 1), "near", "free one month later"),
    ],
)
def test_a_building_must_be_ready_in_time(park, ready_on, group, text):
    room(make.floor(building=make.building(park=park, ready_on=ready_on)), "401")

    match = found()

    result = [each.miss for each in match.others] or match.near[0].misses
    assert ([matching.message(miss) for miss in result], len(getattr(match, group))) == ([text], 1)


def test_a_building_ready_by_the_day_fits_from_then(park):
    room(make.floor(building=make.building(park=park, ready_on=date(2026, 9, 1))), "401")

    assert [fit.starts_on for fit in found().fits] == [date(2026, 9, 1)]


def test_a_building_that_closes_takes_its_units_along(park):
    room(make.floor(building=make.building(park=park, closed_on=date(2027, 1, 1))), "401")

    assert rejected(found()) == {"401": "retired"}


@pytest.mark.parametrize(
    ("period", "rule", "text"),
    [
        ((date(2026, 1, 1), date(2027, 1, 1), {}), "taken", "taken, free from 2027-01-01"),
        ((date(2026, 1, 1), None, {}), "taken", "taken, no end known"),
        ((date(2027, 1, 1), date(2029, 1, 1), {}), "taken", "taken, free from 2029-01-01"),
        (
            (date(2026, 7, 1), date(2028, 7, 1), {"held_until": date(2026, 6, 15)}),
            "held",
            "held up to and including 2026-06-14",
        ),
        (
            (date(2026, 5, 1), date(2027, 5, 1), {"purpose": "offline"}),
            "offline",
            "out of service, back on 2027-05-01",
        ),
        ((date(2026, 5, 1), None, {"purpose": "offline"}), "offline", "out of service until further notice"),
    ],
)
def test_what_takes_a_unit_too_long_is_named(floor, period, rule, text):
    starts_on, ends_on, fields = period
    tenancy(room(floor, "401"), starts_on, ends_on, **fields)

    (other,) = found().others

    assert (other.miss.rule.value, other.miss.soft, matching.message(other.miss)) == (rule, False, text)


@pytest.mark.parametrize(
    ("ends_on", "group"),
    [
        (date(2026, 9, 1), "fits"),
        (date(2026, 9, 2), "near"),
        (date(2026, 12, 1), "near"),
        (date(2026, 12, 2), "others"),
    ],
)
def test_a_unit_is_offered_from_the_day_its_tenant_leaves(floor, ends_on, group):
    tenancy(room(floor, "401"), date(2025, 1, 1), ends_on, moved_in_on=date(2025, 1, 1))

    match = found()

    assert [len(getattr(match, name)) for name in ("fits", "near", "others")] == [
        int(name == group) for name in ("fits", "near", "others")
    ]
    assert [each.starts_on for each in (*match.fits, *match.near)] == ([] if group == "others" else [ends_on])


def test_a_gap_shorter_than_the_term_is_stepped_over(floor):
    unit = room(floor, "401")
    tenancy(unit, date(2026, 7, 1), date(2026, 8, 15))

    (fit,) = found().fits

    assert (fit.starts_on, fit.ends_on) == (date(2026, 8, 15), date(2028, 8, 15))


def test_free_until_is_the_day_the_next_one_comes(floor):
    unit = room(floor, "401")
    tenancy(unit, date(2028, 9, 1), date(2029, 9, 1))

    (fit,) = found().fits

    assert (fit.starts_on, fit.free_until) == (TODAY, date(2028, 9, 1))


@pytest.mark.parametrize(("on", "group"), [(date(2026, 6, 14), "others"), (date(2026, 6, 15), "fits")])
def test_a_hold_blocks_nobody_from_the_day_it_lapses(floor, on, group):
    tenancy(room(floor, "401"), date(2026, 7, 1), date(2028, 7, 1), held_until=date(2026, 6, 15))

    match = found(on=on)

    assert len(getattr(match, group)) == 1


def test_a_tenant_who_stays_leaves_nothing_to_offer(floor):
    tenancy(room(floor, "701"), date(2025, 1, 1), date(2026, 5, 31), moved_in_on=date(2025, 1, 1))

    (other,) = found().others

    assert (other.miss.rule, other.miss.soft) == (Rule.HOLDOVER, False)
    assert matching.message(other.miss) == "not handed back, ended on 2026-05-30"


def test_the_first_hard_rule_is_told_and_the_soft_ones_before_it_are_not(floor):
    room(floor, "401", 500, height_m=Decimal("3.40"), power_kw=10, gas=False)

    (other,) = found(replace(WISH, height_m=Decimal("3.5"), power_kw=50, features=frozenset({"gas"}))).others

    assert other.miss == Miss(Rule.POWER, 50, 10, soft=False)


def test_without_a_day_a_unit_must_be_free_today_and_without_a_term_for_a_year(floor):
    tenancy(room(floor, "401"), date(2025, 1, 1), date(2026, 6, 11))
    tenancy(room(floor, "403"), date(2027, 6, 1), None)
    tenancy(room(floor, "405"), date(2027, 5, 31), None)

    match = found(Requirements())

    assert codes(match.fits) == ["403"]
    assert [matching.sentences(near) for near in match.near] == [["same floor as 403", "free 10 days later"]]
    assert rejected(match) == {"405": "taken"}


def test_a_day_that_has_passed_means_today(floor):
    room(floor, "401")

    assert codes(found(replace(WISH, needed_by=date(2026, 1, 1))).fits) == ["401"]


def test_the_reasons_are_counted_most_frequent_first(floor):
    for code in ("401", "403", "405"):
        room(floor, code, height_m=Decimal(2))
    room(floor, "402", use="ancillary")
    room(floor, "404", use="lab")

    match = found(replace(WISH, height_m=Decimal("3.5")))

    assert list(match.reasons.items()) == [(Rule.HEIGHT, 3), (Rule.LETTABLE, 1), (Rule.USE, 1)]


def test_a_wish_is_what_its_request_asks_for(park):
    wanted = make.wanted(
        park=park, area_max=Decimal(200), height_m=Decimal("3.5"), load_kg_m2=500, power_kw=30, gas=True, water=True
    )

    assert Requirements.of(wanted) == Requirements(
        use="office",
        area_min=Decimal(80),
        area_max=Decimal(200),
        height_m=Decimal("3.5"),
        load_kg_m2=500,
        power_kw=30,
        features=frozenset({"gas", "water"}),
        needed_by=date(2026, 9, 1),
        months=24,
    )


def test_words_are_chinese_where_the_reader_is(floor):
    room(floor, "401", 168, opens_on=date(2026, 10, 1))

    (near,) = found().near
    with translation.override("zh-hans"):
        result = matching.sentences(near)

    assert result == ["大 8 ㎡", "晚 1 个月可入驻"]


@pytest.mark.parametrize(("rule"), list(Rule))
def test_every_rule_has_words(rule):
    has = {"use": "lab", "lettable": "ancillary", "date": date(2026, 10, 1)}.get(rule.value)
    need = {"feature": "gas", "date": date(2026, 9, 1)}.get(rule.value)

    assert matching.message(Miss(rule, need, has, soft=False)) not in {"", rule.value}


def test_the_score_is_the_sum_of_its_parts(floor):
    room(floor, "401", 100)
    room(floor, "402", 130)
    room(floor, "403", 120)
    room(floor, "405", 240)

    match = found()

    result = [("+".join(each.codes), each.score, each.parts, each.pieces) for each in (*match.fits, *match.near)]
    assert result == [
        ("401", 95, matching.Parts(area=40, date=20, conditions=20, pieces=15), 1),
        ("403", 82, matching.Parts(area=37, date=20, conditions=20, pieces=5), 2),
        ("402", 80, matching.Parts(area=35, date=20, conditions=20, pieces=5), 2),
        ("405", 55, matching.Parts(area=0, date=20, conditions=20, pieces=15), 1),
    ]


def test_equal_scores_go_to_less_waste_then_to_the_code(park):
    for code, area in (("C10", 120), ("C9", 120), ("B1", "120.10")):
        room(make.floor(building=make.building(park=park)), code, area)

    match = found()

    assert [fit.score for fit in match.fits] == [97, 97, 97]
    assert codes(match.fits) == ["C9", "C10", "B1"]
