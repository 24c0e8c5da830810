"""Files that people send: what they are by content, never by name; pictures come out rewritten.

Rules and the measurements behind them: reliability.md 3.2.
"""

import re
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants import imaging

MOST_BYTES = 10 * 1024 * 1024
WALL_SECONDS = 15
LONGEST_NAME = 120
MAGIC = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"%PDF-1.", "pdf"), (b"%PDF-2.", "pdf"))
TYPES = {"png": "image/png", "jpg": "image/jpeg", "pdf": "application/pdf"}
# What makes a PDF act on its own. Seen only where it stands in the open; files are handed out as downloads either way.
ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|OpenAction|AA|RichMedia|XFA)\b")
REFUSALS = {
    imaging.TOO_MANY_PIXELS: gettext_lazy(
        "The picture has more than 12 million pixels. Scale it down and send it again."
    ),
    imaging.BROKEN: gettext_lazy("The picture can't be read: it is damaged or not what its name says. Save it anew."),
    imaging.ANIMATED: gettext_lazy("The picture has several frames. Save it as one PNG or JPEG picture."),
}


@dataclass(frozen=True, slots=True)
class Clean:
    """A file that may be kept: its name with our ending, its type, and its bytes."""

    name: str
    content_type: str
    content: bytes


def inspect(name: str, sent: bytes) -> Clean:
    """Raises ValidationError (code `file`) with a sentence that says what is wrong and what to do."""
    if not sent:
        raise _refuse(_("The file is empty."))
    if len(sent) > MOST_BYTES:
        raise _refuse(_("The file is larger than 10 MB. Scale it down, or split it."))
    kind = _kind(sent)
    if kind == "pdf":
        _check_pdf(sent)
        return Clean(_name(name, "pdf"), TYPES["pdf"], sent)
    content = _rewritten(sent)
    ending = "jpg" if content.startswith(b"\xff\xd8") else "png"
    return Clean(_name(name, ending), TYPES[ending], content)


def _kind(sent: bytes) -> str:
    for magic, kind in MAGIC:
        if sent.startswith(magic):
            return kind
    if sent[:4] == b"RIFF" and sent[8:12] == b"WEBP":
        return "webp"
    raise _refuse(_("Only PDF, PNG, JPEG and WebP are taken. Save the file as PDF and send that."))


def _check_pdf(sent: bytes) -> None:
    if not sent.rstrip(b"\x00\r\n\t ").endswith(b"%%EOF"):
        raise _refuse(_("The PDF is cut off or carries something else behind its end. Save it anew."))
    if ACTIVE.search(sent):
        raise _refuse(_("The PDF holds scripts, actions or attachments. Print it to a new PDF and send that."))


def _rewritten(sent: bytes) -> bytes:
    command = [sys.executable, "-I", str(Path(imaging.__file__))]
    try:
        done = subprocess.run(command, input=sent, capture_output=True, timeout=WALL_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise _refuse(REFUSALS[imaging.BROKEN]) from None
    if done.returncode:
        raise _refuse(REFUSALS.get(done.returncode, REFUSALS[imaging.BROKEN]))
    return done.stdout


def _name(name: str, ending: str) -> str:
    """The name as people know it, without path, controls and its old ending."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = "".join(char for char in plain if unicodedata.category(char)[0] != "C")
    stem = plain.rpartition(".")[0] if "." in plain else plain
    return f"{stem[:LONGEST_NAME].strip() or 'file'}.{ending}"


def _refuse(words: object) -> ValidationError:
    return ValidationError({"file": ValidationError(str(words), code="file")})
