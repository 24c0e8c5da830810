"""Units for a request, and the check page of the offer."""

from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from frontend.act_page import Act, Impact, status_of, submit
from frontend.forms.terms import OfferForm, first_terms
from frontend.site.access import for_roles
from frontend.site.htmx import go_to, render_page
from frontend.site.interrupted_forms import typed
from frontend.site.links import page
from spaces.access import get_editable, get_visible, may_edit
from spaces.actions.conflicts import codes_of
from spaces.ledger import impact
from spaces.models import Unit
from spaces.models.people import INSIDERS
from spaces.states import UnitState
from tenants import matching
from tenants.actions import offers
from tenants.asking import fairness
from tenants.asking.worklists import tabs
from tenants.matching import Requirements
from tenants.models import SpaceRequest
from tenants.rights import MANAGER, OFFER

SHOWN = 10
ROWS = SpaceRequest.objects.select_related("company", "park", "ecosystem")


@require_GET
@for_roles(*INSIDERS)
def request_match(request, number):
    wanted = get_visible(ROWS, request.user, number=number)
    return _candidates(request, wanted)


def _candidates(request, wanted, *, refusal=None, status=200):
    """The page of candidates; with the messages of a refusal, where someone else was faster."""
    units = Unit.objects.filter(floor__building__park=wanted.park_id)
    found = matching.match(Requirements.of(wanted), units, on=request.today)
    alone = request.GET.get("alone") == "1"
    fits, near = ([each for each in group if not alone or len(each.rooms) == 1] for group in (found.fits, found.near))
    every = request.GET.get("all") == "1"
    shown = fits if every else fits[:SHOWN]
    ids = [pk for each in shown for pk in each.ids]
    context = {
        "wanted": wanted,
        "fits": shown,
        "near": [(each, matching.sentences(each)) for each in (near if every else near[:SHOWN])],
        "hidden": 0 if every else max(0, len(fits) - SHOWN) + max(0, len(near) - SHOWN),
        "fit_number": len(fits),
        "near_number": len(near),
        "reasons": list(found.reasons.items()),
        "others": [(each.room, matching.message(each.miss)) for each in found.others],
        "competitors": _competitors(request, wanted, ids),
        "alone": alone,
        "may": _may_offer(request, wanted),
        "refusal": refusal,
        "places": _places(found, shown, near),
    }
    return render_page(request, "frontend/request_match.html", context, fragment="candidates", status=status)


def _competitors(request, wanted, ids):
    chosen = Unit.objects.filter(pk__in=ids)
    return matching.competitors(wanted, chosen, matching.inventory_of(chosen, on=request.today)) if ids else []


def _places(found, *groups):
    """Unit id -> floor and building of the rooms, in one query."""
    ids = {room.pk for group in groups for each in group for room in each.rooms}
    ids |= {each.room.pk for each in found.others}
    rows = Unit.objects.filter(pk__in=ids).select_related("floor__building")
    return {row.pk: row for row in rows}


def _may_offer(request, wanted):
    ready = SpaceRequest.objects.filter(tabs(request.today)["to_match"])
    return may_edit(ready, request.user, roles=MANAGER, pk=wanted.pk)


ACT = Act(
    gettext_lazy("Hold and offer"),
    lambda it: offers.send(it.row, it.data.pop("unit"), by=it.by, on=it.on, **it.data),
    gettext_lazy("held and offered."),
    OfferForm,
)


@require_http_methods(["GET", "POST"])
def request_offer(request, number):
    """The check page of an offer: what it moves, what it passes over, its terms. Nothing is held before the POST."""
    wanted = get_editable(ROWS, request.user, roles=OFFER["send"], number=number)
    units = _chosen(request, wanted)
    if not units:
        message = _("Choose a unit below.")
        return _candidates(request, wanted, refusal=[message], status=422 if request.method == "POST" else 200)
    if request.method == "GET" and not _may_offer(request, wanted):
        return _candidates(request, wanted)
    form = _form(request, units)
    title = f"{number}: {ACT.title} {' + '.join(unit.code for unit in units)}"
    back = page(request, "request-detail", number)
    taken = []  # who was faster

    def send(it):
        it.data["unit"] = units  # those that were read already
        try:
            ACT.run(it)
        except ValidationError as refusal:
            if "unit_overlap" in codes_of(refusal):
                taken.extend(refusal.messages)
            raise
        return back, f"{title}: {ACT.done}"

    address = submit(request, form, send, wanted, guards=wanted)
    if address:
        return go_to(request, address)
    if taken:
        return _candidates(request, wanted, refusal=taken, status=409)
    context = _offered(request, wanted, units, form) | {"title": title, "back": back}
    status = status_of(form) if request.method == "POST" else 200
    return render(request, "frontend/offer_form.html", context, status=status)


def _chosen(request, wanted):
    """The units that the address or the form names, of the park that the request was sent to."""
    codes = (request.POST if request.method == "POST" else request.GET).getlist("unit")[: offers.MOST_UNITS]
    rows = Unit.objects.filter(floor__building__park=wanted.park_id, code__in=codes)
    return list(
        rows.select_related("floor__building").prefetch_related("allocations", "periods").order_by("code_order")
    )


def _form(request, units):
    linked = request.method == "GET" and "starts_on" in request.GET
    data = request.GET if linked else typed(request)
    return OfferForm(data, units=Unit.objects.filter(pk__in=[unit.pk for unit in units]))


def _offered(request, wanted, units, form):
    """The page, and the form completed with what the offer passes over and with its first terms."""
    checked = fairness.check(wanted, units, on=request.today)
    whole = [each for each in (*checked.match.fits, *checked.match.near) if len(each.ids) == len(units)]
    starts_on = whole[0].starts_on if whole else request.today
    form.initial = first_terms(wanted, units, starts_on, request.today)
    form.ask_reason(checked.rules)
    return {
        "form": form,
        "act": ACT,
        "wanted": wanted,
        "units": units,
        "area": sum((unit.usable_area for unit in units if unit.usable_area), 0),
        "checked": checked,
        "misses": [matching.message(miss) for miss in checked.soft],
        "hard": matching.message(checked.hard) if checked.hard else "",
        "preview": _impact(units, form, request.today),
        "narrow": True,
    }


def _impact(units, form, today):
    """What the hold moves on its first day; a hold that lapses before its first day moves nothing yet."""
    data = form.cleaned_data if form.is_bound and form.is_valid() else form.initial
    day, until = data["starts_on"], data["held_until"]
    if day >= until:
        text = _("The period begins after the hold lapses: no area moves before the offer is accepted.")
        return Impact(day, {}, text)
    return Impact(day, impact.into(units, UnitState.RESERVED, on=day, today=today))
