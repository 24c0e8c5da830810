"""Worklists of a park: requests by tab, and the counts of the manager's desk."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from spaces.models import Park
from spaces.values.days import end_within
from tenants.leasing import contracts
from tenants.models import Handover, HandoverItem, Lease, Offer, SpaceRequest
from tenants.models.leases import EXPIRING_DAYS
from tenants.states import LeaseState, RequestState

# Tab of the queue -> its label, in the order of the work.
TABS = {
    "submitted": _("To be received"),
    "returned": _("To be corrected"),
    "in_review": _("In review"),
    "to_match": _("To be matched"),
    "offered": _("Offers waiting for an answer"),
    "accepted": _("To be signed"),
    "overdue": _("Overdue"),
    "closed": _("Closed"),
}
CLOSED = (RequestState.LEASED, RequestState.REJECTED, RequestState.WITHDRAWN, RequestState.LAPSED)
SOON_DAYS = 30
LAPSING_DAYS = 3


def tabs(on: date) -> dict[str, Q]:
    """Tab -> condition for its requests. After a lapsed offer a request is to be matched again."""
    offered = Q(state=RequestState.OFFERED)
    open_offer = Q(pk__in=Offer.objects.open_on(on).values("request"))
    return {
        "submitted": Q(state=RequestState.SUBMITTED),
        "returned": Q(state=RequestState.RETURNED),
        "in_review": Q(state=RequestState.IN_REVIEW),
        "to_match": Q(state=RequestState.ADMITTED) | (offered & ~open_offer),
        "offered": offered & open_offer,
        "accepted": Q(state=RequestState.ACCEPTED),
        "overdue": Q(state__in=(RequestState.SUBMITTED, RequestState.IN_REVIEW), due_on__lt=on),
        "closed": Q(state__in=CLOSED),
    }


def tab_counts(requests: QuerySet[SpaceRequest], *, on: date) -> dict[str, int]:
    """Number of requests by tab. One query. Overdue requests are counted in their own tab, too."""
    return requests.order_by().aggregate(**{name: Count("pk", filter=which) for name, which in tabs(on).items()})


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """Counts of a manager's desk, for the parks that the manager is responsible for."""

    requests: dict[str, int]
    lapsing: int
    late_move_ins: int
    overdue_leases: int
    ending_soon: int
    ending: int
    handovers: int
    late_handovers: int


def desk(requests: QuerySet[SpaceRequest], parks: QuerySet[Park], *, on: date) -> DeskCounts:
    """The counts of a manager's desk. Four queries, whatever the number of parks."""
    here = parks.order_by().values("pk")
    signed = Lease.objects.filter(park__in=here, state=LeaseState.SIGNED)
    counted = signed.aggregate(
        late=Count("pk", filter=contracts.late_move_in(on)),
        overdue=Count("pk", filter=Q(ends_on__lte=on)),
        soon=Count("pk", filter=Q(ends_on__lte=end_within(on, SOON_DAYS))),
        ending=Count("pk", filter=Q(ends_on__lte=end_within(on, EXPIRING_DAYS))),
    )
    open_ones = handovers(Handover.objects.filter(lease__park__in=here), on=on)
    lapse_by = end_within(on, LAPSING_DAYS)
    return DeskCounts(
        requests=tab_counts(requests, on=on),
        lapsing=Offer.objects.filter(park__in=here).open_on(on).filter(held_until__lte=lapse_by).count(),
        late_move_ins=counted["late"],
        overdue_leases=counted["overdue"],
        ending_soon=counted["soon"],
        ending=counted["ending"],
        **open_ones.aggregate(handovers=Count("pk"), late_handovers=Count("pk", filter=Q(late=True))),
    )


def handovers(rows: QuerySet[Handover], *, on: date) -> QuerySet[Handover]:
    """Open checklists, each with `late`: whether it has an item overdue on the day."""
    overdue = HandoverItem.objects.overdue(on).filter(handover=OuterRef("pk"))
    return rows.filter(moved_on=None).annotate(late=Exists(overdue))
