"""The leases that a page shows, by the shared filter of the list, the timeline and the expiry calendar."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from frontend.site.links import page
from tenants.filters import LeaseFilter
from tenants.leasing import expiry_calendar
from tenants.models import Lease, LeaseLine

SPANS = (0, 30, 60, 90, 180)
ONE_STATE = {"status", "within", "last_day_from", "last_day_to", "late_move_in"}  # filters that leave leases of one
VIEWS = ("lease-list", "lease-timeline", "lease-calendar", "forecast")


@dataclass(frozen=True, slots=True)
class Search:
    """`rows` are the leases found; none, and not `fits`, where the filter is invalid."""

    request: object
    found: LeaseFilter
    seen: QuerySet
    fits: bool

    @property
    def rows(self):
        return self.found.qs if self.fits else self.seen.none()

    @property
    def asked(self):
        """The cleaned values of the filter."""
        return self.found.form.cleaned_data if self.fits else {}

    @property
    def building(self):
        return self.asked.get("building", "")

    @property
    def narrowed(self):
        """The names of the filters in force; park and building alone narrow no more than the place."""
        return [name for name, value in self.asked.items() if value not in {None, "", False}]

    @property
    def some_leases(self):
        """Whether a filter leaves out leases of the place."""
        return bool(set(self.narrowed) - LeaseFilter.places)

    def in_order(self, rows):
        """Leases by their end, those of one state after the other. Of one state alone an index has that order."""
        return rows.order_by("ends_on", "pk") if ONE_STATE.intersection(self.narrowed) else rows.in_order()

    def query(self, **instead):
        """The query of the filter with some values replaced; None leaves one out."""
        kept = {name: self.request.GET.get(name, "") for name in self.found.filters}
        return {name: value for name, value in (kept | instead).items() if value not in {"", None}}

    def listed(self, **instead):
        """The address of the list of leases with this filter, some values replaced."""
        return page(self.request, "lease-list", **self.query(**instead))


def search(request):
    seen = Lease.objects.visible_to(request.user)
    found = LeaseFilter(request.GET, queryset=seen, request=request)
    return Search(request, found, seen, found.is_valid())


def frame(it):
    """The context that the three pages share: tabs, filter, spans of days."""
    request = it.request
    here = request.resolver_match.url_name
    query = it.query()
    within = request.GET.get("within", "")
    return {
        "filter": it.found,
        "asked": query,
        "narrowed": len(it.narrowed),
        "here": here,
        "tabs": tabs(request, query),
        "spans": [(days, within == str(days), page(request, here, **it.query(within=days))) for days in SPANS],
        "export": f"{reverse('lease-export')}?{urlencode(query)}",
    }


def tabs(request, query):
    """The views of leases as (whether it is this one, label, address), with the filter; of the forecast its park."""
    labels = {"lease-list": _("List"), "lease-timeline": _("Timeline"), "lease-calendar": _("Expiry calendar"),
              "forecast": _("Forecast")}  # fmt: skip
    here = request.resolver_match.url_name
    park = {name: text for name, text in query.items() if name == "park"}
    return [
        (name == here, labels[name], page(request, name, **(park if "forecast" in {name, here} else query)))
        for name in VIEWS
    ]


def next_end(it):
    """The last day of the lease that ends next, of those that the rest of the filter leaves; None where there is none.

    For a page that has found nothing within so many days.
    """
    today = it.request.today
    query = it.query(within=None, last_day_from=None, last_day_to=None)
    found = LeaseFilter(query, queryset=it.seen, request=it.request)
    return expiry_calendar.next_end(found.qs, after=today) if it.fits and found.is_valid() else None


def current_lines():
    lines = LeaseLine.objects.select_related("unit").filter(allocation__handed_back_on=None)
    return Prefetch("lines", lines.order_by("unit__code_order"), to_attr="current")
