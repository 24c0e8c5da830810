"""Pages that act: a form is shown and checked, its action is done once, and the browser goes on to another page."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404
from django.shortcuts import render

from frontend.forms import concurrent_edits, restated_figures
from frontend.site import repeats
from frontend.site.htmx import go_to
from frontend.site.interrupted_forms import typed
from spaces.actions.conflicts import CONFLICTS
from spaces.actions.restating import RestatementError, counted_first
from spaces.changes import versions
from spaces.changes.versions import StaleError
from tenants.actions.locked_rows import unchanged


@dataclass(frozen=True, slots=True)
class Act:
    """A form and the action behind it. `run`, `initial` and `impact` each take an Attempt.

    `done` is the message, `impact` returns an Impact, `roles` narrows who may act (None: every editor).
    One that `edits` shows facts of its row, and passes the version that was seen to its action; for any other act the
    version is compared under the lock, by the action itself where it `compares`.
    """

    title: object
    run: Callable
    done: object
    form: type = Form
    text: object = ""
    initial: Callable | None = None
    impact: Callable | None = None
    roles: tuple | None = None
    danger: bool = False
    edits: bool = False
    compares: bool = False
    button: object = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An act as it is done, or about to be: on which row, with which data, by whom, on which day."""

    row: object
    data: dict
    by: object
    on: object
    seen: object = None


@dataclass(frozen=True, slots=True)
class Impact:
    """What an act changes in the ledger from a day on: state -> area in m2, signed; `text` where no area moves."""

    day: object
    moves: dict
    text: object = ""


def known(acts, verb):
    """The act behind a verb of an address, or 404."""
    if verb not in acts:
        raise Http404
    return acts[verb]


def submit(request, form, run, *rows, edits=None, guards=None, compares=False, once=True):
    """The address to go on to after a form was sent and its act done; None where the page is to be shown.

    `run` takes an Attempt and returns (address, message). A refusal is added to the form; see `status_of`.
    `rows`: the first is the row of the Attempt; all are restored before a retry.
    An act that moves reported figures is refused once, with the figures, and done when they are confirmed.
    `edits`: the row whose facts the form shows. `guards`: the row that must be as it was when the page was opened;
    the action `compares` it itself.
    Not `once`: an act that decodes a file before its transaction, or that may be repeated.
    """
    if request.method == "POST":
        seen = None
        if edits is not None:
            seen = concurrent_edits.seen(request)
        elif guards is not None:
            seen = concurrent_edits.seen_if_sent(request)
        try:
            done = _run(request, form, run, rows, guards=guards, seen=seen, compares=compares, once=once)
        except RestatementError as error:
            restated_figures.ask(request, form, error)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            if done:
                return _announce(request, seen, *done)
    if edits is not None:
        concurrent_edits.open_on(form, edits, request)
    elif guards is not None:
        concurrent_edits.carry_version(form, guards)
    return None


def _run(request, form, run, rows, *, guards, seen, compares, once):
    """(address, message); None where the form is not valid. `once`: sent again it is answered as before."""
    if not form.is_valid():
        if guards is not None:  # a choice may be invalid only because the row has changed
            versions.refuse_changed(guards, seen)
        return None

    def attempt():
        row = rows[0] if rows else None
        return run(Attempt(row, dict(form.cleaned_data), request.user, request.today, seen))

    def act():
        return restated_figures.confirmed(request, form, attempt, rows)

    guarded = act if guards is None or compares else lambda: unchanged(guards, seen, act)
    return counted_first(lambda: repeats.do(request, guarded, *rows) if once else guarded())


def _announce(request, seen, address, message):
    concurrent_edits.say_merged(request, seen)
    if message:
        messages.success(request, message)
    return address


def answer(request, act, row, *, back, title, form=None, run=None, template="frontend/check.html", **context):
    """Show the check page of an act, or do the act and go `back`.

    `form` where it needs more than its initial values; `run` where the act needs more than the row and the data.
    """
    if form is None:
        initial = act.initial(Attempt(row, {}, request.user, request.today)) if act.initial else None
        form = act.form(typed(request), initial=initial)

    def carry_out(it):
        (run or act.run)(it)
        return back, f"{title}: {act.done}"

    address = submit(request, form, carry_out, row, **{"edits" if act.edits else "guards": row})
    if address:
        return go_to(request, address)
    impact = act.impact(Attempt(row, shown(form), request.user, request.today)) if act.impact else None
    context |= {"form": form, "act": act, "row": row, "back": back, "impact": impact, "title": title, "narrow": True}
    return render(request, template, context, status=status_of(form) if request.method == "POST" else 200)


def shown(form):
    """The values that a form shows: what was entered where it is valid, else the initial ones."""
    first = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    if not form.is_bound:
        return first
    form.is_valid()
    return first | getattr(form, "cleaned_data", {})


def add_refusal(form, error):
    """Add the refusal of an action to the field that it names; to the whole form where it has no such field."""
    if isinstance(error, StaleError):
        concurrent_edits.add_conflict(form, error)
        return
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def status_of(form):
    """409 where someone else was faster or the row has moved on, 422 for any other error, else 200."""
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    return 409 if codes & CONFLICTS else 422 if codes else 200
