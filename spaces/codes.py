"""Codes as people write them down: `HIT-01-A-401` is park, building, room."""

import unicodedata

from spaces.models import Building


def clean_code(raw: str) -> str:
    """Full width to ASCII, trimmed, capital letters; the field's pattern refuses the rest."""
    return unicodedata.normalize("NFKC", raw).strip().upper()


def building_code(building: Building) -> str:
    return f"{building.park.code}-{building.code}"


def unit_code(building: Building, room: str) -> str:
    """The full path of a room; a room given with its path keeps it."""
    path = building_code(building)
    return room if room.startswith(f"{path}-") else f"{path}-{room}"
