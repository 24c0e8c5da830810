"""Bars of the lease timeline: shares of the window in percent, labels, CSS classes. No query."""

from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from spaces.states import UnitState
from tenants.leasing.expiry_bands import BOUNDS, ExpiryBand
from tenants.leasing.unit_timelines import TimelinePeriod

# Class of a bar -> its label, in the order of the legend. Occupied ones are coloured by their end.
LEGEND = (
    ("overdue", pgettext_lazy("lease", "Overdue")),
    *((key.value, key.label) for _months, key in BOUNDS),
    (ExpiryBand.LATER.value, ExpiryBand.LATER.label),
    ("committed", UnitState.COMMITTED.label),
    ("reserved", UnitState.RESERVED.label),
    ("vacant", UnitState.VACANT.label),
    ("past", _("Ended")),
    ("offline", UnitState.OFFLINE.label),
    ("none", _("Not ready yet, or area unknown")),
)
PATTERNS = {"committed": "dots", "reserved": "stripes", "offline": "hatch", "none": "hatch"}
ROOM = 12  # percent of the window from which on a name is drawn into its stretch


@dataclass(frozen=True, slots=True)
class Bar:
    """One rect: x and width in percent with two decimals, its class, and a name where there is room for one."""

    x: str
    width: str
    css: str
    pattern: str
    name: str
    at: str  # where the name begins within the stretch: after the line of the day, which would strike it out
    goes_on: bool


@dataclass(frozen=True, slots=True)
class TimelineRow:
    unit: object
    late: bool
    bars: list
    terms: list
    vacant_on: object
    state: str


@dataclass(frozen=True, slots=True)
class TermLine:
    """One term as text, and the acts that this person may do on its lease."""

    term: TimelinePeriod
    acts: tuple
    remindable: bool


@dataclass(frozen=True, slots=True)
class TimelineMonth:
    day: object
    x: str
    width: str
    year: object


def share(days_in, days):
    return f"{days_in * 100 / len(days):.2f}"


def months(starts, days):
    """The header: each month with its position; the first one and each January show the year."""
    found = []
    for first, after in pairwise(starts):
        begin = (first - days[0]).days
        year = first.year if first.month == 1 or first == starts[0] else None
        found.append(TimelineMonth(first, share(begin, days), share((after - first).days, days), year))
    return found


def draw(strip, days, *, now, may):
    lines = [_line(term, may) for term in strip.terms]
    late = any(term.days_overdue for term in strip.terms)
    bars = [_bar(piece, days, now) for piece in strip.pieces]
    # The ledger never forecasts holdover, so a unit held over would be vacant from tomorrow: no day is shown for it.
    return TimelineRow(strip.unit, late, bars, lines, None if late else strip.vacant_on, strip.state)


def _bar(piece, days, now):
    css = _class(piece)
    width = piece.days * 100 / len(days)
    past = max(0, now - piece.start) if now < piece.start + piece.days else 0
    room = (piece.days - past) * 100 / len(days)
    name = piece.lease.company.name if piece.lease and room >= ROOM else ""
    goes_on = piece.start + piece.days == len(days) and bool(piece.period)
    pattern = PATTERNS.get(css, "")
    at = f"{past * 100 / piece.days:.2f}"
    return Bar(share(piece.start, days), f"{width:.2f}", css, pattern, name, at, goes_on)


def _class(piece):
    if piece.expiry:
        return piece.expiry
    names = {UnitState.HOLDOVER: "overdue", UnitState.COMMON: "none", UnitState.UNBUILT: "none",
             UnitState.UNKNOWN: "none"}  # fmt: skip
    return names.get(piece.state, piece.state)


def _line(term, may):
    lease = term.lease
    if lease is None:
        return TermLine(term, (), remindable=False)
    acts = []
    if lease.pk in may["renew"] and term.period.moved_in_on:
        acts.append(("renew", _("Renew")))
    if lease.pk in may["notice"] and not lease.notice_on and not term.days_overdue:
        acts.append(("notice", _("Record notice")))
    return TermLine(term, tuple(acts), remindable=lease.pk in may["renew"])
