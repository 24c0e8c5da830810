from functools import cache

from django.db.models import FETCH_RAISE, Prefetch
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from frontend.graphics import charts, stack_section
from frontend.site import basket, breadcrumbs, fragment_cache
from frontend.site.access import OFFICER, open_place
from frontend.site.bounded_pages import KeyPaginator
from frontend.site.htmx import part, wants_fragment
from frontend.site.links import named, page, state_links
from frontend.site.period_rows import periods_shown
from frontend.site.place_rows import floor_row, node_rows, origin
from frontend.views.places.pipeline_parts import building_row
from spaces import ledger
from spaces.access import get_visible, may_edit, refuse_ahead
from spaces.access.disclosure import disclosed
from spaces.ledger import figures, rollups
from spaces.ledger.pipeline import Planned
from spaces.models import Building, Change, Ecosystem, Indicator, Park, ParkPeriod, PublishedFigure, Unit
from spaces.models.figures import Measure
from spaces.models.people import rights_read_once
from spaces.states import Stage
from tenants.leasing.occupancy import sees_inside

PER_PAGE = 50
PERIODS = Prefetch("periods", ParkPeriod.objects.select_related("ecosystem"))
REPORTS = 12


@require_GET
@open_place
def ecosystem_list(request):
    incubators = ledger.ParkUnits.of_group(request.user)
    found = rollups.of_parks(incubators, "ecosystem", on=request.as_of, today=request.today)
    rows = node_rows(request, found, "ecosystem")
    context = {
        "rows": rows,
        "total": ledger.total(row["balance"] for row in rows),
        "links": state_links(request, scope="incubators"),
        "noun": _("Ecosystem"),
        "bare": Ecosystem.objects.visible_to(request.user)
        .exclude(pk__in=[row["place"].pk for row in rows if row["place"]])
        .order_by("code"),
        "addable": Ecosystem.objects.addable_by(request.user),
        **origin(rows),
    }
    return render(request, "frontend/ecosystem_list.html", context)


@require_GET
@open_place
def ecosystem_detail(request, code):
    """One ecosystem: parks, balance, published figures, indicators."""
    ecosystem = get_visible(Ecosystem.objects, request.user, code=code)
    parks = ledger.ParkUnits.of_group(request.user, ecosystem=ecosystem)
    found = rollups.of_parks(parks, "park", on=request.as_of, today=request.today)
    rows = node_rows(request, found, "park")
    total = ledger.total(row["balance"] for row in rows)
    links = state_links(request, scope="incubators", ecosystem=code)
    published = PublishedFigure.objects.visible_to(request.user).filter(ecosystem=ecosystem, as_of__lte=request.as_of)
    reported = Indicator.objects.visible_to(request.user).filter(ecosystem=ecosystem, month__lte=request.as_of)
    context = {
        "ecosystem": ecosystem,
        "name": named(ecosystem),
        "rows": rows,
        "total": total,
        "links": links,
        "bar": charts.bar(total, links) if total.lettable else [],
        "figures": published.order_by("as_of", "code"),
        "editable": may_edit(Ecosystem.objects, request.user, pk=ecosystem.pk),
        "keys": Indicator.Key,
        "months": _months(reported.order_by("-month", "key")),
        "crumbs": [(_("Ecosystems"), page(request, "ecosystem-list"))],
        "noun": _("Park"),
        "sample": any(row["sample"] for row in rows),
        "inferred": ecosystem.inferred,
    }
    return render(request, "frontend/ecosystem_detail.html", context)


@require_GET
@open_place
@rights_read_once()
def park_detail(request, code):
    park = get_visible(Park.objects.prefetch_related(PERIODS), request.user, code=code)
    park.load_facts(request.as_of)
    standing = Building.objects.visible_to(request.user).filter(park=park).exclude(closed_on__lte=request.as_of)
    refuse_ahead(request.user, park, day=request.as_of, today=request.today)
    section = stack_section.section(request, park, standing.order_by("code_order"))
    if wants_fragment(request):
        return part(request, section)
    officer = may_edit(Park.objects, request.user, roles=OFFICER, pk=park.pk)
    context = {
        "park": park,
        "name": named(park),
        "periods": periods_shown(park, None if officer and request.as_of == request.today else request.as_of),
        "parts": _parts(request, park),
        "figures": PublishedFigure.objects.visible_to(request.user).filter(park=park, as_of__lte=request.as_of),
        "editable": may_edit(Park.objects, request.user, pk=park.pk),
        "officer": officer,
        "sample": park.sample,
        "crumbs": breadcrumbs.above_park(request, park),
        "section": section,
        "paper": stack_section.paper(request),
    } | basket.shown(request)
    return render(request, "frontend/park_detail.html", context)


