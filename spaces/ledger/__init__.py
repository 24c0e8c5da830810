"""The ledger: the only place that turns allocations into areas, for any day.

`on` is the day asked about, `today` the day of asking: holdover is a fact of the past and present, never a forecast.
Rules and formulas: docs/definitions.md. Areas are Decimals in m2 with two places; every total is a sum of units.
"""

from spaces.ledger.absorption import absorption
from spaces.ledger.balances import NOTHING, Balance, total
from spaces.ledger.commitments import Commitment, commitments
from spaces.ledger.park_units import ParkGroup, ParkUnits
from spaces.ledger.sums import LEVELS, balance, balances, kept_balance, most_vacant
from spaces.ledger.tenancy_terms import terms_of_tenancies
from spaces.ledger.trend import days_of, painted, trend
from spaces.ledger.unit_states import is_ready, stage_of, state_of, with_state
from spaces.ledger.vacancy_lengths import lengths_of_vacancy, long_vacant
from spaces.ledger.vacancy_spells import vacant_since, with_vacant_since

__all__ = [
    "LEVELS", "NOTHING", "Balance", "Commitment", "ParkGroup", "ParkUnits", "absorption", "balance", "balances",
    "commitments", "days_of", "is_ready", "kept_balance", "lengths_of_vacancy", "long_vacant", "most_vacant",
    "painted", "stage_of", "state_of", "terms_of_tenancies", "total", "trend", "vacant_since", "with_state",
    "with_vacant_since",
]  # fmt: skip
