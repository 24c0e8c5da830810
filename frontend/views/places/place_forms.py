"""Pages that add ecosystems, parks, buildings, floors and units, and change parks, buildings and floors."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from frontend.act_page import status_of, submit
from frontend.forms import acts as forms
from frontend.site import breadcrumbs
from frontend.site.access import OFFICER
from frontend.site.interrupted_forms import typed
from frontend.site.links import named, page
from spaces.access import get_editable
from spaces.actions import places, units
from spaces.models import Building, Ecosystem, Floor, Park, Unit
from spaces.models.codes import clean_code, unit_code


@require_http_methods(["GET", "POST"])
def ecosystem_new(request):
    """Add an ecosystem; only officers of the whole province may."""
    if not Ecosystem.objects.addable_by(request.user):
        message = _(
            "Ecosystems are added by ecosystem officers of the whole province. A system admin grants this role."
        )
        raise PermissionDenied(message)
    return _new(
        request,
        forms.NewEcosystemForm(typed(request)),
        title=_("New ecosystem"),
        crumbs=[(_("Ecosystems"), page(request, "ecosystem-list"))],
        build=lambda data: Ecosystem(**data),
        there=lambda made: ("ecosystem-detail", made.code),
    )


@require_http_methods(["GET", "POST"])
def park_new(request, code):
    ecosystem = get_editable(Ecosystem.objects, request.user, code=code)
    return _new(
        request,
        forms.NewParkForm(typed(request)),
        title=_("New park in %(ecosystem)s") % {"ecosystem": named(ecosystem)},
        crumbs=breadcrumbs.to_ecosystem(request, ecosystem),
        build=lambda data: Park(ecosystem=ecosystem, **data | {"code": clean_code(data["code"])}),
        there=lambda made: ("park-detail", made.code),
    )


@require_http_methods(["GET", "POST"])
def park_edit(request, code):
    park = get_editable(Park.objects, request.user, roles=OFFICER, code=code)
    form = forms.ParkForm(typed(request), instance=park)
    return _change(request, form, park, breadcrumbs.to_park(request, park))


@require_http_methods(["GET", "POST"])
def building_new(request, park):
    row = get_editable(Park.objects, request.user, code=park)
    return _new(
        request,
        forms.NewBuildingForm(typed(request)),
        title=_("New building in %(park)s") % {"park": named(row)},
        crumbs=breadcrumbs.to_park(request, row),
        build=lambda data: Building(park=row, **data | {"code": clean_code(data["code"])}),
        there=lambda made: ("building-detail", park, made.code),
    )


@require_http_methods(["GET", "POST"])
def building_edit(request, park, code):
    building = _building(request, park, code)
    form = forms.BuildingForm(typed(request), instance=building)
    return _change(request, form, building, breadcrumbs.to_building(request, building))


@require_http_methods(["GET", "POST"])
def floor_new(request, park, code):
    building = _building(request, park, code)
    return _new(
        request,
        forms.NewFloorForm(typed(request)),
        title=_("New floor in %(building)s") % {"building": named(building)},
        crumbs=breadcrumbs.to_building(request, building),
        build=lambda data: Floor(building=building, **data),
        there=lambda made: ("floor-detail", park, code, made.level),
    )


@require_http_methods(["GET", "POST"])
def floor_edit(request, park, code, level):
    floor = _floor(request, park, code, level)
    form = forms.FloorForm(typed(request), instance=floor)
    return _change(request, form, floor, breadcrumbs.to_floor(request, floor))


@require_http_methods(["GET", "POST"])
def unit_new(request, park, code, level):
    floor = _floor(request, park, code, level)
    return _new(
        request,
        forms.NewUnitForm(typed(request), initial={"opens_on": request.today}),
        title=_("New unit on %(floor)s") % {"floor": floor},
        crumbs=breadcrumbs.to_floor(request, floor),
        build=lambda data: Unit(floor=floor, **data | {"code": unit_code(floor.building, clean_code(data["code"]))}),
        there=lambda made: ("unit-detail", made.code),
        add=units.add,
    )


def _building(request, park, code):
    rows = Building.objects.select_related("park")
    return get_editable(rows, request.user, park__code=park, code=code)


def _floor(request, park, code, level):
    rows = Floor.objects.select_related("building__park")
    return get_editable(rows, request.user, building__park__code=park, building__code=code, level=level)


def _new(request, form, *, title, crumbs, build, there, add=places.add):
    """`build` returns the new row from the data, `there` the name and arguments of its page's address."""

    def save(it):
        why = it.data.pop("why")
        made = build(it.data)
        add(made, by=it.by, why=why)
        name, *args = there(made)
        return page(request, name, *args), _("%(name)s: saved.") % {"name": made}

    address = submit(request, form, save)
    return redirect(address) if address else _page(request, form, title, crumbs)


def _change(request, form, place, crumbs):
    """The last of the `crumbs` is the page of the place, by name and address."""
    name, back = crumbs[-1]

    def save(it):
        places.update(place, by=it.by, on=it.on, seen=it.seen, **it.data)
        return back, _("%(name)s: saved.") % {"name": place}

    address = submit(request, form, save, place, edits=place)
    return redirect(address) if address else _page(request, form, _("Change %(name)s") % {"name": name}, crumbs)


def _page(request, form, title, crumbs):
    context = {"form": form, "title": title, "crumbs": crumbs, "back": crumbs[-1][1], "narrow": True}
    return render(request, "frontend/place_form.html", context, status=status_of(form))
