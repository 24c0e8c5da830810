"""Read an uploaded DXF in the sandbox, and turn the reader's refusals into messages.

Raises ValidationError on the field `file` with a code: empty, size, dwg, kind, cut, broken, many.
"""

import json
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spaces.sandbox.runner import Failed, Killed, run

BINARY = b"AutoCAD Binary DXF\r\n\x1a\x00"
DWG = re.compile(rb"AC[12][0-9.][0-9]{2}")
MOST_BYTES = 10 * 1024 * 1024
WALL_SECONDS = 30
# A text DXF begins with a section, or with comments before it.
BEGINNING = re.compile(rb"(\xef\xbb\xbf)?\s*(0|999)\s*[\r\n]")
REFUSALS = {
    "cut": gettext_lazy("The drawing stops before its end: it was cut off on the way. Send it again."),
    "broken": gettext_lazy(
        "The drawing can't be read: it is damaged. Open it in the drawing program, run AUDIT, save it as DXF R2013."
    ),
    "many": gettext_lazy(
        "The drawing holds too much to be read here: at most 5,000 polylines with 100,000 corners, 20,000 texts and "
        "300,000 entities. Delete the layers that show no rooms (hatches, furniture, terrain), purge, save it anew."
    ),
}


def read_drawing(sent: bytes) -> dict[str, Any]:
    """Unit, layers, outlines and texts, see `sandbox.dxf.DrawingReader.read`. The first bytes give its kind."""
    _check_kind(sent)
    try:
        answer: dict[str, Any] = json.loads(run("dxf", sent, seconds=WALL_SECONDS))
    except Killed:
        raise _reader_refusal("many") from None
    except Failed:
        raise _reader_refusal("broken") from None
    if "refused" in answer:
        raise _reader_refusal(answer["refused"])
    return answer


def check_size(size: int) -> None:
    """Refuse a file by its size, before it is read."""
    if size > MOST_BYTES:
        message = _("The drawing is larger than 10 MB. Delete the layers that show no rooms, purge, and save it anew.")
        raise _refusal(message, "size")


def _check_kind(sent: bytes) -> None:
    if not sent:
        raise _refusal(_("The file is empty."), "empty")
    check_size(len(sent))
    if DWG.match(sent):
        message = _(
            "This is a DWG (%(version)s), whatever its name says. Open it in the drawing program and save it as DXF "
            "R2013; if it has a password, save it without."
        )
        raise _refusal(message % {"version": sent[:6].decode()}, "dwg")
    if not (sent.startswith(BINARY) or BEGINNING.match(sent)):
        message = _("This is no DXF, whatever its name says. Save the floor from the drawing program as DXF R2013.")
        raise _refusal(message, "kind")


def _reader_refusal(code: str) -> ValidationError:
    return _refusal(str(REFUSALS[code]), code)


def _refusal(message: str, code: str) -> ValidationError:
    return ValidationError({"file": ValidationError(message, code=code)})
