"""The lease timeline and the expiry calendar. Overdue leases always come first."""

from decimal import Decimal
from itertools import groupby
from urllib.parse import urlencode

from django.shortcuts import render
from django.views.decorators.http import require_GET

from frontend.graphics import timeline_bars
from frontend.site.access import for_roles, has_role
from frontend.site.bounded_pages import BoundedPaginator
from frontend.site.links import page
from frontend.views.leases import lease_search
from frontend.views.leases.lease_search import current_lines
from spaces.access import ids_to_edit
from spaces.models.people import INSIDERS, rights_read_once
from spaces.values.days import FIRST, MONTHS, add_months, month_starts
from tenants.leasing import unit_timelines as rows_in_time
from tenants.leasing.expiry_calendar import OVERDUE, Expiries, next_end
from tenants.models import Lease, LeaseLine
from tenants.rights import LEASE
from tenants.states import LeaseState, LeaseStatus

PER_PAGE = 24
BUILDINGS = 30  # of a page of the calendar; its sums are those of all, its shades compare the rows of the page
SPANS = (12, 24, 36)
SOONEST = 24  # of the list on a narrow screen
ACTS = ("renew", "notice")
HEATS = 5
ANY = "~"  # in the place of the code of a building


class UnitPaginator(BoundedPaginator):
    """Pages of the units of a timeline."""

    def keys(self, first, last):
        return rows_in_time.keys_of_lettable(self.object_list, first, last)


@require_GET
@for_roles(*INSIDERS)
@rights_read_once()
def lease_timeline(request):
    """The timeline: one row a unit, holdovers first, then by building. On any day; the past is read only."""
    it = lease_search.search(request)
    months = _months(request)
    # A month before the day, so that what has just begun or ended is in the picture.
    starts = month_starts(max(FIRST, add_months(request.as_of, -1)), months)
    days = rows_in_time.window(starts[0], starts[-1])
    units = _units(it, days) if it.fits else _units(it, days).none()
    paged = UnitPaginator(units.select_related("floor__building__park"), PER_PAGE)
    shown = paged.get_page(request.GET.get("page"))
    timelines = rows_in_time.timelines_of(
        list(shown.object_list), days, on=request.as_of, today=request.today, user=request.user
    )
    may = _may_act(request, timelines)
    now = (request.as_of - days[0]).days
    drawn = [timeline_bars.draw(strip, days, now=now, may=may) for strip in timelines]
    context = lease_search.frame(it) | {
        "page": shown,
        "number": paged.count,
        "more": paged.more,
        "groups": [(late, place, list(rows)) for (late, place), rows in groupby(drawn, key=_group)],
        "months": timeline_bars.months(starts, days),
        "now": timeline_bars.share(now, days),
        "spans_of_months": [(span, span == months, page(request, "lease-timeline", **it.query(), months=span))
                            for span in SPANS],
        "kept_months": months,
        "all_leases": it.listed(),
        "soonest": _soonest(it, starts[-1]),
        "reminds": bool(may["renew"]),
        "legend": timeline_bars.LEGEND,
    }  # fmt: skip
    return render(request, "frontend/lease_timeline.html", context, status=200 if it.fits else 400)


@require_GET
@for_roles(*INSIDERS)
@rights_read_once()
def lease_calendar(request):
    """The expiry calendar: buildings by months, each number with the address of its rows."""
    it = lease_search.search(request)
    months = _months(request)
    expiries = Expiries(it.rows, on=request.today, months=months)
    totals = expiries.totals()
    number = totals.total.number
    shown = BoundedPaginator(expiries.places(number), BUILDINGS).get_page(request.GET.get("page"))
    rows = expiries.rows(list(shown.object_list))
    most = max((cell.area for row in rows for cell in row.cells[1:]), default=Decimal(0))
    total = _cells(totals, _addresses(it, expiries), Decimal(0))
    of_any = _addresses(it, expiries, building=ANY)
    context = lease_search.frame(it) | {
        "columns": expiries.columns,
        "page": shown,
        "rows": [(row.place, *_cells(row, _in_building(of_any, row.place), most)) for row in rows],
        "total": total,
        "number": number,
        "area": totals.total.area,
        "months": months,
        "by_month": [each for each in zip(expiries.columns, total[0], strict=True) if each[1]["number"]],
        "next_end": None if number else next_end(it.rows, after=expiries.columns[-1][1]),
        "spans_of_months": [(span, span == months, page(request, "lease-calendar", **it.query(), months=span))
                            for span in SPANS],
        "kept_months": months,
    }  # fmt: skip
    return render(request, "frontend/lease_calendar.html", context, status=200 if it.fits else 400)


