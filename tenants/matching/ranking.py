"""Rank all units in three groups, with the combinations that fit or nearly fit; best first in each."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import chain

from django.db.models import QuerySet

from spaces.models import Unit
from spaces.states import LETTABLE_USES
from tenants.matching import scores
from tenants.matching.inventory import Inventory, InventoryUnit, inventory_of
from tenants.matching.joining import ByNumber, ByPlan, Joined, Run
from tenants.matching.requirements import Requirements
from tenants.matching.rules import (
    SHARED,
    Miss,
    Rule,
    TermWindow,
    conditions,
    kind,
    late,
    opening,
    opening_together,
    size,
)

MOST_TOGETHER = 4
MOST_PIECES = 2
NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One room, or adjacent rooms in the order of their codes, free for the whole term from `starts_on` on.

    `free_until`: the next period or the closing of the unit, None without either. `pieces`: free adjacent rooms that
    remain on the floor. All of `misses` are soft. `joined`: the source of the adjacency of several rooms. `beside`:
    the codes of the best fit on the same floor, for near candidates.
    """

    rooms: tuple[InventoryUnit, ...]
    area: Decimal
    starts_on: date
    ends_on: date
    free_until: date | None
    misses: tuple[Miss, ...]
    parts: scores.Parts
    pieces: int
    joined: Joined | None = None
    beside: tuple[str, ...] = ()

    @property
    def score(self) -> int:
        return self.parts.score

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(room.pk for room in self.rooms)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(room.code for room in self.rooms)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A unit that does not fit alone, and the first hard rule that it fails."""

    room: InventoryUnit
    miss: Miss


@dataclass(frozen=True, slots=True)
class Match:
    """Each single unit is in just one of `fits`, `near`, `others`; combinations are in the first two."""

    fits: tuple[Candidate, ...]
    near: tuple[Candidate, ...]
    others: tuple[Rejected, ...]

    @property
    def reasons(self) -> Mapping[Rule, int]:
        """Rule -> number of `others` that fail it, the most frequent first."""
        counts = Counter(each.miss.rule for each in self.others)
        order = list(Rule)
        return dict(sorted(counts.items(), key=lambda item: (-item[1], order.index(item[0]))))


def match(needs: Requirements, units: QuerySet[Unit], *, on: date, known: Collection[int] | None = None) -> Match:
    """Match `units`, in five queries. Nothing is locked: the hold checks again. `known`: see inventory_of."""
    return rank(needs, inventory_of(units, on=on, known=known, needed_by=needs.needed_by))


def rank(needs: Requirements, inventory: Inventory) -> Match:
    search = _MatchSearch(needs, inventory)
    found = list(chain.from_iterable(search.floor(floor) for floor in inventory.floors.values()))
    fits = sorted((each for each in found if not each.misses), key=search.place)
    near = sorted((each for each in found if each.misses), key=search.place)
    best: dict[int, Candidate] = {}
    for fit in fits:
        best.setdefault(fit.rooms[0].floor_id, fit)
    beside = [replace(each, beside=best[floor].codes) if (floor := each.rooms[0].floor_id) in best else each
              for each in near]  # fmt: skip
    others = sorted(search.others, key=lambda each: each.room.order)
    return Match(tuple(fits), tuple(beside), tuple(others))


class _MatchSearch:
    """One search over one inventory. `others` is filled while the floors are searched."""

    def __init__(self, needs: Requirements, inventory: Inventory) -> None:
        self.needs = needs
        self.inventory = inventory
        self.term = TermWindow(needs, inventory.on)
        self.others: list[Rejected] = []

    def place(self, each: Candidate) -> tuple:
        return -each.score, scores.waste(each.area, self.needs), [room.order for room in each.rooms]

    def floor(self, floor: Sequence[InventoryUnit]) -> Iterator[Candidate]:
        self.joins = self._joins(floor)
        joinable: dict[int, date] = {}
        fit: set[Run] = set()
        near: set[Run] = set()
        for place, room in enumerate(floor):
            if not room.asked:
                continue
            day, misses = self._alone(room)
            hard = [miss for miss in misses if not miss.soft]
            if hard:
                self.others.append(Rejected(room, hard[0]))
            elif day is not None:
                (near if misses else fit).add((place,))
                yield self._candidate(floor, (place,), day, misses)
            if day is not None and room.area is not None and SHARED.issuperset(miss.rule for miss in hard):
                joinable[place] = day
        for run, day in self._runs(floor, joinable, fit):
            misses = self._together([floor[place] for place in run], day)
            if all(miss.soft for miss in misses) and not (misses and self.joins.has_spare(run, near)):
                (near if misses else fit).add(run)
                yield self._candidate(floor, run, day, misses)

    def _alone(self, room: InventoryUnit) -> tuple[date | None, list[Miss]]:
        """Every miss of one room in the order of Rule, and the day from which it is free."""
        miss = kind(room, self.needs)
        if miss is not None:
            return None, [miss]
        found = opening(room, self.term.on, self.term)
        rest = [*conditions([room], self.needs), *size(room.area, self.needs)]
        if isinstance(found, Miss):
            return None, [found, *rest]
        return found, [*rest, *late(found, self.term)]

    def _together(self, rooms: Sequence[InventoryUnit], day: date) -> list[Miss]:
        return [*conditions(rooms, self.needs), *size(_total(rooms), self.needs), *late(day, self.term)]

    def _runs(
        self, floor: Sequence[InventoryUnit], joinable: dict[int, date], fit: set[Run]
    ) -> Iterator[tuple[Run, date]]:
        """Places of 2 to 4 adjacent rooms that are candidates, and the first day on which they are free together.

        Short runs first, so that `fit` holds the shorter ones that fit: two rooms are not shown if one is enough.
        """
        runs: dict[Run, date] = {(place,): day for place, day in joinable.items()}
        for _many in range(2, MOST_TOGETHER + 1):
            longer = dict.fromkeys(each for run, day in runs.items() for each in self.joins.longer(run, day))
            runs = {}
            for run in longer:
                if not self._may_join(floor, run, joinable):
                    continue
                day = None if fit and self.joins.has_spare(run, fit) else self._day(floor, run)
                if day is not None:
                    runs[run] = day
                    yield run, day

    def _day(self, floor: Sequence[InventoryUnit], run: Run) -> date | None:
        """The first day; None if adding rooms cannot help: too large, never free together, or separated."""
        rooms = [floor[place] for place in run]
        area, most = _total(rooms), self.needs.area_max
        if most is not None and area > most and not all(miss.soft for miss in size(area, self.needs)):
            return None
        return opening_together(rooms, self.joins.between(run), self.term.on, self.term)

    def _may_join(self, floor: Sequence[InventoryUnit], run: Run, joinable: Mapping[int, date]) -> bool:
        use = floor[run[0]].use
        return all(place in joinable and floor[place].use == use for place in run)

    def _joins(self, floor: Sequence[InventoryUnit]) -> ByPlan | ByNumber:
        adjacent = self.inventory.adjacent.get(floor[0].floor_id) if floor else None
        return ByPlan(floor, adjacent) if adjacent else ByNumber(floor, self.term.latest)

    def _candidate(self, floor: Sequence[InventoryUnit], run: Run, day: date, misses: list[Miss]) -> Candidate:
        rooms = tuple(floor[place] for place in run)
        area, pieces = _total(rooms), self._pieces(run, day)
        until = min(room.free_until(day) for room in rooms)
        return Candidate(
            rooms=rooms,
            area=area,
            starts_on=day,
            ends_on=self.term.end(day),
            free_until=None if until == date.max else until,
            misses=tuple(misses),
            parts=scores.parts(area, day, misses, rooms=len(rooms), pieces=pieces, needs=self.needs, term=self.term),
            pieces=pieces,
            joined=self.joins.how if len(run) > 1 else None,
        )

    def _pieces(self, run: Run, day: date) -> int:
        """The number of adjacent rooms free for the same term; more than two count as two."""
        return min(MOST_PIECES, sum(self._free_on(room, day) for room in self.joins.beside(run, day)))

    def _free_on(self, room: InventoryUnit, day: date) -> bool:
        return room.asked and room.use in LETTABLE_USES and opening(room, day, self.term) == day


def _total(rooms: Sequence[InventoryUnit]) -> Decimal:
    return sum((room.area for room in rooms if room.area is not None), NOTHING)
