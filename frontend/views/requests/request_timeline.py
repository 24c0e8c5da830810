"""The timeline of a request: steps done, current and to come."""

from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from spaces.states import ReviewStep
from spaces.values import masks
from spaces.values.days import last_day
from tenants.asking import reviews
from tenants.models import Handover
from tenants.states import HandoverKind, OfferState, RequestState

OVER = {RequestState.REJECTED, RequestState.WITHDRAWN, RequestState.LAPSED}
AFTER_REVIEW = {RequestState.ADMITTED, RequestState.OFFERED, RequestState.ACCEPTED, RequestState.LEASED}


@dataclass(slots=True)
class Stop:
    """One step. `decisions`: the reviews of it, oldest first."""

    word: object
    state: str  # done, current, to_come
    at: object = None
    by: object = None
    due_on: object = None
    decisions: list = field(default_factory=list)
    of_company: bool = False  # `by` acted for the company


def of(wanted, today, *, near):
    """Submit, the park's review steps, match, sign, move in; a request that ended early ends with its final state.

    Five queries at most. The name of who acted for the company is masked unless `near`.
    """
    decisions = list(wanted.reviews.select_related("reviewed_by").order_by("pk"))
    stops = [_submitted(wanted), *_reviewed(wanted, decisions), *_later(wanted, today)]
    if not near:
        stops = [replace(stop, by=masks.word(str(stop.by))) if stop.of_company and stop.by else stop for stop in stops]
    if wanted.state in OVER:
        kept = [stop for stop in stops if stop.state == "done" or stop.decisions]
        return [*kept, Stop(RequestState(wanted.state).label, "current", decisions=[])]
    return stops


def _submitted(wanted):
    if wanted.state in {RequestState.DRAFT, RequestState.RETURNED}:
        word = _("Correct and submit again") if wanted.state == RequestState.RETURNED else _("Submit")
        return Stop(word, "current", due_on=wanted.due_on)
    return Stop(_("Submitted"), "done", at=wanted.submitted_at, by=wanted.submitted_by, of_company=True)


def _reviewed(wanted, decisions):
    steps = reviews.review_steps(wanted)
    stops, current = [], wanted.state in {RequestState.SUBMITTED, RequestState.IN_REVIEW}
    shown = {each.step for each in steps}
    for each in steps or [reviews.StepState(ReviewStep.FIRST, None)]:
        of_step = [review for review in decisions if review.step == each.step or review.step not in shown]
        shown |= {review.step for review in of_step}
        if each.passed or (not steps and wanted.state in AFTER_REVIEW):
            at, by = (each.passed.reviewed_at, each.passed.reviewed_by) if each.passed else (wanted.received_at, None)
            stops.append(Stop(each.step.label, "done", at=at, by=by, decisions=of_step))
        elif current:
            stops.append(Stop(each.step.label, "current", due_on=wanted.due_on, decisions=of_step))
            current = False
        else:
            stops.append(Stop(each.step.label, "to_come", decisions=of_step))
    return stops


def _later(wanted, today):
    """Match, sign, move in."""
    offers = list(wanted.offers.order_by("pk"))
    accepted = next((offer for offer in offers if offer.state == OfferState.ACCEPTED), None)
    waiting = next((offer for offer in offers if offer.is_open(today)), None)
    state = RequestState(wanted.state)
    matched = Stop(_("Match"), _place(state, {RequestState.ADMITTED, RequestState.OFFERED}, accepted))
    if accepted:
        matched.at, matched.by, matched.of_company = accepted.decided_at, accepted.decided_by, True
    elif waiting:
        matched.word, matched.due_on = _("Answer the offer"), last_day(waiting.held_until)
    lease = getattr(accepted, "lease", None) if accepted else None
    signed = Stop(_("Sign the lease"), _place(state, {RequestState.ACCEPTED}, lease and lease.signed_on))
    signed.at = lease.signed_on if lease else None
    signed.due_on = wanted.due_on if signed.state == "current" else None
    checklist = (
        Handover.objects.filter(lease=lease, kind=HandoverKind.MOVE_IN).order_by("pk").last() if lease else None
    )
    moved = checklist.moved_on if checklist else None
    entered = Stop(_("Move in"), _place(state, {RequestState.LEASED}, moved), at=moved)
    entered.due_on = checklist.planned_on if checklist and not moved else None
    return [matched, signed, entered]


def _place(state, while_in, done):
    return "done" if done else "current" if state in while_in else "to_come"
