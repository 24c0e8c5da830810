"""Lists and details of ecosystems, parks, buildings and floors."""

from typing import Any

import django_filters as df
from django.core.validators import MaxLengthValidator
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from spaces import ledger, place_search
from spaces.access import get_visible, refuse_ahead
from spaces.api import nodes
from spaces.api.parameters import DayQuery
from spaces.api.reads import Listing, Read, Rows
from spaces.api.representations import Area, NodeKey, Totals, totals
from spaces.api.table_fields import StoredNumber
from spaces.filters import PlaceFilter, choices_filter, ecosystems
from spaces.models import Building, Ecosystem, Park, ParkPeriod
from spaces.place_search import LONGEST_SEARCH
from spaces.states import ParkKind, Stage
from spaces.values.lifetimes import not_closed
from spaces.values.search_keys import words_of


class EcosystemRow(serializers.ModelSerializer[Ecosystem]):
    incubators = serializers.IntegerField(
        help_text=gettext_lazy("Incubators open on the day; industrial parks are not among them.")
    )

    class Meta:
        model = Ecosystem
        fields: tuple[str, ...] = (
            "code", "name", "name_en", "anchor", "anchor_en", "city", "city_en", "source_note", "inferred",
            "incubators",
        )  # fmt: skip


class ParkRow(serializers.ModelSerializer[Park]):
    kind = serializers.ChoiceField(choices=ParkKind.choices)
    ecosystem = serializers.CharField(source="ecosystem.code", allow_null=True)
    operator = serializers.CharField()
    controllable_area = Area(allow_null=True)
    planned_area = Area(allow_null=True)
    aliases = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Park
        fields: tuple[str, ...] = (
            "code", "name", "name_en", "aliases", "kind", "ecosystem", "city", "city_en", "address", "operator",
            "controllable_area", "planned_area", "opened_on", "contact", "source_note", "sample",
        )  # fmt: skip


class BuildingFacts(serializers.ModelSerializer[Building]):
    code = serializers.SerializerMethodField(help_text=gettext_lazy("The park's, a dash, its own: HIT-01-A."))
    park = serializers.CharField(source="park.code")
    gross_area = Area(allow_null=True)
    planned_area = Area(allow_null=True)

    class Meta:
        model = Building
        fields: tuple[str, ...] = (
            "code", "park", "name", "name_en", "phase", "gross_area", "planned_area",
            "planned_on", "construction_on", "fitout_on", "ready_on", "closed_on",
        )  # fmt: skip

    def get_code(self, building: Building) -> str:
        return nodes.key_of(building)


class EcosystemDetail(EcosystemRow):
    as_of = serializers.DateField()
    areas = Totals()

    class Meta(EcosystemRow.Meta):
        fields = (*EcosystemRow.Meta.fields, "as_of", "areas")


class ParkDetail(ParkRow):
    as_of = serializers.DateField()
    areas = Totals()
    buildings = serializers.ListField(child=serializers.CharField())

    class Meta(ParkRow.Meta):
        fields = (*ParkRow.Meta.fields, "as_of", "areas", "buildings")


class BuildingDetail(BuildingFacts):
    as_of = serializers.DateField()
    stage = serializers.ChoiceField(choices=Stage.choices)
    areas = Totals()

    class Meta(BuildingFacts.Meta):
        fields = (*BuildingFacts.Meta.fields, "as_of", "stage", "areas")


class FloorRow(serializers.Serializer[Any]):
    node = serializers.CharField(source="key")
    building = NodeKey(source="place.building")
    level = StoredNumber(source="place.level", help_text=gettext_lazy("A storey, or n.5 for the mezzanine above it."))
    label = serializers.CharField(source="place.label")  # type: ignore[assignment]
    gross_area = Area(source="place.gross_area", allow_null=True)
    usable_area = Area(source="place.usable_area", allow_null=True, help_text=gettext_lazy("As registered."))
    recorded_area = Area(
        source="balance.recorded", help_text=gettext_lazy("The sum of its units, whatever their state.")
    )
    height_m = serializers.DecimalField(source="place.height_m", max_digits=5, decimal_places=2, allow_null=True)
    areas = Totals(source="*")


