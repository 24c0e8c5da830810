from django.shortcuts import render
from django.views.decorators.http import require_GET

from frontend.site.access import open_place
from frontend.views.site.figure_definitions import DEFINITIONS
from spaces.states import UnitState


@require_GET
@open_place
def definitions(request):
    """The definitions: text and formula of every figure, and the order in which a unit's state is determined."""
    return render(request, "frontend/definitions.html", {"definitions": DEFINITIONS, "states": list(UnitState)})
