"""DXF drawings that tests make with ezdxf, whole and broken."""

import io

import ezdxf
from ezdxf.enums import TextEntityAlignment
from ezdxf.units import CM, FT, IN, MM, M

UNITS = {"mm": MM, "cm": CM, "m": M, "in": IN, "ft": FT, "": 0}
PER_METRE = {"mm": 1000, "cm": 100, "m": 1, "in": 1 / 0.0254, "ft": 1 / 0.3048, "": 1000}
ROOMS, LABELS = "房间", "ROOM-NO"
# code, x, y, width, depth in metres: two rows of four, walls of 0.2 m within a row, a corridor of 2 m between them
EIGHT = [(f"40{1 + n}", (n % 4) * 4.2, (n // 4) * 8.0, 4.0, 6.0) for n in range(8)]


def rectangle(x, y, width, depth):
    return [(x, y), (x + width, y), (x + width, y + depth), (x, y + depth)]


class Plot:
    """A drawing in a unit; rooms are given in metres."""

    def __init__(self, unit="mm", version="R2013"):
        self.doc = ezdxf.new(version)
        self.doc.units = UNITS[unit]
        self.space = self.doc.modelspace()
        self.scale = PER_METRE[unit]
        for layer in (ROOMS, LABELS):
            self.doc.layers.add(layer)

    def room(self, code, corners, *, close=True, layer=ROOMS):
        """Corners are (x, y) or (x, y, bulge)."""
        points = [(corner[0] * self.scale, corner[1] * self.scale, *corner[2:]) for corner in corners]
        self.space.add_lwpolyline(points, format="xyb", close=close, dxfattribs={"layer": layer})
        x, y = ((min(c[axis] for c in corners) + max(c[axis] for c in corners)) / 2 for axis in (0, 1))
        if code:
            self.label(code, x, y)
        return self

    def label(self, text, x, y, *, layer=LABELS):
        made = self.space.add_text(text, height=0.3 * self.scale, dxfattribs={"layer": layer})
        made.set_placement((x * self.scale, y * self.scale), align=TextEntityAlignment.MIDDLE_CENTER)
        return self

    def rooms(self, rows=EIGHT):
        for code, *sides in rows:
            self.room(code, rectangle(*sides))
        return self

    def bytes(self, *, binary=False):
        if binary:
            stream = io.BytesIO()
            self.doc.write(stream, fmt="bin")
            return stream.getvalue()
        stream = io.StringIO()
        self.doc.write(stream)
        return stream.getvalue().encode(self.doc.output_encoding, errors="dxfreplace")


def floor_of_eight(unit="mm", **kwargs):
    return Plot(unit, **kwargs).rooms()
