"""Match units with requirements, best first: fitting, nearly fitting, and the others with their reasons.

Single units, and connected combinations of 2 to 4 units of one floor. Where adjacency is recorded on the floor,
found from the shapes on its plan or set by a person, it counts. Elsewhere **connected is inferred**: rooms count as
adjacent if they follow each other in the order of their codes (numbers read as numbers) among all that stand on the
floor on the day; a common room between two units separates them. `Candidate.joined` is the source of the adjacency.
Rules, tolerances and scores: docs/definitions.md, "Matching".
"""

from tenants.matching.inventory import Inventory, InventoryUnit, inventory_of
from tenants.matching.joining import Joined
from tenants.matching.messages import joined, message, sentences
from tenants.matching.queue import fit_numbers
from tenants.matching.ranking import Candidate, Match, Rejected, match, rank
from tenants.matching.requirements import Requirements
from tenants.matching.rivals import competitors
from tenants.matching.rules import Miss, Rule
from tenants.matching.scores import Parts

__all__ = [
    "Candidate",
    "Inventory",
    "InventoryUnit",
    "Joined",
    "Match",
    "Miss",
    "Parts",
    "Rejected",
    "Requirements",
    "Rule",
    "competitors",
    "fit_numbers",
    "inventory_of",
    "joined",
    "match",
    "message",
    "rank",
    "sentences",
]
