"""The last pages of a request's form: check, submission, print, deletion of a draft."""

from django.core.exceptions import ValidationError
from django.forms import Form
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from frontend.act_page import status_of, submit
from frontend.forms.requests import DeclarationForm
from frontend.site.interrupted_forms import typed
from frontend.site.links import named
from frontend.views.requests.drafts import is_owner, own_request, rows_of
from spaces.access import get_visible
from spaces.access.disclosure import readable
from spaces.actions.conflicts import codes_of
from spaces.values import masks
from tenants.actions import requests
from tenants.actions.requests import TO_RECEIVE, TO_REVIEW
from tenants.asking import form_steps, reviews
from tenants.asking.form_steps import FormStep
from tenants.models import SpaceRequest
from tenants.models.requests import REQUEST_FEATURES, WRITABLE
from tenants.notices import recipients
from tenants.rights import OWNER
from tenants.states import MemberRole, RequestState


@require_http_methods(["GET", "POST"])
def request_check(request, number):
    """All answers with links to change them; the owner declares them true and submits."""
    wanted = own_request(request, number, OWNER if request.method == "POST" else (*OWNER, MemberRole.MEMBER))
    if wanted.state not in WRITABLE:
        return redirect("request-done", number)
    form = DeclarationForm(typed(request))

    def send(it):
        try:
            requests.submit(wanted, by=it.by, on=it.on, **it.data)
        except ValidationError as error:
            raise _whole(error) from None
        return reverse("request-done", args=[number]), ""

    address = submit(request, form, send, wanted)
    if address:
        return redirect(address)
    context = {
        "wanted": wanted,
        "form": form,
        "parts": parts_of(wanted, readable(wanted, request.user)),
        "missing": _missing(wanted),
        "returned": reviews.last_return(wanted),
        "owner": is_owner(request, wanted),
        "owners": recipients.owners([wanted.company_id]).get(wanted.company_id, []),
        "narrow": True,
    }
    return render(request, "frontend/request_check.html", context, status=status_of(form))


def _whole(error):
    """The refusal; one sentence for missing answers, which the page lists with links."""
    return ValidationError(_("Something is still missing.")) if codes_of(error) == {"missing"} else error


@require_GET
def request_done(request, number):
    """After the submission: its number, what comes next, and within how many days."""
    wanted = own_request(request, number)
    if wanted.state in WRITABLE:
        return redirect("request-edit", number)
    context = {
        "wanted": wanted,
        "receive_days": TO_RECEIVE,
        "review_days": TO_REVIEW,
        "steps": [each.step.label for each in reviews.review_steps(wanted)],
        "waits": wanted.state == RequestState.SUBMITTED,
        "narrow": True,
    }
    return render(request, "frontend/request_done.html", context)


@require_GET
def request_print(request, number):
    """入驻申请表: the request as a paper, for whoever may see it."""
    rows = SpaceRequest.objects.select_related("company", "park", "ecosystem", "submitted_by")
    wanted = get_visible(rows, request.user, number=number)
    context = {"wanted": wanted, "parts": parts_of(wanted, readable(wanted, request.user)), "narrow": True}
    return render(request, "frontend/request_print.html", context)


@require_http_methods(["GET", "POST"])
def request_delete(request, number):
    """Delete a draft, without a reason: nobody has received it."""
    wanted = own_request(request, number, OWNER)
    if wanted.state != RequestState.DRAFT:
        return redirect("request-detail", number)
    form = Form(request.POST if request.method == "POST" else None)

    def withdraw(it):
        requests.withdraw(wanted, by=it.by, why="", on=it.on)
        return reverse("my-desk"), _("Draft %(number)s was deleted.") % {"number": number}

    address = submit(request, form, withdraw, wanted)
    if address:
        return redirect(address)
    context = {"wanted": wanted, "form": form, "narrow": True}
    return render(request, "frontend/request_delete.html", context, status=status_of(form))


def _missing(wanted):
    """(step, names of its fields) of what is still needed."""
    found = []
    for row in rows_of(wanted):
        if row.missing:
            names = [_("Where") if name == form_steps.PLACE else _word(name) for name in row.missing]
            found.append((row.step, names))
    return found


def parts_of(wanted, reads):
    """[(step, [(label, value)])]: the request as it is checked and printed, with the columns that its reader `reads`.

    Files and headcount have the same readers; the contact is masked for everyone else.
    """
    company, full = wanted.company, "people" in reads
    contact = masks.contact(wanted, near=reads >= masks.CONTACT)
    sizes = ("area", "area_min", "area_max", "people") if full else ("area", "area_min", "area_max")
    answers = {
        FormStep.COMPANY: [
            (_("Company name"), company.name),
            (_("Credit code"), company.uscc or _("none yet")),
            *([(_("Will be registered by"), company.registers_by)] if not company.uscc else []),
        ],
        FormStep.SPACE: [(_("Where"), _where(wanted)), (_word("use"), wanted.get_use_display())]
        + [(_word(name), getattr(wanted, name)) for name in sizes],
        FormStep.CONDITIONS: [
            *((_word(name), getattr(wanted, name)) for name in ("height_m", "load_kg_m2", "power_kw")),
            (_("Features"), ", ".join(str(_word(name)) for name in REQUEST_FEATURES if getattr(wanted, name))),
            (_word("special"), wanted.special),
        ],
        FormStep.TIME: [(_word(name), getattr(wanted, name)) for name in form_steps.ASKED[FormStep.TIME]],
        FormStep.UNITS: [
            (_("Units"), ", ".join(wanted.requested_units.order_by("code_order").values_list("code", flat=True)))
        ],
        FormStep.FILES: [(_("Files"), _files(wanted))],
        FormStep.CONTACT: [(_word(name), contact[name]) for name in form_steps.ASKED[FormStep.CONTACT]],
    }
    if not full:
        del answers[FormStep.FILES]
    if wanted.kind != "new":
        answers[FormStep.SPACE].append((_word("kind"), wanted.get_kind_display()))
    return list(answers.items())


def _where(wanted):
    if wanted.park_id:
        return named(wanted.park)
    if wanted.ecosystem_id:
        return _("Any park of %(ecosystem)s") % {"ecosystem": named(wanted.ecosystem)}
    return ""


def _files(wanted):
    return ", ".join(wanted.documents.filter(removed_at=None).order_by("pk").values_list("name", flat=True))


def _word(name):
    return SpaceRequest._meta.get_field(name).verbose_name
