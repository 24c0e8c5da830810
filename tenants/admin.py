"""What the repair desk changes of allocations: here, because a contract may stand on them."""

from django.contrib import admin

from spaces.admin.site import Repair, desk, of_today
from spaces.models import Allocation
from tenants.actions import tenancies


@admin.register(Allocation, site=desk)
class AllocationRepair(Repair):
    """Corrected here; begun by holding, which has a page."""

    list_display = ("unit", "purpose", "starts_on", "ends_on", "signed_on", "moved_in_on", "handed_back_on")
    list_filter = ("purpose",)
    list_select_related = ("unit",)
    search_fields = ("unit__code",)
    date_hierarchy = "starts_on"
    changes = of_today(tenancies.correct)
    fixed = ("unit", "purpose")
