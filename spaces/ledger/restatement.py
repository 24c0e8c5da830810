"""Reported figures that an act moves, read from the deltas it leaves in the month ledger: no rule is written twice."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from spaces.ledger.balances import STATES, Balance
from spaces.ledger.park_units import ParkGroup, ParkUnits
from spaces.ledger.trend import trend
from spaces.models import Ecosystem, LedgerDelta, Park, PublishedFigure
from spaces.models.figures import Measure
from spaces.models.month_ledger import SUMS
from spaces.states import UnitState
from spaces.values.days import MONTHS, month_ends

LETTABLE = "lettable"
type Group = tuple[int, bool]  # id of an ecosystem (0: none), industrial parks or not


@dataclass(frozen=True, slots=True)
class ReportedScope:
    """What a figure is about: a park, or the parks of an ecosystem (None: of none), industrial or not.

    `whole`: the incubators of the whole province.
    """

    park: Park | None = None
    ecosystem: Ecosystem | None = None
    industrial: bool = False
    whole: bool = False

    @property
    def units(self) -> ParkUnits:
        if self.park:
            return ParkUnits(Park.objects.filter(pk=self.park.pk))
        return ParkUnits(Park.objects.all(), ParkGroup(self.industrial, self.ecosystem.pk if self.ecosystem else 0))


@dataclass(frozen=True, slots=True)
class MovedFigure:
    """A figure of a reported day before and after an act.

    `key`: LETTABLE, a UnitState, or the Measure of a published figure. The values are areas in m2 (Decimal), or
    numbers (int): of parks, or of units without a recorded area.
    """

    day: date
    scope: ReportedScope
    key: str
    before: Decimal | int
    after: Decimal | int

    @property
    def difference(self) -> Decimal | int:
        return self.after - self.before

    @property
    def label(self) -> str:
        """The name of the figure, in the reader's language."""
        if self.key in Measure.values:
            return str(Measure(self.key).label)
        state = Measure.LETTABLE_AREA.label if self.key == LETTABLE else UnitState(self.key).label
        return str(state) if self.is_area else _("%(state)s, units") % {"state": state}

    def as_data(self) -> dict[str, str | bool | None]:
        """The figure as text, for the API."""
        park, ecosystem = self.scope.park, self.scope.ecosystem
        return {
            "day": self.day.isoformat(),
            "park": park.code if park else None,
            "ecosystem": ecosystem.code if ecosystem else None,
            "industrial": None if park else self.scope.industrial,
            "figure": self.key if self.is_area or self.key in Measure.values else f"{self.key}_units",
            "before": str(self.before),
            "after": str(self.after),
            "difference": str(self.difference),
        }

    @property
    def is_area(self) -> bool:
        return isinstance(self.after, Decimal)


def reported_days(today: date) -> list[date]:
    """Days before today for which figures are reported: month ends of the overview, and days of published figures."""
    published = PublishedFigure.objects.filter(as_of__lt=today).values_list("as_of", flat=True)
    return sorted({day for day in month_ends(today, MONTHS) if day < today} | set(published))


def moved_by(deltas: Collection[LedgerDelta], *, today: date) -> list[MovedFigure]:
    """The reported figures that counted deltas move, by day. No query where no delta is before today.

    Else one for the days that are reported, and two for each park or group that moves.
    """
    first = min((delta.day for delta in deltas), default=today)
    days = [day for day in reported_days(today) if day >= first] if first < today else []
    if not days:
        return []
    figures = [
        figure for scope, mine, moved in _by_scope(deltas, days) for figure in _moved(scope, mine, moved, today=today)
    ]
    return sorted(figures, key=lambda figure: figure.day)


def _by_scope(
    deltas: Iterable[LedgerDelta], days: list[date]
) -> Iterator[tuple[ReportedScope, list[LedgerDelta], list[date]]]:
    """The deltas by what they are about, with the days on which it is told.

    Each park on all days; a group on those on which a park counts in it before or after, and in another.
    """
    by_park: Mapping[int, list[LedgerDelta]] = defaultdict(list)
    by_group: Mapping[Group, list[LedgerDelta]] = defaultdict(list)
    for delta in deltas:
        by_park[delta.park].append(delta)
        by_group[_group(delta)].append(delta)
    parks = Park.objects.in_bulk(by_park)
    for park, mine in by_park.items():
        yield ReportedScope(parks[park]), mine, days
    moved: Mapping[Group, set[date]] = defaultdict(set)
    for mine in by_park.values():
        if len({_group(delta) for delta in mine}) > 1:
            for day in days:
                groups = _groups_moved(mine, day)
                for group in groups if len(groups) > 1 else ():
                    moved[group].add(day)
    ecosystems = Ecosystem.objects.in_bulk(ecosystem for ecosystem, _industrial in moved) if moved else {}
    for (ecosystem, industrial), on in moved.items():
        scope = ReportedScope(ecosystem=ecosystems.get(ecosystem), industrial=industrial)
        yield scope, by_group[ecosystem, industrial], sorted(on)


def _groups_moved(deltas: Collection[LedgerDelta], day: date) -> list[Group]:
    """The groups in which the deltas of a park change something of the day."""
    mine: Mapping[Group, list[LedgerDelta]] = defaultdict(list)
    for delta in deltas:
        if delta.day <= day:
            mine[_group(delta)].append(delta)
    return [group for group, those in mine.items() if any(_sum(those, column) for column in SUMS)]


def _group(delta: LedgerDelta) -> Group:
    return delta.ecosystem, delta.industrial


def _moved(
    scope: ReportedScope, deltas: Collection[LedgerDelta], days: list[date], *, today: date
) -> Iterator[MovedFigure]:
    after = trend(scope.units, days, today=today)
    for day, balance in zip(days, after, strict=True):
        counted = [delta for delta in deltas if delta.day <= day]
        areas = {state: _sum(counted, f"{state}_area") for state in STATES}
        units = {state: _sum(counted, f"{state}_units") for state in STATES}
        before = Balance(
            {state: balance.areas[state] - Decimal(areas[state]).scaleb(-2) for state in STATES},
            {state: balance.units[state] - units[state] for state in STATES},
        )
        if before.lettable != balance.lettable:
            yield MovedFigure(day, scope, LETTABLE, before.lettable, balance.lettable)
        for state in STATES:
            if areas[state]:
                yield MovedFigure(day, scope, state, before.areas[state], balance.areas[state])
            elif units[state]:
                yield MovedFigure(day, scope, state, before.units[state], balance.units[state])


def _sum(deltas: Iterable[LedgerDelta], column: str) -> int:
    return sum(getattr(delta, column) for delta in deltas)
