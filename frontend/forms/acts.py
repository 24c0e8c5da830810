"""Forms of the acts on a place, a unit or an allocation."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from frontend.forms.dated_facts import ParkFacts, UseAndArea
from frontend.forms.fields import AreaFormField, DayFormField, LastDayFormField, ReasonField
from frontend.site.formatting import m2
from spaces.actions.units import SEVERAL
from spaces.models import Building, Ecosystem, Floor, Park, Unit
from spaces.models.dated_facts import UNIT_FACTS
from spaces.models.fields import CharFormField, DecimalFormField, IntegerFormField
from spaces.models.level_field import LevelFormField
from spaces.states import ReviewStep

UNDATED = _("It has no dates: another value holds for every day, past days too.")


class HoldForm(forms.Form):
    starts_on = DayFormField(label=_("First day"))
    ends_on = LastDayFormField(label=_("Last day"))
    held_until = LastDayFormField(label=_("Held up to and including"))
    why = ReasonField(required=False)


class OfflineForm(forms.Form):
    starts_on = DayFormField(label=_("First day"))
    ends_on = LastDayFormField(label=_("Last day (empty: until further notice)"), required=False)
    reason = CharFormField(label=_("Why is it out of service?"), max_length=200)


class SignForm(forms.Form):
    signed_on = DayFormField(label=_("Signed on"))


class MoveInForm(forms.Form):
    moved_in_on = DayFormField(label=_("Moved in on"))


class HandBackForm(forms.Form):
    handed_back_on = DayFormField(label=_("Keys back on"))
    why = ReasonField(required=False)


class EndForm(forms.Form):
    ends_on = LastDayFormField(label=_("Last day"))
    why = ReasonField(required=True)


class CorrectForm(forms.Form):
    starts_on = DayFormField(label=_("First day"))
    ends_on = LastDayFormField(label=_("Last day"), required=False)
    held_until = LastDayFormField(label=_("Held up to and including"), required=False)
    signed_on = DayFormField(label=_("Signed on"), required=False)
    moved_in_on = DayFormField(label=_("Moved in on"), required=False)
    handed_back_on = DayFormField(label=_("Keys back on"), required=False)
    reason = CharFormField(label=_("Why is it out of service?"), max_length=200, required=False)
    why = ReasonField(required=True)


class RetireForm(forms.Form):
    closes_on = LastDayFormField(label=_("Last day of the unit"))
    why = ReasonField(required=True)


class SplitForm(forms.Form):
    splits_on = DayFormField(label=_("Split from"))
    parts = CharFormField(
        label=_("Parts, one a line: code and usable area"),
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "401A 60.00\n401B 60.00"}),
        max_length=5000,
    )
    why = ReasonField(required=False)

    def clean_parts(self):
        """[(code, area)], at least two."""
        rows = []
        for number, line in enumerate(self.cleaned_data["parts"].splitlines(), 1):
            if not line.strip():
                continue
            code, *area = re.split(r"[\s,，;；]+", line.strip(), maxsplit=1)
            if not area:
                raise ValidationError(
                    _("Line %(number)s: enter a code and an area, for example 401A 60.00.") % {"number": number}
                )
            try:
                rows.append((code, AreaFormField().clean(area[0])))
            except ValidationError as error:
                raise ValidationError(
                    _("Line %(number)s: %(words)s") % {"number": number, "words": " ".join(error.messages)}
                ) from error
        if len(rows) < SEVERAL:
            raise ValidationError(_("A split needs two parts or more."))
        return rows


class OtherUnits(forms.ModelMultipleChoiceField):
    """Units of the same floor, each with the area that the merged one gains."""

    def label_from_instance(self, unit):
        return f"{unit.code} · {m2(unit.usable_area)}"


class MergeForm(forms.Form):
    merges_on = DayFormField(label=_("Merged from"))
    others = OtherUnits(
        queryset=Unit.objects.none(), to_field_name="code", label=_("Merge with"), widget=forms.CheckboxSelectMultiple
    )
    code = CharFormField(label=_("Code of the merged unit (its last part)"), max_length=30)
    usable_area = AreaFormField(label=_("Usable area (m²)"))
    why = ReasonField(required=False)


class FactsForm(forms.ModelForm):
    """Facts of a row, and why they change. The row as a whole is checked by the action."""

    why = ReasonField(required=False)

    def clean(self):
        """Refuse a form without a single field: a browser sends empty ones, too, and nothing is to be erased."""
        data = super().clean()
        if not any(self.add_prefix(name) in self.data for name in self.fields):
            message = _("The form arrived without its fields. Open the page again and send it from there.")
            raise ValidationError(message, code="empty")
        return data

    def _post_clean(self):
        """Skip the checks of the model."""


class UnitForm(FactsForm):
    class Meta:
        model = Unit
        fields = [
            "label", "height_m", "load_kg_m2", "power_kw", "water", "drainage", "gas", "ventilation", "freight_lift",
            "network", "fitted", "published", "asking_rent", "note",
        ]  # fmt: skip
        field_classes = {
            "height_m": DecimalFormField,
            "asking_rent": DecimalFormField,
            "load_kg_m2": IntegerFormField,
            "power_kw": IntegerFormField,
        }


class NewUnitForm(UnitForm, UseAndArea):
    code = CharFormField(label=_("Room number"), max_length=30)
    opens_on = DayFormField(label=_("Exists from"))
    field_order = ["code", "label", "opens_on", *UNIT_FACTS]


class ParkForm(FactsForm):
    counts_parks = True  # its opening counts among the incubators of a day
    planned_area = AreaFormField(label=_("Planned area (m²)"), required=False)
    opened_on = DayFormField(label=_("Opened on"), required=False)
    review_steps = forms.MultipleChoiceField(
        choices=ReviewStep.choices,
        label=_("Review steps"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "A request takes them in this order. Without any it is admitted as soon as it is accepted for review."
        ),
    )

    class Meta:
        model = Park
        fields = [
            "name", "name_en", "city", "city_en", "address", "planned_area", "opened_on", "review_steps", "contact",
            "source_note",
        ]  # fmt: skip


class NewEcosystemForm(FactsForm):
    class Meta:
        model = Ecosystem
        fields = ["code", "name", "name_en", "anchor", "anchor_en", "city", "city_en", "source_note", "inferred"]
        help_texts = {
            "code": _(
                "Lower-case letters, digits and dashes, such as “hg”. It is part of addresses and never changes."
            ),
            "source_note": _("A document, an address, a day: whoever doubts it can look there."),
        }

    def clean_code(self):
        code = self.cleaned_data["code"].strip().lower()
        if code == "new":  # the address of this very page
            raise forms.ValidationError(_("“new” is no short name for an ecosystem. Choose another one."))
        return code


class NewParkForm(ParkForm, ParkFacts):
    code = CharFormField(label=pgettext_lazy("place", "Code"), max_length=30)
    field_order = ["code", "name", "name_en", "kind", "city", "city_en", "address", "operator", "controllable_area"]


class BuildingForm(FactsForm):
    gross_area = AreaFormField(label=_("Gross area (m²)"), required=False, help_text=UNDATED)
    planned_area = AreaFormField(label=_("Planned area (m²)"), required=False, help_text=UNDATED)

    class Meta:
        model = Building
        fields = [
            "name", "name_en", "phase", "gross_area", "planned_area", "planned_on", "construction_on", "fitout_on",
            "ready_on", "closed_on",
        ]  # fmt: skip
        field_classes = dict.fromkeys(
            ["planned_on", "construction_on", "fitout_on", "ready_on", "closed_on"], DayFormField
        )


class NewBuildingForm(BuildingForm):
    code = CharFormField(label=pgettext_lazy("place", "Code"), max_length=20)
    field_order = ["code"]


class FloorForm(FactsForm):
    gross_area = AreaFormField(label=_("Gross area (m²)"), required=False, help_text=UNDATED)
    usable_area = AreaFormField(label=_("Usable area as registered (m²)"), required=False, help_text=UNDATED)

    class Meta:
        model = Floor
        fields = ["label", "usable_area", "gross_area", "height_m"]
        field_classes = {"height_m": DecimalFormField}


class NewFloorForm(FloorForm):
    level = LevelFormField(label=_("Level"), help_text=_("1.5 is the mezzanine above the first floor."))
    field_order = ["level"]
