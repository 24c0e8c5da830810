"""How areas, rates, days and states look on a page. No query; `link` and `icon` for all templates."""

from functools import cache

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from frontend.graphics.icons import PATHS
from frontend.site import browsers, formatting
from frontend.site import repeats as once_only
from frontend.site.formatting import GLYPHS
from frontend.site.links import floor_name, page, readers_half
from frontend.site.links import named as name_of
from spaces.ledger.vacancy_spells import days_vacant as days_of_vacancy
from spaces.states import UnitState
from spaces.values.names import short_name

register = template.Library()

for shown in (
    formatting.area,
    formatting.day,
    formatting.difference,
    formatting.fact,
    formatting.first_day,
    formatting.m2,
    formatting.moment,
    formatting.number,
    formatting.points,
    formatting.printed,
    formatting.printed_day,
    formatting.rate,
    formatting.signed_area,
    formatting.signed_percent,
    formatting.signed_points,
    formatting.wan,
):
    register.filter(shown)
register.filter("last_day", formatting.written_last_day)

IN_PLACE = (
    'hx-boost="true" hx-target="#main" hx-select="#main" hx-select-oob="#messages" hx-swap="outerHTML"'
    ' hx-push-url="false"'
)


@register.simple_tag(takes_context=True)
def once(context):
    """The hidden field by which a form sent twice is done once; every form that posts has one."""
    token = once_only.token(context["request"])
    return format_html('<input type="hidden" name="{}" value="{}">', once_only.NAME, token)


register.filter("browser", browsers.named)


@register.simple_tag
def in_place():
    """Attributes of every form that posts: htmx swaps the answer into the page, so that no POST enters the history.

    Otherwise Back would ask the browser for the answer to a POST, which it may not store (ERR_CACHE_MISS).
    """
    return mark_safe(IN_PLACE)  # noqa: S308 a constant


@register.filter
def named(row):
    """The name of a place, with the English one before it on English pages."""
    return name_of(row)


@register.simple_tag
def samples_differ(rows):
    """Whether some rows are sample data and some not: then each row is marked, else the page is, once."""
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
def optional(field):
    """Whether a field is optional while others of its form are required.

    No field is whose form asks for it by what stands in another: `depends`.
    """
    asked = field.field.required or field.name in getattr(field.form, "depends", ())
    return not asked and any(other.required for other in field.form.fields.values())


@register.filter
def elided(paged):
    """The numbers of a pager, with … where it skips."""
    return paged.paginator.get_elided_page_range(paged.number, on_each_side=2, on_ends=1)


@register.filter
def counted(paged):
    """How many rows a list has; 1000+ where no more of them were counted."""
    paginator = paged.paginator
    return f"{paginator.count}+" if getattr(paginator, "more", False) else paginator.count


@register.simple_tag(takes_context=True)
def days_vacant(context, since):
    """How long a unit that is vacant since a day has been so on the day asked about: 121 days."""
    days = days_of_vacancy(since, context["request"].as_of)
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


@register.simple_tag
def area_columns():
    """The headings of the areas of a balance, in the order of `area_cells`."""
    return _("Lettable (m²)"), _("Occupied"), _("Signed, not moved in"), _("Held"), _("Vacant")


@register.simple_tag
def area_cells(columns, balance, links):
    """Cells with the areas of a balance, each leading to its units. One tag: tables have a hundred rows and more."""
    areas = balance.areas
    shown = {
        "lettable": balance.lettable,
        "taken": balance.taken,
        "committed": areas[UnitState.COMMITTED],
        "reserved": areas[UnitState.RESERVED],
        "vacant": areas[UnitState.VACANT],
    }
    return mark_safe(  # noqa: S308 escaped
        "".join(
            f'<td class="isp-num" data-label="{escape(heading)}"><a href="{escape(links[name])}">'
            f"{escape(formatting.area(value))}</a></td>"
            for heading, (name, value) in zip(columns, shown.items(), strict=True)
        )
    )


@register.simple_tag
def state_badge(state):
    """Glyph and label of a UnitState, or of its value, on its fill and pattern."""
    state = UnitState(state)
    glyph = format_html('<span class="isp-glyph" aria-hidden="true">{}</span>', GLYPHS[state]) if GLYPHS[state] else ""
    return format_html('<span class="isp-state s-{}">{}{}</span>', state.value, glyph, state.label)


@register.simple_tag
def attributes(attrs):
    """The attributes of a widget. Instead of Django's template for them, which a form includes for each option."""
    shown = {name: value for name, value in attrs.items() if value is not False}
    return format_html_join(
        "",
        "{}{}",
        ((f" {name}", "" if value is True else format_html('="{}"', str(value))) for name, value in shown.items()),
    )


@register.simple_tag
@cache
def icon(name):
    """An outline icon, hidden from screen readers: its label is beside it."""
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
