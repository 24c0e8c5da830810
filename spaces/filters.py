"""FilterSets shared by page, export and API. Check is_valid(): the qs of an invalid filter is the whole list."""

from collections.abc import Iterable
from typing import Any

import django_filters as df
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES, MaxLengthValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ModelChoiceField

from spaces import place_search
from spaces.ledger import ParkGroup, ParkUnits, vacancy
from spaces.ledger.vacancy_spells import began_by
from spaces.models import Ecosystem, Park, Unit
from spaces.models.fields import DecimalFormField
from spaces.models.level_field import LevelFormField
from spaces.place_search import LONGEST_SEARCH
from spaces.states import LETTABLE_STATES, ParkKind, UnitState, Use
from spaces.values.names import short_name
from spaces.values.search_keys import words_of

MOST_PARKS = 60  # in a select
MOST_NEAR = 5
ANY_LETTABLE = "lettable"
LONGEST_VACANCY = 36_500  # days
VACANT_DAYS = ("vacant_days__gte", "vacant_days__lte")
SCOPES = [("incubators", _("Incubators (the published total)")), ("industrial", _("Industrial parks"))]


class NumberFilter(df.NumberFilter):
    field_class = DecimalFormField


class PlaceChoice(ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return short_name(obj)


class PlaceFilter(df.ModelChoiceFilter):
    """A choice of one place (park, ecosystem, …), shown by its name in the reader's language."""

    field_class = PlaceChoice


class ParkSelect(forms.Select):
    """A select of at most MOST_PARKS parks; for more a field that takes a code and looks parks up while one types."""

    lookup_template_name = "django/forms/widgets/park.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        of: Any = self.choices
        found = list(of.queryset[: MOST_PARKS + 1])
        if len(found) > MOST_PARKS:
            self.template_name = self.lookup_template_name
            return forms.Widget.get_context(self, name, value, attrs)
        self.choices = [("", of.field.empty_label), *map(of.choice, found)]
        return super().get_context(name, value, attrs)


class ParkChoice(PlaceChoice):
    """Takes the code of a park. The error for any other text names the parks that contain it, with their codes."""

    widget = ParkSelect

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError:
            words = words_of(str(value)[:LONGEST_SEARCH])
            near: Any = place_search.parks(self.queryset, words)[:MOST_NEAR]
            if not near:
                raise
            named = _(", ").join(f"{park.code} {short_name(park)}" for park in near)
            message = _("“%(value)s” is not the code of a park. Give one of these codes: %(parks)s.")
            raise ValidationError(message % {"value": value, "parks": named}, code="invalid_choice") from None


class ParkFilter(PlaceFilter):
    field_class = ParkChoice


class LevelFilter(df.NumberFilter):
    field_class = LevelFormField


def ecosystems(request: Any) -> QuerySet[Ecosystem]:
    return Ecosystem.objects.visible_to(request.user).order_by("pk")


def parks(request: Any) -> QuerySet[Park]:
    return Park.objects.visible_to(request.user).order_by("code_order")


def choices_filter(*args: Any, **kwargs: Any) -> df.MultipleChoiceFilter:
    """A filter for any of several values of one column. Without DISTINCT: no row matches twice."""
    return df.MultipleChoiceFilter(*args, distinct=False, **kwargs)


def area_filter(lookup: str, label: Any) -> NumberFilter:
    return NumberFilter("usable_area", lookup, label=label, max_digits=12, decimal_places=2, min_value=0)


def days_filter(method: str, label: Any) -> NumberFilter:
    return NumberFilter(method=method, label=label, min_value=0, max_value=LONGEST_VACANCY, decimal_places=0)


def _states(chosen: Iterable[str]) -> set[str]:
    """The values of states that were chosen, those of ANY_LETTABLE among them."""
    lettable = {state.value for state in LETTABLE_STATES}
    return {state for each in chosen for state in (lettable if each == ANY_LETTABLE else (each,))}


class UnitFilter(df.FilterSet):
    """Filters units that carry state, facts and vacancy of a day: those of `ledger.with_vacant_since`."""

    q = df.CharFilter(method="search", label=_("Keyword"), validators=[MaxLengthValidator(LONGEST_SEARCH)])
    scope = df.ChoiceFilter(method="in_scope", label=_("Scope"), choices=SCOPES, empty_label=_("Any"))
    ecosystem = PlaceFilter(
        "park_facts__ecosystem",
        queryset=ecosystems,
        to_field_name="code",
        label=_("Ecosystem"),
        empty_label=_("Any"),
        null_label=_("No ecosystem"),
    )
    city = df.CharFilter("floor__building__park__city", label=_("City"), max_length=30)
    kind = choices_filter("park_facts__kind", choices=ParkKind.choices, label=_("Kind"))
    park = ParkFilter(
        "floor__building__park", queryset=parks, to_field_name="code", label=_("Park"), empty_label=_("Any")
    )
    opened = NumberFilter(
        "floor__building__park__opened_on",
        "year",
        label=_("Park opened in the year"),
        min_value=1900,
        max_value=2099,
        decimal_places=0,
    )
    building = df.CharFilter(method="in_building", label=_("Building"), max_length=60)
    level = LevelFilter("floor__level", label=_("Level"))
    state = choices_filter(
        method="in_states", label=_("State"), choices=[(ANY_LETTABLE, _("Lettable (all five)")), *UnitState.choices]
    )
    promise = df.ChoiceFilter(
        "promise",
        label=_("Promised"),
        choices=[(state.value, state.label) for state in (UnitState.COMMITTED, UnitState.RESERVED)],
        empty_label=_("Any"),
    )
    use = choices_filter(choices=Use.choices, label=_("Use"))
    area__gte = area_filter("gte", _("Area from (m²)"))
    area__lte = area_filter("lte", _("Area to (m²)"))
    vacant_days__gte = days_filter("vacant_at_least", _("Vacant for at least (days)"))
    vacant_days__lte = days_filter("vacant_at_most", _("Vacant for at most (days)"))

    class Meta:
        model = Unit
        fields: list[str] = []

    def search(self, units: QuerySet[Unit], _name: str, typed: str) -> QuerySet[Unit]:
        return place_search.units(units, words_of(typed))

    def in_scope(self, units: Any, _name: str, scope: str) -> QuerySet[Unit]:
        if scope == "incubators":
            return units.exclude(park_facts__kind=ParkKind.INDUSTRIAL_PARK)
        return units.filter(park_facts__kind=ParkKind.INDUSTRIAL_PARK)

    def in_building(self, units: QuerySet[Unit], _name: str, code: str) -> QuerySet[Unit]:
        """`code` is the full code of a building: HIT-01-A is building A of park HIT-01."""
        park, _dash, own = code.rpartition("-")
        return units.filter(floor__building__park__code=park, floor__building__code=own)

    def in_states(self, units: Any, _name: str, states: list[str]) -> QuerySet[Unit]:
        wanted = _states(states)
        return units.filter(state__in=sorted(wanted)) if wanted else units

    def vacant_at_least(self, units: Any, _name: str, days: Any) -> QuerySet[Unit]:
        return units.filter(state=UnitState.VACANT, vacant_since__lte=began_by(int(days), units.facts_on))

    def vacant_at_most(self, units: Any, _name: str, days: Any) -> QuerySet[Unit]:
        return units.filter(state=UnitState.VACANT, vacant_since__gte=began_by(int(days), units.facts_on))

    @property
    def only_vacant(self) -> bool:
        """Whether a valid filter leaves vacant units alone."""
        asked = self.form.cleaned_data
        return _states(asked["state"]) == {UnitState.VACANT} or any(asked[name] is not None for name in VACANT_DAYS)

    def of_group(self) -> tuple[ParkGroup, set[str]] | None:
        """The group of parks and the states that a valid filter asks for, if it asks for nothing else."""
        asked = {name: value for name, value in self.form.cleaned_data.items() if value not in EMPTY_VALUES}
        if asked.keys() - {"scope", "ecosystem", "state"}:
            return None
        ecosystem, scope = asked.get("ecosystem"), asked.get("scope")
        of = ecosystem.pk if isinstance(ecosystem, Ecosystem) else None if ecosystem is None else 0
        return ParkGroup(None if scope is None else scope == "industrial", of), _states(asked.get("state", ()))


class ScopeFilter(df.FilterSet):
    """What a report is about: a park, the incubators of an ecosystem, or all incubators."""

    ecosystem = PlaceFilter(
        "pk", queryset=ecosystems, to_field_name="code", label=_("Ecosystem"), empty_label=_("Any")
    )
    park = ParkFilter("pk", queryset=parks, to_field_name="code", label=_("Park"), empty_label=_("Any"))

    class Meta:
        model = Park
        fields: list[str] = []

    @property
    def park_asked(self) -> Park | None:
        park: Park | None = self.form.cleaned_data["park"]
        return park

    @property
    def units(self) -> ParkUnits:
        """The units of the scope that a valid filter asks for; with both, those of the park while it belongs there."""
        user, ecosystem = self.request.user, self.form.cleaned_data["ecosystem"]
        if self.park_asked is None:
            return ParkUnits.of_group(user, ecosystem=ecosystem)
        park = Park.objects.visible_to(user).filter(pk=self.park_asked.pk)
        return ParkUnits(park, ParkGroup(None, ecosystem.pk) if ecosystem else None)

    @property
    def query(self) -> dict[str, str]:
        """The query by which the list of units has the same scope."""
        asked = {name: place.code for name, place in self.form.cleaned_data.items() if place is not None}
        return asked if "park" in asked else {"scope": "incubators"} | asked


class VacancyFilter(df.FilterSet):
    """Filters by what a company requires beyond area and window, which `vacancy.free` handles."""

    ecosystem = UnitFilter.base_filters["ecosystem"]
    city = UnitFilter.base_filters["city"]
    park = UnitFilter.base_filters["park"]
    use = choices_filter(method="of_uses", choices=Use.choices, label=_("Use"))
    area__lte = area_filter("lte", _("Area to (m²)"))
    height_m__gte = NumberFilter("height_m", "gte", label=_("Height from (m)"), min_value=0, max_value=100)
    load_kg_m2__gte = NumberFilter(
        "load_kg_m2", "gte", label=_("Floor loading from (kg/m²)"), min_value=0, max_value=100_000, decimal_places=0
    )
    power_kw__gte = NumberFilter(
        "power_kw", "gte", label=_("Power from (kW)"), min_value=0, max_value=1_000_000, decimal_places=0
    )
    freight_lift = df.BooleanFilter(method="has", label=_("Freight lift"), widget=forms.CheckboxInput)
    water = df.BooleanFilter(method="has", label=_("Water"), widget=forms.CheckboxInput)
    drainage = df.BooleanFilter(method="has", label=_("Drainage"), widget=forms.CheckboxInput)
    gas = df.BooleanFilter(method="has", label=_("Gas"), widget=forms.CheckboxInput)
    ventilation = df.BooleanFilter(method="has", label=_("Ventilation"), widget=forms.CheckboxInput)

    class Meta:
        model = Unit
        fields: list[str] = []

    def of_uses(self, units: QuerySet[Unit], _name: str, uses: list[str]) -> QuerySet[Unit]:
        return vacancy.of_uses(units, uses)

    def has(self, units: QuerySet[Unit], name: str, wanted: bool) -> QuerySet[Unit]:  # noqa: FBT001 django-filter's call
        return units.filter(**{name: True}) if wanted else units
