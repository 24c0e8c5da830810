"""One page for each act on a unit or an allocation: the form, what it moves in numbers, the button that names it."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from frontend.act_page import known, status_of, submit
from frontend.forms import acts as forms
from frontend.forms.dated_facts import UseAndAreaForm, opened
from frontend.site import breadcrumbs
from frontend.site.interrupted_forms import typed
from frontend.site.limits import MOST_SELECTED, takes_selection
from frontend.site.links import page
from frontend.views.units.unit_verbs import ALLOCATION_ACTS, UNIT_ACTS
from spaces import ledger
from spaces.access import get_editable
from spaces.models import Allocation, Unit
from spaces.states import UnitState
from tenants.leasing import contracts


@takes_selection(MOST_SELECTED)
@require_http_methods(["GET", "POST"])
def unit_act(request, code, verb):
    act = known(UNIT_ACTS, verb)
    rows = Unit.objects.with_facts(request.today).select_related("floor__building__park")
    unit = get_editable(rows, request.user, roles=act.roles, code=code)
    form = act.form(typed(request), **_start(act, unit, request))
    if verb == "merge":
        alive = (
            unit.floor.units.with_facts(request.today)
            .filter(closes_on=None)
            .exclude(pk=unit.pk)
            .order_by("code_order")
        )
        form.fields["others"].queryset = alive
        form.initial["others"] = request.GET.getlist("others")  # chosen on the floor plan
    return _answer(request, act, unit, unit, form)


@require_http_methods(["GET", "POST"])
def allocation_act(request, pk, verb):
    act = known(ALLOCATION_ACTS, verb)
    rows = Allocation.objects.select_related("unit__floor__building__park")
    allocation = get_editable(rows, request.user, roles=act.roles, pk=pk)
    contract = contracts.contracts([allocation.pk]).get(allocation.pk)
    if contract and verb != "correct":
        raise PermissionDenied(_("This belongs to %(number)s: act there.") % {"number": contract.number})
    form = act.form(typed(request), **_start(act, allocation, request))
    if verb == "correct":
        _leave_empty(form, allocation)
    return _answer(request, act, allocation, allocation.unit, form)


def _leave_empty(form, row):
    """A correction asks only for days that are known: it adds no step."""
    steps = ("held_until", "signed_on", "moved_in_on", "handed_back_on")
    for name in [*steps, "reason"]:
        if not getattr(row, name):
            del form.fields[name]
        elif name in steps:
            form.fields[name].required = True


def _start(act, row, request):
    """Initial values: the row's facts where the form edits them, today for a day."""
    if act.form is forms.UnitForm:
        return {"instance": row}
    if act.form is UseAndAreaForm:
        return opened(row, UseAndAreaForm, request)
    shown = dict.fromkeys(act.form.base_fields)
    facts = {name: getattr(row, name) for name in shown if act.form is forms.CorrectForm and hasattr(row, name)}
    days = dict.fromkeys(
        ("starts_on", "signed_on", "moved_in_on", "handed_back_on", "splits_on", "merges_on"), request.today
    )
    return {"initial": facts or {name: day for name, day in days.items() if name in shown}}


def _state(unit, today):
    """(state, area) of a unit today; both None outside its life. One query."""
    found = ledger.with_state(Unit.objects.filter(pk=unit.pk), on=today, today=today)
    return found.values_list("state", "usable_area").order_by("pk").first() or (None, None)


def _moved(unit, before, today):
    """What the act moved between the states of today, in numbers; nothing where today's state is the same."""
    (old, old_area), (new, new_area) = before, _state(unit, today)
    area = new_area if new else old_area
    if new == old or area is None:
        return ""
    parts = [f"{UnitState(state).label} {sign}{area}" for state, sign in ((old, "−"), (new, "+")) if state]
    return _("%(moves)s m²") % {"moves": _(", ").join(parts)}


def _answer(request, act, row, unit, form):
    before = _state(unit, request.today)
    back = page(request, "unit-detail", unit.code)

    def run(it):
        act.run(it)
        message = f"{act.done} {_moved(unit, before, request.today)}".rstrip()
        return back, _("%(unit)s: %(words)s") % {"unit": unit.code, "words": message}

    carried = {"edits" if act.edits else "guards": row}
    address = submit(request, form, run, row, unit, compares=act.compares, **carried)
    if address:
        return redirect(address)
    context = {
        "form": form,
        "act": act,
        "unit": unit,
        "state": before[0],
        "back": back,
        "title": _("%(unit)s: %(words)s") % {"unit": unit.code, "words": act.title},
        "button": act.button or act.title,
        "crumbs": breadcrumbs.to_unit(request, unit),
        "narrow": True,
    }
    return render(request, "frontend/act_form.html", context, status=status_of(form))
