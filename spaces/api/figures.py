"""What was published, beside what the ledger says for the same day; and the monthly numbers of the ecosystems."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import django_filters as df
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from spaces import figures, ledger
from spaces.api.parameters import Day, DayQuery
from spaces.api.reads import Listing, Rows
from spaces.api.rows import in_unit
from spaces.filters import choices_filter, ecosystems, parks
from spaces.models import Ecosystem, Indicator, Park, PublishedFigure, Unit
from spaces.models.figures import FigureUnit, Measure
from spaces.models.people import AnyUser
from spaces.states import ParkKind

AREAS = (Measure.OFFERED_AREA, Measure.NEW_OFFERED_AREA)


class FigureRow(serializers.Serializer[Any]):
    code = serializers.CharField()
    measure = serializers.ChoiceField(choices=Measure.choices)
    title = serializers.CharField()
    title_en = serializers.CharField()
    ecosystem = serializers.CharField(allow_null=True)
    park = serializers.CharField(allow_null=True)
    text = serializers.CharField(help_text=gettext_lazy("As printed."))
    qualifier = serializers.CharField()
    number = serializers.CharField(allow_null=True)
    recorded = serializers.CharField(
        allow_null=True, help_text=gettext_lazy("Ours on its own day; null where we keep none.")
    )
    difference = serializers.CharField(allow_null=True, help_text=gettext_lazy("Published minus recorded."))
    unit = serializers.ChoiceField(choices=FigureUnit.choices)
    as_of = serializers.DateField()
    as_of_text = serializers.CharField()
    declared = serializers.BooleanField(help_text=gettext_lazy("Declared by the park, not published."))
    source_title = serializers.CharField()
    source_address = serializers.CharField()
    published_on = serializers.DateField(allow_null=True)
    note = serializers.CharField()


class IndicatorRow(serializers.Serializer[Any]):
    ecosystem = serializers.CharField(source="ecosystem.code")
    month = serializers.DateField(help_text=gettext_lazy("Its first day."))
    key = serializers.ChoiceField(choices=Indicator.Key.choices)
    value = serializers.DecimalField(max_digits=16, decimal_places=2)
    sample = serializers.BooleanField()


class FigureFilter(df.FilterSet):
    measure = choices_filter(choices=Measure.choices, label=gettext_lazy("Measure"))
    ecosystem = df.ModelChoiceFilter(queryset=ecosystems, to_field_name="code", label=gettext_lazy("Ecosystem"))
    park = df.ModelChoiceFilter(queryset=parks, to_field_name="code", label=gettext_lazy("Park"))

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
        told = PublishedFigure.objects.visible_to(self.request.user).filter(as_of__lte=self.day)
        return self.fitting(told.select_related("ecosystem", "park")).order_by("-as_of", "code", "pk")

    def written(self, page: Any) -> list[Any]:
        return [_written(each) for each in compared(page, self.request.user, today=self.today)]


class IndicatorList(Listing):
    """A missing month is missing, not 0."""

    query = IndicatorQuery
    filters = IndicatorFilter
    row = IndicatorRow

    def rows(self) -> Rows:
        known = Indicator.objects.visible_to(self.request.user).filter(month__lte=self.day)
        bounds = {name: self.asked[name] for name in ("month__gte", "month__lte") if name in self.asked}
        return self.fitting(known.filter(**bounds).select_related("ecosystem")).order_by("-month", "ecosystem", "key")


def compared(told: Iterable[PublishedFigure], user: AnyUser, *, today: date) -> list[figures.Comparison]:
    """`figures.compare` for many, tested against it. Two queries, and one for each day an area was published for."""
    told = list(told)
    known = list(Park.objects.visible_to(user).order_by("pk"))
    number = Ecosystem.objects.visible_to(user).count()
    units = Unit.objects.visible_to(user)
    days = {figure.as_of for figure in told if figure.measure in AREAS}
    areas = {day: ledger.balances(units, "park", on=day, today=today) for day in days}
    found = []
    for figure in told:
        mine = _parks_of(figure, known)
        ours = _recorded(figure, mine, areas.get(figure.as_of, {}), number)
        found.append(figures.Comparison(figure, ours))
    return found


def _parks_of(figure: PublishedFigure, known: list[Park]) -> list[Park]:
    if figure.park_id:
        return [park for park in known if park.pk == figure.park_id]
    return [
        park
        for park in known
        if park.kind != ParkKind.INDUSTRIAL_PARK
        and (park.opened_on is None or park.opened_on <= figure.as_of)
        and figure.ecosystem_id in {None, park.ecosystem_id}
    ]


def _recorded(
    figure: PublishedFigure, parks: list[Park], areas: dict[Any, ledger.Balance], ecosystems: int
) -> Decimal | None:
    new = [park for park in parks if park.opened_on and park.opened_on.year == figure.as_of.year]
    match figure.measure:
        case Measure.OFFERED_AREA:
            return _offered(parks, areas)
        case Measure.NEW_OFFERED_AREA:
            return _offered(new, areas)
        case Measure.CARRIERS:
            return Decimal(len(parks))
        case Measure.NEW_CARRIERS:
            return Decimal(len(new))
        case Measure.ECOSYSTEMS:
            return Decimal(ecosystems)
        case _:
            return None


def _offered(parks: list[Park], areas: dict[Any, ledger.Balance]) -> Decimal:
    return ledger.total(areas[park.pk] for park in parks if park.pk in areas).offered


def _written(each: figures.Comparison) -> dict[str, Any]:
    figure = each.figure
    return {
        "code": figure.code,
        "measure": figure.measure,
        "title": figure.title,
        "title_en": figure.title_en,
        "ecosystem": figure.ecosystem and figure.ecosystem.code,
        "park": figure.park and figure.park.code,
        "text": figure.text,
        "qualifier": figure.qualifier,
        "number": in_unit(figure.number, figure.unit),
        "recorded": in_unit(each.recorded, figure.unit),
        "difference": in_unit(each.difference, figure.unit),
        "unit": figure.unit,
        "as_of": figure.as_of,
        "as_of_text": figure.as_of_text,
        "declared": figure.declared,
        "source_title": figure.source_title,
        "source_address": figure.source_address,
        "published_on": figure.published_on,
        "note": figure.note,
    }
