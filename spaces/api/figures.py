"""What was published, beside what the ledger says for the same day; and the monthly numbers of the ecosystems."""

from typing import Any

import django_filters as df
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from spaces.api.parameters import Day, DayQuery
from spaces.api.reads import Listing, Rows
from spaces.api.representations import InUnit
from spaces.filters import ParkFilter, PlaceFilter, choices_filter, ecosystems, parks
from spaces.ledger import figures
from spaces.models import Indicator, PublishedFigure
from spaces.models.figures import FigureUnit, Measure


class FigureRow(serializers.Serializer[Any]):
    code = serializers.CharField(source="figure.code")
    measure = serializers.ChoiceField(source="figure.measure", choices=Measure.choices)
    title = serializers.CharField(source="figure.title")
    title_en = serializers.CharField(source="figure.title_en")
    ecosystem = serializers.CharField(source="figure.ecosystem.code", allow_null=True)
    park = serializers.CharField(source="figure.park.code", allow_null=True)
    text = serializers.CharField(source="figure.text", help_text=gettext_lazy("As printed."))
    qualifier = serializers.CharField(source="figure.qualifier")
    number = InUnit(source="figure.number", allow_null=True)
    recorded = InUnit(allow_null=True, help_text=gettext_lazy("Ours on its own day; null where we keep none."))
    difference = InUnit(allow_null=True, help_text=gettext_lazy("Published minus recorded."))
    difference_kind = serializers.ChoiceField(
        source="kind",
        choices=figures.DifferenceKind.choices,
        allow_null=True,
        help_text=gettext_lazy("What it is called, by its sign."),
    )
    unit = serializers.ChoiceField(source="figure.unit", choices=FigureUnit.choices)
    as_of = serializers.DateField(source="figure.as_of")
    as_of_text = serializers.CharField(source="figure.as_of_text")
    declared = serializers.BooleanField(
        source="figure.declared", help_text=gettext_lazy("Declared by the park, not published.")
    )
    source_title = serializers.CharField(source="figure.source_title")
    source_address = serializers.CharField(source="figure.source_address")
    published_on = serializers.DateField(source="figure.published_on", allow_null=True)
    note = serializers.CharField(source="figure.note")


class IndicatorRow(serializers.Serializer[Any]):
    ecosystem = serializers.CharField(source="ecosystem.code")
    month = serializers.DateField(help_text=gettext_lazy("Its first day."))
    key = serializers.ChoiceField(choices=Indicator.Key.choices)
    value = serializers.DecimalField(max_digits=16, decimal_places=2)
    sample = serializers.BooleanField()


class FigureFilter(df.FilterSet):
    measure = choices_filter(choices=Measure.choices, label=gettext_lazy("Measure"))
    ecosystem = PlaceFilter(queryset=ecosystems, to_field_name="code", label=gettext_lazy("Ecosystem"))
    park = ParkFilter(queryset=parks, to_field_name="code", label=gettext_lazy("Park"))

    class Meta:
        model = PublishedFigure
        fields: list[str] = []


class IndicatorFilter(df.FilterSet):
    ecosystem = FigureFilter.base_filters["ecosystem"]
    key = choices_filter(choices=Indicator.Key.choices, label=gettext_lazy("Key"))

    class Meta:
        model = Indicator
        fields: list[str] = []


class IndicatorQuery(DayQuery):
    month__gte = Day(required=False)
    month__lte = Day(required=False)


class FigureList(Listing):
    """Figures published by the day, newest first, each beside ours for its own day; the difference is never hidden."""

    filters = FigureFilter
    row = FigureRow

    def rows(self) -> Rows:
        published = PublishedFigure.objects.visible_to(self.request.user).filter(as_of__lte=self.day)
        return self.fitting(published.select_related("ecosystem", "park")).order_by("-as_of", "code", "pk")

    def written(self, page: Any) -> list[Any]:
        return super().written(figures.compare(page, today=self.today))


class IndicatorList(Listing):
    """A missing month is missing, not 0."""

    query = IndicatorQuery
    filters = IndicatorFilter
    row = IndicatorRow

    def rows(self) -> Rows:
        known = Indicator.objects.visible_to(self.request.user).filter(month__lte=self.day)
        bounds = {name: self.asked[name] for name in ("month__gte", "month__lte") if name in self.asked}
        return self.fitting(known.filter(**bounds).select_related("ecosystem")).order_by("-month", "ecosystem", "key")
