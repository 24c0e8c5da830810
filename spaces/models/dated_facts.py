"""Facts that hold from a day on: the names of a unit's, and the condition that picks those of a day."""

from datetime import date
from typing import Any

from django.db.models import Q

from spaces.values import clock

# Use and areas of a unit: columns of UnitPeriod, and attributes of a Unit for one day.
UNIT_FACTS = ("use", "usable_area", "gross_area", "area_source", "area_standard", "area_on")


def covering(day: date, path: str = "") -> Q:
    """Condition: the period at `path` (empty, or ending in `__`) covers the day."""
    open_or_later = Q(**{f"{path}ends_on": None}) | Q(**{f"{path}ends_on__gt": day})
    return Q(**{f"{path}starts_on__lte": day}) & open_or_later


def dated_fact(name: str) -> Any:
    """An attribute of a unit for one day: the one of `with_facts`, or today where no day was asked for.

    Assigned on a unit that is not saved yet it is the fact from the beginning.
    """

    def read(unit: Any) -> Any:
        if name not in unit.__dict__:
            unit.load_facts(clock.today())
        return unit.__dict__[name]

    def write(unit: Any, value: Any) -> None:
        unit.__dict__[name] = value

    return property(read, write)
