"""Leases: the list with its total, the page of a lease for both sides, and the acts on it."""

from django.db.models import Sum
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from frontend.act_page import Act, Impact, answer, known
from frontend.forms import leases as forms
from frontend.forms.acts import SignForm
from frontend.forms.reviews import WhyForm
from frontend.site.access import for_roles, has_role
from frontend.site.bounded_pages import KeyPaginator
from frontend.site.documents import documents_of
from frontend.site.htmx import render_page
from frontend.site.interrupted_forms import typed
from frontend.site.links import page
from frontend.views.leases import lease_search
from frontend.views.leases.lease_search import current_lines
from spaces.access import get_editable, get_visible, may_edit
from spaces.ledger import impact, vacancy
from spaces.models import Allocation, Unit
from spaces.models.people import EDITORS, INSIDERS, rights_read_once
from spaces.states import UnitState
from spaces.values.days import add_months
from tenants.actions import leases as actions
from tenants.leasing.contracts import units_of
from tenants.models import Handover, Lease, LeaseLine
from tenants.rights import LEASE
from tenants.states import LeaseIntent, LeaseState

PER_PAGE = 50
ROWS = Lease.objects.select_related("company", "park", "offer__request", "renews")


def _signed(it):
    day = max(it.on, it.row.starts_on)
    return Impact(day, impact.into(units_of(it.row), UnitState.COMMITTED, on=day, today=it.on))


def _vacated(it):
    return Impact(it.on, impact.into(units_of(it.row), UnitState.VACANT, on=it.on, today=it.on))


def _noticed(it):
    return Impact(it.data.get("ends_on"), {}, _("The unit stays taken until its keys are back."))


def _renewed(it):
    return Impact(it.on, {}, _("The units stay occupied without a gap: no area moves."))


def _relocated(it):
    line, unit = it.data.get("line"), it.data.get("unit")
    if not (isinstance(line, LeaseLine) and isinstance(unit, Unit)):
        return Impact(it.on, {}, _("Choose both units to see what moves."))
    leaves = impact.into([line.unit], UnitState.VACANT, on=it.on, today=it.on)
    enters = impact.into([unit], UnitState.OCCUPIED, on=it.on, today=it.on)
    return Impact(it.on, impact.together(leaves, enters))


def _as_before(it):
    """Initial values of a renewal: one year more, on the old rent."""
    line = it.row.lines.order_by("pk").last()
    kept = {"rent_rate": line.rent_rate, "rent_unit": line.rent_unit} if line else {}
    return {"ends_on": add_months(it.row.ends_on, 12), "signed_on": it.on, **kept}


ACTS = {
    "sign": Act(
        _("Sign"),
        lambda it: actions.sign(it.row, by=it.by, on=it.on, **it.data),
        _("signed. The move-in checklist is open."),
        SignForm,
        initial=lambda it: {"signed_on": it.on},
        impact=_signed,
    ),
    "discard": Act(
        _("Discard the draft"),
        lambda it: actions.discard(it.row, by=it.by, on=it.on, **it.data),
        _("discarded; the units are free."),
        WhyForm,
        impact=_vacated,
        danger=True,
    ),
    "notice": Act(
        _("Record notice"),
        lambda it: actions.give_notice(it.row, by=it.by, on=it.on, **it.data),
        _("notice recorded. The move-out checklist is open."),
        forms.NoticeForm,
        impact=_noticed,
    ),
    "renew": Act(
        _("Renew"),
        lambda it: actions.renew(it.row, by=it.by, on=it.on, **it.data),
        _("renewed."),
        forms.RenewForm,
        initial=_as_before,
        impact=_renewed,
    ),
    "relocate": Act(
        _("Move to another unit"),
        lambda it: actions.relocate(it.data["line"], it.data["unit"], by=it.by, why=it.data["why"], on=it.on),
        _("moved."),
        forms.RelocateForm,
        _("The company moves today: the old unit is given back and the new one moved into, in one act."),
        impact=_relocated,
    ),
    "ask": Act(
        _("State your intention"),
        lambda it: actions.ask(it.row, by=it.by, on=it.on, seen=it.seen, **it.data),
        _("the park has been informed."),
        forms.AskForm,
        _("This is not a legal notice: the park reads it and gets in touch."),
        initial=lambda it: {"intent": it.row.intent or LeaseIntent.RENEW, "note": it.row.intent_note},
        edits=True,
    ),
}


