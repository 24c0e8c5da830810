"""Codes as people write them down: `HIT-01-A-401` is park, building, room."""

import re
import unicodedata

from spaces.models import Building

DIGITS = re.compile(r"(\d+)")


def clean_code(raw: str) -> str:
    """Full width to ASCII, trimmed, capital letters; the field's pattern refuses the rest."""
    return unicodedata.normalize("NFKC", raw).strip().upper()


def building_code(building: Building) -> str:
    return f"{building.park.code}-{building.code}"


def unit_code(building: Building, room: str) -> str:
    """The full path of a room; a room given with its path keeps it."""
    path = building_code(building)
    return room if room.startswith(f"{path}-") else f"{path}-{room}"


def code_order(code: str) -> tuple[str | int, ...]:
    """409 stands before 4010: the numbers in a code count as numbers."""
    parts: list[str | int] = [*DIGITS.split(code)]
    parts[1::2] = map(int, parts[1::2])
    return tuple(parts)
