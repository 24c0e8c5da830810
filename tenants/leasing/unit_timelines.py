"""Timelines of units: the state on every day of a window, and the periods with their leases."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from spaces import ledger
from spaces.models import Allocation, Unit
from spaces.models.people import AnyUser, reads_all
from spaces.states import COVERED, LETTABLE_USES, UnitState
from spaces.values.days import days_left
from spaces.values.lifetimes import not_closed
from tenants.leasing.expiry_bands import ExpiryBand, ExpiryBands
from tenants.models import Lease, LeaseLine

BY_PLACE = ("floor__building__park__code_order", "floor__building__code_order", "-floor__level", "code_order")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch in one state: `start` and `days` count from the first day of the window. `period`: its allocation."""

    state: str
    start: int
    days: int
    period: Allocation | None
    lease: Lease | None
    expiry: str  # for an occupied stretch, else empty


@dataclass(frozen=True, slots=True)
class TimelinePeriod:
    """One period with its lease and its state on the day (None: not begun, or overdue).

    `days_overdue` is 0 for a period that is not overdue.
    """

    period: Allocation
    lease: Lease | None
    state: str | None
    days_overdue: int


@dataclass(frozen=True, slots=True)
class UnitTimeline:
    """`terms`: the periods from the day on. `vacant_on`: its first vacant day from the day on, if any."""

    unit: Unit
    state: str | None
    pieces: list[Piece]
    terms: list[TimelinePeriod]
    vacant_on: date | None


def units_with_readable_tenants(user: AnyUser) -> QuerySet[Unit]:
    """Units whose tenants the user may read, as in Allocation.visible_to."""
    return Unit.objects.all() if reads_all(user) else Unit.objects.editable_by(user)


def lettable(units: Any, days: Sequence[date], *, on: date, late_on: date) -> QuerySet[Unit]:
    """Units lettable on the day that exist in the window, each with `late`: held over on `late_on`; these first."""
    first, last = days[0], days[-1]
    alive = Q(closes_on=None) | Q(closes_on__gt=first)
    open_ = not_closed("floor__building__", first)
    late = Exists(Allocation.objects.overstaying(late_on).filter(unit=OuterRef("pk")))
    found = units.with_facts(on).filter(alive, open_, opens_on__lte=last, use__in=LETTABLE_USES).annotate(late=late)
    ordered: QuerySet[Unit] = found.order_by("-late", *BY_PLACE)
    return ordered


def keys_of_lettable(units: Any, first: int, last: int) -> list[int]:
    """The keys of rows [first, last) of `lettable`.

    Units that are late and those that are not are read each in the order of places, in which a database stops early:
    for an order by both it would look for the holdover of every unit.
    """
    in_order = units.order_by(*BY_PLACE)
    late: list[int] = list(in_order.filter(late=True).values_list("pk", flat=True)[:last])
    others = in_order.filter(late=False).values_list("pk", flat=True)
    rest = list(others[max(0, first - len(late)) : last - len(late)]) if len(late) < last else []
    return late[first:] + rest


@dataclass(frozen=True, slots=True)
class Window:
    """Shared by the timelines of a page: the days, the day of the page, and the leases that may be named."""

    days: Sequence[date]
    on: date
    today: date
    leases: dict[int, Lease]
    bands: ExpiryBands

    @property
    def now(self) -> int:
        return min(max((self.on - self.days[0]).days, 0), len(self.days) - 1)

    @property
    def late_on(self) -> date:
        """The day on which holdover is determined: it is never forecast."""
        return min(self.on, self.today)


def timelines_of(
    units: Sequence[Unit], days: Sequence[date], *, on: date, today: date, user: AnyUser
) -> list[UnitTimeline]:
    """The timelines of `units`, in their order. Four queries. Leases that the user may not read are omitted."""
    here = Unit.objects.filter(pk__in=[unit.pk for unit in units])
    states = {pk: painted.states for pk, painted in ledger.painted(here, days, today=today)}
    taken: dict[int, list[Allocation]] = defaultdict(list)
    for period in Allocation.objects.touching(days).filter(unit__in=here.values("pk")).order_by("starts_on", "pk"):
        taken[period.unit_id].append(period)
    leases = _leases([period.pk for periods in taken.values() for period in periods], user)
    seen = Window(days, on, today, leases, ExpiryBands(on))
    return [_timeline(unit, states[unit.pk], taken[unit.pk], seen) for unit in units]


