"""The terms of an offer, as the park's manager types them."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from frontend.forms.fields import DayFormField, LastDayFormField
from spaces.models import Unit
from spaces.models.fields import CharFormField, DecimalFormField, IntegerFormField
from spaces.values.days import add_months
from tenants.matching.rules import USUAL_MONTHS
from tenants.states import Basis, RentUnit

HOLD_DAYS = 14  # how long an offer is held by default; the manager may enter another day


class MoneyFormField(DecimalFormField):
    """Yuan from 0 with two decimals."""

    def __init__(self, **kwargs):
        super().__init__(max_digits=14, decimal_places=2, min_value=0, required=False, **kwargs)


class OfferForm(forms.Form):
    unit = forms.ModelMultipleChoiceField(
        queryset=Unit.objects.none(), to_field_name="code", widget=forms.MultipleHiddenInput
    )
    starts_on = DayFormField(label=_("First day"))
    ends_on = LastDayFormField(label=_("Last day"))
    held_until = LastDayFormField(label=_("Held, and to be answered, up to and including"))
    rent_rate = MoneyFormField(label=_("Rent"))
    rent_unit = forms.ChoiceField(choices=RentUnit.choices, label=_("Rent unit"))
    basis = forms.ChoiceField(choices=Basis.choices, label=_("Billed on"))
    deposit = MoneyFormField(label=_("Deposit (yuan)"))
    rent_free_months = IntegerFormField(label=_("Rent-free months"), min_value=0, max_value=36)
    terms = CharFormField(
        label=_("Message to the company"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    override = CharFormField(
        label=_("Why is this passed over?"),
        help_text=_("Officers, officials and auditors read this on the fairness page."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units

    def ask_reason(self, rules):
        """Require a reason for the `rules` that are passed over; without any the question is left out.

        Called for a page that is shown: what a sent form passes over is checked by its action, under the lock.
        """
        field = self.fields["override"]
        if not rules:
            del self.fields["override"]
            return
        field.required = True
        if self.is_bound:
            self.errors.pop("override", None)
            try:
                field.clean(self["override"].data)
            except ValidationError as error:
                self.add_error("override", error)


def first_terms(wanted, units, starts_on, today):
    """What the form shows at first: the term asked for, two weeks of hold, the rent asked for the unit."""
    return {
        "unit": [unit.code for unit in units],
        "starts_on": starts_on,
        "ends_on": add_months(starts_on, wanted.months or USUAL_MONTHS),
        "held_until": today + timedelta(days=HOLD_DAYS + 1),
        "rent_rate": units[0].asking_rent if units else None,
        "rent_unit": RentUnit.PER_DAY,
        "basis": Basis.USABLE,
        "rent_free_months": 0,
    }
