"""Parse typed numbers: in forms, API calls and cells of an import.

Digits may be full width, and grouped in threes by commas or spaces; a point comes before the decimals. A comma that
groups no three digits may be a decimal comma: the user is asked, nothing is guessed. Raises ValidationError with the
code `number` or `decimal`.
"""

import re
import unicodedata
from collections.abc import Collection
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 30  # longer than any size, rent or count
POINT, COMMA = ".", ","
GROUPED = re.compile(r"[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]{1,3}( [0-9]{3})+|[0-9]+)(\.[0-9]+)?")
LONE_COMMA = re.compile(r"[+-]?([0-9]+),([0-9]+)")
SWAPPED = str.maketrans({POINT: COMMA, COMMA: POINT})


def parse(text: str, *, decimal: str = POINT) -> Decimal:
    """The exact number. `decimal` is the decimal sign, point or comma; the other one groups."""
    digits = unicodedata.normalize("NFKC", text).strip()
    written = digits.translate(SWAPPED) if decimal == COMMA else digits
    if len(written) <= LONGEST and GROUPED.fullmatch(written):
        return Decimal(written.replace(",", "").replace(" ", ""))
    if lone := LONE_COMMA.fullmatch(digits) if decimal == POINT else None:
        message = _("Is the comma in “%(value)s” a decimal point? Write %(decimal)s or %(whole)s.")
        whole, rest = lone.groups()
        raise ValidationError(
            message % {"value": digits, "decimal": f"{whole}.{rest}", "whole": f"{whole}{rest}"}, code="decimal"
        )
    raise ValidationError(_("This is not a number. Write digits alone, such as 120.50 or 1,200.50."), code="number")


def typed(text: str, units: Collection[str] = ()) -> Decimal:
    """The number typed into a field; one of `units` (in lower case) may follow it.

    Raises ValidationError `decimal` or, as fields do, `invalid`.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    unit = next((unit for unit in sorted(units, key=len, reverse=True) if plain.casefold().endswith(unit)), "")
    try:
        return parse(plain[: len(plain) - len(unit)])
    except ValidationError as error:
        if error.code != "number":
            raise
        message = _("“%(value)s” is not a number. Write digits alone, such as 120.50 or 1,200.50.")
        raise ValidationError(message % {"value": plain[:LONGEST]}, code="invalid") from None


def typed_whole(text: str, units: Collection[str] = ()) -> int:
    """The whole number typed into a field, likewise."""
    value = typed(text, units)
    if value != value.to_integral_value():
        message = _("“%(value)s” is not a whole number. Write one such as 12.")
        raise ValidationError(message % {"value": text.strip()[:LONGEST]}, code="invalid")
    return int(value)


def is_ambiguous(text: str) -> bool:
    """Whether a text is a number both with a decimal comma and with a decimal point: 1.234 or 112,250."""
    return re.fullmatch(r"[+-]?[0-9]{1,3}[.,][0-9]{3}", unicodedata.normalize("NFKC", text).strip()) is not None


def plain_area(area: Decimal | None) -> str:
    """The number without trailing zeros."""
    return "–" if area is None else f"{area.normalize():f}"
