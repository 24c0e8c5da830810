"""Vacancy in time: vacant area by length, net absorption by quarter, and for those who may know when leases end."""

from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from frontend.site import fragment_cache
from frontend.site.access import has_role, open_place
from frontend.site.links import named, on_day, page
from spaces import ledger
from spaces.access import knows_all, refuse_ahead_among
from spaces.filters import ScopeFilter
from spaces.ledger.balances import ratio
from spaces.ledger.tenancy_terms import LET
from spaces.models import Park
from spaces.models.people import INSIDERS
from spaces.states import UnitState
from spaces.values.days import day_after

WIDTH = 200  # of a whole bar
HALF = WIDTH // 2
TAKEN = [UnitState.OCCUPIED.value, UnitState.HOLDOVER.value]


@require_GET
@open_place
def vacancy_report(request):
    """Vacancy in time, of the incubators, an ecosystem or a park, on any day."""
    found = ScopeFilter(request.GET, queryset=Park.objects.visible_to(request.user), request=request)
    context = {"filter": found, "faults": [field for field in found.form if field.errors]}
    if not found.is_valid():
        return render(request, "frontend/vacancy_report.html", context, status=400)
    parks = found.units.parks_on(request.as_of)
    refuse_ahead_among(parks, request.user, day=request.as_of, today=request.today)
    context["report"] = _kept(request, found, "frontend/_vacancy_report.html", report_of)
    context["sample"] = parks.filter(sample=True).exists()
    context["insider"] = has_role(request.user, INSIDERS)
    if context["insider"] and knows_all(parks, request.user):
        context["terms"] = _kept(request, found, "frontend/_vacancy_terms.html", terms_of)
    return render(request, "frontend/vacancy_report.html", context)


def _kept(request, found, template, make):
    """A part of the page, which is the same for everyone who may read it."""
    key = (template, *sorted(found.query.items()), request.as_of, request.today, get_language())
    return fragment_cache.kept(key, lambda: render_to_string(template, make(request, found), request))


def report_of(request, found):
    """What everyone may read: no number of it depends on when a tenancy ends."""
    lengths = ledger.lengths_of_vacancy(found.units, on=request.as_of, today=request.today)
    vacant = sum((each.area for each in lengths), ledger.NOTHING)
    quarters = ledger.absorption(found.units, on=request.as_of, today=request.today)
    most = max((abs(each.change) for each in quarters), default=0)
    long = ledger.long_vacant(lengths)
    return {
        "scope": _scope(found),
        "lengths": [_length_row(request, found, each, vacant) for each in lengths],
        "vacant": vacant,
        "vacant_units": sum(each.units for each in lengths),
        "vacant_url": page(request, "unit-list", **found.query, state=UnitState.VACANT.value),
        "long": long,
        "long_share": ratio(long.area, vacant),
        "long_url": page(request, "unit-list", **found.query, vacant_days__gte=long.least, order="vacant"),
        "quarters": [_quarter_row(request, found, each, most) for each in reversed(quarters)],
        "any_taken": any(each.taken or each.change for each in quarters),
    }


def terms_of(request, found):
    """WALT and the area that ends in each year."""
    terms = ledger.terms_of_tenancies(found.units, on=request.as_of, today=request.today)
    rows = [
        (_("Overdue, tenant still there"), terms.overdue),
        *((str(year), part) for year, part in terms.years.items()),
        (_("later"), terms.later),
        (_("open-ended"), terms.open_ended),
    ]
    return {
        "terms": terms,
        "overdue_url": page(request, "unit-list", **found.query, state=UnitState.HOLDOVER.value),
        "whole_url": page(request, "unit-list", **found.query, state=[state.value for state in LET]),
        "rows": [
            {"label": label, "part": part, "share": terms.share(part), "bar": _bar(terms.share(part))}
            for label, part in rows
        ],
    }


def _scope(found):
    asked = found.form.cleaned_data
    places = [named(asked[name]) for name in ("ecosystem", "park") if asked[name]]
    return " · ".join(places) or _("All incubators")


def _length_row(request, found, length, vacant):
    bounds = {"vacant_days__gte": length.least, "vacant_days__lte": length.most}
    query = {name: days for name, days in bounds.items() if days is not None}
    share = ratio(length.area, vacant)
    return {
        "label": _words(length),
        "length": length,
        "share": share,
        "bar": _bar(share),
        "url": page(request, "unit-list", **found.query, **query),
    }


def _words(length):
    if length.most is None:
        return _("over %(days)s days") % {"days": length.least - 1}
    if not length.least:
        return _("up to %(days)s days") % {"days": length.most}
    return _("%(least)s to %(most)s days") % {"least": length.least, "most": length.most}


def _quarter_row(request, found, quarter, most):
    """A quarter with its bar to both sides of the middle: widths of (blank, lost, gained, blank)."""
    width = round(abs(quarter.change) / most * HALF) if most else 0
    lost, gained = (width, 0) if quarter.change < 0 else (0, width)
    return {
        "quarter": quarter,
        "label": _("%(year)s Q%(quarter)s") % {"year": quarter.day.year, "quarter": quarter.quarter},
        "unfinished": (day_after(quarter.day).month - 1) % 3 != 0 or day_after(quarter.day).day != 1,
        "bar": (HALF - lost, lost, gained, HALF - gained),
        "url": on_day(request, "unit-list", quarter.day, **found.query, state=TAKEN),
    }


def _bar(share):
    """Widths of (filled, blank) in 200ths; what is not nothing is drawn."""
    filled = max(1, round(share * WIDTH)) if share else 0
    return filled, WIDTH - filled
