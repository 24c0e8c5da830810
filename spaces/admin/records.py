"""Read-only pages: plans, shapes, drawings and the change log."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from spaces.access.disclosure import disclosed
from spaces.admin.site import Repair, desk
from spaces.models import Adjacency, Change, Drawing, FloorPlan, UnitShape, User


@admin.register(FloorPlan, site=desk)
class FloorPlanDesk(Repair):
    """Read only: pictures are uploaded on their page, which encodes them anew."""

    list_display = ("floor", "valid_from", "public", "note")
    list_filter = ("public",)
    list_select_related = ("floor__building",)
    search_fields = ("floor__building__park__code", "note")
    ordering = ("-pk",)


@admin.register(UnitShape, Adjacency, site=desk)
class ShapeDesk(Repair):
    """Read only: drawn on the plan, found from it, or set on the page of the floor."""

    list_display = ("__str__",)
    ordering = ("-pk",)


@admin.register(Drawing, site=desk)
class DrawingDesk(Repair):
    """Read only: kept for a day before it is taken over."""

    list_display = ("name", "floor", "created_at", "created_by")
    list_select_related = ("floor__building", "created_by")
    exclude = ("content",)
    ordering = ("-pk",)


@admin.register(Change, site=desk)
class ChangeDesk(Repair):
    """Read only, as far as spaces.access.disclosure allows."""

    list_display = ("at", "by", "verb", "object_type", "object_id", "label", "why")
    list_filter = ("verb", "object_type")
    list_select_related = ("by",)
    search_fields = ("label",)
    date_hierarchy = "at"
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Change]:
        return Change.objects.visible_to(request.user).order_by("-pk")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Change | None:
        change = super().get_object(request, object_id, from_field)
        return change and self._cut([change], request)[0]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        shown = super().get_changelist_instance(request)
        shown.result_list = self._cut(list(shown.result_list), request)
        return shown

    def _cut(self, changes: list[Change], request: HttpRequest) -> list[Change]:
        """Replace the contents of the rows by what is disclosed to this reader; they are never saved."""
        for change, known in zip(changes, disclosed(changes, request.user), strict=True):
            for name in ("object_id", "label", "before", "after", "why"):
                setattr(change, name, getattr(known, name))
            change.park = change.unit = None
            change.by = User(pk=change.by_id, name=known.by) if known.by else None
        return changes
