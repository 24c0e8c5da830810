"""The pipeline: what is planned and not ready, for page and API. Never part of the lettable area."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, Sum, When

from spaces.ledger.balances import NOTHING, Balance
from spaces.ledger.commitments import Commitment, commitments
from spaces.ledger.sums import balances
from spaces.ledger.unit_states import is_ready, stage_of
from spaces.models import Building, Park, Unit
from spaces.models.people import AnyUser
from spaces.models.places import BuildingQuerySet, ParkQuerySet
from spaces.states import ParkKind, Stage
from spaces.values.lifetimes import not_closed, not_ready


@dataclass(frozen=True, slots=True)
class Planned:
    """A building of the pipeline: what is committed there until it is ready, its balance from then on."""

    building: Building
    stage: Stage
    promised: Commitment | None
    balance: Balance | None


@dataclass(frozen=True, slots=True)
class PipelinePark:
    park: Park
    buildings: list[Planned] = field(default_factory=list)


def parks(user: AnyUser, *, on: date) -> ParkQuerySet:
    """The parks of the pipeline with their facts of the day: industrial parks, then those with an unready building."""
    industrial = Q(kind=ParkKind.INDUSTRIAL_PARK)
    unready = _planned(Building.objects.visible_to(user), on).filter(not_ready("", on), park=OuterRef("pk"))
    rows: Any = Park.objects.visible_to(user).with_facts(on).filter(industrial | Exists(unready))
    return rows.order_by(Case(When(industrial, then=0), default=1), "code_order")


def of(parks: Iterable[Park], user: AnyUser, *, on: date, today: date) -> list[PipelinePark]:
    """Parks of `parks()` with their planned buildings: of industrial parks all, of others those that are not ready.

    A building whose park opens later is not ready. Those closed by then or planned later are left out. Three queries.
    """
    entries = {park.pk: PipelinePark(park) for park in parks}
    mine = _planned(Building.objects.visible_to(user), on).filter(park__in=list(entries)).order_by("code_order")
    units = Unit.objects.visible_to(user).filter(floor__building__in=mine.order_by().values("pk"))
    promised = commitments(units, on=on)
    industrial = [entry.park.pk for entry in entries.values() if entry.park.kind == ParkKind.INDUSTRIAL_PARK]
    by_node = balances(units.filter(floor__building__park__in=industrial), "building", on=on, today=today)
    for building in mine:
        entry = entries[building.park_id]
        building.park = entry.park
        ready = is_ready(building, on=on)
        if not ready or building.park.kind == ParkKind.INDUSTRIAL_PARK:
            balance = by_node.get(building.pk) if ready else None
            planned = Planned(building, stage_of(building, on=on), promised.get(building.pk), balance)
            entry.buildings.append(planned)
    return list(entries.values())


def _planned(buildings: BuildingQuerySet, on: date) -> BuildingQuerySet:
    """Those that are planned by the day and not closed."""
    return buildings.filter(not_closed("", on)).exclude(planned_on__gt=on)


def planned_area(user: AnyUser, *, on: date) -> Decimal:
    """The planned area of the industrial parks, a total of its own."""
    found = Park.objects.visible_to(user).industrial(on).aggregate(area=Sum("planned_area"))
    return found["area"] or NOTHING
