"""Vacancy of a node in time: by length, net absorption by quarter, and when its tenancies end."""

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from spaces import ledger
from spaces.access import knows_all
from spaces.api import nodes
from spaces.api.areas import NodeQuery, place_of
from spaces.api.reads import Read
from spaces.api.representations import Area, NodeKey, Rate
from spaces.ledger.tenancy_terms import TenancyTerms
from spaces.models import Park

OPEN_ENDED, OVERDUE, LATER = "open-ended", "overdue", "later"


class Length(serializers.Serializer[Any]):
    days_from = serializers.IntegerField(source="least")
    days_to = serializers.IntegerField(source="most", allow_null=True, help_text=gettext_lazy("null: any more."))
    units = serializers.IntegerField()
    area = Area()


class Quarter(serializers.Serializer[Any]):
    day = serializers.DateField(help_text=gettext_lazy("The last day of the quarter; of the running one as_of."))
    taken = Area(help_text=gettext_lazy("occupied + holdover"))
    net_absorption = Area(source="change")


class TermPart(serializers.Serializer[Any]):
    ends = serializers.CharField(
        source="key", help_text=gettext_lazy("The calendar year of the last day; overdue, later or open-ended.")
    )
    units = serializers.IntegerField(source="part.units")
    area = Area(source="part.area")
    share = Rate()


class Terms(serializers.Serializer[Any]):
    let = Area(source="whole.area", help_text=gettext_lazy("occupied + holdover + committed"))
    walt_years = serializers.DecimalField(
        source="average_years",
        max_digits=8,
        decimal_places=2,
        allow_null=True,
        help_text=gettext_lazy("Mean remaining term weighted by area; null where no term ends."),
    )
    ends = TermPart(source="parts", many=True)


class AreaVacancyBody(serializers.Serializer[Any]):
    as_of = serializers.DateField()
    basis = serializers.CharField()
    node = NodeKey()
    lengths = Length(many=True)
    quarters = Quarter(many=True)
    terms = Terms(
        allow_null=True, help_text=gettext_lazy("null for readers who may not know the tenancies of all its parks.")
    )


class AreaVacancy(Read):
    """Vacancy of a node in time: vacant area by days vacant, and the change of the taken area by quarter.

    Those who may know the tenancies of all its parks are told, too, which area ends in which year.
    """

    query = NodeQuery
    row = AreaVacancyBody

    def get(self, request: Request) -> Response:
        place = place_of(self)
        units = nodes.units_of(place, request.user)
        found = {
            "as_of": self.day,
            "basis": "usable",
            "node": place,
            "lengths": ledger.lengths_of_vacancy(units, on=self.day, today=self.today),
            "quarters": ledger.absorption(units, on=self.day, today=self.today),
            "terms": self._terms(units) if knows_all(self._parks(place), request.user) else None,
        }
        return Response(AreaVacancyBody(found).data)

    def _parks(self, place: nodes.Place) -> Any:
        park = nodes.park_of(place)
        if park is not None:
            return Park.objects.filter(pk=park.pk)
        return nodes.scope_of(place, self.request.user).parks_on(self.day)

    def _terms(self, units: Any) -> dict[str, Any]:
        terms: TenancyTerms = ledger.terms_of_tenancies(units, on=self.day, today=self.today)
        parts = {
            OVERDUE: terms.overdue,
            **{str(year): part for year, part in terms.years.items()},
            LATER: terms.later,
            OPEN_ENDED: terms.open_ended,
        }
        rows = [{"key": key, "part": part, "share": terms.share(part)} for key, part in parts.items()]
        return {"whole": terms.whole, "average_years": terms.average_years, "parts": rows}
