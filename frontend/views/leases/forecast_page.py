"""The forecast: how much will be vacant and let at the ends of the next 24 months, in three scenarios."""

from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from frontend.graphics import line_chart
from frontend.site import fragment_cache
from frontend.site.access import for_roles
from frontend.site.links import named, state_links
from frontend.views.leases import lease_search
from spaces.access import refuse_ahead_among
from spaces.models import Park
from spaces.models.people import INSIDERS, rights_read_once
from spaces.states import ParkKind
from spaces.values.days import MONTHS, day_after, month_ends_ahead
from tenants.filters import ForecastFilter
from tenants.leasing import forecast, forecast_score, renewal_rates
from tenants.states import Scenario

DEFAULT_SCOPE = "incubators"
A_YEAR = 12  # the row of the key figures: today is the first


@require_GET
@for_roles(*INSIDERS)
@rights_read_once()
def forecast_page(request):
    """Of today, whatever the data date; with `known_on` what could be foretold then.

    The figures of a scope are the same for everyone who may ask for it: the report is kept until anything is written.
    """
    asked = ForecastFilter(request.GET, queryset=None, request=request)
    fits = asked.is_valid()
    query = {name: request.GET[name] for name in asked.filters if request.GET.get(name)}
    context = {
        "filter": asked,
        "faults": [field for field in asked.form if field.errors],
        "here": request.resolver_match.url_name,
        "narrowed": len(query.items() - {("scope", DEFAULT_SCOPE)}),
        "tabs": lease_search.tabs(request, query),
        "place": _place(asked) if fits else "",
    }
    if fits:
        today, parks = request.today, asked.parks.parks_on(request.today)
        refuse_ahead_among(parks, request.user, day=day_after(today), today=today)
        context["sample"] = parks.filter(sample=True).exists()
        key = ("forecast", tuple(sorted(query.items())), request.today, get_language())
        context["report"] = fragment_cache.kept(
            key,
            lambda: render_to_string("frontend/_forecast_report.html", report_of(request, asked, query), request),
        )
    return render(request, "frontend/forecast.html", context, status=200 if fits else 400)


def report_of(request, asked, query):
    days = [request.today, *(day for day in month_ends_ahead(request.today, MONTHS) if day > request.today)]
    found = forecast.of(asked.parks, days, today=request.today)
    # A park is itself, whatever else is asked; the list of units would narrow it.
    scope = {"park": query["park"]} if "park" in query else {"scope": DEFAULT_SCOPE} | query
    rows = [_row(request, each, scope) for each in found.days]
    return {
        "rows": rows,
        "year": rows[min(A_YEAR, len(rows) - 1)],
        "scenarios": [(scenario.value, scenario.label) for scenario in Scenario],
        "lettable": any(each.balance.lettable for each in found.days),
        "chart": line_chart.draw(days, [(s.label, [each.rate(s) for each in found.days]) for s in Scenario]),
        "last": found.days[-1],
        "since": found.since,
        "rates": _rates(found.rates),
        "enough": renewal_rates.ENOUGH,
        "unnamed": found.history.unnamed,
        "score": _score(forecast_score.score(asked.parks, today=request.today)),
    }


def _row(request, each, scope):
    links = state_links(request, on=each.day, **scope)
    return {
        "day": each.day,
        "lettable": each.balance.lettable,
        "vacant": [(scenario.label, each.vacant(scenario), links["vacant"] if scenario == Scenario.NONE else "")
                   for scenario in Scenario],
        "rates": [(scenario.label, each.rate(scenario)) for scenario in Scenario],
        "links": links,
    }  # fmt: skip


def _score(found):
    """The score with its figures in the order of the scenarios, each with its label."""
    return {
        "first": found.first,
        "leads": [(each.lead, each.n, [(s.label, each.errors[s]) for s in Scenario]) for each in found.leads],
        "rows": [(each, [(s.label, each.foretold[s], each.errors[s]) for s in Scenario]) for each in found.rows],
    }


def _place(asked):
    """The name of what is foretold."""
    of = asked.form.cleaned_data
    if of["park"]:
        return named(of["park"])
    whole = dict(asked.form.fields["scope"].choices)[of["scope"] or DEFAULT_SCOPE]
    if not of["ecosystem"]:
        return whole
    return _("No ecosystem") if isinstance(of["ecosystem"], str) else named(of["ecosystem"])


def _rates(used):
    """The rates with the name of whose history they are."""
    parks = Park.objects.in_bulk([each.rate.park for each in used if each.rate.park])
    kinds = dict(ParkKind.choices)

    def source(rate):
        return named(parks[rate.park]) if rate.park else kinds[rate.kind] if rate.kind else _("all parks")

    return [(source(each.rate), each) for each in used]
