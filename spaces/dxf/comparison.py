"""Compare a drawing with the register: units with their rooms, differences of area, rooms without a match."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from spaces.dxf import scale
from spaces.dxf.drawn_rooms import DrawingProblem, DrawnRoom, Fix
from spaces.dxf.rooms import DrawingReading, FoundRooms, find_rooms
from spaces.models import Building, Drawing, Unit
from spaces.models.codes import clean_code, unit_code
from spaces.values.days import last_day

MOST_TO_NAME = 200  # a page has room for so many fields
NUMBERS = {
    Fix.NO_LABEL, Fix.TWO_LABELS, Fix.LABEL_TWICE, Fix.BAD_LABEL, Fix.ELSEWHERE, Fix.GONE, Fix.UNCLEAR, Fix.NEAR,
}  # fmt: skip
MARKED_PART, MARKED_M2 = Decimal("0.05"), Decimal("1.00")  # a difference above either is marked


@dataclass(frozen=True, slots=True)
class Pair:
    """A unit of the register and its room. `difference`: the drawing's area less the register's, None without one."""

    unit: Unit
    room: DrawnRoom

    @property
    def difference(self) -> Decimal | None:
        return None if self.unit.usable_area is None else self.room.area - self.unit.usable_area

    @property
    def marked(self) -> bool:
        if self.unit.usable_area is None or self.difference is None:
            return True
        return abs(self.difference) > min(MARKED_M2, MARKED_PART * self.unit.usable_area)


@dataclass(frozen=True, slots=True)
class DrawingComparison:
    """Rooms that may be taken over stand in just one of `pairs` and `new`; the others stand in `problems`.

    `to_name`: rooms whose number a person has to fill in, or has filled in.
    """

    found: FoundRooms
    pairs: Sequence[Pair]
    missing: Sequence[Unit]
    new: Sequence[DrawnRoom]
    to_name: Sequence[DrawnRoom]
    problems: Sequence[DrawingProblem]

    @property
    def blocked(self) -> bool:
        return self.found.blocked

    @property
    def doubt(self) -> DrawingProblem | None:
        """The problem that areas contradict the unit of the drawing, to be confirmed by a person; None without."""
        return next((problem for problem in self.problems if problem.fix is Fix.SCALE), None)


def compare(drawing: Drawing, *, on: date) -> DrawingComparison:
    """The comparison for a drawing with its layer and unit set. Two queries, whatever the number of rooms."""
    building = drawing.floor.building
    reading = DrawingReading(drawing.layer, drawing.labels, drawing.unit, drawing.codes, drawing.joined)
    units = Unit.objects.with_facts(on).filter(floor=drawing.floor)
    here = {unit.code: unit for unit in units.order_by("code_order")}
    alive = {code: unit for code, unit in here.items() if unit.life.covers(on)}
    found = find_rooms(drawing.content, reading, code_of=lambda label: _code(building, label, alive), known=alive)
    named = [room for room in found.rooms if room.code]
    unknown = [room.code for room in named if room.code not in alive]
    taken = {unit.code: unit for unit in Unit.objects.filter(code__in=unknown).select_related("floor__building")}
    problems = [*scale.doubts(found, alive, reading), *found.problems]
    new = []
    for room in named:
        if room.code in taken:
            problems.append(_taken(room, taken[room.code], on))
            room.sound = False
        elif room.code not in alive and room.sound:
            new.append(room)
    drawn = {room.code for room in named}
    absent = [code for code in alive if code not in drawn]
    problems += [near for room in new if (near := _near(room, absent, building))]
    wrong = {problem.handle for problem in problems if problem.fix in NUMBERS}
    return DrawingComparison(
        found=found,
        pairs=[Pair(alive[room.code], room) for room in named if room.code in alive and room.sound],
        missing=[alive[code] for code in absent],
        new=new,
        to_name=[room for room in found.rooms if room.handle in wrong or room.handle in drawing.codes][:MOST_TO_NAME],
        problems=problems,
    )


def _code(building: Building, label: str, alive: Collection[str]) -> str:
    """The full code of a room; A-406 is 406 in building A where the register has that and no A-406."""
    whole = unit_code(building, clean_code(label))
    short = unit_code(building, clean_code(label).removeprefix(f"{building.code}-"))
    return short if whole not in alive and short in alive else whole


def _near(room: DrawnRoom, absent: Collection[str], building: Building) -> DrawingProblem | None:
    """4-07 or F4-414 where the register has 407 or 414 and no room has that label: asked about, never assumed."""
    digits = {room.label.replace("-", ""), *re.findall(r"[0-9]+", room.label)}
    near = [code for number in sorted(digits) if (code := unit_code(building, number)) in absent]
    return room.problem(Fix.NEAR, label=room.label, codes=", ".join(near)) if near else None


def _taken(room: DrawnRoom, unit: Unit, on: date) -> DrawingProblem:
    """Whether the code is in the register, but not of a unit that exists on this floor today."""
    fix = Fix.GONE if unit.closes_on is not None and unit.closes_on <= on else Fix.ELSEWHERE
    day = last_day(unit.closes_on) if fix is Fix.GONE else unit.opens_on
    return room.problem(fix, unit=unit.code, floor=str(unit.floor), day=day)
