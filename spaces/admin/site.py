"""The admin site and the base class of its pages, which save through the actions of the product."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin
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

from spaces.actions.restating import counted_first, with_confirmation
from spaces.admin.repair_form import RepairForm
from spaces.models.fields import DecimalFormField, IntegerFormField
from spaces.values import clock


class RepairDesk(admin.AdminSite):
    """The admin site: only models registered here, and only after the login of the product with its second factor."""

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
    """`adds` and `changes` are the actions behind the two buttons; a missing one removes its button."""

    form = RepairForm
    formfield_overrides = {
        models.DecimalField: {"form_class": DecimalFormField},
        models.IntegerField: {"form_class": IntegerFormField},
    }
    adds: Callable[..., Any] | None = None
    changes: Callable[..., Any] | None = None
    fixed: tuple[str, ...] = ()  # readonly once the row exists
    counts_parks = False  # whether a repair may move published numbers of parks

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
        made.reader, made.refusal = request.user, getattr(request, "refusal", None)
        return made

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 Django's call
        why = form.cleaned_data["why"]
        act: Any = self.changes if change else self.adds
        facts = {"by": request.user, "why": why} | ({"seen": form.seen, **form.facts} if change else {})
        with_confirmation(
            partial(act, obj, **facts),
            [obj],
            confirmed=form.cleaned_data.get("confirmed", ""),
            given=repr(sorted(form.facts.items())),
            why="",
            today=clock.today(),
            counts_parks=self.counts_parks,
        )

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the form again with what the action says to it; its transaction has been rolled back.

        Where it moves reported figures the form lists them and carries their confirmation.
        """
        try:
            answer: Any = counted_first(partial(super().changeform_view, request, *args, **kwargs))
        except ValidationError as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            answer = super().changeform_view(request, *args, **kwargs)
        shown = (getattr(answer, "context_data", None) or {}).get("adminform")
        if shown and shown.form.is_bound and shown.form.has_error("__all__", "stale"):
            answer.status_code = 409
        return answer

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:  # noqa: ARG002 Django's call
        query = urlencode({"object_type": self.model._meta.label_lower, "object_id": object_id})
        return redirect(f"{reverse('admin:spaces_change_changelist')}?{query}")

    def log_addition(self, *_args: Any) -> None:  # type: ignore[override]
        """Nothing: the action has recorded it."""

    log_change = log_addition  # type: ignore[assignment]


def of_today(act: Callable[..., Any]) -> Callable[..., Any]:
    """The action with `on` as today."""

    def changes(row: models.Model, **facts: Any) -> Any:
        return act(row, on=clock.today(), **facts)

    return staticmethod(changes)
