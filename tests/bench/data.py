"""A province of any size: the same rows each time, with everything in it that a register has to bear."""

import json
from datetime import date, timedelta
from itertools import count
from random import Random
from types import SimpleNamespace

from django.core.management.color import no_style
from django.db import connection, models, transaction

from spaces.models import Allocation, Building, Ecosystem, Floor, Park, ParkPeriod, PublishedFigure, Unit, UnitPeriod
from spaces.models.fields import CodeOrderField, SearchKeyField
from spaces.models.figures import FigureUnit, Measure
from spaces.month_ledger.rebuilding import rebuild
from spaces.states import ParkKind, Purpose, Use
from spaces.values.periods import EVER

TODAY = date(2026, 6, 30)
FIRST = date(2021, 1, 1)
LONGEST = date(2028, 12, 31)
MEASURED = date(2024, 7, 1)
ECOSYSTEMS, BUILDINGS, FLOORS, UNITS = 7, 2, 4, 9  # in the province; in a park; in a building; on a floor
PARK_UNITS = BUILDINGS * FLOORS * UNITS
FIGURE = {
    "code": "B1",
    "measure": Measure.LETTABLE_AREA,
    "text": "48.71万平方米",
    "number": 487_100,
    "unit": FigureUnit.AREA,
    "as_of": date(2024, 10, 31),
    "as_of_text": "2024-10-31",
}
# Of all buildings, by a throw between 0 and 1: in fit-out below, ready later than 2018 up to, closed above.
IN_FITOUT, READY_LATER, CLOSED = 0.02, 0.15, 0.99
# Of all units: without an area, there from 2022 only, gone by 2026, published when vacant.
NO_AREA, YOUNG, GONE, PUBLISHED = 0.02, 0.05, 0.02, 0.9
# Of all periods, by a throw: out of service and held below (held more often ahead), back late and never back above.
OFFLINE, HELD, HELD_AHEAD, BACK_LATE, NEVER_BACK = 0.04, 0.08, 0.4, 0.9, 0.985


