"""Search connected area on one floor: free now, free by a day as leases end, or free by moving tenants.

Rooms are adjacent by the plan, else by their numbers, as in matching. A lease is assumed to end on its last day; a
tenant in holdover frees nothing. Data is read once and searched in memory; nothing is locked.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations, pairwise

from django.db.models import QuerySet

from spaces.geometry.adjacency import adjacent_sets, are_connected
from spaces.models import Allocation, Unit
from spaces.models.units import FEATURES
from spaces.states import LETTABLE_USES, Purpose
from spaces.values.days import add_months
from tenants.matching import Inventory, InventoryUnit, Joined, inventory_of
from tenants.matching.inventory import TakenPeriod
from tenants.matching.rules import USUAL_MONTHS
from tenants.models import LeaseLine

MOST_MOVES = 3
MOST_ROOM_MOVES = 6
ROOMIER = Decimal("1.5")  # the most area offered to a moved tenant, as a multiple of the present one
FACTS = ("height_m", "load_kg_m2", "power_kw")
NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class BlockCriteria:
    """`area` m2 connected on one floor for `months`, with at most `moves` tenants moved elsewhere."""

    area: Decimal
    months: int = USUAL_MONTHS
    moves: int = 1
    use: str = ""


@dataclass(frozen=True, slots=True)
class Tenancy:
    """The tenancy of a room now, and its lease line; None if it was signed without a lease."""

    unit: int
    ends_on: date | None
    tenant: int
    name: str
    line: LeaseLine | None


@dataclass(frozen=True, slots=True)
class Move:
    tenancy: Tenancy
    leaves: InventoryUnit
    enters: InventoryUnit


@dataclass(frozen=True, slots=True)
class Block:
    """Connected rooms of one floor, in the order of their codes, free from `on` for the months asked about.

    `joined`: the source of the adjacency of several rooms.
    """

    rooms: tuple[InventoryUnit, ...]
    area: Decimal
    spare: Decimal
    on: date
    moves: tuple[Move, ...]
    joined: Joined | None

    @property
    def more(self) -> int:
        return len(self.rooms) - 1

    @property
    def tenants(self) -> int:
        return len({move.tenancy.tenant for move in self.moves})


def find(criteria: BlockCriteria, floors: QuerySet[Unit], elsewhere: QuerySet[Unit], *, on: date) -> list[Block]:
    """The best block of each floor of the units `floors`: without moves and, if that is not free now, with moves.

    Tenants may be moved to units of `elsewhere`. Eight statements for any number of units. Order: those without moves
    first, then the earliest, the fewest moved, the least waste.
    """
    search = _BlockSearch(criteria, inventory_of(elsewhere | floors, on=on), _tenancies(floors, on))
    asked = set(floors.order_by().values_list("floor_id", flat=True))
    joinable = [search.joinable(rooms) for floor, rooms in search.inventory.floors.items() if floor in asked]
    plain = [search.by_date(rooms) for rooms in joinable]
    now = [block for block in plain if block is not None and block.on == on]
    search.answers = {room.pk for block in now for room in block.rooms}
    moved = [
        block
        for rooms, found in zip(joinable, plain, strict=True)
        if found is None or found.on > on
        for block in search.by_moves(rooms)
    ]
    found = [block for block in plain if block is not None] + moved
    return sorted(found, key=lambda block: (block.tenants > 0, block.on, block.tenants, block.area,
                                            [room.order for room in block.rooms]))  # fmt: skip


class _BlockSearch:
    """`answers`: the rooms that meet the criteria now; no tenant is moved into them."""

    def __init__(self, criteria: BlockCriteria, inventory: Inventory, tenancies: Mapping[int, Tenancy]) -> None:
        self.criteria, self.inventory, self.tenancies = criteria, inventory, tenancies
        self.today = inventory.on
        self.answers: Set[int] = set()

    def joinable(self, rooms: Sequence[InventoryUnit]) -> list[InventoryUnit]:
        return [room for room in rooms if self._may_join(room)]

    def _may_join(self, room: InventoryUnit) -> bool:
        return (
            room.area is not None
            and room.use in LETTABLE_USES
            and (not self.criteria.use or room.use == self.criteria.use)
        )

    def _near(self, rooms: Sequence[InventoryUnit]) -> dict[int, set[int]]:
        """Unit id -> adjacent rooms: by the plan, else the next existing one by number."""
        if not rooms:
            return {}
        mine = {room.pk for room in rooms}
        standing = [room.pk for room in self.inventory.floors[rooms[0].floor_id] if room.stands(self.today)]
        near = self.inventory.adjacent.get(rooms[0].floor_id) or adjacent_sets(pairwise(standing))
        return {pk: set(near.get(pk, ())) & mine for pk in mine}

    def by_date(self, rooms: Sequence[InventoryUnit]) -> Block | None:
        """The block that is free first without moves."""
        near = self._near(rooms)
        ends = {period.ends_on for room in rooms for period in room.periods if period.ends_on < date.max}
        ready = {room.ready_on for room in rooms if room.ready_on}
        for day in sorted({self.today} | {day for day in ends | ready if day > self.today}):
            best = self._best([room for room in rooms if self._free(room, day)], near)
            if best:
                return self._block(best, day)
        return None

    def by_moves(self, rooms: Sequence[InventoryUnit]) -> Iterator[Block]:
        """The best block with the fewest tenants moved; nobody is moved twice or into the block."""
        near = self._near(rooms)
        free = [room for room in rooms if self._free(room, self.today)]
        mine: dict[int, list[InventoryUnit]] = defaultdict(list)
        for room in rooms:
            if room.pk in self.tenancies and self._free(room, self.today, leaves=True):
                mine[self.tenancies[room.pk].tenant].append(room)
        for many in range(1, min(self.criteria.moves, MOST_MOVES) + 1):
            found = [
                block
                for tenants in combinations(sorted(mine), many)
                if (block := self._moved([*free, *(room for each in tenants for room in mine[each])], near, tenants))
            ]
            if found:
                yield min(found, key=lambda block: (block.area, len(block.moves), [r.order for r in block.rooms]))
                return

    def _moved(
        self, rooms: Sequence[InventoryUnit], near: Mapping[int, Set[int]], tenants: Sequence[int]
    ) -> Block | None:
        best = self._best(rooms, near)
        taken = [room for room in best if room.pk in self.tenancies]
        if not best or {self.tenancies[room.pk].tenant for room in taken} != set(tenants):
            return None
        moves = self._targets(sorted(taken, key=lambda room: (-_area(room), room.order)), {room.pk for room in best})
        return None if moves is None else self._block(best, self.today, tuple(moves))

    def _block(self, rooms: tuple[InventoryUnit, ...], day: date, moves: tuple[Move, ...] = ()) -> Block:
        area = _total(rooms)
        by_plan = rooms[0].floor_id in self.inventory.adjacent
        joined = (Joined.PLAN if by_plan else Joined.NUMBER) if len(rooms) > 1 else None
        return Block(rooms, area, area - self.criteria.area, day, moves, joined)

    def _targets(self, leaving: Sequence[InventoryUnit], barred: set[int]) -> list[Move] | None:
        """A free unit for each room that is vacated, the smallest that suits; None if one has none."""
        if not leaving or len(leaving) > MOST_ROOM_MOVES:
            return None if leaving else []
        room, *rest = leaving
        tenancy = self.tenancies[room.pk]
        fitting = [each for each in self._all() if each.pk not in barred and self._suits(each, room, tenancy)]
        for target in sorted(fitting, key=lambda each: (_area(each), each.order)):
            later = self._targets(rest, barred | {target.pk})
            if later is not None:
                return [Move(tenancy, room, target), *later]
        return None

    def _all(self) -> Iterator[InventoryUnit]:
        return (room for rooms in self.inventory.floors.values() for room in rooms)

    def _suits(self, target: InventoryUnit, room: InventoryUnit, tenancy: Tenancy) -> bool:
        """Whether a unit suits: same use, no smaller, as good in all recorded facts, free for the rest of the term."""
        return (
            target.use == room.use
            and not self._answers(target)
            and target.area is not None
            and _area(room) <= target.area <= _area(room) * ROOMIER
            and all(_at_least(getattr(target, fact), getattr(room, fact)) for fact in FACTS)
            and all(target.has[name] for name in FEATURES if room.has[name])
            and self._open(target, self.today, tenancy.ends_on or date.max, target.periods)
        )

    def _answers(self, room: InventoryUnit) -> bool:
        """Whether the room meets the criteria, alone or with adjacent rooms, without moves."""
        alone = self._may_join(room) and _area(room) >= self.criteria.area and self._free(room, self.today)
        return alone or room.pk in self.answers

    def _free(self, room: InventoryUnit, day: date, *, leaves: bool = False) -> bool:
        """Whether a room is free for the months from the day on; `leaves`: once its present tenant has left."""
        until = add_months(day, self.criteria.months)
        later = [period for period in room.periods if period.starts_on > day] if leaves else room.periods
        return self._open(room, day, until, later)

    def _open(self, room: InventoryUnit, day: date, until: date, periods: Iterable[TakenPeriod]) -> bool:
        ready = room.ready_on is not None and room.ready_on <= day
        clear = all(period.ends_on <= day or period.starts_on >= until for period in periods)
        return ready and room.stands(day) and room.closes_on >= until and clear and room.late_since is None

    def _best(self, rooms: Sequence[InventoryUnit], near: Mapping[int, Set[int]]) -> tuple[InventoryUnit, ...]:
        """Connected rooms that reach the area with the least waste; empty if there are none."""
        by_pk = {room.pk: room for room in rooms}
        found = [grown for room in rooms if (grown := self._grown(room, by_pk, near))]
        if not found:
            return ()
        return min(found, key=lambda block: (_total(block), len(block), [room.order for room in block]))

    def _grown(
        self, first: InventoryUnit, by_pk: Mapping[int, InventoryUnit], near: Mapping[int, Set[int]]
    ) -> tuple[InventoryUnit, ...]:
        """A block grown from one room: add adjacent rooms nearest to the missing area, then drop superfluous ones."""
        block, area = {first.pk}, _area(first)
        while area < self.criteria.area:
            edge = {other for pk in block for other in near[pk] if other in by_pk} - block
            if not edge:
                return ()
            missing = self.criteria.area - area
            adjacent = [by_pk[pk] for pk in edge]
            pick = min(adjacent, key=lambda room: (_area(room) < missing, abs(_area(room) - missing), room.order))
            block.add(pick.pk)
            area += _area(pick)
        pairs = [(one, other) for one in block for other in near[one]]
        for pk in sorted(block, key=lambda pk: (-_area(by_pk[pk]), by_pk[pk].order)):
            if area - _area(by_pk[pk]) >= self.criteria.area and are_connected(block - {pk}, pairs):
                block.discard(pk)
                area -= _area(by_pk[pk])
        return tuple(sorted((by_pk[pk] for pk in block), key=lambda room: room.order))


def _tenancies(units: QuerySet[Unit], on: date) -> dict[int, Tenancy]:
    """Unit id -> the signed tenancy of the day, not overdue."""
    rows = Allocation.objects.covering(on).filter(
        unit__in=units.order_by().values("pk"), purpose=Purpose.TENANCY, signed_on__isnull=False
    )
    taken = {row.pk: row for row in rows}
    lines = LeaseLine.objects.filter(allocation__in=rows.values("pk")).select_related("lease__company", "unit")
    of = {line.allocation_id: line for line in lines}
    return {row.unit_id: _tenancy(row, of.get(pk)) for pk, row in taken.items()}


def _tenancy(row: Allocation, line: LeaseLine | None) -> Tenancy:
    if line is None:
        return Tenancy(row.unit_id, row.ends_on, -row.pk, "", None)
    return Tenancy(row.unit_id, row.ends_on, line.lease.company_id, line.lease.company.name, line)


def _at_least(has: Decimal | int | None, needs: Decimal | int | None) -> bool:
    return needs is None or (has is not None and has >= needs)


def _area(room: InventoryUnit) -> Decimal:
    return room.area if room.area is not None else NOTHING


def _total(rooms: Iterable[InventoryUnit]) -> Decimal:
    return sum(map(_area, rooms), NOTHING)
