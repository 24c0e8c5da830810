"""Derive the floor from a room's code by a given pattern."""

import re
from collections.abc import Iterable
from functools import cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FLOOR, DIGIT, REST = "F", "#", "*"


def of_code(code: str, patterns: Iterable[str]) -> str:
    """The label of the floor in a code, by the first pattern that matches; empty if none does.

    In a pattern F stands for the floor, # for one digit, * for anything, every other sign for itself: by F## the room
    401 is on floor 4, 1205 on floor 12 and B103 on floor B1.
    """
    for pattern in patterns:
        if found := _compiled(pattern).fullmatch(code):
            return found["floor"]
    return ""


def check_pattern(pattern: str) -> str:
    """The pattern, if it marks the floor. Raises ValidationError `pattern`."""
    if pattern.count(FLOOR) != 1 or pattern.count(REST) > 1:
        message = _("“%(pattern)s” should hold one F for the floor, # for each digit, and * at most once.")
        raise ValidationError(message % {"pattern": pattern}, code="pattern")
    return pattern


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = {FLOOR: "(?P<floor>B?[0-9]{1,3})", DIGIT: "[0-9]", REST: ".*"}
    return re.compile("".join(parts.get(sign, re.escape(sign)) for sign in pattern))