def fill(units, *, spread=1):
    """`units` units and about three times as many allocations, whose number it returns, into an empty database.

    `spread`: as many parks, buildings and floors as for so many times the units.
    """
    numbers = Random(units)
    parks = -(-units * spread // PARK_UNITS)
    _load(Ecosystem, ({"id": n, "code": f"e{n}", "name": f"生态圈{n}"} for n in range(1, ECOSYSTEMS + 1)))
    _load(Park, (_park(n) for n in range(1, parks + 1)))
    _load(ParkPeriod, (_belonging(n) for n in range(1, parks + 1)))
    buildings = [_building(n, numbers) for n in range(1, parks * BUILDINGS + 1)]
    _load(Building, buildings)
    _load(Floor, (_floor(n) for n in range(1, parks * BUILDINGS * FLOORS + 1)))
    rooms = [_unit(n, (n - 1) * spread // UNITS + 1, numbers) for n in range(1, units + 1)]
    _load(Unit, rooms)
    periods = (period for room in rooms for period in _periods(room))
    _load(UnitPeriod, ({"id": n, **period} for n, period in enumerate(periods, 1)))
    ids, homes = count(1), ((room, buildings[(room["floor"] - 1) // FLOORS]) for room in rooms)
    _load(Allocation, ({"id": next(ids), **row} for home in homes for row in _history(*home, numbers)))
    _number_on()
    PublishedFigure.objects.create(**FIGURE)
    rebuild(TODAY)
    return next(ids) - 1


def _number_on():
    """Rows that follow get ids after those that were loaded with theirs."""
    loaded = [Ecosystem, Park, Building, Floor, Unit, UnitPeriod, Allocation]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), loaded):
            cursor.execute(statement)


def settle():
    """What a database does by itself in quiet hours: statistics for its planner."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def _belonging(n):
    industrial = n % 35 == 0
    return {
        "id": n,
        "park": n,
        "starts_on": EVER,
        "kind": ParkKind.INDUSTRIAL_PARK.value if industrial else ParkKind.INCUBATOR.value,
        "ecosystem": None if industrial else n % ECOSYSTEMS + 1,
    }


def _park(n):
    return {
        "id": n,
        "code": f"P{n:05}",
        "name": f"载体{n}",
        "city": f"市{n % 13}",
        "opened_on": date(2017 + (n + 6) % 11, 3, 1),
        "sample": True,
    }


def _building(n, numbers):
    park = (n - 1) // BUILDINGS + 1
    fate = numbers.random()
    ready = {"ready_on": date(2018, 1, 1) if fate > READY_LATER else date(2019 + int(fate * 70), 9, 1)}
    if fate < IN_FITOUT:
        ready = {"fitout_on": date(2025, 5, 1)}
    closed = {"closed_on": date(2025, 1, 1)} if fate > CLOSED else {}
    return {"id": n, "park": park, "code": f"B{n}", "name": f"{n}号楼", **ready, **closed}


def _floor(n):
    level = (n - 1) % FLOORS + 1
    return {"id": n, "building": (n - 1) // FLOORS + 1, "level": level, "label": f"{level}层"}


def _unit(n, floor, numbers):
    use = numbers.choices(Use.values, (50, 15, 6, 6, 10, 5, 3, 5))[0]
    area = None if numbers.random() < NO_AREA else min(500_000, int(numbers.lognormvariate(8.9, 0.9)) + 500)
    return {
        "id": n,
        "floor": floor,
        "code": f"P{n // PARK_UNITS:05}-{n:06}",
        "use": use,
        "usable_area": area,
        "opens_on": date(2020, 1, 1) if numbers.random() > YOUNG else date(2022, 7, 1),
        "closes_on": date(2026, 1, 1) if numbers.random() < GONE else None,
        "published": numbers.random() < PUBLISHED,
        "load_kg_m2": numbers.choice((None, 300, 500, 1000)),
        "freight_lift": numbers.choice((None, True, False)),
    }


def _periods(room):
    """Use and area of a unit since the beginning; every tenth had another area before it was measured again."""
    facts = {"unit": room["id"], "use": room["use"], "starts_on": EVER, "usable_area": room["usable_area"]}
    if room["id"] % 10 or room["usable_area"] is None:
        return [facts]
    return [facts | {"ends_on": MEASURED, "usable_area": room["usable_area"] + 100}, facts | {"starts_on": MEASURED}]


def _history(unit, building, numbers):
    """The periods of one unit, one after another within its life, with milestones that fit what is known on TODAY."""
    last = min(unit["closes_on"] or LONGEST, building.get("closed_on", LONGEST))
    day = max(FIRST, unit["opens_on"]) + timedelta(days=numbers.randrange(400))
    for _number in range(numbers.choice((1, 2, 3, 3, 4, 5))):
        if day >= last:
            return
        ends = min(day + timedelta(days=numbers.choice((90, 180, 365, 365, 730, 1095))), last)
        row = {"unit": unit["id"], "purpose": Purpose.TENANCY.value, "starts_on": day, "ends_on": ends}
        yield row | _milestones(day, ends, building.get("ready_on", LONGEST), numbers)
        day = ends + timedelta(days=numbers.choice((0, 0, 20, 60, 150)))


def _milestones(starts, ends, ready, numbers):
    fate = numbers.random()
    if fate < OFFLINE:
        return {"purpose": Purpose.OFFLINE.value, "reason": "修缮"}
    if fate < HELD or (starts > TODAY and fate < HELD_AHEAD):
        return {"held_until": min(starts, TODAY) + timedelta(days=numbers.randrange(-20, 40))}
    signed = {"signed_on": min(starts, TODAY) - timedelta(days=numbers.randrange(40))}
    moved_in = min(starts + timedelta(days=numbers.randrange(30)), ends - timedelta(days=1))
    if moved_in > TODAY or moved_in < ready:
        return signed
    if ends > TODAY or fate > NEVER_BACK:
        return signed | {"moved_in_on": moved_in}
    late = numbers.randrange(1, 60) if fate > BACK_LATE else 0
    return signed | {"moved_in_on": moved_in, "handed_back_on": ends + timedelta(days=late)}


def _load(model, rows):
    """All columns of each row, what is not told as the model's default or as made of others.

    By COPY, or by one statement run many times.
    """
    fields = model._meta.concrete_fields
    table, columns = model._meta.db_table, ", ".join(f'"{field.column}"' for field in fields)
    bare = {field.name: field.get_default() for field in fields}
    result = ([_value(field, bare | row) for field in fields] for row in rows)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for values in result:
                    copy.write_row(values)
            return
        marks = ", ".join(["%s"] * len(fields))
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", result)


def _value(field, row):
    made = isinstance(field, CodeOrderField | SearchKeyField)
    value = field.pre_save(SimpleNamespace(**row), add=True) if made else row[field.name]
    if isinstance(field, models.JSONField):
        return json.dumps(value)
    return value.isoformat() if isinstance(value, date) else value
