"""Levels: the order of the floors of a building. 3 is a storey, 3.5 the mezzanine above it, -1 the first basement."""

import re
import unicodedata

type Level = int | float  # a float only for a mezzanine, and exact: n.5

LOWEST, HIGHEST = -20, 200
PATTERN = r"-?[0-9]{1,3}(?:\.5)?"
STEPS = 2  # of a storey: the database counts halves
NUMERALS = "零一二三四五六七八九"
ABOVE = r"[FL]?(?P<above>-?[0-9]{1,3})(?P<point>\.5)?[FL层楼]?"
BELOW = r"(?:B|负|地下)(?P<below>[0-9]{1,2})[F层楼]?"
LABEL = re.compile(rf"(?:{ABOVE}|{BELOW})(?P<mezzanine>夹层?|M|MEZZ|MEZZANINE)?")


def parse(text: str) -> Level:
    """A level written in digits. Raises ValueError if it is not one."""
    if not re.fullmatch(PATTERN, text):
        raise ValueError(repr(text))
    level = from_halves(int(float(text) * STEPS))
    if not LOWEST <= level <= HIGHEST:
        raise ValueError(repr(text))
    return level


def halves(level: Level) -> int:
    """The level in half storeys, as stored. Raises ValueError if it is not a level: 1.3."""
    counted = level * STEPS
    if counted != int(counted):
        raise ValueError(level)
    return int(counted)


def from_halves(counted: int) -> Level:
    whole, half = divmod(counted, STEPS)
    return counted / STEPS if half else whole


def of_label(label: str) -> Level | None:
    """The level that a label states: 3, 3F, 三层, B1, 负一层, -1; 1.5层, 1M and 一层夹层 above the first.

    None if it states none: G, 夹层, 3A.
    """
    folded = unicodedata.normalize("NFKC", label).upper().replace(" ", "").replace("〇", "零")
    folded = re.sub(f"[{NUMERALS}]?十[{NUMERALS}]?|[{NUMERALS}]+", _figures, folded).removeprefix("第")
    found = LABEL.fullmatch(folded)
    if not found or (found["point"] and found["mezzanine"]):
        return None
    figures = f"{found['above'] or '-' + found['below']}{found['point'] or ''}"
    return from_halves(int(float(figures) * STEPS) + bool(found["mezzanine"]))


def _figures(found: re.Match[str]) -> str:
    tens, ten, ones = found[0].rpartition("十")
    if not ten:
        return "".join(str(NUMERALS.index(letter)) for letter in ones)
    return str((NUMERALS.index(tens) if tens else 1) * 10 + (NUMERALS.index(ones) if ones else 0))
