from django.db.models import FETCH_RAISE
from django.views.decorators.http import require_GET

from frontend.site.access import open_place
from frontend.site.bounded_pages import BoundedPaginator
from frontend.site.filter_chips import chips, given
from frontend.site.htmx import render_page
from frontend.views.units.unit_facts import whole_page
from spaces import ledger
from spaces.access import listed_on
from spaces.filters import UnitFilter
from spaces.models import Park, Unit
from spaces.models.people import reads_all
from spaces.states import UnitState

PER_PAGE = 50
COUNTED = 20_000  # beyond it neither number nor area is that of all rows: the balance of the place says them
LONGEST_VACANT = "vacant"
ORDERS = {
    "code": ("code_order",),
    "-code": ("-code_order",),
    "area": ("usable_area", "pk"),
    "-area": ("-usable_area", "pk"),
}
OF_VACANT = ORDERS | {LONGEST_VACANT: ("vacant_since", "pk")}


@require_GET
@open_place
def unit_list(request):
    """Every unit that fits the filter, with the total of all: what a number on a page leads to."""
    units = listed_on(Unit.objects.visible_to(request.user), request.user, day=request.as_of, today=request.today)
    units = ledger.with_state(units, on=request.as_of, today=request.today)
    units = ledger.with_vacant_since(units, on=request.as_of, today=request.today)
    found = UnitFilter(request.GET, queryset=units, request=request)
    fits = found.is_valid()
    rows = found.qs if fits else units.none()
    only_vacant = fits and found.only_vacant
    orders = OF_VACANT if only_vacant else ORDERS
    order = request.GET.get("order")
    order = order if order in orders else "code"
    listed = rows.select_related("floor__building__park").order_by(*orders[order]).fetch_mode(FETCH_RAISE)
    of_own_parks = request.as_of > request.today and not reads_all(request.user)
    known = _number_and_area(request, found) if fits and not of_own_parks else None
    paged = BoundedPaginator(listed, PER_PAGE, counted=COUNTED, area="usable_area", known=known)
    query = request.GET.copy()
    for name in ("page", "order"):
        query.pop(name, None)
    page = paged.get_page(request.GET.get("page"))
    context = {
        "filter": found,
        "page": page,
        "area": paged.area,
        "number": paged.count,
        "more": paged.more,
        "order": order,
        "only_vacant": only_vacant,
        "query": query.urlencode(),
        "chips": chips(request, found) if fits else [],
        "narrowed": len(given(request, found.form)),
        "of_own_parks": of_own_parks,
        "faults": [field for field in found.form if field.errors],
        "sample": any(unit.floor.building.park.sample for unit in page),
    }
    return render_page(request, "frontend/unit_list.html", context, fragment="results", status=200 if fits else 400)


def _number_and_area(request, found):
    """Number and area of what a filter leaves, if the month ledger knows them; counted unit by unit otherwise."""
    asked = found.of_group()
    if asked is None:
        return None
    group, states = asked
    units = ledger.ParkUnits(Park.objects.visible_to(request.user), group)
    balance = ledger.kept_balance(units, on=request.as_of, today=request.today)
    return None if balance is None else balance.in_states(states or UnitState.values)


@require_GET
@open_place
def unit_detail(request, code):
    return whole_page(request, code)
