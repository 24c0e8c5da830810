from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from frontend.graphics import charts, prefectures
from frontend.site import fragment_cache
from frontend.site.access import for_roles, has_role, open_place
from frontend.site.links import on_day, page, state_links
from frontend.site.place_rows import node_rows, origin
from frontend.views.places import first_steps
from frontend.views.places.key_figures import key_figures, ranked
from frontend.views.places.pipeline_parts import pipeline_of
from spaces import ledger
from spaces.access import parks_known_to
from spaces.ledger import figures, rollups
from spaces.models import Park
from spaces.models.figures import Measure
from spaces.models.people import INSIDERS
from spaces.states import LETTABLE_USES, UnitState
from spaces.values.days import MONTHS, month_ends, month_ends_ahead
from tenants.leasing import forecast
from tenants.states import Scenario

GROUPS = ("ecosystem", "city", "kind", "park")
RANKED = 7  # places in a ranked bar
A_YEAR = 11  # the month end a year from now: the first is that of this month
PROVINCE = {"ecosystem": None, "park": None}
LET = [(use.value, use.label) for use in LETTABLE_USES]


@require_GET
@open_place
def home(request):
    """The headline, the ecosystems and three links; the first steps where nothing is recorded."""
    rows = node_rows(request, _nodes(request, "ecosystem", request.as_of), "ecosystem")
    whole = ledger.total(row["balance"] for row in rows)
    newest = figures.newest(request.user, [Measure.LETTABLE_AREA], on=request.as_of, **PROVINCE)
    published = next(iter(newest.values()), None)
    links = state_links(request, scope="incubators")
    context = {"rows": rows, "total": whole, "links": links, "published": published, "uses": LET, **origin(rows)}
    context["steps"] = first_steps.for_person(request.user, recorded=rows)
    return render(request, "frontend/home.html", context)


@require_GET
@open_place
def overview(request):
    """The overview: lettable and vacant area by place, changes, and comparison with published figures.

    Its numbers are the same for everyone who may open it, so the report is kept until something is written.
    """
    by, parks = grouping(request), names_parks(request)
    looks_ahead = request.as_of == request.today and not request.known_on and has_role(request.user, INSIDERS)
    key = ("overview", by, request.as_of, request.today, get_language(), looks_ahead, parks)
    ahead = {"ahead_url": reverse("overview-ahead") if looks_ahead else ""}
    report = fragment_cache.kept(
        key,
        lambda: render_to_string(
            "frontend/_overview_report.html", report_of(request, by, parks=parks) | ahead, request
        ),
    )
    dated = Park.objects.visible_to(request.user).with_facts(request.as_of)
    parks = list(dated.values("sample", "facts__ecosystem__inferred").distinct())
    context = {
        "report": report,
        "file_url": page(request, "overview-file", **({} if by == GROUPS[0] else {"by": by})),
        "sample": any(park["sample"] for park in parks),
        "inferred": any(park["facts__ecosystem__inferred"] for park in parks),
        "steps": first_steps.for_person(request.user, recorded=parks),
    }
    return render(request, "frontend/overview.html", context)


@require_GET
@for_roles(*INSIDERS)
def overview_ahead(request):
    """What the overview asks for once it is shown: its figures of a year from now, and the lines of the forecast.

    They read each lease that ends within two years, so the page does not wait for them.
    """
    key = ("overview-ahead", request.today, get_language())
    return HttpResponse(
        fragment_cache.kept(key, lambda: render_to_string("frontend/_year_ahead.html", ahead_of(request), request))
    )


def ahead_of(request):
    days = [day for day in month_ends_ahead(request.today, MONTHS) if day > request.today]
    found = forecast.of(ledger.ParkUnits.of_group(request.user), days, today=request.today)
    year = found.days[A_YEAR]
    return {
        "year": year,
        "vacant": [(scenario.label, year.vacant(scenario)) for scenario in Scenario],
        "ahead": charts.ahead(days, [(s.label, [each.rate(s) for each in found.days]) for s in Scenario]),
    }


def report_of(request, by, *, parks):
    """All numbers of the overview, from the same few readings, so that they agree."""
    now, before, month_ago = _now_and_before(request, by)
    total = ledger.total(node.balance for node in now)
    links = state_links(request, scope="incubators")
    comparisons = compared(request)
    months = months_of(request)
    rows = node_rows(request, now, by, before)
    return {
        "by": by,
        "key_figures": key_figures(request, months["days"], months["balances"], scope="incubators"),
        "coverage": comparisons.get(Measure.LETTABLE_AREA),
        **ranks_of(request, by, now, parks=parks),
        "groups": [
            (key, GROUP_WORDS[key](), page(request, "overview", by=key)) for key in GROUPS if parks or key != "park"
        ],
        "rows": rows,
        "tiles": prefectures.tiles(rows, get_language() == "en") if by == "city" else [],
        "total": total,
        "absorption": absorption(request, total, ledger.total(before.values()), month_ago),
        "links": links,
        "noun": GROUP_WORDS[by](),
        "bar": charts.bar(total, links) if total.lettable else [],
        "comparisons": comparisons,
        "published": [(each, recorded_url(request, each.figure)) for each in comparisons.values()],
        "pipeline": pipeline_of(request),
        "attention": attention(total, links),
        **months,
    }


