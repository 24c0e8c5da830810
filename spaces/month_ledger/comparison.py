"""Where the month ledger and the allocations differ."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from spaces import ledger
from spaces.ledger import sums_of_months
from spaces.ledger.balances import STATES, Balance
from spaces.ledger.park_units import ParkGroup, ParkUnits
from spaces.models import Park

LEVELS = ("park", "ecosystem", "city", "kind")


@dataclass(frozen=True, slots=True)
class LedgerDifference:
    """A sum that the month ledger has (None: none at all, it does not hold) and the allocations have otherwise."""

    on: date
    scope: str
    node: str
    kept: Balance | None
    counted: Balance | None

    def __str__(self) -> str:
        states = [state for state in STATES if _cell(self.kept, state) != _cell(self.counted, state)]
        cells = (f"{state} {_cell(self.kept, state)} ≠ {_cell(self.counted, state)}" for state in states)
        return f"{self.on} {self.scope}, {self.node}: {', '.join(cells)}"


def differences(days: Sequence[date], *, today: date) -> list[LedgerDifference]:
    """The sums of the month ledger that differ from the allocations on `days` (ascending), at every level it keeps."""
    return [each for name, scope in _scopes() for each in _of_scope(name, scope, days, today)]


def _scopes() -> Iterator[tuple[str, ParkUnits]]:
    yield "all parks", ParkUnits(Park.objects.all())
    yield "incubators", ParkUnits(Park.objects.all(), ParkGroup(industrial=False))
    yield "industrial parks", ParkUnits(Park.objects.all(), ParkGroup(industrial=True))


def _of_scope(name: str, scope: ParkUnits, days: Sequence[date], today: date) -> Iterator[LedgerDifference]:
    for on in days:
        for level in LEVELS:
            kept = sums_of_months.balances(scope, level, on=on, today=today)
            if kept is None:
                yield LedgerDifference(on, name, level, None, None)
                continue
            counted = ledger.balances(scope.units_on(on), level, on=on, today=today)
            nodes: Iterable[object] = kept.keys() | counted.keys()
            for node in nodes:
                if kept.get(node) != counted.get(node):
                    yield LedgerDifference(on, name, f"{level} {node}", kept.get(node), counted.get(node))
    series: Sequence[Balance | None] = sums_of_months.trend(scope, days, today=today) or [None] * len(days)
    for on, kept_on in zip(days, series, strict=True):
        counted_on = ledger.balance(scope.units_on(on), on=on, today=today)
        if kept_on != counted_on:
            yield LedgerDifference(on, name, "trend", kept_on, counted_on)


def _cell(balance: Balance | None, state: str) -> str:
    return "–" if balance is None else f"{balance.areas[state]} ({balance.units[state]})"
