"""Forms of the two sides on the page of a request."""

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.forms.fields import ReasonField
from spaces.filters import PlaceChoice
from spaces.models import User
from spaces.models.fields import CharFormField
from tenants.asking.form_steps import FormStep
from tenants.states import Decision, RequestState


class ReceiveForm(forms.Form):
    """`park` only where the request was sent to any park of an ecosystem."""

    def __init__(self, *args, parks=None, **kwargs):
        super().__init__(*args, **kwargs)
        if parks is not None:
            self.fields["park"] = PlaceChoice(
                parks, to_field_name="code", label=_("Taken by the park"), empty_label=None
            )


class ReviewForm(forms.Form):
    step = CharFormField(widget=forms.HiddenInput, max_length=15)
    decision = forms.ChoiceField(choices=Decision.choices, label=_("Decision"), widget=forms.RadioSelect)
    form_steps = forms.MultipleChoiceField(
        choices=FormStep.choices,
        required=False,
        label=_("Returned: steps to correct"),
        widget=forms.CheckboxSelectMultiple,
    )
    comment = CharFormField(
        label=_("Message to the company"),
        help_text=_("Needed when it is returned or not approved."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, state=RequestState.IN_REVIEW, **kwargs):
        super().__init__(*args, **kwargs)
        if state != RequestState.IN_REVIEW:
            self.fields["decision"].choices = [pair for pair in Decision.choices if pair[0] != Decision.PASSED]

    def clean(self):
        data = super().clean()
        if data.get("decision") in {Decision.RETURNED, Decision.REJECTED} and not data.get("comment", "").strip():
            self.add_error("comment", _("Enter a reason, so that the company can act on it."))
        if data.get("decision") != Decision.RETURNED:
            data["form_steps"] = []
        return data


class OfficerChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return obj.name


class AssignForm(forms.Form):
    officer = OfficerChoiceField(User.objects.none(), label=_("Handled by"))

    def __init__(self, *args, officers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = officers


class NoteForm(forms.Form):
    text = CharFormField(
        label=_("Internal note"),
        help_text=_("Read by the people of the park and by auditors, never by the company."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SayForm(forms.Form):
    text = CharFormField(label=_("Message"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class WhyForm(forms.Form):
    why = ReasonField(required=True)
