"""Every kind of picture that is accepted, beside what must come out of it."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageOps, PngImagePlugin

from spaces.sandbox import image, pictures

WHITE, BLACK, GREY, RED, PINK = (255, 255, 255), (0, 0, 0), (128, 128, 128), (255, 0, 0), (255, 127, 127)
SIDE, LOSS, ORIENTATION = 16, 6, 0x0112  # a square of SIDE for each colour, and what JPEG loses in its middle


def strip(mode, *colours):
    """Squares of the colours, side by side."""
    whole = Image.new(mode, (SIDE * len(colours), SIDE))
    for place, colour in enumerate(colours):
        whole.paste(colour, (place * SIDE, 0, (place + 1) * SIDE, SIDE))
    return whole


def palette(*colours):
    whole = strip("P", *range(len(colours)))
    whole.putpalette([part for colour in colours for part in colour])
    return whole


def sixteen(*greys):
    whole = Image.new("I;16", (SIDE * len(greys), SIDE))
    whole.putdata([grey for grey in greys for _ in range(SIDE)] * SIDE)
    return whole


def saved(picture, kind, **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def wide_png(colour, *pixels):
    """A PNG with 16 bits a channel, which Pillow doesn't write: 2 is RGB, 4 grey and alpha, 6 RGB and alpha."""
    row = b"\0" + b"".join(struct.pack(f">{len(pixel)}H", *pixel) * SIDE for pixel in pixels)
    parts = {
        b"IHDR": struct.pack(">IIBBBBB", SIDE * len(pixels), SIDE, 16, colour, 0, 0, 0),
        b"IDAT": zlib.compress(row * SIDE),
        b"IEND": b"",
    }
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts.items()
    )


def exif(turn):
    result = Image.Exif()
    result[ORIENTATION] = turn
    return result


MIDDLE, FULL = 0x8000, 0xFFFF
# what is sent -> mode in which Pillow opens it, the colours from left to right that come out
GOLDEN = {
    "1": (saved(strip("1", 0, 1), "PNG"), "1", [BLACK, WHITE]),
    "1 with transparency": (saved(strip("1", 0, 1), "PNG", transparency=0), "1", [WHITE, WHITE]),
    "L": (saved(strip("L", 0, 128, 255), "PNG"), "L", [BLACK, GREY, WHITE]),
    "L with transparency": (saved(strip("L", 0, 128), "PNG", transparency=0), "L", [WHITE, GREY]),
    "LA": (saved(strip("LA", (0, 0), (128, 255)), "PNG"), "LA", [WHITE, GREY]),
    "P": (saved(palette(RED, GREY), "PNG"), "P", [RED, GREY]),
    "P, one colour clear": (saved(palette(RED, GREY), "PNG", transparency=0), "P", [WHITE, GREY]),
    "P, half clear": (saved(palette(RED, GREY), "PNG", transparency=b"\x80\xff"), "P", [PINK, GREY]),
    "RGB": (saved(strip("RGB", RED, GREY), "PNG"), "RGB", [RED, GREY]),
    "RGB with transparency": (saved(strip("RGB", RED, GREY), "PNG", transparency=RED), "RGB", [WHITE, GREY]),
    "RGBA": (saved(strip("RGBA", (*RED, 0), (*RED, 128), (*GREY, 255)), "PNG"), "RGBA", [WHITE, PINK, GREY]),
    "I;16": (saved(sixteen(0, 300, MIDDLE, FULL), "PNG"), "I;16", [BLACK, (1, 1, 1), GREY, WHITE]),
    "I;16 with transparency": (saved(sixteen(300, 301), "PNG", transparency=300), "I;16", [WHITE, (1, 1, 1)]),
    "RGB of 16 bits": (wide_png(2, (FULL, 0, 0), (MIDDLE,) * 3), "RGB", [RED, GREY]),
    "LA of 16 bits": (wide_png(4, (0, 0), (MIDDLE, FULL)), "RGBA", [WHITE, GREY]),
    "RGBA of 16 bits": (wide_png(6, (FULL, 0, 0, 0), (*(MIDDLE,) * 3, FULL)), "RGBA", [WHITE, GREY]),
    "JPEG, L": (saved(strip("L", 0, 128), "JPEG"), "L", [BLACK, GREY]),
    "JPEG, RGB": (saved(strip("RGB", RED, GREY), "JPEG"), "RGB", [RED, GREY]),
    "JPEG, CMYK": (saved(strip("CMYK", (0, 255, 255, 0), (0, 0, 0, 127)), "JPEG"), "CMYK", [RED, GREY]),
    "MPO": (
        saved(strip("RGB", RED, GREY), "MPO", save_all=True, append_images=[strip("RGB", BLACK, BLACK)]),
        "RGB", [RED, GREY],
    ),
    "WEBP, RGB": (saved(strip("RGB", RED, GREY), "WEBP", lossless=True), "RGB", [RED, GREY]),
    "WEBP, RGBA": (saved(strip("RGBA", (*RED, 0), (*GREY, 255)), "WEBP", lossless=True), "RGBA", [WHITE, GREY]),
}  # fmt: skip


def colours(content):
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.mode == "RGB"
        return [picture.getpixel((x, SIDE // 2)) for x in range(SIDE // 2, picture.width, SIDE)]


def near(one, other):
    return len(one) == len(other) and all(
        abs(a - b) <= LOSS for left, right in zip(one, other, strict=True) for a, b in zip(left, right, strict=True)
    )


@pytest.mark.parametrize("name", GOLDEN)
def test_a_picture_comes_out_as_it_looks(name):
    sent, mode, expected = GOLDEN[name]
    with Image.open(io.BytesIO(sent)) as opened:
        assert opened.mode == mode

    kept = pictures.rewrite(sent, [SIDE * len(expected)])

    assert near(colours(kept.content), expected), colours(kept.content)
    assert near(colours(kept.scaled[0]), expected), colours(kept.scaled[0])
    assert kept.ending == ("jpg" if pictures.kind_of(sent) == "jpg" else "png")


def test_every_mode_that_the_formats_open_has_a_golden_picture():
    png = {mode for mode, _raw in PngImagePlugin._MODES.values()}
    others = {"RGB", "RGBA", "L", "CMYK"}  # of JPEG and WebP

    assert {mode for _sent, mode, _expected in GOLDEN.values()} == png | others
    assert set(image.OPENED) == {"PNG", "JPEG", "WEBP", "MPO"}


@pytest.mark.parametrize(
    ("kind", "turn"), [*(("JPEG", turn) for turn in range(1, 9)), ("PNG", 6), ("WEBP", 6), ("MPO", 6)]
)
def test_a_turned_picture_stands_upright(kind, turn):
    options = {"lossless": True} if kind == "WEBP" else {}
    sent = saved(strip("RGB", RED, GREY), kind, exif=exif(turn), **options)
    expected = ImageOps.exif_transpose(Image.open(io.BytesIO(sent)))

    kept = pictures.rewrite(sent)

    with Image.open(io.BytesIO(kept.content)) as picture:
        assert (picture.size, dict(picture.getexif())) == (expected.size, {})
        middles = [(SIDE // 2, SIDE // 2), (picture.width - SIDE // 2, picture.height - SIDE // 2)]
        seen = [picture.getpixel(spot) for spot in middles]
        first_is_red = turn in {1, 4, 5, 6}
        assert near(seen, [RED, GREY] if first_is_red else [GREY, RED]), seen
