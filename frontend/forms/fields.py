"""Form fields that accept pasted values: areas with commas and units, days in Chinese, inclusive last days."""

import unicodedata
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from spaces.models.fields import CharFormField, DecimalFormField
from spaces.values.area_units import AreaUnit, split_cell
from spaces.values.days import FIRST, LAST, day_after, last_day


class AreaFormField(DecimalFormField):
    """m2 above 0 with two decimals; `1,486.50 ㎡`, `１２０` and `120平方米` are understood."""

    default_error_messages = {
        "invalid": _("Enter the area as a number above 0, for example 120.50."),
        "min_value": _("Enter the area as a number above 0, for example 120.50."),
        "max_decimal_places": _("An area has at most two decimals: round it to 0.01 m²."),
        "max_digits": _("This area is too large: at most 1,000,000,000.00 m²."),
        "max_whole_digits": _("This area is too large: at most 1,000,000,000.00 m²."),
    }

    def __init__(self, **kwargs):
        super().__init__(max_digits=12, decimal_places=2, min_value=0, **kwargs)

    def to_python(self, value):
        if isinstance(value, str):
            value, unit = split_cell(value)
            if unit is AreaUnit.FT2:
                message = _("“%(value)s” is in square feet. Enter the area in m².")
                raise ValidationError(message, code="unit", params={"value": value})
        return super().to_python(value)

    def validate(self, value):
        super().validate(value)
        if value == 0:
            raise ValidationError(self.error_messages["invalid"], code="min_value")


class OwnNameField(CharFormField):
    """The name of a person."""

    def __init__(self, **kwargs):
        defaults = {
            "label": _("Your name"),
            "max_length": 100,
            "help_text": _("As you sign: colleagues, parks and handover records show it."),
            "widget": forms.TextInput(attrs={"autocomplete": "name"}),
        }
        super().__init__(**defaults | kwargs)


class DayFormField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": _("Enter a day such as 2027-03-31.")}

    def clean(self, value):
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).strip()
        day = super().clean(value)
        if day is not None and not FIRST <= day <= LAST:
            raise ValidationError(_("Enter a day from 2000-01-01 to 2099-12-31."), code="range")
        return day


class LastDayFormField(DayFormField):
    """An exclusive end, shown and entered as the last day before it."""

    def clean(self, value):
        day = super().clean(value)
        return day_after(day)

    def prepare_value(self, value):
        return last_day(value) if isinstance(value, date) else value


class ReasonField(CharFormField):
    def __init__(self, *, required, **kwargs):
        area = forms.Textarea(attrs={"rows": 2})
        super().__init__(max_length=500, required=required, label=_("Reason"), widget=area, **kwargs)
