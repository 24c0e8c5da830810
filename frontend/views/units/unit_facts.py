"""The page of a unit, as its own address shows it, and that of its panel where the whole page is asked for."""

from django.db.models import Q
from django.shortcuts import render

from frontend.graphics import floorplan_svg
from frontend.site import basket, breadcrumbs
from frontend.site.period_rows import periods_shown
from frontend.views.units.lineage import reconfigurations
from frontend.views.units.unit_strip import strip
from frontend.views.units.unit_verbs import allocation_acts, unit_acts
from spaces import floorplans, ledger
from spaces.access import get_visible, refuse_ahead
from spaces.access.disclosure import newest
from spaces.models import Allocation, Unit
from spaces.models.people import reads_all
from spaces.models.units import FEATURES
from spaces.states import UnitState
from tenants.leasing import contracts
from tenants.leasing.occupancy import sees_inside

CHANGES = 50


def whole_page(request, code):
    """The page of a unit: facts, states from past to future, the change log for its readers, the acts allowed."""
    unit = get_visible(_rows(request.as_of), request.user, code=code)
    park = unit.floor.building.park
    refuse_ahead(request.user, park, day=request.as_of, today=request.today)
    state = ledger.state_of(unit, on=request.as_of, today=request.today)
    allocations = list(Allocation.objects.visible_to(request.user).filter(unit=unit).order_by("-starts_on"))
    by_allocation = contracts.contracts(row.pk for row in allocations)
    acts = unit_acts(unit, request.user)
    staff = bool(acts) or reads_all(request.user) or (request.known_on is not None and sees_inside(request.user, park))
    spells = strip(unit, request, ahead=staff)
    context = {
        "unit": unit,
        "park": park,
        "building": unit.floor.building,
        "state": state,
        "vacant_since": _vacant_since(request, unit, state),
        "times_let": contracts.times_let(allocations, by_allocation, on=request.as_of) if staff else None,
        "strip": spells,
        "drawing": _place(request, unit, state) if state else None,
        "ends": (spells[0].since, spells[-1].until),
        "allocations": [
            (row, by_allocation.get(row.pk), allocation_acts(row, contract=by_allocation.get(row.pk)) if acts else [])
            for row in allocations
        ],
        "changes": newest(request.user, CHANGES, Q(unit=unit.pk)) if staff else [],
        "reconfigurations": reconfigurations(unit),
        "periods": periods_shown(unit, None if staff else request.today, unit.life),
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


def _rows(day):
    dated = Unit.objects.with_facts(day).select_related("floor__building__park")
    return dated.prefetch_related("periods")


def _vacant_since(request, unit, state):
    vacant = state == UnitState.VACANT
    return ledger.vacant_since(unit, on=request.as_of, today=request.today) if vacant else None


def _place(request, unit, state):
    """The floor plan with this unit alone marked on it; None where it is not drawn."""
    shape = floorplans.shape_of(unit, request.user, on=request.as_of)
    if shape is None:
        return None
    unit.state = state
    sheet = floorplans.PlanOfDay(shape.plan, [floorplans.UnitOnPlan(unit, shape, shape.area())], [])
    return floorplan_svg.drawing(request, sheet, chosen={unit.pk})
