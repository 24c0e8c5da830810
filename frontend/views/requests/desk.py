"""The manager's desk, and the fairness page."""

from django.db.models import Q
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from frontend.graphics import charts
from frontend.site.access import for_roles
from frontend.site.bounded_pages import ListPaginator
from frontend.site.links import named, page, state_links
from spaces import ledger
from spaces.access.disclosure import newest
from spaces.ledger import rollups
from spaces.models import Park
from spaces.models.people import INSIDERS, rights_read_once
from tenants.asking import fairness, reviews, worklists
from tenants.models import Handover, SpaceRequest
from tenants.rights import MANAGER
from tenants.states import LeaseStatus

PER_PAGE = 50
CHANGES = 10
CHECKLISTS = 10


@require_GET
@for_roles(*MANAGER)
def manage(request):
    """The desk of a park's people: counters with addresses, their parks, what others changed."""
    # Rights as keys, read once: nested in each count they would be looked up for every lease of the province.
    with rights_read_once():
        return render(request, "frontend/manage.html", _desk(request))


def _desk(request):
    parks = Park.objects.editable_by(request.user, MANAGER)
    asked = SpaceRequest.objects.addressed_to(request.user, MANAGER)
    desk = worklists.desk(asked, parks, on=request.today)
    checklists = worklists.handovers(Handover.objects.editable_by(request.user, MANAGER), on=request.today)
    return {
        "counters": _counters(request, desk),
        "parks": _parks(request, parks),
        "checklists": checklists.select_related("lease__company").order_by("-late", "planned_on", "pk")[:CHECKLISTS],
        "checklist_number": desk.handovers,
        "late_checklists": desk.late_handovers,
        "changes": newest(request.user, CHANGES, ~Q(by=request.user.pk)),
    }


def _counters(request, desk):
    """(label, number, address, whether it is late), in the order of the work."""

    def tab(name):
        return desk.requests[name], page(request, "request-list", tab=name)

    def lease(**query):
        return page(request, "lease-list", **query)

    return [
        (_("Requests to be received"), *tab("submitted"), False),
        (_("Requests overdue"), *tab("overdue"), True),
        (_("To be matched"), *tab("to_match"), False),
        (_("Offers waiting for an answer"), *tab("offered"), False),
        (_("Offers lapsing within 3 days"), desk.lapsing, page(request, "request-list", tab="offered"), True),
        (_("Leases to be signed"), *tab("accepted"), False),
        (_("Signed, not moved in for 30 days"), desk.late_move_ins, lease(late_move_in="on"), True),
        (_("Leases overdue"), desk.overdue_leases, lease(status=LeaseStatus.HOLDOVER), True),
        (_("Leases ending within 30 days, overdue too"), desk.ending_soon, lease(within=30), False),
        (_("Leases ending within 90 days, overdue too"), desk.ending, lease(within=90), False),
        (_("Checklists with overdue items"), desk.late_handovers, "#checklists", True),
    ]


def _parks(request, parks):
    found = rollups.of_parks(ledger.ParkUnits(parks), "park", on=request.today, today=request.today)
    rows = []
    for node in found:
        links = state_links(request, park=node.key)
        bar = charts.bar(node.balance, links) if node.balance.lettable else []
        url = page(request, "park-detail", node.key)
        rows.append({"name": named(node), "url": url, "balance": node.balance, "links": links, "bar": bar})
    return rows


@require_GET
@for_roles(*INSIDERS)
def fairness_list(request):
    """Offers that passed over a rule or the queue, with who did so and why."""
    mine = Park.objects.editable_by(request.user)
    parks = mine if mine.exists() else Park.objects.visible_to(request.user)
    paged = ListPaginator(
        reviews.passed_over(parks).internal_visible_to(request.user).prefetch_related("lines__unit"), PER_PAGE
    )
    shown = paged.get_page(request.GET.get("page"))
    rows = [(offer, [fairness.MESSAGES.get(rule, rule) for rule in offer.overridden]) for offer in shown.object_list]
    return render(request, "frontend/fairness.html", {"page": shown, "rows": rows, "number": paged.count})
