"""Versions of a floor plan: uploaded, given another picture, shown to companies; and the pictures themselves."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from frontend.act_page import add_refusal, status_of, submit
from frontend.forms.floorplans import PlanForm, ReplaceForm
from frontend.site import breadcrumbs
from frontend.site.access import KEEP_AND_ASK
from frontend.site.limits import takes_files
from frontend.site.links import floor_name, named, page
from frontend.views.floors.plan_rows import FLOORS, PLANS, floor_on
from spaces.access import get_editable, get_visible
from spaces.actions import floorplans as acts
from spaces.sandbox import pictures
from spaces.values.stored_files import opened

SEALED = {"default-src": ["'none'"], "sandbox": True}


@takes_files(pictures.MOST_BYTES)
@require_http_methods(["GET", "POST"])
def plan_new(request, park, code, level):
    floor = get_editable(FLOORS, request.user, building__park__code=park, building__code=code, level=level)
    form = PlanForm(*_sent(request), initial={"valid_from": request.today})
    picture = _decoded(form)

    def add(it):
        plan = acts.add_version(floor, **it.data | {"picture": picture}, by=it.by)
        return reverse("plan-draw", args=[plan.pk]), _("The plan was added. Now draw the units on it.")

    address = submit(request, form, add)
    if address:
        return redirect(address)
    title = _("%(floor)s: new floor plan") % {"floor": _name(floor)}
    return _form(request, form, title, floor)


def _decoded(form):
    """The picture that was sent, decoded before any transaction; None where the form is not valid."""
    if not form.is_valid():
        return None
    try:
        return acts.decoded(form.cleaned_data.pop("file").read(pictures.MOST_BYTES + 1))
    except ValidationError as error:
        add_refusal(form, error)
        return None


@takes_files(pictures.MOST_BYTES)
@require_http_methods(["GET", "POST"])
def plan_replace(request, pk):
    plan = get_editable(PLANS, request.user, pk=pk)
    form = ReplaceForm(*_sent(request))

    def replace(it):
        picture = it.data["file"].read(pictures.MOST_BYTES + 1)
        acts.replace_picture(plan, picture=picture, by=it.by, why=it.data["why"], seen=it.seen)
        return floor_on(request, plan), _("The picture was replaced. The shapes are where they were.")

    address = submit(request, form, replace, plan, edits=plan, once=False)
    if address:
        return redirect(address)
    title = _("%(floor)s: another picture for the plan of %(day)s")
    return _form(request, form, title % {"floor": _name(plan.floor), "day": plan.valid_from}, plan.floor)


@require_POST
def plan_publish(request, pk):
    plan = get_editable(PLANS, request.user, pk=pk)
    plan = acts.publish(plan, public=request.POST.get("public") == "1", by=request.user)
    message = _("Companies see this plan now.") if plan.public else _("Companies do not see this plan any more.")
    messages.success(request, message)
    return HttpResponseRedirect(floor_on(request, plan), status=303)


@csp_override(SEALED)
@require_GET
def plan_picture(request, pk):
    """The full picture, as a download."""
    plan = get_visible(PLANS, request.user, pk=pk)
    if not plan.picture:
        raise Http404
    ending = str(plan.picture).rpartition(".")[2]
    return _picture(request, plan, str(plan.picture), pictures.TYPES[ending])


@csp_override(SEALED)
@require_GET
def plan_picture_small(request, pk, width):
    plan = get_visible(PLANS, request.user, pk=pk)
    if width not in plan.widths:
        raise Http404
    return _picture(request, plan, plan.scaled(width), "image/webp")


def _picture(request, plan, name, content_type):
    """The picture; the browser may store it and revalidates it, so that access is checked each time."""
    tag = f'"{plan.sha256[:20]}-{len(name)}"'
    answer = get_conditional_response(request, etag=tag)
    if answer is None:
        stem = f"{plan.floor.building.park.code}-{plan.floor.building.code}-{plan.floor.level}-{plan.valid_from}"
        ending = name.rpartition(".")[2]
        stored = opened(plan.picture.storage, name)
        answer = FileResponse(stored, as_attachment=True, filename=f"{stem}.{ending}", content_type=content_type)
        answer["X-Content-Type-Options"] = "nosniff"
    answer["ETag"] = tag
    answer["Cache-Control"] = KEEP_AND_ASK
    return answer


def _sent(request):
    """Data and files of the form; a file is not kept when a login expires."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _name(floor):
    return f"{named(floor.building)} {floor_name(floor)}"


def _form(request, form, title, floor):
    building = floor.building
    context = {
        "form": form,
        "title": title,
        "back": page(request, "floor-detail", building.park.code, building.code, floor.level),
        "crumbs": breadcrumbs.to_floor(request, floor),
        "narrow": True,
    }
    return render(request, "frontend/place_form.html", context, status=status_of(form))
