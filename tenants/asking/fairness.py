"""Requirements and earlier requests that an offer passes over; the offer records them with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from spaces.models import Unit
from tenants import matching
from tenants.matching import Inventory, Match, Miss, Requirements, Rule
from tenants.matching.rules import OF_A_TENANCY, SHARED
from tenants.models import SpaceRequest
from tenants.states import RequestState

QUEUE, APART = "queue", "apart"
MESSAGES: dict[str, Any] = {rule.value: rule.label for rule in Rule} | {
    QUEUE: _("An earlier request was passed over"),
    APART: _("The units do not lie side by side"),
}
# The hold checks under its lock whether a unit is free, and names who has it.
FREE = {Rule.RETIRED, Rule.UNBUILT, *OF_A_TENANCY}


@dataclass(frozen=True, slots=True)
class Check:
    """`hard` prevents the offer; the rest needs a reason. `earlier`: admitted requests that the units fit.

    `match`: how these units alone fit the request.
    """

    match: Match
    hard: Miss | None
    soft: tuple[Miss, ...]
    apart: bool
    earlier: tuple[SpaceRequest, ...]

    @property
    def rules(self) -> list[str]:
        """Keys of MESSAGES, as `Offer.overridden` keeps them."""
        keys = list(dict.fromkeys(miss.rule.value for miss in self.soft))
        return keys + [APART] * self.apart + [QUEUE] * bool(self.earlier)


def check(wanted: SpaceRequest, units: Sequence[Unit], *, on: date) -> Check:
    """The check of an offer of these units to a request on the day. Six queries."""
    chosen = Unit.objects.filter(pk__in=[unit.pk for unit in units])
    inventory = matching.inventory_of(chosen, on=on, needed_by=wanted.needed_by)
    found = matching.rank(Requirements.of(wanted), inventory)
    earlier = _earlier(wanted, chosen, inventory)
    ids = {unit.pk for unit in units}
    exact = next((each for each in (*found.fits, *found.near) if set(each.ids) == ids), None)
    if exact:
        return Check(found, None, exact.misses, apart=False, earlier=earlier)
    alone = len(units) == 1
    hard = [
        each.miss for each in found.others if each.miss.rule not in FREE and (alone or each.miss.rule not in SHARED)
    ]
    return Check(found, hard[0] if hard else None, (), apart=not alone, earlier=earlier)


def _earlier(wanted: SpaceRequest, units: QuerySet[Unit], inventory: Inventory) -> tuple[SpaceRequest, ...]:
    """Admitted requests that were submitted before this one and that the units fit, too."""
    mine = (wanted.submitted_at, wanted.pk)
    return tuple(
        other
        for other in matching.competitors(wanted, units, inventory)
        if other.state == RequestState.ADMITTED and (other.submitted_at, other.pk) < mine
    )
