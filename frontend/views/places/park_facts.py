"""Another ecosystem, kind, controllable area or operator of a park: from a day on, or as a correction."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from frontend.act_page import status_of, submit
from frontend.forms.dated_facts import BelongingForm, opened, refuse_unchanged
from frontend.site import breadcrumbs
from frontend.site.access import OFFICER
from frontend.site.interrupted_forms import typed
from frontend.site.links import named, page
from spaces.access import get_editable
from spaces.actions import park_facts, places
from spaces.models import Park


@require_http_methods(["GET", "POST"])
def park_belonging(request, code):
    """The form that changes where a park belongs from a day on, or corrects it for days before."""
    park = get_editable(Park.objects, request.user, roles=OFFICER, code=code)
    form = BelongingForm(typed(request), **opened(park, BelongingForm, request))
    back = page(request, "park-detail", code)

    def save(it):
        data = it.data
        refuse_unchanged(park_facts.differing(park, data["facts"], data["validity"]))
        facts = data["facts"] | {"validity": data["validity"], "seen": it.seen}
        places.update(park, by=it.by, on=it.on, why=data["why"], **facts)
        return back, _("%(name)s: saved.") % {"name": park}

    address = submit(request, form, save, park, edits=park)
    if address:
        return redirect(address)
    context = {
        "form": form,
        "title": _("Change where %(park)s belongs") % {"park": named(park)},
        "crumbs": breadcrumbs.to_park(request, park),
        "back": back,
        "narrow": True,
    }
    return render(request, "frontend/place_form.html", context, status=status_of(form))
