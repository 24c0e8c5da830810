from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.forms.fields import DayFormField
from spaces.states import UnitState
from tenants.leasing.expiry_bands import ExpiryBand

MODES = (("state", _("By state")), ("expiry", _("By lease end")))
SCALES = (("floor", _("Floors of one width")), ("area", _("Floors by area")))
LABELS = (("tenant", _("Tenant")), ("area", _("State and area")), ("use", _("Use")))


class LookForm(forms.Form):
    """How a stacking plan is shown. An unknown choice is read as the first one: no link fails."""

    mode = forms.ChoiceField(choices=MODES, required=False)
    scale = forms.ChoiceField(choices=SCALES, required=False)
    label = forms.ChoiceField(choices=LABELS, required=False)
    dim = forms.ChoiceField(choices=[*UnitState.choices, *ExpiryBand.choices], required=False)
    compare = DayFormField(label=_("Compare with"), required=False)

    def asked(self):
        """All choices; those that were left out at their default."""
        self.is_valid()
        given = {name: self.cleaned_data.get(name) for name in self.fields}
        firsts = {"mode": "state", "scale": "floor", "label": "tenant", "dim": "", "compare": None}
        return {name: given[name] or first for name, first in firsts.items()}
