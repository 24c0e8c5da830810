"""Forms of a lease, a handover or an incubation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.forms.fields import DayFormField, LastDayFormField, ReasonField
from frontend.forms.terms import MoneyFormField
from spaces.filters import PlaceChoice
from spaces.models import Park, Unit
from spaces.models.fields import CharFormField, DecimalFormField, IntegerFormField
from tenants.models import LeaseLine
from tenants.states import Criterion, ExitReason, ItemOwner, LeaseIntent, Proof, RentUnit, TenureRule


class NoticeForm(forms.Form):
    ends_on = LastDayFormField(label=_("Last day"))
    why = ReasonField(required=True)


class RemindForm(forms.Form):
    words = CharFormField(
        label=_("Message to the companies"),
        help_text=_("It is added at the end of each notice."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RenewForm(forms.Form):
    ends_on = LastDayFormField(label=_("Last day of the new lease"))
    signed_on = DayFormField(label=_("Signed on"))
    rent_rate = MoneyFormField(label=_("Rent"))
    rent_unit = forms.ChoiceField(choices=RentUnit.choices, label=_("Rent unit"))


class LineChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return obj.unit.code


class RelocateForm(forms.Form):
    line = LineChoiceField(LeaseLine.objects.none(), label=_("Leaves the unit"), empty_label=None)
    unit = forms.ModelChoiceField(Unit.objects.none(), to_field_name="code", label=_("Moves into the unit"))
    why = ReasonField(required=True)

    def __init__(self, *args, lines, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = lines
        self.fields["unit"].queryset = units


class AskForm(forms.Form):
    intent = forms.ChoiceField(choices=LeaseIntent.choices, label=_("What do you intend?"), widget=forms.RadioSelect)
    note = CharFormField(
        label=_("Message (optional)"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class AddItemForm(forms.Form):
    name = CharFormField(label=_("Item"), max_length=100)
    owner = forms.ChoiceField(choices=ItemOwner.choices, label=_("Whose turn"))
    proof = forms.ChoiceField(choices=Proof.choices, label=_("Needs"))
    due_on = DayFormField(label=_("Due on"), required=False)
    added_why = CharFormField(
        label=_("Why does this handover need more than the template?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ItemForm(forms.Form):
    """One item of a checklist: its meter's reading where it has one, and a note."""

    reading = DecimalFormField(label=_("Reading"), max_digits=14, decimal_places=2, min_value=0, required=False)
    note = CharFormField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args, proof, **kwargs):
        super().__init__(*args, **kwargs)
        if proof != Proof.READING:
            del self.fields["reading"]


class ConfirmForm(forms.Form):
    moved_on = DayFormField(label=_("Keys handed over on"))


class EnterForm(forms.Form):
    park = PlaceChoice(Park.objects.none(), to_field_name="code", label=_("Park"), empty_label=None)
    entered_on = DayFormField(label=_("In incubation since"))
    rule = forms.ChoiceField(choices=TenureRule.choices, label=_("Limit and its rule"))

    def __init__(self, *args, parks, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["park"].queryset = parks


class ExtensionForm(forms.Form):
    months = IntegerFormField(label=_("Months beyond the limit"), min_value=1, max_value=24)
    why = ReasonField(required=True)


class GraduateForm(forms.Form):
    graduated_on = DayFormField(label=_("Graduated on"))
    criterion = forms.ChoiceField(choices=Criterion.choices, label=_("Criterion"))


class LeaveForm(forms.Form):
    exited_on = DayFormField(label=_("Left on"))
    exit_reason = forms.ChoiceField(choices=ExitReason.choices, label=_("Why it left"))
    destination = CharFormField(label=_("Where it went (optional)"), max_length=200, required=False)
