"""Find space: units that fit, and the basket of units that a visitor has chosen."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from frontend.forms.vacancies import WindowForm
from frontend.site import basket
from frontend.site.access import open_place
from frontend.site.filter_chips import given
from frontend.site.htmx import render_page, render_part, wants_fragment
from frontend.site.links import page
from frontend.views.units.vacancy_search import Finding
from spaces.access import parks_known_to
from spaces.filters import VacancyFilter
from spaces.models import Unit
from tenants.actions.requests import MOST_REQUESTED_UNITS

MORE = (
    "park", "height_m__gte", "load_kg_m2__gte", "power_kw__gte",
    "freight_lift", "water", "drainage", "gas", "ventilation",
)  # fmt: skip


@require_GET
@open_place
def vacancy_list(request):
    """Find space: fits, nearly, not; best first, published units only."""
    window = WindowForm(request.GET or None, initial={"starts_on": request.as_of})
    units = Unit.objects.visible_to(request.user).filter(published=True)
    found = VacancyFilter(request.GET, queryset=units, request=request)
    fits = found.is_valid() and (not window.is_bound or window.is_valid())
    query = request.GET.copy()
    query.pop("page", None)
    chosen = basket.codes(request)
    context = {
        "window": window,
        "filter": found,
        "fields": [field for field in found.form if field.name in MORE],
        "narrowed": len(given(request, window)) + len(given(request, found.form)),
        "faults": [field for form in (window, found.form) for field in form if field.errors],
        "query": query.urlencode(),
        "here": request.get_full_path(),
    } | basket.shown(request)
    if fits:
        asked = window.cleaned_data if window.is_bound else {}
        known = parks_known_to(request.user)
        finding = Finding(asked, found, units, today=request.today, on=request.as_of, basket=chosen, known=known)
        context |= finding.shown(request.GET.get("page")) | {"starts_on": finding.starts_on}
        shown = [*context["cards"], *context.get("near", ())]
        context["sample"] = any(unit.floor.building.park.sample for card in shown for unit in card.units)
    return render_page(request, "frontend/vacancy_list.html", context, fragment="results", status=200 if fits else 400)


@require_POST
@open_place
def basket_change(request):
    """Put a unit, or adjacent units, into the basket or take them out. Without htmx: back to the list, at the card."""
    codes = request.POST.getlist("unit")[:MOST_REQUESTED_UNITS]
    units = list(Unit.objects.visible_to(request.user).filter(published=True, code__in=codes).order_by("code_order"))
    if not units or len(units) < len(set(codes)):
        raise Http404
    if "remove" in request.POST:
        basket.remove(request, units)
    elif not basket.add(request, units):
        messages.warning(
            request, _("You have chosen %(most)s units; take one out first.") % {"most": MOST_REQUESTED_UNITS}
        )
    way = request.POST.get("next", "")
    if wants_fragment(request):
        card = basket.offered(request, units, staff=False)
        context = {"card": card, "here": way, "bar": True} | basket.shown(request)
        return render_part(request, "frontend/_basket.html#choice", context)
    fits = url_has_allowed_host_and_scheme(way, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(f"{way}#u-{codes[0]}" if fits else page(request, "vacancy-list"), status=303)
