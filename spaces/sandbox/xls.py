"""Facts of a sheet of an XLS (BIFF) in addition to its values. Records: [MS-XLS], sections 2.3 and 2.4."""

import struct
from collections.abc import Iterator

from spaces.sandbox.formats import as_shown
from spaces.sandbox.parts import SheetFacts, WorkbookRefused

FORMULA, ARRAY_FORMULA, BOOLERR, BOUNDSHEET, BOF, EOF = 0x0006, 0x0406, 0x0205, 0x0085, 0x0809, 0x000A
ROW, NUMBER, RK, MULRK, XF, FORMAT = 0x0208, 0x0203, 0x027E, 0x00BD, 0x00E0, 0x041E
ROW_HIDDEN = 0x20
BIFF8 = 0x0600
NO_SECTOR = 0xFFFFFFFA


def read(data: bytes, index: int) -> SheetFacts:
    stream = _stream(data)
    starts = [struct.unpack_from("<I", body)[0] for kind, body in _records(stream, 0) if kind == BOUNDSHEET]
    formats = _formats(stream)
    found = SheetFacts()
    depth = 0
    for kind, body in _records(stream, starts[index]):
        depth += (kind == BOF) - (kind == EOF)
        if depth == 0:
            break
        if kind in (FORMULA, ARRAY_FORMULA, BOOLERR):
            row, column = struct.unpack_from("<HH", body)
            if kind != BOOLERR or body[7]:
                found.marks[row, column] = "error" if kind == BOOLERR else "formula"
        elif kind == ROW and struct.unpack_from("<I", body, 12)[0] & ROW_HIDDEN:
            found.hidden.add(struct.unpack_from("<H", body)[0])
        elif kind in (NUMBER, RK, MULRK):
            for place, style, value in _numbers(kind, body):
                text = as_shown(formats.get(style, ""), value)
                if text is not None:
                    found.shown[place] = text
    return found


def _numbers(kind: int, body: bytes) -> Iterator[tuple[tuple[int, int], int, float]]:
    """Place, index of the style, and value of each number in a record."""
    row, column = struct.unpack_from("<HH", body)
    if kind == NUMBER:
        style, value = struct.unpack_from("<Hd", body, 4)
        yield (row, column), style, value
        return
    for number, at in enumerate(range(4, len(body) - 5, 6)):
        style, packed = struct.unpack_from("<HI", body, at)
        yield (row, column + number), style, _unpacked(packed)


def _unpacked(packed: int) -> float:
    """An RK number: 30 bits of a double or of an integer, perhaps in hundredths."""
    if packed & 2:
        value = float((packed >> 2) - (1 << 30 if packed & 0x80000000 else 0))
    else:
        value = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))[0]
    return value / 100 if packed & 1 else value


def _formats(stream: bytes) -> dict[int, str]:
    """Index of a cell style -> its number format, of those that the file defines itself."""
    own: dict[int, str] = {}
    styles: list[int] = []
    version = BIFF8
    for kind, body in _records(stream, 0):
        if kind == BOF and not styles:
            version = struct.unpack_from("<H", body)[0]
        elif kind == FORMAT:
            own[struct.unpack_from("<H", body)[0]] = _text(body[2:], version)
        elif kind == XF:
            styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == EOF:
            break
    return {number: own[code] for number, code in enumerate(styles) if code in own}


def _text(body: bytes, version: int) -> str:
    if version < BIFF8:
        return body[1 : 1 + body[0]].decode("latin-1")
    count, flags = struct.unpack_from("<HB", body)
    return body[3 : 3 + 2 * count].decode("utf-16-le") if flags & 1 else body[3 : 3 + count].decode("latin-1")


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _stream(data: bytes) -> bytes:
    """The stream Workbook (Book before 1997) of a compound file. 109 FAT sectors, those of the header, reach 7 MB."""
    sector = 1 << struct.unpack_from("<H", data, 30)[0]

    def block(number: int) -> bytes:
        return data[(number + 1) * sector : (number + 2) * sector]

    heads = [head for head in struct.unpack_from("<109I", data, 76) if head < NO_SECTOR]
    table = b"".join(block(head) for head in heads)
    following = struct.unpack(f"<{len(table) // 4}I", table)

    def chain(number: int) -> bytes:
        blocks = []
        while number < NO_SECTOR:
            blocks.append(block(number))
            number = following[number]
            if len(blocks) > len(following):
                raise WorkbookRefused("broken")
        return b"".join(blocks)

    directory = chain(struct.unpack_from("<I", data, 48)[0])
    for at in range(0, len(directory), 128):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        if directory[at : at + max(length - 2, 0)].decode("utf-16-le") in ("Workbook", "Book"):
            return chain(struct.unpack_from("<I", directory, at + 116)[0])
    raise WorkbookRefused("kind")
