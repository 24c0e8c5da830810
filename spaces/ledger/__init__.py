"""The ledger: the only place that turns allocations into areas, for any day.

`on` is the day asked about, `today` the day of asking: holdover is a fact of the past and present, never a forecast.
Rules and formulas: docs/definitions.md. Areas are Decimals in m2 with two places; every total is a sum of units.
"""

from spaces.ledger.absorption import absorption
from spaces.ledger.balances import NOTHING, Balance, total
from spaces.ledger.commitments import Commitment, commitments
from spaces.ledger.park_units import ParkGroup, ParkUnits
    "days_of", "is_ready", "kept_balance", "most_vacant", "painted", "stage_of", "state_of", "total", "trend",
    "vacant_since", "with_state", "with_vacant_since",
]  # fmt: skip
