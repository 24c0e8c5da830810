"""Reads that join companies to places and people."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from spaces.models import Allocation, Assignment, Park, User
from spaces.states import Role
from tenants.days import add_months
from tenants.models import Company, Incubation, Lease, LeaseLine, Member, OfferLine, Review, SpaceRequest
from tenants.states import Decision, LeaseState, OfferState, RequestState, Step


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


def holders(allocations: QuerySet[Allocation]) -> dict[int, Company]:
    """Allocation id -> the company that has it, by lease or by offer, in two queries; other periods have no entry."""
    offered = OfferLine.objects.filter(allocation__in=allocations).select_related("offer__request__company")
    leased = LeaseLine.objects.filter(allocation__in=allocations).select_related("lease__company")
    found = {line.allocation_id: line.offer.request.company for line in offered}
    return found | {line.allocation_id: line.lease.company for line in leased}


def leases_of(allocations: QuerySet[Allocation]) -> dict[int, Lease]:
    """Allocation id -> its lease, in one query."""
    lines = LeaseLine.objects.filter(allocation__in=allocations).select_related("lease")
    return {line.allocation_id: line.lease for line in lines}


def managers_of(park: Park, *, on: date) -> QuerySet[User]:
    """Who manages a park on a day."""
    mine = Assignment.objects.on(on).filter(role=Role.PARK_MANAGER, park=park)
    return User.objects.filter(pk__in=mine.values("user"), is_active=True).order_by("pk")


def people_of(company: Company) -> QuerySet[User]:
    now = Member.objects.filter(company=company, ended_on=None)
    return User.objects.filter(pk__in=now.values("user"), is_active=True).order_by("pk")


def not_moved_in(leases: QuerySet[Lease], *, on: date, signed_before: date) -> QuerySet[Lease]:
    """Signed by a day, running, and a unit of it still without its tenant."""
    waiting = LeaseLine.objects.filter(allocation__moved_in_on=None, allocation__ends_on__gt=on)
    return leases.filter(state=LeaseState.SIGNED, signed_on__lte=signed_before, pk__in=waiting.values("lease"))


def has_open_offer(wanted: SpaceRequest, *, on: date) -> bool:
    return wanted.offers.open_on(on).exists()


def limit_on(incubation: Incubation) -> date:
    """The last day within the limit, approved extensions included (rule N18-12; arithmetic: domain.md 2.3)."""
    more = incubation.extensions.filter(approved_at__isnull=False).values_list("months", flat=True)
    return add_months(incubation.entered_on, incubation.limit_months + sum(more))


def offers_of_unit(unit_ids: list[int]) -> QuerySet[OfferLine]:
    """Lines of offers that were not turned down, newest first: who holds a unit, for the words of a refusal."""
    lines = OfferLine.objects.filter(unit__in=unit_ids, offer__state__in=(OfferState.SENT, OfferState.ACCEPTED))
    return lines.select_related("offer__request", "offer__created_by", "unit").order_by("-pk")
