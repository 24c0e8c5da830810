"""One page for each act on a unit or an allocation: the form, what it moves in numbers, the button that names it."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from frontend.forms import acts as forms
from frontend.forms import concurrent_edits
from frontend.site import breadcrumbs, repeats
from frontend.site.interrupted_forms import typed
from frontend.site.limits import MOST_SELECTED, takes_selection
from frontend.site.links import page
from spaces import ledger
from spaces.access import get_editable
from spaces.actions import allocations, units
from spaces.changes.versions import StaleError
from spaces.models import Allocation, Unit
from spaces.models.codes import clean_code, unit_code
from spaces.states import Purpose, Role, UnitState
from tenants.actions import tenancies
from tenants.actions.locked_rows import unchanged
from tenants.leasing import contracts

MANAGER_ONLY = (Role.PARK_MANAGER,)


@dataclass(frozen=True, slots=True)
class Act:
    """A form and the action behind it; `roles` narrows who may act (permission matrix), None = every editor.

    One that `edits` shows the facts of its row, and its action takes the version that was seen; for any other the
    version is compared under the lock.
    """

    title: object
    form: type
    run: object
    done: object
    roles: tuple | None = None
    edits: bool = False


def _split(unit, data, by, on):
    parts = [_copy(unit, code, area) for code, area in data["parts"]]
    units.split(unit, parts, splits_on=data["splits_on"], by=by, why=data["why"], on=on)


def _merge(unit, data, by, on):
    whole = _copy(unit, data["code"], data["usable_area"])
    units.merge([unit, *data["others"]], whole, merges_on=data["merges_on"], by=by, why=data["why"], on=on)


def _copy(unit, code, area):
    """A new unit like the old one but for code and area; the action sets floor and first day."""
    kept = ("use", "height_m", "load_kg_m2", "power_kw", "water", "drainage", "gas", "ventilation", "freight_lift")
    facts = {name: getattr(unit, name) for name in kept}
    return Unit(floor=unit.floor, code=unit_code(unit.floor.building, clean_code(code)), usable_area=area, **facts)


UNIT_ACTS = {
    "edit": Act(
        gettext_lazy("Edit"),
        forms.UnitForm,
        lambda unit, data, by, on: units.update(unit, by=by, on=on, **data),
        gettext_lazy("Saved."),
        edits=True,
    ),
    "hold": Act(
        gettext_lazy("Hold"),
        forms.HoldForm,
        lambda unit, data, by, on: allocations.hold([unit], by=by, on=on, **data),
        gettext_lazy("Held."),
        MANAGER_ONLY,
    ),
    "offline": Act(
        gettext_lazy("Take out of service"),
        forms.OfflineForm,
        lambda unit, data, by, on: allocations.take_offline(unit, by=by, on=on, **data),
        gettext_lazy("Out of service."),
    ),
    "split": Act(gettext_lazy("Split"), forms.SplitForm, _split, gettext_lazy("Split."), MANAGER_ONLY),
    "merge": Act(gettext_lazy("Merge"), forms.MergeForm, _merge, gettext_lazy("Merged."), MANAGER_ONLY),
    "retire": Act(
        gettext_lazy("Retire"),
        forms.RetireForm,
        lambda unit, data, by, on: units.retire(unit, by=by, on=on, **data),
        gettext_lazy("Retired."),
        MANAGER_ONLY,
    ),
}
ALLOCATION_ACTS = {
    "sign": Act(
        gettext_lazy("Sign"),
        forms.SignForm,
        lambda row, data, by, on: allocations.sign(row, by=by, on=on, **data),
        gettext_lazy("Signed."),
    ),
    "move-in": Act(
        gettext_lazy("Record move-in"),
        forms.MoveInForm,
        lambda row, data, by, on: allocations.move_in(row, by=by, on=on, **data),
        gettext_lazy("Moved in."),
    ),
    "hand-back": Act(
        gettext_lazy("Record hand-back"),
        forms.HandBackForm,
        lambda row, data, by, on: allocations.hand_back(row, by=by, on=on, **data),
        gettext_lazy("Handed back."),
    ),
    "end": Act(
        gettext_lazy("End early"),
        forms.EndForm,
        lambda row, data, by, on: allocations.end_early(row, by=by, on=on, **data),
        gettext_lazy("Ended."),
    ),
    "correct": Act(
        gettext_lazy("Correct"),
        forms.CorrectForm,
        lambda row, data, by, on: tenancies.correct(row, by=by, on=on, **data),
        gettext_lazy("Corrected."),
        edits=True,
    ),
}


def unit_acts(unit, user):
    """(verb, words) of the acts this person may do on a unit."""
    mine = {
        roles: Unit.objects.editable_by(user, roles).filter(pk=unit.pk).exists()
        for roles in {act.roles for act in UNIT_ACTS.values()}
    }
    return [(verb, act.title) for verb, act in UNIT_ACTS.items() if mine[act.roles]]


def allocation_acts(row, *, contract=None):
    """(verb, words) of the acts that fit an allocation as it stands; what has a contract moves by its contract."""
    if contract:
        verbs = ("correct",) if row.signed_on else ()
    elif row.purpose == Purpose.OFFLINE:
        verbs = ("end", "correct")
    elif row.signed_on is None:
        verbs = ("sign", "end", "correct")
    elif row.moved_in_on is None:
        verbs = ("move-in", "end", "correct")
    else:
        verbs = ("correct",) if row.handed_back_on else ("hand-back", "correct")
    return [(verb, ALLOCATION_ACTS[verb].title) for verb in verbs]


@takes_selection(MOST_SELECTED)
@require_http_methods(["GET", "POST"])
def unit_act(request, code, verb):
    act = _known(UNIT_ACTS, verb)
    rows = Unit.objects.select_related("floor__building__park__ecosystem")
    unit = get_editable(rows, request.user, roles=act.roles, code=code)
    form = act.form(typed(request), **_start(act, unit, request))
    if verb == "merge":
        alive = unit.floor.units.filter(closes_on=None).exclude(pk=unit.pk).order_by("code_order")
        form.fields["others"].queryset = alive
        form.initial["others"] = request.GET.getlist("others")  # chosen on the floor plan
    return _answer(request, act, unit, unit, form)


@require_http_methods(["GET", "POST"])
def allocation_act(request, pk, verb):
    act = _known(ALLOCATION_ACTS, verb)
    rows = Allocation.objects.select_related("unit__floor__building__park__ecosystem")
    allocation = get_editable(rows, request.user, roles=act.roles, pk=pk)
    contract = contracts.contracts([allocation.pk]).get(allocation.pk)
    if contract and verb != "correct":
        raise PermissionDenied(_("This belongs to %(number)s: act there.") % {"number": contract.number})
    form = act.form(typed(request), **_start(act, allocation, request))
    if verb == "correct":
        _leave_empty(form, allocation)
    return _answer(request, act, allocation, allocation.unit, form)


def _known(acts, verb):
    if verb not in acts:
        raise Http404
    return acts[verb]


def _leave_empty(form, row):
    """A correction asks only for days that are known: it adds no step."""
    steps = ("held_until", "signed_on", "moved_in_on", "handed_back_on")
    for name in [*steps, "reason"]:
        if not getattr(row, name):
            del form.fields[name]
        elif name in steps:
            form.fields[name].required = True


def _start(act, row, request):
    """What the form shows at first: the row's facts where it edits them, today where it asks for a day."""
    if act.form is forms.UnitForm:
        return {"instance": row}
    shown = dict.fromkeys(act.form.base_fields)
    facts = {name: getattr(row, name) for name in shown if act.form is forms.CorrectForm and hasattr(row, name)}
    days = dict.fromkeys(
        ("starts_on", "signed_on", "moved_in_on", "handed_back_on", "splits_on", "merges_on"), request.today
    )
    return {"initial": facts or {name: day for name, day in days.items() if name in shown}}


