"""Search connected area on one floor: free now, free by a day as leases end, or free by moving tenants.

Rooms are adjacent by the plan, else by their numbers, as in matching. A lease is assumed to end on its last day; a
tenant in holdover frees nothing. Data is read once and searched in memory; nothing is locked.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.db.models import QuerySet

from spaces.geometry.adjacency import adjacent_sets
from spaces.models import Unit
from spaces.states import LETTABLE_USES
from spaces.values.days import add_months
from tenants.asking.connected_rooms import ConnectedRooms, area_of
from tenants.asking.tenant_moves import Move, MoveTargets, Tenancy, TenantGroups, is_usable, tenancies
from tenants.matching import Inventory, InventoryUnit, Joined, inventory_of
from tenants.matching.inventory import TakenPeriod
from tenants.matching.rules import USUAL_MONTHS

MOST_MOVES = 3


@dataclass(frozen=True, slots=True)
class BlockCriteria:
    """`area` m2 connected on one floor for `months`, with at most `moves` tenants moved elsewhere."""

    area: Decimal
    months: int = USUAL_MONTHS
    moves: int = 1
    use: str = ""


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
    asked = set(floors.order_by().values_list("floor_id", flat=True))
    return search_floors(criteria, inventory_of(elsewhere | floors, on=on), tenancies(floors, on), asked)


def search_floors(
    criteria: BlockCriteria, inventory: Inventory, taken: Mapping[int, Tenancy], asked: Set[int]
) -> list[Block]:
    """As `find`, of what was read: the present tenancies by unit id, and the ids of the floors asked about."""
    on = inventory.on
    search = _BlockSearch(criteria, inventory, taken)
    joinable = [search.joinable(rooms) for floor, rooms in inventory.floors.items() if floor in asked]
    plain = [search.by_date(graph) for graph in joinable]
    now = [block for block in plain if block is not None and block.on == on]
    targets = MoveTargets(inventory, search.answers() | {room.pk for block in now for room in block.rooms})
    moved = [
        block
        for graph, found in zip(joinable, plain, strict=True)
        if found is None or found.on > on
        for block in search.by_moves(graph, targets)
    ]
    found = [block for block in plain if block is not None] + moved
    return sorted(found, key=lambda block: (block.tenants > 0, block.on, block.tenants, block.area,
                                            [room.order for room in block.rooms]))  # fmt: skip


class _BlockSearch:
    def __init__(self, criteria: BlockCriteria, inventory: Inventory, taken: Mapping[int, Tenancy]) -> None:
        self.criteria, self.inventory, self.tenancies = criteria, inventory, taken
        self.today = inventory.on

    def joinable(self, rooms: Sequence[InventoryUnit]) -> ConnectedRooms:
        """The rooms of a floor that may be part of a block; adjacent by the plan, else the next existing by number."""
        mine = [room for room in rooms if self._may_join(room)]
        standing = [room.pk for room in rooms if room.stands(self.today)]
        near = self.inventory.adjacent.get(rooms[0].floor_id) or adjacent_sets(pairwise(standing))
        joined = {room.pk for room in mine}
        return ConnectedRooms(mine, {pk: joined & near.get(pk, set()) for pk in joined})

    def _may_join(self, room: InventoryUnit) -> bool:
        return (
            room.area is not None
            and room.use in LETTABLE_USES
            and (not self.criteria.use or room.use == self.criteria.use)
        )

    def answers(self) -> set[int]:
        """The rooms of all floors that meet the criteria now, each alone."""
        return {
            room.pk
            for rooms in self.inventory.floors.values()
            for room in rooms
            if self._may_join(room) and area_of(room) >= self.criteria.area and self._free(room, self.today)
        }

    def by_date(self, graph: ConnectedRooms) -> Block | None:
        """The block that is free first without moves."""
        ends = {period.ends_on for room in graph.rooms for period in room.periods if period.ends_on < date.max}
        ready = {room.ready_on for room in graph.rooms if room.ready_on}
        for day in sorted({self.today} | {day for day in ends | ready if day > self.today}):
            free = graph.set_of(room.pk for room in graph.rooms if self._free(room, day))
            if best := graph.best(free, self.criteria.area):
                return self._block(graph.listed(best), day)
        return None

    def by_moves(self, graph: ConnectedRooms, targets: MoveTargets) -> Iterator[Block]:
        """The best block with the fewest tenants moved; nobody is moved twice or into the block."""
        free = graph.set_of(room.pk for room in graph.rooms if self._free(room, self.today))
        mine = self._movable(graph, targets)
        groups = TenantGroups(graph, free, mine, self.criteria.area)
        for sets in groups.of_size(min(self.criteria.moves, MOST_MOVES)):
            found = [
                block
                for tenants in sets
                if (block := self._moved(graph, free | sum(mine[each] for each in tenants), tenants, targets))
            ]
            if found:
                yield min(found, key=lambda block: (block.area, len(block.moves), [r.order for r in block.rooms]))
                return

    def _movable(self, graph: ConnectedRooms, targets: MoveTargets) -> dict[int, int]:
        """Tenant -> the rooms that would be free without that tenant, of tenants with a unit to go to."""
        rooms: dict[int, list[InventoryUnit]] = defaultdict(list)
        for room in graph.rooms:
            if room.pk in self.tenancies and self._free(room, self.today, leaves=True):
                rooms[self.tenancies[room.pk].tenant].append(room)
        return {
            tenant: graph.set_of(room.pk for room in own)
            for tenant, own in rooms.items()
            if any(targets.suitable(room, self.tenancies[room.pk]) for room in own)
        }

    def _moved(self, graph: ConnectedRooms, allowed: int, tenants: Set[int], targets: MoveTargets) -> Block | None:
        best = graph.listed(graph.best(allowed, self.criteria.area))
        leaving = [(room, self.tenancies[room.pk]) for room in best if room.pk in self.tenancies]
        if not best or {tenancy.tenant for _room, tenancy in leaving} != tenants:
            return None
        leaving.sort(key=lambda row: (-area_of(row[0]), row[0].order))
        moves = targets.moves(leaving, {room.pk for room in best})
        return None if moves is None else self._block(best, self.today, tuple(moves))

    def _block(self, rooms: tuple[InventoryUnit, ...], day: date, moves: tuple[Move, ...] = ()) -> Block:
        area = sum(map(area_of, rooms), Decimal(0))
        by_plan = rooms[0].floor_id in self.inventory.adjacent
        joined = (Joined.PLAN if by_plan else Joined.NUMBER) if len(rooms) > 1 else None
        return Block(rooms, area, area - self.criteria.area, day, moves, joined)

    def _free(self, room: InventoryUnit, day: date, *, leaves: bool = False) -> bool:
        """Whether a room is free for the months from the day on; `leaves`: once its present tenant has left."""
        until = add_months(day, self.criteria.months)
        later = [period for period in room.periods if period.starts_on > day] if leaves else room.periods
        return room.closes_on >= until and is_usable(room, day) and _clear(later, day, until)


def _clear(periods: Iterable[TakenPeriod], day: date, until: date) -> bool:
    return all(period.ends_on <= day or period.starts_on >= until for period in periods)
