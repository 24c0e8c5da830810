"""Balances of the nodes of the tree (parks, buildings, floors), for the pages and the API."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import CharField, Count, Exists, F, Max, Min, OuterRef, Q, Value
from django.db.models.functions import Cast, Coalesce, Collate, Concat, LPad
from django.utils.translation import gettext as _

from spaces.ledger.balances import Balance, total
from spaces.ledger.park_units import ParkUnits
from spaces.ledger.sums import balances, most_vacant
from spaces.models import Building, Ecosystem, Floor, Park, Unit
from spaces.models.places import ParkQuerySet
from spaces.states import ParkKind
from spaces.values.lifetimes import not_closed

EMPTY = total([])
IN_ORDER = (F("ecosystem_id").asc(nulls_last=True), "code_order")  # of parks with their facts
LAST = 10**18  # after the key of every ecosystem


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

    @property
    def ledger_key(self) -> Any:
        """Its key in `ledger.balances`."""
        return self.place.pk if self.place else self.key or None


def of_parks(scope: ParkUnits, by: str, *, on: date, today: date) -> list[Node]:
    """Nodes of `by` (ecosystem, city, kind, park) with the balances of a scope, by the facts of the day.

    Shown are parks that are open then, empty ones too, and those that have units before they open. Two queries.
    """
    if by == "park":
        return _single_parks(scope, on, today)
    by_node = balances(scope, by, on=on, today=today)
    rows = [row for row in _groups(scope.parks_on(on), by, on) if row["opened"] or row["key"] in by_node]
    return [_group(by, row, by_node.get(row["key"], EMPTY)) for row in rows]


def _single_parks(scope: ParkUnits, on: date, today: date) -> list[Node]:
    by_node = balances(scope, "park", on=on, today=today)
    dated: Any = scope.parks_on(on).with_facts(on)
    parks = dated.order_by(*IN_ORDER)
    return [
        Node(park.code, park.name, park.name_en, park, by_node.get(park.pk, EMPTY), park.sample)
        for park in parks
        if park.is_open(on) or park.pk in by_node
    ]


def of_most_vacant(scope: ParkUnits, number: int, *, on: date, today: date) -> list[Node]:
    """The parks with most vacant area, at most `number`, the largest first. Two queries."""
    found = most_vacant(scope, number, on=on, today=today)
    parks = Park.objects.in_bulk(found)
    return [Node(park.code, park.name, park.name_en, park, found[pk], park.sample)
            for pk, park in ((pk, parks[pk]) for pk in found)]  # fmt: skip


def _groups(parks: ParkQuerySet, by: str, on: date) -> Any:
    """Rows of groups of parks: key, the number that is open, the number of samples, and the English name of a city.

    Rows of ecosystems have the columns of each: OF_ECOSYSTEM.
    """
    rows: Any = parks.with_facts(on).order_by()
    shown = ParkQuerySet.opened(on) | Q(Exists(Unit.objects.filter(floor__building__park=OuterRef("pk"))))
    keys = {"key": F(GROUP_KEYS[by])} | (OF_ECOSYSTEM if by == "ecosystem" else {})
    found = rows.values(**keys).annotate(
        opened=Count("pk", filter=ParkQuerySet.opened(on)),
        samples=Count("pk", filter=Q(sample=True) & shown),
        name_en=Max("city_en", filter=shown),
    )
    if by == "ecosystem":
        return found.order_by(F("key").asc(nulls_last=True))
    return found.annotate(first=Min(_place(), filter=shown)).order_by("first")


def _place() -> Any:
    """The place of a park among all in one text: by ecosystem, those of none last, then by code; byte by byte."""
    ecosystem = LPad(Cast(Coalesce("ecosystem_id", Value(LAST)), CharField()), len(str(LAST)), Value("0"))
    collation = {"postgresql": "C", "sqlite": "BINARY"}[connection.vendor]
    return Collate(Concat(ecosystem, "code_order", output_field=CharField()), collation)


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


GROUP_KEYS = {"ecosystem": "ecosystem_id", "city": "city", "kind": "kind"}
ECOSYSTEM = [field.attname for field in Ecosystem._meta.concrete_fields]
OF_ECOSYSTEM = {f"ecosystem_{name}": F(f"facts__ecosystem__{name}") for name in ECOSYSTEM if name != "id"}


def _group(by: str, row: dict[str, Any], balance: Balance) -> Node:
    key, sample = row["key"], bool(row["samples"])
    if by == "city":
        return Node(key, key, row["name_en"], None, balance, sample)
    if by == "kind":
        label = str(ParkKind(key).label)
        return Node(key, label, label, None, balance, sample)
    if key is None:
        return Node("", _("No ecosystem"), _("No ecosystem"), None, balance, sample)
    values = [row[f"ecosystem_{name}"] if name != "id" else key for name in ECOSYSTEM]
    ecosystem = Ecosystem.from_db(None, ECOSYSTEM, values)
    return Node(ecosystem.code, ecosystem.name, ecosystem.name_en, ecosystem, balance, sample)
