"""A floor: its plan on a day, its units with the sum of those chosen, the versions of the plan, adjacency."""

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from frontend.forms.floorplans import AdjacencyForm
from frontend.graphics import floorplan_svg
from frontend.site import basket, breadcrumbs
from frontend.site.access import open_place
from frontend.site.htmx import render_page
from frontend.site.limits import MOST_SELECTED, takes_selection
from frontend.site.links import floor_name, named, page, state_links
from frontend.site.place_rows import floor_row
from frontend.views.floors.plan_rows import FLOORS
from spaces import floorplans, ledger
from spaces.access import get_editable, get_visible, may_edit, refuse_ahead
from spaces.actions import floorplans as acts
from spaces.ledger import rollups
from spaces.models import Floor, FloorPlan, Unit
from spaces.models.people import reads_all
from tenants.rights import MANAGER


@dataclass(frozen=True, slots=True)
class Choice:
    """The ticked units: their total, whether they are connected (None: not known), the acts on them."""

    rows: list
    area: Decimal
    unknown: int
    connected: bool | None
    acts: list
    card: dict | None


@takes_selection(MOST_SELECTED)
@require_GET
@open_place
def floor_detail(request, park, code, level):
    floor = get_visible(FLOORS, request.user, building__park__code=park, building__code=code, level=level)
    building = floor.building
    refuse_ahead(request.user, building.park, day=request.as_of, today=request.today)
    units = Unit.objects.visible_to(request.user).filter(floor=floor)
    balance = ledger.balance(units, on=request.as_of, today=request.today)
    sheet = floorplans.of_floor(floor, request.user, on=request.as_of, today=request.today)
    editable = may_edit(Floor.objects, request.user, pk=floor.pk)
    choice = _choice(request, sheet, floor, editable=editable)
    zoom = next((each for each in floorplan_svg.ZOOMS if str(each) == request.GET.get("zoom")), 1)
    links = state_links(request, building=f"{park}-{code}", level=level)
    chosen = {row.unit.pk for row in choice.rows}
    node = rollups.Node(str(level), floor.label, "", floor, balance, building.park.sample)
    context = {
        "floor": floor,
        "building": building,
        "park": building.park,
        "sheet": sheet,
        "drawing": floorplan_svg.drawing(request, sheet, zoom=zoom, chosen=chosen),
        "zoom": zoom,
        "zooms": floorplan_svg.ZOOMS,
        "legend": floorplan_svg.legend(sheet, links),
        "choice": choice,
        "chosen": chosen,
        "versions": FloorPlan.objects.visible_to(request.user).filter(floor=floor).order_by("-valid_from"),
        "floors": [floor_row(request, node, f"{park}-{code}")],
        "links": links,
        "name": f"{named(building)} {floor_name(floor)}",
        "below": _beside(request, floor, building.floors.filter(level__lt=level).order_by("-level")),
        "above": _beside(request, floor, building.floors.filter(level__gt=level).order_by("level")),
        "editable": editable,
        "adjacency_form": AdjacencyForm(units=[row.unit for row in sheet.rows]) if editable else None,
        "sample": building.park.sample,
        "crumbs": breadcrumbs.to_building(request, building),
        "here": request.get_full_path(),
    } | basket.shown(request)
    return render_page(request, "frontend/floor_detail.html", context, fragment="choice")


@require_POST
def floor_adjacency(request, park, code, level):
    """Record whether two units are adjacent, as set by a person; back to the page of the floor."""
    floor = get_editable(FLOORS, request.user, building__park__code=park, building__code=code, level=level)
    form = AdjacencyForm(request.POST, units=Unit.objects.filter(floor=floor))
    if form.is_valid():
        try:
            pair = acts.set_adjacency(**form.cleaned_data, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("%(pair)s: saved.") % {"pair": pair})
    else:
        messages.error(request, " ".join(word for words in form.errors.values() for word in words))
    return HttpResponseRedirect(reverse("floor-detail", args=[park, code, level]), status=303)


def _choice(request, sheet, floor, *, editable):
    """What `?unit=` names, of the units that exist on the day."""
    wanted = set(request.GET.getlist("unit"))
    rows = [row for row in sheet.rows if row.unit.code in wanted]
    connected = floorplans.are_connected([row.unit.pk for row in rows], sheet.adjacency) if rows else None
    return Choice(
        rows=rows,
        area=sum((row.unit.usable_area for row in rows if row.unit.usable_area), Decimal(0)),
        unknown=sum(row.unit.usable_area is None for row in rows),
        connected=connected,
        acts=_acts(request, floor, [row.unit.code for row in rows]) if rows and editable else [],
        card=basket.offered(request, [row.unit for row in rows], staff=editable or reads_all(request.user))
        if rows
        else None,
    )


def _acts(request, floor, codes):
    """(title, address) of the acts that a manager may do on one unit, or on several at once."""
    if not may_edit(Floor.objects, request.user, roles=MANAGER, pk=floor.pk):
        return []
    first, *others = codes
    if not others:
        verbs = (("hold", _("Hold")), ("split", _("Split")))
        return [(word, reverse("unit-act", args=[first, verb])) for verb, word in verbs]
    query = urlencode({"others": others}, doseq=True)
    return [(_("Merge"), f"{reverse('unit-act', args=[first, 'merge'])}?{query}")]


def _beside(request, floor, others):
    """(label, address) of the next floor up or down; None at the top and at the bottom."""
    other = others.first()
    if other is None:
        return None
    building = floor.building
    return floor_name(other), page(request, "floor-detail", building.park.code, building.code, other.level)
