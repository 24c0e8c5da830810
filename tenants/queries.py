"""Reads that join companies to places and people."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from spaces.models import Assignment, Park, User
from spaces.states import Role
from spaces.values.days import add_months, months_between
from tenants.models import (
    Company,
    Incubation,
    Lease,
    LeaseLine,
    Member,
    Notice,
    Offer,
    OfferLine,
    Review,
    SpaceRequest,
)
from tenants.models.leases import LATE_MOVE_IN_DAYS
from tenants.models.offers import OfferQuerySet
from tenants.states import Decision, EndReason, LeaseState, MemberRole, OfferState, RequestState, Step

NEAR_LIMIT_DAYS = 180


@dataclass(frozen=True, slots=True)
class StepState:
    """A step that the park asks for, and the review that passed it since the request was last accepted for review."""

    step: Step
    passed: Review | None


def review_steps(wanted: SpaceRequest) -> list[StepState]:
    """The steps of the request's park in their order. One query; a park without steps has none."""
    passed: dict[str, Review] = {}
    if wanted.received_at:
        told = wanted.reviews.filter(decision=Decision.PASSED, reviewed_at__gte=wanted.received_at)
        passed = {review.step: review for review in told.select_related("reviewed_by").order_by("pk")}
    steps = wanted.park.review_steps if wanted.park else []
    return [StepState(Step(step), passed.get(step)) for step in steps]


def current_step(wanted: SpaceRequest) -> Step | None:
    """The first step that has not been passed; None outside review."""
    if wanted.state != RequestState.IN_REVIEW:
        return None
    return next((each.step for each in review_steps(wanted) if each.passed is None), None)


def queue_place(wanted: SpaceRequest) -> int | None:
    """Place (from 1) among the requests that wait in the same park for the same use, first come first served."""
    if wanted.state not in {RequestState.SUBMITTED, RequestState.IN_REVIEW, RequestState.ADMITTED}:
        return None
    same = SpaceRequest.objects.waiting().filter(park=wanted.park, ecosystem=wanted.ecosystem, use=wanted.use)
    earlier = Q(submitted_at__lt=wanted.submitted_at) | Q(submitted_at=wanted.submitted_at, pk__lt=wanted.pk)
    return same.filter(earlier).count() + 1


@dataclass(frozen=True, slots=True)
class Contract:
    """What an allocation belongs to: a lease, or an offer while there is none."""

    number: str
    company: Company
    lease: Lease | None
    offer: Offer | None


def contracts(ids: Iterable[int]) -> dict[int, Contract]:
    """Allocation id -> its contract, in two queries; what was taken without one has no entry."""
    ids = list(ids)
    found: dict[int, Contract] = {}
    for held in OfferLine.objects.filter(allocation__in=ids).select_related("offer__request__company"):
        offer = held.offer
        found[held.allocation_id] = Contract(offer.number, offer.request.company, None, offer)
    for line in LeaseLine.objects.filter(allocation__in=ids).select_related("lease__company"):
        found[line.allocation_id] = Contract(line.lease.number, line.lease.company, line.lease, None)
    return found


def lease_of(wanted: SpaceRequest) -> Lease | None:
    """The lease that came of a request, a draft too."""
    return Lease.objects.filter(offer__request=wanted).exclude(end_reason=EndReason.NOT_SIGNED).order_by("pk").last()


def managers_of(park: Park, *, on: date) -> QuerySet[User]:
    """Who manages a park on a day."""
    mine = Assignment.objects.on(on).filter(role=Role.PARK_MANAGER, park=park)
    return User.objects.filter(pk__in=mine.values("user"), is_active=True).order_by("pk")


def people_of(company: Company) -> QuerySet[User]:
    now = Member.objects.filter(company=company, ended_on=None)
    return User.objects.filter(pk__in=now.values("user"), is_active=True).order_by("pk")


def owners(companies: Collection[int]) -> dict[int, list[User]]:
    """Company id -> its owners who can log in, ascending; a company without one has no entry. One query."""
    return _by_company(Member.objects.filter(company__in=companies, role=MemberRole.OWNER))


def people_by_company(leases: QuerySet[Lease]) -> dict[int, list[User]]:
    """Company id of a lease -> who can log in for it, as `people_of` gives them; without any no entry. One query."""
    return _by_company(Member.objects.filter(company__in=leases.values("company")))


def _by_company(members: QuerySet[Member]) -> dict[int, list[User]]:
    found: dict[int, list[User]] = defaultdict(list)
    for member in members.filter(ended_on=None, user__is_active=True).select_related("user").order_by("user"):
        found[member.company_id].append(member.user)
    return dict(found)


