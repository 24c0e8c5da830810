"""The check page of an act: what was typed, what it moves in numbers, a reason, and a button that names the act."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404
from django.shortcuts import render

from frontend.forms import concurrent_edits
from frontend.site import repeats
from frontend.site.htmx import go_to
from frontend.views.units.unit_acts import add_refusal, typed
from spaces.actions.writing import CONFLICTS
from spaces.changes import versions
from tenants.actions.locked_rows import unchanged


@dataclass(frozen=True, slots=True)
class Act:
    """A form and the action behind it. `run`, `start` (initial values) and `moves` (a Shift) each take a Doing.

    One that `edits` shows facts of its row, and hands the version that was seen to its action; of any other it is
    compared under the lock.
    """

    title: object
    run: Callable
    done: object
    form: type = Form
    words: object = ""
    start: Callable | None = None
    moves: Callable | None = None
    danger: bool = False
    edits: bool = False


@dataclass(frozen=True, slots=True)
class Doing:
    """An act as it is done, or about to be: on what, with what typed, by whom, on which day."""

    row: object
    data: dict
    by: object
    on: object
    seen: object = None


@dataclass(frozen=True, slots=True)
class Shift:
    """What an act moves from a day on: state -> area in m2, signed; `words` where nothing moves."""

    day: object
    moves: dict
    words: object = ""


def known(acts, verb):
    if verb not in acts:
        raise Http404
    return acts[verb]


def answer(request, act, row, *, back, title, form=None, run=None, template="frontend/check.html", **context):
    """Show the check page, or do the act and go `back`. A refusal stays on the form: 422; 409 if another was faster.

    `form` where it needs more than its initial values; `run` where the act needs more than the row and what was typed.
    """
    if form is None:
        start = act.start(Doing(row, {}, request.user, request.today)) if act.start else None
        form = act.form(typed(request), initial=start)
    if act.edits:
        concurrent_edits.open_on(form, row, request)
    else:
        concurrent_edits.carry_version(form, row)
    status = 200
    if request.method == "POST":
        seen = concurrent_edits.seen(request) if act.edits else concurrent_edits.seen_if_told(request)

        def carry_out():
            (run or act.run)(Doing(row, dict(form.cleaned_data), request.user, request.today, seen))
            return back, f"{title}: {act.done}"

        status, done = _try(request, row, form, carry_out, None if act.edits else seen)
        if done:
            address, words = done
            concurrent_edits.say_merged(request, seen)
            messages.success(request, words)
            return go_to(request, address)
    shift = act.moves(Doing(row, shown(form), request.user, request.today)) if act.moves else None
    context |= {"form": form, "act": act, "row": row, "back": back, "shift": shift, "title": title, "narrow": True}
    return render(request, template, context, status=status)


def _try(request, row, form, carry_out, seen):
    """(status, what the act led to); None where it was refused. `seen`: the version that must still stand."""
    try:
        if not form.is_valid():
            versions.refuse_changed(row, seen)
            return concurrent_edits.status_of(form), None
        return 200, repeats.do(request, lambda: unchanged(row, seen, carry_out), row)
    except ValidationError as error:
        add_refusal(form, error)
        return status_of(error), None


def shown(form):
    """What the form says now: what was typed where it is right, else what it showed first."""
    first = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    if not form.is_bound:
        return first
    form.is_valid()
    return first | getattr(form, "cleaned_data", {})


def status_of(error):
    """Someone was faster, or the thing has moved on: not a mistake in what was typed."""
    return 409 if codes_of(error) & CONFLICTS else 422


def codes_of(error):
    return {each.code for each in ValidationError([error]).error_list}
