"""Units one by one on a day, as two readings know them, and by how much the areas of the readings differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from spaces.ledger.balances import NOTHING, STATES, Balance
from spaces.ledger.unit_states import with_state
from spaces.models import Unit


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a unit on a day, and its usable area in m2 (None: not recorded)."""

    state: str
    area: Decimal | None

    @property
    def balance(self) -> Balance:
        """The balance of this unit alone."""
        nothing, none = dict.fromkeys(STATES, NOTHING), dict.fromkeys(STATES, 0)
        return Balance(nothing | {self.state: self.area or NOTHING}, none | {self.state: 1})


@dataclass(frozen=True, slots=True)
class UnitRestatement:
    """A unit whose figures of a day are others than were known. None: the unit did not exist on that day."""

    unit: int
    code: str
    park: str
    then: Standing | None
    now: Standing | None

    @property
    def lettable(self) -> Decimal:
        """By how much the lettable area has moved, m2."""
        return (self.now.balance.lettable if self.now else NOTHING) - (
            self.then.balance.lettable if self.then else NOTHING
        )

    @property
    def taken(self) -> Decimal:
        """By how much the occupied area with holdover has moved, m2."""
        return (self.now.balance.taken if self.now else NOTHING) - (self.then.balance.taken if self.then else NOTHING)


type Found = dict[int, tuple[str, str, Standing]]  # id of a unit -> its code, that of its park, its standing


def standings(units: QuerySet[Unit], *, on: date, today: date) -> Found:
    """The standing of each unit that exists on the day. One query."""
    dated: Any = with_state(units, on=on, today=today)
    rows = dated.values_list("pk", "code", "floor__building__park__code", "state", "usable_area")
    return {pk: (code, park, Standing(state, area)) for pk, code, park, state, area in rows}


def differing(then: Found, now: Found) -> list[UnitRestatement]:
    """The units of which two readings have other standings, by code."""
    rows = [
        UnitRestatement(pk, *(now.get(pk) or then[pk])[:2], _standing(then, pk), _standing(now, pk))
        for pk in now.keys() | then.keys()
        if _standing(now, pk) != _standing(then, pk)
    ]
    return sorted(rows, key=lambda row: row.code)


def sums(rows: Sequence[UnitRestatement]) -> tuple[Decimal, Decimal]:
    """By how much the lettable and the occupied area have moved in all, m2."""
    return sum((row.lettable for row in rows), NOTHING), sum((row.taken for row in rows), NOTHING)


def _standing(found: Found, pk: int) -> Standing | None:
    return found[pk][2] if pk in found else None
