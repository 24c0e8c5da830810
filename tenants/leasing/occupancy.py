"""Who sits where, and how long still, for the pictures of a building: names only for those who may read them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from spaces.ledger import NOTHING
from spaces.ledger.stack import UnitOnDay
from spaces.models import Allocation, Park, Unit
from spaces.models.people import AnyUser, reads_all
from spaces.states import LEASED, UnitState
from spaces.values.days import add_months
from tenants.models import LeaseLine, Offer, OfferLine


class Occupant(NamedTuple):
    """The company behind an allocation; `number` of its lease, or of the offer while there is none."""

    name: str
    number: str
    notice_on: date | None


class Expiry(models.TextChoices):
    """How long the lease of a unit still runs on the day asked about (ux.md 4.3)."""

    OVERDUE = "overdue", pgettext_lazy("expiry", "Overdue")
    WITHIN_3 = "3m", _("≤ 3 months")
    WITHIN_6 = "6m", _("3–6 months")
    WITHIN_12 = "12m", _("6–12 months")
    WITHIN_24 = "24m", _("1–2 years")
    LATER = "later", _("> 2 years")
    VACANT = "vacant", pgettext_lazy("short", "Vacant")
    NONE = "none", _("No lease")


BOUNDS = ((3, Expiry.WITHIN_3), (6, Expiry.WITHIN_6), (12, Expiry.WITHIN_12), (24, Expiry.WITHIN_24))


def occupants(units: QuerySet[Unit], user: AnyUser, *, on: date) -> dict[int, Occupant]:
    """Allocation id -> its occupant, for what takes a unit on the day, of the leases and offers that the user may see.

    Two statements.
    """
    taken = Allocation.objects.touching([on]).filter(unit__in=units.order_by().values("pk")).values("pk")
    held = OfferLine.objects.filter(allocation__in=taken, offer__in=Offer.objects.visible_to(user).values("pk"))
    rows = held.values_list("allocation_id", "offer__request__company__name", "offer__number")
    found = {allocation: Occupant(name, number, None) for allocation, name, number in rows}
    let = LeaseLine.objects.visible_to(user).filter(allocation__in=taken)
    columns = ("allocation_id", "lease__company__name", "lease__number", "lease__notice_on")
    return found | {allocation: Occupant(*told) for allocation, *told in let.values_list(*columns)}


def sees_inside(user: AnyUser, park: Park) -> bool:
    """May this person know who has a unit of the park, and until when? Companies know it of their own alone."""
    return reads_all(user) or Park.objects.editable_by(user).filter(pk=park.pk).exists()


class Horizon:
    """Sorts units by the end of their lease, seen from one day: by months ahead, never by calendar years."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.bounds = [(add_months(on, months), expiry) for months, expiry in BOUNDS]

    def of(self, cell: UnitOnDay) -> Expiry:
        if cell.state == UnitState.HOLDOVER:
            return Expiry.OVERDUE
        if cell.state == UnitState.VACANT:
            return Expiry.VACANT
        if cell.taken_as not in LEASED:
            return Expiry.NONE
        return self.left(cell.ends_on)

    def left(self, ends_on: date | None) -> Expiry:
        """How long a contract that ends before `ends_on` has to run; its last day is within the months it falls on."""
        if ends_on is None:
            return Expiry.LATER
        if ends_on <= self.on:
            return Expiry.OVERDUE
        return next((expiry for bound, expiry in self.bounds if ends_on <= bound), Expiry.LATER)


def expiries(cells: Iterable[tuple[UnitOnDay, Expiry]]) -> dict[Expiry, tuple[int, Decimal]]:
    """Expiry -> (number of units, m2); each unit of the picture stands in just one."""
    found = dict.fromkeys(Expiry, (0, NOTHING))
    for cell, expiry in cells:
        number, area = found[expiry]
        found[expiry] = number + 1, area + (cell.area or NOTHING)
    return found
