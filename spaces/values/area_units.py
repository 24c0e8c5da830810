"""Written units of area in headers, cells and options."""

import re
import unicodedata
from decimal import Decimal
from enum import StrEnum


class AreaUnit(StrEnum):
    M2 = "m2"
    FT2 = "sqft"


IN_M2 = {AreaUnit.M2: Decimal(1), AreaUnit.FT2: Decimal("0.09290304")}  # exactly, by the definition of the foot
WORDS = {
    AreaUnit.M2: "m2, sqm, sq m, sq mtr, square metre, square metres, square meter, square meters, m^2, "
    "平方米, 平方公尺, 平米, 平方, 平",
    AreaUnit.FT2: "ft2, sqft, sq ft, sqf, sf, sqrft, square foot, square feet, ft^2, 平方英尺, 平方尺, 平方呎, 呎",
}


def joined(text: object) -> str:
    """Normal form of a header: NFKC, lower case, without spaces, dashes, dots and stars."""
    return re.sub(r"[\s_*:.-]", "", unicodedata.normalize("NFKC", str(text)).casefold())


UNITS = {joined(word): unit for unit, listed in WORDS.items() for word in listed.split(", ")}
_ANY = "|".join(re.escape(word) for word in sorted(UNITS, key=len, reverse=True))
_SPACED = "|".join(
    re.escape(word).replace(r"\ ", r"[\s.]*")
    for word in sorted((word for listed in WORDS.values() for word in listed.split(", ")), key=len, reverse=True)
)
_WITHIN = re.compile(rf"([0-9][0-9,]*(?:\.[0-9]+)?)\s*({_SPACED})(?![0-9a-z])")
_LAST = re.compile(rf"(.*?)[(\[/]?({_ANY})[)\]]?")


def split_cell(text: str) -> tuple[str, AreaUnit | None]:
    """(number, unit) of a cell or a form field: `120.5 sq. ft` or `１２０㎡`."""
    plain = unicodedata.normalize("NFKC", text).strip()
    rest = plain.lstrip("+-0123456789., ")
    unit = UNITS.get(joined(rest).strip("()[]"))
    return (plain.removesuffix(rest).strip(), unit) if unit else (plain, None)


def split_header(text: object) -> tuple[str, AreaUnit | None]:
    """(text before the unit, unit) of a `joined` header; None if it names no unit."""
    whole = joined(text)
    found = _LAST.fullmatch(whole)
    return (found[1], UNITS[found[2]]) if found else (whole, None)


def areas_within(text: str) -> list[Decimal]:
    """The areas in m² written with their unit in a line of text: `413  S=120.5 ㎡`."""
    found = _WITHIN.findall(unicodedata.normalize("NFKC", text).casefold())
    return [Decimal(number.replace(",", "")) * IN_M2[UNITS[joined(word)]] for number, word in found]
