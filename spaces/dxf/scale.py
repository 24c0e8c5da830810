"""Compare drawn areas with known areas: a ratio shared by most rooms means that the unit is wrong."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from spaces.dxf.drawn_rooms import DrawingProblem, DrawnRoom, Fix
from spaces.dxf.length_units import area_in_each
from spaces.dxf.rooms import DrawingReading, FoundRooms
from spaces.models import Unit

MOST_ROOMS_SHARE = 2 / 3  # of the rooms that must share the ratio: the register may be out of date for the others
SPREAD = 0.25  # around it: net areas beside gross ones
CLOSE = 1.6  # the units lie a factor of 6.45 or more apart, areas of one room never do
TWICE = 2.0
LEAST_ROOMS = 2  # rooms needed to accept a ratio that no unit explains


def doubts(found: FoundRooms, register: Mapping[str, Unit], reading: DrawingReading) -> Iterator[DrawingProblem]:
    """At most one problem: by the areas written in the drawing, else by those of the register (code -> unit)."""
    rooms = [room for room in found.rooms if room.sound]
    written = [(room, float(room.written)) for room in rooms if room.written]
    areas = {code: unit.usable_area for code, unit in register.items()}
    registered = [(room, float(area)) for room in rooms if (area := areas.get(room.code))]
    for source, known in (("written", written), ("register", registered)):
        ratio = _shared_ratio([room.exact / area for room, area in known])
        if ratio is None:
            continue
        fits = [unit for unit, it in area_in_each(ratio, reading.unit).items() if 1 / CLOSE < it < CLOSE]
        if reading.unit in fits:
            return
        if fits or (len(known) >= LEAST_ROOMS and not 1 / TWICE < ratio < TWICE):
            yield _doubt(known[0], ratio, fits, source, reading)
            return


def _shared_ratio(ratios: Sequence[float]) -> float | None:
    if not ratios:
        return None
    middle = median(ratios)
    alike = sum(abs(ratio / middle - 1) <= SPREAD for ratio in ratios)
    return middle if alike >= MOST_ROOMS_SHARE * len(ratios) else None


def _doubt(
    example: tuple[DrawnRoom, float], ratio: float, fits: Sequence[str], source: str, reading: DrawingReading
) -> DrawingProblem:
    room, area = example
    facts = {
        "unit": reading.unit, "fits": fits[0] if fits else "", "ratio": ratio, "source": source,
        "room": room.label or room.handle, "drawn": room.exact, "known": area,
    }  # fmt: skip
    return DrawingProblem(Fix.SCALE, reading.layer, facts=facts)
