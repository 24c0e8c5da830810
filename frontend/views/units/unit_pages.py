from dataclasses import dataclass
from datetime import timedelta

from django.core.paginator import Paginator
from django.db.models import FETCH_RAISE, Count, Model, Q, Sum
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from frontend import basket
from frontend.graphics import floorplan_svg
from frontend.site import breadcrumbs
from frontend.site.access import open_place
from frontend.site.htmx import render_page
from frontend.views.units.lineage import reconfigurations
from frontend.views.units.unit_acts import allocation_acts, unit_acts
from spaces import floorplans, ledger
from spaces.access import get_visible, listed_on, refuse_ahead
from spaces.access.disclosure import newest
from spaces.filters import UnitFilter
from spaces.models import Allocation, Unit
from spaces.models.people import reads_all
from spaces.states import UnitState
from spaces.values.days import day_after
from tenants.leasing import contracts

PER_PAGE = CHANGES = 50
ORDERS = {
    "code": ("code_order",),
    "-code": ("-code_order",),
    "area": ("usable_area", "pk"),
    "-area": ("-usable_area", "pk"),
}
FEATURES = ("water", "drainage", "gas", "ventilation", "freight_lift", "network", "fitted")
YEAR = timedelta(days=365)


@require_GET
@open_place
def unit_list(request):
    """Every unit that fits the filter, with the total of the whole filtered set: what a number on a page leads to."""
    units = listed_on(Unit.objects.visible_to(request.user), request.user, day=request.as_of, today=request.today)
    units = ledger.with_state(units, on=request.as_of, today=request.today)
    found = UnitFilter(request.GET, queryset=units, request=request)
    fits = found.is_valid()
    rows = found.qs if fits else units.none()
    order = request.GET.get("order")
    order = order if order in ORDERS else "code"
    sums = rows.order_by().aggregate(area=Sum("usable_area"), number=Count("pk"))
    listed = rows.select_related("floor__building__park").order_by(*ORDERS[order]).fetch_mode(FETCH_RAISE)
    paged = Paginator(listed, PER_PAGE)
    paged.count = sums["number"]
    query = request.GET.copy()
    for name in ("page", "order"):
        query.pop(name, None)
    page = paged.get_page(request.GET.get("page"))
    context = {
        "filter": found,
        "page": page,
        "area": sums["area"],
        "number": sums["number"],
        "order": order,
        "query": query.urlencode(),
        "chips": chips(request, found) if fits else [],
        "narrowed": len(given(request, found.form)),
        "of_own_parks": request.as_of > request.today and not reads_all(request.user),
        "faults": [field for field in found.form if field.errors],
        "sample": any(unit.floor.building.park.sample for unit in page),
    }
    return render_page(request, "frontend/unit_list.html", context, fragment="results", status=200 if fits else 400)


@require_GET
@open_place
def unit_detail(request, code):
    """Facts, interval strip from past to future, change log (for those who may read it), and the acts allowed."""
    unit = get_visible(Unit.objects.select_related("floor__building__park__ecosystem"), request.user, code=code)
    park = unit.floor.building.park
    refuse_ahead(request.user, park, day=request.as_of, today=request.today)
    state = ledger.state_of(unit, on=request.as_of, today=request.today)
    allocations = list(Allocation.objects.visible_to(request.user).filter(unit=unit).order_by("-starts_on"))
    by_allocation = contracts.contracts(row.pk for row in allocations)
    acts = unit_acts(unit, request.user)
    staff = bool(acts) or reads_all(request.user)
    spells = strip(unit, request, ahead=staff)
    context = {
        "unit": unit,
        "park": park,
        "building": unit.floor.building,
        "state": state,
        "strip": spells,
        "drawing": _place(request, unit, state) if state else None,
        "ends": (spells[0].since, spells[-1].until),
        "allocations": [
            (row, by_allocation.get(row.pk), allocation_acts(row, contract=by_allocation.get(row.pk)) if acts else [])
            for row in allocations
        ],
        "changes": newest(request.user, CHANGES, Q(unit=unit.pk)) if staff else [],
        "reconfigurations": reconfigurations(unit),
        "acts": acts,
        "editable": bool(acts),
        "staff": staff,
        "note": unit.note if staff else "",
        "features": [Unit._meta.get_field(name).verbose_name for name in FEATURES if getattr(unit, name)],
        "sample": park.sample,
        "crumbs": breadcrumbs.to_floor(request, unit.floor),
        "card": basket.offered(request, [unit] if state else [], staff=staff),
        "here": request.get_full_path(),
    } | basket.shown(request)
    return render(request, "frontend/unit_detail.html", context)


def _place(request, unit, state):
    """The floor plan with this unit alone marked on it; None where it is not drawn."""
    shape = floorplans.shape_of(unit, request.user, on=request.as_of)
    if shape is None:
        return None
    unit.state = state
    sheet = floorplans.Sheet(shape.plan, [floorplans.Drawn(unit, shape, shape.area())], [])
    return floorplan_svg.drawing(request, sheet, chosen={unit.pk})


def given(request, form):
    """The names of the filters that hold something."""
    return [name for name in form.fields if any(request.GET.getlist(name))]


def chips(request, found):
    """The filters in force, each with the address of the same list without it."""
    rows = []
    for name, field in found.form.fields.items():
        for value in request.GET.getlist(name):
            if not value:
                continue
            rest = request.GET.copy()
            rest.setlist(name, [other for other in rest.getlist(name) if other != value])
            rest.pop("page", None)
            words = found.form.cleaned_data[name]  # a row is at hand: its field's choices would be asked for again
            if isinstance(words, Model):
                words = field.label_from_instance(words)
            else:
                words = dict(getattr(field, "choices", None) or []).get(value, value)
            rows.append({"label": field.label, "value": words, "url": f"{reverse('unit-list')}?{rest.urlencode()}"})
    return rows


@dataclass(frozen=True, slots=True)
class Spell:
    """One stretch of the strip: its state, days [since, until), and its width in 200ths of the strip."""

    state: str
    since: object
    until: object
    width: int

    @property
    def word(self):
        return UnitState(self.state).label


def strip(unit, request, *, ahead):
    """The unit's states from two years before the day asked about to two years after, joined into spells.

    Not `ahead`, it ends with today: whoever may not know who has the unit is not told until when.
    """
    first, last = request.as_of - 2 * YEAR, request.as_of + 2 * YEAR
    if not ahead:
        last = min(last, day_after(request.today))
    days = [first + timedelta(days=number) for number in range((last - first).days)]
    states = ledger.days_of(unit, days, today=request.today)
    spells, since = [], 0
    for index in range(1, len(days) + 1):
        if index == len(days) or states[index] != states[since]:
            until = last if index == len(days) else days[index]
            width = max(1, round((until - days[since]).days / len(days) * 200))
            spells.append(Spell(states[since], days[since], until, width))
            since = index
    return spells