def _months(request):
    months = request.GET.get("months", "")
    return int(months) if months in {str(span) for span in SPANS} else MONTHS


def _units(it, days):
    """The units of the place asked about; where a filter leaves out leases, those that the others take."""
    units = rows_in_time.units_with_readable_tenants(it.request.user)
    if park := it.asked.get("park"):
        units = units.filter(floor__building__park=park)
    if it.building:
        park, _dash, own = it.building.rpartition("-")
        units = units.filter(floor__building__park__code=park, floor__building__code=own)
    if it.some_leases:
        lines = LeaseLine.objects.taking(it.request.today).filter(lease__in=it.rows.order_by().values("pk"))
        units = units.filter(pk__in=lines.values("unit"))
    return rows_in_time.lettable(units, days, on=it.request.as_of, late_on=min(it.request.as_of, it.request.today))


def _may_act(request, timelines):
    """Verb -> ids of the leases shown on which this person may do it today. Nothing is done in the past."""
    if request.as_of < request.today or not has_role(request.user, LEASE["renew"]):
        return dict.fromkeys(ACTS, frozenset())
    shown = {term.lease.pk for strip in timelines for term in strip.terms if term.lease}
    leases = Lease.objects.filter(pk__in=shown, state=LeaseState.SIGNED)
    return dict.fromkeys(ACTS, ids_to_edit(leases, request.user, roles=LEASE["renew"]))


def _group(row):
    """Group key: holdovers together, the others by building."""
    return (True, None) if row.late else (False, row.unit.floor.building)


def _soonest(it, until):
    """For a narrow screen: the leases that end first, by month; [(month, leases)], overdue under None."""
    today = it.request.today
    leases = it.rows.filter(state=LeaseState.SIGNED, ends_on__lte=until).select_related("company")
    leases = leases.prefetch_related(current_lines()).order_by("ends_on", "pk")[:SOONEST]

    def month(lease):
        return None if lease.ends_on <= today else lease.last_day.replace(day=1)

    return [(key, list(rows)) for key, rows in groupby(leases, key=month)]


def _addresses(it, expiries, **place):
    """The addresses of the leases of each column, then of all columns."""
    until = _earlier(it.asked.get("last_day_to"), expiries.columns[-1][1])
    days = [*(_days(it, *column) for column in expiries.columns), {"last_day_to": until}]
    return [it.listed(**place, **each) for each in days]


def _in_building(addresses, building):
    """The addresses of ANY building, of this one: a calendar has hundreds, and each takes long to put together."""
    of_any, own = (urlencode({"building": code}) for code in (ANY, f"{building.park.code}-{building.code}"))
    return [address.replace(of_any, own) for address in addresses]


def _cells(row, addresses, most):
    """(cells, sum) of a row, each with the address of its leases if it has any."""

    def shown(cell, heat, address):
        return {"number": cell.number, "area": cell.area, "heat": heat, "url": address if cell.number else ""}

    cells = []
    for column, cell in enumerate(row.cells):
        heat = 0 if not most or column == OVERDUE else 1 + min(HEATS - 1, int(cell.area * HEATS / most))
        cells.append(shown(cell, heat, addresses[column]))
    return cells, shown(row.total, 0, addresses[-1])


def _days(it, first, last):
    """The filter of one column, within what was asked."""
    if first is None:
        return {"status": LeaseStatus.HOLDOVER}
    since = max(day for day in (first, it.asked.get("last_day_from")) if day)
    return {"last_day_from": since, "last_day_to": _earlier(it.asked.get("last_day_to"), last)}


def _earlier(asked, last):
    return min(day for day in (asked, last) if day)
