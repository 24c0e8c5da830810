"""FilterSets shared by page and API. Check is_valid(): the qs of an invalid filter is the whole list."""

from datetime import date
from typing import Any

import django_filters as df
from django import forms
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from spaces import ledger
from spaces.filters import SCOPES, NumberFilter, ParkFilter, UnitFilter
from spaces.models import Ecosystem, Park, Unit
from spaces.place_search import LONGEST_SEARCH
from spaces.values import clock
from spaces.values.days import FIRST, LAST, day_after, end_within
from spaces.values.search_keys import words_of
from tenants import record_search
from tenants.asking.worklists import TABS, tabs
from tenants.leasing import contracts, incubations
from tenants.models import Company, Lease, LeaseLine, SpaceRequest
from tenants.states import LeaseState, LeaseStatus

RANGE = [MinValueValidator(FIRST), MaxValueValidator(LAST)]


def my_parks(request: Any) -> QuerySet[Park]:
    """Parks that the user looks after; for officials and auditors, who look after none, all."""
    mine = Park.objects.editable_by(request.user)
    return (mine if mine.exists() else Park.objects.visible_to(request.user)).order_by("code_order")


def park_filter(path: str) -> ParkFilter:
    return ParkFilter(path, queryset=my_parks, to_field_name="code", label=_("Park"))


def search_filter(label: Any) -> df.CharFilter:
    return df.CharFilter(method="search", label=label, validators=[MaxLengthValidator(LONGEST_SEARCH)])


def day_filter(method: str, label: Any) -> df.DateFilter:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return df.DateFilter(method=method, label=label, widget=widget, validators=RANGE)


class RequestFilter(df.FilterSet):
    q = search_filter(_("Company or number"))
    park = park_filter("park")
    tab = df.ChoiceFilter(method="in_tab", label=_("State"), choices=list(TABS.items()))
    fits = df.CharFilter(method="fits_unit", label=_("Fits the unit"), max_length=80)

    class Meta:
        model = SpaceRequest
        fields: list[str] = []

    def search(self, rows: QuerySet[SpaceRequest], _name: str, typed: str) -> QuerySet[SpaceRequest]:
        return record_search.requests(rows, words_of(typed))

    def in_tab(self, rows: QuerySet[SpaceRequest], _name: str, tab: str) -> QuerySet[SpaceRequest]:
        return rows.filter(tabs(self.request.today)[tab])

    def fits_unit(self, rows: QuerySet[SpaceRequest], _name: str, code: str) -> QuerySet[SpaceRequest]:
        """Requests for the unit's use and park whose range of area includes the unit's."""
        dated = Unit.objects.with_facts(clock.today())
        unit = dated.filter(code=code).select_related("floor__building__park").first()
        if unit is None or unit.usable_area is None:
            return rows.none()
        park = unit.floor.building.park
        here = Q(park=park) | Q(ecosystem__isnull=False, ecosystem=park.ecosystem_id)
        return rows.filter(here, use=unit.use, area_min__lte=unit.usable_area, area_max__gte=unit.usable_area)


