"""Other requests that the same units would fit."""

from django.db.models import Q, QuerySet

from spaces.models import Park, Unit
from spaces.values import clock
from tenants.matching.inventory import Inventory
from tenants.matching.ranking import rank
from tenants.matching.requirements import Requirements
from tenants.models import SpaceRequest


def competitors(wanted: SpaceRequest, units: QuerySet[Unit], inventory: Inventory) -> list[SpaceRequest]:
    """The other requests waiting in the park of the units that fit them, earliest first, with company.

    `inventory` is that of `units`. One statement. For readers of all requests of the park: a company gets only its
    `reviews.queue_place`.
    """
    parks = Park.objects.filter(buildings__floors__units__in=units.order_by().values("pk"))
    here = Q(park__in=parks.values("pk"))
    anywhere = Q(park=None, ecosystem__in=parks.ecosystems(clock.today()))
    others = SpaceRequest.objects.waiting().filter(here | anywhere).exclude(pk=wanted.pk)
    return [
        other
        for other in others.select_related("company").order_by("submitted_at", "pk")
        if rank(Requirements.of(other), inventory).fits
    ]
