"""The sample park 示例创新园, HIT-01, room by room: building A, eight floors, forty units."""

from decimal import Decimal
from typing import Any

from spaces.states import Use
from tenants.demo.sample_units import SampleUnit

# floor -> (height in m, load in kg/m2) of its rooms, unless a room has its own
STOREYS = {
    1: ("5.40", 1000), 2: ("4.20", 800), 3: ("3.90", 500), 4: ("3.60", 500),
    5: ("3.60", 400), 6: ("3.60", 400), 7: ("3.60", 350), 8: ("3.30", 300),
}  # fmt: skip
OFFICE, LAB, PILOT = Use.OFFICE, Use.LAB, Use.PILOT
SERVICE, OWN, PLANT = Use.PUBLIC_SERVICE, Use.OWN_OFFICE, Use.ANCILLARY
GAS, LIFT_UP_TO, NEGOTIABLE = 2, 6, 8  # floors: laboratories with gas, last of the freight lift, rents on request
FLOORS: dict[int, list[tuple[Use, str]]] = {
    1: [(SERVICE, "260.00"), (PILOT, "320.00"), (PILOT, "286.40"), (PLANT, "95.00"), (LAB, "150.60")],
    2: [(LAB, "240.00"), (LAB, "180.50"), (LAB, "160.00"), (LAB, "142.30"), (SERVICE, "120.00")],
    3: [(OWN, "180.00"), (LAB, "310.00"), (OFFICE, "265.00"), (OFFICE, "198.75")],
    4: [
        (OFFICE, "120.00"), (OFFICE, "380.00"), (OFFICE, "110.00"),
        (OFFICE, "86.50"), (OFFICE, "71.50"), (PLANT, "85.00"),
    ],
    5: [
        (OFFICE, "420.00"), (OFFICE, "155.00"), (OFFICE, "205.50"),
        (OFFICE, "96.00"), (SERVICE, "88.00"),
    ],
    6: [
        (OFFICE, "420.00"), (OFFICE, "240.00"), (OFFICE, "430.00"),
        (OFFICE, "265.00"), (OFFICE, "270.00"),
    ],
    7: [
        (OFFICE, "520.00"), (SERVICE, "180.00"), (OFFICE, "210.00"),
        (OFFICE, "185.50"), (OFFICE, "201.00"), (OFFICE, "190.00"),
    ],
    8: [(OFFICE, "60.00"), (OFFICE, "75.00"), (OFFICE, "520.00"), (OFFICE, "90.00")],
}  # fmt: skip
# Registered on the eighth floor, and in no unit: 865.00 against 745.00.
GAPS = {("A", 8): Decimal("120.00")}


def rooms() -> list[SampleUnit]:
    return [
        SampleUnit(f"HIT-01-A-{level}{number:02}", level, use, Decimal(area), "A", _facts(level, number, use))
        for level, row in FLOORS.items()
        for number, (use, area) in enumerate(row, 1)
    ]


def _facts(level: int, number: int, use: Use) -> dict[str, Any]:
    """All facts of a room; `asking_rent` in yuan/m2/day, left out on the eighth floor (to be negotiated)."""
    height, load = STOREYS[level]
    facts: dict[str, Any] = {
        "height_m": Decimal(height),
        "load_kg_m2": load,
        "power_kw": {PILOT: 200, LAB: 80}.get(use, 20 + 5 * (number % 3)),
        "water": use != OFFICE or number % 2 == 0,
        "drainage": use in {PILOT, LAB},
        "gas": use == LAB and level == GAS,
        "ventilation": use in {PILOT, LAB},
        "freight_lift": level <= LIFT_UP_TO,
        "network": True,
        "fitted": use == OFFICE,
        "asking_rent": None if level == NEGOTIABLE else Decimal("1.20") - Decimal(level % 4) / 10,
    }
    return facts if use in {OFFICE, LAB, PILOT} else {}
