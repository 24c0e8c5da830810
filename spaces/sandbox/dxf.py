"""Read one DXF drawing in a sandboxed process (see child.py): bytes on stdin, JSON on stdout.

ezdxf takes the file tag by tag, and only what can be a room or its label is kept: a whole document in memory, which
its recover mode needs too, is 30 times the file. What recover mends and drawings need is done here: a byte order mark,
encodings that the header denies, a missing SEQEND.
Blocks are counted, never unfolded: nesting them ten deep would turn a small file into millions of lines.
"""

import codecs
import io
import json
import math
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from ezdxf.entities import Attrib, LWPolyline, MText, Polyline, Text, factory
from ezdxf.entities.polyline import DXFVertex
from ezdxf.lldxf.encoding import decode_dxf_unicode, decode_mif_to_unicode
from ezdxf.lldxf.extendedtags import ExtendedTags
from ezdxf.lldxf.tagger import ascii_tags_loader, binary_tags_loader, tag_compiler
from ezdxf.lldxf.types import DXFTag
from ezdxf.lldxf.validator import binary_dxf_info, dxf_info

from spaces.sandbox.encodings import UNICODE_SINCE, Encoding, find_encoding
from spaces.sandbox.unread import UnreadShapes

MEMORY, SECONDS = 512 << 20, 10
MOST_OUTLINES, MOST_POINTS, MOST_TEXTS, MOST_LAYERS = 5_000, 100_000, 20_000, 1_000
MOST_ENTITIES, MOST_TAGS = 300_000, 3 * MOST_POINTS  # of a drawing, of one of them
LONGEST_TEXT, LONGEST_NAME, LONGEST_HANDLE, FARTHEST = 80, 120, 16, 1e12
BINARY = b"AutoCAD Binary DXF\r\n\x1a\x00"
CORNERS = 3
LOADED = {"LWPOLYLINE", "POLYLINE", "VERTEX", "SEQEND", "TEXT", "MTEXT", "ATTRIB"}
IN_PAPERSPACE, SPLINE_FRAME = 67, 16
WIDE, NARROW = 1.0, 0.6  # of the height of a letter

type Tags = list[DXFTag]


class DrawingRefused(Exception):  # noqa: N818 it is not an error of ours
    """The drawing is not read; the argument is the code of the reason."""


def main(_arguments: list[str]) -> int:
    try:
        answer = DrawingReader().read(sys.stdin.buffer.read())
    except DrawingRefused as refused:
        answer = {"refused": refused.args[0]}
    except MemoryError:
        answer = {"refused": "many"}
    except Exception:  # noqa: BLE001 whatever the parser says, the file is broken
        answer = {"refused": "broken"}
    sys.stdout.write(json.dumps(answer))
    return 0


