"""Who else waits for the same units."""

from datetime import date

from django.db.models import Q, QuerySet

from spaces.models import Park, Unit
from tenants.matching.ground import survey
from tenants.matching.ranking import rank
from tenants.matching.wishes import Wish
from tenants.models import SpaceRequest


def competitors(wanted: SpaceRequest, units: QuerySet[Unit], *, on: date) -> list[SpaceRequest]:
    """The other requests waiting in the units' park that one or several of them fit, earliest first, with company.

    Six statements. For those who may read all requests of the park; a company is told its `reviews.queue_place`.
    """
    parks = Park.objects.filter(buildings__floors__units__in=units.order_by().values("pk"))
    here = Q(park__in=parks.values("pk"))
    anywhere = Q(park=None, ecosystem__in=parks.filter(ecosystem__isnull=False).values("ecosystem"))
    others = SpaceRequest.objects.waiting().filter(here | anywhere).exclude(pk=wanted.pk)
    ground = survey(units, on=on)
    return [
        other
        for other in others.select_related("company").order_by("submitted_at", "pk")
        if rank(Wish.of(other), ground).fits
    ]
