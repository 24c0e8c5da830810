from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.forms.fields import AreaFormField
from spaces.models.fields import IntegerFormField
from spaces.states import LETTABLE_USES
from tenants.asking.block_search import MOST_MOVES


class BlockForm(forms.Form):
    """How much connected area, for how long, and how many tenants may be moved for it."""

    area = AreaFormField(label=_("Area (m²)"))
    months = IntegerFormField(label=_("Months"), min_value=1, max_value=120, initial=12)
    moves = IntegerFormField(label=_("Tenants that may be moved"), min_value=0, max_value=MOST_MOVES, initial=1)
    use = forms.ChoiceField(
        label=_("Use"),
        required=False,
        choices=[("", _("Any use")), *((use.value, use.label) for use in LETTABLE_USES)],
    )