@require_GET
@for_roles(*INSIDERS)
@rights_read_once()
def lease_list(request):
    """The list. Overdue leases come first; the total is that of all that match, as far as they are counted."""
    it = lease_search.search(request)
    shown = Lease.objects.select_related("company", "park").with_area(request.today, it.building)
    shown = it.in_order(shown.prefetch_related(current_lines()))
    paged = KeyPaginator(it.in_order(it.rows), PER_PAGE, shown=shown)
    context = lease_search.frame(it) | {
        "page": paged.get_page(request.GET.get("page")),
        "area": None if paged.more else _area(it, paged.counted_keys),
        "number": paged.count,
        "more": paged.more,
        "some": paged.count > 0 or it.seen.exists(),
        "next_end": lease_search.next_end(it) if "within" in it.narrowed and not paged.count else None,
        "reminds": has_role(request.user, LEASE["remind"]),
        "in_building": it.building,
    }
    status = 200 if it.fits else 400
    return render_page(request, "frontend/lease_list.html", context, fragment="results", status=status)


def _area(it, leases):
    lines = LeaseLine.objects.filter(lease__in=leases).of_area(it.request.today, it.building)
    return lines.aggregate(whole=Sum("line_area"))["whole"]


@require_GET
def lease_detail(request, number):
    """The contract for its company, its park, and those who read: terms, units, days left, checklists, acts."""
    lease = get_visible(ROWS, request.user, number=number)
    lines = lease.lines.select_related("unit").order_by("pk")
    periods = Allocation.objects.in_bulk(line.allocation_id for line in lines)
    context = {
        "lease": lease,
        "lines": [(line, periods.get(line.allocation_id)) for line in lines],  # a hold that lapsed may be gone
        "renewal": Lease.objects.filter(renews=lease).first(),
        "handovers": Handover.objects.filter(lease=lease).order_by("pk"),
        "acts": acts_of(lease, request.user),
        **documents_of("lease", lease, request.user),
    }
    return render(request, "frontend/lease_detail.html", context)


def acts_of(lease, user):
    """(verb, title) of the acts that this person may do on a lease in its state."""
    fitting = {LeaseState.DRAFT: ("sign", "discard"), LeaseState.SIGNED: ("renew", "relocate", "notice", "ask")}
    verbs = fitting.get(LeaseState(lease.state), ())
    asked = {LEASE[verb] for verb in verbs}
    may = {roles: may_edit(Lease.objects, user, roles=roles, pk=lease.pk) for roles in asked}
    if lease.notice_on:
        verbs = tuple(verb for verb in verbs if verb != "notice")
    return [(verb, ACTS[verb].title) for verb in verbs if may[LEASE[verb]]]


@require_http_methods(["GET", "POST"])
def lease_act(request, number, verb):
    act = known(ACTS, verb)
    lease = get_editable(ROWS, request.user, roles=LEASE[verb], number=number)
    form = _relocate_form(request, lease) if verb == "relocate" else None
    return answer(
        request,
        act,
        lease,
        form=form,
        back=page(request, "lease-detail", number),
        title=f"{number}: {act.title}",
        subject=f"{lease.company.name} · {', '.join(unit.code for unit in units_of(lease))}",
    )


def _relocate_form(request, lease):
    """Its own units on one side, on the other those of the park that are free to the end of the lease."""
    lines = lease.lines.not_handed_back()
    here = Unit.objects.editable_by(request.user, EDITORS).filter(floor__building__park=lease.park_id)
    ends_on = lease.ends_on if lease.ends_on > request.today else None
    free = vacancy.free(here, starts_on=request.today, ends_on=ends_on, today=request.today)
    known_rows = {
        "lines": lines.select_related("unit__floor__building").order_by("unit__code_order"),
        "units": here.filter(pk__in=free.order_by().values("pk"))
        .select_related("floor__building")
        .order_by("code_order"),
    }
    if request.method == "GET" and "unit" in request.GET:
        return forms.RelocateForm(request.GET, **known_rows)
    return forms.RelocateForm(typed(request), **known_rows)
