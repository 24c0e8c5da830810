"""Written codes: `HIT-01-A-401` is park, building, room."""

import re
import unicodedata

from django.core.exceptions import ValidationError

from spaces.models import Building
from spaces.models.places import code_pattern

BETWEEN_CODES = re.compile(r"[、,;+~&]|[0-9]\s*/\s*[0-9]|\s(TO|AND)\s|[0-9][和及与至][0-9]")
NOT_OF_A_CODE = re.compile(r"[^0-9A-Z\u4e00-\u9fff._-]+")


def clean_code(raw: str) -> str:
    """The code in ASCII capitals, trimmed; the field's pattern refuses what remains invalid."""
    return unicodedata.normalize("NFKC", raw).strip().upper()


def is_code(text: str) -> bool:
    try:
        code_pattern(text)
    except ValidationError:
        return False
    return True


def names_several(text: str) -> bool:
    """Whether a cell names several rooms: 104、105 or 108~110."""
    return BETWEEN_CODES.search(clean_code(text)) is not None


def proposed_code(text: str) -> str:
    """The code nearest to a door label: 3#-101 → 3-101, 103(东) → 103-东. Empty if there is none."""
    folded = NOT_OF_A_CODE.sub("-", clean_code(text))
    proposed = re.sub(r"-{2,}", "-", folded).strip("-._")
    return proposed if is_code(proposed) and not names_several(text) else ""


def building_code(building: Building) -> str:
    return f"{building.park.code}-{building.code}"


def unit_code(building: Building, room: str) -> str:
    """The full code of a room, with park and building; one that is full already is kept."""
    path = building_code(building)
    return room if room.startswith(f"{path}-") else f"{path}-{room}"
