"""New parks, buildings, floors and units, and changes of the first three: one form page for all."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from frontend.forms import acts as forms
from frontend.forms import concurrent_edits
from frontend.site import breadcrumbs, repeats
from frontend.site.interrupted_forms import typed
from frontend.site.links import named, page
from frontend.views.places.place_pages import OFFICER_ONLY
from frontend.views.units.unit_acts import add_refusal
from spaces.access import get_editable
from spaces.actions import places, units
from spaces.models import Building, Ecosystem, Floor, Park, Unit
from spaces.models.codes import clean_code, unit_code


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form page: its words, the way down to it (its last step is the way back), what happens with what was typed.

    `row` is what it changes, None where it makes something; `seen` the version of the row that was sent with it.
    """

    title: str
    crumbs: list
    save: object
    next: object
    row: object = None
    seen: object = None


@require_http_methods(["GET", "POST"])
def ecosystem_new(request):
    """The top of the tree is made by officers of the whole province."""
    if not Ecosystem.objects.addable_by(request.user):
        words = _("Ecosystems are added by ecosystem officers of the whole province. A system admin grants this role.")
        raise PermissionDenied(words)
    form = forms.NewEcosystemForm(typed(request))

    def save(data):
        why = data.pop("why")
        ecosystem = Ecosystem(**data)
        places.add(ecosystem, by=request.user, why=why)
        return ecosystem

    crumbs = [(_("Ecosystems"), page(request, "ecosystem-list"))]
    return _answer(
        request, form, Sheet(_("New ecosystem"), crumbs, save, lambda made: ("ecosystem-detail", made.code))
    )


@require_http_methods(["GET", "POST"])
def park_new(request, code):
    ecosystem = get_editable(Ecosystem.objects, request.user, code=code)
    form = forms.NewParkForm(typed(request))

    def save(data):
        why = data.pop("why")
        park = Park(ecosystem=ecosystem, **data | {"code": clean_code(data["code"])})
        places.add(park, by=request.user, why=why)
        return park

    title = _("New park in %(ecosystem)s") % {"ecosystem": named(ecosystem)}
    sheet = Sheet(title, breadcrumbs.to_ecosystem(request, ecosystem), save, lambda made: ("park-detail", made.code))
    return _answer(request, form, sheet)


@require_http_methods(["GET", "POST"])
def park_edit(request, code):
    park = get_editable(Park.objects.select_related("ecosystem"), request.user, roles=OFFICER_ONLY, code=code)
    form = forms.ParkForm(typed(request), instance=park)
    return _answer(request, form, _change(request, park, breadcrumbs.to_park(request, park), ("park-detail", code)))


@require_http_methods(["GET", "POST"])
def building_new(request, park):
    row = get_editable(Park.objects.select_related("ecosystem"), request.user, code=park)
    form = forms.NewBuildingForm(typed(request))

    def save(data):
        why = data.pop("why")
        building = Building(park=row, **data | {"code": clean_code(data["code"])})
        places.add(building, by=request.user, why=why)
        return building

    title = _("New building in %(park)s") % {"park": named(row)}
    sheet = Sheet(title, breadcrumbs.to_park(request, row), save, lambda made: ("building-detail", park, made.code))
    return _answer(request, form, sheet)


@require_http_methods(["GET", "POST"])
def building_edit(request, park, code):
    building = get_editable(
        Building.objects.select_related("park__ecosystem"), request.user, park__code=park, code=code
    )
    form = forms.BuildingForm(typed(request), instance=building)
    return _answer(
        request,
        form,
        _change(request, building, breadcrumbs.to_building(request, building), ("building-detail", park, code)),
    )


@require_http_methods(["GET", "POST"])
def floor_new(request, park, code):
    building = get_editable(
        Building.objects.select_related("park__ecosystem"), request.user, park__code=park, code=code
    )
    form = forms.NewFloorForm(typed(request))

    def save(data):
        why = data.pop("why")
        floor = Floor(building=building, **data)
        places.add(floor, by=request.user, why=why)
        return floor

    title = _("New floor in %(building)s") % {"building": named(building)}
    crumbs = breadcrumbs.to_building(request, building)
    return _answer(request, form, Sheet(title, crumbs, save, lambda made: ("floor-detail", park, code, made.level)))


@require_http_methods(["GET", "POST"])
def floor_edit(request, park, code, level):
    floor = _floor(request, park, code, level)
    form = forms.FloorForm(typed(request), instance=floor)
    return _answer(
        request,
        form,
        _change(request, floor, breadcrumbs.to_floor(request, floor), ("floor-detail", park, code, level)),
    )


@require_http_methods(["GET", "POST"])
def unit_new(request, park, code, level):
    floor = _floor(request, park, code, level)
    form = forms.NewUnitForm(typed(request), initial={"opens_on": request.today})

    def save(data):
        why = data.pop("why")
        unit = Unit(floor=floor, **data | {"code": unit_code(floor.building, clean_code(data["code"]))})
        units.add(unit, by=request.user, why=why)
        return unit

    title = _("New unit on %(floor)s") % {"floor": floor}
    crumbs = breadcrumbs.to_floor(request, floor)
    return _answer(request, form, Sheet(title, crumbs, save, lambda made: ("unit-detail", made.code)))


def _floor(request, park, code, level):
    rows = Floor.objects.select_related("building__park__ecosystem")
    return get_editable(rows, request.user, building__park__code=park, building__code=code, level=level)


def _change(request, place, crumbs, there):
    seen = concurrent_edits.seen(request)

    def save(data):
        places.update(place, by=request.user, on=request.today, seen=seen, **data)
        return place

    title = _("Change %(name)s") % {"name": crumbs[-1][0]}
    return Sheet(title, crumbs, save, lambda _made: there, place, seen)


def _answer(request, form, sheet):
    def save():
        made = sheet.save(dict(form.cleaned_data))
        name, *args = sheet.next(made)
        return page(request, name, *args), _("%(name)s: saved.") % {"name": made}

    if request.method == "POST" and form.is_valid():
        try:
            address, words = repeats.do(request, save, *([sheet.row] if sheet.row else []))
        except ValidationError as error:
            add_refusal(form, error)
        else:
            concurrent_edits.say_merged(request, sheet.seen)
            messages.success(request, words)
            return redirect(address)
    if sheet.row:
        concurrent_edits.open_on(form, sheet.row, request)
    context = {
        "form": form,
        "title": sheet.title,
        "crumbs": sheet.crumbs,
        "back": sheet.crumbs[-1][1],
        "narrow": True,
    }
    return render(request, "frontend/place_form.html", context, status=concurrent_edits.status_of(form))
