"""The whole life of a unit as runs of days of one state, for the month ledger.

Two layers, so that no run depends on the day of asking. *Base* is what a unit is by its own dates, a late tenant left
out: it holds for any day. *Over* is what a late tenant turns into holdover, from which state; it is read only for days
up to today, as holdover is never forecast. Rules: docs/definitions.md, "State".
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from spaces.states import LETTABLE_USES, Purpose, UnitState
from spaces.values.lifetimes import overstay, ready_from

FOREVER = date.max  # the end of what has none
FIXED = frozenset({UnitState.UNKNOWN.value, UnitState.UNBUILT.value, UnitState.COMMON.value})  # no tenant changes them


class Run(NamedTuple):
    """A state for [since, until), with the area of the unit (m2, None where unknown). Over: the state beneath."""

    since: date
    until: date
    state: str
    area: Decimal | None


class Fact(NamedTuple):
    """What a unit is used for and how large it is in [starts_on, ends_on)."""

    starts_on: date
    ends_on: date | None
    use: str
    area: Decimal | None


class AllocationDays(NamedTuple):
    """An allocation, as far as the state depends on it."""

    purpose: str
    starts_on: date
    ends_on: date | None
    held_until: date | None
    signed_on: date | None
    moved_in_on: date | None
    handed_back_on: date | None


class Life(NamedTuple):
    """The days of a unit, its building and its park."""

    opens_on: date
    closes_on: date | None
    closed_on: date | None
    ready_on: date | None
    opened_on: date | None


@dataclass(frozen=True, slots=True)
class Runs:
    """Base and over of one unit; each disjoint and ascending."""

    base: list[Run]
    over: list[Run]

    def state_on(self, on: date, *, today: date) -> str | None:
        """The state on a day, None outside the life of the unit."""
        if on <= today and any(run.since <= on < run.until for run in self.over):
            return UnitState.HOLDOVER.value
        return next((run.state for run in self.base if run.since <= on < run.until), None)


def runs_of(life: Life, facts: Iterable[Fact], spells: Iterable[AllocationDays]) -> Runs:
    """The runs of one unit. `facts` and `spells` are disjoint and ascending."""
    ends = min((day for day in (life.closes_on, life.closed_on) if day), default=FOREVER)
    ready_on = ready_from(life.ready_on, life.opened_on) or FOREVER
    spells = list(spells)
    taken = [run for spell in spells for run in _taken(spell)]
    base: list[Run] = []
    for fact in facts:
        since, until = max(fact.starts_on, life.opens_on), min(fact.ends_on or FOREVER, ends)
        if fact.area is None:
            base += _run(since, until, UnitState.UNKNOWN, None)
            continue
        ready = max(since, min(ready_on, until))
        base += _run(since, ready, UnitState.UNBUILT, fact.area)
        if fact.use in LETTABLE_USES:
            base += _let(ready, until, fact.area, taken)
        else:
            base += _run(ready, until, UnitState.COMMON, fact.area)
    return Runs(base, list(_over(base, spells)))


def _run(since: date, until: date, state: str, area: Decimal | None) -> Iterator[Run]:
    if since < until:
        yield Run(since, until, str(state), area)


def _let(since: date, until: date, area: Decimal, taken: Iterable[tuple[str, date, date]]) -> Iterator[Run]:
    """What the allocations make of a unit that can be let in [since, until); vacant where there is none."""
    at = since
    for state, starts, ends in taken:
        starts, ends = max(starts, at), min(ends, until)  # noqa: PLW2901 cut to the window
        if starts < ends:
            yield from _run(at, starts, UnitState.VACANT, area)
            yield from _run(starts, ends, state, area)
            at = ends
    yield from _run(at, until, UnitState.VACANT, area)


def _taken(spell: AllocationDays) -> Iterator[tuple[str, date, date]]:
    """(state, since, until) that one allocation gives its unit: disjoint, ascending, some of them empty."""
    starts, ends = spell.starts_on, spell.ends_on or FOREVER
    if spell.purpose == Purpose.OFFLINE:
        yield UnitState.OFFLINE, starts, ends
    elif spell.signed_on is None:
        yield UnitState.RESERVED, starts, min(spell.held_until or ends, ends)
    else:
        moved_in = min(spell.moved_in_on or ends, ends)
        signed = max(starts, min(spell.signed_on, moved_in))  # who has moved in is no longer only signed
        yield UnitState.RESERVED, starts, signed
        yield UnitState.COMMITTED, signed, moved_in
        yield UnitState.OCCUPIED, moved_in, ends


def _over(base: Iterable[Run], spells: Iterable[AllocationDays]) -> Iterator[Run]:
    """The parts of base in which a tenant is late: the periods of several late tenants count once."""
    at = date.min
    for spell in spells:
        late = overstay(spell.moved_in_on, spell.ends_on, spell.handed_back_on)
        if late is None:
            continue
        since, until = max(late[0], at), late[1] or FOREVER
        for run in base:
            if run.state not in FIXED:
                yield from _run(max(run.since, since), min(run.until, until), run.state, run.area)
        at = max(at, until)
