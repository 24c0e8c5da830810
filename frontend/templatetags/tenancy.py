"""How requests, offers, leases, money and the days of a tenancy look on a page. No query."""

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from frontend.site import formatting
from frontend.site.links import named as named_of
from spaces.values import masks
from tenants import matching
from tenants.states import LeaseState, LeaseStatus, OfferState, RequestState

register = template.Library()
register.filter("masked_phone", masks.phone)
register.filter("masked", masks.word)
register.filter("joined", matching.joined)

KINDS = {
    RequestState.SUBMITTED: "info",
    RequestState.IN_REVIEW: "info",
    RequestState.RETURNED: "warn",
    RequestState.ADMITTED: "info",
    RequestState.OFFERED: "warn",
    RequestState.ACCEPTED: "warn",
    RequestState.LEASED: "ok",
    RequestState.REJECTED: "bad",
}
OFFERS = {OfferState.SENT: "warn", OfferState.ACCEPTED: "ok"}
LEASES = {
    LeaseStatus.PENDING: "info",
    LeaseStatus.ACTIVE: "ok",
    LeaseStatus.ENDING: "warn",
    LeaseStatus.HOLDOVER: "bad",
    LeaseStatus.DRAFT: "warn",
}
CELL = '<td class="isp-num{}"><a href="{}" title="{}"><b>{}</b><span>{}</span></a></td>'
EMPTY_CELL = format_html('<td class="isp-num">{}</td>', "")


def badge(kind, label):
    return format_html('<span class="isp-b isp-b-{}">{}</span>', kind, label)


@register.simple_tag
def request_badge(state, step=None):
    """The state of a request; while it is reviewed, its step."""
    state = RequestState(state)
    return badge(KINDS.get(state, "neutral"), step.label if step else state.label)


@register.simple_tag(takes_context=True)
def offer_badge(context, offer):
    """The state of an offer, or "lapsed" once its day has come."""
    if offer.lapsed(context["request"].today):
        return badge("neutral", _("Lapsed"))
    state = OfferState(offer.state)
    return badge(OFFERS.get(state, "neutral"), state.label)


@register.simple_tag(takes_context=True)
def lease_badge(context, lease):
    status = lease.status(context["request"].today)
    return badge(LEASES.get(status, "neutral"), status.label)


@register.simple_tag(takes_context=True)
def days_left(context, last):
    """From today to the last day of something: 87 days left, ends today, 12 days overdue."""
    return days_left_text((last - context["request"].today).days)


def days_left_text(left):
    if left > 0:
        return ngettext("%(days)s day left", "%(days)s days left", left) % {"days": left}
    if left == 0:
        return _("ends today")
    return ngettext("%(days)s day overdue", "%(days)s days overdue", -left) % {"days": -left}


@register.simple_tag
def days_overdue(days):
    """How long the keys have not come back: overdue 23 days."""
    return ngettext("overdue %(days)s day", "overdue %(days)s days", days) % {"days": days}


@register.simple_tag(takes_context=True)
def lease_month(context, lease):
    """The heading of a lease in a list by months: overdue, the month of its last day, or its state."""
    status = lease.status(context["request"].today)
    if status == LeaseStatus.HOLDOVER:
        return pgettext("lease", "Overdue")
    return f"{lease.last_day:%Y-%m}" if lease.state == LeaseState.SIGNED else status.label


@register.simple_tag(takes_context=True)
def due(context, day):
    """A day until whose end something is due: 3 days left, due today, 2 days overdue (in the bad colour)."""
    if day is None:
        return ""
    left = (day - context["request"].today).days
    if left < 0:
        return badge("bad", ngettext("%(days)s day overdue", "%(days)s days overdue", -left) % {"days": -left})
    if left == 0:
        return badge("warn", _("due today"))
    label = ngettext("%(days)s day left", "%(days)s days left", left) % {"days": left}
    return badge("warn", label) if left == 1 else label


@register.simple_tag(takes_context=True)
def days_since(context, moment):
    """How many days ago a moment was: 6 days."""
    days = (context["request"].today - timezone.localdate(moment)).days
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


@register.filter
def money(value):
    """1,234.50, or "not recorded"."""
    return _("not recorded") if value is None else f"{value:,.2f}"


@register.filter
def named(row):
    return named_of(row)


@register.simple_tag
def expiry_cell(cell, *, overdue=False):
    """A cell of the expiry calendar: number and m2 of its leases, to which they lead. A calendar has hundreds."""
    if not cell["number"]:
        return EMPTY_CELL
    shade = " h-late" if overdue else f" h-{cell['heat']}" if cell["heat"] else ""
    return format_html(
        CELL, shade, cell["url"], formatting.m2(cell["area"]), cell["number"], formatting.rounded(cell["area"])
    )
