"""Migrations that look at rows. Each test has a database of its own (`scratch`): no other sees it migrated back."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from spaces.models import Allocation, Change, CountedUnit, Floor, Park, ParkPeriod, Unit, UnitPeriod
from spaces.values.periods import EVER
from tests import make

pytestmark = [pytest.mark.both_databases, pytest.mark.engine]

TODAY, CLOSED = date(2026, 6, 1), date(2026, 12, 31)
BEFORE, AFTER = "0006_throttle", "0008_inside_life"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: TODAY)


@pytest.fixture
def earlier(scratch):
    """The database before allocations had to lie inside the life of their unit."""
    call_command("migrate", "spaces", BEFORE, verbosity=0)
    with connection.cursor() as cursor:  # the models of today write it
        for table in ("park", "building", "unit"):
            for column in ("code_order varchar(300)", "search_key text", "label varchar(40)"):
                cursor.execute(f"ALTER TABLE spaces_{table} ADD COLUMN {column} NOT NULL DEFAULT ''")
    return make.floor(building=make.building(park=old_park(), closed_on=CLOSED))


def insert(table, facts):
    with connection.cursor() as cursor:
        names, holes = ", ".join(facts), ", ".join(["%s"] * len(facts))
        cursor.execute(f"INSERT INTO spaces_{table} ({names}) VALUES ({holes})", list(facts.values()))


def old_park(code="P1", **columns):
    """A park of the tables of then: where it belongs and what it is were columns of it."""
    empty = dict.fromkeys(("name_en", "city_en", "address", "operator", "contact", "source_note"), "")
    facts = {"code": code, "name": "园区", "city": "哈尔滨", "kind": "incubator", "aliases": "[]",
             "review_steps": "[]", "sample": False} | empty | columns  # fmt: skip
    insert("park", facts)
    return Park.objects.get(code=code)


def old_unit(floor, code="U-1", **columns):
    """A unit of the tables of then: use and area were columns of it."""
    facts = {"floor_id": floor.pk, "code": code, "use": "office", "usable_area": 10000, "opens_on": "2020-01-01",
             "area_source": "", "area_standard": "", "published": True, "note": ""} | columns  # fmt: skip
    insert("unit", facts)
    return Unit.objects.get(code=code)


def applied():
    return {name for app, name in MigrationExecutor(connection).loader.applied_migrations if app == "spaces"}


def test_lapsed_holds_outside_life_give_back_their_days_and_the_rest_stays(earlier):
    lapsed = {"ends_on": date(2027, 6, 1), "signed_on": None}
    counted = make.allocation(unit=old_unit(earlier), held_until=date(2026, 3, 1), **lapsed)
    ahead = {"starts_on": date(2026, 9, 1), "held_until": TODAY} | lapsed
    never = make.allocation(unit=old_unit(earlier, "U-2"), **ahead)
    inside = make.allocation(unit=old_unit(earlier, "U-3"), ends_on=CLOSED)

    call_command("migrate", "spaces", AFTER, verbosity=0)

    assert dict(Allocation.objects.values_list("pk", "ends_on")) == {
        counted.pk: date(2026, 3, 1), inside.pk: CLOSED
    }  # fmt: skip
    result = Change.objects.order_by("pk").values_list("object_id", "verb", "before__ends_on", "after__ends_on")
    assert list(result) == [
        (counted.pk, "lapse", "2027-06-01", "2026-03-01"), (never.pk, "lapse", "2027-06-01", None)
    ]  # fmt: skip
    assert AFTER in applied()


def test_what_else_lies_outside_life_is_listed_and_nothing_is_changed(earlier):
    late = make.allocation(unit=old_unit(earlier, "U-late"), ends_on=date(2027, 1, 1))
    unready = old_unit(make.floor(building=make.building(park=old_park("P2"), ready_on=None)), "U-unready")
    taken = make.allocation(unit=unready, moved_in_on=date(2026, 2, 1), ends_on=date(2027, 1, 1))
    make.allocation(unit=old_unit(earlier), held_until=date(2026, 3, 1), ends_on=date(2027, 6, 1), signed_on=None)
    before = list(Allocation.objects.order_by("pk").values())

    with pytest.raises(CommandError) as refused:
        call_command("migrate", "spaces", AFTER, verbosity=0)

    head, *listed = [line for line in str(refused.value).splitlines() if line.startswith(("2 ", "- "))]
    assert head.startswith("2 allocations lie outside the life of their unit or building.")
    ends_late = f"allocation {late.pk} from 2026-01-01 until 2027-01-01;"
    early = f"allocation {taken.pk} from 2026-01-01 until 2027-01-01,"
    exists = "the unit exists from 2020-01-01 until further notice, its building is ready on"
    assert listed == [
        f"- U-late: {ends_late} {exists} 2020-01-01 and closes on 2026-12-31",
        f"- U-unready: {early} moved in on 2026-02-01; {exists} no day yet and closes on no day yet",
    ]
    assert list(Allocation.objects.order_by("pk").values()) == before
    assert (Change.objects.count(), applied() & {"0007_end_what_lies_outside_life", AFTER}) == (0, set())


def test_levels_come_to_count_half_storeys(scratch):
    """Written by the models of today, 0.5 is the number 1 that stood for the first floor until then."""
    call_command("migrate", "spaces", "0013_search_key", verbosity=0)
    building = make.building(park=old_park(code_order="P1", search_key="p1"))
    for level in (-0.5, 0.5, 1):
        make.floor(building=building, level=level, label=str(level))

    call_command("migrate", "spaces", verbosity=0)

    assert list(Floor.objects.order_by("level").values_list("level", flat=True)) == [-1, 1, 2]


def test_the_change_log_follows_renamed_columns_and_stays_append_only(scratch):
    call_command("migrate", "tenants", "0006_notice_message", verbosity=0)
    lease = {"number": "ZL-2026-0001", "wish": "renew", "wish_words": "a", "wish_at": None}
    figure = {"code": "A01", "measure": "carriers"}
    facts = {"verb": "add", "label": "x", "object_id": 1, "at": timezone.now()}
    Change.objects.create(object_type="tenants.lease", before=None, after=lease, **facts)
    Change.objects.create(object_type="spaces.publishedfigure", before=figure, after=figure, **facts)

    call_command("migrate", "tenants", verbosity=0)

    rows = list(Change.objects.order_by("pk").values_list("before", "after"))
    named = {"number": "ZL-2026-0001", "intent": "renew", "intent_note": "a", "intent_at": None}
    assert rows == [(None, named), (figure | {"measure": "incubators"},) * 2]
    with pytest.raises(IntegrityError), transaction.atomic():
        Change.objects.update(label="y")


def test_use_and_area_of_each_unit_become_one_period(scratch):
    call_command("migrate", "spaces", "0021_hand_back_message", verbosity=0)
    park = old_park(code_order="P1", search_key="p1")
    unit = old_unit(make.floor(building=make.building(park=park)), code_order="U-1", search_key="u1", label="")

    call_command("migrate", "spaces", verbosity=0)

    (period,) = UnitPeriod.objects.all()
    assert (period.unit_id, period.starts_on, period.ends_on) == (unit.pk, EVER, None)
    assert (period.use, period.usable_area, period.gross_area) == ("office", Decimal("100.00"), None)


def test_where_each_park_belongs_becomes_one_period_and_no_unit_is_counted_again(scratch):
    call_command("migrate", "spaces", "0025_month_ledger_begins", verbosity=0)
    home = make.ecosystem()
    park = old_park(code_order="P1", search_key="p1", ecosystem_id=home.pk, kind="maker_space",
                    controllable_area=123456, operator="运营方")  # fmt: skip
    make.unit(floor=make.floor(building=make.building(park=park)))
    CountedUnit.objects.update(stale=False)

    call_command("migrate", "spaces", verbosity=0)

    (period,) = ParkPeriod.objects.all()
    assert (period.park_id, period.starts_on, period.ends_on) == (park.pk, EVER, None)
    assert period.facts() == {
        "ecosystem": home, "kind": "maker_space", "controllable_area": Decimal("1234.56"), "operator": "运营方"
    }  # fmt: skip
    assert not CountedUnit.objects.filter(stale=True).exists()
