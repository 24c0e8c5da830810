"""The units considered by a search and their allocations, read in five queries for any number."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from spaces.geometry.adjacency import adjacent_sets
from spaces.ledger import vacancy
from spaces.models import Adjacency, Allocation, Unit
from spaces.models.units import FEATURES
from spaces.states import Purpose
from spaces.values.lifetimes import ready_from


class TakenPeriod(NamedTuple):
    """A unit is taken for [starts_on, ends_on), to date.max without an end; `held_until` of an unsigned hold."""

    starts_on: date
    ends_on: date
    offline: bool
    held_until: date | None


@dataclass(frozen=True, slots=True)
class InventoryUnit:
    """A unit with the facts that matching uses.

    `closes_on`: the earliest end of the unit, its building and its lettable use, date.max without one.
    `ready_on`: the day from which its building is ready and its park open, None if unknown.
    `late_since`: the end of the last tenant's period while the keys are not back.
    """

    pk: int
    code: str
    order: str
    floor_id: int
    use: str
    area: Decimal | None
    height_m: Decimal | None
    load_kg_m2: int | None
    power_kw: int | None
    has: Mapping[str, bool | None]
    opens_on: date
    closes_on: date
    ready_on: date | None
    asked: bool
    periods: Sequence[TakenPeriod]
    late_since: date | None

    def stands(self, day: date) -> bool:
        return self.opens_on <= day < self.closes_on

    def free_until(self, day: date) -> date:
        """The exclusive end of the vacancy from `day` on, date.max without one."""
        return min((period.starts_on for period in self.periods if period.starts_on >= day), default=self.closes_on)


@dataclass(frozen=True, slots=True)
class Inventory:
    """All rooms of the floors of some units on a day, floor by floor in the order of their codes.

    `adjacent`: floor id -> unit id -> adjacent units, for floors with recorded adjacency of units that continue.
    """

    on: date
    floors: Mapping[int, Sequence[InventoryUnit]]
    adjacent: Mapping[int, Mapping[int, Set[int]]]

    @property
    def asked(self) -> Iterable[InventoryUnit]:
        return (room for floor in self.floors.values() for room in floor if room.asked)


def inventory_of(
    units: QuerySet[Unit], *, on: date, known: Collection[int] | None = None, needed_by: date | None = None
) -> Inventory:
    """The inventory of the floors of `units` (not sliced). For several searches of the same read it once, `rank` each.

    `known`: ids of the parks whose tenancies the reader may know, None for all. Elsewhere a taken unit stays taken:
    no result may reveal when a tenant leaves (decision 0012). `needed_by`: the first day of the term asked about, if
    any, on which use and area are read; else those of `on`. Every unit of the floors is read into memory.
    """
    asked = set(units.order_by().values_list("pk", flat=True))
    taken = _periods(units, on, known)
    late = dict(Allocation.objects.filter(unit__in=units.order_by().values("pk")).overstaying(on)
                .values_list("unit_id", "ends_on"))  # fmt: skip
    floors: dict[int, list[InventoryUnit]] = defaultdict(list)
    for row in _rows(units, max(on, needed_by or on)):
        pk, code, order, floor, use, area, height, load, power, opens, closes, closed, not_let, *more = row
        ready, opened, *has = more
        floors[floor].append(
            InventoryUnit(
                pk=pk,
                code=code,
                order=order,
                floor_id=floor,
                use=use,
                area=area,
                height_m=height,
                load_kg_m2=load,
                power_kw=power,
                has=dict(zip(FEATURES, has, strict=True)),
                opens_on=opens,
                closes_on=min(closes or date.max, closed or date.max, not_let or date.max),
                ready_on=ready_from(ready, opened),
                asked=pk in asked,
                periods=taken.get(pk, ()),
                late_since=late.get(pk),
            )
        )
    by_code = {floor: sorted(floors[floor], key=lambda room: room.order) for floor in sorted(floors)}
    return Inventory(on, by_code, _adjacent(units, on))


def _rows(units: QuerySet[Unit], on: date) -> QuerySet[Unit, tuple]:
    """The units of the floors with the facts of a day; `not_let`: the first day after it with a use not to let."""
    beside = Unit.objects.with_facts(on).filter(floor__in=units.order_by().values("floor"))
    return beside.annotate(not_let=vacancy.first_day_not_let(on)).values_list(
        "pk",
        "code",
        "code_order",
        "floor_id",
        "use",
        "usable_area",
        Coalesce("height_m", "floor__height_m"),
        "load_kg_m2",
        "power_kw",
        "opens_on",
        "closes_on",
        "floor__building__closed_on",
        "not_let",
        "floor__building__ready_on",
        "floor__building__park__opened_on",
        *FEATURES,
    )


def _adjacent(units: QuerySet[Unit], on: date) -> dict[int, dict[int, set[int]]]:
    pairs: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = Adjacency.objects.filter(
        Q(first__closes_on=None) | Q(first__closes_on__gt=on),
        Q(second__closes_on=None) | Q(second__closes_on__gt=on),
        connected=True,
        first__floor__in=units.order_by().values("floor"),
    )
    for floor, one, other in rows.values_list("first__floor_id", "first_id", "second_id"):
        pairs[floor].append((one, other))
    return {floor: adjacent_sets(found) for floor, found in pairs.items()}


def _periods(units: QuerySet[Unit], on: date, known: Collection[int] | None) -> dict[int, list[TakenPeriod]]:
    """Unit id -> its periods from `on` on, in order, without lapsed holds."""
    live = Allocation.objects.filter(unit__in=units.order_by().values("pk")).live(on).overlapping(on, None)
    taken: dict[int, list[TakenPeriod]] = defaultdict(list)
    columns = live.order_by("unit", "starts_on").values_list(
        "unit_id", "starts_on", "ends_on", "purpose", "held_until", "unit__floor__building__park_id"
    )
    for unit, starts, ends, purpose, held_until, park in columns:
        last = ends if known is None or park in known else None
        taken[unit].append(TakenPeriod(starts, last or date.max, purpose == Purpose.OFFLINE, held_until))
    return taken
