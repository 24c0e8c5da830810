"""The repair desk, off unless ADMIN_ENABLED: a back stop, never the product.

Whatever is saved here goes through the same actions as everywhere, with a reason, into the same record. Nothing is
deleted. The record itself is read only. Django's own log of the admin is left empty: one record is enough.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from spaces.access.disclosure import disclosed
from spaces.actions import people, places, units
from spaces.admin.repair_form import RepairForm
from spaces.models import (
    Adjacency,
    Assignment,
    Building,
    Change,
    Drawing,
    Ecosystem,
    Floor,
    FloorPlan,
    Indicator,
    Park,
    PublishedFigure,
    Unit,
    UnitShape,
    User,
)
from spaces.models.fields import DecimalFormField, IntegerFormField
from spaces.values import clock


class RepairDesk(admin.AdminSite):
    """Only what is registered here, and only after the login of the product, second factor included."""

    site_header = site_title = index_title = _("Repair desk")

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # noqa: ARG002 Django's call
        if request.user.is_authenticated:
            raise PermissionDenied(_("The repair desk is for accounts marked “may open the repair desk”."))
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:  # noqa: ARG002 Django's call
        return redirect("account_change_password")


desk = RepairDesk()


class Repair(admin.ModelAdmin):
    """`adds` and `changes` are the actions behind the two buttons; without one there is no such button."""

    form = RepairForm
    formfield_overrides = {
        models.DecimalField: {"form_class": DecimalFormField},
        models.IntegerField: {"form_class": IntegerFormField},
    }
    adds: Callable[..., Any] | None = None
    changes: Callable[..., Any] | None = None
    fixed: tuple[str, ...] = ()  # readonly once the row exists

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.adds is not None and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.changes is not None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 nothing goes away
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), *(self.fixed if obj else ()))

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        made: Any = super().get_form(request, *args, **kwargs)
        made.reader = request.user
        return made

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 Django's call
        facts = {"by": request.user, "why": form.cleaned_data["why"]}
        if change and self.changes:
            self.changes(obj, **facts, seen=form.seen, **form.facts)
        elif self.adds:
            self.adds(obj, **facts)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """An action's refusal becomes a message; its transaction is rolled back by then."""
        try:
            answer: Any = super().changeform_view(request, *args, **kwargs)
        except ValidationError as refusal:
            for message in refusal.messages:
                self.message_user(request, message, messages.ERROR)
            return redirect(request.get_full_path())
        shown = (getattr(answer, "context_data", None) or {}).get("adminform")
        if shown and shown.form.is_bound and shown.form.has_error("__all__", "stale"):
            answer.status_code = 409
        return answer

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:  # noqa: ARG002
        query = urlencode({"object_type": self.model._meta.label_lower, "object_id": object_id})
        return redirect(f"{reverse('admin:spaces_change_changelist')}?{query}")

    def log_addition(self, *_args: Any) -> None:  # type: ignore[override]
        """The action has recorded it."""

    log_change = log_addition  # type: ignore[assignment]


def of_today(act: Callable[..., Any]) -> Callable[..., Any]:
    """The action, done today."""

    def changes(row: models.Model, **facts: Any) -> Any:
        return act(row, on=clock.today(), **facts)

    return staticmethod(changes)


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
class ParkRepair(PlaceRepair):
    list_display = ("code", "name", "kind", "ecosystem", "city", "opened_on")
    list_filter = ("kind", "city", "ecosystem", "sample")
    list_select_related = ("ecosystem",)
    search_fields = ("code", "name", "name_en")
    autocomplete_fields = ("ecosystem",)
    date_hierarchy = "opened_on"
    fixed = ("code",)


@admin.register(Building, site=desk)
class BuildingRepair(PlaceRepair):
    list_display = ("code", "name", "park", "ready_on", "closed_on")
    list_filter = ("park__kind",)
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
    list_display = ("code", "floor", "use", "usable_area", "opens_on", "closes_on")
    list_filter = ("use", "published", "area_source")
    list_select_related = ("floor__building",)
    search_fields = ("code", "floor__building__park__name")
    autocomplete_fields = ("floor",)
    date_hierarchy = "opens_on"
    exclude = ("predecessors",)  # lineage is made by splitting and merging only
    adds = staticmethod(units.add)
    changes = of_today(units.update)
    fixed = ("floor", "code")


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


@admin.register(User, site=desk)
class UserRepair(Repair):
    """Passwords, groups and the superuser flag are not for the desk."""

    list_display = ("email", "name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "language")
    search_fields = ("email", "name")
    fields = (
        "email", "name", "phone", "language", "is_active", "is_staff", "last_login", "joined_at", "why", "version",
    )  # fmt: skip
    readonly_fields = ("last_login", "joined_at")
    changes = staticmethod(people.update_user)


def _assign(row: Assignment, *, by: User, why: str) -> None:
    facts = {name: getattr(row, name) for name in ("starts_on", "park", "ecosystem")}
    row.pk = people.assign(row.user, row.role, by=by, why=why, **facts).pk


@admin.register(Assignment, site=desk)
class AssignmentRepair(Repair):
    list_display = ("user", "role", "park", "ecosystem", "starts_on", "ends_on")
    list_filter = ("role",)
    list_select_related = ("user", "park", "ecosystem")
    search_fields = ("user__email", "user__name", "park__code")
    autocomplete_fields = ("user", "park", "ecosystem")
    date_hierarchy = "starts_on"
    adds = staticmethod(_assign)
    changes = staticmethod(people.end_assignment)
    fixed = ("user", "role", "park", "ecosystem", "starts_on")

    def get_exclude(self, request: HttpRequest, obj: models.Model | None = None) -> Any:  # noqa: ARG002 Django's call
        return () if obj else ("ends_on",)


@admin.register(FloorPlan, site=desk)
class FloorPlanDesk(Repair):
    """Without actions: a picture comes in by its page, which writes it anew."""

    list_display = ("floor", "valid_from", "public", "note")
    list_filter = ("public",)
    list_select_related = ("floor__building",)
    search_fields = ("floor__building__park__code", "note")
    ordering = ("-pk",)


@admin.register(UnitShape, Adjacency, site=desk)
class ShapeDesk(Repair):
    """Without actions: drawn on the plan, found from it, or set on the floor's page."""

    list_display = ("__str__",)
    ordering = ("-pk",)


@admin.register(Drawing, site=desk)
class DrawingDesk(Repair):
    """Without actions: on its way into the register, for a day."""

    list_display = ("name", "floor", "created_at", "created_by")
    list_select_related = ("floor__building", "created_by")
    exclude = ("content",)
    ordering = ("-pk",)


@admin.register(Change, site=desk)
class ChangeDesk(Repair):
    """Without actions: looked at only, and by the rule of the product: spaces.access.disclosure."""

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
        """The rows with what this reader may know in their place; nothing here is ever saved."""
        for change, known in zip(changes, disclosed(changes, request.user), strict=True):
            for name in ("object_id", "label", "before", "after", "why"):
                setattr(change, name, getattr(known, name))
            change.park = change.unit = None
            change.by = User(pk=change.by_id, name=known.by) if known.by else None
        return changes
