"""The sample park 示例创新园, HIT-01, room by room: building A, eight floors, forty units."""

from decimal import Decimal
from typing import Any

from spaces.states import Use
from tenants.demo.rooms import Room

# floor -> (height in m, load in kg/m2): what its rooms offer unless a room says otherwise
STOREYS = {
    1: ("5.40", 1000), 2: ("4.20", 800), 3: ("3.90", 500), 4: ("3.60", 500),
    5: ("3.60", 400), 6: ("3.60", 400), 7: ("3.60", 350), 8: ("3.30", 300),
}  # fmt: skip
O, L, P, SERVICE, OWN, PLANT = Use.OFFICE, Use.LAB, Use.PILOT, Use.PUBLIC_SERVICE, Use.OWN_OFFICE, Use.ANCILLARY
FLOORS: dict[int, list[tuple[str, str]]] = {
    1: [(SERVICE, "260.00"), (P, "320.00"), (P, "286.40"), (PLANT, "95.00"), (L, "150.60")],
    2: [(L, "240.00"), (L, "180.50"), (L, "160.00"), (L, "142.30"), (SERVICE, "120.00")],
    3: [(OWN, "180.00"), (L, "310.00"), (O, "265.00"), (O, "198.75")],
    4: [(O, "120.00"), (O, "380.00"), (O, "110.00"), (O, "86.50"), (O, "71.50"), (PLANT, "85.00")],
    5: [(O, "420.00"), (O, "155.00"), (O, "205.50"), (O, "96.00"), (SERVICE, "88.00")],
    6: [(O, "420.00"), (O, "240.00"), (O, "430.00"), (O, "265.00"), (O, "270.00")],
    7: [(O, "520.00"), (SERVICE, "180.00"), (O, "210.00"), (O, "185.50"), (O, "201.00"), (O, "190.00")],
    8: [(O, "60.00"), (O, "75.00"), (O, "520.00"), (O, "90.00")],
}
# Registered on the eighth floor, and in no unit: 865.00 against 745.00.
GAPS = {("A", 8): Decimal("120.00")}


def rooms() -> list[Room]:
    return [
        Room(f"HIT-01-A-{level}{number:02}", level, use, Decimal(area), "A", _facts(level, number, use))
        for level, row in FLOORS.items()
        for number, (use, area) in enumerate(row, 1)
    ]


def _facts(level: int, number: int, use: str) -> dict[str, Any]:
    """What a room offers, complete; `asking_rent` in yuan/m2/day, left out on the eighth floor (to be negotiated)."""
    height, load = STOREYS[level]
    facts: dict[str, Any] = {
        "height_m": Decimal(height),
        "load_kg_m2": load,
        "power_kw": {P: 200, L: 80}.get(use, 20 + 5 * (number % 3)),
        "water": use != O or number % 2 == 0,
        "drainage": use in {P, L},
        "gas": use == L and level == 2,
        "ventilation": use in {P, L},
        "freight_lift": level <= 6,
        "network": True,
        "fitted": use == O,
        "asking_rent": None if level == 8 else Decimal("1.20") - Decimal(level % 4) / 10,
    }
    return facts if use in {O, L, P} else {}
