"""The plan of a floor on a day: its version, the units of the day with shapes and states, and which are adjacent."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import FETCH_RAISE

from spaces import ledger
from spaces.geometry import adjacency
from spaces.models import Adjacency, Floor, FloorPlan, Unit, UnitShape
from spaces.models.people import AnyUser

TOLERANCE = Decimal(5)  # percent by which a drawn area may differ from the registered one before it is marked


@dataclass(frozen=True, slots=True)
class UnitOnPlan:
    """A unit of the day, with its state; its shape where it has one on this version, and the area computed from it."""

    unit: Unit
    shape: UnitShape | None
    area: Decimal | None

    @property
    def off(self) -> Decimal | None:
        """By how many percent the drawn area differs from the registered one."""
        if self.area is None or self.unit.usable_area is None:
            return None
        return (self.area - self.unit.usable_area) * 100 / self.unit.usable_area

    @property
    def is_off(self) -> bool:
        return self.off is not None and abs(self.off) > TOLERANCE


@dataclass(frozen=True, slots=True)
class PlanOfDay:
    """`plan` is None if there is none on the day, or none that the user may see; then no unit has a shape."""

    plan: FloorPlan | None
    rows: list[UnitOnPlan]
    adjacency: list[Adjacency]

    @property
    def unplaced(self) -> list[UnitOnPlan]:
        """Units without recorded adjacency, where others of the floor have some: nothing is connected to them."""
        placed = {pk for pair in self.adjacency for pk in (pair.first_id, pair.second_id)}
        return [row for row in self.rows if placed and row.unit.pk not in placed]

    @property
    def not_drawn(self) -> list[UnitOnPlan]:
        return [row for row in self.rows if row.shape is None]


def of_floor(floor: Floor, user: AnyUser, *, on: date, today: date) -> PlanOfDay:
    """The version of the day. Four queries and one for each role check, whatever the number of units."""
    return sheet_of(floor, plan_on(floor, user, on=on), user, on=on, today=today)


def sheet_of(floor: Floor, plan: FloorPlan | None, user: AnyUser, *, on: date, today: date) -> PlanOfDay:
    """`of_floor` for a version that the caller has chosen and may see."""
    mine = Unit.objects.visible_to(user).filter(floor=floor)
    units = ledger.with_state(mine, on=on, today=today).order_by("code_order").fetch_mode(FETCH_RAISE)
    drawn: dict[int, UnitShape] = {}
    if plan is not None:
        drawn = {shape.unit_id: shape for shape in plan.shapes.all()}
    shapes = ((unit, drawn.get(unit.pk)) for unit in units)
    rows = [UnitOnPlan(unit, shape, shape.area() if shape else None) for unit, shape in shapes]
    for row in rows:
        row.unit.floor = floor
    alive = {row.unit.pk for row in rows}
    pairs = Adjacency.objects.visible_to(user).among(mine).select_related("first", "second")
    known = pairs.order_by("first__code_order", "second__code_order")
    return PlanOfDay(plan, rows, [pair for pair in known if {pair.first_id, pair.second_id} <= alive])


def plan_on(floor: Floor, user: AnyUser, *, on: date) -> FloorPlan | None:
    """The version of the day if the user may see it. No older one takes its place."""
    return FloorPlan.objects.visible_to(user).on(on).filter(floor=floor).first()


def shape_of(unit: Unit, user: AnyUser, *, on: date) -> UnitShape | None:
    """The shape of a unit on the version of the day; None if it is not drawn or not visible to the user."""
    seen = FloorPlan.objects.visible_to(user).on(on).filter(floor=unit.floor_id)
    return UnitShape.objects.filter(unit=unit, plan__in=seen.values("pk")).select_related("plan").first()


def are_connected(units: Collection[int], pairs: Iterable[Adjacency]) -> bool | None:
    """Whether the units are connected with each other; None if nothing is recorded of any of them."""
    wanted = set(units)
    pairs = list(pairs)
    if len(wanted) > 1 and not any({pair.first_id, pair.second_id} & wanted for pair in pairs):
        return None
    return adjacency.are_connected(wanted, [(pair.first_id, pair.second_id) for pair in pairs if pair.connected])