class DrawingReader:
    """Reads the unit, the layers with their counts, and the outlines and texts of the model space."""

    def __init__(self) -> None:
        self.layers: dict[str, dict[str, Any]] = {}
        self.named: dict[Any, dict[str, Any]] = {}  # by the name as each entity writes it
        self.outlines: list[dict[str, Any]] = []
        self.texts: list[dict[str, Any]] = []
        self.unread = UnreadShapes()
        self.on_paper = 0  # polylines on a layout, which may be outlines
        self.handles: set[str] = set()
        self.points = 0
        self.polyline: Polyline | None = None

    def read(self, data: bytes) -> dict[str, Any]:
        data = data.removeprefix(codecs.BOM_UTF8)
        if data.startswith(BINARY):
            info = binary_dxf_info(data)
            encoding, tags = _binary_tags(data, info)
        else:
            info = dxf_info(io.TextIOWrapper(io.BytesIO(data), encoding="latin-1"))
            encoding = find_encoding(data, data, info.version)
            tags = ascii_tags_loader(io.TextIOWrapper(io.BytesIO(data), encoding=encoding.codec, errors="replace"))
        if not self._walk(tag_compiler(tags)):
            raise DrawingRefused("cut")
        return {
            "units": info.insert_units,
            "encoding": {
                "codec": encoding.codec,
                "said": _clean(encoding.said, LONGEST_NAME),
                "doubt": encoding.doubt,
            },
            "layers": list(self.layers.values()),
            "outlines": self.outlines,
            "texts": self.texts,
            "unread": self.unread.counted(),
            "lines": self.unread.lines,
            "on_paper": self.on_paper,
        }

    def _walk(self, tags: Iterator[DXFTag]) -> bool:
        """Read all entities. False for a truncated file."""
        section = ""
        for many, group in enumerate(_groups(tags)):
            if many == MOST_ENTITIES:
                raise DrawingRefused("many")
            kind = group[0].value
            if kind != "VERTEX":
                self._end_polyline()
            if kind == "EOF":
                return True
            if kind in {"SEQEND", "ENDSEC"}:  # these are no shapes and have no layer
                continue
            if kind == "SECTION":
                section = str(group[1].value) if len(group) > 1 else ""
            elif section == "TABLES" and kind == "LAYER":
                self._layer(_value(group, 2, "0"))
            elif section == "ENTITIES" and not _value(group, IN_PAPERSPACE, 0):
                self._entity(kind, group)
            elif section == "ENTITIES":
                self.on_paper += kind in {"LWPOLYLINE", "POLYLINE"}
        return False

    def _layer(self, name: Any) -> dict[str, Any]:
        """The counts of a layer; capital and small letters are the same name."""
        if name in self.named:
            return self.named[name]
        cleaned = _clean(str(name), LONGEST_NAME)
        key = cleaned.casefold()
        if key not in self.layers:
            if len(self.layers) == MOST_LAYERS:
                raise DrawingRefused("many")
            self.layers[key] = {"name": cleaned, "closed": 0, "open": 0, "texts": 0, "blocks": 0}
        self.named[name] = self.layers[key]
        return self.layers[key]

    def _entity(self, kind: str, group: Tags) -> None:
        layer = self._layer(_value(group, 8, "0"))
        layer["blocks"] += kind == "INSERT"
        if kind not in LOADED:
            self.unread.entity(layer["name"], kind, group)
            return
        entity = factory.load(ExtendedTags(group))
        match entity:
            case LWPolyline():
                self._outline(entity, layer, entity.get_points("xyb"), closed=entity.closed)
            case Polyline():
                self.polyline = entity
            case MText() | Text() | Attrib():
                self._text(entity, layer)
            case DXFVertex() if self.polyline is not None:
                if self.points + len(self.polyline.vertices) == MOST_POINTS:
                    raise DrawingRefused("many")
                self.polyline.vertices.append(entity)

    def _end_polyline(self) -> None:
        """Keep the open polyline. Any other entity ends it, because some programs leave out the SEQEND."""
        entity, self.polyline = self.polyline, None
        if entity is None:
            return
        if entity.is_2d_polyline or entity.is_3d_polyline:
            corners = [vertex.dxf for vertex in entity.vertices if not vertex.dxf.flags & SPLINE_FRAME]
            points = [(dxf.location.x, dxf.location.y, dxf.bulge) for dxf in corners]
            self._outline(entity, self._layer(entity.dxf.layer), points, closed=entity.is_closed)
        else:  # a mesh
            self.unread.mesh(self._layer(entity.dxf.layer)["name"], _handle(entity))

    def _outline(self, entity: Any, layer: dict[str, Any], points: Iterable[Any], *, closed: bool) -> None:
        mirrored = -1 if entity.dxf.extrusion.z < 0 else 1
        corners = [[x * mirrored, y, bulge * mirrored] for x, y, bulge in points]
        if any(not abs(number) < FARTHEST for point in corners for number in point):
            raise DrawingRefused("broken")
        if len(corners) > CORNERS and corners[0][:2] == corners[-1][:2]:
            corners.pop()
            closed = True
        if len(corners) < CORNERS and not (closed and any(bulge for _x, _y, bulge in corners)):
            self.unread.line(layer["name"], _handle(entity), corners)
            return
        self.points += len(corners)
        if len(self.outlines) == MOST_OUTLINES or self.points > MOST_POINTS:
            raise DrawingRefused("many")
        layer["closed" if closed else "open"] += 1
        handle = _handle(entity)
        if not handle or handle in self.handles:  # a hand-edited drawing may have a handle twice, or none
            handle += f"#{len(self.outlines) + 1}"
        self.handles.add(handle)
        corners = [[round(x, 6), round(y, 6), round(bulge, 9)] for x, y, bulge in corners]
        self.outlines.append({"layer": layer["name"], "handle": handle, "closed": closed, "points": corners})

    def _text(self, entity: Any, layer: dict[str, Any]) -> None:
        if isinstance(entity, Attrib) and entity.is_invisible:
            return
        lines, at, middle = _of_mtext(entity) if isinstance(entity, MText) else _of_text(entity)
        lines = [line for line in (_clean(line, LONGEST_TEXT) for line in lines) if line]
        if not lines or any(not abs(number) < FARTHEST for number in (*at, *middle)):
            return
        if len(self.texts) == MOST_TEXTS:
            raise DrawingRefused("many")
        layer["texts"] += 1
        self.texts.append({"layer": layer["name"], "lines": lines, "at": at, "middle": middle})


