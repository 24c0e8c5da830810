"""Forms of a company and its people."""

from django import forms
from django.contrib import messages
from django.utils.translation import gettext_lazy as _

from frontend.forms.fields import DayFormField
from spaces.models.fields import CharFormField, EmailFormField
from spaces.models.phone_field import PhoneFormField
from tenants.credit_codes import normalise, validate_uscc, warning_of
from tenants.states import MemberRole


class CreditCodeField(CharFormField):
    """A unified social credit code of 18 characters; full-width characters and blanks are accepted."""

    default_validators = [validate_uscc]

    def __init__(self, **kwargs):
        attrs = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "form-control"}
        super().__init__(max_length=60, widget=forms.TextInput(attrs=attrs), **kwargs)

    def to_python(self, value):
        return normalise(super().to_python(value))


class TelephoneFormField(PhoneFormField):
    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})
        super().__init__(max_length=30, widget=widget, **kwargs)


class CompanyForm(forms.Form):
    """A company with its credit code, or a team without one with the day by which it will have it.

    `frozen`: name and code have been verified and are left out.
    """

    name = CharFormField(label=_("Company name"), max_length=100, help_text=_("As on the business licence."))
    uscc = CreditCodeField(
        label=_("Unified social credit code"),
        required=False,
        help_text=_("18 characters from the business licence. Leave it empty if there is no licence yet."),
    )
    registers_by = DayFormField(
        label=_("No code yet: will be registered by"),
        required=False,
        help_text=_("Only for a team without a licence: the day by which the company will be registered."),
    )
    contact_name = CharFormField(
        label=_("Contact person"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    contact_phone = TelephoneFormField(label=_("Contact phone"))

    def __init__(self, *args, frozen=False, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("name", "uscc", "registers_by") if frozen else ():
            del self.fields[name]

    def clean(self):
        data = super().clean()
        if "uscc" in data and "registers_by" in data and not (data["uscc"] or data["registers_by"]):
            message = _(
                "Enter the credit code; or, without a licence, the day by which the company will be registered."
            )
            self.add_error("uscc", message)
        if data.get("uscc"):
            data["registers_by"] = None
        return data


class ProfileForm(CompanyForm):
    name_en = CharFormField(label=_("English name"), max_length=150, required=False)
    industry = CharFormField(label=_("Industry"), max_length=60, required=False)
    established_on = DayFormField(label=_("Established on"), required=False)
    contact_email = EmailFormField(label=_("Contact e-mail"), required=False)


class InviteForm(forms.Form):
    email = EmailFormField(
        label=_("E-mail of the colleague"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Role"), choices=MemberRole.choices, initial=MemberRole.MEMBER)


def warn_of_code(request, uscc):
    """Warn of a credit code that was accepted and may be mistyped."""
    if uscc and (message := warning_of(uscc)):
        messages.warning(request, message)
