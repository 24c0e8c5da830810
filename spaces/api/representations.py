"""How areas, rates and balances are written: strings with fixed decimals, null where nothing is known."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from spaces import ledger
from spaces.api.parameters import Number
from spaces.ledger.figures import FigureComparison
from spaces.models.figures import FigureUnit
from spaces.states import UnitState

PLACES = {FigureUnit.AREA: 2, FigureUnit.MONEY: 2, FigureUnit.PERCENT: 4}


class Area(Number):
    """m2 as a string with two decimals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=20, decimal_places=2, **kwargs)


class Rate(serializers.DecimalField):
    """A ratio of sums as a string with four decimals; null where nothing is lettable."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=20, decimal_places=4, allow_null=True, **kwargs)


class Name(serializers.Serializer[Any]):
    zh = serializers.CharField()
    en = serializers.CharField()


class Totals(serializers.Serializer[Any]):
    """Usable areas by state. lettable = occupied + holdover + committed + reserved + vacant. The rest is beside it."""

    lettable = Area()
    occupied = Area()
    holdover = Area()
    committed = Area()
    reserved = Area()
    vacant = Area()
    offline = Area()
    common = Area()
    unbuilt = Area()
    not_itemised = Area(
        allow_null=True,
        help_text=gettext_lazy(
            "Published minus recorded, both on the figure's own day; null where nothing was published or more is "
            "recorded than was published."
        ),
    )
    beyond_published = Area(
        allow_null=True,
        help_text=gettext_lazy(
            "Recorded beyond what was published, on the figure's own day; null where it isn't more."
        ),
    )
    rate_occupied = Rate()
    rate_committed = Rate()
    rate_vacant = Rate()
    units = serializers.IntegerField()
    unknown_units = serializers.IntegerField(
        help_text=gettext_lazy("Units whose area is not recorded: counted, never 0 m2.")
    )


def totals(balance: ledger.Balance, compared: FigureComparison | None) -> dict[str, Any]:
    """`Totals` as a plain dict."""
    areas = balance.areas
    return {
        "lettable": str(balance.lettable),
        "occupied": str(areas[UnitState.OCCUPIED]),
        "holdover": str(areas[UnitState.HOLDOVER]),
        "committed": str(areas[UnitState.COMMITTED]),
        "reserved": str(areas[UnitState.RESERVED]),
        "vacant": str(areas[UnitState.VACANT]),
        "offline": str(areas[UnitState.OFFLINE]),
        "common": str(areas[UnitState.COMMON]),
        "unbuilt": str(areas[UnitState.UNBUILT]),
        "not_itemised": told(compared and in_unit(compared.not_itemised, compared.figure.unit)),
        "beyond_published": told(compared and in_unit(compared.beyond_published, compared.figure.unit)),
        "rate_occupied": told(balance.rate_occupied),
        "rate_committed": told(balance.rate_committed),
        "rate_vacant": told(balance.rate_vacant),
        "units": balance.all_units,
        "unknown_units": balance.unknown_units,
    }


def told(value: Any) -> str | None:
    return None if value is None else str(value)


def in_unit(number: Decimal | None, unit: str) -> str | None:
    """A figure's number with the decimals of its unit; a count has none, unless it was printed with some."""
    if number is None:
        return None
    places = PLACES.get(FigureUnit(unit), 0)
    return f"{number:.{places}f}" if places or number == number.to_integral() else str(number.normalize())
