"""The 56 incubators of the demo, whose lettable area on the day sums to the published one exactly."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random

from spaces.states import LETTABLE_USES, ParkKind, Use
from tenants.demo import events, hit01
from tenants.demo.facts import (
    BEGIN,
    DECLARED,
    DECLARER,
    DECLARER_LETTABLE_AREA,
    DESKS,
    DESKS_LETTABLE_AREA,
    ECOSYSTEMS,
    LETTABLE_AREA,
    NEW,
    NEW_LETTABLE_AREA,
    UNRECORDED,
    WORDS,
)  # fmt: skip
from tenants.demo.sample_units import SampleUnit, shares

PER_FLOOR, PER_BUILDING = 4, 16
HALF = Decimal("0.50")
NOTHING = Decimal("0.00")
INCUBATOR, MAKERS, ACCELERATOR, SCIENCE = (
    ParkKind.INCUBATOR, ParkKind.MAKER_SPACE, ParkKind.ACCELERATOR, ParkKind.SCIENCE_PARK,
)  # fmt: skip
# kind -> its name in both languages, its usual size, numbers of rooms, their uses
KINDS = {
    INCUBATOR: ("孵化器", "Incubator", 70, (10, 14), [Use.OFFICE, Use.OFFICE, Use.LAB]),
    MAKERS: ("众创空间", "Maker Space", 26, (10, 12), [Use.OFFICE]),
    ACCELERATOR: ("加速器", "Accelerator", 95, (10, 13), [Use.PILOT, Use.FACTORY, Use.LAB]),
    SCIENCE: ("科技园", "Science Park", 150, (13, 19), [Use.OFFICE, Use.LAB, Use.OFFICE, Use.PILOT]),
}
YOUNG = {  # opened after the register began, in the year
    "HIT-10": 2022, "HIT-11": 2023, "HEU-03": 2021, "HVRI-06": 2022,
    "NEPU-06": 2023, "QQHRU-05": 2021, "USTH-02": 2022, "JMSU-04": 2021,
}  # fmt: skip
ORDER = [  # kinds of incubators in turn
    INCUBATOR, MAKERS, INCUBATOR, ACCELERATOR, SCIENCE, INCUBATOR,
    MAKERS, INCUBATOR, ACCELERATOR, INCUBATOR, SCIENCE,
]  # fmt: skip


@dataclass(slots=True)
class Incubator:
    code: str
    ecosystem: str
    name: str
    name_en: str
    kind: ParkKind
    opened: date
    lettable_area: Decimal = NOTHING
    rooms: list[SampleUnit] = field(default_factory=list)
    gaps: dict[tuple[str, int], Decimal] = field(default_factory=dict)  # (building, level) -> not itemised

    @property
    def register_from(self) -> date:
        return max(self.opened, BEGIN)


def plan() -> list[Incubator]:
    """All incubators with their rooms, the same on every call."""
    sample, *others = list(_named())
    sample.rooms, sample.gaps = hit01.rooms(), dict(hit01.GAPS)
    sample.lettable_area = sum((room.area for room in sample.rooms if _counts(room) and room.area), NOTHING)
    fixed = {code: area for code, (_day, area) in NEW.items()}
    fixed |= {DECLARER: DECLARER_LETTABLE_AREA, DESKS: DESKS_LETTABLE_AREA}
    free = [incubator for incubator in others if incubator.code not in fixed]
    weights = [_weight(incubator) for incubator in free]
    left = LETTABLE_AREA - NEW_LETTABLE_AREA - DECLARER_LETTABLE_AREA - DESKS_LETTABLE_AREA - sample.lettable_area
    sizes = fixed | dict(zip((incubator.code for incubator in free), shares(left, weights, Decimal(10)), strict=True))
    for incubator in others:
        incubator.lettable_area = sizes[incubator.code]
        _furnish(incubator)
    return [sample, *others]


def _named() -> Iterator[Incubator]:
    yield Incubator("HIT-01", "hit", "示例创新园", "Sample Innovation Park", SCIENCE, date(2019, 5, 18))
    number = 0
    for ecosystem in ECOSYSTEMS:
        for place, pair in enumerate(WORDS[ecosystem].split("|"), 2 if ecosystem == "hit" else 1):
            code, number = f"{ecosystem.upper()}-{place:02}", number + 1
            word, word_en = pair.split(" ", 1)
            kind = SCIENCE if code == DECLARER else MAKERS if code == DESKS else ORDER[number % len(ORDER)]
            name, name_en = f"示例·{word}{KINDS[kind][0]}", f"Sample {word_en} {KINDS[kind][1]}"
            yield Incubator(code, ecosystem, name, name_en, kind, _opened(code))


def _opened(code: str) -> date:
    if code in NEW:
        return NEW[code][0]
    rng = _random(f"opened {code}")
    return date(YOUNG.get(code) or rng.randint(2012, 2020), rng.randint(1, 12), rng.randint(1, 28))


def _weight(incubator: Incubator) -> int:
    return int(KINDS[incubator.kind][2] * _random(f"size {incubator.code}").uniform(6, 15))


def _counts(room: SampleUnit) -> bool:
    """Whether a room is part of the lettable area on the published figures' day."""
    return room.use in LETTABLE_USES and room.code not in events.NOT_COUNTED


