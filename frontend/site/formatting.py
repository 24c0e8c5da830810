"""Areas, rates, days and numbers as pages show them: for templates (templatetags), pictures and forms. No query."""

import math
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from spaces.ledger.figures import DifferenceKind
from spaces.states import UnitState
from spaces.values.days import last_day
from spaces.values.periods import EVER

WAN = 10_000
MINUS = "\u2212"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
GLYPHS = {
    UnitState.OCCUPIED: "",
    UnitState.HOLDOVER: "!",
    UnitState.COMMITTED: "◑",
    UnitState.RESERVED: "◔",
    UnitState.VACANT: "○",
    UnitState.OFFLINE: "✕",
    UnitState.COMMON: "◇",
    UnitState.UNBUILT: "▽",
    UnitState.UNKNOWN: "?",
}
# The data holds the first day after; pages show the last day.
LAST_DAYS = {
    "ends_on": gettext_lazy("Last day"),
    "held_until": gettext_lazy("Held up to and including"),
    "closes_on": gettext_lazy("Last day of the unit"),
}


def area(value):
    """1,486.50. The unit is shown in the header or beside it."""
    return _("not recorded") if value is None else f"{value:,.2f}"


def m2(value):
    """1,486.50 ㎡ (m² in English)."""
    return _("not recorded") if value is None else f"{value:,.2f} {_('m²')}"


def number(value):
    """1,486 or 1,486.50: a number with decimals only where it has any."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


def rounded(value):
    """1,487: an area to whole square metres."""
    return f"{_round(value, '1'):,}"


def signed_area(value):
    """+320.00 or −320.00: a change, never coloured."""
    if value is None:
        return _("not recorded")
    return f"{MINUS if value < 0 else '+' if value else ''}{abs(value):,.2f}"


def difference(compared):
    """未细分 7.50 ㎡ or 登记多于公布 8.00 ㎡: what a published area and ours differ by, named by its sign."""
    if compared.kind in {None, DifferenceKind.NONE}:
        return "" if compared.kind is None else compared.kind.label
    return f"{compared.kind.label} {m2(abs(compared.difference))}"


def signed_points(value):
    """+1.2个百分点 for a rate that rose from 0.812 to 0.824: a change, never coloured."""
    if value is None:
        return "–"
    points = _round(value * 100, "0.1")
    return _("%(number)s points") % {"number": f"{MINUS if points < 0 else '+' if points else ''}{abs(points)}"}


def signed_percent(value):
    """+7.3% or −7.3%: by how much one figure differs from another."""
    return f"{MINUS if value < 0 else '+'}{_round(abs(value), '0.1')}%"


def points(value):
    """+1.25 or −1.25: a difference of two rates in percentage points; not known is an en dash."""
    return "–" if value is None else f"{MINUS if value < 0 else '+' if value else ''}{_round(abs(value), '0.01')}"


def wan(value):
    """An area as a headline with its unit: 48.71 万㎡, or 487,100 m² in English."""
    if value is None:
        return _("not recorded")
    if get_language() == "en":
        return f"{_round(value, '1'):,} m²"
    if abs(value) < WAN:
        return f"{_round(value, '1'):,} ㎡"
    return f"{_round(value / WAN, '0.01'):,} 万㎡"


def printed(figure):
    """A published figure as it was printed; on English pages preceded by the number in this site's format."""
    if get_language() != "en" or figure.number is None or figure.unit not in {"m2", "count"}:
        return figure.text
    return f"{wan(figure.number) if figure.unit == 'm2' else f'{_round(figure.number, "1"):,}'} ({figure.text})"


def printed_day(figure):
    """The day of a published figure as it was printed, 2024年10月; Oct 2024 on English pages."""
    if get_language() != "en":
        return figure.as_of_text
    return (
        day(figure.as_of, "prose")
        if "日" in figure.as_of_text
        else f"{MONTHS[figure.as_of.month - 1]} {figure.as_of.year}"
    )


def rate(value):
    """0.824 -> 82.4%; nothing to divide by -> an en dash."""
    return "–" if value is None else f"{_round(value * 100, '0.1')}%"


def duration(seconds):
    """45 seconds, or minutes rounded up from one minute on."""
    if seconds < 60:  # noqa: PLR2004 a minute
        return ngettext("%(number)d second", "%(number)d seconds", seconds) % {"number": seconds}
    minutes = math.ceil(seconds / 60)
    return ngettext("%(number)d minute", "%(number)d minutes", minutes) % {"number": minutes}


def _round(value, step):
    return Decimal(value).quantize(Decimal(step), ROUND_HALF_UP)


def day(value, style="table"):
    """2027-03-31; with "prose" 2027年3月31日 or 31 Mar 2027. A moment becomes its day in our zone; None is empty."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localdate(value)
    if style == "table":
        return value.isoformat()
    if get_language() == "en":
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
    return f"{value.year}年{value.month}月{value.day}日"


def first_day(value):
    """The first day of a period: a day, or “the beginning”."""
    return _("the beginning") if value == EVER else day(value)


def fact(value):
    """A field of a form as text: days as days, decimals with two places, anything else as it is."""
    if isinstance(value, date):
        return day(value)
    return f"{value:,.2f}" if isinstance(value, Decimal) else value


def moment(value):
    """2026-11-23 10:05, in our time zone; None is empty."""
    return "" if value is None else timezone.localtime(value).strftime("%Y-%m-%d %H:%M")


def written_last_day(value, style="table"):
    """The last day of a period [start, value); no end is open-ended."""
    return _("open-ended") if value is None else day(last_day(value), style)
