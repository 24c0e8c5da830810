"""The pipeline: what is planned and not ready, for page and API. Never part of the lettable area."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from spaces.ledger.balances import NOTHING, Balance
from spaces.ledger.commitments import Commitment, commitments
from spaces.ledger.sums import balances
from spaces.ledger.unit_states import is_ready, stage_of
from spaces.models import Building, Park, Unit
from spaces.models.people import AnyUser
from spaces.states import ParkKind, Stage


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


def of(user: AnyUser, *, on: date, today: date) -> list[PipelinePark]:
    """Industrial parks with their buildings, then the parks of incubator buildings that are not ready on the day.

    A building whose park opens later is not ready. Those closed by then or planned later are left out. Four queries.
    """
    parks = {park.pk: park for park in Park.objects.visible_to(user).with_facts(on).order_by("code_order")}
    entries = {park.pk: PipelinePark(park) for park in parks.values() if park.kind == ParkKind.INDUSTRIAL_PARK}
    buildings = Building.objects.visible_to(user).order_by("park__code_order", "code_order")
    promised = commitments(Unit.objects.visible_to(user), on=on)
    units = Unit.objects.visible_to(user).filter(floor__building__park__in=list(entries))
    by_node = balances(units, "building", on=on, today=today)
    for building in buildings:
        building.park = parks[building.park_id]
        stage = stage_of(building, on=on)
        later = building.planned_on is not None and building.planned_on > on
        ready = is_ready(building, on=on)
        if stage == Stage.CLOSED or later or (ready and building.park.kind != ParkKind.INDUSTRIAL_PARK):
            continue
        entry = entries.setdefault(building.park_id, PipelinePark(building.park))
        balance = by_node.get(building.pk) if ready else None
        entry.buildings.append(Planned(building, stage, promised.get(building.pk), balance))
    return list(entries.values())


def planned_area(entries: Iterable[PipelinePark]) -> Decimal:
    """The planned area of the industrial parks, a total of its own."""
    parks = [entry.park for entry in entries if entry.park.kind == ParkKind.INDUSTRIAL_PARK]
    return sum((park.planned_area for park in parks if park.planned_area), NOTHING)
