"""Connected rooms of one floor that reach an area with little waste. Sets of rooms are bits of one integer."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from decimal import Decimal

from tenants.matching import InventoryUnit

NOTHING = Decimal("0.00")


class ConnectedRooms:
    """Rooms of one floor, each with an area; `near`: unit id -> adjacent units among them.

    A room's bit is its place in the order of area, then of code: so the room nearest to a missing area is found by
    a shift of the set, not by a comparison of its rooms.
    """

    def __init__(self, rooms: Iterable[InventoryUnit], near: Mapping[int, Set[int]]) -> None:
        self.rooms = sorted(rooms, key=lambda room: (area_of(room), room.order))
        self.areas = [area_of(room) for room in self.rooms]
        self._bit = {room.pk: 1 << place for place, room in enumerate(self.rooms)}
        self._near = [self.set_of(near[room.pk]) for room in self.rooms]
        by_code = sorted(range(len(self.rooms)), key=lambda place: self.rooms[place].order)
        self._rank = {place: rank for rank, place in enumerate(by_code)}

    def set_of(self, units: Iterable[int]) -> int:
        return sum(self._bit[pk] for pk in units)

    def listed(self, block: int) -> tuple[InventoryUnit, ...]:
        """The rooms of a set, in the order of their codes."""
        return tuple(self.rooms[place] for place in sorted(places(block), key=self._rank.__getitem__))

    def area(self, block: int) -> Decimal:
        return sum((self.areas[place] for place in places(block)), NOTHING)

    def edge(self, block: int) -> int:
        """Rooms adjacent to a room of the set and outside it."""
        edge = 0
        for place in places(block):
            edge |= self._near[place]
        return edge & ~block

    def reached(self, start: int, allowed: int) -> int:
        """The rooms of `allowed` that are connected with those of `start` through rooms of `allowed`."""
        found = new = start
        while new := self.edge(new) & allowed & ~found:
            found |= new
        return found

    def parts(self, allowed: int) -> Iterator[int]:
        """The connected parts of a set."""
        while allowed:
            part = self.reached(allowed & -allowed, allowed)
            allowed ^= part
            yield part

    def best(self, allowed: int, needed: Decimal) -> int:
        """The block of `allowed` that reaches `needed` with the least waste, the fewest rooms, the first codes; or 0.

        A block is grown from each room and then thinned: the best of those, not of all that exist.
        """
        met: set[int] = set()
        grown = {
            block
            for part in self.parts(allowed)
            if self.area(part) >= needed
            for first in places(part)
            if (block := self._grown(first, part, needed, met))
        }
        return min((self._thinned(block, needed) for block in grown), key=self.order, default=0)

    def order(self, block: int) -> tuple[Decimal, int, Sequence[int]]:
        return self.area(block), block.bit_count(), sorted(map(self._rank.__getitem__, places(block)))

    def _grown(self, first: int, allowed: int, needed: Decimal, met: set[int]) -> int:
        """A block grown from one room by the adjacent room nearest to the missing area, one that fills it first.

        0 if the growth comes to a block already `met`: it would go on as that one did.
        """
        block, area, edge = 1 << first, self.areas[first], self._near[first] & allowed
        while area < needed:
            if block in met:
                return 0
            met.add(block)
            pick = self._nearest(edge, needed - area)
            block |= 1 << pick
            area += self.areas[pick]
            edge = (edge | self._near[pick]) & allowed & ~block
        return block

    def _nearest(self, edge: int, missing: Decimal) -> int:
        """The smallest room of a set that fills the missing area, else its largest; of equals the first by code."""
        enough = bisect_left(self.areas, missing)
        if filling := edge >> enough << enough:
            return lowest(filling)
        largest = self.areas[edge.bit_length() - 1]
        first = bisect_left(self.areas, largest)
        return lowest(edge >> first << first)

    def _thinned(self, block: int, needed: Decimal) -> int:
        """The block without rooms it can do without: the largest first, as long as it stays connected."""
        spare = self.area(block) - needed
        for place in sorted(places(block), key=lambda place: (-self.areas[place], place)):
            rest = block & ~(1 << place)
            if rest and self.areas[place] <= spare and self.reached(rest & -rest, rest) == rest:
                block, spare = rest, spare - self.areas[place]
        return block


def area_of(room: InventoryUnit) -> Decimal:
    return room.area if room.area is not None else NOTHING


def places(block: int) -> Iterator[int]:
    """The places of the bits of a set, lowest first."""
    while block:
        yield lowest(block)
        block &= block - 1


def lowest(block: int) -> int:
    return (block & -block).bit_length() - 1
