"""Unified social credit codes (统一社会信用代码, GB 32100-2015), and the keys under which names count as the same."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I O S V Z
WEIGHTS = [pow(3, place, 31) for place in range(17)]
ORG_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
LENGTH = 18
# Position 1 names the authority, 2 the kind of body.
AUTHORITIES = {"1": "1239", "2": "19", "3": "12345", "4": "19", "5": "1239", "6": "129", "7": "129", "8": "19",
               "9": "1239", "A": "19", "N": "1239", "Y": "1"}  # fmt: skip
REGION = re.compile(r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|81|82|10)\d{4}", re.ASCII)


def normalise(raw: str) -> str:
    """The code that was typed: full width to ASCII, without blanks, in capital letters."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", raw)).upper()


def check_character(first17: str) -> str:
    """The check character in position 18. A remainder of 31 becomes 0."""
    total = sum(ALPHABET.index(char) * weight for char, weight in zip(first17, WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def organisation_check(first8: str) -> str:
    """The check character in position 17, of the organisation code in positions 9 to 16 (GB 11714)."""
    total = sum(ORG_ALPHABET.index(char) * weight for char, weight in zip(first8, ORG_WEIGHTS, strict=True))
    rest = 11 - total % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def warning_of(code: str) -> str:
    """A warning about a valid code whose position 17 does not fit, else "". It is no refusal: codes were issued that
    do not follow it."""
    if organisation_check(code[8:16]) == code[16]:
        return ""
    message = _(
        "Characters 9 to 17 of “%(code)s” do not fit together. It is kept, for not every code follows that rule; "
        "compare it with the business licence once more."
    )
    return message % {"code": code}


def validate_uscc(code: str) -> None:
    """Refuse a normalised code that can't be one, naming the part that is wrong."""
    if len(code) != LENGTH:
        message = _(
            "“%(code)s” has %(length)s characters; a credit code has 18. Compare it with the business licence."
        )
        raise ValidationError(message % {"code": code[:40], "length": len(code)}, code="uscc")
    strange = next((char for char in code if char not in ALPHABET), None)
    if strange:
        message = _(
            "“%(code)s” holds “%(char)s”. A credit code has digits and capital letters without I, O, S, V and Z."
        )
        raise ValidationError(message % {"code": code, "char": strange}, code="uscc")
    if code[1] not in AUTHORITIES.get(code[0], "") or not REGION.fullmatch(code[2:8]):
        message = _(
            "“%(code)s” does not begin like a credit code: authority, kind and region (characters 1 to 8) are wrong."
        )
        raise ValidationError(message % {"code": code}, code="uscc")
    if check_character(code[:17]) != code[17]:
        message = _(
            "“%(code)s” fails its check: one character is wrong or two are swapped. Compare it with the licence."
        )
        raise ValidationError(message % {"code": code}, code="uscc")


def name_key(name: str) -> str:
    """The key under which spellings are one name: NFKC, lower case, without blanks, brackets and separators."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(char for char in folded if char.isalnum())
