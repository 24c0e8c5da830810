"""How areas, rates, days and states look on a page. No query; `link` and `icon` for all templates."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from frontend.accounts import browsers
from frontend.graphics.icons import PATHS
from frontend.site import repeats as once_only
from frontend.site.links import floor_name, page, readers_half
from frontend.site.links import named as name_of
from spaces.ledger.figures import DifferenceKind
from spaces.states import UnitState
from spaces.values.days import last_day
from spaces.values.names import short_name

register = template.Library()

IN_PLACE = (
    'hx-boost="true" hx-target="#main" hx-select="#main" hx-select-oob="#messages" hx-swap="outerHTML"'
    ' hx-push-url="false"'
)
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


@register.simple_tag(takes_context=True)
def once(context):
    """The hidden field by which a form sent twice is done once; every form that posts has one."""
    token = once_only.token(context["request"])
    return format_html('<input type="hidden" name="{}" value="{}">', once_only.NAME, token)


register.filter("browser", browsers.named)


@register.simple_tag
def in_place():
    """What every form that posts carries: htmx puts the answer into the page, so that no POST enters the history.

    Back would otherwise ask the browser for the answer to a POST, which it may not keep (ERR_CACHE_MISS).
    """
    return mark_safe(IN_PLACE)  # noqa: S308 a constant


@register.filter
def area(value):
    """1,486.50. The unit stands in the header or beside it."""
    return _("not recorded") if value is None else f"{value:,.2f}"


@register.filter
def m2(value):
    """1,486.50 ㎡ (m² in English)."""
    return _("not recorded") if value is None else f"{value:,.2f} {_('m²')}"


@register.filter
def number(value):
    """1,486 or 1,486.50: a number with decimals only where it has any."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


@register.filter
def signed_area(value):
    """+320.00 or −320.00: a change, never coloured."""
    if value is None:
        return _("not recorded")
    return f"{MINUS if value < 0 else '+' if value else ''}{abs(value):,.2f}"


@register.filter
def difference(compared):
    """未细分 7.50 ㎡ or 登记多于公布 8.00 ㎡: what a published area and ours differ by, named by its sign."""
    if compared.kind in {None, DifferenceKind.NONE}:
        return "" if compared.kind is None else compared.kind.label
    return f"{compared.kind.label} {m2(abs(compared.difference))}"


@register.filter
def signed_percent(value):
    """+7.3% or −7.3%: by how much one figure differs from another."""
    return f"{MINUS if value < 0 else '+'}{_round(abs(value), '0.1')}%"


@register.filter
def wan(value):
    """An area as a headline with its unit: 48.71 万㎡, or 487,100 m² in English."""
    if value is None:
        return _("not recorded")
    if get_language() == "en":
        return f"{_round(value, '1'):,} m²"
    if abs(value) < WAN:
        return f"{_round(value, '1'):,} ㎡"
    return f"{_round(value / WAN, '0.01'):,} 万㎡"


@register.filter
def printed(figure):
    """A published figure as it was printed; on English pages the number in words of this site before it."""
    if get_language() != "en" or figure.number is None or figure.unit not in {"m2", "count"}:
        return figure.text
    return f"{wan(figure.number) if figure.unit == 'm2' else f'{_round(figure.number, "1"):,}'} ({figure.text})"


@register.filter
def printed_day(figure):
    """The day of a published figure as it was printed, 2024年10月; Oct 2024 on English pages."""
    if get_language() != "en":
        return figure.as_of_text
    return (
        day(figure.as_of, "prose")
        if "日" in figure.as_of_text
        else f"{MONTHS[figure.as_of.month - 1]} {figure.as_of.year}"
    )


@register.filter
def named(row):
    """The name of a place, with the English one before it on English pages."""
    return name_of(row)


@register.simple_tag
def samples_differ(rows):
    """Are some rows sample data and some not? Only then does each say which it is; else the page says it once."""
    return len({getattr(row.get("place"), "sample", False) for row in rows}) > 1


@register.simple_tag
def months_differ(months):
    return len({sample for _month, sample, _reported in months}) > 1


@register.filter(name="floor_name")
def name_of_floor(floor):
    """Level 8 on English pages where the label is 8层."""
    return floor_name(floor)


@register.filter
def brief(row):
    """The name of a place or a company in the cell of a table: in one language."""
    return short_name(row)


@register.filter
def half(text):
    """Of a note in both languages, the reader's half."""
    return readers_half(text)


@register.filter
def rate(value):
    """0.824 -> 82.4%; nothing to divide by -> an en dash."""
    return "–" if value is None else f"{_round(value * 100, '0.1')}%"


def _round(value, step):
    return Decimal(value).quantize(Decimal(step), ROUND_HALF_UP)


@register.filter
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


@register.filter
def fact(value):
    """A field of a form as text: days as days, decimals with two places, anything else as it is."""
    if isinstance(value, date):
        return day(value)
    return f"{value:,.2f}" if isinstance(value, Decimal) else value


@register.filter
def moment(value):
    """2026-11-23 10:05, in our time zone; None is empty."""
    return "" if value is None else timezone.localtime(value).strftime("%Y-%m-%d %H:%M")


@register.filter("last_day")
def written_last_day(value, style="table"):
    """The last day of a period [start, value); no end is open-ended."""
    return _("open-ended") if value is None else day(last_day(value), style)


@register.filter
def optional(field):
    """Is a field of a form optional, and worth saying so because the form has others that are not?"""
    return not field.field.required and any(other.required for other in field.form.fields.values())


@register.filter
def elided(paged):
    """The numbers of a pager, with … where it skips."""
    return paged.paginator.get_elided_page_range(paged.number, on_each_side=2, on_ends=1)


@register.simple_tag
def state_badge(state):
    """Glyph and word of a UnitState, or of its value, on its fill and pattern."""
    state = UnitState(state)
    glyph = format_html('<span class="isp-glyph" aria-hidden="true">{}</span>', GLYPHS[state]) if GLYPHS[state] else ""
    return format_html('<span class="isp-state s-{}">{}{}</span>', state.value, glyph, state.label)


@register.simple_tag
def icon(name):
    """An outline icon. It says nothing to a screen reader: the word stands beside it."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor"'
        ' stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        PATHS[name],
    )


@register.simple_tag(takes_context=True)
def link(context, name, *args, **query):
    """The address of a page; keeps the day that is asked about while it is not today."""
    return page(context["request"], name, *args, **query)