def _leases(periods: Collection[int], user: AnyUser) -> dict[int, Lease]:
    """Allocation id -> its lease with its company, for the leases that the user may read."""
    lines = LeaseLine.objects.visible_to(user).filter(allocation__in=periods)
    return {line.allocation_id: line.lease for line in lines.select_related("lease__company").order_by("pk")}


def _timeline(unit: Unit, states: Sequence[str | None], taken: Sequence[Allocation], seen: Window) -> UnitTimeline:
    state, days = states[seen.now], seen.days
    free = next((index for index in range(seen.now, len(days)) if states[index] == UnitState.VACANT), None)
    terms = [
        _term(period, state, seen)
        for period in taken
        if period.overstays(seen.late_on) or _has_more(period, seen.on, days[-1])
    ]
    return UnitTimeline(unit, state, _pieces(states, taken, seen), terms, None if free is None else days[free])


def _term(period: Allocation, state: str | None, seen: Window) -> TimelinePeriod:
    overdue = 0
    if period.ends_on and period.overstays(seen.late_on):
        overdue = -days_left(period.ends_on, seen.late_on)
    now = state if _takes(period, state, seen.on) else None
    return TimelinePeriod(period, seen.leases.get(period.pk), now, overdue)


def _pieces(states: Sequence[str | None], taken: Sequence[Allocation], seen: Window) -> list[Piece]:
    """The window, cut at each change of state or period."""
    days = seen.days
    found: list[Piece] = []
    start, held = 0, _holder(taken, states[0], days[0])
    for index in _cuts(days, states, taken):
        here = _holder(taken, states[index], days[index]) if index < len(days) else None
        if index < len(days) and (states[index], here) == (states[start], held):
            continue  # a lapsed hold makes no cut
        state = states[start]
        if state is not None:
            left = _left(held, seen) if held and state == UnitState.OCCUPIED else ""
            lease = seen.leases.get(held.pk) if held else None
            found.append(Piece(state, start, index - start, held, lease, left))
        start, held = index, here
    return found


def _left(held: Allocation, seen: Window) -> str:
    """The band of the time left; `past` if the period is over and the unit was handed back."""
    left = seen.bands.of_end(held.ends_on)
    return "past" if left == ExpiryBand.OVERDUE and not held.overstays(seen.late_on) else left.value


def _cuts(days: Sequence[date], states: Sequence[str | None], taken: Iterable[Allocation]) -> list[int]:
    cuts = {index for index in range(1, len(days)) if states[index] != states[index - 1]} | {len(days)}
    for period in taken:
        for day in (period.starts_on, period.ends_on):
            if day is not None and days[0] < day <= days[-1]:
                cuts.add((day - days[0]).days)
    return sorted(cuts)


def _holder(taken: Iterable[Allocation], state: str | None, day: date) -> Allocation | None:
    """The period behind the state of a day; None while the unit is not taken."""
    return next((period for period in taken if _takes(period, state, day)), None)


def _takes(period: Allocation, state: str | None, day: date) -> bool:
    if state == UnitState.HOLDOVER:
        return period.overstays(day)
    if state not in COVERED:
        return False
    return period.starts_on <= day and (period.ends_on is None or day < period.ends_on)


def _has_more(period: Allocation, on: date, last: date) -> bool:
    """Whether a period is not over on the day and begins within the window; a lapsed hold is over."""
    lapsed = period.signed_on is None and period.held_until is not None and period.held_until <= on
    return not lapsed and (period.ends_on is None or period.ends_on > on) and period.starts_on <= last


def window(first: date, until: date) -> list[date]:
    """Every day of [first, until)."""
    return [first + timedelta(days=number) for number in range((until - first).days)]
