"""The search for connected area on one floor of a building."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from frontend.forms.blocks import BlockForm
from frontend.site import breadcrumbs
from frontend.site.access import for_roles
from frontend.site.links import named
from spaces.access import get_visible, may_edit
from spaces.models import Building, Unit
from spaces.models.people import INSIDERS
from tenants.asking import block_search
from tenants.leasing.occupancy import sees_inside
from tenants.rights import MANAGER


@require_GET
@for_roles(*INSIDERS)
def block_find(request, park, code):
    """The block finder, for people who may see when leases end."""
    rows = Building.objects.select_related("park")
    building = get_visible(rows, request.user, park__code=park, code=code)
    if not sees_inside(request.user, building.park):
        raise PermissionDenied(_("Whose lease ends when is for those who look after the park and those who check."))
    form = BlockForm(request.GET if "area" in request.GET else None)
    found = None
    if form.is_valid():
        units = Unit.objects.filter(floor__building=building)
        everywhere = Unit.objects.filter(floor__building__park=building.park)
        found = block_search.find(block_search.BlockCriteria(**form.cleaned_data), units, everywhere, on=request.as_of)
    context = {
        "form": form,
        "found": found,
        "ways": _ways(found or [], request.as_of),
        "building": building,
        "name": named(building),
        "faults": [field for field in form if field.errors],
        "editable": may_edit(Building.objects, request.user, roles=MANAGER, pk=building.pk),
        "crumbs": breadcrumbs.to_building(request, building),
        "sample": building.park.sample,
    }
    return render(request, "frontend/block_find.html", context, status=422 if form.is_bound and form.errors else 200)


def _ways(found, day):
    """(heading, blocks) of each way that has any."""
    ways = [
        (_("Free now"), [each for each in found if not each.moves and each.on == day]),
        (_("Free later, as leases end"), [each for each in found if not each.moves and each.on > day]),
        (_("Now, by moving tenants"), [each for each in found if each.moves]),
    ]
    return [(heading, rows) for heading, rows in ways if rows]