def _binary_tags(data: bytes, info: Any) -> tuple[Encoding, Iterator[DXFTag]]:
    """Tags of a binary file. The loader decodes by the header; where that is wrong, texts are decoded anew."""
    said = "utf-8" if info.version >= UNICODE_SINCE else info.encoding

    def bytes_of(text: str) -> bytes:
        return text.encode(said, errors="surrogateescape")

    texts = b"\n".join(bytes_of(tag.value) for tag in binary_tags_loader(data) if isinstance(tag.value, str))
    encoding = find_encoding(data, texts, info.version)

    def tags() -> Iterator[DXFTag]:
        for tag in binary_tags_loader(data):
            if isinstance(tag.value, str) and not tag.value.isascii():
                yield DXFTag(tag.code, bytes_of(tag.value).decode(encoding.codec, errors="replace"))
            else:
                yield tag

    return encoding, tags()


def _handle(entity: Any) -> str:
    return _clean(str(entity.dxf.handle or ""), LONGEST_HANDLE)


def _groups(tags: Iterator[DXFTag]) -> Iterator[Tags]:
    """An entity or the mark of a section: tags up to the next one with code 0."""
    group: Tags = []
    for tag in tags:
        if tag.code == 0:
            if group:
                yield group
            group = []
        if group or tag.code == 0:
            group.append(tag)
        if len(group) > MOST_TAGS:
            raise DrawingRefused("many")
    if group:
        yield group


def _value(group: Tags, code: int, otherwise: Any) -> Any:
    return next((tag.value for tag in group if tag.code == code), otherwise)


def _of_text(entity: Text) -> tuple[list[str], list[float], list[float]]:
    dxf = entity.dxf
    dxf.text = _decoded(dxf.get("text", "")[: 8 * LONGEST_TEXT])
    line = entity.plain_text()
    across, up = dxf.get("halign", 0), dxf.get("valign", 0)
    anchor = dxf.insert if across in {0, 3, 5} and not up else dxf.get("align_point", dxf.insert)
    right = {1: 0.0, 2: -0.5, 4: 0.0}.get(across, 0.5)
    rise = 0.0 if across == 4 else {2: 0.0, 3: -0.5}.get(up, 0.5)  # noqa: PLR2004 the middle of both
    size = dxf.get("height", 1.0)
    width = _width(line) * size * dxf.get("width", 1.0)
    return [line], *_places(entity, anchor, right * width, rise * size, dxf.get("rotation", 0.0))


def _of_mtext(entity: MText) -> tuple[list[str], list[float], list[float]]:
    entity.text = _decoded(entity.text[: 40 * LONGEST_TEXT])
    lines = list(entity.plain_text(split=True))
    row, column = divmod(entity.dxf.get("attachment_point", 1) - 1, 3)
    size = entity.dxf.get("char_height", 1.0)
    width = max(map(_width, lines), default=0.0) * size
    right, rise = (0.5, 0.0, -0.5)[column], (-0.5, 0.0, 0.5)[row]
    return lines, *_places(entity, entity.dxf.insert, right * width, rise * size * len(lines), entity.get_rotation())


def _places(entity: Any, anchor: Any, right: float, rise: float, degrees: float) -> tuple[list[float], list[float]]:
    """(insertion point, approximate middle) of a text: without its font the width of the letters is unknown."""
    turn = math.radians(degrees)
    at = entity.ocs().to_wcs(anchor)
    middle = [
        at.x + right * math.cos(turn) - rise * math.sin(turn),
        at.y + right * math.sin(turn) + rise * math.cos(turn),
    ]
    return [round(at.x, 6), round(at.y, 6)], [round(number, 6) for number in middle]


def _width(line: str) -> float:
    return sum(WIDE if unicodedata.east_asian_width(char) in "WF" else NARROW for char in line)


def _decoded(text: str) -> str:
    r"""The text with its escapes decoded: \U+5BA4 and \M+5CAD2 are one character each, in no code page."""
    return decode_mif_to_unicode(decode_dxf_unicode(text))


def _clean(text: str, longest: int) -> str:
    """The text in one line, without control characters and surrogates."""
    plain = unicodedata.normalize("NFC", _decoded(text))
    return "".join(char for char in plain if unicodedata.category(char)[0] != "C")[:longest].strip()
