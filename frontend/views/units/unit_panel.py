"""The side panel of a unit: its main facts beside the plan, and a link to its page."""

from django.views.decorators.http import require_GET

from frontend.site import basket
from frontend.site.access import open_place
from frontend.site.htmx import render_part, wants_fragment
from frontend.site.links import page
from frontend.views.units.unit_facts import whole_page
from frontend.views.units.unit_strip import strip
from frontend.views.units.unit_verbs import unit_acts
from spaces import ledger
from spaces.access import get_visible, refuse_ahead
from spaces.models import Allocation, Unit
from spaces.models.people import reads_all
from spaces.models.units import FEATURES
from spaces.states import UnitState
from tenants.leasing import contracts
from tenants.leasing.occupancy import sees_inside


@require_GET
@open_place
def unit_panel(request, code):
    """Facts, states and acts of one unit. Without htmx the whole page."""
    rows = Unit.objects.with_facts(request.as_of).select_related("floor__building__park")
    unit = get_visible(rows, request.user, code=code)
    if not wants_fragment(request):
        return whole_page(request, code)
    park = unit.floor.building.park
    refuse_ahead(request.user, park, day=request.as_of, today=request.today)
    spells = strip(unit, request, ahead=sees_inside(request.user, park))
    now = next((spell for spell in spells if spell.since <= request.as_of < spell.until), None)
    state = ledger.state_of(unit, on=request.as_of, today=request.today)
    allocation = _behind(state, unit, request)
    acts = unit_acts(unit, request.user)
    context = {
        "unit": unit,
        "state": state,
        "now": now,
        "strip": spells,
        "ends": (spells[0].since, spells[-1].until),
        "allocation": allocation,
        "contract": contracts.contracts([allocation.pk]).get(allocation.pk) if allocation else None,
        "features": [Unit._meta.get_field(name).verbose_name for name in FEATURES if getattr(unit, name)],
        "acts": acts if request.as_of == request.today else [],
        "card": basket.offered(request, [unit] if state else [], staff=bool(acts) or reads_all(request.user)),
        "here": request.htmx.current_url_abs_path or page(request, "unit-detail", code),
    }
    return render_part(request, "frontend/_unit_panel.html", context)


def _behind(state, unit, request):
    """The allocation behind the unit's state of the day, for those who may see it."""
    seen = Allocation.objects.visible_to(request.user).filter(unit=unit)
    if state == UnitState.HOLDOVER:
        return seen.overstaying(request.as_of).order_by("starts_on").first()
    return seen.covering(request.as_of).live(request.as_of).first()
