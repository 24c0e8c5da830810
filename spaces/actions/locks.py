"""Row locks, taken before the check they guard: floors, then units, then their building, each in primary-key order,
so that writers never wait in a ring.

What a rule needs is read by a separate statement after the lock: after waiting, PostgreSQL reads only the locked row
again; joined columns are those from before.
On SQLite the transaction itself is the lock (BEGIN IMMEDIATE) and Django leaves FOR UPDATE out.
"""

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter

from django.db import models

from spaces.models import Building, Floor, Unit, UnitPeriod


def lock_units(ids: Iterable[int]) -> list[Unit]:
    """The units with their periods, fresh from the database, ascending by id, locked until the transaction ends.

    Two statements: no unit is without a period, so its periods bring it along.
    """
    periods = UnitPeriod.objects.filter(unit__in=_lock(Unit, ids)).select_related("unit__floor__building__park")
    by_unit = groupby(periods.order_by("unit_id", "starts_on"), key=attrgetter("unit_id"))
    return [_with_periods(list(mine)) for _unit, mine in by_unit]


def lock_floors(ids: Iterable[int]) -> list[Floor]:
    locked = _lock(Floor, ids)
    return list(Floor.objects.filter(pk__in=locked).select_related("building__park").order_by("pk"))


def lock_building(building: Building) -> Building:
    """The building, fresh from the database, locked with its floors and units: none is added or taken meanwhile."""
    _lock(Floor, Floor.objects.filter(building=building.pk).values_list("pk", flat=True))
    _lock(Unit, Unit.objects.filter(floor__building=building.pk).values_list("pk", flat=True))
    return lock_row(building)


def lock_row[Row: models.Model](row: Row) -> Row:
    """One row of another kind, fresh from the database and locked until the transaction ends."""
    model = row.__class__  # not type(row): the user of a request is a lazy object
    return model._default_manager.select_for_update(no_key=True).get(pk=row.pk)


def _with_periods(periods: list[UnitPeriod]) -> Unit:
    """The unit of its periods, which answers for them without a query."""
    unit = periods[0].unit
    unit.keep_periods(periods)
    return unit


def _lock(model: type[Floor | Unit], ids: Iterable[int]) -> list[int]:
    rows = model._default_manager.select_for_update(no_key=True).filter(pk__in=set(ids)).order_by("pk")
    return list(rows.values_list("pk", flat=True))
