"""Floor plans of the sample park: rooms true to area, in two rows along a corridor."""

import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFont

from spaces.actions import floorplans
from spaces.models import Floor, Unit, User

BUILDING = "HIT-01-A"
OPENED, SURVEYED = date(2019, 5, 18), date(2025, 11, 2)
# level -> (day, note, shown to companies) of each version
VERSIONS = {
    4: [(OPENED, "竣工图 (示例) / as built (sample)", False), (SURVEYED, "实测 (示例) / surveyed (sample)", True)],
    5: [(OPENED, "竣工图 (示例) / as built (sample)", False)],
    8: [(OPENED, "竣工图 (示例) / as built (sample)", False)],
}
WALLED = {("HIT-01-A-402", "HIT-01-A-403")}  # a fire wall separates them
CORRIDOR, MARGIN, LENGTH = 2.4, 1.5, 42.0  # m; the depth of the rows is chosen to come near this length
PX = 28  # per metre
INK, PALE = "#1B1F24", "#8A949E"


@dataclass(frozen=True, slots=True)
class RoomBox:
    unit: Unit
    box: tuple[float, float, float, float]  # left, top, right, bottom in metres


def draw(by_code: dict[str, Unit], by: User, today: date) -> None:
    for level, versions in VERSIONS.items():
        units = sorted((unit for unit in by_code.values() if _on(unit, level)), key=lambda unit: unit.code)
        rows = _rows(units)
        rooms, size = _layout(rows)
        for number, (day, note, public) in enumerate(versions):
            plan = floorplans.add_version(
                units[0].floor,
                valid_from=day,
                picture=_picture(rooms, size, furnished=number > 0),
                metres_wide=Decimal(f"{size[0]:.3f}"),
                note=note,
                public=public,
                by=by,
            )
            if number == 0:  # the next version copies the shapes
                floorplans.set_shapes(plan, {room.unit.pk: _ring(room, size) for room in rooms}, by=by, on=today)
        for row in rows:
            for left, right in pairwise(row):
                walled = (left.code, right.code) in WALLED
                floorplans.set_adjacency(left, right, connected=not walled, by=by)


def _on(unit: Unit, level: int) -> bool:
    floor: Floor = unit.floor
    return floor.level == level and unit.code.startswith(f"{BUILDING}-{level}") and bool(unit.usable_area)


def _rows(units: list[Unit]) -> list[list[Unit]]:
    """The rooms above and below the corridor, as equal in area as the order of their codes allows."""
    half, done = sum(float(unit.usable_area or 0) for unit in units) / 2, 0.0
    above: list[Unit] = []
    for unit in units:
        area = float(unit.usable_area or 0)
        if above and done + area / 2 > half:
            break
        above.append(unit)
        done += area
    return [above, units[len(above) :]]


def _layout(rows: list[list[Unit]]) -> tuple[list[RoomBox], tuple[float, float]]:
    """The rooms, and width and height of the sheet in metres. The shorter row ends with stairs."""
    depths = [sum(float(unit.usable_area or 0) for unit in row) / LENGTH for row in rows]
    tops = [MARGIN, MARGIN + depths[0] + CORRIDOR]
    rooms = []
    for row, depth, top in zip(rows, depths, tops, strict=True):
        left = MARGIN
        for unit in row:
            right = left + float(unit.usable_area or 0) / depth
            rooms.append(RoomBox(unit, (left, top, right, top + depth)))
            left = right
    return rooms, (LENGTH + 2 * MARGIN, tops[1] + depths[1] + MARGIN)


def _ring(room: RoomBox, size: tuple[float, float]) -> list[list[float]]:
    left, top, right, bottom = room.box
    ring = [(left, top), (right, top), (right, bottom), (left, bottom)]
    return [[x / size[0], y / size[1]] for x, y in ring]


def _picture(rooms: list[RoomBox], size: tuple[float, float], *, furnished: bool) -> bytes:
    sheet = Image.new("RGB", (round(size[0] * PX), round(size[1] * PX)), "white")
    pen, letters = ImageDraw.Draw(sheet), ImageFont.load_default(20)
    for room in rooms:
        box = [round(each * PX) for each in room.box]
        pen.rectangle(box, outline=INK, width=5)
        upper = room.box[1] == MARGIN
        door, wall = (box[0] + box[2]) // 2, box[3] if upper else box[1]
        pen.line([door - 14, wall, door + 14, wall], fill="white", width=7)
        swing = [door - 14, wall - 28, door + 42, wall + 28]
        pen.arc(swing, 180 if upper else 90, 270 if upper else 180, fill=PALE, width=2)
        for x in range(box[0] + 40, box[2] - 40, 84):  # windows
            outside = box[1] if upper else box[3]
            pen.line([x, outside, x + 42, outside], fill="white", width=2)
        if furnished:
            for x in range(box[0] + 30, box[2] - 60, 90):
                pen.rectangle([x, (box[1] + box[3]) // 2 + 40, x + 44, (box[1] + box[3]) // 2 + 64], outline=PALE)
    middle = (rooms[0].box[3] + CORRIDOR / 2) * PX
    pen.text((sheet.width / 2, middle), "SAMPLE PLAN  ·  corridor", font=letters, fill=PALE, anchor="mm")
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()
