"""The desk of a company's people: next steps, leases, requests, registration."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from frontend.act_page import status_of, submit
from frontend.forms.companies import CompanyForm, ProfileForm, warn_of_code
from frontend.site.interrupted_forms import typed
from frontend.site.links import named
from frontend.templatetags.tenancy import days_left_text
from frontend.views.companies.own_company import own_company
from spaces.access import get_editable, refuse_read_only
from spaces.models import Allocation
from spaces.values.days import days_left
from tenants.actions import companies
from tenants.models import Company, Handover, HandoverItem, Lease, Member, Offer, SpaceRequest
from tenants.models.companies import ANYONE_OF_IT
from tenants.models.leases import EXPIRING_DAYS
from tenants.rights import HANDOVER
from tenants.states import ItemOwner, LeaseState, RequestState

PROFILE = (
    "name", "uscc", "registers_by", "name_en", "industry", "established_on",
    "contact_name", "contact_phone", "contact_email",
)  # fmt: skip
FINISHED = (RequestState.LEASED, RequestState.REJECTED, RequestState.WITHDRAWN, RequestState.LAPSED)
FEW = 10


@require_GET
def my_desk(request):
    """What to do next, then leases with the days left, requests, contacts. The same queries for any number of them."""
    members = list(Member.objects.in_force(request.user).select_related("company").order_by("pk"))
    wanted = SpaceRequest.objects.owned_by(request.user).exclude(state__in=FINISHED)
    asked = list(wanted.select_related("park", "ecosystem").order_by("-saved_at", "-pk"))
    held = Lease.objects.owned_by(request.user).exclude(state=LeaseState.ENDED)
    rented = list(held.select_related("park").prefetch_related("lines__unit").order_by("ends_on", "pk"))
    context = {
        "members": members,
        "todo": [*_to_answer(request), *_to_write(asked), *_to_do(request), *_to_sign(request, rented)],
        "requests": asked,
        "leases": [(lease, days_left_text(lease.days_left(request.today))) for lease in rented],
        "soon": EXPIRING_DAYS,
        "parks": {lease.park for lease in rented} | {each.park for each in asked if each.park},
    }
    return render(request, "frontend/my_desk.html", context)


def _to_answer(request):
    rows = Offer.objects.editable_by(request.user, ANYONE_OF_IT).open_on(request.today)
    for offer in rows.select_related("park").order_by("held_until", "pk"):
        title = _("Answer offer %(number)s of %(park)s") % {"number": offer.number, "park": named(offer.park)}
        status = days_left_text(days_left(offer.held_until, request.today))
        yield {"url": reverse("offer-detail", args=[offer.number]), "title": title, "status": status, "kind": "warn"}


def _to_write(asked):
    for wanted in asked:
        url = reverse("request-edit", args=[wanted.number])
        if wanted.state == RequestState.RETURNED:
            title = _("Correct request %(number)s, which was returned") % {"number": wanted.number}
            status = _("by %(day)s") % {"day": wanted.due_on} if wanted.due_on else ""
            yield {"url": url, "title": title, "status": status, "kind": "warn"}
        elif wanted.state == RequestState.DRAFT:
            title = _("Go on with %(number)s") % {"number": wanted.number}
            yield {"url": url, "title": title, "status": wanted.get_state_display(), "kind": "info"}


def _to_do(request):
    """Open items of the company on checklists, the longest overdue first."""
    rows = HandoverItem.objects.editable_by(request.user, HANDOVER["tick-own"]).open().filter(due_on__isnull=False)
    for item in rows.select_related("handover").order_by("due_on", "pk")[:FEW]:
        left = (item.due_on - request.today).days
        status, kind = _due(left), "info" if left > 0 else "warn" if left == 0 else "bad"
        url = reverse("handover-detail", args=[item.handover.number])
        yield {"url": url, "title": named(item), "status": status, "kind": kind}


def _due(left):
    if left < 0:
        return ngettext("%(days)s day overdue", "%(days)s days overdue", -left) % {"days": -left}
    return ngettext("due in %(days)s day", "due in %(days)s days", left) % {"days": left} if left else _("due today")


def _to_sign(request, rented):
    """What waits for the company's signature: leases that the park has drawn up, checklists that are done.

    A draft whose hold lapsed cannot be signed any more; its allocation may be gone.
    """
    drafts = [lease for lease in rented if lease.state == LeaseState.DRAFT]
    taken = [line.allocation_id for lease in drafts for line in lease.lines.all()]
    running = Allocation.objects.filter(pk__in=taken, held_until__gt=request.today)
    holds = dict(running.values_list("pk", "held_until"))
    for lease in drafts:
        ends = [holds.get(line.allocation_id) for line in lease.lines.all()]
        if ends and None not in ends:
            title = _("Sign lease %(number)s with %(park)s") % {"number": lease.number, "park": named(lease.park)}
            status = days_left_text(days_left(min(ends), request.today))
            yield {
                "url": reverse("lease-detail", args=[lease.number]),
                "title": title,
                "status": status,
                "kind": "warn",
            }
    rows = Handover.objects.editable_by(request.user, HANDOVER["sign-own"]).to_sign(ItemOwner.COMPANY)
    for handover in rows.order_by("planned_on", "pk")[:FEW]:
        title = _("Sign checklist %(number)s: %(kind)s")
        facts = {"number": handover.number, "kind": handover.get_kind_display()}
        url = reverse("handover-detail", args=[handover.number])
        yield {"url": url, "title": title % facts, "status": _("all done"), "kind": "warn"}


@require_http_methods(["GET", "POST"])
def company_new(request):
    """Register a company; the person becomes its owner. `next`: the draft that was begun before."""
    refuse_read_only(request.user)
    initial = {"name": "", "contact_name": ""}
    form = CompanyForm(typed(request), initial=initial)
    way = _safe_next(request)

    def register(it):
        company = companies.register(owner=it.by, by=it.by, **it.data, contact_email=it.by.email)
        return way or reverse("my-desk"), _("%(company)s is registered.") % {"company": company.name}

    address = submit(request, form, register)
    if address:
        warn_of_code(request, form.cleaned_data["uscc"])
        return redirect(address)
    context = {"form": form, "next": way, "narrow": True}
    return render(request, "frontend/company_new.html", context, status=status_of(form))


def _safe_next(request):
    way = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    fits = url_has_allowed_host_and_scheme(way, allowed_hosts=hosts, require_https=request.is_secure())
    return way if fits else ""


@require_http_methods(["GET", "POST"])
def company_edit(request):
    """Name and code are frozen once they were verified. Its owner changes it, its other people read it."""
    company = own_company(request)
    if company is None:
        return redirect("my-company-new")
    owner = Company.objects.editable_by(request.user).filter(pk=company.pk).exists()
    if request.method == "POST":
        get_editable(Company.objects, request.user, pk=company.pk)
    initial = {name: getattr(company, name) for name in PROFILE}
    form = ProfileForm(typed(request), initial=initial, frozen=bool(company.verified_at))

    def save(it):
        saved = companies.update(company, by=it.by, seen=it.seen, **it.data)
        return f"{reverse('my-company')}?company={saved.number}", _("Saved.")

    address = submit(request, form, save, company, edits=company)
    if address:
        warn_of_code(request, form.cleaned_data.get("uscc"))
        return redirect(address)
    context = {"form": form, "company": company, "owner": owner, "narrow": True}
    return render(request, "frontend/company_edit.html", context, status=status_of(form))
