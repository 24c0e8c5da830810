"""How many of the tenants whose lease ran out have stayed: the rate of each park, from our own leases."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.cache import cache
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from spaces.ledger import NOTHING
from spaces.ledger.balances import ratio
from spaces.models import Allocation, ParkPeriod
from spaces.states import Purpose
from spaces.values import clock
from spaces.values.days import MONTHS, add_months
from tenants.models import LeaseLine
from tenants.states import EndReason, LeaseState

type Outcomes = Iterable[tuple[int, bool, int, Decimal]]
ENOUGH = 20  # units whose lease ran out: with fewer, a park takes the rate of its kind, a kind that of all parks
KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class RenewalRate:
    """The share of the area that ran out whose tenant stayed, and of what: `n` units with `ended` m2 in all.

    `unnamed` of them have no lease on record. `park` or `kind`: whose history it is; neither: of all parks.
    `rate` has four places; None: nothing ran out.
    """

    n: int = 0
    stayed_n: int = 0
    ended: Decimal = NOTHING
    stayed: Decimal = NOTHING
    unnamed: int = 0
    kind: str | None = None
    park: int | None = None

    @property
    def rate(self) -> Decimal | None:
        return ratio(self.stayed, self.ended)

    def plus(self, other: "RenewalRate") -> "RenewalRate":
        """Both histories together, under the name of this one."""
        sums = (self.n + other.n, self.stayed_n + other.stayed_n, self.ended + other.ended, self.stayed + other.stayed)
        return RenewalRate(*sums, unnamed=self.unnamed + other.unnamed, kind=self.kind, park=self.park)


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
    """`rates_of`, taken once a day: what has run out reads two years of leases, and a day changes next to nothing."""
    if clock.known_by():
        return rates_of(today)
    kept: Any = cache.get_or_set(f"renewal-rates-{today}", partial(rates_of, today), KEPT_SECONDS)
    return kept


def rates_of(today: date) -> RenewalRates:
    """The rates of the leases that ran out in the 24 months before today. Three queries.

    A unit counts when its lease ran to its end: renewed, or run out and handed back. Leases ended early had no end to
    renew at; one that is overdue is not decided. The tenant stayed where its company has the same unit at once after;
    of a tenancy without a lease on record, where the unit was taken again at once: before anybody could move out.
    """
    since = add_months(today, -MONTHS)
    kind_of = dict(ParkPeriod.objects.covering(today).values_list("park", "kind"))
    parks: dict[int, RenewalRate] = {}
    for outcomes, named in ((_ended_leases, True), (_ended_tenancies, False)):
        for park, stays, number, area in outcomes(since, today):
            stayed = (number, area, area) if stays else (0, area, NOTHING)
            more = RenewalRate(number, *stayed, unnamed=0 if named else number)
            parks[park] = parks.get(park, RenewalRate(park=park)).plus(more)
    kinds = {
        kind: _together((each for park, each in parks.items() if kind_of.get(park) == kind), RenewalRate(kind=kind))
        for kind in {kind_of[park] for park in parks if park in kind_of}
    }
    return RenewalRates(since, _together(parks.values(), RenewalRate()), kinds, parks, kind_of)


def _together(rates: Iterable[RenewalRate], whole: RenewalRate) -> RenewalRate:
    for each in rates:
        whole = whole.plus(each)
    return whole


def _ended_leases(since: date, today: date) -> Outcomes:
    """(park, whether the tenants stayed, number of units, m2) of the lines of leases that ran to their end."""
    lines = LeaseLine.objects.filter(lease__company=OuterRef("lease__company"))
    after = _next_at_once(lines, "allocation__")
    to_its_end = Q(allocation__ends_on=F("lease__ends_on")) | Q(allocation__handed_back_on=F("lease__ended_on"))
    lines_with_area: Any = LeaseLine.objects.with_line_area(today)
    ended = lines_with_area.filter(
        to_its_end,
        lease__state=LeaseState.ENDED,
        lease__end_reason__in=(EndReason.EXPIRED, EndReason.RENEWED),
        lease__ends_on__gt=since,
        lease__ends_on__lte=today,
        line_area__gt=NOTHING,
    )
    stays = Case(When(lease__end_reason=EndReason.RENEWED, then=True), default=Exists(after))
    return ended.order_by().values_list("lease__park", stays).annotate(n=Count("pk"), area=Sum("line_area"))


def _ended_tenancies(since: date, today: date) -> Outcomes:
    """The same of tenancies without a lease on record, such as a register took over: who followed is not known."""
    with_facts: Any = Allocation.objects.with_unit_facts(today)
    ended = with_facts.filter(
        ~Exists(LeaseLine.objects.filter(allocation=OuterRef("pk"))),
        purpose=Purpose.TENANCY,
        ends_on__gt=since,
        ends_on__lte=today,
        handed_back_on__lte=today,
        facts__usable_area__isnull=False,
    )
    stays = Exists(_next_at_once(Allocation.objects.all(), ""))
    sums = ended.order_by().values_list("unit__floor__building__park", stays)
    return sums.annotate(n=Count("pk"), area=Sum("facts__usable_area"))


def _next_at_once(rows: QuerySet[Any], allocation: str) -> QuerySet[Any]:
    """Of `rows` those of the same unit whose signed tenancy begins between the end of one and its hand-back."""
    end, back = f"{allocation}ends_on", f"{allocation}handed_back_on"
    return rows.filter(**{
        "unit": OuterRef("unit"),
        f"{allocation}signed_on__isnull": False,
        f"{allocation}starts_on__gte": OuterRef(end),
        f"{allocation}starts_on__lte": Coalesce(OuterRef(back), OuterRef(end)),
    })  # fmt: skip
