"""Values of a command line as the commands need them."""

from argparse import ArgumentTypeError
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from spaces.importing import floor_patterns


def pair(text: str) -> tuple[str, str]:
    """(left, right) of `LEFT=RIGHT`, split at the last =: the right side holds none."""
    left, equals, right = text.rpartition("=")
    if not (left.strip() and equals and right.strip()):
        raise ArgumentTypeError(_("“%(text)s” should be two names with = between them.") % {"text": text})
    return left.strip(), right.strip()


def pattern(text: str) -> str:
    try:
        return floor_patterns.check_pattern(text)
    except ValidationError as error:
        raise ArgumentTypeError(error.messages[0]) from None


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = _("“%(text)s” is not a day. Write year, month, day, such as 2024-10-31.")
        raise ArgumentTypeError(message % {"text": text}) from None
