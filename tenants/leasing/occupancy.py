"""Occupants of units, with the names that the reader may see."""

from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from spaces.models import Allocation, Park, Unit
from spaces.models.people import AnyUser, reads_all
from tenants.models import LeaseLine, Offer, OfferLine


class Occupant(NamedTuple):
    """The company of an allocation; `number`: of its lease, or of the offer while there is no lease."""

    name: str
    number: str
    notice_on: date | None


def occupants(units: QuerySet[Unit], user: AnyUser, *, on: date) -> dict[int, Occupant]:
    """Allocation id -> occupant on the day, from the leases and offers that the user may see. Two queries."""
    taken = Allocation.objects.touching([on]).filter(unit__in=units.order_by().values("pk")).values("pk")
    held = OfferLine.objects.filter(allocation__in=taken, offer__in=Offer.objects.visible_to(user).values("pk"))
    rows = held.values_list("allocation_id", "offer__request__company__name", "offer__number")
    found = {allocation: Occupant(name, number, None) for allocation, name, number in rows}
    let = LeaseLine.objects.visible_to(user).filter(allocation__in=taken)
    columns = ("allocation_id", "lease__company__name", "lease__number", "lease__notice_on")
    return found | {allocation: Occupant(*facts) for allocation, *facts in let.values_list(*columns)}


def sees_inside(user: AnyUser, park: Park) -> bool:
    """Whether the user may read the tenants and ends of all units of the park. A company reads only its own."""
    return reads_all(user) or Park.objects.editable_by(user).filter(pk=park.pk).exists()
