"""Invented rooms of the demo: use, size and features."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import accumulate, pairwise
from random import Random
from typing import Any

from spaces.models import Floor, Unit
from spaces.states import LETTABLE_USES, AreaSource, Use

type Facts = dict[str, Any]

# use -> heights (m), loads (kg/m2), powers (kW) and the range of rents (0.01 yuan/m2/day)
FEATURES: dict[str, tuple[list[str], list[int], list[int], tuple[int, int]]] = {
    Use.OFFICE: (["3.00", "3.30", "3.60", "3.90"], [250, 300, 350, 500], [10, 15, 20, 40], (55, 130)),
    Use.LAB: (["3.60", "3.90", "4.20"], [500, 600, 800], [40, 60, 80, 120], (70, 160)),
    Use.PILOT: (["5.40", "6.00", "7.20"], [1000, 1200, 1500], [120, 200, 315], (45, 95)),
    Use.FACTORY: (["7.20", "8.10", "9.00"], [2000, 2500, 3000], [250, 400, 630], (30, 70)),
    Use.DESK: (["3.30"], [300], [2], (100, 180)),
}
# Share of rooms with the feature.
WATER, GAS, LIFT, FITTED = 0.3, 0.3, 0.4, 0.7


@dataclass(slots=True)
class SampleUnit:
    """A unit not written yet; `area` None: not recorded."""

    code: str
    level: int
    use: str
    area: Decimal | None
    building: str = "A"
    facts: Facts = field(default_factory=dict)


def shares(whole: Decimal, weights: Sequence[int], step: Decimal) -> list[Decimal]:
    """`whole` in parts by weight, each but the last a multiple of `step`; they sum to the whole exactly."""
    bounds = [(whole * part / sum(weights) / step).quantize(Decimal(1)) * step for part in accumulate(weights)]
    bounds[-1] = whole
    return [(end - start).quantize(Decimal("0.01")) for start, end in pairwise([Decimal(0), *bounds])]


def features(rng: Random, use: str) -> Facts:
    """Facts of a room; one in twelve is not recorded, as in any register."""
    if use not in LETTABLE_USES:
        return {}
    heights, loads, powers, (low, high) = FEATURES[use]
    wet, heavy = use in {Use.LAB, Use.PILOT}, use in {Use.PILOT, Use.FACTORY}
    facts: Facts = {
        "height_m": Decimal(rng.choice(heights)),
        "load_kg_m2": rng.choice(loads),
        "power_kw": rng.choice(powers),
        "water": wet or rng.random() < WATER,
        "drainage": wet,
        "gas": use == Use.LAB and rng.random() < GAS,
        "ventilation": wet,
        "freight_lift": heavy or rng.random() < LIFT,
        "network": True,
        "fitted": not heavy and rng.random() < FITTED,
        "asking_rent": Decimal(rng.randint(low, high)).scaleb(-2),
    }
    return {name: value if rng.random() > 1 / 12 else None for name, value in facts.items()}


def measured(rng: Random, area: Decimal | None, opened: date) -> Facts:
    """The source of the area."""
    if area is None:
        return {"note": "示例: 面积待补录 / sample: area not recorded yet"}
    source = rng.choices([AreaSource.SURVEYED, AreaSource.DECLARED, AreaSource.ESTIMATED], [7, 2, 1])[0]
    facts: Facts = {"area_source": source, "gross_area": (area / Decimal("0.76")).quantize(Decimal("0.01"))}
    if source == AreaSource.SURVEYED:
        facts |= {"area_standard": "GB/T 17986.1-2000", "area_on": opened}
    return facts


def to_unit(room: SampleUnit, floor: Floor, opened: date, opens_on: date) -> Unit:
    rng = Random(room.code)  # noqa: S311 a made-up register, the same on every machine
    facts = {"use": room.use, "usable_area": room.area} | features(rng, room.use)
    facts |= measured(rng, room.area, opened) | room.facts
    return Unit(floor=floor, code=room.code, opens_on=opens_on, **facts)
