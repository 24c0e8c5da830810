"""Review steps of a request, its place in the queue, and its offers."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from spaces.models import Park
from spaces.states import ReviewStep
from tenants.asking.form_steps import FormStep
from tenants.models import Offer, OfferLine, Review, SpaceRequest
from tenants.models.offers import OfferQuerySet
from tenants.models.requests import WAITING
from tenants.states import Decision, OfferState, RequestState


@dataclass(frozen=True, slots=True)
class StepState:
    """A step of the park, and the review that passed it since the request was last accepted for review."""

    step: ReviewStep
    passed: Review | None


@dataclass(frozen=True, slots=True)
class RequestReturn:
    """The review that returned a request, and the form steps to correct."""

    review: Review | None
    steps: list[FormStep]


def review_steps(wanted: SpaceRequest) -> list[StepState]:
    """The steps of the request's park in their order. One query; a park without steps has none."""
    passed: dict[str, Review] = {}
    if wanted.received_at:
        decided = wanted.reviews.filter(decision=Decision.PASSED, reviewed_at__gte=wanted.received_at)
        passed = {review.step: review for review in decided.select_related("reviewed_by").order_by("pk")}
    steps = wanted.park.review_steps if wanted.park else []
    return [StepState(ReviewStep(step), passed.get(step)) for step in steps]


def open_steps(wanted: SpaceRequest) -> list[ReviewStep]:
    """The steps that have not been passed, the current one first; outside review only the first step there is.

    In review one is always open: the last, where the park has since done without those that were left.
    """
    if wanted.state != RequestState.IN_REVIEW:
        return [ReviewStep.FIRST]
    steps = review_steps(wanted)
    return [each.step for each in steps if each.passed is None] or [steps[-1].step if steps else ReviewStep.FIRST]


def current_step(wanted: SpaceRequest) -> ReviewStep | None:
    """The first step that has not been passed; None outside review."""
    return next(iter(open_steps(wanted)), None) if wanted.state == RequestState.IN_REVIEW else None


def last_return(wanted: SpaceRequest) -> RequestReturn | None:
    """Why the park returned a request, until the company sends it again; None in any other state."""
    if wanted.state != RequestState.RETURNED:
        return None
    returns = wanted.reviews.filter(decision=Decision.RETURNED).select_related("reviewed_by")
    review = returns.order_by("-pk").first()
    return RequestReturn(review, [step for step in FormStep if review and step in review.form_steps])


def queue_place(wanted: SpaceRequest) -> int | None:
    """Place (from 1) among the requests that wait in the same park for the same use, first come first served."""
    if wanted.state not in WAITING:
        return None
    same = SpaceRequest.objects.waiting().filter(park=wanted.park, ecosystem=wanted.ecosystem, use=wanted.use)
    earlier = Q(submitted_at__lt=wanted.submitted_at) | Q(submitted_at=wanted.submitted_at, pk__lt=wanted.pk)
    return same.filter(earlier).count() + 1


def has_open_offer(wanted: SpaceRequest, *, on: date) -> bool:
    return wanted.offers.open_on(on).exists()


def passed_over(parks: QuerySet[Park]) -> OfferQuerySet:
    """Offers of these parks that passed over a rule or the queue, newest first."""
    rows = Offer.objects.filter(park__in=parks.order_by().values("pk")).exclude(overridden=[])
    return rows.select_related("request__company", "park", "created_by").order_by("-created_at", "-pk")


def offers_of_unit(unit_ids: list[int]) -> QuerySet[OfferLine]:
    """Lines of offers that were not declined, newest first: the holders of a unit, for the message of a refusal."""
    lines = OfferLine.objects.filter(unit__in=unit_ids, offer__state__in=(OfferState.SENT, OfferState.ACCEPTED))
    return lines.select_related("offer__request", "offer__created_by", "unit").order_by("-pk")
