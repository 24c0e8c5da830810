"""Tenants who could leave their rooms for other free units: who they are, and which units would suit them."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from spaces.models import Allocation, Unit
from spaces.models.units import FEATURES
from spaces.states import Purpose
from tenants.asking.connected_rooms import NOTHING, ConnectedRooms, area_of
from tenants.matching import Inventory, InventoryUnit
from tenants.models import LeaseLine

MOST_ROOM_MOVES = 6
ROOMIER = Decimal("1.5")  # the most area offered to a moved tenant, as a multiple of the present one
FACTS = ("height_m", "load_kg_m2", "power_kw")


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


def tenancies(units: QuerySet[Unit], on: date) -> dict[int, Tenancy]:
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


class MoveTargets:
    """The units free now that tenants may be moved to, less `answers`: rooms that meet the criteria now.

    Units are read once, in the order of use and area, so that a room looks only at those of its own use and size.
    """

    def __init__(self, inventory: Inventory, answers: Set[int]) -> None:
        self._rooms: dict[str, list[InventoryUnit]] = defaultdict(list)
        self._until: dict[int, date] = {}
        self._suitable: dict[int, Sequence[InventoryUnit]] = {}
        for rooms in inventory.floors.values():
            for room in rooms:
                if room.area is not None and room.pk not in answers and is_usable(room, inventory.on):
                    self._rooms[room.use].append(room)
                    self._until[room.pk] = _free_until(room, inventory.on)
        for found in self._rooms.values():
            found.sort(key=lambda room: (area_of(room), room.order))

    def suitable(self, room: InventoryUnit, tenancy: Tenancy) -> Sequence[InventoryUnit]:
        """Units for the tenant of a room, smallest first.

        Same use, no smaller, as good in all recorded facts, free for the rest of the term.
        """
        if room.pk not in self._suitable:
            self._suitable[room.pk] = list(self._found(room, tenancy.ends_on or date.max))
        return self._suitable[room.pk]

    def _found(self, room: InventoryUnit, until: date) -> Iterator[InventoryUnit]:
        rooms, area = self._rooms[room.use], area_of(room)
        first = bisect_left(rooms, area, key=area_of)
        for target in rooms[first : bisect_right(rooms, area * ROOMIER, key=area_of)]:
            if (
                self._until[target.pk] >= until
                and all(_at_least(getattr(target, fact), getattr(room, fact)) for fact in FACTS)
                and all(target.has[name] for name in FEATURES if room.has[name])
            ):
                yield target

    def moves(self, leaving: Sequence[tuple[InventoryUnit, Tenancy]], barred: Set[int]) -> list[Move] | None:
        """A unit for each room that is vacated, the smallest that suits; None if one has none, or too many leave.

        Of the units that suit a room only as many are tried as rooms leave: the other rooms cannot take them all.
        """
        if not leaving or len(leaving) > MOST_ROOM_MOVES:
            return None if leaving else []
        (room, tenancy), *rest = leaving
        open_to_it = [target for target in self.suitable(room, tenancy) if target.pk not in barred]
        for target in open_to_it[: len(leaving)]:
            later = self.moves(rest, barred | {target.pk})
            if later is not None:
                return [Move(tenancy, room, target), *later]
        return None


def is_usable(room: InventoryUnit, day: date) -> bool:
    """Whether a room stands on the day in a building that is ready, and nobody stays on in it."""
    return room.ready_on is not None and room.ready_on <= day and room.stands(day) and room.late_since is None


def _free_until(room: InventoryUnit, day: date) -> date:
    """The day before which a tenancy that begins on `day` has to end: `day` or earlier if the room is taken."""
    return min([room.closes_on, *(period.starts_on for period in room.periods if period.ends_on > day)])


def _at_least(has: Decimal | int | None, needs: Decimal | int | None) -> bool:
    return needs is None or (has is not None and has >= needs)


class TenantGroups:
    """Sets of tenants of one floor whose rooms, with the free ones, may make one connected block of `needed` m2.

    A block needs every tenant of its set, so each of them is adjacent to another, directly or through free rooms; and
    the area within their reach must do. Sets that fail this are not built upon: that bounds the search.
    """

    def __init__(self, graph: ConnectedRooms, free: int, rooms: Mapping[int, int], needed: Decimal) -> None:
        self._graph, self._needed = graph, needed
        self._reach = {tenant: graph.reached(own, free | own) for tenant, own in rooms.items()}
        edges = {tenant: graph.edge(reach) for tenant, reach in self._reach.items()}
        self._beside = {
            tenant: [other for other, own in rooms.items() if other != tenant and own & (edge | self._reach[tenant])]
            for tenant, edge in edges.items()
        }
        self._most = max(map(graph.area, self._reach.values()), default=NOTHING)

    def of_size(self, most: int) -> Iterator[Collection[frozenset[int]]]:
        """The sets of one tenant, of two, up to `most`, that could reach the area."""
        within = {frozenset([tenant]): (reach, self._graph.area(reach)) for tenant, reach in self._reach.items()}
        for further in reversed(range(most)):
            yield [group for group, (_reach, area) in within.items() if area >= self._needed]
            larger: dict[frozenset[int], tuple[int, Decimal]] = {}
            for group, (reach, area) in within.items():
                if area + further * self._most < self._needed:
                    continue
                for other in {other for tenant in group for other in self._beside[tenant]} - group:
                    if (wider := group | {other}) not in larger:
                        gained = self._reach[other] & ~reach
                        larger[wider] = (reach | gained, area + self._graph.area(gained))
            within = larger
