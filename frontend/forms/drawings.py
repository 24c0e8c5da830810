"""Forms of the DXF import."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from frontend.forms.fields import DayFormField, ReasonField
from spaces.dxf.layer_messages import layer_summary
from spaces.dxf.upload import check_size
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
        """Refuse a large file before it is read."""
        if sent := self.cleaned_data.get("file"):
            check_size(sent.size)


class ReadingForm(forms.Form):
    """How the drawing is read; the choices come from the drawing."""

    layer = forms.ChoiceField(label=gettext_lazy("Layer of the rooms"))
    labels = forms.ChoiceField(label=gettext_lazy("Layer of the room numbers"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Unit of the drawing"))
    joined = forms.BooleanField(
        label=gettext_lazy("Close loose lines"),
        required=False,
        help_text=gettext_lazy("Lines, arcs and open polylines of the layer become rooms where they meet."),
    )

    def __init__(self, data, *, drawing):
        layers = drawing.content["layers"]
        unread = {each["layer"].casefold() for each in drawing.content.get("unread", ())}
        rooms = [each for each in layers if each["closed"] or each["open"] or each["name"].casefold() in unread]
        texts = [each for each in layers if each["texts"]]
        start = {"layer": drawing.layer, "labels": drawing.labels, "unit": drawing.unit, "joined": drawing.joined}
        super().__init__(data, initial=start)
        named = sorted(rooms, key=lambda each: (-each["closed"], each["name"]))
        self.fields["layer"].choices = [("", _("Choose"))] + [
            (each["name"], layer_summary(each, drawing.content)) for each in named
        ]
        if not any(each["open"] for each in layers) and not drawing.content.get("lines"):
            del self.fields["joined"]
        self.fields["labels"].choices = [("", _("any layer"))] + [(each["name"], _texts(each)) for each in texts]
        self.fields["unit"].choices = [("", _("Choose")), *UNITS.items()]
        if self.is_bound:  # the action refuses what the drawing lacks, and names what it has
            for name in ("layer", "labels"):
                self.fields[name].validate = lambda value: None  # noqa: ARG005 Django's call

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
    opens_on = DayFormField(label=gettext_lazy("New units exist from"), required=False)
    over = forms.ModelChoiceField(None, label=gettext_lazy("Draw the rooms"), required=False)
    valid_from = DayFormField(label=gettext_lazy("The new version is valid from"))
    unit_sure = forms.BooleanField(label=gettext_lazy("The unit is right, the areas are wrong"), required=False)
    why = ReasonField(required=False, help_text=gettext_lazy("Needed where an area is taken over or a shape moves."))

    def __init__(self, data, *, compared, plans, today):
        start = {"opens_on": today, "valid_from": today, "over": plans.first()}
        super().__init__(data, initial=start)
        self.fields["units"].choices = [(room.code, room.code) for room in compared.new]
        self.fields["areas"].choices = [(pair.unit.code, pair.unit.code) for pair in compared.pairs]
        self.fields["use"].choices = [("", _("Choose")), *Use.choices]
        self.fields["over"].queryset = plans
        self.fields["over"].empty_label = _("in a new version without a picture")
        self.fields["over"].label_from_instance = lambda plan: _("over the plan of %(day)s") % {"day": plan.valid_from}
        if compared.doubt is None:
            del self.fields["unit_sure"]
        if not compared.new:
            del self.fields["use"], self.fields["opens_on"]


def _texts(layer):
    return f"{layer['name']}: " + ngettext("%(count)s text", "%(count)s texts", layer["texts"]) % {
        "count": layer["texts"]
    }
