"""Repair page of allocations: in this app, because an allocation may belong to a contract."""

from django.contrib import admin

from spaces.admin.site import Repair, desk, of_today
from spaces.models import Allocation
from tenants.actions import tenancies


@admin.register(Allocation, site=desk)
class AllocationRepair(Repair):
    """Corrections only: allocations begin with a hold, which has a page."""

    list_display = ("unit", "purpose", "starts_on", "ends_on", "signed_on", "moved_in_on", "handed_back_on")
    list_filter = ("purpose",)
    list_select_related = ("unit",)
    search_fields = ("unit__code",)
    date_hierarchy = "starts_on"
    changes = of_today(tenancies.correct)
    fixed = ("unit", "purpose")
