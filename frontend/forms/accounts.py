"""Forms of the own account."""

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.utils.translation import gettext_lazy as _

from frontend.forms.companies import TelephoneFormField
from frontend.forms.fields import OwnNameField
from tenants.notices.notice_texts import TOPICS

CHOICES = [(topic.value, topic.label) for topic in TOPICS]


class FirstPasswordForm(forms.Form):
    name = OwnNameField()
    password1 = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, initial={"name": user.own_name if user else ""}, **kwargs)
        self.user = user
        self.fields["password1"].help_text = " ".join(password_validators_help_texts())

    def clean_password1(self):
        validate_password(self.cleaned_data["password1"], self.user)
        return self.cleaned_data["password1"]


class JoinForm(forms.Form):
    """Ask for a name where the account has none."""

    name = OwnNameField()

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        if user.own_name:
            del self.fields["name"]


class PersonForm(forms.Form):
    name = OwnNameField()
    phone = TelephoneFormField(label=_("Work phone"), required=False)
    language = forms.ChoiceField(
        label=_("Language of mails"),
        choices=settings.LANGUAGES,
        help_text=_("The language of the pages is chosen at the top of each page."),
    )
    mailed = forms.MultipleChoiceField(
        label=_("Notices that are mailed, too"),
        choices=CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All notices wait in the inbox. What you have to do by a day is always mailed."),
    )

    def facts(self):
        """The facts as the account stores them: the topics that are not mailed."""
        data = dict(self.cleaned_data)
        mailed = data.pop("mailed")
        return data | {"muted": [topic for topic, _label in CHOICES if topic not in mailed]}


class DeleteForm(forms.Form):
    danger = True  # the look of its button

    sure = forms.BooleanField(label=_("I want to delete my account. This cannot be undone."))
