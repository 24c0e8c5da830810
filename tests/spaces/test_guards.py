"""What the database itself holds, tried with raw SQL and the product's own credentials."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import FieldError, ValidationError
from django.db import DataError, IntegrityError, connection, models, transaction

from spaces.models import Allocation, Building, Change, Floor, ParkPeriod, Unit, UnitPeriod
from spaces.models.constraints import AppendOnlyConstraint, InsideLifeConstraint, NoOverlapConstraint
from spaces.models.counted_constraint import CountedConstraint
from tests import make

pytestmark = pytest.mark.both_databases

SQLITE, POSTGRES = "sqlite", "postgresql"
# One tenant from January to June, the next from August on; `other` is free.
TENANCY = {
    "unit_id": "{unit}", "purpose": "'tenancy'", "starts_on": "'2027-01-01'", "ends_on": "'2027-07-01'",
    "held_until": "NULL", "signed_on": "'2026-01-01'", "moved_in_on": "NULL", "handed_back_on": "NULL", "reason": "''",
}  # fmt: skip
FREE = {"unit_id": "{other}"}
OFFLINE = FREE | {"purpose": "'offline'", "signed_on": "NULL"}
HOLD = FREE | {"signed_on": "NULL", "held_until": "'2026-12-01'"}
UNTIL_AUGUST = {"starts_on": "'2026-07-01'", "ends_on": "'2026-08-01'"}


def insert(table, columns):
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(columns.values())})"


def take(**columns):
    return insert("spaces_allocation", TENANCY | columns)


def change_of(row, **columns):
    result = ", ".join(f"{name} = {value}" for name, value in columns.items())
    return f"UPDATE spaces_allocation SET {result} WHERE id = {{{row}}}"


def put(table, row, **columns):
    return f"UPDATE spaces_{table} SET {', '.join(f'{k} = {v}' for k, v in columns.items())} WHERE id = {{{row}}}"


@pytest.fixture
def ids(db):
    park = make.park(code="P")
    floor = make.floor(building=make.building(park=park, code="B"), level=1, label="1")
    unit, other = make.unit(floor=floor, code="U"), make.unit(floor=floor, code="O", opens_on=date(2000, 1, 1))
    first = make.allocation(
        unit=unit, starts_on=date(2026, 1, 1), ends_on=date(2026, 7, 1), moved_in_on=date(2026, 1, 5)
    )
    second = make.allocation(unit=unit, starts_on=date(2026, 8, 1))
    closed = make.floor(building=make.building(park=park, code="S", closed_on=date(2028, 1, 1)))
    shell = make.building(park=park, code="N", ready_on=date(2027, 3, 1))
    user = make.user(email="a@example.test")
    user_change = Change.objects.create(
        at="2026-01-01T00:00Z", by=user, verb="create", object_type="spaces.unit", object_id=unit.pk, label="U"
    )
    earlier = other.periods.get()
    UnitPeriod.objects.filter(pk=earlier.pk).update(ends_on=date(2026, 1, 1))
    rival = make.park(code="R")
    member = rival.periods.get()
    ParkPeriod.objects.filter(pk=member.pk).update(ends_on=date(2026, 1, 1))
    indicator = {"month": date(2026, 1, 1), "key": "transfers", "value": 1}
    rows = {
        "unit": unit, "other": other, "first": first, "second": second, "floor": floor, "park": park, "user": user,
        "attic": make.floor(building=floor.building, level=9, label="9"), "building": floor.building,
        "annex": make.building(park=park, code="C"), "closed": closed, "shut": closed.building,
        "gone": make.unit(code="G", floor=closed, closes_on=date(2027, 1, 1)),
        "coming": make.unit(code="N", floor=make.floor(building=shell)),
        "rival": rival, "change": user_change,
        "ecosystem": park.ecosystem, "figure": make.figure(), "someone": make.user(email="b@example.test"),
        "assignment": make.assignment(user=user, role="auditor"),
        "indicator": park.ecosystem.indicators.create(**indicator),
        "period": unit.periods.get(),
        "earlier": earlier,
        "belonging": park.periods.get(),
        "member": member,
        "moved": ParkPeriod.objects.create(park=rival, starts_on=date(2026, 1, 1), kind="incubator"),
        "later": UnitPeriod.objects.create(unit=other, starts_on=date(2026, 1, 1), use="lab"),
        "february": park.ecosystem.indicators.create(**indicator | {"month": date(2026, 2, 1)}),
    }  # fmt: skip
    connection.check_constraints()  # so that nothing is pending when a statement is tried
    return {name: row.pk for name, row in rows.items()}


PERIOD = {"unit_id": "{unit}", "use": "'lab'", "area_source": "''", "area_standard": "''"}


def hold_from(starts_on, ends_on="NULL"):
    columns = PERIOD | {"starts_on": starts_on, "ends_on": ends_on}
    return f"INSERT INTO spaces_unitperiod ({', '.join(columns)}) VALUES ({', '.join(columns.values())})"


FACTS = [
    hold_from("'2026-01-01'"),
    hold_from("'0001-01-01'", "'2026-01-01'"),
    hold_from("'2098-01-01'", "'2099-01-01'"),
    put("unitperiod", "period", ends_on="'0001-01-01'"),
    put("unitperiod", "period", starts_on="NULL"),
    put("unitperiod", "earlier", ends_on="'2026-01-02'"),
    put("unitperiod", "later", starts_on="'2025-12-31'"),
    put("parkperiod", "belonging", ends_on="'0001-01-01'"),
    put("parkperiod", "belonging", starts_on="NULL"),
    put("parkperiod", "member", ends_on="'2026-01-02'"),
    put("parkperiod", "moved", starts_on="'2025-12-31'"),
    put("parkperiod", "moved", park_id="{park}"),
]
OVERLAPS = [
    take(starts_on="'2026-01-01'", ends_on="'2026-07-01'"),
    take(starts_on="'2026-03-01'", ends_on="'2026-03-02'"),
    take(starts_on="'2025-12-01'", ends_on="'2026-07-15'"),
    take(starts_on="'2025-12-01'", ends_on="'2026-01-02'"),
    take(starts_on="'2026-06-30'", ends_on="'2026-07-02'"),
    take(starts_on="'2026-07-01'", ends_on="'2026-08-02'"),
    take(starts_on="'2026-07-01'", ends_on="NULL"),
    take(starts_on="'2025-01-01'", ends_on="NULL"),
    take(starts_on="'2090-01-01'"),
    take(starts_on="'2026-06-01'", ends_on="'2026-06-02'", purpose="'offline'", signed_on="NULL"),
    take(starts_on="'2026-06-01'", ends_on="'2026-06-02'", signed_on="NULL", held_until="'2026-06-02'"),
    change_of("first", ends_on="'2026-08-02'"),
    change_of("first", ends_on="NULL"),
    change_of("first", starts_on="'2026-08-01'", ends_on="'2026-08-02'", moved_in_on="NULL"),
    change_of("second", starts_on="'2026-06-30'"),
    change_of("second", starts_on="'2025-01-01'"),
    insert("spaces_allocation", TENANCY | FREE) + ", ({other}, 'tenancy', '2027-01-01', '2027-02-01', NULL, "
    "'2026-01-01', NULL, NULL, '')",
]
PERIODS = [
    take(**FREE, ends_on="'2027-01-01'"),
    take(**FREE, ends_on="'2026-12-31'"),
    change_of("first", ends_on="'2026-01-01'", moved_in_on="NULL"),
    change_of("first", ends_on="'2025-01-01'", moved_in_on="NULL"),
    take(**FREE, starts_on="'9999-01-01'", ends_on="NULL"),
    take(**FREE, ends_on="'9999-12-31'"),
    take(**FREE, ends_on="'2100-01-01'"),
    take(**FREE, starts_on="'1999-12-31'"),
    take(**FREE, signed_on="'1999-12-31'"),
    take(**FREE, starts_on="'-infinity'"),
    take(**FREE, ends_on="'infinity'"),
    take(**FREE, starts_on="NULL"),
    take(unit_id="NULL"),
    take(**HOLD | {"held_until": "'infinity'"}),
]
MILESTONES = [
    take(**FREE, purpose="'loan'"),
    take(**FREE, purpose="''"),
    take(**OFFLINE | {"signed_on": "'2027-01-01'"}),
    take(**OFFLINE, held_until="'2027-01-01'"),
    take(**OFFLINE, moved_in_on="'2027-01-01'"),
    take(**OFFLINE, handed_back_on="'2027-07-01'"),
    take(**HOLD, ends_on="NULL"),
    take(**HOLD | {"held_until": "NULL"}),
    take(**HOLD | {"signed_on": "'2026-01-01'"}),
    take(**HOLD, moved_in_on="'2027-01-01'"),
    take(**FREE, moved_in_on="'2026-12-31'"),
    take(**FREE, moved_in_on="'2027-07-01'"),
    take(**FREE, handed_back_on="'2027-07-01'"),
    take(**FREE, moved_in_on="'2027-01-01'", handed_back_on="'2027-06-30'"),
    take(**FREE, ends_on="NULL", moved_in_on="'2027-01-01'", handed_back_on="'2027-06-30'"),
    change_of("first", signed_on="NULL"),
    change_of("first", purpose="'offline'"),
]
GONE, COMING = {"unit_id": "{gone}"}, {"unit_id": "{coming}"}
LIVES = [
    take(starts_on="'2019-12-31'", ends_on="'2025-01-01'"),
    take(**FREE | {"starts_on": "'1999-12-31'"}),
    take(**GONE),
    take(**GONE, starts_on="'2026-01-01'", ends_on="'2027-01-02'"),
    take(**GONE, starts_on="'2026-01-01'", ends_on="NULL"),
    take(**COMING, moved_in_on="'2027-02-28'"),
    change_of("first", unit_id="{coming}"),
    change_of("second", unit_id="{gone}"),
    change_of("first", starts_on="'2019-12-31'"),
    put("unit", "unit", opens_on="'2026-01-02'"),
    put("unit", "unit", closes_on="'2026-06-30'"),
    put("unit", "unit", closes_on="'2090-01-01'"),
    put("unit", "unit", floor_id="{closed}"),
    put("floor", "floor", building_id="{shut}"),
    put("building", "building", closed_on="'2090-01-01'"),
    put("building", "building", ready_on="'2026-01-06'"),
    put("building", "building", ready_on="NULL"),
]
AREAS = [
    put("unitperiod", "period", usable_area="0"),
    put("unitperiod", "period", usable_area="-1"),
    put("unitperiod", "period", usable_area="100000000001"),
    put("unitperiod", "period", gross_area="0"),
    put("unitperiod", "period", usable_area="200", gross_area="100"),
    put("floor", "floor", usable_area="0"),
    put("floor", "floor", gross_area="-5"),
    put("building", "building", planned_area="0"),
    put("parkperiod", "belonging", controllable_area="100000000001"),
]
PLACES = [
    put("unit", "unit", code="'O'"),
    put("unitperiod", "period", use="'castle'"),
    put("unit", "unit", closes_on="opens_on"),
    put("unit", "unit", closes_on="'2019-01-01'"),
    put("unit", "unit", opens_on="'1999-12-31'"),
    put("unit", "unit", height_m="-1"),
    put("unit", "unit", height_m="101"),
    put("unit", "unit", asking_rent="-0.01"),
    put("unit", "unit", load_kg_m2="-1"),
    put("unit", "unit", power_kw="1000001"),
    put("floor", "floor", level="18"),
    put("floor", "floor", label="'9'"),
    put("floor", "floor", level="401"),
    put("building", "building", code="'C'"),
    put("building", "building", construction_on="'2020-02-01'"),
    put("building", "building", closed_on="ready_on"),
    put("park", "park", code="'R'"),
    put("parkperiod", "belonging", kind="'casino'"),
    put("ecosystem", "ecosystem", code="(SELECT min(code) FROM spaces_ecosystem WHERE id <> {ecosystem})"),
    put("assignment", "assignment", role="'king'"),
    put("assignment", "assignment", role="'park_manager'"),
    put("assignment", "assignment", park_id="{park}"),
    put("assignment", "assignment", ends_on="starts_on"),
    put("publishedfigure", "figure", park_id="{park}", ecosystem_id="{ecosystem}"),
    put("publishedfigure", "figure", measure="'guess'"),
    put("publishedfigure", "figure", number="-1"),
    put("indicator", "indicator", month="'2026-01-02'"),
    put("indicator", "indicator", month="'2026-02-01'"),
    put("indicator", "indicator", value="-1"),
    put("user", "someone", email="'a@example.test'"),
]
ORPHANS = [
    put("unit", "unit", floor_id="-1"),
    put("floor", "floor", building_id="-1"),
    put("building", "building", park_id="-1"),
    put("parkperiod", "belonging", ecosystem_id="-1"),
    take(unit_id="-1"),
    "DELETE FROM spaces_unit WHERE id = {unit}",
    "DELETE FROM spaces_floor WHERE id = {floor}",
    "DELETE FROM spaces_park WHERE id = {park}",
    "DELETE FROM spaces_user WHERE id = {user}",
]
SECOND_CHANGE = (
    "INTO spaces_change (id, at, by_id, verb, object_type, object_id, label, why) "
    "VALUES ({change}, '2026-01-02', NULL, 'x', 'x', 1, 'x', '')"
)
RECORD = [
    "UPDATE spaces_change SET why = 'never mind'",
    "UPDATE spaces_change SET id = id WHERE id = {change}",
    "UPDATE spaces_change SET by_id = NULL WHERE id = {change}",
    "DELETE FROM spaces_change",
    "DELETE FROM spaces_change WHERE id = {change}",
    f"INSERT {SECOND_CHANGE}",
    f"INSERT {SECOND_CHANGE} ON CONFLICT (id) DO UPDATE SET why = 'never mind'",
]
ONLY_SQLITE = [
    f"INSERT OR REPLACE {SECOND_CHANGE}",
    f"REPLACE {SECOND_CHANGE}",
    "UPDATE OR REPLACE spaces_change SET id = id",
    take(starts_on="'2026-03-01'").replace("INSERT", "INSERT OR REPLACE", 1).replace("2027-07-01", "2026-04-01"),
    change_of("second", starts_on="'2026-06-01'").replace("UPDATE", "UPDATE OR REPLACE", 1),
    take(**FREE, starts_on="'2026-02-30'"),
    take(**FREE, starts_on="'2026-9-01'"),
    take(**FREE, starts_on="'2026-01-01 10:00:00'"),
    take(**FREE, starts_on="'soon'"),
    take(**FREE, starts_on="20260101"),
    take(**FREE, starts_on="2461042.5"),
    take(**FREE, ends_on="x'323032372d30372d3031'"),
    put("unitperiod", "period", usable_area="1.5"),
    put("unitperiod", "period", usable_area="'abc'"),
    put("unitperiod", "period", usable_area="'NaN'"),
    put("unitperiod", "period", usable_area="9e999"),
    put("unitperiod", "period", usable_area="'120.50'"),
    put("unitperiod", "period", usable_area="x'3132'"),
    put("floor", "floor", usable_area="0.5"),
    put("unit", "unit", height_m="'NaN'"),
    put("unit", "unit", asking_rent="'cheap'"),
    put("publishedfigure", "figure", number="'Infinity'"),
]
ONLY_POSTGRES = [
    "TRUNCATE spaces_change",
    "TRUNCATE spaces_user CASCADE",
    put("unit", "unit", height_m="'NaN'"),
    put("unit", "unit", asking_rent="'NaN'"),
    put("publishedfigure", "figure", number="'NaN'"),
    put("indicator", "indicator", value="'NaN'"),
    put("building", "building", closed_on="'infinity'"),
    "MERGE INTO spaces_change c USING (SELECT 1) s ON c.id = {change} WHEN MATCHED THEN UPDATE SET why = 'x'",
]
NOT_EVEN_A_VALUE = [
    take(**FREE, starts_on="'2026-02-30'"),
    take(**FREE, starts_on="'soon'"),
    put("unitperiod", "period", usable_area="'abc'"),
    put("unitperiod", "period", usable_area="'NaN'"),
    put("unitperiod", "period", usable_area="'Infinity'"),
    put("unitperiod", "period", usable_area="'120.50'"),
    put("unitperiod", "period", usable_area="1e20"),
    put("unit", "unit", asking_rent="'cheap'"),
    put("publishedfigure", "figure", number="'Infinity'"),
]
ON_BOTH = OVERLAPS + FACTS + PERIODS + MILESTONES + LIVES + AREAS + PLACES + ORPHANS + RECORD
REFUSED = [(IntegrityError, sql) for sql in ON_BOTH + (ONLY_SQLITE if connection.vendor == SQLITE else ONLY_POSTGRES)]
if connection.vendor == POSTGRES:
    REFUSED += [(DataError, sql) for sql in NOT_EVEN_A_VALUE]
ACCEPTED = [
    take(starts_on="'2026-07-01'", ends_on="'2026-08-01'"),
    take(starts_on="'2025-06-01'", ends_on="'2026-01-01'"),
    take(starts_on="'2026-07-05'", ends_on="'2026-07-06'", purpose="'offline'", signed_on="NULL"),
    take(**FREE),
    take(**FREE, starts_on="'2000-01-01'", ends_on="'2099-12-31'"),
    take(**FREE, starts_on="'2028-02-29'", ends_on="'2028-03-01'"),
    take(**FREE, ends_on="NULL"),
    take(**HOLD),
    take(**OFFLINE, ends_on="NULL"),
    take(**FREE, moved_in_on="'2027-01-01'"),
    take(**FREE, moved_in_on="'2027-06-30'", handed_back_on="'2027-07-01'"),
    take(**FREE, moved_in_on="'2027-06-30'", handed_back_on="'2027-09-01'"),
    change_of("first", ends_on="'2026-08-01'"),
    change_of("second", starts_on="'2026-07-01'"),
    change_of("first", unit_id="{other}"),
    change_of("first", reason="'same period, same unit'"),
    take(starts_on="'2020-01-01'", ends_on="'2026-01-01'"),
    take(**GONE, starts_on="'2026-01-01'", ends_on="'2027-01-01'"),
    take(**COMING),
    take(**COMING, moved_in_on="'2027-03-01'"),
    put("unit", "unit", opens_on="'2026-01-01'"),
    put("unit", "gone", closes_on="NULL"),
    put("unit", "unit", floor_id="{attic}"),
    put("floor", "floor", building_id="{annex}"),
    put("building", "building", ready_on="'2026-01-05'"),
    put("building", "shut", closed_on="'2020-06-01'"),
    put("unitperiod", "period", usable_area="1"),
    put("unitperiod", "period", usable_area="100000000000"),
    put("unitperiod", "period", usable_area="NULL"),
    put("unitperiod", "period", usable_area="100", gross_area="100"),
    put("unitperiod", "period", starts_on="'2020-01-01'"),
    put("unitperiod", "earlier", ends_on="'2025-12-31'"),
    put("building", "building", fitout_on="ready_on"),
    put("indicator", "indicator", month="'2026-03-01'"),
]


def run(sql, ids):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(**ids))
        connection.check_constraints()  # foreign keys wait for the commit, which a test never sees


@pytest.mark.parametrize(("error", "sql"), REFUSED)
def test_the_database_refuses(ids, error, sql):
    with pytest.raises(error):
        run(sql, ids)


@pytest.mark.parametrize("sql", ACCEPTED)
def test_the_database_accepts_the_neighbour(ids, sql):
    run(sql, ids)


def test_a_bulk_write_is_held_by_the_same_guard(ids):
    rows = [Allocation(unit_id=ids["other"], purpose="offline", starts_on=date(2026, 5, day)) for day in (1, 2)]

    with pytest.raises(IntegrityError), transaction.atomic():
        Allocation.objects.bulk_create(rows)
    with pytest.raises(IntegrityError), transaction.atomic():
        Allocation.objects.filter(pk=ids["first"]).update(ends_on=models.F("handed_back_on"))

    assert Allocation.objects.filter(unit=ids["other"]).count() == 0


def test_the_database_names_the_guard_that_refused(ids):
    with pytest.raises(IntegrityError, match="spaces_allocation_no_overlap"):
        run(OVERLAPS[0], ids)
    with pytest.raises(IntegrityError, match="spaces_change_append_only"):
        run(RECORD[0], ids)


def test_full_clean_words_the_overlap(ids):
    row = Allocation(unit_id=ids["unit"], purpose="offline", starts_on=date(2026, 6, 30), ends_on=date(2026, 7, 1))

    with pytest.raises(ValidationError) as refusal:
        row.full_clean()

    (error,) = refusal.value.error_dict["__all__"]
    assert (error.code, error.messages) == ("unit_overlap", ["The unit is already taken in this period."])


def test_full_clean_lets_a_row_overlap_itself_and_touch_its_neighbours(ids):
    row = Allocation.objects.get(pk=ids["first"])
    row.ends_on = date(2026, 8, 1)

    row.full_clean()

    assert row.ends_on == date(2026, 8, 1)


def test_full_clean_refuses_to_alter_the_record(ids):
    with pytest.raises(ValidationError) as refusal:
        Change.objects.get(pk=ids["change"]).full_clean()

    assert refusal.value.error_dict["__all__"][0].code == "append_only"


@pytest.mark.parametrize(
    "value", ["0.001", "NaN", "-Infinity", "1e999999", "1e-999999", "1000000000.01", "\ud800", "٣x"]
)
def test_an_area_that_is_not_one_never_reaches_the_database(ids, value):
    with pytest.raises(ValidationError), transaction.atomic():
        UnitPeriod.objects.filter(unit=ids["unit"]).update(usable_area=value)

    assert Unit.objects.get(pk=ids["unit"]).usable_area == Decimal("100.00")


def test_an_area_does_not_mix_with_other_numbers(ids):
    with pytest.raises(FieldError, match="involving these types: AreaField, DecimalField"):
        Unit.objects.with_facts(date(2026, 1, 1)).annotate(
            rent=models.F("usable_area") * models.F("asking_rent")
        ).first()


GUARD = NoOverlapConstraint | AppendOnlyConstraint | InsideLifeConstraint | CountedConstraint
SEEN_FROM = ("allocation", "unit", "floor", "building")
UNITS, PLACES = ("allocation", "unit", "unitperiod", "parkperiod"), ("floor", "building", "park")
GUARDS = {
    SQLITE: {
        "spaces_allocation_no_overlap_insert", "spaces_allocation_no_overlap_update",
        "spaces_unitperiod_no_overlap_insert", "spaces_unitperiod_no_overlap_update",
        "spaces_parkperiod_no_overlap_insert", "spaces_parkperiod_no_overlap_update",
        "spaces_change_append_only_update", "spaces_change_append_only_delete", "spaces_change_append_only_insert",
        *(f"tenants_forecast_append_only_{event}" for event in ("update", "delete", "insert")),
        *(f"spaces_{each}_inside_life_{event}" for each in SEEN_FROM for event in ("insert", "update")),
        *(f"spaces_{each}_counted_{event}" for each in UNITS for event in ("insert", "update", "delete")),
        *(f"spaces_{each}_counted_update" for each in PLACES),
    },
    POSTGRES: {
        "spaces_allocation_no_overlap", "spaces_unitperiod_no_overlap", "spaces_parkperiod_no_overlap",
        "spaces_change_append_only_rows", "spaces_change_append_only_truncate",
        "tenants_forecast_append_only_rows", "tenants_forecast_append_only_truncate",
        *(f"spaces_{each}_inside_life_rows" for each in SEEN_FROM),
        *(f"spaces_{each}_counted_{kind}" for each in UNITS for kind in ("rows", "changes")),
        *(f"spaces_{each}_counted_changes" for each in PLACES),
    },
}  # fmt: skip
ASK = {
    SQLITE: "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    POSTGRES: "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'x' UNION "
    "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
}


def guards():
    """Name -> text, as the catalogue has them."""
    with connection.cursor() as cursor:
        cursor.execute(ASK[connection.vendor])
        return {name: re.sub(r"\s+", " ", text) for name, text in cursor.fetchall()}


def test_these_guards_stand_in_the_catalogue(db):
    found = guards()

    assert set(found) == GUARDS[connection.vendor]
    assert [name for name, text in found.items() if "new__" in text] == []


def test_each_constraint_of_a_model_stands_in_the_catalogue(db):
    result, found = set(), set()
    with connection.cursor() as cursor:
        for model in apps.get_app_config("spaces").get_models():
            result |= {each.name for each in model._meta.constraints if not isinstance(each, GUARD)}
            found |= set(connection.introspection.get_constraints(cursor, model._meta.db_table))

    assert result - found == set()


def _alter_field(editor, model, name, **changed):
    old, new = model._meta.get_field(name), model._meta.get_field(name).clone()
    for key, value in changed.items():
        setattr(new, key, value)
    new.set_attributes_from_name(name)
    new.model = model
    editor.alter_field(model, old, new, strict=True)


def alter_field(editor):
    _alter_field(editor, Allocation, "reason", max_length=300)
    _alter_field(editor, Change, "why", max_length=400)
    _alter_field(editor, Unit, "note", max_length=400)
    _alter_field(editor, Floor, "label", max_length=40)
    _alter_field(editor, Building, "phase", max_length=60)


def alter_guarded_column(editor):
    _alter_field(editor, Allocation, "ends_on", db_default=date(2030, 1, 1))
    _alter_field(editor, Unit, "opens_on", db_default=date(2000, 1, 1))
    _alter_field(editor, Building, "closed_on", db_default=None)


def add_field(editor):
    for model in GUARDED:
        for name, field in (("word", models.TextField(null=True)), ("number", models.IntegerField(default=7))):
            field.set_attributes_from_name(name)
            field.model = model
            editor.add_field(model, field)


def add_constraint(editor):
    for model in GUARDED:
        extra = models.CheckConstraint(condition=models.Q(id__gt=0), name=f"extra_{model._meta.model_name}")
        editor.add_constraint(model, extra)


def remove_and_add_a_neighbour(editor):
    for model in (Allocation, Unit, Building):
        check = next(each for each in model._meta.constraints if isinstance(each, models.CheckConstraint))
        editor.remove_constraint(model, check)
        editor.add_constraint(model, check)


def rename_column(editor):
    _alter_field(editor, Allocation, "reason", column="grounds", db_column="grounds")
    _alter_field(editor, Unit, "note", column="remark", db_column="remark")


GUARDED = (Allocation, Change, Unit, Floor, Building)
REBUILDS = [
    alter_field, alter_guarded_column, rename_column, add_field, add_constraint, remove_and_add_a_neighbour
]  # fmt: skip


@pytest.mark.parametrize("rebuild", REBUILDS)
def test_guards_survive_the_rebuild_of_their_table(scratch, rebuild):
    before = guards()

    with connection.schema_editor() as editor:
        rebuild(editor)

    assert guards() == before


@pytest.mark.parametrize(
    ("model", "guard"),
    [(model, each) for model in GUARDED for each in model._meta.constraints if isinstance(each, GUARD)],
)
def test_a_guard_can_be_taken_away_and_put_back(scratch, model, guard):
    before = guards()
    mine = {name for name in before if name.startswith(guard.name)}

    model._meta.constraints.remove(guard)
    try:
        with connection.schema_editor() as editor:
            editor.remove_constraint(model, guard)
        without = guards()
    finally:
        model._meta.constraints.append(guard)
    with connection.schema_editor() as editor:
        editor.add_constraint(model, guard)

    assert set(without) == set(before) - mine
    assert guards() == before
