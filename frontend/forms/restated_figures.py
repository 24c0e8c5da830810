"""Forms of acts that move reported figures: the figures are shown, and confirmed with a reason."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from frontend.forms.fields import ReasonField
from frontend.site import formatting, repeats
from frontend.site.links import named
from spaces.actions.restating import with_confirmation
from spaces.ledger.restatement import MovedFigure

CONFIRMED = "confirmed"
CARRIED = ("conflict", "take_theirs")  # how a conflict was decided on the page before
APART = (*repeats.APART, repeats.NAME, CONFIRMED, "why", "restated_why", "save_mine")
LARGEST = 5


class RestatedReasonForm(forms.Form):
    """The reason for another figure, where the form of the act asks for none."""

    restated_why = ReasonField(required=True)


@dataclass(frozen=True, slots=True)
class RestatedRow:
    """A moved figure, and what it says as text."""

    figure: MovedFigure
    place: str
    label: str
    before: str
    after: str
    difference: str


class RestatedFigures:
    """What a refused form has to confirm: the moved figures, and the reason if the form has no field for one."""

    def __init__(self, error, reason, carried):
        self.digest, self.reason, self.carried = error.digest, reason, carried
        by_size = sorted(error.figures, key=lambda each: (each.is_area, abs(each.difference), each.day), reverse=True)
        self.largest = [_as_text(figure) for figure in by_size[:LARGEST]]
        rest = sorted(by_size[LARGEST:], key=lambda each: each.day, reverse=True)
        self.others = [_as_text(figure) for figure in rest]
        self.places = list(dict.fromkeys(row.place for row in (*self.largest, *self.others)))
        self.days = len({figure.day for figure in error.figures})


def confirmed(request, form, act, rows):
    """The result of `act`. Raises RestatementError where it moves figures that the form does not confirm."""
    reason_form = _reason_form(request, form)
    why = _reason(form, reason_form)
    return with_confirmation(
        act,
        rows,
        confirmed=request.POST.get(CONFIRMED, "") if why else "",
        given=repeats.fingerprint(request, APART),
        why=why if reason_form else "",
        today=request.today,
        counts_parks=getattr(form, "counts_parks", False),
    )


def ask(request, form, error):
    """Show on a refused form what it has to confirm."""
    reason_form = _reason_form(request, form)
    carried = [(name, value) for name in CARRIED for value in request.POST.getlist(name)]
    form.restated = RestatedFigures(error, reason_form, carried)
    form.add_error(None, error)
    if reason_form is None and CONFIRMED in request.POST and not _reason(form, None):
        form.add_error("why", ValidationError(_("Say why reported figures move."), code="reason"))


def _reason_form(request, form):
    """The form that asks for the reason; None where `form` itself does."""
    if "why" in form.fields:
        return None
    return RestatedReasonForm(request.POST if CONFIRMED in request.POST else None)


def _reason(form, reason_form):
    if reason_form is None:
        return form.cleaned_data["why"].strip()
    return reason_form.cleaned_data["restated_why"] if reason_form.is_valid() else ""


def _as_text(figure):
    before, after, moved = figure.before, figure.after, figure.difference
    if figure.is_area:
        texts = formatting.area(before), formatting.area(after), formatting.signed_area(moved)
    else:
        texts = str(before), str(after), f"{formatting.MINUS if moved < 0 else '+'}{abs(moved)}"
    return RestatedRow(figure, _place(figure.scope), figure.label, *texts)


def _place(scope):
    if scope.park:
        return named(scope.park)
    if scope.whole:
        return _("The whole province")
    ecosystem = named(scope.ecosystem) if scope.ecosystem else _("No ecosystem")
    kind = _("Industrial parks") if scope.industrial else _("Incubators")
    return f"{ecosystem} · {kind}"
