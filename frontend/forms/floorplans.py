"""Forms of a floor plan: picture, scale, the corners of a unit, the adjacency of two units."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from frontend.forms.fields import DayFormField, ReasonField
from spaces.models import FloorPlan, Unit
from spaces.models.fields import CharFormField, DecimalFormField
from spaces.values import numbers

PICTURES = forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"})
BETWEEN = re.compile(r"\s*;\s*|,?\s+")  # a comma alone may be a decimal one: 12,5
WHOLE = 100


class PictureField(forms.FileField):
    def __init__(self):
        message = _("PNG, JPEG or WebP, at most 10 MB and 12 million pixels (4000 × 3000). It is written anew.")
        super().__init__(label=_("Picture of the plan"), widget=PICTURES, help_text=message)


class PlanForm(forms.Form):
    file = PictureField()
    valid_from = DayFormField(label=_("Valid from"))
    note = CharFormField(
        label=_("Source"), max_length=FloorPlan._meta.get_field("note").max_length, required=False,
        help_text=_("For example: surveyed, or as built."),
    )  # fmt: skip
    public = forms.BooleanField(label=_("Companies see this plan"), required=False)


class ReplaceForm(forms.Form):
    file = PictureField()
    why = ReasonField(required=True)


class PercentField(DecimalFormField):
    def __init__(self, **kwargs):
        super().__init__(min_value=0, max_value=WHOLE, max_digits=7, decimal_places=4, **kwargs)


class ScaleForm(forms.Form):
    x1 = PercentField(label=_("First point, from the left (%)"))
    y1 = PercentField(label=_("First point, from the top (%)"))
    x2 = PercentField(label=_("Second point, from the left (%)"))
    y2 = PercentField(label=_("Second point, from the top (%)"))
    metres = DecimalFormField(label=_("Distance between them (m)"), min_value=0, max_digits=8, decimal_places=3)

    def points(self):
        data = self.cleaned_data
        return [(float(data[f"x{end}"]) / WHOLE, float(data[f"y{end}"]) / WHOLE) for end in "12"]


class CornersField(CharFormField):
    """One corner a line, `12.5 40`: percent of the picture from the left and from the top. Empty: no shape."""

    widget = forms.Textarea(attrs={"rows": 8, "class": "form-control isp-corners", "spellcheck": "false"})

    def to_python(self, value):
        text = unicodedata.normalize("NFKC", super().to_python(value))
        points = []
        for number, line in enumerate(text.splitlines(), 1):
            if not line.strip():
                continue
            try:
                x, y = (numbers.typed(each) for each in BETWEEN.split(line.strip(" \t,;")))
            except (ValidationError, ValueError):
                message = _("Line %(number)s, “%(line)s”: write two numbers from 0 to 100, for example 12.5 40.")
                facts = {"number": number, "line": line[:40]}
                raise ValidationError(message, code="corner", params=facts) from None
            points.append([float(x) / WHOLE, float(y) / WHOLE])
        return points

    def prepare_value(self, value):
        return value if isinstance(value, str) else written(value)


class DrawForm(forms.Form):
    """The shape of one unit. `unit` is part of the form, so that a shape is never saved for another one."""

    unit = CharFormField(widget=forms.HiddenInput, required=False, max_length=80)
    points = CornersField(
        label=_("Corners"), required=False,
        help_text=_(
            "Click the corners on the picture, once around, or type them: one a line, in percent of the picture from "
            "the left and from the top."
        ),
    )  # fmt: skip
    why = ReasonField(required=False, help_text=_("Needed where a shape that stood already is moved or taken away."))


class AdjacencyForm(forms.Form):
    unit = forms.ModelChoiceField(Unit.objects.none(), to_field_name="code", label=_("Unit"))
    other = forms.ModelChoiceField(Unit.objects.none(), to_field_name="code", label=_("Other unit"))
    connected = forms.TypedChoiceField(
        label=_("Can they be let as one space?"),
        choices=[("yes", pgettext_lazy("a fact", "yes")), ("no", pgettext_lazy("a fact", "no"))],
        coerce=lambda value: value == "yes",
    )
    why = ReasonField(required=False)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        if isinstance(units, list):  # at hand for the page: no query for a list of choices
            for name in ("unit", "other"):
                self.fields[name].choices = [(unit.code, unit.code) for unit in units]
        else:
            for name in ("unit", "other"):
                self.fields[name].queryset = units


def written(points):
    """Corners as they are typed: 12.5 40."""
    return "\n".join(
        " ".join(f"{each * WHOLE:.4f}".rstrip("0").rstrip(".") for each in point) for point in points or []
    )
