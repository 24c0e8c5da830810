"""Facts that hold from a day on, and the forms that write them: from a day on, or for days recorded wrongly."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from frontend.forms.fields import AreaFormField, DayFormField, ReasonField
from spaces.filters import PlaceChoice
from spaces.models import Ecosystem, ParkPeriod, UnitPeriod
from spaces.models.dated_facts import PARK_FACTS, UNIT_FACTS
from spaces.values.periods import EVER, Validity


def opened(row, form, request):
    """What a form of facts shows: those of today, or of the period that a link names by one of its days (`on`)."""
    period = row.facts_of(_asked_day(request))
    facts = period.facts()
    days = {"holds": form.FROM, "from_day": request.today}
    if "on" in request.GET:
        first = None if period.starts_on == EVER else period.starts_on
        days = {"holds": form.WRONG, "first_wrong": first, "last_wrong": period.period.last_day}
    return {"shown": facts, "initial": facts | days}


def refuse_unchanged(differing):
    """Refuse (`unchanged`) facts of which none differs from the record."""
    if not differing:
        message = _("That is what is recorded for these days already. Nothing was saved.")
        raise ValidationError(message, code="unchanged")


def _asked_day(request):
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return request.today


class UseAndArea(forms.Form):
    """What a unit is used for and how large it is: the columns of UnitPeriod."""

    use = UnitPeriod._meta.get_field("use").formfield()
    usable_area = AreaFormField(label=_("Usable area (m²)"), required=False)
    gross_area = AreaFormField(label=_("Gross area (m²)"), required=False)
    area_source = UnitPeriod._meta.get_field("area_source").formfield()
    area_standard = UnitPeriod._meta.get_field("area_standard").formfield()
    area_on = DayFormField(label=_("Measured on"), required=False)


class ParkFacts(forms.Form):
    """What a park is: the columns of ParkPeriod but the ecosystem, whose page adds a park."""

    kind = ParkPeriod._meta.get_field("kind").formfield()
    operator = ParkPeriod._meta.get_field("operator").formfield()
    controllable_area = AreaFormField(label=_("Controllable area (m²)"), required=False)


class DatedFactsForm(forms.Form):
    """Other FACTS from a day on, or on days recorded wrongly. `shown`: the facts that it was opened with."""

    FROM, WRONG = "from", "wrong"
    FACTS = ()
    depends = ("from_day", "why")  # fields that are required or not by what stands in others

    holds = forms.ChoiceField(
        label=_("Since when"),
        choices=[(FROM, _("From a day on")), (WRONG, _("It was recorded wrongly"))],
        widget=forms.RadioSelect,
        help_text=_("A change leaves every figure of earlier days as it was. A correction restates reported figures."),
    )
    from_day = DayFormField(label=_("Holds from"), required=False)
    first_wrong = DayFormField(label=_("First wrong day (empty: since the beginning)"), required=False)
    last_wrong = DayFormField(label=_("Last wrong day (empty: without an end)"), required=False)
    why = ReasonField(required=False)

    def __init__(self, *args, shown, **kwargs):
        super().__init__(*args, **kwargs)
        self.shown = shown

    def clean(self):
        data = self.cleaned_data
        first, last = data.get("first_wrong"), data.get("last_wrong")
        if data.get("holds") == self.FROM and not data.get("from_day") and "from_day" not in self.errors:
            self.add_error("from_day", ValidationError(_("Enter the day from which it holds."), code="required"))
        for name in ("first_wrong", "last_wrong"):
            if data.get("holds") == self.FROM and data.get(name):
                message = _("Leave it empty, or say that it was recorded wrongly.")
                self.add_error(name, ValidationError(message, code="contradiction"))
        if data.get("holds") == self.WRONG and first and last and last < first:
            self.add_error(
                "last_wrong", ValidationError(_("The last day must not be before the first."), code="order")
            )
        return data if self.errors else self._to_write(data)

    def _to_write(self, data):
        """The data with `facts` and their `validity`.

        The fields that differ from those shown; all of them where none does: so it was, or will be, on these days.
        """
        facts = {name: data[name] for name in self.FACTS}
        facts = {name: value for name, value in facts.items() if value != self.shown[name]} or facts
        validity = Validity.from_day(data["from_day"])
        if data["holds"] == self.WRONG:
            validity = Validity.correction(data["first_wrong"], data["last_wrong"])
        return data | {"facts": facts, "validity": validity}


class UseAndAreaForm(DatedFactsForm, UseAndArea):
    FACTS = field_order = UNIT_FACTS
    first_wrong = DayFormField(label=_("First wrong day (empty: since the unit exists)"), required=False)
    why = ReasonField(required=False, help_text=_("Needed where a recorded use or area changes."))


class BelongingForm(DatedFactsForm, ParkFacts):
    counts_parks = True  # its kind counts a park among the incubators of a day
    FACTS = PARK_FACTS
    field_order = ("ecosystem", "kind", "operator", "controllable_area")
    ecosystem = PlaceChoice(
        Ecosystem.objects.order_by("pk"),
        to_field_name="code",
        label=_("Ecosystem"),
        required=False,
        empty_label=_("No ecosystem"),
    )
    why = ReasonField(required=False, help_text=_("Needed where the ecosystem or the kind changes."))
