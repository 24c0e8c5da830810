from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.forms.fields import AreaInput, DayInput, LastDayInput


class WindowForm(forms.Form):
    """When, and how much at least. Everything may be left out: today, any area."""

    starts_on = DayInput(label=_("Move in by"), required=False)
    ends_on = LastDayInput(label=_("Last day needed"), required=False)
    area_min = AreaInput(label=_("Area from (m²)"), required=False)

    def clean(self):
        data = super().clean()
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] <= data["starts_on"]:
            self.add_error("ends_on", _("The end must be after the beginning."))
        return data
