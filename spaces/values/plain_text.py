"""Characters allowed in text, whatever its source: form, JSON, URL, file name, cell or command.

Removed silently, since they are invisible and come with copied text: soft hyphen, zero-width space and joiners, word
joiner, byte order mark, direction marks. Refused, since they hide or reorder text: controls, embeddings, overrides and
isolates of direction, halves of surrogates, non-characters, tags. Tab and line break: in texts of several lines only.
"""

import re
import unicodedata
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff]")
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u206f\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e007f]"
)
BREAK = re.compile("[\t\n\r\u2028\u2029]")


def clean(text: str, *, lines: bool) -> str:
    """The text without invisible characters. Raises ValidationError `characters` or, without `lines`, `line`."""
    text = INVISIBLE.sub("", text)
    if found := FORBIDDEN.search(text):
        message = _(
            "“%(value)s” holds the character U+%(number)04X, which nobody can see. Delete it and type it again."
        )
        params = {"value": shown(text), "number": ord(found[0])}
        raise ValidationError(message, code="characters", params=params)
    if not lines and BREAK.search(text.strip()):
        message = _("“%(value)s” holds a line break or a tab. Write it in one line.")
        raise ValidationError(message, code="line", params={"value": shown(text)})
    return text if lines else text.strip()


def shown(value: object, length: int = 60) -> str:
    """A value for use in a message: short, on one line, without control characters."""
    text = (
        f"{value:.15g}" if isinstance(value, float) else value.isoformat() if isinstance(value, date) else str(value)
    )
    text = "".join(f"<U+{ord(c):04X}>" if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Cn") else c for c in text)
    return text if len(text) <= length else f"{text[:length]}…"
