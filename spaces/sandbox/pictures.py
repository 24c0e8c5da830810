"""Uploaded pictures: their kind follows from the content, never from the name; they are rewritten."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spaces.sandbox import image
from spaces.sandbox.runner import Failed, Killed, run

MOST_BYTES = 10 * 1024 * 1024
WALL_SECONDS = 15
MAGIC = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))
TYPES = {"png": "image/png", "jpg": "image/jpeg"}
REFUSALS = {
    image.TOO_MANY_PIXELS: gettext_lazy(
        "The picture has more than 12 million pixels. Scale it down and send it again."
    ),
    image.BROKEN: gettext_lazy("The picture can't be read: it is damaged or not what its name says. Save it anew."),
    image.ANIMATED: gettext_lazy("The picture has several frames. Save it as one PNG or JPEG picture."),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A rewritten picture: size in pixels, file ending by content, bytes, and a WebP for each width requested."""

    width: int
    height: int
    ending: str
    content: bytes
    scaled: Sequence[bytes]


def kind_of(sent: bytes) -> str:
    """png, jpg or webp by the first bytes; empty for anything else."""
    if sent[:4] == b"RIFF" and sent[8:12] == b"WEBP":
        return "webp"
    return next((kind for magic, kind in MAGIC if sent.startswith(magic)), "")


def check_size(sent: bytes) -> None:
    if not sent:
        raise refusal(_("The file is empty."))
    if len(sent) > MOST_BYTES:
        raise refusal(_("The file is larger than 10 MB. Scale it down, or split it."))


def rewrite(sent: bytes, widths: Sequence[int] = ()) -> Picture:
    """The picture, decoded and encoded anew in the sandbox; `widths` widest first. Raises ValidationError `file`."""
    try:
        answer = run("image", sent, *map(str, widths), seconds=WALL_SECONDS)
    except Killed:
        raise refusal(REFUSALS[image.BROKEN]) from None
    except Failed as failed:
        raise refusal(REFUSALS.get(failed.code, REFUSALS[image.BROKEN])) from None
    width, height = struct.unpack_from(">II", answer)
    content, *scaled = _parts(answer[8:])
    return Picture(width, height, kind_of(content), content, scaled)


def _parts(answer: bytes) -> Iterator[bytes]:
    """The parts of an answer; each is preceded by its length."""
    at = 0
    while at < len(answer):
        (length,) = struct.unpack_from(">I", answer, at)
        yield answer[at + 4 : at + 4 + length]
        at += 4 + length


def refusal(message: object) -> ValidationError:
    return ValidationError({"file": ValidationError(str(message), code="file")})