def _moved(unit, before, today):
    """What the act moved between the states of today, in numbers; nothing where today's state is the same."""
    unit = Unit.objects.select_related("floor__building").get(pk=unit.pk)
    after = ledger.state_of(unit, on=today, today=today)
    if after == before or unit.usable_area is None:
        return ""
    words = [
        f"{UnitState(state).label} {sign}{unit.usable_area}" for state, sign in ((before, "−"), (after, "+")) if state
    ]
    return _("%(moves)s m²") % {"moves": _(", ").join(words)}


def _answer(request, act, row, unit, form):
    state = ledger.state_of(unit, on=request.today, today=request.today)
    seen = concurrent_edits.seen(request) if act.edits else concurrent_edits.seen_if_told(request)
    back = page(request, "unit-detail", unit.code)

    def run():
        act.run(row, form.cleaned_data | ({"seen": seen} if act.edits else {}), request.user, request.today)
        told = f"{act.done} {_moved(unit, state, request.today)}".rstrip()
        return back, _("%(unit)s: %(words)s") % {"unit": unit.code, "words": told}

    if request.method == "POST" and form.is_valid():
        try:
            address, words = repeats.do(request, lambda: unchanged(row, None if act.edits else seen, run), row, unit)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            concurrent_edits.say_merged(request, seen)
            messages.success(request, words)
            return redirect(address)
    if act.edits:
        concurrent_edits.open_on(form, row, request)
    else:
        concurrent_edits.carry_version(form, row)
    context = {
        "form": form,
        "act": act,
        "unit": unit,
        "state": state,
        "back": back,
        "title": _("%(unit)s: %(words)s") % {"unit": unit.code, "words": act.title},
        "button": _("Save") if act.form is forms.UnitForm else act.title,
        "crumbs": breadcrumbs.to_unit(request, unit),
        "narrow": True,
    }
    return render(request, "frontend/act_form.html", context, status=concurrent_edits.status_of(form))


def add_refusal(form, error):
    """The action's words at the field they name; on the whole form when it has no such field."""
    if isinstance(error, StaleError):
        concurrent_edits.add_conflict(form, error)
        return
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