def managers_by_park(leases: QuerySet[Lease], *, on: date) -> dict[int, list[User]]:
    """Park id of a lease -> who manages it on a day, as `managers_of` gives them; without any no entry. One query."""
    found: dict[int, list[User]] = defaultdict(list)
    parks = leases.values("park")
    mine = Assignment.objects.on(on).filter(role=Role.PARK_MANAGER, park__in=parks, user__is_active=True)
    for assignment in mine.select_related("user").order_by("user"):
        if assignment.park_id is not None:
            found[assignment.park_id].append(assignment.user)
    return dict(found)


REMINDERS = ("lease_reminder", "lease_reminder_late")


def reminded(leases: Iterable[Lease], people: Iterable[User], *, on: date) -> set[int]:
    """Ids of those leases of which one of `people` was reminded by hand on a day. One query."""
    keys = {f"{event}:{row.number}:{on}": row.pk for row in leases for event in REMINDERS}
    told = Notice.objects.filter(user__in=[user.pk for user in people], key__in=keys)
    return {keys[key] for key in told.values_list("key", flat=True)}


def not_moved_in(leases: QuerySet[Lease], *, on: date, signed_before: date) -> QuerySet[Lease]:
    """Signed by a day, running, and a unit of it still without its tenant."""
    waiting = LeaseLine.objects.filter(allocation__moved_in_on=None, allocation__ends_on__gt=on)
    return leases.filter(state=LeaseState.SIGNED, signed_on__lte=signed_before, pk__in=waiting.values("lease"))


def late_move_ins(leases: QuerySet[Lease], *, on: date) -> QuerySet[Lease]:
    """Signed for LATE_MOVE_IN_DAYS, and still somewhere without the tenant."""
    return not_moved_in(leases, on=on, signed_before=on - timedelta(days=LATE_MOVE_IN_DAYS))


def has_open_offer(wanted: SpaceRequest, *, on: date) -> bool:
    return wanted.offers.open_on(on).exists()


def limit_on(incubation: Incubation) -> date:
    """The last day within the limit, approved extensions included (rule N18-12; arithmetic: domain.md 2.3)."""
    return add_months(incubation.entered_on, limit_months(incubation))


def limit_months(incubation: Incubation) -> int:
    """Its limit with the extensions that were approved; `extensions` may be prefetched."""
    return incubation.limit_months + sum(more.months for more in incubation.extensions.all() if more.approved_at)


def months_in(incubation: Incubation, *, on: date) -> int:
    """Whole months of incubation by the day, or by its end."""
    until = min(day for day in (on, incubation.graduated_on, incubation.exited_on) if day)
    return months_between(incubation.entered_on, until)


def incubations_in(stage: str, *, on: date) -> QuerySet[Incubation]:
    """`running`, `ending` (its limit within NEAR_LIMIT_DAYS, or passed), `graduated` or `left`."""
    rows = Incubation.objects.all()
    if stage == "running":
        return rows.running()
    if stage == "ending":
        by = on + timedelta(days=NEAR_LIMIT_DAYS)
        running = rows.running().prefetch_related("extensions")
        return rows.filter(pk__in=[row.pk for row in running if limit_on(row) <= by])
    if stage == "graduated":
        return rows.filter(graduated_on__isnull=False)
    return rows.filter(exited_on__isnull=False)


def latest_incubations(companies: Iterable[Company]) -> dict[int, Incubation]:
    """Company id -> its newest incubation with its park and extensions, in two queries."""
    rows = Incubation.objects.filter(company__in=[company.pk for company in companies])
    found = rows.select_related("park").prefetch_related("extensions").order_by("entered_on", "pk")
    return {row.company_id: row for row in found}


def passed_over(parks: QuerySet[Park]) -> OfferQuerySet:
    """Offers of these parks that passed over a rule or the queue's order, newest first."""
    rows = Offer.objects.filter(park__in=parks.order_by().values("pk")).exclude(overridden=[])
    return rows.select_related("request__company", "park", "created_by").order_by("-created_at", "-pk")


def offers_of_unit(unit_ids: list[int]) -> QuerySet[OfferLine]:
    """Lines of offers that were not turned down, newest first: who holds a unit, for the words of a refusal."""
    lines = OfferLine.objects.filter(unit__in=unit_ids, offer__state__in=(OfferState.SENT, OfferState.ACCEPTED))
    return lines.select_related("offer__request", "offer__created_by", "unit").order_by("-pk")
