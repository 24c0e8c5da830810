"""The form of a company's request: begun, filled in step by step, resumed from any computer."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from frontend.act_page import add_refusal, status_of
from frontend.forms import concurrent_edits
from frontend.forms.companies import CompanyForm, warn_of_code
from frontend.forms.requests import FORMS
from frontend.site import basket, repeats
from frontend.site.access import for_newcomers
from frontend.site.documents import documents_of
from frontend.site.interrupted_forms import KEY, taken_up, typed, waits
from frontend.site.links import floor_name, named
from frontend.views.requests.drafts import is_owner, own_request, rows_of
from spaces.access import refuse_read_only
from spaces.models import Ecosystem, Park, Unit
from tenants.actions import companies, requests
from tenants.asking import form_steps, reviews
from tenants.asking.form_steps import FormStep
from tenants.models import Company
from tenants.models.companies import ANYONE_OF_IT
from tenants.models.requests import WRITABLE

MOST_SENT = 20  # units that a step accepts: the page keeps its choices, whatever was chosen meanwhile
FROM_COMPANY = ("name", "uscc", "registers_by", "contact_name", "contact_phone")


@for_newcomers
@require_http_methods(["GET", "POST"])
def request_new(request):
    """Begin a draft with the units of the basket. A POST without a login is resumed after it."""
    refuse_read_only(request.user)
    mine = Company.objects.owned_by(request.user, ANYONE_OF_IT).order_by("pk")
    if not mine:
        way = f"{request.path}?{KEY}={request.GET[KEY]}" if waits(request) else request.path
        return redirect(f"{reverse('my-company-new')}?{urlencode({'next': way})}")
    sent = taken_up(request)
    chosen = basket.units(request)
    if sent is None:
        return render(request, "frontend/request_new.html", {"units": chosen, "companies": mine, "narrow": True})
    company = next((each for each in mine if each.number == sent.get("company")), mine[0])

    def begin():
        wanted = requests.begin(company, by=request.user, requested_units=chosen, **_from_units(chosen))
        return reverse("request-edit", args=[wanted.number]), ""

    address, _words = repeats.do(request, begin)
    basket.clear(request)
    return redirect(address)


def _from_units(units):
    """Facts that follow from the chosen units: the park or its ecosystem, and the use, where all agree."""
    parks = {unit.floor.building.park for unit in units}
    uses = {unit.use for unit in units}
    place = {}
    if len(parks) == 1:
        place = {"park": parks.pop()}
    elif len(homes := {park.ecosystem for park in parks}) == 1 and None not in homes:
        place = {"ecosystem": homes.pop()}
    return place | ({"use": uses.pop()} if len(uses) == 1 else {})


@require_GET
def request_edit(request, number):
    """The list of steps with their progress."""
    wanted = own_request(request, number)
    if wanted.state not in WRITABLE:
        return redirect("request-detail", number)
    context = {
        "wanted": wanted,
        "rows": rows_of(wanted),
        "missing": form_steps.missing_fields(wanted),
        "returned": reviews.last_return(wanted),
        "owner": is_owner(request, wanted),
        "narrow": True,
    }
    return render(request, "frontend/request_edit.html", context)


@require_http_methods(["GET", "POST"])
def request_step(request, number, step):
    """One step, one form. Going on needs a valid form; going back to the list saves the valid fields."""
    wanted = own_request(request, number)
    if wanted.state not in WRITABLE:
        return redirect("request-detail", number)
    sheet = _sheet(request, wanted, FormStep(step))
    if request.method == "POST" and sheet.form is not None:
        right = sheet.form.is_valid()
        if (right or "to_list" in request.POST) and _saved(request, wanted, sheet):
            return _onward(request, wanted, sheet, right=right)
    status = 200
    if sheet.form is not None:
        concurrent_edits.open_on(sheet.form, _row(wanted, sheet), request)
        status = status_of(sheet.form) if request.method == "POST" else 200
    context = {"wanted": wanted, "sheet": sheet, "form": sheet.form, "narrow": True} | sheet.more
    return render(request, f"frontend/request_{_template(sheet.step)}.html", context, status=status)


@dataclass(slots=True)
class StepPage:
    """A step as shown: its form (None for a reader), its position, and more context for its template."""

    step: FormStep
    form: forms.Form | None
    place: int
    more: dict


def _sheet(request, wanted, step):
    place = list(FormStep).index(step) + 1
    if step == FormStep.COMPANY:
        return StepPage(step, _company_form(request, wanted), place, {"company": wanted.company})
    if step == FormStep.UNITS:
        known = list(
            wanted.requested_units.with_facts(request.today)
            .select_related("floor__building__park")
            .order_by("code_order")
        )
        sent = Unit.objects.visible_to(request.user).filter(code__in=request.POST.getlist("units")[:MOST_SENT])
        sent = sent.with_facts(request.today).select_related("floor__building__park").order_by("code_order")
        offered = [*known, *basket.units(request), *sent]
        choices = [(unit.code, _unit_words(unit)) for unit in dict.fromkeys(offered)]
        form = FORMS[step](typed(request), choices=choices, initial={"units": [unit.code for unit in known]})
        return StepPage(step, form, place, {"units": len(choices)})
    extra = {"wanted": wanted} if step == FormStep.SPACE else {}
    form = FORMS[step](typed(request), initial=_told(wanted, step), **extra)
    more = documents_of("request", wanted, request.user) if step == FormStep.FILES else {}
    return StepPage(step, form, place, more)


def _company_form(request, wanted):
    """Owners change the company; its other people read it."""
    if not is_owner(request, wanted):
        return None
    company = wanted.company
    initial = {name: getattr(company, name) for name in FROM_COMPANY}
    return CompanyForm(typed(request), initial=initial, frozen=bool(company.verified_at))


def _told(wanted, step):
    initial = {name: getattr(wanted, name) for name in (*form_steps.ASKED.get(step, ()), "kind")}
    if wanted.park_id:
        initial["place"] = f"park:{wanted.park.code}"
    elif wanted.ecosystem_id:
        initial["place"] = f"ecosystem:{wanted.ecosystem.code}"
    return initial


def _saved(request, wanted, sheet):
    """Save the valid fields; False where the action refused, with the refusal on the form."""
    facts = {name: value for name, value in sheet.form.cleaned_data.items() if name not in sheet.form.errors}
    for name in _emptied(sheet.form):
        facts[name] = None if name in {"area_min", "area_max", "needed_by", "months"} else ""
    if "place" in facts:
        facts |= _place(facts.pop("place"))
    seen = concurrent_edits.seen(request)

    def write():
        _write(request, wanted, sheet.step, facts, seen)
        return _after(request, wanted, sheet), _("Saved: %(step)s.") % {"step": sheet.step.label}

    try:
        repeats.do(request, write, wanted, wanted.company)
    except ValidationError as error:
        add_refusal(sheet.form, error)
        return False
    concurrent_edits.say_merged(request, seen)
    return True


def _write(request, wanted, step, facts, seen):
    if step == FormStep.COMPANY:
        company = companies.update(wanted.company, by=request.user, seen=seen, **facts)
        warn_of_code(request, company.uscc)
        requests.save(wanted, by=request.user, step=step)
    elif step == FormStep.UNITS:
        if "units" in facts:
            chosen = Unit.objects.filter(code__in=facts["units"])
            requests.request_units(wanted, chosen, by=request.user, seen=seen)
        requests.save(wanted, by=request.user, step=step)
    else:
        requests.save(wanted, by=request.user, step=step, seen=seen, **facts)


def _row(wanted, sheet):
    """What a step changes."""
    return wanted.company if sheet.step == FormStep.COMPANY else wanted


def _emptied(form):
    """Required fields that were left empty, which are saved as empty; a company keeps its values."""
    if isinstance(form, CompanyForm):
        return []
    found = form.errors.as_data().items()
    return [name for name, errors in found if any(error.code == "required" for error in errors)]


def _place(value):
    kind, _colon, code = value.partition(":")
    if kind == "park":
        return {"park": Park.objects.get(code=code), "ecosystem": None}
    if kind == "ecosystem":
        return {"park": None, "ecosystem": Ecosystem.objects.get(code=code)}
    return {"park": None, "ecosystem": None}


def _after(request, wanted, sheet):
    """The address of the next step; of the list after the last one, or where it was asked for."""
    following = list(FormStep)[sheet.place :]
    if "to_list" in request.POST or not following:
        return reverse("request-edit", args=[wanted.number])
    return reverse("request-step", args=[wanted.number, following[0].value])


def _onward(request, wanted, sheet, *, right):
    if not right:
        missing = ", ".join(
            str(sheet.form.fields[name].label) for name in sheet.form.errors if name in sheet.form.fields
        )
        message = _("Saved what is right. Still to do in “%(step)s”: %(missing)s.")
        messages.warning(request, message % {"step": sheet.step.label, "missing": missing})
    else:
        messages.success(request, _("Saved: %(step)s.") % {"step": sheet.step.label})
    return redirect(_after(request, wanted, sheet))


def _template(step):
    return step.value if step in {FormStep.COMPANY, FormStep.FILES, FormStep.UNITS, FormStep.SPACE} else "step"


def _unit_words(unit):
    building = unit.floor.building
    return f"{unit.code} · {named(building.park)} · {named(building)} · {floor_name(unit.floor)}"
