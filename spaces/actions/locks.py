"""Row locks, taken before the check they guard: floors, then units, then their building, each in primary-key order,
so that writers never wait in a ring.

What a rule needs is read by a separate statement after the lock: after waiting, PostgreSQL reads only the locked row
again; joined columns are those from before.
On SQLite the transaction itself is the lock (BEGIN IMMEDIATE) and Django leaves FOR UPDATE out.
"""

from collections.abc import Iterable

from django.db import models

from spaces.models import Building, Floor, Unit


def lock_units(ids: Iterable[int]) -> list[Unit]:
    """The units with their periods, fresh from the database, ascending by id, locked until the transaction ends."""
    rows = Unit.objects.filter(pk__in=_lock(Unit, ids)).select_related("floor__building__park")
    return list(rows.prefetch_related("periods").order_by("pk"))


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


def _lock(model: type[Floor | Unit], ids: Iterable[int]) -> list[int]:
    rows = model._default_manager.select_for_update(no_key=True).filter(pk__in=set(ids)).order_by("pk")
    return list(rows.values_list("pk", flat=True))
