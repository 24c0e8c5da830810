"""Fields and shapes that several answers share: computed fields, areas and rates with fixed decimals, balances."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from spaces import ledger
from spaces.api import nodes
from spaces.api.parameters import Number
from spaces.ledger.figures import FigureComparison
from spaces.models.figures import FigureUnit
from spaces.states import UnitState

AREA_STATES = [state.value for state in UnitState if state != UnitState.UNKNOWN]
PLACES = {FigureUnit.AREA: 2, FigureUnit.MONEY: 2, FigureUnit.PERCENT: 4}


class Computed(serializers.Field[Any, Any, Any, Any]):
    """Mixin: the value of the field is what `compute` makes of the whole row."""

    def __init__(self, compute: Callable[[Any], Any], **kwargs: Any) -> None:
        super().__init__(source="*", **kwargs)
        self.compute = compute

    def get_attribute(self, instance: Any) -> Any:
        return self.compute(instance)


class ComputedText(Computed, serializers.CharField):
    pass


class ComputedWhole(Computed, serializers.IntegerField):
    pass


class ComputedDay(Computed, serializers.DateField):
    pass


class ComputedList(Computed, serializers.ListField):
    pass


class NodeKey(serializers.CharField):
    """The key of the place that `source` names: HIT-01-A@4 for a floor."""

    def to_representation(self, value: nodes.Place) -> str:
        return nodes.key_of(value)


class Area(Number):
    """m2 as a string with two decimals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=20, decimal_places=2, **kwargs)


class Rate(serializers.DecimalField):
    """A ratio of sums as a string with four decimals; null where nothing is lettable."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=20, decimal_places=4, allow_null=True, **kwargs)


class Name(serializers.Serializer[Any]):
    zh = serializers.CharField(source="name")
    en = ComputedText(lambda place: place.name_en or place.name)


class InUnit(serializers.CharField):
    """A number of a FigureComparison with the decimals of its figure's unit.

    A count has none, unless it was printed with some.
    """

    def get_attribute(self, instance: FigureComparison) -> str | None:
        number: Any = super().get_attribute(instance)
        if number is None:
            return None
        places = PLACES.get(FigureUnit(instance.figure.unit), 0)
        return f"{number:.{places}f}" if places or number == number.to_integral() else str(number.normalize())


class Totals(serializers.Serializer[Any]):
    """Usable areas by state. lettable = occupied + holdover + committed + reserved + vacant. The rest is beside it."""

    # Read from a row with a `balance` and, where a figure was published for it, `compared`: a FigureComparison.

    lettable = Area(source="balance.lettable")
    occupied = Area(source="balance.areas.occupied")
    holdover = Area(source="balance.areas.holdover")
    committed = Area(source="balance.areas.committed")
    reserved = Area(source="balance.areas.reserved")
    vacant = Area(source="balance.areas.vacant")
    offline = Area(source="balance.areas.offline")
    common = Area(source="balance.areas.common")
    unbuilt = Area(source="balance.areas.unbuilt")
    not_itemised = Area(
        source="compared.not_itemised",
        allow_null=True,
        help_text=gettext_lazy(
            "Published minus recorded, both on the figure's own day; null where nothing was published or more is "
            "recorded than was published."
        ),
    )
    beyond_published = Area(
        source="compared.beyond_published",
        allow_null=True,
        help_text=gettext_lazy(
            "Recorded beyond what was published, on the figure's own day; null where it isn't more."
        ),
    )
    rate_occupied = Rate(source="balance.rate_occupied")
    rate_committed = Rate(source="balance.rate_committed")
    rate_vacant = Rate(source="balance.rate_vacant")
    units = serializers.IntegerField(source="balance.all_units")
    unknown_units = serializers.IntegerField(
        source="balance.unknown_units",
        help_text=gettext_lazy("Units whose area is not recorded: counted, never 0 m2."),
    )

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The fields that a subclass adds come first.

        The others are written here: field by field they took two thirds of the time of a trend of 120 months.
        """
        row = instance if isinstance(instance, dict) else {"balance": instance.balance}
        return self._written(instance) | _figures(row["balance"], row.get("compared"))

    def _written(self, instance: Any) -> dict[str, Any]:
        values = {name: field.get_attribute(instance) for name, field in self._added.items()}
        return {name: value if value is None else self._added[name].to_representation(value)
                for name, value in values.items()}  # fmt: skip

    @cached_property
    def _added(self) -> dict[str, Any]:
        return {name: field for name, field in self.fields.items() if name not in Totals._declared_fields}


def _figures(balance: ledger.Balance, compared: FigureComparison | None) -> dict[str, Any]:
    """The declared fields of `Totals`."""
    return {
        "lettable": str(balance.lettable),
        **{state: str(balance.areas[state]) for state in AREA_STATES},
        "not_itemised": _fixed(compared.not_itemised if compared else None),
        "beyond_published": _fixed(compared.beyond_published if compared else None),
        "rate_occupied": _text(balance.rate_occupied),
        "rate_committed": _text(balance.rate_committed),
        "rate_vacant": _text(balance.rate_vacant),
        "units": balance.all_units,
        "unknown_units": balance.unknown_units,
    }


def _text(rate: Decimal | None) -> str | None:
    return None if rate is None else str(rate)


def _fixed(area: Decimal | None) -> str | None:
    return None if area is None else f"{area:.2f}"


def totals(balance: ledger.Balance, compared: FigureComparison | None) -> dict[str, Any]:
    """`Totals` of a balance."""
    return Totals({"balance": balance, "compared": compared}).data
