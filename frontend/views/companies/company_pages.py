"""Companies: facts, incubation, leases and requests."""

from django.db.models import Q
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from frontend.act_page import Act, answer, known
from frontend.forms import leases as forms
from frontend.site.access import for_roles
from frontend.site.bounded_pages import ListPaginator
from frontend.site.htmx import render_page
from frontend.site.interrupted_forms import typed
from frontend.site.links import page
from spaces.access import get_editable, get_visible, ids_to_edit, may_edit
from spaces.access.disclosure import readable
from spaces.models import Park
from spaces.models.people import EDITORS, INSIDERS
from spaces.values import masks
from tenants.actions import companies as actions
from tenants.actions import incubation
from tenants.credit_codes import warning_of
from tenants.filters import CompanyFilter
from tenants.leasing import incubations
from tenants.models import Company, Extension, Incubation, Lease, SpaceRequest
from tenants.rights import COMPANY, INCUBATION

PER_PAGE = 50


VERIFY = Act(
    _("Verify"),
    lambda it: actions.verify(it.row, by=it.by),
    _("verified."),
    text=_(
        "Name and credit code were compared with the business licence. From now on the company cannot change them."
    ),
)
ENTER = Act(
    _("Begin incubation"),
    lambda it: incubation.enter(it.row, it.data.pop("park"), by=it.by, **it.data),
    _("in incubation."),
    forms.EnterForm,
    initial=lambda it: {"entered_on": it.on},
)
APPROVE = Act(
    _("Approve the extension"), lambda it: incubation.approve_extension(it.row, by=it.by), _("extension approved.")
)
CLOCK_ACTS = {
    "ask": Act(
        _("Ask for an extension"),
        lambda it: incubation.ask_extension(it.row, by=it.by, **it.data),
        _("extension asked for; someone else approves it."),
        forms.ExtensionForm,
    ),
    "graduate": Act(
        _("Record graduation"),
        lambda it: incubation.graduate(it.row, by=it.by, on=it.on, **it.data),
        _("graduated."),
        forms.GraduateForm,
        _("Its lease, if it has one, goes on."),
        initial=lambda it: {"graduated_on": it.on},
    ),
    "leave": Act(
        _("Record exit"),
        lambda it: incubation.leave(it.row, by=it.by, on=it.on, **it.data),
        _("left."),
        forms.LeaveForm,
        initial=lambda it: {"exited_on": it.on},
    ),
}


@require_GET
@for_roles(*INSIDERS)
def company_list(request):
    seen = Company.objects.visible_to(request.user)
    found = CompanyFilter(request.GET, queryset=seen, request=request)
    fits = found.is_valid()
    rows = (found.qs if fits else seen.none()).order_by("name", "pk")
    paged = ListPaginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    clocks = incubations.latest_incubations(paged.object_list)
    context = {
        "filter": found,
        "faults": [field for field in found.form if field.errors],
        "page": paged,
        "rows": [(company, clock(clocks.get(company.pk), request.today)) for company in paged.object_list],
        "number": paged.paginator.count,
    }
    return render_page(request, "frontend/company_list.html", context, fragment="results", status=200 if fits else 400)


def clock(row, today):
    """One incubation as shown: months used, limit, last day, whether that is near."""
    if row is None:
        return None
    last, running = incubations.limit_on(row), row.graduated_on is None and row.exited_on is None
    return {
        "row": row,
        "months": incubations.months_in(row, on=today),
        "limit": incubations.limit_months(row),
        "limit_on": last,
        "running": running,
        "near": running and (last - today).days <= incubations.NEAR_LIMIT_DAYS,
    }


