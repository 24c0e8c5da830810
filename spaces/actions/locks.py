"""Row locks, taken before the check they guard, always in primary-key order, so that writers never wait in a ring.

On SQLite the transaction itself is the lock (BEGIN IMMEDIATE) and Django leaves FOR UPDATE out.
"""

from collections.abc import Iterable

from django.db import models

from spaces.models import Floor, Unit


def lock_units(ids: Iterable[int]) -> list[Unit]:
    """The units, fresh from the database, ascending by id, locked until the transaction ends."""
    units = Unit.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=set(ids)).order_by("pk")
    return list(units.select_related("floor__building__park"))


def lock_floors(ids: Iterable[int]) -> list[Floor]:
    floors = Floor.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=set(ids)).order_by("pk")
    return list(floors.select_related("building__park"))


def lock_row[Row: models.Model](row: Row) -> Row:
    """One row of another kind, fresh from the database and locked until the transaction ends."""
    model = row.__class__  # and not type(row): the user of a request is a lazy object
    return model._default_manager.select_for_update(no_key=True).get(pk=row.pk)
