"""A floor plan as SVG: 1000 units wide whatever the picture, one figure a unit, with as much of a label as fits in."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.urls import reverse
from django.utils.translation import gettext as _

from frontend.site.formatting import GLYPHS, area, m2
from frontend.site.links import page
from spaces.models.codes import building_code
from spaces.states import UnitState

WIDE = 1000
PATTERNED = {UnitState.RESERVED, UnitState.COMMITTED, UnitState.OFFLINE}  # the patterns of `_plan.html`
ZOOMS = (1, 2, 3)
SHARP = {1: 1600, 2: 2400, 3: 2400}  # px of the picture shown at each
LETTER, HAN, LINE = 11.5, 20, 25  # widths and height in the drawing's own units, at the font size of app.css
ROOMS_OF_A_SHAPE = (0.5, 0.375, 0.625, 0.25, 0.75)  # positions of a label, from the top; the middle first


@dataclass(frozen=True, slots=True)
class Figure:
    """One polygon: its address, its name, and the lines of its label from (x, y) on."""

    unit: object
    url: str
    title: str
    points: str
    x: float
    lines: list
    chosen: bool

    @property
    def patterned(self):
        return self.unit.state in PATTERNED


def drawing(request, sheet, *, zoom=1, chosen=(), labels=True):
    """What `_plan.html` draws; None where there is no plan."""
    plan = sheet.plan
    if plan is None:
        return None
    high = round(WIDE * plan.height_px / plan.width_px)
    rows = [row for row in sheet.rows if row.shape]
    return {
        "plan": plan,
        "high": high,
        "picture": picture_url(plan, SHARP[zoom]),
        "sharp": picture_url(plan, max(SHARP.values())),
        "figures": [_figure(request, row, high, row.unit.pk in chosen, labels) for row in rows],
    }


def picture_url(plan, wanted):
    """The smallest of the pictures that is as wide as wanted, or the widest; empty for a plan without a picture."""
    if not plan.picture:
        return ""
    width = next((width for width in plan.widths if width >= wanted), plan.widths[-1])
    return reverse("plan-picture-small", args=[plan.pk, width])


def room_of(unit):
    """A unit's code without the building's, which the page names already."""
    return unit.code.removeprefix(f"{building_code(unit.floor.building)}-")


def legend(sheet, links):
    """(state, address, number of units, m2) of each state of the day, in the ledger's order."""
    number = Counter(row.unit.state for row in sheet.rows)
    sums = defaultdict(Decimal)
    for row in sheet.rows:
        sums[row.unit.state] += row.unit.usable_area or 0
    return [(state, links[state.value], number[state], sums[state]) for state in UnitState if number[state]]


def corners(points, high):
    """The points attribute of a polygon, exact enough for a click beside a corner to take it."""
    return " ".join(f"{round(x * WIDE, 4)},{round(y * high, 4)}" for x, y in points)


def _figure(request, row, high, chosen, labels):
    unit, state = row.unit, UnitState(row.unit.state)
    inside = [(x * WIDE, y * high) for x, y in row.shape.points]
    x, y, wide, tall = _seat(inside)
    lines = _label(unit, state, wide, tall) if labels else []
    top = y - LINE * (len(lines) - 1) / 2
    return Figure(
        unit=unit,
        url=page(request, "unit-detail", unit.code),
        title=_("%(unit)s: %(words)s") % {"unit": unit.code, "words": f"{state.label} · {m2(unit.usable_area)}"},
        points=corners(row.shape.points, high),
        x=round(x, 1),
        lines=[(round(top + number * LINE, 1), text) for number, text in enumerate(lines)],
        chosen=chosen,
    )


def _label(unit, state, wide, tall):
    """Glyph and room, the state, the area: as much as fits, and at least the glyph."""
    wanted = [f"{GLYPHS[state]} {room_of(unit)}".strip(), str(state.label), area(unit.usable_area)]
    lines = []
    for text in wanted:
        if _width(text) <= wide and LINE * (len(lines) + 1) <= tall:
            lines.append(text)
        elif not lines:  # a state or an area means nothing without the room
            return [GLYPHS[state]] if GLYPHS[state] and wide > HAN and tall > LINE else []
    return lines


def _width(text):
    return sum(LETTER if ord(char) < 0x2E80 else HAN for char in text)  # noqa: PLR2004 the scripts of full width begin


def _seat(points):
    """(x, y, width, height) of the room for a label: the widest stretch inside the shape at one of a few heights."""
    ys = [y for _x, y in points]
    top, tall = min(ys), max(ys) - min(ys)
    best = (0.0, 0.0, -1.0)
    for part in ROOMS_OF_A_SHAPE:
        y = top + tall * part + 0.01
        crossed = sorted(
            a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
            for a, b in pairwise([*points, points[0]])
            if (a[1] > y) != (b[1] > y)
        )
        for left, right in zip(crossed[::2], crossed[1::2], strict=True):
            if right - left > best[2] + 1:
                best = ((left + right) / 2, y, right - left)
    return (*best, tall)
