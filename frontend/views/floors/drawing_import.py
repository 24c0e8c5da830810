"""The DXF import: upload, choice of layers and unit, check, take-over."""

from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from frontend.act_page import status_of, submit
from frontend.forms import concurrent_edits
from frontend.forms.drawings import DrawingForm, ReadingForm, TakeOverForm
from frontend.graphics.drawing_preview import preview
from frontend.site import breadcrumbs
from frontend.site.limits import takes_files
from frontend.site.links import floor_name, named, page
from frontend.views.floors.plan_rows import FLOORS
from spaces.access import get_editable
from spaces.actions import drawings
from spaces.dxf import comparison, layer_messages
from spaces.dxf import messages as drawing_messages
from spaces.dxf.upload import MOST_BYTES
from spaces.models import Drawing, FloorPlan
from spaces.models.drawings import UNITS

LONGEST_NAME = 150


@takes_files(MOST_BYTES)
@require_http_methods(["GET", "POST"])
def drawing_new(request, park, code, level):
    floor = get_editable(FLOORS, request.user, building__park__code=park, building__code=code, level=level)
    form = DrawingForm(request.POST, request.FILES) if request.method == "POST" else DrawingForm()

    def send(it):
        sent = it.data["file"]
        content = sent.read(MOST_BYTES + 1)
        drawing = drawings.send(floor, name=sent.name[:LONGEST_NAME], content=content, by=it.by)
        return reverse("drawing-detail", args=[drawing.pk]), ""

    address = submit(request, form, send, once=False)
    if address:
        return redirect(address)
    context = _frame(request, floor) | {"form": form, "narrow": True}
    return render(request, "frontend/drawing_new.html", context, status=status_of(form))


@require_GET
def drawing_detail(request, pk):
    """The check page."""
    drawing = _drawing(request, pk)
    return _check(request, drawing, ReadingForm(None, drawing=drawing))


@require_POST
def drawing_choose(request, pk):
    drawing = _drawing(request, pk)
    form = ReadingForm(request.POST, drawing=drawing)

    def choose(it):
        drawings.choose(drawing, codes=form.codes, by=it.by, seen=it.seen, **it.data)
        return reverse("drawing-detail", args=[pk]) + "#rooms", ""

    address = submit(request, form, choose, drawing, edits=drawing, once=False)
    if address:
        return HttpResponseRedirect(address, status=303)
    return _check(request, drawing, form, status=status_of(form))


@require_POST
def drawing_take_over(request, pk):
    drawing = _drawing(request, pk)
    if not drawing.layer:
        return redirect("drawing-detail", pk)
    compared = comparison.compare(drawing, on=request.today)
    form = _take_over_form(request, drawing, compared, request.POST)

    def take_over(it):
        data = {"use": "", "opens_on": None, "unit_sure": False} | it.data
        why = data.pop("why")
        plan = drawings.take_over(drawing, drawings.DrawingChoice(**data), by=it.by, why=why, on=it.on, seen=it.seen)
        many = plan.shapes.count()
        message = ngettext("%(count)s room is on the plan now.", "%(count)s rooms are on the plan now.", many)
        return _floor_page(request, drawing.floor), message % {"count": many}

    address = submit(request, form, take_over, drawing, edits=drawing)
    if address:
        return HttpResponseRedirect(address, status=303)
    reading = ReadingForm(None, drawing=drawing)
    return _check(request, drawing, reading, compared=compared, form=form, status=status_of(form))


def _drawing(request, pk):
    rows = Drawing.objects.select_related("floor__building__park", "created_by")
    return get_editable(rows, request.user, pk=pk)


def _take_over_form(request, drawing, compared, data):
    plans = FloorPlan.objects.editable_by(request.user).filter(floor=drawing.floor, metres_wide__isnull=False)
    return TakeOverForm(data, compared=compared, plans=plans.order_by("-valid_from", "pk"), today=request.today)


def _check(request, drawing, reading, *, compared=None, form=None, status=200):
    context = _frame(request, drawing.floor) | {
        "drawing": drawing,
        "reading": concurrent_edits.open_on(reading, drawing, request),
        "notes": layer_messages.notes(drawing.content),
        "readable": len(reading.fields["layer"].choices) > 1,
    }
    if drawing.layer:
        compared = compared or comparison.compare(drawing, on=request.today)
        form = form or _take_over_form(request, drawing, compared, None)
        if form.is_bound:
            concurrent_edits.open_on(form, drawing, request)
        else:
            form.version = reading.version
        context |= {
            "compared": compared,
            "problems": [(drawing_messages.place(each), drawing_messages.message(each)) for each in compared.problems],
            "proposed": UNITS.get(compared.doubt.facts["fits"]) if compared.doubt else None,
            "form": form,
            "picture": preview(compared),
            "total": sum((room.area for room in compared.found.rooms), 0),
            "codes": drawing.codes,
        }
    return render(request, "frontend/drawing_detail.html", context, status=status)


def _frame(request, floor):
    title = _("Import a DXF: %(floor)s") % {"floor": f"{named(floor.building)} {floor_name(floor)}"}
    return {
        "title": title,
        "floor": floor,
        "crumbs": breadcrumbs.to_floor(request, floor),
        "back": _floor_page(request, floor),
    }


def _floor_page(request, floor):
    building = floor.building
    return page(request, "floor-detail", building.park.code, building.code, floor.level)
