"""Runs of a unit as the month ledger keeps them, and the deltas between what was counted and what holds now."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from spaces.ledger.balances import STATES
from spaces.ledger.lives import Belonging, UnitLife
from spaces.ledger.runs import FOREVER, Run
from spaces.models.month_ledger import KEY, SUMS, LedgerDelta
from spaces.states import UnitState

COLUMNS = (*KEY, *SUMS)  # of a delta
HOLDOVER = STATES.index(UnitState.HOLDOVER)
NEVER = FOREVER.toordinal()
NUMBERS = {state: index for index, state in enumerate(STATES)}


class CountedRun(NamedTuple):
    """A run with the park and group that it counts in. Days are ordinals, the area hundredths of m2."""

    park: int
    ecosystem: int
    industrial: int
    over: int
    since: int
    until: int
    state: int
    area: int


class DeltaKey(NamedTuple):
    """Where and when a delta counts."""

    park: int
    ecosystem: int
    industrial: int
    day: int
    over: int


def counted(life: UnitLife) -> set[CountedRun]:
    """The runs of a unit where they count: a run of a park that moves is one in each of its groups."""
    layers = ((0, life.runs.base), (1, life.runs.over))
    return {
        CountedRun(life.park, group.ecosystem or 0, int(group.industrial), over, *_numbers(part))
        for over, runs in layers
        for run in runs
        for group in life.groups
        if (part := _within(run, group))
    }


def _within(run: Run, group: Belonging) -> Run | None:
    """The part of a run in which its park belongs to a group."""
    since, until = max(run.since, group.since), min(run.until, group.until)
    return run._replace(since=since, until=until) if since < until else None


def _numbers(run: Run) -> tuple[int, int, int, int]:
    area = 0 if run.area is None else int(run.area.scaleb(2))
    return run.since.toordinal(), run.until.toordinal(), NUMBERS[run.state], area


def packed(runs: Iterable[CountedRun]) -> str:
    """Runs as text: by place, each a list of numbers."""
    by_place = defaultdict(list)
    for run in sorted(runs):
        by_place[run[:3]].append(run[3:])
    return json.dumps([[*place, each] for place, each in by_place.items()], separators=(",", ":"))


def unpacked(text: str) -> set[CountedRun]:
    return {CountedRun(*place, *run) for *place, runs in json.loads(text) for run in runs}


class Deltas:
    """The sum of many changes: place -> what is added to each of SUMS."""

    def __init__(self) -> None:
        self.sums: dict[DeltaKey, list[int]] = defaultdict(lambda: [0] * len(SUMS))

    def move(self, before: set[CountedRun], after: set[CountedRun]) -> None:
        """Take away the runs that no longer hold, add those that hold now."""
        for run in before - after:
            self._add(run, -1)
        for run in after - before:
            self._add(run, 1)

    def _add(self, run: CountedRun, sign: int) -> None:
        for day, way in ((run.since, sign), (run.until, -sign)):
            if day == NEVER:
                continue
            sums = self.sums[DeltaKey(run.park, run.ecosystem, run.industrial, day, run.over)]
            if run.over:  # what is late leaves the state beneath
                _move(sums, HOLDOVER, way, run.area)
                _move(sums, run.state, -way, run.area)
            else:
                _move(sums, run.state, way, run.area)

    def rows(self, change: int | None) -> Iterator[LedgerDelta]:
        for values in self.values():
            yield LedgerDelta(change=change, **dict(zip(COLUMNS, values, strict=True)))

    def values(self) -> Iterator[list[Any]]:
        """COLUMNS of what is not nothing, in the order of places, so that all writers take them in one order."""
        for (park, ecosystem, industrial, day, over), sums in sorted(self.sums.items()):
            if any(sums):
                yield [park, ecosystem, bool(industrial), date.fromordinal(day), bool(over), *sums]


def _move(sums: list[int], state: int, sign: int, area: int) -> None:
    sums[2 * state] += sign * area
    sums[2 * state + 1] += sign
