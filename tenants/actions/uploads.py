"""Checks of uploaded files: the type is read from the content, never from the name; pictures are rewritten."""

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

from spaces.sandbox import pictures
from spaces.sandbox.pictures import refusal

MOST_BYTES = pictures.MOST_BYTES
LONGEST_NAME = 120
PDF = (b"%PDF-1.", b"%PDF-2.")
# Active content of a PDF. Found only in uncompressed parts; files are always served as downloads.
ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|OpenAction|AA|RichMedia|XFA)\b")


@dataclass(frozen=True, slots=True)
class Clean:
    """A checked file: its name with the ending of its type, its type, and its bytes."""

    name: str
    content_type: str
    content: bytes


def inspect(name: str, sent: bytes) -> Clean:
    """The checked file. Raises ValidationError `file` with the fault and its remedy."""
    pictures.check_size(sent)
    if sent.startswith(PDF):
        _check_pdf(sent)
        return Clean(_name(name, "pdf"), "application/pdf", sent)
    if not pictures.kind_of(sent):
        raise refusal(_("Only PDF, PNG, JPEG and WebP are taken. Save the file as PDF and send that."))
    picture = pictures.rewrite(sent)
    return Clean(_name(name, picture.ending), pictures.TYPES[picture.ending], picture.content)


def _check_pdf(sent: bytes) -> None:
    if not sent.rstrip(b"\x00\r\n\t ").endswith(b"%%EOF"):
        raise refusal(_("The PDF is cut off or carries something else behind its end. Save it anew."))
    if ACTIVE.search(sent):
        raise refusal(_("The PDF holds scripts, actions or attachments. Print it to a new PDF and send that."))


def _name(name: str, ending: str) -> str:
    """The file name without path and control characters, with a new ending."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = "".join(char for char in plain if unicodedata.category(char)[0] != "C")
    stem = plain.rpartition(".")[0] if "." in plain else plain
    return f"{stem[:LONGEST_NAME].strip() or 'file'}.{ending}"
