"""Which parks a list shows on a day, without their objects and balances: a page of it reads those of its own rows."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from spaces.ledger.park_units import ParkUnits
from spaces.ledger.rollups import IN_ORDER
from spaces.ledger.sums import balances
from spaces.models.places import ParkQuerySet
from spaces.states import ParkKind
from spaces.values.lifetimes import has_opened


class ListedPark(NamedTuple):
    pk: int
    kind: str
    planned_area: Decimal | None
    opened_on: date | None

    @property
    def is_industrial(self) -> bool:
        return self.kind == ParkKind.INDUSTRIAL_PARK


def listed(parks: ParkQuerySet, *, on: date, today: date) -> list[ListedPark]:
    """Those of `parks` that `rollups.of_parks` shows, in its order. One query; two where some open later."""
    dated: Any = parks.with_facts(on)
    columns = dated.order_by(*IN_ORDER).values_list(*ListedPark._fields)
    rows = [ListedPark(*row) for row in columns]
    later = {row.pk for row in rows if not has_opened(row.opened_on, on)}
    if later:
        later -= balances(ParkUnits(parks.filter(opened_on__gt=on)), "park", on=on, today=today).keys()
    return [row for row in rows if row.pk not in later]