def names_parks(request):
    """Whether single parks are shown: on a coming day to those who may know the tenancies of all (decision 0012)."""
    return request.as_of <= request.today or parks_known_to(request.user) is None


def grouping(request):
    by = request.GET.get("by")
    return by if by in GROUPS and (by != "park" or names_parks(request)) else "ecosystem"


def rows_of(request, by):
    """The rows of the table of groups, and the day with which their change compares."""
    now, before, month_ago = _now_and_before(request, by)
    return node_rows(request, now, by, before), month_ago


def _now_and_before(request, by):
    """Nodes of the day, balances of 30 days before, and that day."""
    month_ago = request.as_of - timedelta(days=30)
    scope = ledger.ParkUnits.of_group(request.user)
    before = ledger.balances(scope, by, on=month_ago, today=request.today)
    return _nodes(request, by, request.as_of), before, month_ago


def ranks_of(request, by, nodes, *, parks):
    """The ecosystems and, with `parks`, the parks with most vacant area; `nodes` are those of `by`, read already."""
    of_ecosystems = nodes if by == "ecosystem" else _nodes(request, "ecosystem", request.as_of)
    scope = ledger.ParkUnits.of_group(request.user)
    most = rollups.of_most_vacant(scope, RANKED, on=request.as_of, today=request.today) if parks else []
    return {
        "ecosystems": ranked(node_rows(request, of_ecosystems, "ecosystem"), RANKED),
        "parks": ranked(node_rows(request, most, "park"), RANKED),
        "ranks_parks": parks,
    }


def _nodes(request, by, day):
    return rollups.of_parks(ledger.ParkUnits.of_group(request.user), by, on=day, today=request.today)


def absorption(request, now, before, day):
    """The change of the taken area since an earlier day, and both sums."""
    links = state_links(request, on=day, scope="incubators")
    return {"change": now.taken - before.taken, "before": before.taken, "day": day, "before_url": links["taken"]}


def months_of(request):
    """The balances at the ends of 24 months: rows with their links, and the chart of the same."""
    days = month_ends(request.as_of, MONTHS)
    balances = ledger.trend(ledger.ParkUnits.of_group(request.user), days, today=request.today)
    links = [state_links(request, on=day, scope="incubators") for day in days]
    description = _("Occupancy at the end of each of the last 24 months, in per cent of the lettable area")
    return {
        "days": days,
        "balances": balances,
        "months": list(zip(days, balances, links, strict=True)),
        "chart": charts.occupancy(days, balances, description),
    }


GROUP_WORDS = {
    "ecosystem": lambda: _("Ecosystem"),
    "city": lambda: _("City"),
    "kind": lambda: _("Kind of park"),
    "park": lambda: _("Park"),
}


def compared(request):
    """Measure -> the newest figure published for the province, compared with the ledger of its own day."""
    wanted = (
        Measure.LETTABLE_AREA,
        Measure.INCUBATORS,
        Measure.ECOSYSTEMS,
        Measure.NEW_INCUBATORS,
        Measure.NEW_LETTABLE_AREA,
    )
    found = figures.newest_compared(request.user, wanted, on=request.as_of, today=request.today, **PROVINCE)
    return {each.figure.measure: each for each in found.values()}


def recorded_url(request, figure):
    """The list that our number beside a published one is the total of, on the figure's own day."""
    year = figure.as_of.year
    match figure.measure:
        case Measure.LETTABLE_AREA:
            return on_day(request, "unit-list", figure.as_of, scope="incubators", state="lettable")
        case Measure.NEW_LETTABLE_AREA:
            return on_day(request, "unit-list", figure.as_of, scope="incubators", state="lettable", opened=year)
        case Measure.NEW_INCUBATORS:
            return on_day(request, "park-list", figure.as_of, opened=year)
        case Measure.INCUBATORS:
            return on_day(request, "park-list", figure.as_of)
        case _:
            return on_day(request, "ecosystem-list", figure.as_of)


def attention(total, links):
    """What needs attention: (state, number of units, area or None, address)."""
    wanted = (UnitState.HOLDOVER, UnitState.COMMITTED, UnitState.UNKNOWN, UnitState.OFFLINE)
    return [
        (state, total.units[state], None if state == UnitState.UNKNOWN else total.areas[state], links[state])
        for state in wanted
    ]
