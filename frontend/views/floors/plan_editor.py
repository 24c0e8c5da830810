"""Units drawn on a plan, and the plan's scale: by clicks on the picture, or typed."""

from urllib.parse import urlencode

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from frontend.act_page import status_of, submit
from frontend.forms.floorplans import DrawForm, ScaleForm
from frontend.graphics import floorplan_svg
from frontend.site import breadcrumbs
from frontend.site.interrupted_forms import typed
from frontend.site.links import floor_name, named
from frontend.views.floors.plan_rows import PLANS, floor_on
from spaces import floorplans
from spaces.access import get_editable
from spaces.actions import floorplans as acts
from spaces.models import UnitShape
from spaces.values.days import last_day


@require_http_methods(["GET", "POST"])
def plan_draw(request, pk):
    """Draw one unit; then the page of the next unit without a shape."""
    plan = get_editable(PLANS, request.user, pk=pk)
    sheet = _sheet(request, plan)
    row = _wanted(request, sheet)
    shown = {"points": row.shape.points if row.shape else [], "unit": row.unit.code} if row else {}
    form = DrawForm(typed(request), initial=shown)

    def draw(it):
        points = it.data["points"] or None
        acts.set_shapes(plan, {row.unit.pk: points}, by=it.by, on=it.on, why=it.data["why"], seen=it.seen)
        done = _("%(unit)s was drawn.") if points else _("%(unit)s has no shape on this plan any more.")
        return _next(request, plan, sheet, row), done % {"unit": row.unit.code}

    if row:
        address = submit(request, form, draw, edits=row.shape or UnitShape(plan=plan, unit=row.unit))
        if address:
            return redirect(address)
    context = _board(request, plan, sheet) | {
        "form": form,
        "row": row,
        "title": _("%(floor)s: draw the units") % {"floor": _name(plan)},
        "ring": floorplan_svg.corners(row.shape.points, _high(plan)) if row and row.shape else "",
    }
    return render(request, "frontend/plan_draw.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def plan_scale(request, pk):
    plan = get_editable(PLANS, request.user, pk=pk)
    form = ScaleForm(typed(request))

    def calibrate(it):
        first, second = form.points()
        row = acts.calibrate(plan, first=first, second=second, metres=it.data["metres"], by=it.by, seen=it.seen)
        return floor_on(request, plan), _("The picture is %(metres)s m wide.") % {"metres": row.metres_wide}

    address = submit(request, form, calibrate, plan, edits=plan)
    if address:
        return redirect(address)
    context = _board(request, plan, _sheet(request, plan)) | {
        "form": form,
        "title": _("%(floor)s: set the scale") % {"floor": _name(plan)},
    }
    return render(request, "frontend/plan_scale.html", context, status=status_of(form))


def _sheet(request, plan):
    """The units of today, if the version is in force by then; else of its first day, or of its last."""
    later = plan.floor.plans.filter(valid_from__gt=plan.valid_from).order_by("valid_from").first()
    last = last_day(later.valid_from) if later else request.today
    day = max(plan.valid_from, min(request.today, last))
    return floorplans.sheet_of(plan.floor, plan, request.user, on=day, today=request.today)


def _wanted(request, sheet):
    """The unit that the form or `?unit=` names, else the first without a shape, else the first."""
    code = request.POST.get("unit") or request.GET.get("unit")
    named_one = [row for row in sheet.rows if row.unit.code == code]
    return next(iter([*named_one, *sheet.not_drawn, *sheet.rows]), None)


def _next(request, plan, sheet, done):
    """The address of the unit that waits for its shape after this one; the floor's page when all are drawn."""
    waiting = [row for row in sheet.not_drawn if row is not done]
    after = [row for row in waiting if row.unit.code > done.unit.code] or waiting
    return f"{request.path}?{urlencode({'unit': after[0].unit.code})}" if after else floor_on(request, plan)


def _board(request, plan, sheet):
    return {
        "plan": plan,
        "sheet": sheet,
        "drawing": floorplan_svg.drawing(request, sheet),
        "back": floor_on(request, plan),
        "crumbs": breadcrumbs.to_floor(request, plan.floor),
    }


def _high(plan):
    return round(floorplan_svg.WIDE * plan.height_px / plan.width_px)


def _name(plan):
    return f"{named(plan.floor.building)} {floor_name(plan.floor)}"
