"""The encoding of the texts of a DXF. Its header names one, which is often wrong or missing.

ezdxf's recover mode trusts the header too. A file of AutoCAD 2007 or later is UTF-8; an older one names a code page,
and converters leave out the name or write ANSI_1252 over Chinese bytes.
"""

import codecs
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

from ezdxf.tools.codepage import codepage_to_encoding

UNICODE_SINCE = "AC1021"
CODE_PAGE = re.compile(rb"\$DWGCODEPAGE(?:\s+3[ \t]*\r?\n|\0\x03\0?)([^\r\n\0]{1,40})")  # of text, of binary
HEADER_BYTES = 200_000
WESTERN = "cp1252"  # the default of programs that do not set one
CHINESE = "gb18030"
COMMON = 0.7  # share of common characters in a Chinese text; in other texts decoded as Chinese hardly any is common
FIRST_COMMON, LAST_COMMON = (0xA1, 0xB0), (0xA9, 0xD7)  # first bytes in GB 2312: signs, and the hanzi of level 1


@dataclass(frozen=True, slots=True)
class Encoding:
    """`said`: the name in the header. `doubt`: "" if it is right, "other" if another fits, "lost" if none does."""

    codec: str
    said: str
    doubt: str


def find_encoding(data: bytes, texts: bytes, version: str) -> Encoding:
    """The encoding of a drawing. `texts`: the bytes that must decode to plausible text; the whole of a text file."""
    found = CODE_PAGE.search(data[:HEADER_BYTES])
    said = found[1].decode("latin-1").strip() if found else ""
    unicode = version >= UNICODE_SINCE
    declared = "utf-8" if unicode else _named(said)
    if texts.isascii():
        return Encoding(declared or WESTERN, said, "")
    if declared not in {"", WESTERN} and _fits(texts, declared):
        return Encoding(declared, said, "")
    for codec, fits in (("utf-8", _fits(texts, "utf-8")), (CHINESE, _is_chinese(texts))):
        if fits:
            return Encoding(codec, "UTF-8" if unicode else said, "other")
    declared = declared or WESTERN
    return Encoding(declared, "UTF-8" if unicode else said, "" if _fits(texts, declared) else "lost")


def _named(said: str) -> str:
    """Python's name of a code page: ANSI_936, but also gb2312, big5, dos850; "" for one that is not known."""
    word = said.casefold()
    for number, codec in codepage_to_encoding.items():
        if word.endswith(number):
            return CHINESE if codec == "gbk" else codec
    with suppress(LookupError):
        codec = codecs.lookup(re.sub(r"^(ansi_|dos)(?=\d)", "cp", word)).name
        return CHINESE if codec in {"gb2312", "gbk"} else codec
    return ""


def _fits(texts: bytes, codec: str) -> bool:
    try:
        texts.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _is_chinese(texts: bytes) -> bool:
    chars = Counter(char for char in texts.decode(CHINESE, errors="replace") if not char.isascii())
    common = sum(many for char, many in chars.items() if _is_common(char))
    return common >= COMMON * chars.total()


def _is_common(char: str) -> bool:
    first = char.encode("gb2312", errors="replace")[0]
    return any(low <= first <= high for low, high in zip(FIRST_COMMON, LAST_COMMON, strict=True))
