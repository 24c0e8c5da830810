"""Repair pages of places, units and figures."""

from django.contrib import admin

from spaces.actions import places, units
from spaces.admin.site import Repair, desk, of_today
from spaces.models import Building, Ecosystem, Floor, Indicator, Park, ParkPeriod, PublishedFigure, Unit, UnitPeriod


class PlaceRepair(Repair):
    adds = staticmethod(places.add)
    changes = of_today(places.update)


@admin.register(Ecosystem, site=desk)
class EcosystemRepair(PlaceRepair):
    list_display = ("code", "name", "city", "anchor", "inferred")
    list_filter = ("city", "inferred")
    search_fields = ("code", "name", "name_en")
    fixed = ("code",)


@admin.register(Park, site=desk)
class ParkRepair(Repair):
    """Without adding: a park is added on the page of its ecosystem, which asks for its kind."""

    changes = of_today(places.update)
    counts_parks = True
    list_display = ("code", "name", "city", "opened_on")
    list_filter = ("city", "sample")
    search_fields = ("code", "name", "name_en")
    date_hierarchy = "opened_on"
    fixed = ("code",)


@admin.register(ParkPeriod, site=desk)
class ParkPeriodRepair(Repair):
    """To look at: where a park belongs is changed and corrected on its page, where the figures show that move."""

    list_display = ("park", "starts_on", "ends_on", "ecosystem", "kind")
    list_filter = ("kind", "ecosystem")
    list_select_related = ("park", "ecosystem")
    search_fields = ("park__code", "park__name", "park__name_en")
    date_hierarchy = "starts_on"


@admin.register(Building, site=desk)
class BuildingRepair(PlaceRepair):
    list_display = ("code", "name", "park", "ready_on", "closed_on")
    list_select_related = ("park",)
    search_fields = ("code", "name", "park__code", "park__name")
    autocomplete_fields = ("park",)
    date_hierarchy = "ready_on"
    fixed = ("park", "code")


@admin.register(Floor, site=desk)
class FloorRepair(PlaceRepair):
    list_display = ("building", "level", "label", "usable_area")
    list_select_related = ("building",)
    search_fields = ("label", "building__name", "building__park__code")
    autocomplete_fields = ("building",)
    fixed = ("building",)


@admin.register(Unit, site=desk)
class UnitRepair(Repair):
    list_display = ("code", "floor", "opens_on", "closes_on")
    list_filter = ("published",)
    list_select_related = ("floor__building",)
    search_fields = ("code", "floor__building__park__name")
    autocomplete_fields = ("floor",)
    date_hierarchy = "opens_on"
    exclude = ("predecessors",)  # lineage is made by splitting and merging only
    changes = of_today(units.update)
    fixed = ("floor", "code")


@admin.register(UnitPeriod, site=desk)
class UnitPeriodRepair(Repair):
    """To look at: use and area are changed and corrected on the page of the unit, where the figures show that move."""

    list_display = ("unit", "starts_on", "ends_on", "use", "usable_area")
    list_filter = ("use", "area_source")
    list_select_related = ("unit",)
    search_fields = ("unit__code",)
    date_hierarchy = "starts_on"


@admin.register(PublishedFigure, site=desk)
class FigureRepair(PlaceRepair):
    list_display = ("code", "title", "text", "number", "unit", "as_of")
    list_filter = ("measure", "declared")
    search_fields = ("code", "title", "title_en")
    autocomplete_fields = ("ecosystem", "park")
    date_hierarchy = "as_of"
    fixed = ("code",)


@admin.register(Indicator, site=desk)
class IndicatorRepair(PlaceRepair):
    list_display = ("ecosystem", "month", "key", "value", "sample")
    list_filter = ("key", "ecosystem", "sample")
    list_select_related = ("ecosystem",)
    autocomplete_fields = ("ecosystem",)
    date_hierarchy = "month"
