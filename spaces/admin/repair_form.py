"""Form of the repair desk, with a reason and the version of the row that it shows."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spaces.actions.restating import RestatementError
from spaces.changes.versions import Seen, StaleError, as_seen, authors_of, version_of
from spaces.ledger.restatement import MovedFigure
from spaces.models.fields import CharFormField
from spaces.models.people import AnyUser

ASKED = {"why", "version", "confirmed"}  # what is no fact of the row


class RepairForm(forms.ModelForm):
    """Holds the version of the row that it shows; saving an older one is an error that shows the current values."""

    reader: AnyUser  # set by the desk for each request
    refusal: ValidationError | None  # what the action has said to what was sent
    confirmed = CharFormField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    why = CharFormField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.initial["version"] = version_of(self.instance)

    @property
    def facts(self) -> dict[str, Any]:
        """The changed facts of the row."""
        changed = [name for name in self.changed_data if name not in ASKED and name in self.cleaned_data]
        return {name: self.cleaned_data[name] for name in changed}

    @property
    def seen(self) -> Seen | None:
        return Seen(self.cleaned_data.get("version"), self.reader) if self.instance.pk is not None else None

    def clean(self) -> dict[str, Any]:
        """Checked here, where the typed values can be kept; the action checks again under the lock of the row."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if isinstance(self.refusal, RestatementError):
            self._sent("confirmed", self.refusal.digest)
            moved = [_in_words(figure) for figure in self.refusal.figures]
            raise ValidationError([*self.refusal.messages, *moved, _("Save again to confirm.")])
        if self.refusal is not None:
            raise ValidationError(self.refusal.messages)
        if self.seen is not None:
            try:
                as_seen(type(self.instance)._default_manager.get(pk=self.instance.pk), self.seen, self.facts)
            except StaleError as stale:
                self._sent("version", str(stale.version))
                message = _(
                    "%(field)s: someone else (%(name)s) set it to “%(value)s”. Save again to save yours over it."
                )
                names = authors_of(stale.differences, self.reader)
                standing = [
                    message % {"field": each.field.verbose_name, "name": name, "value": each.theirs}
                    for each, name in zip(stale.differences, names, strict=True)
                ]
                raise ValidationError(
                    [ValidationError(each, code="stale") for each in (*stale.messages, *standing)]
                ) from None
        return data

    def _sent(self, name: str, value: str) -> None:
        """Let the form that is shown again send another value of a hidden field."""
        sent: Any = self.data
        sent = self.data = sent.copy()
        sent[self.add_prefix(name)] = value


def _in_words(figure: MovedFigure) -> str:
    moved = f"{figure.before} → {figure.after} ({figure.difference:+})"
    return f"{figure.day} {_place(figure)} {figure.label}: {moved}"


def _place(figure: MovedFigure) -> str:
    place = figure.scope.park or figure.scope.ecosystem
    return place.code if place else _("The whole province") if figure.scope.whole else _("No ecosystem")
