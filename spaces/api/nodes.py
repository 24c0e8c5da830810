"""A node of the tree as a parameter: province, industrial, an ecosystem, a park, HIT-01-A or its floor HIT-01-A@4."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError

from spaces import ledger
from spaces.ledger import figures, rollups
from spaces.ledger.figures import FigureComparison
from spaces.models import Building, Ecosystem, Floor, Park, Unit
from spaces.models.figures import Measure
from spaces.models.people import AnyUser
from spaces.states import ParkKind
from spaces.values.levels import parse as parse_level
from spaces.values.lifetimes import not_closed

PROVINCE, INDUSTRIAL = "province", "industrial"
OF_PARKS = ("ecosystem", "city", "kind", "park")
OF_INDUSTRIAL = ("park", "city", "ecosystem")

type Place = str | Ecosystem | Park | Building | Floor


@dataclass(frozen=True, slots=True)
class NodePart:
    """One part of a node: its key as a node where it is one, names in both languages, its row in the database."""

    key: str | None
    name: str
    name_en: str
    place: Any
    balance: ledger.Balance


def find(key: str, user: AnyUser) -> Place:
    """The place that a node names; a refusal of the parameter where there is none."""
    if key in {PROVINCE, INDUSTRIAL}:
        return key
    if "@" in key:
        found: Place | None = floor(key, user)
    else:
        found = (
            Ecosystem.objects.visible_to(user).filter(code=key).first()
            or Park.objects.visible_to(user).filter(code=key).first()
            or building(key, user)
        )
    if found is None:
        raise ValidationError({"node": ErrorDetail(_("“%(node)s” is no place.") % {"node": key[:60]}, "unknown_node")})
    return found


def park_of(place: Place) -> Park | None:
    """The park in which a place lies, itself a park included; None for what holds several."""
    match place:
        case Park():
            return place
        case Building():
            return place.park
        case Floor():
            return place.building.park
        case _:
            return None


def building(code: str, user: AnyUser) -> Building | None:
    """By its full code: the park's, a dash, its own."""
    return Building.objects.visible_to(user).select_related("park").filter(**_of_building(code)).first()


def floor(key: str, user: AnyUser) -> Floor | None:
    """By its node: the building's full code, an @, its level."""
    code, _at, level = key.partition("@")
    floors = Floor.objects.visible_to(user).select_related("building__park")
    try:
        place: dict[str, Any] = _of_building(code, "building__") | {"level": parse_level(level)}
    except ValueError:
        return None
    return floors.filter(**place).first()


def key_of(place: Place) -> str:
    match place:
        case Building():
            return f"{place.park.code}-{place.code}"
        case Floor():
            return f"{key_of(place.building)}@{place.level}"
        case Ecosystem() | Park():
            return place.code
        case _:
            return place


def levels(place: Place) -> tuple[str, ...]:
    """What the place can be grouped by, the first when nothing is said: never more rows than one answer bears."""
    match place:
        case Ecosystem():
            return ("park", "city", "kind", "building")
        case Park():
            return ("building", "floor")
        case Building():
            return ("floor",)
        case Floor():
            return ()
        case "industrial":
            return OF_INDUSTRIAL
        case _:
            return OF_PARKS


def scope_of(place: Place, user: AnyUser) -> ledger.ParkUnits:
    """The units of a node of parks. The province is its incubators: industrial parks are a node of their own."""
    match place:
        case Park():
            return ledger.ParkUnits(Park.objects.visible_to(user).filter(pk=place.pk))
        case Ecosystem():
            return ledger.ParkUnits.of_group(user, ecosystem=place)
        case _:
            return ledger.ParkUnits.of_group(user, industrial=place == INDUSTRIAL)


def units_of(place: Place, user: AnyUser) -> QuerySet[Unit] | ledger.ParkUnits:
    """The units of a node, for the ledger."""
    match place:
        case Building():
            return Unit.objects.visible_to(user).filter(floor__building=place)
        case Floor():
            return Unit.objects.visible_to(user).filter(floor=place)
        case _:
            return scope_of(place, user)


def groups(place: Place, by: str, user: AnyUser, *, on: date, today: date) -> list[NodePart]:
    """The parts of a node, empty ones too: they sum to its balance. Two or three queries."""
    if by in OF_PARKS:
        return _of_parks(place, by, user, on=on, today=today)
    units = units_of(place, user)
    balances = ledger.balances(units, by, on=on, today=today)
    rows = _buildings(place, user, on=on) if by == "building" else _floors(place, user, on=on)
    return [_group(row, balances.get(row.pk, rollups.EMPTY)) for row in rows]


def newest_lettable_area(
    user: AnyUser, places: Iterable[Any], *, on: date, today: date
) -> dict[Any, FigureComparison]:
    """Key of a place -> the newest lettable area published for it by the day, beside ours for the figure's own day."""
    keys = {figure_key(place) for place in places}
    return figures.newest_compared(user, [Measure.LETTABLE_AREA], on=on, today=today, keys=keys)


def figure_key(place: Any) -> Any:
    """The key of `newest_lettable_area` for a place; None where nothing can be published."""
    match place:
        case Ecosystem():
            return (Measure.LETTABLE_AREA, place.pk, None)
        case Park():
            return (Measure.LETTABLE_AREA, None, place.pk)
        case "province":
            return (Measure.LETTABLE_AREA, None, None)
        case _:
            return None


def _of_building(code: str, path: str = "") -> dict[str, str]:
    park, _dash, own = code.rpartition("-")
    return {f"{path}park__code": park, f"{path}code": own}


def _of_parks(place: Place, by: str, user: AnyUser, *, on: date, today: date) -> list[NodePart]:
    found = rollups.of_parks(scope_of(place, user), by, on=on, today=today)
    rows = [NodePart(node.key or None, *_names(node), node.place, node.balance) for node in found]
    if by != "ecosystem" or place != PROVINCE:
        return rows
    without = Ecosystem.objects.visible_to(user).exclude(pk__in=[node.place.pk for node in found if node.place])
    return rows + [_group(row, rollups.EMPTY) for row in without.order_by("pk")]


def _names(node: rollups.Node) -> tuple[str, str]:
    """Chinese and English. What has no name of its own is a word of ours."""
    if node.place is not None or node.name != node.name_en:
        return node.name, node.name_en or node.name
    word: Callable[[], str] = ParkKind(node.key).label.__str__ if node.key else lambda: _("No ecosystem")
    with translation.override("zh-hans"):
        zh = word()
    with translation.override("en"):
        return zh, word()


def _group(row: Ecosystem | Building | Floor, balance: ledger.Balance) -> NodePart:
    if isinstance(row, Floor):
        return NodePart(key_of(row), row.label, row.label, row, balance)
    return NodePart(key_of(row), row.name, row.name_en or row.name, row, balance)


def _buildings(place: Place, user: AnyUser, *, on: date) -> QuerySet[Building]:
    parks = scope_of(place, user).parks_on(on)
    rows = Building.objects.visible_to(user).filter(park__in=parks.order_by().values("pk"))
    return rows.filter(not_closed("", on)).select_related("park").order_by("park__code_order", "code_order")


def _floors(place: Place, user: AnyUser, *, on: date) -> QuerySet[Floor]:
    above = "building" if isinstance(place, Building) else "building__park"
    rows = Floor.objects.visible_to(user).filter(not_closed("building__", on), **{above: place})
    order = ("building__park__code_order", "building__code_order", "-level")
    return rows.select_related("building__park").order_by(*order)
