"""Decode one picture and encode it anew, in a sandboxed process (see child.py). Arguments: widths in pixels.

Only the pixels of the uploaded file are kept: no metadata, no tail, no colour profile. It exits with 0, the
picture's width and height, the new file and a WebP of each width asked for (widest first; none is wider than the
picture), each with its length in front; or with the number of a refusal, whose message is in pictures.py.
"""

import io
import struct
import sys
import warnings

from PIL import Image, ImageFile, ImageOps

MEMORY, SECONDS = 512 * 1024 * 1024, 10
MOST_PIXELS = 12_000_000
FORMATS = ("PNG", "JPEG", "WEBP")
# A JPEG that brings more pictures (a preview, the second eye of a phone) is an MPO to Pillow; the first is the photo.
OPENED = (*FORMATS, "MPO")
GREYS = 1 << 16
TOO_MANY_PIXELS, BROKEN, ANIMATED = 3, 4, 5


def main(arguments: list[str]) -> int:
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        return _rewrite(sys.stdin.buffer.read(), [int(width) for width in arguments])
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return TOO_MANY_PIXELS
    except Exception:  # noqa: BLE001 whatever a decoder says, the file is broken
        return BROKEN


def _rewrite(sent: bytes, widths: list[int]) -> int:
    with Image.open(io.BytesIO(sent), formats=FORMATS) as picture:
        if picture.format not in OPENED or (picture.format != "MPO" and getattr(picture, "n_frames", 1) != 1):
            return ANIMATED
        if picture.width * picture.height > MOST_PIXELS:
            return TOO_MANY_PIXELS
        kind = "JPEG" if picture.format in {"JPEG", "MPO"} else "PNG"
        picture.draft("RGB", None)
        clean = _on_white(ImageOps.exif_transpose(picture))
    sys.stdout.buffer.write(struct.pack(">II", *clean.size))
    _give(clean, kind, {"quality": 88} if kind == "JPEG" else {})
    for width in widths:
        if width < clean.width:
            high = max(1, round(clean.height * width / clean.width))
            clean = clean.resize((width, high), Image.Resampling.LANCZOS)
        _give(clean, "WEBP", {"quality": 82, "method": 2})
    return 0


def _give(picture: Image.Image, kind: str, options: dict[str, int]) -> None:
    written = io.BytesIO()
    picture.save(written, kind, **options)
    sys.stdout.buffer.write(struct.pack(">I", written.tell()))
    sys.stdout.buffer.write(written.getbuffer())


def _on_white(picture: Image.Image) -> Image.Image:
    """RGB pixels and nothing else, transparent ones on white."""
    if picture.mode == "I;16":
        picture = _eight_bits(picture)
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        above = picture.convert("RGBA")
        page = Image.new("RGB", above.size, "white")
        page.paste(above, mask=above.getchannel("A"))
        return page
    plain = picture.convert("RGB")
    plain.info.clear()
    return plain


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Convert 16-bit grey to 8-bit: `convert` would clip at 255, which turns nearly everything white."""
    wide = picture.convert("I")
    grey = wide.point([value >> 8 for value in range(GREYS)], "L")
    clear = picture.info.get("transparency")
    if clear is not None:  # one of the greys is
        grey.putalpha(wide.point([255 * (value != clear) for value in range(GREYS)], "L"))
    return grey
