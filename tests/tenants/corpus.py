"""Hostile files, made here and not kept: name -> bytes. And good ones that must come through."""

import io
import struct
import zipfile
import zlib

from PIL import Image

SCRIPT = b"<script>alert(document.cookie)</script>"


def picture(kind, size=(8, 8), mode="RGB", **options):
    out = io.BytesIO()
    Image.new(mode, size, options.pop("color", None) or 0).save(out, kind, **options)
    return out.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, *, rows=b"", depth=8, colour=2, tail=b""):
    """A PNG whose header may lie about what follows."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(rows, 9))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"") + tail


def archive(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in members.items():
            zipped.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def pdf(body=b"", end=b"%%EOF\n"):
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + body + b"\ntrailer << /Root 1 0 R >>\n" + end


def frames(kind, **options):
    out = io.BytesIO()
    more = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    Image.new("RGB", (8, 8)).save(out, kind, save_all=True, append_images=more, **options)
    return out.getvalue()


def hostile():
    good_png, good_jpeg = picture("PNG"), picture("JPEG")
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
    return {
        "empty": b"",
        "one byte": b"\x89",
        "text": b"hello",
        "nul bytes": b"\x00" * 4096,
        "html": b"<!doctype html>" + SCRIPT,
        "html named png": SCRIPT,
        "svg with script": svg,
        "svg with doctype": b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aa">]>' + svg,
        "xml entity bomb": b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><l>&b;</l>',
        "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage\n",
        "eps with binary head": b"\xc5\xd0\xd3\xc6" + b"\x00" * 60,
        "gif": picture("GIF"),
        "gif with html": b"GIF89a/*" + SCRIPT + b"*/=1;",
        "animated gif": frames("GIF"),
        "bmp": picture("BMP"),
        "tiff": picture("TIFF"),
        "ico": picture("ICO"),
        "psd head": b"8BPS" + b"\x00" * 40,
        "jpeg 2000 head": b"\x00\x00\x00\x0cjP  \r\n\x87\n" + b"\x00" * 40,
        "avif head": b"\x00\x00\x00\x1cftypavif" + b"\x00" * 40,
        "exe": b"MZ" + b"\x90" * 200,
        "elf": b"\x7fELF" + b"\x00" * 200,
        "shell": b"#!/bin/sh\nrm -rf /\n",
        "zip": archive(a=b"a"),
        "zip bomb": archive(a=b"\x00" * 5_000_000),
        "zip with path": archive(**{"..__..__etc__passwd": b"x"}),
        "docx": archive(**{"word__document.xml": b"<w/>", "[Content_Types].xml": b"<t/>"}),
        "docm with macro": archive(**{"word__vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
        "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512,
        "rar head": b"Rar!\x1a\x07\x00" + b"\x00" * 40,
        "png head only": good_png[:8],
        "png cut off": picture("PNG", (300, 300))[:60],
        "png of 50,000 x 50,000": png(50_000, 50_000),
        "png of 13 million pixels": png(3_700, 3_700, rows=b"\x00" * 100),
        "png bomb": png(20_000, 20_000, rows=b"\x00" * 4_000_000, depth=1, colour=0),
        "png of no size": png(0, 0),
        "png with a wrong checksum": good_png[:20] + b"\xff" + good_png[21:],
        "png with too little data": png(500, 500, rows=b"\x00" * 10),
        "animated png": frames("PNG"),
        "jpeg head only": b"\xff\xd8\xff\xe0\x00\x10JFIF",
        "jpeg cut off": picture("JPEG", (400, 400))[:200],
        "jpeg of 65,000 x 65,000": good_jpeg.replace(b"\x00\x08\x00\x08", b"\xfd\xe8\xfd\xe8", 1),
        "jpeg head, html body": b"\xff\xd8\xff" + SCRIPT * 50,
        "webp head only": b"RIFF\x20\x00\x00\x00WEBPVP8 ",
        "webp cut off": picture("WEBP", (300, 300), color="red")[:40],
        "animated webp": frames("WEBP"),
        "riff of sound": b"RIFF\x20\x00\x00\x00WAVEfmt " + b"\x00" * 40,
        "pdf head only": b"%PDF-1.7\n",
        "pdf with no version": b"%PDF-\n%%EOF",
        "pdf behind junk": b"junk\n" + pdf(),
        "pdf with javascript": pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>"),
        "pdf that launches": pdf(b"<< /S /Launch /F (cmd.exe) >>"),
        "pdf that acts when opened": pdf(b"<< /OpenAction 2 0 R >>"),
        "pdf with a file inside": pdf(b"<< /Type /EmbeddedFile >>"),
        "pdf with a form of xml": pdf(b"<< /XFA 3 0 R >>"),
        "pdf and html": pdf() + SCRIPT,
        "pdf and zip": pdf() + archive(a=b"a"),
        "over 10 MB": b"%PDF-1.7\n" + b" " * (10 * 1024 * 1024) + b"%%EOF",
    }


def good():
    """Files that people do send: name -> (bytes, ending that comes out)."""
    turned = Image.new("RGB", (60, 20), "red")
    exif = turned.getexif()
    exif[0x0112] = 6
    exif[0x010F] = "a phone"
    out = io.BytesIO()
    turned.save(out, "JPEG", exif=exif)
    return {
        "png": (picture("PNG"), "png"),
        "png of a palette with transparency": (picture("PNG", mode="P", transparency=0), "png"),
        "png with alpha": (picture("PNG", mode="RGBA"), "png"),
        "png of 16 bit": (picture("PNG", mode="I;16"), "png"),
        "grey png": (picture("PNG", mode="L"), "png"),
        "png with html behind it": (picture("PNG") + SCRIPT, "png"),
        "jpeg": (picture("JPEG"), "jpg"),
        "jpeg in cmyk": (picture("JPEG", mode="CMYK"), "jpg"),
        "jpeg of a phone, turned": (out.getvalue(), "jpg"),
        "jpeg with a zip behind it": (picture("JPEG") + archive(a=b"a"), "jpg"),
        "jpeg of a phone, with a second picture": (frames("MPO"), "jpg"),
        "webp": (picture("WEBP"), "png"),
        "jpeg of 12 million pixels": (picture("JPEG", (4000, 3000)), "jpg"),
        "pdf": (pdf(), "pdf"),
    }
