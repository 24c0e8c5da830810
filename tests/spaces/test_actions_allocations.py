"""Each act on an allocation: what it writes, what it refuses and with which code."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from spaces import changes, ledger
from spaces.actions import allocations, units, writing
from spaces.models import Allocation, Change, Unit, UnitPeriod
from spaces.values.days import last_day
from spaces.values.periods import Validity
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("watched")]
TODAY = date(2026, 6, 1)
PERIOD = {"starts_on": date(2026, 7, 1), "ends_on": date(2027, 7, 1)}
HELD = {"held_until": date(2026, 7, 1)}


def day(text):
    return date.fromisoformat(text)


@pytest.fixture
def unit(park):
    return make.unit(floor=make.floor(building=make.building(park=park)))


@pytest.fixture
def tenancy(unit):
    """Signed from January to the next January, nobody has moved in."""
    return make.allocation(unit=unit, ends_on=date(2027, 1, 1))


@pytest.fixture
def tenant(unit):
    """Moved in on 5 January, until May; the keys are not back."""
    return make.allocation(unit=unit, ends_on=date(2026, 5, 1), moved_in_on=date(2026, 1, 5))


def refused(act, *args, **facts):
    """The codes of a refusal, by field; nothing may be left of it."""
    before = list(Allocation.objects.order_by("pk").values()), Change.objects.count()

    with pytest.raises(ValidationError) as refusal:
        act(*args, **facts)

    assert (list(Allocation.objects.order_by("pk").values()), Change.objects.count()) == before
    return {field: [error.code for error in errors] for field, errors in refusal.value.error_dict.items()}


def last_change():
    change = Change.objects.latest("pk")
    return change.verb, change.by, change.why


def test_a_hold_takes_the_whole_period_and_lapses_by_itself(unit, manager):
    (row,) = allocations.hold([unit], **PERIOD, **HELD, by=manager, on=TODAY, why="for the robot team")

    row.refresh_from_db()
    assert (row.starts_on, row.ends_on, row.held_until, row.signed_on) == (*PERIOD.values(), day("2026-07-01"), None)
    assert last_change() == ("hold", manager, "for the robot team")


def test_a_hold_of_several_units_is_all_or_nothing(unit, tenancy, manager):
    free = make.unit(floor=unit.floor)

    codes = refused(allocations.hold, [free, unit], **PERIOD, **HELD, by=manager, on=TODAY)

    assert codes == {"__all__": ["unit_overlap"]}


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [("2025-06-01", "2026-01-01"), ("2027-01-01", "2027-07-01"), ("2027-01-01", "2027-01-02")],
)
def test_a_period_may_touch_its_neighbour(tenancy, starts_on, ends_on):
    (row,) = allocations.hold(
        [tenancy.unit], starts_on=day(starts_on), ends_on=day(ends_on), **HELD, by=None, on=TODAY
    )

    assert (row.starts_on, row.ends_on) == (day(starts_on), day(ends_on))


@pytest.mark.parametrize(
    ("unit_facts", "facts", "codes"),
    [
        ({}, {"held_until": TODAY}, {"held_until": ["lapsed"]}),
        ({"opens_on": date(2026, 7, 2)}, {}, {"starts_on": ["outside_life"]}),
        ({"closes_on": date(2027, 6, 30)}, {}, {"ends_on": ["outside_life"]}),
        ({}, {"ends_on": date(2026, 7, 1)}, {"__all__": [None]}),
        ({}, {"ends_on": date(2100, 1, 1)}, {"ends_on": ["day"]}),
        ({}, {"ends_on": None}, {"__all__": [None]}),
    ],
)
def test_a_hold_is_refused(unit, unit_facts, facts, codes):
    Unit.objects.filter(pk=unit.pk).update(**unit_facts)

    assert refused(allocations.hold, [unit], **PERIOD | HELD | facts, by=None, on=TODAY) == codes


@pytest.mark.parametrize("use", ["ancillary", "own_office", "public_service"])
@pytest.mark.parametrize("since", [date(2020, 6, 1), PERIOD["starts_on"], PERIOD["ends_on"] - timedelta(days=1)])
def test_a_hold_is_refused_where_the_unit_is_not_let_on_one_of_its_days(unit, manager, since, use):
    validity = Validity.from_day(since)
    units.update(unit, use=use, validity=validity, why="a meeting room", by=manager, on=date(2026, 1, 1))

    assert refused(allocations.hold, [unit], **PERIOD, **HELD, by=None, on=TODAY) == {"unit": ["not_lettable"]}


def test_a_hold_may_end_where_the_unit_is_not_let_any_more(unit, manager):
    validity = Validity.from_day(PERIOD["ends_on"])
    units.update(unit, use="ancillary", validity=validity, why="a meeting room", by=manager, on=date(2026, 1, 1))

    (row,) = allocations.hold([unit], **PERIOD, **HELD, by=None, on=TODAY)

    assert row.ends_on == PERIOD["ends_on"]


def test_a_hold_is_refused_beyond_the_life_of_the_building(unit):
    building = unit.floor.building
    building.closed_on = date(2027, 6, 30)
    building.save()

    assert refused(allocations.hold, [unit], **PERIOD, **HELD, by=None, on=TODAY) == {"ends_on": ["outside_life"]}


@pytest.mark.parametrize("ends_on", [None, date(2026, 7, 1)])
def test_a_unit_is_taken_offline_with_a_reason(unit, ends_on, manager):
    row = allocations.take_offline(unit, starts_on=TODAY, ends_on=ends_on, reason="burst pipe", by=manager, on=TODAY)

    assert (row.purpose, row.ends_on, row.reason) == ("offline", ends_on, "burst pipe")
    assert last_change() == ("take_offline", manager, "")


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({"reason": "  "}, {"reason": ["reason"]}),
        ({"starts_on": date(2026, 12, 31)}, {"__all__": ["unit_overlap"]}),
        ({"starts_on": date(2019, 12, 31)}, {"starts_on": ["outside_life"]}),
    ],
)
def test_taking_offline_is_refused(tenancy, facts, codes):
    facts = {"starts_on": date(2027, 1, 1), "ends_on": None, "reason": "works"} | facts

    assert refused(allocations.take_offline, tenancy.unit, **facts, by=None, on=TODAY) == codes


def test_a_common_room_can_be_out_of_service(unit):
    UnitPeriod.objects.filter(unit=unit).update(use="ancillary")

    row = allocations.take_offline(unit, starts_on=TODAY, ends_on=None, reason="works", by=None, on=TODAY)

    assert row.pk == Allocation.objects.get().pk


@pytest.fixture
def held(unit):
    return make.allocation(unit=unit, **PERIOD, **HELD)


def test_signing_ends_the_hold(held, manager):
    row = allocations.sign(held, signed_on=day("2026-05-30"), by=manager, on=TODAY)

    assert (row.signed_on, row.held_until) == (day("2026-05-30"), None)
    assert last_change() == ("sign", manager, "")


def test_signing_is_refused(held, tenancy_elsewhere):
    offline = make.allocation(
        unit=tenancy_elsewhere.unit, purpose="offline", signed_on=None, starts_on=day("2027-01-01")
    )
    sign = allocations.sign

    assert refused(sign, tenancy_elsewhere, signed_on=TODAY, by=None, on=TODAY) == {"signed_on": ["state"]}
    assert refused(sign, offline, signed_on=TODAY, by=None, on=TODAY) == {"signed_on": ["state"]}
    assert refused(sign, held, signed_on=day("2026-06-02"), by=None, on=TODAY) == {"signed_on": ["future"]}
    assert refused(sign, held, signed_on=TODAY, by=None, on=day("2026-07-01")) == {"signed_on": ["lapsed"]}


@pytest.fixture
def tenancy_elsewhere(unit):
    return make.allocation(unit=make.unit(floor=unit.floor), ends_on=date(2027, 1, 1))


def test_a_hold_can_be_signed_on_its_last_day(held):
    row = allocations.sign(held, signed_on=day("2026-06-30"), by=None, on=day("2026-06-30"))

    assert row.signed_on == day("2026-06-30")


def test_an_allocation_that_is_gone_is_refused_in_words(held):
    allocations.end_early(held, ends_on=held.starts_on, by=None, why="withdrawn")

    assert refused(allocations.sign, held, signed_on=TODAY, by=None, on=TODAY) == {"__all__": ["stale"]}


def test_moving_in_makes_it_occupied(tenancy, manager):
    row = allocations.move_in(tenancy, moved_in_on=TODAY, by=manager, on=TODAY)

    assert row.moved_in_on == TODAY
    assert last_change() == ("move_in", manager, "")


@pytest.mark.parametrize(
    ("facts", "moved_in_on", "codes"),
    [
        ({"moved_in_on": date(2026, 2, 1)}, "2026-06-01", {"moved_in_on": ["state"]}),
        ({"signed_on": None, "held_until": date(2026, 7, 1)}, "2026-06-01", {"moved_in_on": ["state"]}),
        ({}, "2026-06-02", {"moved_in_on": ["future"]}),
        ({}, "2025-12-31", {"__all__": [None]}),
        ({"ends_on": date(2026, 6, 1)}, "2026-06-01", {"__all__": [None]}),
    ],
)
def test_moving_in_is_refused(tenancy, facts, moved_in_on, codes):
    Allocation.objects.filter(pk=tenancy.pk).update(**facts)

    assert refused(allocations.move_in, tenancy, moved_in_on=day(moved_in_on), by=None, on=TODAY) == codes


@pytest.mark.parametrize("ready_on", [None, date(2026, 6, 2)])
def test_nobody_moves_into_a_building_that_is_not_ready(tenancy, ready_on):
    building = tenancy.unit.floor.building
    building.ready_on = ready_on
    building.save()

    assert refused(allocations.move_in, tenancy, moved_in_on=TODAY, by=None, on=TODAY) == {
        "moved_in_on": ["not_ready"]
    }


@pytest.mark.parametrize(
    ("back", "codes"), [(None, "not_handed_back"), ("2026-05-21", "not_handed_back"), ("2026-05-20", None)]
)
def test_nobody_moves_in_before_the_keys_are_back(tenant, back, codes):
    after = make.allocation(unit=tenant.unit, starts_on=date(2026, 5, 1))
    Allocation.objects.filter(pk=tenant.pk).update(handed_back_on=back)

    if codes:
        result = refused(allocations.move_in, after, moved_in_on=day("2026-05-20"), by=None, on=TODAY)
        assert result == {"moved_in_on": [codes]}
    else:
        row = allocations.move_in(after, moved_in_on=day("2026-05-20"), by=None, on=TODAY)
        assert row.moved_in_on == day("2026-05-20")


@pytest.mark.parametrize(
    ("handed_back_on", "ends_on"),
    [("2026-04-01", "2026-04-01"), ("2026-05-01", "2026-05-01"), ("2026-05-20", "2026-05-01")],
)
def test_handing_back_early_ends_the_period_and_late_leaves_the_holdover_on_record(
    tenant, handed_back_on, ends_on, manager
):
    row = allocations.hand_back(tenant, handed_back_on=day(handed_back_on), by=manager, on=TODAY, why="moved out")

    assert (row.handed_back_on, row.ends_on) == (day(handed_back_on), day(ends_on))
    assert last_change() == ("hand_back", manager, "moved out")


def test_an_open_tenancy_ends_with_its_hand_back(unit):
    tenant = make.allocation(unit=unit, moved_in_on=date(2026, 1, 5))

    row = allocations.hand_back(tenant, handed_back_on=TODAY, by=None, on=TODAY)

    assert row.ends_on == TODAY


@pytest.mark.parametrize(
    ("facts", "handed_back_on", "code"),
    [
        ({"moved_in_on": None}, "2026-05-01", "state"),
        ({"handed_back_on": date(2026, 5, 1)}, "2026-05-01", "state"),
        ({}, "2026-06-02", "future"),
        ({}, "2026-01-05", "order"),
    ],
)
def test_handing_back_is_refused(tenant, facts, handed_back_on, code):
    Allocation.objects.filter(pk=tenant.pk).update(**facts)

    result = refused(allocations.hand_back, tenant, handed_back_on=day(handed_back_on), by=None, on=TODAY)

    assert result == {"handed_back_on": [code]}


def test_what_nobody_moved_into_ends_early(tenancy, manager):
    row = allocations.end_early(tenancy, ends_on=TODAY, by=manager, why="went bankrupt")

    assert row.ends_on == TODAY
    assert last_change() == ("end_early", manager, "went bankrupt")


@pytest.mark.parametrize("ends_on", ["2026-01-01", "2025-12-31"])
def test_a_tenancy_of_which_no_day_is_left_is_removed_and_kept_in_the_record(tenancy, ends_on, manager):
    before = changes.snapshot(tenancy)

    gone = allocations.end_early(tenancy, ends_on=day(ends_on), by=manager, why="cancelled")

    change = Change.objects.latest("pk")
    assert (gone, Allocation.objects.count()) == (None, 0)
    assert (change.verb, change.before, change.after, change.why) == ("end_early", before, None, "cancelled")


@pytest.mark.parametrize(
    ("facts", "ends_on", "why", "codes"),
    [
        ({}, "2026-06-01", " ", {"why": ["reason"]}),
        ({"moved_in_on": date(2026, 2, 1)}, "2026-06-01", "x", {"ends_on": ["state"]}),
        ({}, "2027-01-02", "x", {"ends_on": ["order"]}),
    ],
)
def test_ending_early_is_refused(tenancy, facts, ends_on, why, codes):
    Allocation.objects.filter(pk=tenancy.pk).update(**facts)

    assert refused(allocations.end_early, tenancy, ends_on=day(ends_on), by=None, why=why) == codes


def test_a_correction_mends_the_past_with_a_reason(tenant, manager):
    row = allocations.correct(tenant, by=manager, on=TODAY, why="misread the lease", moved_in_on=day("2026-01-04"))

    assert row.moved_in_on == day("2026-01-04")
    assert last_change() == ("correct", manager, "misread the lease")


def test_a_correction_that_changes_nothing_writes_nothing(tenant):
    allocations.correct(tenant, by=None, on=TODAY, why="looked again", moved_in_on=tenant.moved_in_on, reason="")

    assert Change.objects.count() == 0


@pytest.mark.parametrize(
    ("facts", "why", "codes"),
    [
        ({"ends_on": date(2026, 4, 1)}, "", {"why": ["reason"]}),
        ({"ends_on": date(2026, 6, 2), "handed_back_on": date(2026, 6, 2)}, "x", {"__all__": ["unit_overlap"]}),
        ({"starts_on": date(2019, 12, 31)}, "x", {"starts_on": ["outside_life"]}),
        ({"handed_back_on": date(2026, 6, 3)}, "x", {"moved_in_on": ["not_handed_back"]}),
        ({"moved_in_on": date(2026, 5, 1)}, "x", {"__all__": [None]}),
    ],
)
def test_a_correction_keeps_every_rule(tenant, facts, why, codes):
    make.allocation(unit=tenant.unit, starts_on=date(2026, 6, 1), moved_in_on=date(2026, 6, 2))
    Allocation.objects.filter(pk=tenant.pk).update(handed_back_on=date(2026, 5, 3))

    assert refused(allocations.correct, tenant, by=None, on=day("2026-06-10"), why=why, **facts) == codes


def test_a_correction_moves_nobody_into_a_building_that_was_not_ready(tenant):
    building = tenant.unit.floor.building
    building.ready_on = date(2026, 1, 3)
    building.save()

    result = refused(allocations.correct, tenant, by=None, on=TODAY, why="x", moved_in_on=date(2026, 1, 2))

    assert result == {"moved_in_on": ["not_ready"]}


def result(unit, on, today):
    return ledger.balance(Unit.objects.filter(pk=unit.pk), on=on, today=today)


WRITERS = [
    lambda unit, on: allocations.hold(
        [unit], starts_on=on, ends_on=on + timedelta(days=9), held_until=on + timedelta(days=3), by=None, on=on
    ),
    lambda unit, on: allocations.take_offline(unit, starts_on=on, ends_on=None, reason="works", by=None, on=on),
    lambda unit, on: allocations.place_many(
        [Allocation(unit=unit, purpose="tenancy", starts_on=on, signed_on=on, moved_in_on=on)], by=None, on=on
    ),
]


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("held_until", ["2026-05-20", "2026-06-01"])
def test_the_next_writer_gives_back_what_a_lapsed_hold_kept_and_the_past_reads_as_before(unit, write, held_until):
    lapsed = make.allocation(
        unit=unit, starts_on=date(2026, 5, 1), ends_on=date(2028, 1, 1), held_until=day(held_until)
    )
    past = [TODAY - timedelta(days=back) for back in range(1, 40)]
    before = [result(unit, on, TODAY) for on in past]

    write(unit, TODAY)

    lapsed.refresh_from_db()
    assert lapsed.ends_on == day(held_until)
    assert [result(unit, on, TODAY) for on in past] == before
    change = Change.objects.filter(verb="lapse").get()
    assert (change.before["ends_on"], change.after["ends_on"]) == ("2028-01-01", held_until)


def test_a_hold_that_never_counted_is_removed_and_its_row_kept_in_the_record(unit):
    lapsed = make.allocation(unit=unit, **PERIOD, held_until=date(2026, 6, 1))
    whole = changes.snapshot(lapsed)

    allocations.hold([unit], **PERIOD, **HELD, by=None, on=TODAY)

    change = Change.objects.filter(verb="lapse").get()
    assert (change.before, change.after, change.object_id) == (whole, None, lapsed.pk)
    assert Allocation.objects.get().held_until == day("2026-07-01")


def test_a_hold_blocks_until_the_day_it_lapses(unit, held):
    again = {"by": None, "held_until": day("2026-08-01"), **PERIOD}

    assert refused(allocations.hold, [unit], on=day("2026-06-30"), **again) == {"__all__": ["unit_overlap"]}
    assert len(allocations.hold([unit], on=day("2026-07-01"), **again)) == 1


def test_a_refused_act_leaves_a_lapsed_hold_as_it_was(unit, tenancy):
    make.allocation(unit=unit, starts_on=date(2027, 1, 1), ends_on=date(2028, 1, 1), held_until=date(2026, 3, 1))

    assert refused(allocations.hold, [unit], **PERIOD, **HELD, by=None, on=TODAY) == {"__all__": ["unit_overlap"]}


def test_many_tenancies_are_written_down_with_their_changes(unit, manager):
    rows = [
        Allocation(unit=unit, purpose="tenancy", starts_on=day("2024-01-01"), ends_on=day("2025-01-01"),
                   signed_on=day("2023-12-01"), moved_in_on=day("2024-01-02"), handed_back_on=day("2025-01-03")),
        Allocation(unit=unit, purpose="tenancy", starts_on=day("2025-01-01"), signed_on=day("2024-12-01"),
                   moved_in_on=day("2025-01-03")),
    ]  # fmt: skip

    allocations.place_many(rows, by=manager, on=TODAY, why="from the old ledger")

    stored = Allocation.objects.order_by("pk")
    kept = Change.objects.order_by("pk").values_list("verb", "by", "why", "after")
    assert list(kept) == [("create", manager.pk, "from the old ledger", changes.snapshot(row)) for row in stored]
    assert len(stored) == 2


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({"starts_on": date(2026, 12, 31)}, {"starts_on": ["unit_overlap"]}),
        ({"purpose": "offline", "signed_on": None}, {"purpose": ["state"]}),
        ({"signed_on": date(2026, 6, 2)}, {"signed_on": ["future"]}),
        ({"signed_on": None, "held_until": TODAY, "ends_on": date(2028, 1, 1)}, {"held_until": ["lapsed"]}),
        ({"ends_on": date(2027, 1, 1)}, {"__all__": [None]}),
        ({"starts_on": None}, {"starts_on": ["null"]}),
    ],
)
def test_many_tenancies_are_refused_as_one(tenancy, facts, codes):
    good = Allocation(unit=make.unit(), purpose="tenancy", starts_on=TODAY, signed_on=TODAY)
    bad = {"purpose": "tenancy", "starts_on": date(2027, 1, 1), "signed_on": date(2026, 6, 1)} | facts

    assert refused(allocations.place_many, [good, Allocation(unit=tenancy.unit, **bad)], by=None, on=TODAY) == codes


def test_many_tenancies_wait_for_the_keys_too(tenant):
    row = Allocation(
        unit=tenant.unit, purpose="tenancy", starts_on=date(2026, 5, 1), signed_on=TODAY, moved_in_on=TODAY
    )

    assert refused(allocations.place_many, [row], by=None, on=TODAY) == {"moved_in_on": ["not_handed_back"]}


def test_areas_are_as_before_after_a_refusal(tenancy):
    before = result(tenancy.unit, TODAY, TODAY)

    refused(allocations.hold, [tenancy.unit], **PERIOD, **HELD, by=None, on=TODAY)

    assert result(tenancy.unit, TODAY, TODAY) == before
    assert before.areas["committed"] == Decimal("100.00")


def test_a_hold_costs_few_statements(unit, manager, django_assert_num_queries):
    """Locks, the rules that need other rows, the row and its record: no statement for each constraint and each key.

    Three count the unit for the month ledger.
    """
    with django_assert_num_queries(12):
        allocations.hold([unit], **PERIOD, **HELD, by=manager, on=TODAY)


def test_all_that_is_wrong_is_told_at_once(unit):
    """A field by its own check, and beside it the rule of the database that the same row breaks."""
    row = Allocation(unit=unit, purpose="nothing", reason="r" * 1000, **PERIOD | {"ends_on": PERIOD["starts_on"]})

    with pytest.raises(ValidationError) as refusal:
        writing.check(row)

    assert set(refusal.value.message_dict) == {"purpose", "reason", NON_FIELD_ERRORS}
    assert refusal.value.message_dict[NON_FIELD_ERRORS] == ["The last day must not be before the first."]


def test_the_refusal_of_a_taken_unit_names_its_days_to_who_may_see_them(unit, tenancy, manager, neighbour):
    def message(by):
        with pytest.raises(ValidationError) as error:
            allocations.hold([unit], **PERIOD, **HELD, by=by, on=TODAY)
        return error.value.messages

    days = f"from {tenancy.starts_on} to {last_day(tenancy.ends_on)}."
    assert message(manager) == message(None) == [f"{unit} is already taken {days}"]
    assert message(neighbour) == ["The unit is already taken in this period."]
    Allocation.objects.filter(pk=tenancy.pk).update(purpose="offline", signed_on=None, ends_on=None)
    assert message(manager) == [f"{unit} is already taken from {tenancy.starts_on} on, without an end."]
