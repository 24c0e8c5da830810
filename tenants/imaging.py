"""A process of its own that decodes one picture and writes it anew:  python imaging.py < picture > clean

Nothing of the sent file survives but its pixels: no metadata, no tail, no colour profile. Limits are set before the
first byte is decoded. It exits with 0 and the new file, or with the number of a refusal (words: tenants/files.py).
No Django here: it starts fast, and a decoder that goes wrong takes nothing with it.
"""

import io
import resource
import sys
import warnings

from PIL import Image, ImageFile, ImageOps

MEMORY, SECONDS = 512 * 1024 * 1024, 10
MOST_PIXELS = 12_000_000
FORMATS = ("PNG", "JPEG", "WEBP")
TOO_MANY_PIXELS, BROKEN, ANIMATED = 3, 4, 5


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        return _rewrite(sys.stdin.buffer.read())
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return TOO_MANY_PIXELS
    except Exception:  # noqa: BLE001 whatever a decoder says, the file is broken
        return BROKEN


def _rewrite(sent: bytes) -> int:
    with Image.open(io.BytesIO(sent), formats=FORMATS) as picture:
        if picture.format not in FORMATS or getattr(picture, "n_frames", 1) != 1:
            return ANIMATED
        if picture.width * picture.height > MOST_PIXELS:
            return TOO_MANY_PIXELS
        kind = "JPEG" if picture.format == "JPEG" else "PNG"
        picture.draft("RGB", None)
        clean = _on_white(ImageOps.exif_transpose(picture))
    clean.save(sys.stdout.buffer, kind, **({"quality": 88} if kind == "JPEG" else {}))
    return 0


def _on_white(picture: Image.Image) -> Image.Image:
    """RGB pixels and nothing else, transparent ones on white."""
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        above = picture.convert("RGBA")
        page = Image.new("RGB", above.size, "white")
        page.paste(above, mask=above.getchannel("A"))
        return page
    plain = picture.convert("RGB")
    plain.info.clear()
    return plain


if __name__ == "__main__":
    sys.exit(main())
