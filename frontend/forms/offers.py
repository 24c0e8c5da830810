from django import forms
from django.utils.translation import gettext_lazy as _

from spaces.models.fields import CharFormField


class AcceptForm(forms.Form):
    """Empty: the check page explains the consequences, its button accepts."""


class DeclineForm(forms.Form):
    decline_reason = CharFormField(
        label=_("Why does it not fit?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The park reads it, so that the next offer fits better."),
    )


class WithdrawOfferForm(forms.Form):
    why = CharFormField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