class ParkListFilter(df.FilterSet):
    q = df.CharFilter(method="search", label=gettext_lazy("Search"), validators=[MaxLengthValidator(LONGEST_SEARCH)])
    ecosystem = PlaceFilter(
        "facts__ecosystem", queryset=ecosystems, to_field_name="code", label=gettext_lazy("Ecosystem")
    )
    city = df.CharFilter(label=gettext_lazy("City"), max_length=30)
    kind = choices_filter("facts__kind", choices=ParkKind.choices, label=gettext_lazy("Kind"))

    class Meta:
        model = Park
        fields: list[str] = []

    def search(self, parks: Any, _name: str, typed: str) -> Any:
        return place_search.parks(parks, words_of(typed))


class FloorQuery(DayQuery):
    building = serializers.CharField(max_length=60, help_text="HIT-01-A")


class EcosystemList(Listing):
    row = EcosystemRow

    def rows(self) -> Rows:
        return _counted(self).order_by("pk")


class EcosystemRead(Read):
    row = EcosystemDetail

    def get(self, request: Request, code: str) -> Response:
        ecosystem = _counted(self).filter(code=code).first()
        if ecosystem is None:
            raise Http404
        return Response(EcosystemRow(ecosystem).data | _areas(self, ecosystem))


class ParkList(Listing):
    filters = ParkListFilter
    row = ParkRow

    def rows(self) -> Rows:
        parks = Park.objects.visible_to(self.request.user).with_facts(self.day)
        return self.fitting(parks).order_by("code_order")


class ParkRead(Read):
    row = ParkDetail

    def get(self, request: Request, code: str) -> Response:
        park = get_visible(Park.objects.with_facts(self.day), request.user, code=code)
        refuse_ahead(request.user, park, day=self.day, today=self.today)
        standing = Building.objects.visible_to(request.user).filter(not_closed("", self.day), park=park)
        buildings = [f"{code}-{own}" for own in standing.order_by("code_order").values_list("code", flat=True)]
        return Response(ParkRow(park).data | _areas(self, park) | {"buildings": buildings})


class BuildingRead(Read):
    """A building by its full code, with the stage it has reached by the day."""

    row = BuildingDetail

    def get(self, request: Request, code: str) -> Response:
        building = nodes.building(code, request.user)
        if building is None:
            raise Http404
        refuse_ahead(request.user, building.park, day=self.day, today=self.today)
        stage = ledger.stage_of(building, on=self.day)
        return Response(BuildingFacts(building).data | _areas(self, building) | {"stage": stage})


class FloorList(Listing):
    """The floors of a building, top down."""

    query = FloorQuery
    row = FloorRow

    def rows(self) -> Any:
        building = nodes.building(self.asked["building"], self.request.user)
        if building is None:
            message = _("“%(code)s” is no building.") % {"code": self.asked["building"]}
            raise ValidationError({"building": ErrorDetail(message, "unknown_building")})
        refuse_ahead(self.request.user, building.park, day=self.day, today=self.today)
        return nodes.groups(building, "floor", self.request.user, on=self.day, today=self.today)


def _counted(view: Read) -> QuerySet[Ecosystem]:
    """Ecosystems with the number of their incubators that are open on the day."""
    open_parks = Park.objects.visible_to(view.request.user).incubators(view.day).open_on(view.day).order_by()
    mine = ParkPeriod.objects.covering(view.day).filter(ecosystem=OuterRef("pk"), park__in=open_parks.values("pk"))
    number = mine.order_by().values("ecosystem").annotate(number=Count("pk")).values("number")
    incubators = Coalesce(Subquery(number), 0)
    return Ecosystem.objects.visible_to(view.request.user).annotate(incubators=incubators)


def _areas(view: Read, place: nodes.Place) -> dict[str, Any]:
    balance = ledger.balance(nodes.units_of(place, view.request.user), on=view.day, today=view.today)
    compared = nodes.newest_lettable_area(view.request.user, [place], on=view.day, today=view.today)
    return {"as_of": view.day, "areas": totals(balance, compared.get(nodes.figure_key(place)))}