def _parts(request, park):
    """The cached parts of a park's page, the same for every reader: name -> HTML."""
    numbers = cache(lambda: _park_numbers(request, park))
    return {
        part: fragment_cache.kept(
            ("park", part, park.pk, request.as_of, request.today, get_language()),
            lambda part=part: render_to_string(f"frontend/_park_{part}.html", numbers(), request),
        )
        for part in ("balance", "buildings")
    }


def _park_numbers(request, park):
    rows = [
        _building(request, park, node) for node in rollups.of_buildings(park, on=request.as_of, today=request.today)
    ]
    total = ledger.total(row["balance"] for row in rows)
    links = state_links(request, park=park.code)
    declared = figures.newest_compared(
        request.user, [Measure.LETTABLE_AREA], on=request.as_of, today=request.today, park=park
    )
    return {
        "rows": rows,
        "total": total,
        "links": links,
        "bar": charts.bar(total, links) if total.lettable else [],
        "declared": next(iter(declared.values()), None),
    }


@require_GET
@open_place
@rights_read_once()
def building_detail(request, park, code):
    """Floors top down with their sums, and every unit of the building in one table."""
    building = get_visible(Building.objects.select_related("park"), request.user, park__code=park, code=code)
    refuse_ahead(request.user, building.park, day=request.as_of, today=request.today)
    section = stack_section.section(request, building.park, [building])
    if wants_fragment(request):
        return part(request, section)
    full = f"{park}-{code}"
    floors = [
        floor_row(request, node, full) for node in rollups.of_floors(building, on=request.as_of, today=request.today)
    ]
    total = ledger.total(row["balance"] for row in floors)
    links = state_links(request, building=full)
    stage = ledger.stage_of(building, on=request.as_of)
    promised = ledger.commitments(Unit.objects.filter(floor__building=building), on=request.as_of).get(building.pk)
    context = {
        "building": building,
        "park": building.park,
        "name": named(building),
        "code": full,
        "floors": floors,
        "total": total,
        "links": links,
        "bar": charts.bar(total, links) if total.lettable else [],
        "stage": stage,
        "inside": sees_inside(request.user, building.park),
        "pipeline": building_row(request, Planned(building, stage, promised, None))
        if stage != Stage.CLOSED and not ledger.is_ready(building, on=request.as_of)
        else None,
        "whole": _whole(floors, links),
        "editable": may_edit(Building.objects, request.user, pk=building.pk),
        "sample": building.park.sample,
        "crumbs": breadcrumbs.to_park(request, building.park),
        "section": section,
        "paper": stack_section.paper(request),
    } | basket.shown(request)
    return render(request, "frontend/building_detail.html", context)


@require_GET
def change_list(request):
    """The change log of what this person may read, newest first."""
    verb = request.GET.get("verb", "")
    with rights_read_once():
        found = Change.objects.visible_to(request.user).order_by("-pk")
        if verb:
            found = found.filter(verb=verb[:30])
        shown = Change.objects.select_related("by").order_by("-pk").fetch_mode(FETCH_RAISE)
        rows = KeyPaginator(found, PER_PAGE, shown=shown, farthest=None).get_page(request.GET.get("page"))
        context = {"page": rows, "changes": disclosed(rows.object_list, request.user), "verb": verb}
    return render(request, "frontend/change_list.html", context)


def _building(request, park, node):
    building = node.place
    return {
        "building": building,
        "name": named(node),
        "url": page(request, "building-detail", park.code, building.code),
        "stage": ledger.stage_of(building, on=request.as_of),
        "balance": node.balance,
        "links": state_links(request, building=node.key),
    }


def _whole(floors, links):
    """The last row of the table of floors: the building, as the sum of its floors."""
    balance = ledger.total(row["balance"] for row in floors)
    return {"balance": balance, "recorded": balance.recorded, "links": links}


def _months(indicators):
    """The newest months as (month, is it sample data, one indicator a key): a missing one is None, not 0."""
    months = {}
    for row in indicators:
        months.setdefault(row.month, {})[row.key] = row
    return [
        (month, any(row.sample for row in reported.values()), [reported.get(key) for key in Indicator.Key])
        for month, reported in list(months.items())[:REPORTS]
    ]
