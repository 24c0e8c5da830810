"""Balances of the nodes of the tree (parks, buildings, floors), for the pages and the API."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from spaces.ledger.balances import Balance, total
from spaces.ledger.park_units import ParkUnits
from spaces.ledger.sums import balances
from spaces.models import Building, Ecosystem, Floor, Park, Unit
from spaces.models.places import ParkQuerySet
from spaces.states import ParkKind
from spaces.values.lifetimes import not_closed

EMPTY = total([])


@dataclass(frozen=True, slots=True)
class Node:
    """A row of a roll-up. `key`: its code; `place`: its object, if the node is a place.

    `sample`: whether it holds sample data.
    """

    key: str
    name: str
    name_en: str
    place: Ecosystem | Park | Building | Floor | None
    balance: Balance
    sample: bool


def of_parks(parks: ParkQuerySet, by: str, *, on: date, today: date) -> list[Node]:
    """Nodes of `by` (ecosystem, city, kind, park) with the balances of their parks, by their facts of the day.

    `parks` are those that count on the day. Shown are those that are open then, empty ones too, and those that have
    units before they open. Two queries.
    """
    by_node = balances(ParkUnits(parks), "park", on=on, today=today)
    dated: Any = parks.with_facts(on)
    rows = dated.order_by("ecosystem_id", "code_order")
    groups: dict[str, list[Park]] = {}
    for park in (row for row in rows if row.is_open(on) or row.pk in by_node):
        groups.setdefault(KEYS[by](park), []).append(park)
    return [_node(key, by, mine, [by_node.get(park.pk, EMPTY) for park in mine]) for key, mine in groups.items()]


def of_buildings(park: Park, *, on: date, today: date) -> list[Node]:
    """The buildings of a park that are not closed by then. Two queries."""
    units = Unit.objects.filter(floor__building__park=park)
    by_node = balances(units, "building", on=on, today=today)
    rows = park.buildings.filter(not_closed("", on)).order_by("code_order")
    return [
        Node(f"{park.code}-{row.code}", row.name, row.name_en, row, by_node.get(row.pk, EMPTY), park.sample)
        for row in rows
    ]


def of_floors(building: Building, *, on: date, today: date) -> list[Node]:
    """The floors of a building, top down. Two queries."""
    units = Unit.objects.filter(floor__building=building)
    by_node = balances(units, "floor", on=on, today=today)
    rows = building.floors.order_by("-level")
    sample = building.park.sample
    return [Node(str(row.level), row.label, row.label, row, by_node.get(row.pk, EMPTY), sample) for row in rows]


KEYS: dict[str, Callable[[Park], str]] = {
    "ecosystem": lambda park: park.ecosystem.code if park.ecosystem else "",
    "city": lambda park: park.city,
    "kind": lambda park: park.kind,
    "park": lambda park: park.code,
}


def _node(key: str, by: str, parks: list[Park], parts: Iterable[Balance]) -> Node:
    park, balance, sample = parks[0], total(parts), any(park.sample for park in parks)
    if by == "park":
        return Node(key, park.name, park.name_en, park, balance, sample)
    if by == "kind":
        label = str(ParkKind(key).label)
        return Node(key, label, label, None, balance, sample)
    if by == "city":
        return Node(key, park.city, park.city_en, None, balance, sample)
    if park.ecosystem is None:
        return Node(key, _("No ecosystem"), _("No ecosystem"), None, balance, sample)
    return Node(key, park.ecosystem.name, park.ecosystem.name_en, park.ecosystem, balance, sample)
