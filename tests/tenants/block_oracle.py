"""The block search that tries every set of tenants: cubic in the tenants of a floor, an oracle for small ones."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from itertools import combinations, pairwise

from spaces.geometry.adjacency import adjacent_sets, are_connected
from spaces.models.units import FEATURES
from spaces.states import LETTABLE_USES
from spaces.values.days import add_months
from tenants.asking.block_search import MOST_MOVES, Block
from tenants.asking.tenant_moves import FACTS, MOST_ROOM_MOVES, ROOMIER, Move
from tenants.matching import Joined

NOTHING = Decimal("0.00")


def search_floors(criteria, inventory, taken, asked):
    """As tenants.asking.block_search.search_floors."""
    on = inventory.on
    search = _EverySet(criteria, inventory, taken)
    joinable = [search.joinable(rooms) for floor, rooms in inventory.floors.items() if floor in asked]
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


class _EverySet:
    """`answers`: the rooms that meet the criteria now; no tenant is moved into them."""

    def __init__(self, criteria, inventory, tenancies):
        self.criteria, self.inventory, self.tenancies = criteria, inventory, tenancies
        self.today = inventory.on
        self.answers = set()

    def joinable(self, rooms):
        return [room for room in rooms if self._may_join(room)]

    def _may_join(self, room):
        return (
            room.area is not None
            and room.use in LETTABLE_USES
            and (not self.criteria.use or room.use == self.criteria.use)
        )

    def _near(self, rooms):
        """Unit id -> adjacent rooms: by the plan, else the next existing one by number."""
        if not rooms:
            return {}
        mine = {room.pk for room in rooms}
        standing = [room.pk for room in self.inventory.floors[rooms[0].floor_id] if room.stands(self.today)]
        near = self.inventory.adjacent.get(rooms[0].floor_id) or adjacent_sets(pairwise(standing))
        return {pk: set(near.get(pk, ())) & mine for pk in mine}

    def by_date(self, rooms):
        """The block that is free first without moves."""
        near = self._near(rooms)
        ends = {period.ends_on for room in rooms for period in room.periods if period.ends_on < date.max}
        ready = {room.ready_on for room in rooms if room.ready_on}
        for day in sorted({self.today} | {day for day in ends | ready if day > self.today}):
            best = self._best([room for room in rooms if self._free(room, day)], near)
            if best:
                return self._block(best, day)
        return None

    def by_moves(self, rooms):
        """The best block with the fewest tenants moved; nobody is moved twice or into the block."""
        near = self._near(rooms)
        free = [room for room in rooms if self._free(room, self.today)]
        mine = defaultdict(list)
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

    def _moved(self, rooms, near, tenants):
        best = self._best(rooms, near)
        taken = [room for room in best if room.pk in self.tenancies]
        if not best or {self.tenancies[room.pk].tenant for room in taken} != set(tenants):
            return None
        moves = self._targets(sorted(taken, key=lambda room: (-_area(room), room.order)), {room.pk for room in best})
        return None if moves is None else self._block(best, self.today, tuple(moves))

    def _block(self, rooms, day, moves=()):
        area = _total(rooms)
        by_plan = rooms[0].floor_id in self.inventory.adjacent
        joined = (Joined.PLAN if by_plan else Joined.NUMBER) if len(rooms) > 1 else None
        return Block(rooms, area, area - self.criteria.area, day, moves, joined)

    def _targets(self, leaving, barred):
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

    def _all(self):
        return (room for rooms in self.inventory.floors.values() for room in rooms)

    def _suits(self, target, room, tenancy):
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

    def _answers(self, room):
        """Whether the room meets the criteria, alone or with adjacent rooms, without moves."""
        alone = self._may_join(room) and _area(room) >= self.criteria.area and self._free(room, self.today)
        return alone or room.pk in self.answers

    def _free(self, room, day, *, leaves=False):
        """Whether a room is free for the months from the day on; `leaves`: once its present tenant has left."""
        until = add_months(day, self.criteria.months)
        later = [period for period in room.periods if period.starts_on > day] if leaves else room.periods
        return self._open(room, day, until, later)

    def _open(self, room, day, until, periods):
        ready = room.ready_on is not None and room.ready_on <= day
        clear = all(period.ends_on <= day or period.starts_on >= until for period in periods)
        return ready and room.stands(day) and room.closes_on >= until and clear and room.late_since is None

    def _best(self, rooms, near):
        """Connected rooms that reach the area with the least waste; empty if there are none."""
        by_pk = {room.pk: room for room in rooms}
        found = [grown for room in rooms if (grown := self._grown(room, by_pk, near))]
        if not found:
            return ()
        return min(found, key=lambda block: (_total(block), len(block), [room.order for room in block]))

    def _grown(self, first, by_pk, near):
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


def _at_least(has, needs):
    return needs is None or (has is not None and has >= needs)


def _area(room):
    return room.area if room.area is not None else NOTHING


def _total(rooms):
    return sum(map(_area, rooms), NOTHING)
