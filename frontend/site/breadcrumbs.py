"""Breadcrumbs from the ecosystem to the unit: (name, address) of each step."""

from django.utils.translation import gettext as _

from frontend.site.links import floor_name, named, page
from spaces.states import ParkKind


def to_ecosystem(request, ecosystem):
    return [
        (_("Ecosystems"), page(request, "ecosystem-list")),
        (named(ecosystem), page(request, "ecosystem-detail", ecosystem.code)),
    ]


def above_park(request, park):
    """The steps to a park, by where it belongs on the day asked about."""
    park.load_facts(request.as_of)
    if park.ecosystem is None:
        word = _("Industrial parks") if park.kind == ParkKind.INDUSTRIAL_PARK else _("Parks")
        return [(word, page(request, "park-list"))]
    return to_ecosystem(request, park.ecosystem)


def to_park(request, park):
    return [*above_park(request, park), (named(park), page(request, "park-detail", park.code))]


def to_building(request, building):
    park = building.park
    address = page(request, "building-detail", park.code, building.code)
    return [*to_park(request, park), (named(building), address)]


def to_floor(request, floor):
    building = floor.building
    address = page(request, "floor-detail", building.park.code, building.code, floor.level)
    return [*to_building(request, building), (floor_name(floor), address)]


def to_unit(request, unit):
    return [*to_floor(request, unit.floor), (unit.code, page(request, "unit-detail", unit.code))]
