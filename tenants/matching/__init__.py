"""Units for a wish, best first, with reasons: what fits, what nearly does and by how much, and why the rest does not.

Single units, and connected combinations of 2 to 4 units of one floor. **Connected is inferred**: there are no plans
of floors yet, so neighbours are rooms that follow each other in the order of their codes (numbers read as numbers)
among all that stand on the floor on the day; a common room between two units parts them.
Rules, tolerances and scores: docs/definitions.md, "Matching".
"""

from tenants.matching.ground import Ground, Room, survey
from tenants.matching.queue import fit_numbers
from tenants.matching.ranking import Candidate, Match, Rejected, match, rank
from tenants.matching.rivals import competitors
from tenants.matching.rules import Miss, Rule
from tenants.matching.scores import Parts
from tenants.matching.wishes import FEATURES, Wish
from tenants.matching.words import sentences, words

__all__ = [
    "FEATURES",
    "Candidate",
    "Ground",
    "Match",
    "Miss",
    "Parts",
    "Rejected",
    "Room",
    "Rule",
    "Wish",
    "competitors",
    "fit_numbers",
    "match",
    "rank",
    "sentences",
    "survey",
    "words",
]