class LeaseFilter(df.FilterSet):
    """Filters leases in the list, the timeline and the expiry calendar."""

    places = frozenset({"park", "building"})  # the others narrow to some of the leases there

    q = search_filter(_("Company, number or unit"))
    park = park_filter("park")
    building = df.CharFilter(method="in_building", label=_("Building"), max_length=60)
    status = df.ChoiceFilter(method="in_status", label=_("State"), choices=LeaseStatus.choices)
    within = NumberFilter(
        method="ends_within", label=_("Ends within (days), overdue too"), min_value=0, max_value=3650, decimal_places=0
    )
    last_day_from = day_filter("ends_since", _("Last day from"))
    last_day_to = day_filter("ends_until", _("Last day to"))
    late_move_in = df.BooleanFilter(
        method="late", label=_("Signed, not moved in for 30 days"), widget=forms.CheckboxInput
    )

    class Meta:
        model = Lease
        fields: list[str] = []

    def search(self, rows: QuerySet[Lease], _name: str, typed: str) -> QuerySet[Lease]:
        return record_search.leases(rows, words_of(typed))

    def in_status(self, rows: QuerySet[Lease], _name: str, status: str) -> QuerySet[Lease]:
        return rows.filter(Lease.objects.status_is(status, self.request.today))

    def ends_within(self, rows: QuerySet[Lease], _name: str, days: Any) -> QuerySet[Lease]:
        return rows.filter(state=LeaseState.SIGNED, ends_on__lte=end_within(self.request.today, int(days)))

    def in_building(self, rows: QuerySet[Lease], _name: str, code: str) -> QuerySet[Lease]:
        return rows.filter(pk__in=LeaseLine.objects.in_building(code, self.request.today).values("lease"))

    def ends_since(self, rows: QuerySet[Lease], _name: str, day: date) -> QuerySet[Lease]:
        """Signed leases, as with every filter by the end: others have no end to come."""
        return rows.filter(state=LeaseState.SIGNED, ends_on__gt=day)

    def ends_until(self, rows: QuerySet[Lease], _name: str, day: date) -> QuerySet[Lease]:
        return rows.filter(state=LeaseState.SIGNED, ends_on__lte=day_after(day))

    def late(self, rows: QuerySet[Lease], _name: str, wanted: bool) -> QuerySet[Lease]:  # noqa: FBT001 django-filter's call
        return contracts.late_move_ins(rows, on=self.request.today) if wanted else rows


class ForecastFilter(df.FilterSet):
    """The parks of a forecast: the incubators if nothing is asked for."""

    scope = df.ChoiceFilter(label=_("Scope"), choices=SCOPES, empty_label=None)
    ecosystem = UnitFilter.base_filters["ecosystem"]
    park = park_filter("floor__building__park")

    class Meta:
        model = Unit
        fields: list[str] = []

    @property
    def parks(self) -> ledger.ParkUnits:
        """Of a valid filter. A park is itself, whatever else is asked."""
        asked, visible = self.form.cleaned_data, Park.objects.visible_to(self.request.user)
        if asked["park"]:
            return ledger.ParkUnits(visible.filter(pk=asked["park"].pk))
        ecosystem = asked["ecosystem"]
        of = ecosystem.pk if isinstance(ecosystem, Ecosystem) else 0 if ecosystem else None
        return ledger.ParkUnits(visible, ledger.ParkGroup(asked["scope"] == "industrial", of))


STAGES = [
    ("running", _("In incubation")),
    ("ending", _("Limit within 180 days, or passed")),
    ("graduated", _("Graduated")),
    ("left", _("Left")),
    ("unverified", _("Not verified yet")),
]


class CompanyFilter(df.FilterSet):
    """Companies by name or credit code, by park, and by stage of incubation."""

    q = search_filter(_("Name or credit code"))
    park = ParkFilter(method="in_park", queryset=my_parks, to_field_name="code", label=_("Park"))
    stage = df.ChoiceFilter(method="in_stage", label=_("Incubation"), choices=STAGES)

    class Meta:
        model = Company
        fields: list[str] = []

    def search(self, rows: QuerySet[Company], _name: str, typed: str) -> QuerySet[Company]:
        return record_search.companies(rows, words_of(typed))

    def in_park(self, rows: QuerySet[Company], _name: str, park: Park) -> QuerySet[Company]:
        return rows.filter(pk__in=Company.objects.known_to(Park.objects.filter(pk=park.pk)).values("pk"))

    def in_stage(self, rows: QuerySet[Company], _name: str, stage: str) -> QuerySet[Company]:
        if stage == "unverified":
            return rows.filter(verified_at=None)
        return rows.filter(pk__in=incubations.incubations_in(stage, on=self.request.today).values("company"))