@require_GET
def company_detail(request, code):
    """`code`: the credit code, or its own number while it has none."""
    company = get_visible(Company.objects.select_related("origin", "verified_by"), request.user, pk=_pk(code))
    rows = Incubation.objects.visible_to(request.user).filter(company=company).select_related("park")
    mine = ids_to_edit(Incubation.objects.filter(company=company), request.user, roles=EDITORS)
    clocks = [
        (clock(row, request.today), _clock_acts(row) if row.pk in mine else [], _extensions(row, request.user, mine))
        for row in rows.prefetch_related("extensions__created_by", "extensions__approved_by").order_by("-entered_on")
    ]
    leases = Lease.objects.visible_to(request.user).filter(company=company).select_related("park")
    asked = SpaceRequest.objects.visible_to(request.user).filter(company=company).select_related("park", "ecosystem")
    own = Company.objects.owned_by(request.user, ("owner", "member")).filter(pk=company.pk).exists()
    staff = may_edit(Company.objects, request.user, roles=EDITORS, pk=company.pk)
    context = {
        "company": company,
        "clocks": clocks,
        "leases": leases.with_area(request.today).order_by("-starts_on", "-pk"),
        "requests": asked.order_by("-pk"),
        "contact": masks.contact(company, near=readable(company, request.user) >= masks.CONTACT),
        "acts": _acts(company, clocks, staff=staff and not own),
        "own": own,
        "code_warning": warning_of(company.uscc) if company.uscc and not own else "",
    }
    return render(request, "frontend/company_detail.html", context)


def _pk(code):
    """The id behind a code, or None, which no row has."""
    return Company.objects.filter(Q(uscc=code) | Q(number=code)).order_by("pk").values_list("pk", flat=True).first()


def _acts(company, clocks, *, staff):
    if not staff:
        return []
    acts = [] if company.verified_at else [("company-verify", VERIFY.title)]
    running = any(shown["running"] for shown, _acts_of, _more in clocks)
    return acts if running else [*acts, ("incubation-new", ENTER.title)]


def _clock_acts(row):
    if row.exited_on:
        return []
    verbs = ("leave",) if row.graduated_on else ("graduate", "ask", "leave")
    return [(verb, CLOCK_ACTS[verb].title) for verb in verbs]


def _extensions(row, user, mine):
    """(extension, whether this person may approve it): not the own one, and while the incubation runs."""
    running = row.graduated_on is None and row.exited_on is None
    return [
        (more, row.pk in mine and running and more.approved_at is None and more.created_by_id != user.pk)
        for more in row.extensions.all()
    ]


@require_http_methods(["GET", "POST"])
def company_verify(request, code):
    company = get_editable(Company.objects, request.user, roles=COMPANY["verify"], pk=_pk(code))
    return _answered(request, VERIFY, company, company)


@require_http_methods(["GET", "POST"])
def incubation_new(request, code):
    company = get_editable(Company.objects, request.user, roles=INCUBATION["enter"], pk=_pk(code))
    parks = Park.objects.editable_by(request.user, EDITORS).order_by("code_order")
    form = forms.EnterForm(typed(request), parks=parks, initial={"entered_on": request.today})
    return _answered(request, ENTER, company, company, form=form)


@require_http_methods(["GET", "POST"])
def incubation_act(request, pk, verb):
    act = known(CLOCK_ACTS, verb)
    rows = Incubation.objects.select_related("company", "park")
    row = get_editable(rows, request.user, roles=INCUBATION[verb], pk=pk)
    return _answered(request, act, row, row.company)


@require_http_methods(["GET", "POST"])
def extension_approve(request, pk):
    rows = Extension.objects.select_related("incubation__company", "created_by")
    row = get_editable(rows, request.user, roles=INCUBATION["approve"], pk=pk)
    subject = _("%(months)s months, asked for by %(name)s: %(why)s") % {
        "months": row.months,
        "name": row.created_by,
        "why": row.why,
    }
    return _answered(request, APPROVE, row, row.incubation.company, subject=subject)


def _answered(request, act, row, company, **context):
    back = page(request, "company-detail", company.code)
    return answer(request, act, row, back=back, title=f"{company.name}: {act.title}", **context)
