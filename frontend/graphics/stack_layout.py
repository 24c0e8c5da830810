"""Layout of the stacking plan: position, width, colour and text of each unit, for HTML, SVG and sheets.

Widths are true to area on every line of a floor; a floor with many rooms takes several lines.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from frontend.site.formatting import GLYPHS
from spaces.ledger.stack import Stack, Storey, UnitOnDay
from spaces.states import UnitState, Use
from spaces.values.days import days_left, last_day
from tenants.leasing.expiry_bands import ExpiryBands
from tenants.leasing.occupancy import Occupant

WHOLE = 200  # the static width classes fg-1 ... fg-200
SLOTS = 28  # cells of the least width (24 px) that a line takes beside the menu on a screen of 1,280 px
FULL = 1.001  # a line that is whole, but for the last digit of a float
MOST_LINES = 16
SMALL, MANY = 0.02, 25  # desks below this share of their floor are drawn as one block where there are more of them
HOLD_ENDS_DAYS = 3
SHORT = {
    UnitState.OCCUPIED: pgettext_lazy("short", "Occupied"),
    UnitState.HOLDOVER: pgettext_lazy("short", "Holdover"),
    UnitState.COMMITTED: pgettext_lazy("short", "Signed"),
    UnitState.RESERVED: pgettext_lazy("short", "Held"),
    UnitState.VACANT: pgettext_lazy("short", "Vacant"),
    UnitState.OFFLINE: pgettext_lazy("short", "Out of service"),
    UnitState.COMMON: pgettext_lazy("short", "Common"),
    UnitState.UNBUILT: pgettext_lazy("short", "Not ready"),
    UnitState.UNKNOWN: pgettext_lazy("short", "Area unknown"),
}


class Mark(NamedTuple):
    """One unit as it is drawn: `key` is a state or an expiry, `css` its colour, `second` the line under its code."""

    cell: UnitOnDay
    key: str
    css: str
    glyph: str
    short: str
    second: str
    badge: str
    text: str
    occupant: Occupant | None


class DeskGroup(NamedTuple):
    """Many small desks of a floor in one block; each is a row of the table."""

    marks: Sequence[Mark]
    area: float
    vacant: int


class StackLine(NamedTuple):
    """Pieces of one line of a floor, each with its area as a number for drawing; a whole line is `capacity` m2."""

    pieces: Sequence[tuple[Mark | DeskGroup | None, float]]
    capacity: float


@dataclass(frozen=True, slots=True)
class StackOptions:
    """How a plan is drawn. `inside`: its reader may see tenants and their last days; `dim`: what is highlighted;
    `marked`: the codes of units that someone points at.
    """

    on: object
    inside: bool = False
    mode: str = "state"
    scale: str = "floor"
    label: str = "tenant"
    dim: str = ""
    marked: frozenset = frozenset()


def marks(stack: Stack, look: StackOptions, occupants: dict[int, Occupant], prefix: str) -> dict[int, list[Mark]]:
    """Floor id -> its units as drawn."""
    draw = _Drawing(look, occupants, prefix)
    return {storey.floor.pk: [draw.mark(cell) for cell in storey.cells] for storey in stack.storeys}


class _Drawing:
    """Texts in the language of a request and the bounds of its day, read once."""

    def __init__(self, look: StackOptions, occupants: dict[int, Occupant], prefix: str) -> None:
        self.look, self.occupants, self.prefix = look, occupants, prefix
        self.bands = ExpiryBands(look.on)
        self.short = {state.value: str(text) for state, text in SHORT.items()}
        self.glyphs = {state.value: glyph for state, glyph in GLYPHS.items()}
        self.states = {state.value: str(state.label) for state in UnitState}
        self.uses = dict(Use.choices) if look.label == "use" else {}
        self.unit, self.unknown = _("m²"), _("area not recorded")
        self.until, self.noticed, self.lapsing = _("until %(day)s"), _("notice given"), _("hold ends soon")
        self.notice_badge, self.days_badge = pgettext("badge", "out"), pgettext("badge", "%(days)s d")
        self.today_badge = pgettext("badge", "today")

    def mark(self, cell: UnitOnDay) -> Mark:
        occupant = self.occupants.get(cell.allocation)
        if not self.look.inside and occupant is None:
            cell = cell._replace(allocation=None, ends_on=None, held_until=None)
        key = cell.state if self.look.mode == "state" else self.bands.of(cell).value
        css = f"s-{key}" if self.look.mode == "state" else f"e-{key}"
        noticed = occupant is not None and occupant.notice_on is not None and occupant.notice_on <= self.look.on
        lapses = days_left(cell.held_until, self.look.on) if cell.held_until else HOLD_ENDS_DAYS + 1
        lapsing = cell.taken_as == UnitState.RESERVED and lapses <= HOLD_ENDS_DAYS
        return Mark(
            cell,
            key,
            css,
            self.glyphs[cell.state],
            cell.code.removeprefix(self.prefix),
            self._second(cell, occupant),
            self.notice_badge if noticed else self._days(lapses) if lapsing else "",
            self._text(cell, occupant, noticed=noticed, lapsing=lapsing),
            occupant,
        )

    def _days(self, lapses: int) -> str:
        return self.days_badge % {"days": lapses} if lapses else self.today_badge

    def _second(self, cell: UnitOnDay, occupant: Occupant | None) -> str:
        area = "" if cell.area is None else f" {plain(cell.area)}"
        if self.look.label == "use":
            return f"{self.uses[cell.use]}{area}"
        if self.look.label == "tenant" and occupant is not None:
            label = occupant.name
        elif cell.state == UnitState.UNBUILT and cell.promise != UnitState.VACANT:
            label = self.short[cell.promise]
        else:
            label = self.short[cell.state]
        if self.look.mode == "expiry" and self._tells_end(cell):
            return f"{last_of(cell):%y-%m} · {label}"
        return f"{label}{area}"

    def _tells_end(self, cell: UnitOnDay) -> bool:
        return cell.ends_on is not None and cell.taken_as in ENDING

    def _text(self, cell: UnitOnDay, occupant: Occupant | None, *, noticed: bool, lapsing: bool) -> str:
        """The whole of it, for the tip and the screen reader."""
        parts = [cell.code, self.states[cell.state]]
        if cell.state == UnitState.UNBUILT and cell.promise != UnitState.VACANT:
            parts.append(self.states[cell.promise])
        parts.append(self.unknown if cell.area is None else f"{cell.area:,.2f} {self.unit}")
        if occupant is not None:
            parts.append(occupant.name)
        if self._tells_end(cell):
            parts.append(self.until % {"day": last_of(cell).isoformat()})
        parts += [badge for badge, given in ((self.noticed, noticed), (self.lapsing, lapsing)) if given]
        return " · ".join(parts)


ENDING = (UnitState.HOLDOVER, UnitState.OCCUPIED, UnitState.COMMITTED)


def last_of(cell: UnitOnDay):
    return last_day(cell.ends_on)


def plain(area) -> str:
    """1,486.5: an area in a cell, without trailing zeros."""
    text = f"{area:,.2f}"
    return text.rstrip("0").rstrip(".")


def lines(storey: Storey, drawn: Sequence[Mark]) -> list[StackLine]:
    """The units of a floor on as few lines as let each be touched, then what is not itemised."""
    extent = float(storey.extent)
    pieces = [(each, _area(each)) for each in _grouped(drawn, extent)]
    if storey.not_itemised:
        pieces.append((None, float(storey.not_itemised)))
    if not pieces:
        return []
    needed = sum(max(area / extent if extent else 0, 1 / SLOTS) for _piece, area in pieces)
    number = 1 if needed <= 1 else max(ceil(needed), _lines_for_most(pieces, extent))
    return _broken(pieces, extent / number or 1.0)


def _lines_for_most(pieces: Sequence[tuple], extent: float) -> int:
    """The number of lines on which all but the smallest fifth of the units are true to area."""
    small = sorted(area for _piece, area in pieces if area)
    if not small:
        return 1
    return min(MOST_LINES, ceil(extent / (small[len(small) // 5] * SLOTS)))


def _broken(pieces: Sequence[tuple], target: float) -> list[StackLine]:
    """Lines of pieces in their order, none fuller than whole; what is drawn at the least width takes that much."""
    found: list[list] = [[]]
    full = 0.0
    for piece, size in pieces:
        slot = max(size / target, 1 / SLOTS)
        if found[-1] and full + slot > FULL:
            found.append([])
            full = 0.0
        found[-1].append((piece, size))
        full += slot
    return [StackLine(each, max(target, sum(size for _piece, size in each))) for each in found]


def _grouped(drawn: Sequence[Mark], extent: float) -> Iterable[Mark | DeskGroup]:
    small = {
        mark.cell.pk
        for mark in drawn
        if mark.cell.use == Use.DESK and mark.cell.area is not None and float(mark.cell.area) < extent * SMALL
    }
    if len(small) <= MANY:
        return drawn
    desks = [mark for mark in drawn if mark.cell.pk in small]
    vacant = sum(mark.cell.state == UnitState.VACANT for mark in desks)
    group = DeskGroup(desks, sum(map(_area, desks)), vacant)
    return [*(mark for mark in drawn if mark.cell.pk not in small), group]


def _area(piece: Mark | DeskGroup) -> float:
    if isinstance(piece, DeskGroup):
        return piece.area
    return 0.0 if piece.cell.area is None else float(piece.cell.area)


def widths(found: Sequence[StackLine], scale: float) -> list[tuple[Sequence[tuple], int]]:
    """Each line's pieces with their width in 200ths of `scale` (an area), and what stays empty behind them."""
    drawn_lines = []
    for line in found:
        drawn = [(piece, max(1, round(area / scale * WHOLE)) if scale else 1) for piece, area in line.pieces]
        taken = sum(max(area / scale, 1 / SLOTS) for _piece, area in line.pieces) if scale else 1
        drawn_lines.append((drawn, max(0, round((1 - taken) * WHOLE))))
    return drawn_lines


class Difference(NamedTuple):
    """A unit that is not what it was: each side as drawn, None where it does not exist."""

    code: str
    then: Mark | None
    now: Mark | None


def differences(then: Iterable[Mark], now: Iterable[Mark]) -> list[Difference]:
    """The units whose state, tenant or area is another, in the order of the picture; those that are gone last."""
    before = {mark.cell.code: mark for mark in then}
    found = []
    for mark in now:
        old = before.pop(mark.cell.code, None)
        if old is None or _shown(old) != _shown(mark):
            found.append(Difference(mark.cell.code, old, mark))
    return found + [Difference(code, old, None) for code, old in before.items()]


def _shown(mark: Mark) -> tuple:
    return mark.cell.state, mark.cell.promise, mark.cell.area, mark.occupant and mark.occupant.name
