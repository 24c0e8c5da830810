"""What is typed on the way of a DXF into the register. They check shape; the action checks the rule."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from frontend.forms.acts import Reason
from frontend.forms.fields import DayInput
from spaces.drawings.opening import check_size
from spaces.models.drawings import UNITS
from spaces.states import Use

TYPED = "code-"  # the prefix of the fields in which room numbers are filled in
LONGEST_LABEL = 80


class DrawingForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("DXF file"),
        widget=forms.FileInput(attrs={"accept": ".dxf"}),
        max_length=150,
        allow_empty_file=True,
        help_text=gettext_lazy("Up to 10 MB. Closed polylines around the rooms, their numbers as texts inside."),
    )

    def clean(self):
        """A large file is refused unread."""
        if sent := self.cleaned_data.get("file"):
            check_size(sent.size)


class ReadingForm(forms.Form):
    """How the drawing is read: choices out of the drawing itself."""

    layer = forms.ChoiceField(label=gettext_lazy("Layer of the rooms"))
    labels = forms.ChoiceField(label=gettext_lazy("Layer of the room numbers"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Unit of the drawing"))

    def __init__(self, data, *, drawing):
        layers = drawing.content["layers"]
        rooms = [each for each in layers if each["closed"] or each["open"] or each["blocks"]]
        texts = [each for each in layers if each["texts"]]
        start = {"layer": drawing.layer, "labels": drawing.labels, "unit": drawing.unit}
        super().__init__(data, initial=start)
        named = sorted(rooms, key=lambda each: (-each["closed"], each["name"]))
        self.fields["layer"].choices = [("", _("Choose"))] + [(each["name"], _rooms(each)) for each in named]
        self.fields["labels"].choices = [("", _("any layer"))] + [(each["name"], _texts(each)) for each in texts]
        self.fields["unit"].choices = [("", _("Choose")), *UNITS.items()]
        if self.is_bound:  # what the drawing lacks is refused by the action, which names what it has
            for name in ("layer", "labels"):
                self.fields[name].validate = lambda value: None  # noqa: ARG005

    @property
    def codes(self):
        """Handle -> number, as filled in."""
        typed = {name[len(TYPED) :]: self.data[name] for name in self.data if name.startswith(TYPED)}
        return {handle[:40]: label[:LONGEST_LABEL] for handle, label in typed.items()}


class TakeOverForm(forms.Form):
    """What is written. `units` and `areas` are ticks in the tables of the check page."""

    units = forms.MultipleChoiceField(label=gettext_lazy("New units"), required=False)
    areas = forms.MultipleChoiceField(label=gettext_lazy("Areas to take over"), required=False)
    use = forms.ChoiceField(label=gettext_lazy("Use of the new units"), required=False)
    opens_on = DayInput(label=gettext_lazy("New units exist from"), required=False)
    over = forms.ModelChoiceField(None, label=gettext_lazy("Draw the rooms"), required=False)
    valid_from = DayInput(label=gettext_lazy("The new version is valid from"))
    why = Reason(required=False, help_text=gettext_lazy("Needed where an area is taken over or a shape moves."))

    def __init__(self, data, *, compared, plans, today):
        start = {"opens_on": today, "valid_from": today, "over": plans.first()}
        super().__init__(data, initial=start)
        self.fields["units"].choices = [(room.code, room.code) for room in compared.new]
        self.fields["areas"].choices = [(pair.unit.code, pair.unit.code) for pair in compared.pairs]
        self.fields["use"].choices = [("", _("Choose")), *Use.choices]
        self.fields["over"].queryset = plans
        self.fields["over"].empty_label = _("in a new version without a picture")
        self.fields["over"].label_from_instance = lambda plan: _("over the plan of %(day)s") % {"day": plan.valid_from}
        if not compared.new:
            del self.fields["use"], self.fields["opens_on"]


def _rooms(layer):
    """“ROOMS: 8 closed, 1 open”."""
    closed = ngettext("%(count)s closed polyline", "%(count)s closed polylines", layer["closed"])
    told = [closed % {"count": layer["closed"]}]
    if layer["open"]:
        told.append(ngettext("%(count)s open", "%(count)s open", layer["open"]) % {"count": layer["open"]})
    if layer["blocks"]:
        told.append(ngettext("%(count)s block", "%(count)s blocks", layer["blocks"]) % {"count": layer["blocks"]})
    return f"{layer['name']}: {', '.join(told)}"


def _texts(layer):
    return f"{layer['name']}: " + ngettext("%(count)s text", "%(count)s texts", layer["texts"]) % {
        "count": layer["texts"]
    }
