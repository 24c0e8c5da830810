"""The states of one unit over time."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from spaces import ledger
from spaces.access import get_visible, refuse_ahead
from spaces.api.parameters import Day, DayQuery
from spaces.api.reads import Read
from spaces.api.representations import ComputedText
from spaces.api.table_fields import LastDay
from spaces.models import Allocation, Unit
from spaces.models.people import reads_all
from spaces.states import Purpose, UnitState
from spaces.values.days import FIRST, LAST, day_after

YEAR = timedelta(days=365)
LONGEST = timedelta(days=3660)


class Spell(NamedTuple):
    """Days on which a unit has one state: [start, end), `end` None where it is not to be known."""

    state: str
    start: date
    end: date | None


class Interval(serializers.Serializer[Any]):
    start = serializers.DateField()
    end = serializers.DateField(
        allow_null=True, help_text=gettext_lazy("Exclusive; null where you may not know when the state of today ends.")
    )
    last_day = LastDay(source="end", allow_null=True)
    state = serializers.ChoiceField(choices=UnitState.choices)
    words = ComputedText(
        lambda spell: UnitState(spell.state).label, help_text=gettext_lazy("The state in the language asked for.")
    )


class Taken(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    purpose = serializers.ChoiceField(choices=Purpose.choices)
    start = serializers.DateField(source="starts_on")
    end = serializers.DateField(source="ends_on", allow_null=True, help_text=gettext_lazy("Exclusive; null: open."))
    last_day = LastDay(source="ends_on", allow_null=True)
    reason = serializers.CharField()


class Intervals(serializers.Serializer[Any]):
    as_of = serializers.DateField()
    unit = serializers.CharField()
    intervals = Interval(many=True)
    allocations = Taken(
        many=True, allow_null=True, help_text=gettext_lazy("null for readers who may not see tenancies.")
    )


# `from` is a word of Python.
WINDOW = {
    "from": Day(required=False, help_text=gettext_lazy("Two years before as_of when left out.")),
    "until": Day(required=False, help_text=gettext_lazy("Exclusive; two years after as_of when left out.")),
}


class UnitIntervals(Read):
    """The states of a unit within [from, until), joined into half-open intervals; days outside its life are left out.

    Allocations, their numbers and reasons, and any day after today, are told only to those who may see who sits where.
    """

    query = type("IntervalsQuery", (DayQuery,), WINDOW)
    row = Intervals

    def get(self, request: Request, code: str) -> Response:
        unit = get_visible(Unit.objects.select_related("floor__building__park"), request.user, code=code)
        since, until = self._window()
        mine = Allocation.objects.visible_to(request.user).filter(unit=unit).overlapping(since, until)
        staff = reads_all(request.user) or Unit.objects.editable_by(request.user).filter(pk=unit.pk).exists()
        refuse_ahead(request.user, unit.floor.building.park, day=self.day, today=self.today)
        found = {
            "as_of": self.day,
            "unit": unit.code,
            "intervals": (spells if staff else spells_up_to_today)(unit, since, until, today=self.today),
            "allocations": mine.order_by("starts_on", "pk") if staff else None,
        }
        return Response(Intervals(found).data)

    def _window(self) -> tuple[date, date]:
        since = self.asked.get("from", max(FIRST, self.day - 2 * YEAR))
        until = self.asked.get("until", min(LAST, self.day + 2 * YEAR))
        if not since < until <= since + LONGEST:
            message = _("The window ends after it begins, and within ten years.")
            raise ValidationError({"until": ErrorDetail(message, "window")})
        return since, until


def spells(unit: Unit, since: date, until: date, *, today: date) -> list[Spell]:
    """Equal days joined. Two queries."""
    days = [since + timedelta(days=number) for number in range((until - since).days)]
    states = ledger.days_of(unit, days, today=today)
    ends = [index for index in range(1, len(days)) if states[index] != states[index - 1]] + [len(days)]
    return [
        Spell(state, days[first], until if end == len(days) else days[end])
        for first, end in zip([0, *ends], ends, strict=False)
        if (state := states[first]) is not None
    ]


def spells_up_to_today(unit: Unit, since: date, until: date, *, today: date) -> list[Spell]:
    """`spells` for those who may not know who has the unit: up to today, and not when its state of today ends."""
    tomorrow = day_after(today)
    if since >= tomorrow:
        return []
    found = spells(unit, since, min(until, tomorrow), today=today)
    for last in found[-1:]:
        if until > today and last.end == tomorrow:
            found[-1] = last._replace(end=None)
    return found
