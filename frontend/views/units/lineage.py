"""Where a unit comes from and what became of it: each split and merger with the areas before and after."""

from dataclasses import dataclass
from decimal import Decimal

from frontend.graphics.stack_layout import WHOLE
from spaces.values.days import last_day

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Reconfiguration:
    """Units that ended before `day`, and those that began on it, each with its width in 200ths of the larger side."""

    day: object
    before: list
    after: list
    area_before: Decimal
    area_after: Decimal

    @property
    def difference(self):
        return self.area_after - self.area_before


def reconfigurations(unit):
    """The one that made the unit, then the one that ended it. Three statements for each."""
    found = []
    if before := unit.predecessors.first():
        found.append(_reconfiguration(unit.opens_on, unit, before))
    if after := unit.successors.first():
        found.append(_reconfiguration(after.opens_on, after, unit))
    return found


def _reconfiguration(day, made, ended):
    """The one that made a unit and ended another: all units that it ended and made, with their areas then."""
    before = made.predecessors.with_facts(last_day(day))
    after = ended.successors.with_facts(day).filter(opens_on=day)
    sides = [list(side.order_by("code_order")) for side in (before, after)]
    areas = [sum((each.usable_area or NOTHING for each in side), NOTHING) for side in sides]
    whole = max(areas) or 1
    drawn = [
        [(each, max(1, round((each.usable_area or NOTHING) / whole * WHOLE)) if whole else 1) for each in side]
        for side in sides
    ]
    return Reconfiguration(day, *drawn, *areas)