def _furnish(incubator: Incubator) -> None:
    rng = _random(f"rooms {incubator.code}")
    uses = _uses(incubator, rng)
    rooms = [_room(incubator, place, use) for place, use in enumerate(uses)]
    counted = [room for room in rooms if _counts(room)]
    weights = [4 if room.use == Use.DESK else rng.randint(20, 60) for room in counted]
    unrecorded = UNRECORDED.get(incubator.code, 0)
    areas = shares(incubator.lettable_area, weights[: len(weights) - unrecorded], HALF)
    for room, area in zip(counted, areas, strict=False):
        room.area = area
    typical = incubator.lettable_area / len(areas)
    for room in rooms:
        if room not in counted:
            room.area = (typical * rng.randint(2, 5) / 10).quantize(Decimal(1)) + HALF
    for room in counted[len(areas) :]:
        place, gap = (room.building, room.level), (typical * rng.randint(5, 9) / 10).quantize(HALF)
        incubator.gaps[place] = incubator.gaps.get(place, Decimal(0)) + gap
    if incubator.code == DECLARER:
        incubator.gaps["A", 3] = DECLARED - DECLARER_LETTABLE_AREA
    incubator.rooms = rooms


def _uses(incubator: Incubator, rng: Random) -> list[str]:
    """Uses room by room, from the ground floor up: first common rooms, then those that are let."""
    if incubator.code == DESKS:
        return [Use.PUBLIC_SERVICE, Use.OWN_OFFICE, *[Use.OFFICE] * 6, *[Use.DESK] * 60]
    _word, _word_en, _size, (few, many), mix = KINDS[incubator.kind]
    number = rng.randint(few, many) + UNRECORDED.get(incubator.code, 0)
    return [Use.PUBLIC_SERVICE, rng.choice([Use.OWN_OFFICE, Use.ANCILLARY]), *(rng.choice(mix) for _ in range(number))]


def _room(incubator: Incubator, place: int, use: str) -> SampleUnit:
    """The n-th room: four per floor, in the second building from the 17th on; desks are in two halls."""
    level, number = 1 + place % PER_BUILDING // PER_FLOOR, 1 + place % PER_FLOOR
    building = "B" if place >= PER_BUILDING else "A"
    if use == Use.DESK:
        level, number, building = 3 + (place - 8) // 30, 1 + (place - 8) % 30, "A"
    return SampleUnit(f"{incubator.code}-{building}-{level}{number:02}", level, use, None, building)


def _random(seed: str) -> Random:
    return Random(seed)  # noqa: S311 a made-up register, the same on every machine
