from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.forms.fields import AreaFormField, DayFormField, LastDayFormField


class WindowForm(forms.Form):
    """When, and how much at least. Everything may be left out: today, any area."""

    starts_on = DayFormField(label=_("Move in by"), required=False)
    ends_on = LastDayFormField(label=_("Last day needed"), required=False)
    area_min = AreaFormField(label=_("Area from (m²)"), required=False)

    def clean(self):
        data = super().clean()
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] <= data["starts_on"]:
            self.add_error("ends_on", _("The end must be after the beginning."))
        return data
