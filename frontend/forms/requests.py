"""The steps of a space request, one form each."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from frontend.forms.companies import TelephoneFormField
from frontend.forms.fields import AreaFormField, DayFormField
from frontend.site.links import named
from spaces.models import Ecosystem, Park
from spaces.models.fields import CharFormField, DecimalFormField, EmailFormField, IntegerFormField
from tenants.actions.requests import MOST_REQUESTED_UNITS
from tenants.asking.form_steps import FormStep
from tenants.models.requests import LETTABLE_USE_CHOICES
from tenants.states import RequestKind


class SpaceForm(forms.Form):
    place = forms.ChoiceField(label=_("Where"))
    use = forms.ChoiceField(label=_("Use"), choices=[("", "---------"), *LETTABLE_USE_CHOICES])
    area = AreaFormField(label=_("Preferred usable area (m²)"), required=False)
    area_min = AreaFormField(label=_("At least (m²)"))
    area_max = AreaFormField(label=_("At most (m²)"))
    people = IntegerFormField(
        label=_("People"),
        required=False,
        min_value=1,
        max_value=100_000,
        units=["人"],
        help_text=_("A rule of thumb: 10 m² for each person, so 12 people need about 120 m²."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=RequestKind.choices, required=False)

    def __init__(self, *args, wanted, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places()
        if not wanted.company.leases.exists():
            del self.fields["kind"]

    def clean_kind(self):
        return self.cleaned_data["kind"] or RequestKind.NEW

    def clean(self):
        data = super().clean()
        low, wish, high = (data.get(name) for name in ("area_min", "area", "area_max"))
        if low and high and low > high:
            self.add_error("area_max", _("The largest area must not be below the smallest."))
        elif wish and ((low and wish < low) or (high and wish > high)):
            self.add_error("area", _("The requested area must lie between the smallest and the largest."))
        return data


def places():
    """Parks, and any park of an ecosystem."""
    parks = Park.objects.order_by("code_order")
    ecosystems = Ecosystem.objects.order_by("pk")
    return [
        ("", "---------"),
        (_("Any park of an ecosystem"), [(f"ecosystem:{row.code}", named(row)) for row in ecosystems]),
        (_("One park"), [(f"park:{row.code}", named(row)) for row in parks]),
    ]


class ConditionsForm(forms.Form):
    height_m = DecimalFormField(
        label=_("Height from (m)"), required=False, min_value=0, max_value=100, max_digits=5, decimal_places=2,
        units=["m", "米"],
    )  # fmt: skip
    load_kg_m2 = IntegerFormField(
        label=_("Floor loading from (kg/m²)"), required=False, min_value=1, max_value=100_000, units=["kg/m2"]
    )
    power_kw = IntegerFormField(
        label=_("Power from (kW)"), required=False, min_value=1, max_value=1_000_000, units=["kw"]
    )
    water = forms.BooleanField(label=_("Water"), required=False)
    drainage = forms.BooleanField(label=_("Drainage"), required=False)
    gas = forms.BooleanField(label=_("Gas"), required=False)
    ventilation = forms.BooleanField(label=_("Ventilation"), required=False)
    freight_lift = forms.BooleanField(label=_("Freight lift"), required=False)
    special = CharFormField(
        label=_("Other needs"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class TimeForm(forms.Form):
    needed_by = DayFormField(label=_("Needed by"))
    months = IntegerFormField(label=_("For how many months"), min_value=1, max_value=240, units=["个月", "月"])


class UnitsForm(forms.Form):
    units = forms.MultipleChoiceField(label=_("Units"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = choices

    def clean_units(self):
        chosen = self.cleaned_data["units"]
        if len(chosen) > MOST_REQUESTED_UNITS:
            raise ValidationError(_("Choose up to %(most)s units."), params={"most": MOST_REQUESTED_UNITS})
        return chosen


class FilesForm(forms.Form):
    """Empty: files are uploaded one by one."""


class ContactForm(forms.Form):
    contact_name = CharFormField(
        label=_("Contact person"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    contact_phone = TelephoneFormField(label=_("Contact phone"))
    contact_email = EmailFormField(
        label=_("Contact e-mail"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class DeclarationForm(forms.Form):
    """The action checks that it is ticked, for pages and the API alike."""

    declared = forms.BooleanField(
        label=_("The information given here is true and complete."),
        required=False,
        widget=forms.CheckboxInput(attrs={"required": True}),
    )


FORMS = {
    FormStep.SPACE: SpaceForm,
    FormStep.CONDITIONS: ConditionsForm,
    FormStep.TIME: TimeForm,
    FormStep.UNITS: UnitsForm,
    FormStep.FILES: FilesForm,
    FormStep.CONTACT: ContactForm,
}
