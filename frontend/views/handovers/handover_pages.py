"""The checklist of a move-in or a move-out, used by both sides; each item is its own form."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from frontend.act_page import Act, Impact, add_refusal, answer, known, status_of
from frontend.forms import concurrent_edits
from frontend.forms import leases as forms
from frontend.site.documents import documents_of
from frontend.site.htmx import go_to, render_page, wants_fragment
from frontend.site.links import page
from spaces.access import get_editable, get_visible, may_edit
from spaces.changes.versions import versions_of
from spaces.ledger import impact
from spaces.states import UnitState
from spaces.values import masks
from spaces.values.names import short_name
from tenants.actions import handovers as actions
from tenants.leasing.contracts import units_of
from tenants.models import Handover, HandoverItem
from tenants.models.companies import ANYONE_OF_IT
from tenants.rights import HANDOVER
from tenants.states import HandoverKind, ItemOwner, Proof

ROWS = Handover.objects.select_related("lease__company", "lease__park", "park_signed_by", "company_signed_by")


def _handed_over(it):
    into = UnitState.OCCUPIED if it.row.kind == HandoverKind.MOVE_IN else UnitState.VACANT
    day = min(it.data.get("moved_on") or it.on, it.on)
    return Impact(day, impact.into(units_of(it.row.lease), into, on=day, today=it.on))


ACTS = {
    "add": Act(
        _("Add an item"),
        lambda it: actions.add_item(it.row, by=it.by, why=it.data.pop("added_why"), **it.data),
        _("added. Signatures given before no longer count."),
        forms.AddItemForm,
    ),
    "sign": Act(
        _("Sign for the park"),
        lambda it: actions.sign(it.row, ItemOwner.PARK, by=it.by),
        _("signed for the park."),
    ),
    "sign-own": Act(
        _("Sign for the company"),
        lambda it: actions.sign(it.row, ItemOwner.COMPANY, by=it.by),
        _("signed for the company."),
    ),
    "confirm": Act(
        _("Confirm the handover"),
        lambda it: actions.confirm(it.row, by=it.by, on=it.on, **it.data),
        _("closed."),
        forms.ConfirmForm,
        initial=lambda it: {"moved_on": it.on},
        impact=_handed_over,
    ),
}


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """An item for one person: `mine` if the person may tick it, with its form while it is open."""

    item: HandoverItem
    form: object
    mine: bool
    late: bool
    files: dict | None
    version: int


@require_GET
def handover_detail(request, number):
    handover = get_visible(ROWS, request.user, number=number)
    return _page(request, handover)


def _page(request, handover, wrong=None, status=200):
    """The checklist; `wrong` is (item's place, its form with the refusal)."""
    sides = sides_of(request.user, handover)
    near = any(sides.values())
    items = items_of(handover, near=near)
    seen = versions_of(items)
    rows = [_row(request, item, sides, wrong, seen.get(item.pk, 0)) for item in items]
    done = sum(row.item.done_at is not None for row in rows)
    context = {
        "handover": handover,
        "lease": handover.lease,
        "units": units_of(handover.lease),
        "company_signatory": _person(handover.company_signed_by, near=near),
        "rows": rows,
        "done": done,
        "number": len(rows),
        "acts": acts_of(handover, request.user, all_done=done == len(rows)),
        "row": None,
    }
    if wrong is not None:
        (context["row"],) = [row for row in rows if row.item.place == wrong[0]]
    return render_page(request, "frontend/handover_detail.html", context, fragment="checklist", status=status)


def items_of(handover, *, near):
    """Items with `doer`, the name of who ticked each; names of the company's people are masked unless `near`."""
    rows = list(handover.items.select_related("done_by").order_by("place"))
    for row in rows:
        row.handover = handover
        row.doer = _person(row.done_by, near=near or row.owner == ItemOwner.PARK)
    return rows


def _person(user, *, near):
    """The name of a person; masked for officials and auditors where a company's person acted."""
    return "" if user is None else str(user) if near else masks.word(str(user))


def sides_of(user, handover):
    """Side -> whether this person may tick its items."""
    verbs = {ItemOwner.PARK: "tick", ItemOwner.COMPANY: "tick-own"}
    return {side: _may(user, handover, verb) for side, verb in verbs.items()}


def _row(request, item, sides, wrong, version):
    handover = item.handover
    mine = sides[ItemOwner(item.owner)] and handover.moved_on is None
    form = None
    if mine and item.done_at is None:
        form = forms.ItemForm(proof=item.proof, prefix=f"i{item.place}", initial={"note": item.note})
    if wrong is not None and wrong[0] == item.place:
        form = wrong[1]
        version = getattr(form, "version", version)
    open_still = item.done_at is None and handover.moved_on is None
    late = open_still and item.due_on is not None and item.due_on < request.today
    files = documents_of("item", item, request.user) if item.proof == Proof.FILE else None
    return ChecklistRow(item, form, mine, late, files, version)


def acts_of(handover, user, *, all_done):
    """(verb, title) of the acts that the checklist allows in its state."""
    if handover.moved_on:
        return []
    fits = {
        "confirm": handover.park_signed_at and handover.company_signed_at,
        "sign": all_done and not handover.park_signed_at,
        "sign-own": all_done and not handover.company_signed_at,
        "add": True,
    }
    return [(verb, ACTS[verb].title) for verb, fit in fits.items() if fit and _may(user, handover, verb)]


def _may(user, handover, verb):
    return may_edit(Handover.objects, user, roles=HANDOVER[verb], pk=handover.pk)


@require_POST
def handover_item(request, number, place):
    """Tick an item, or take its tick back (`reopen`). Each side ticks its own items."""
    item = get_visible(HandoverItem.objects, request.user, handover__number=number, place=place)
    roles = ANYONE_OF_IT if item.owner == ItemOwner.COMPANY else HANDOVER["tick"]
    rows = HandoverItem.objects.select_related("handover__lease__company", "handover__lease__park")
    item = get_editable(rows, request.user, roles=roles, pk=item.pk)
    form = forms.ItemForm(request.POST, proof=item.proof, prefix=f"i{place}")
    seen = concurrent_edits.seen(request)
    try:
        if "reopen" in request.POST:
            actions.reopen(item, by=request.user, seen=seen)
        elif form.is_valid():
            actions.complete(item, by=request.user, seen=seen, **_typed(form, item))
    except ValidationError as error:
        add_refusal(form, error)
        handover = get_visible(ROWS, request.user, number=number)
        return _page(request, handover, (place, form), status_of(form))
    if form.errors:
        concurrent_edits.open_on(form, item, request)
        handover = get_visible(ROWS, request.user, number=number)
        return _page(request, handover, (place, form), status_of(form))
    concurrent_edits.say_merged(request, seen)
    if wants_fragment(request):
        return _page(request, get_visible(ROWS, request.user, number=number))
    messages.success(request, _("%(item)s: saved.") % {"item": short_name(item)})
    return go_to(request, f"{page(request, 'handover-detail', number)}#item-{place}")


def _typed(form, item):
    data = form.cleaned_data
    return {"note": data["note"]} | ({"reading": data["reading"]} if item.proof == Proof.READING else {})


@require_http_methods(["GET", "POST"])
def handover_act(request, number, verb):
    act = known(ACTS, verb)
    handover = get_editable(ROWS, request.user, roles=HANDOVER[verb], number=number)
    return answer(
        request,
        act,
        handover,
        back=page(request, "handover-detail", number),
        title=f"{number}: {act.title}",
        subject=f"{handover.lease.company.name} · {', '.join(unit.code for unit in units_of(handover.lease))}",
    )


@require_GET
def handover_paper(request, number):
    """单元交付单: the same rows on one sheet, with room for two signatures."""
    handover = get_visible(ROWS, request.user, number=number)
    near = any(sides_of(request.user, handover).values())
    context = {
        "handover": handover,
        "lease": handover.lease,
        "units": units_of(handover.lease),
        "company_signatory": _person(handover.company_signed_by, near=near),
        "items": items_of(handover, near=near),
    }
    return render(request, "frontend/handover_paper.html", context)
