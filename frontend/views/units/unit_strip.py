"""The states of a unit over four years, as the strip of spells that its page and its panel draw."""

from dataclasses import dataclass
from datetime import timedelta

from spaces import ledger
from spaces.states import UnitState
from spaces.values.days import day_after

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class StripSpell:
    """One stretch of the strip: its state, days [since, until), and its width in 200ths of the strip."""

    state: str
    since: object
    until: object
    width: int

    @property
    def word(self):
        return UnitState(self.state).label


def strip(unit, request, *, ahead):
    """The unit's states from two years before the day asked about to two years after, joined into spells.

    Unless `ahead` it ends with today: who may not see the tenant may not see the end of the lease either.
    """
    first, last = request.as_of - 2 * YEAR, request.as_of + 2 * YEAR
    if not ahead:
        last = min(last, day_after(request.today))
    days = [first + timedelta(days=number) for number in range((last - first).days)]
    states = ledger.days_of(unit, days, today=request.today)
    spells, since = [], 0
    for index in range(1, len(days) + 1):
        if index == len(days) or states[index] != states[since]:
            until = last if index == len(days) else days[index]
            width = max(1, round((until - days[since]).days / len(days) * 200))
            spells.append(StripSpell(states[since], days[since], until, width))
            since = index
    return spells
