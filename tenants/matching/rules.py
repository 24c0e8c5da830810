"""Rules for one room, or several together: each failed rule is a Miss, in the order of Rule.

A manager may pass over a soft miss with a reason, but never over a hard one. An unrecorded fact is a soft miss, never
a fit, because it can be checked on site; an unrecorded area is a hard one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from spaces.states import LETTABLE_USES
from spaces.values.days import add_months
from tenants.matching.inventory import InventoryUnit, TakenPeriod
from tenants.matching.requirements import Requirements

# Distance beyond the nearer bound that still counts as near. Our choice: docs/definitions.md, "Matching".
LARGER = Decimal("0.5")
SMALLER = Decimal("0.2")
LOWER = Decimal("0.1")
LATER_MONTHS = 3
USUAL_MONTHS = 12


class Rule(models.TextChoices):
    """Stable keys, in the order in which they are checked; `Offer.overridden` keeps them."""

    LETTABLE = "lettable", _("Not let: common or own use")
    USE = "use", _("Another use")
    RETIRED = "retired", _("No longer let")
    UNBUILT = "unbuilt", _("Building not ready or park not open")
    HOLDOVER = "holdover", _("Not handed back")
    OFFLINE = "offline", _("Out of service")
    TAKEN = "taken", _("Taken")
    HELD = "held", _("Held")
    HEIGHT = "height", _("Ceiling too low")
    LOAD = "load", _("Floor loading too low")
    POWER = "power", _("Too little power")
    FEATURE = "feature", _("Something is missing")
    AREA = "area", _("Area does not fit")
    DATE = "date", _("Free too late")


OF_A_TENANCY = (Rule.HOLDOVER, Rule.OFFLINE, Rule.TAKEN, Rule.HELD)
# Rules that several adjacent units may meet together.
SHARED = frozenset({Rule.AREA, Rule.POWER})


@dataclass(frozen=True, slots=True)
class Miss:
    """`need` and `has`: the values compared by the rule: m2, m, kg/m2, kW, days, uses, a feature and its presence."""

    rule: Rule
    need: Any
    has: Any
    soft: bool


class TermWindow:
    """Days on which a term may begin: fits up to `by`, nearly fits up to `latest`."""

    def __init__(self, needs: Requirements, on: date) -> None:
        self.on = on
        self.by = max(on, needs.needed_by or on)
        self.latest = add_months(self.by, LATER_MONTHS)
        self.months = needs.months or USUAL_MONTHS
        self._ends: dict[date, date] = {}

    def end(self, day: date) -> date:
        """The end (exclusive) of a term that begins on `day`."""
        if day not in self._ends:
            self._ends[day] = add_months(day, self.months)
        return self._ends[day]


def opening(room: InventoryUnit, start: date, term: TermWindow) -> date | Miss:
    """The first day from `start` on, up to `term.latest`, from which the room is free for the whole term.

    Otherwise the hard miss that prevents it.
    """
    never = _never(room, start, term)
    if never is not None:
        return never
    ready_on = room.ready_on or date.max
    day = max(start, room.opens_on, ready_on)
    if day > term.latest:
        return Miss(Rule.UNBUILT if day == ready_on else Rule.DATE, term.by, day, soft=False)
    for period in room.periods:
        if period.starts_on < term.end(day) and period.ends_on > day:
            day = period.ends_on
            if day > term.latest:
                return _blocked(period, term)
    if term.end(day) > room.closes_on:
        return Miss(Rule.RETIRED, term.end(day), room.closes_on, soft=False)
    return day


def _never(room: InventoryUnit, start: date, term: TermWindow) -> Miss | None:
    """The miss that no later day within the window removes."""
    if room.closes_on <= start:
        return Miss(Rule.RETIRED, term.by, room.closes_on, soft=False)
    if room.ready_on is None:
        return Miss(Rule.UNBUILT, term.by, None, soft=False)
    if room.late_since is not None:
        return Miss(Rule.HOLDOVER, term.by, room.late_since, soft=False)
    return None


def opening_together(
    rooms: Sequence[InventoryUnit], between: Sequence[InventoryUnit], start: date, term: TermWindow
) -> date | None:
    """The first day, up to `term.latest`, from which all rooms are free for the term and no room separates them."""
    day = start
    while day <= term.latest:
        found = [opening(room, day, term) for room in rooms]
        days = [each for each in found if not isinstance(each, Miss)]
        if len(days) < len(rooms):
            return None
        later = max([*days, *(room.closes_on for room in between if room.stands(day))])
        if later == day:
            return day
        day = later
    return None


def late(day: date, term: TermWindow) -> list[Miss]:
    return [Miss(Rule.DATE, term.by, day, soft=True)] if day > term.by else []


def kind(room: InventoryUnit, needs: Requirements) -> Miss | None:
    """The miss for a room that is not let, or not for this use. No further rule applies to it."""
    if room.use not in LETTABLE_USES:
        return Miss(Rule.LETTABLE, needs.use, room.use, soft=False)
    if needs.use and room.use != needs.use:
        return Miss(Rule.USE, needs.use, room.use, soft=False)
    return None


def conditions(rooms: Sequence[InventoryUnit], needs: Requirements) -> list[Miss]:
    """Height, load and features of every one of the rooms; the power of all of them together."""
    misses = []
    if needs.height_m is not None:
        has = _least([room.height_m for room in rooms], needs.height_m)
        if has is None or has < needs.height_m:
            soft = has is None or has >= needs.height_m * (1 - LOWER)
            misses.append(Miss(Rule.HEIGHT, needs.height_m, has, soft=soft))
    if needs.load_kg_m2 is not None:
        has = _least([room.load_kg_m2 for room in rooms], needs.load_kg_m2)
        if has is None or has < needs.load_kg_m2:
            misses.append(Miss(Rule.LOAD, needs.load_kg_m2, has, soft=has is None))
    if needs.power_kw is not None:
        known = [room.power_kw for room in rooms if room.power_kw is not None]
        if sum(known) < needs.power_kw:
            has = sum(known) if len(known) == len(rooms) else None
            misses.append(Miss(Rule.POWER, needs.power_kw, has, soft=has is None))
    for name in sorted(needs.features):
        there = {room.has[name] for room in rooms}
        if there != {True}:
            misses.append(Miss(Rule.FEATURE, name, False if False in there else None, soft=False not in there))
    return misses


def size(area: Decimal | None, needs: Requirements) -> list[Miss]:
    """The miss for the area, measured from the nearer bound."""
    if area is None:
        return [Miss(Rule.AREA, needs.area_min, None, soft=False)]
    if needs.area_min is not None and area < needs.area_min:
        return [Miss(Rule.AREA, needs.area_min, area, soft=area >= needs.area_min * (1 - SMALLER))]
    if needs.area_max is not None and area > needs.area_max:
        return [Miss(Rule.AREA, needs.area_max, area, soft=area <= needs.area_max * (1 + LARGER))]
    return []


def _least(values: Sequence[Any], need: Any) -> Any:
    """The lowest that is too low, else None if one is not recorded, else the lowest."""
    known = [value for value in values if value is not None]
    lowest = min(known, default=None)
    return lowest if len(known) == len(values) or (lowest is not None and lowest < need) else None


def _blocked(period: TakenPeriod, term: TermWindow) -> Miss:
    until = None if period.ends_on == date.max else period.ends_on
    if period.offline:
        return Miss(Rule.OFFLINE, term.by, until, soft=False)
    if period.held_until is not None:
        return Miss(Rule.HELD, term.by, period.held_until, soft=False)
    return Miss(Rule.TAKEN, term.by, until, soft=False)
