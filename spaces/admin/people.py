"""Repair pages of accounts and their roles."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from spaces.actions import people
from spaces.admin.site import Repair, desk
from spaces.models import Assignment, User


@admin.register(User, site=desk)
class UserRepair(Repair):
    """Without passwords, groups and the superuser flag."""

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
