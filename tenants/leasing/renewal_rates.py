"""How many of the tenants whose lease ran out have stayed: the rate of each park, from our own leases."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Sum, When
from django.db.models.functions import Coalesce

from spaces.ledger import NOTHING
from spaces.ledger.balances import ratio
from spaces.models import ParkPeriod
from spaces.values.days import MONTHS, add_months
from tenants.models import LeaseLine
from tenants.states import EndReason, LeaseState

ENOUGH = 20  # units whose lease ran out: with fewer, a park takes the rate of its kind, a kind that of all parks


@dataclass(frozen=True, slots=True)
class RenewalRate:
    """The share of the area that ran out whose tenant stayed, and of what: `n` units with `ended` m2 in all.

    `park` or `kind`: whose history it is; neither: of all parks. `rate` has four places; None: nothing ran out.
    """

    n: int = 0
    stayed_n: int = 0
    ended: Decimal = NOTHING
    stayed: Decimal = NOTHING
    kind: str | None = None
    park: int | None = None

    @property
    def rate(self) -> Decimal | None:
        return ratio(self.stayed, self.ended)

    def plus(self, other: "RenewalRate") -> "RenewalRate":
        """Both histories together, under the name of this one."""
        sums = (self.n + other.n, self.stayed_n + other.stayed_n, self.ended + other.ended, self.stayed + other.stayed)
        return RenewalRate(*sums, kind=self.kind, park=self.park)


@dataclass(frozen=True)
class RenewalRates:
    """The rates known on a day: of all parks, of each kind and of each park."""

    since: date
    overall: RenewalRate
    kinds: Mapping[str, RenewalRate]
    parks: Mapping[int, RenewalRate]
    kind_of: Mapping[int, str]

    def of(self, park: int) -> RenewalRate:
        """The rate that a park takes: its own, else that of its kind, else that of all."""
        own = (self.parks.get(park), self.kinds.get(self.kind_of.get(park, "")))
        return next((found for found in own if found and found.n >= ENOUGH), self.overall)


def renewal_rates(*, today: date) -> RenewalRates:
    """The rates of the leases that ran out in the 24 months before today. Two queries.

    A unit counts when its lease ran to its end: renewed, or run out and handed back. Leases ended early had no end to
    renew at; one that is overdue is not decided. The tenant stayed where its company has the same unit at once after.
    """
    since = add_months(today, -MONTHS)
    kind_of = dict(ParkPeriod.objects.covering(today).values_list("park", "kind"))
    parks: dict[int, RenewalRate] = {}
    for park, stays, number, area in _by_park(since, today):
        stayed = (number, area, area) if stays else (0, area, NOTHING)
        parks[park] = parks.get(park, RenewalRate(park=park)).plus(RenewalRate(number, *stayed))
    kinds = {
        kind: _together((each for park, each in parks.items() if kind_of.get(park) == kind), RenewalRate(kind=kind))
        for kind in {kind_of[park] for park in parks if park in kind_of}
    }
    return RenewalRates(since, _together(parks.values(), RenewalRate()), kinds, parks, kind_of)


def _together(rates: Iterable[RenewalRate], whole: RenewalRate) -> RenewalRate:
    for each in rates:
        whole = whole.plus(each)
    return whole


def _by_park(since: date, today: date) -> Iterable[tuple[int, bool, int, Decimal]]:
    """(park, whether the tenants stayed, number of units, m2)."""
    back = Coalesce(OuterRef("allocation__handed_back_on"), OuterRef("allocation__ends_on"))
    after = LeaseLine.objects.filter(
        unit=OuterRef("unit"),
        lease__company=OuterRef("lease__company"),
        allocation__signed_on__isnull=False,
        allocation__starts_on__gte=OuterRef("allocation__ends_on"),
        allocation__starts_on__lte=back,
    )
    to_its_end = Q(allocation__ends_on=F("lease__ends_on")) | Q(allocation__handed_back_on=F("lease__ended_on"))
    ended = LeaseLine.objects.with_line_area(today).filter(
        to_its_end,
        lease__state=LeaseState.ENDED,
        lease__end_reason__in=(EndReason.EXPIRED, EndReason.RENEWED),
        lease__ends_on__gt=since,
        lease__ends_on__lte=today,
        line_area__gt=NOTHING,
    )
    stays = Case(When(lease__end_reason=EndReason.RENEWED, then=True), default=Exists(after))
    return ended.order_by().values_list("lease__park", stays).annotate(n=Count("pk"), area=Sum("line_area"))
