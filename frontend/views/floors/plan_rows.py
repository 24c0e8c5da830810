"""Floors and versions of their plans with their places, and the address of a floor's page."""

from django.urls import reverse

from spaces.models import Floor, FloorPlan

FLOORS = Floor.objects.select_related("building__park")
PLANS = FloorPlan.objects.select_related("floor__building__park")


def floor_on(request, plan):
    """The floor's page: of today where the version is the one of today, else of the version's first day."""
    building = plan.floor.building
    address = reverse("floor-detail", args=[building.park.code, building.code, plan.floor.level])
    current = FloorPlan.objects.on(request.today).filter(pk=plan.pk).exists()
    return address if current else f"{address}?as_of={plan.valid_from.isoformat()}"
