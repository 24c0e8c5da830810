"""The search of the header: its page, the list under its field, and all hits of one group."""

from dataclasses import dataclass

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from frontend.site.access import open_place
from frontend.site.bounded_pages import ListPaginator
from frontend.site.htmx import render_page
from frontend.site.links import floor_name, page
from spaces.place_search import LONGEST_SEARCH
from spaces.values.names import short_name
from tenants import record_search
from tenants.states import RequestState

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Hit:
    url: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A group with hits; `url` leads to all of them where there are more."""

    name: str
    label: str
    number: int
    hits: list
    url: str


@require_GET
@open_place
def search(request):
    """`?q=` searches all groups; with `group=` all hits of that one are listed."""
    typed = request.GET.get("q", "").strip()
    context = {"searched": typed, "longest": LONGEST_SEARCH}
    if len(typed) > LONGEST_SEARCH:
        text = _("Search: %(length)s characters were typed. Type at most %(longest)s.")
        return _answer(request, context | {"refusal": text % {"length": len(typed), "longest": LONGEST_SEARCH}})
    known = {group.name: group for group in record_search.groups_for(request.user)}
    if group := known.get(request.GET.get("group")):
        return _whole_group(request, group, context)
    found = record_search.search(typed, request.user, on=request.as_of, today=request.today)
    shown = [_shown(request, each, typed) for each in found]
    return _answer(request, context | {"groups": shown, "number": sum(each.number for each in shown)})


def _answer(request, context):
    return render_page(request, "frontend/search.html", context, fragment="options")


def _whole_group(request, group, context):
    rows = record_search.rows_of(group, context["searched"], request.user, on=request.as_of, today=request.today)
    paged = ListPaginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    hits = [HITS[group.name](request, row) for row in paged]
    everywhere = page(request, "search", q=context["searched"])
    extra = {"group": group, "page": paged, "hits": hits, "number": paged.paginator.count, "everywhere": everywhere}
    return render(request, "frontend/search_group.html", context | extra)


def _shown(request, found, typed):
    hits = [HITS[found.group.name](request, row) for row in found.hits]
    more = page(request, "search", q=typed, group=found.group.name) if found.number > len(hits) else ""
    return Shown(found.group.name, found.group.label, found.number, hits, more)


def _unit(request, unit):
    return Hit(page(request, "unit-detail", unit.code), unit.code, _place(unit.floor.building, unit.floor))


def _park(request, park):
    return Hit(page(request, "park-detail", park.code), short_name(park), _joined(park.code, park.get_kind_display()))


def _building(request, building):
    url = page(request, "building-detail", building.park.code, building.code)
    return Hit(url, short_name(building), _joined(f"{building.park.code}-{building.code}", short_name(building.park)))


def _company(request, company):
    return Hit(page(request, "company-detail", company.code), short_name(company), company.code)


def _request(request, wanted):
    view = "request-edit" if wanted.state == RequestState.DRAFT else "request-detail"
    text = _joined(short_name(wanted.company), _park_of(wanted), wanted.get_state_display())
    return Hit(page(request, view, wanted.number), wanted.number, text)


def _offer(request, offer):
    text = _joined(short_name(offer.request.company), short_name(offer.park), offer.request.number)
    return Hit(page(request, "offer-detail", offer.number), offer.number, text)


def _lease(request, lease):
    text = _joined(short_name(lease.company), short_name(lease.park), lease.status(request.today).label)
    return Hit(page(request, "lease-detail", lease.number), lease.number, text)


def _handover(request, handover):
    lease = handover.lease
    text = _joined(handover.get_kind_display(), short_name(lease.company), lease.number)
    return Hit(page(request, "handover-detail", handover.number), handover.number, text)


def _park_of(wanted):
    place = wanted.park or wanted.ecosystem
    return short_name(place) if place else ""


def _place(building, floor):
    return _joined(short_name(building.park), short_name(building), floor_name(floor))


def _joined(*parts):
    return " · ".join(str(each) for each in parts if each)


HITS = {
    "units": _unit,
    "parks": _park,
    "buildings": _building,
    "companies": _company,
    "requests": _request,
    "offers": _offer,
    "leases": _lease,
    "handovers": _handover,
}
