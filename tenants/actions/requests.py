"""A company's request from draft to admission. `on` is the day of the act.

All raise ValidationError by field or with the rule's code: missing, move, stale, own, step, reason.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from spaces import changes
from spaces.actions import writing
from spaces.actions.day_bounds import not_before, years_from
from spaces.actions.retry import atomic_with_retry
from spaces.actions.writing import refusal
from spaces.changes.versions import Seen, as_seen
from spaces.models import Park, Unit, User
from spaces.values import clock
from spaces.values.days import add_working_days
from tenants.actions.locked_rows import (
    change,
    lock,
    move,
    need_reason,
    next_number,
    not_now,
    refuse_own_request,
)
from tenants.actions.notices import notify
from tenants.actions.offers import withdraw_row
from tenants.asking import form_steps, reviews
from tenants.models import Company, Lease, Member, Message, Review, SpaceRequest
from tenants.models.requests import WRITABLE
from tenants.notices import recipients
from tenants.states import Decision, EndReason, LeaseState, OfferState, RequestState

MOST_REQUESTED_UNITS = 5
# Working days; our choice.
TO_RECEIVE = 3
TO_REVIEW = 5


@atomic_with_retry
def begin(company: Company, *, by: User, requested_units: Iterable[Unit] = (), **facts: Any) -> SpaceRequest:
    """Create a draft, with a number from the start, so that it can be found again from any computer."""
    now = clock.now()
    _not_long_passed(facts.get("needed_by"), now)
    contacts = {name: getattr(company, name) for name in ("contact_name", "contact_phone", "contact_email")}
    wanted = SpaceRequest(
        number=next_number("XQ"), company=company, created_at=now, created_by=by, saved_at=now, **contacts | facts
    )
    writing.create(wanted, "begin", by=by)
    chosen = list(requested_units)
    return request_units(wanted, chosen, by=by) if chosen else wanted


@atomic_with_retry
def save(wanted: SpaceRequest, *, by: User, step: str = "", seen: Seen | None = None, **facts: Any) -> SpaceRequest:
    """Save the facts of a draft or a returned request; any other is refused (`move`)."""
    row = lock(wanted)
    _still_open(row)
    opened = [*row.opened, step] if step and step not in row.opened else row.opened
    facts = as_seen(row, seen, facts)
    _not_long_passed(facts.get("needed_by"), row.created_at)
    change(row, "save", by=by, saved_at=clock.now(), opened=opened, **facts)
    return row


@atomic_with_retry
def request_units(wanted: SpaceRequest, units: Iterable[Unit], *, by: User, seen: Seen | None = None) -> SpaceRequest:
    """Set the units that the company requests, at most five (`requested_units`)."""
    row = lock(wanted)
    _still_open(row)
    chosen = list(units)
    if len(chosen) > MOST_REQUESTED_UNITS:
        raise refusal(
            "requested_units", _("Choose up to %(most)s units.") % {"most": MOST_REQUESTED_UNITS}, "requested_units"
        )
    chosen = as_seen(row, seen, {"requested_units": chosen}).get(
        "requested_units", list(row.requested_units.order_by("pk"))
    )
    before = changes.snapshot(row)
    row.requested_units.set(chosen)
    row.saved_at, row.version = clock.now(), row.version + 1
    row.save(update_fields=["saved_at", "version"])
    changes.record(row, "request_units", by=by, before=before)
    return row


@atomic_with_retry
def submit(wanted: SpaceRequest, *, by: User, on: date, declared: bool) -> SpaceRequest:
    """Send a draft, or send a returned request again; `declared`: the owner declares it true and complete.

    Raises `declared`, and `missing` for each field that is needed and empty.
    """
    row = lock(wanted)
    _still_open(row)
    if not declared:
        raise refusal("declared", _("Tick the declaration: only a true request can be sent."), "declared")
    missing = form_steps.missing_fields(row)
    if missing:
        raise ValidationError(
            {name: ValidationError(_("This field is required."), code="missing") for name in missing}
        )
    first = row.submitted_at or clock.now()  # a returned request keeps its place in the queue
    facts: dict[str, Any] = {"submitted_at": first, "submitted_by": row.submitted_by or by, "received_at": None}
    move(row, RequestState.SUBMITTED, verb="submit", by=by, due_on=add_working_days(on, TO_RECEIVE), **facts)
    if row.park:
        _notify_park(row, "request_submitted", on=on)
    return row


@atomic_with_retry
def receive(wanted: SpaceRequest, *, by: User, on: date, park: Park | None = None) -> SpaceRequest:
    """Accept for review. A request to any park of an ecosystem is claimed for `park`. Without steps it is admitted."""
    row = lock(wanted)
    refuse_own_request(row, by)
    facts: dict[str, Any] = {"received_at": clock.now(), "officer": by}
    if row.park_id is None:
        if park is None or park.ecosystem_id != row.ecosystem_id:
            raise refusal("park", _("Name the park that takes this request."), "park")
        facts |= {"park": park, "ecosystem": None}
    move(row, RequestState.IN_REVIEW, verb="receive", by=by, due_on=add_working_days(on, TO_REVIEW), **facts)
    if row.park and not row.park.review_steps:
        _admit(row, by=by)
    return row


@atomic_with_retry
def review(
    wanted: SpaceRequest,
    *,
    step: str,
    decision: str,
    by: User,
    on: date,
    comment: str = "",
    form_steps: Iterable[str] = (),
) -> Review:
    """Decide a review step. The last step passed admits the request. Returning and rejecting need a comment.

    Before a request is accepted for review it can be returned or rejected, as its first step.
    """
    row = lock(wanted)
    refuse_own_request(row, by)
    open_steps = reviews.open_steps(row)
    if step != next(iter(open_steps), None):
        raise refusal("step", _("This step is not the one that waits. Look at the request again."), "step")
    decided = Review(
        request=row,
        step=step,
        decision=decision,
        comment=comment.strip(),
        form_steps=list(form_steps),
        reviewed_at=clock.now(),
        reviewed_by=by,
    )
    writing.create(decided, "review", by=by, why=comment)
    _follow(row, Decision(decision), last=len(open_steps) == 1, by=by, on=on, why=comment)
    return decided


@atomic_with_retry
def close(wanted: SpaceRequest, *, by: User, why: str) -> SpaceRequest:
    """Let a returned or admitted request without an answer lapse, with a reason."""
    need_reason(why, "why", _("Say why the request lapses."))
    row = lock(wanted)
    move(row, RequestState.LAPSED, verb="lapse", by=by, why=why, due_on=None)
    _notify_company(row, "request_decided", message=why)
    return row


@atomic_with_retry
def withdraw(wanted: SpaceRequest, *, by: User, why: str, on: date) -> SpaceRequest:
    """Withdraw a request: its offers are withdrawn, held units become free, a draft lease is dropped."""
    row = lock(wanted)
    if row.state not in WRITABLE:
        need_reason(why, "why", _("Say why the request is withdrawn."))
    for offer in row.offers.filter(state__in=(OfferState.SENT, OfferState.ACCEPTED)).order_by("pk"):
        lease = Lease.objects.filter(offer=offer, state=LeaseState.DRAFT).first()
        if lease:
            facts = {"ended_on": on, "end_reason": EndReason.NOT_SIGNED}
            move(lease, LeaseState.ENDED, verb="discard", by=by, why=why, **facts)
        withdraw_row(offer, by=by, why=why, on=on)
    move(row, RequestState.WITHDRAWN, verb="withdraw", by=by, why=why, due_on=None)
    if row.submitted_at and row.park:
        _notify_park(row, "request_withdrawn", on=on)
    return row


@atomic_with_retry
def assign(wanted: SpaceRequest, officer: User, *, by: User, seen: Seen | None = None) -> SpaceRequest:
    """Assign the request to another officer of the park."""
    row = lock(wanted)
    change(row, "assign", by=by, **as_seen(row, seen, {"officer": officer}))
    return row


@atomic_with_retry
def note(wanted: SpaceRequest, text: str, *, by: User, seen: Seen | None = None) -> SpaceRequest:
    """Set the internal note, which only the people of the park read."""
    row = lock(wanted)
    change(row, "note", by=by, **as_seen(row, seen, {"internal_note": text}))
    return row


@atomic_with_retry
def say(wanted: SpaceRequest, text: str, *, by: User, on: date) -> Message:
    """Add a message between company and park; the other side gets a notice."""
    message = Message(request=wanted, text=text, sent_at=clock.now(), sent_by=by)
    writing.create(message, "say", by=by)
    if Member.objects.current(by).filter(company=wanted.company_id).exists():
        if wanted.park:
            _notify_park(wanted, "message", on=on, part=str(message.pk))
    else:
        _notify_company(wanted, "message", part=str(message.pk))
    return message


def _follow(row: SpaceRequest, decision: Decision, *, last: bool, by: User, on: date, why: str) -> None:
    """Move the request as the decision says, and notify the company. `last`: no other step is open."""
    match decision:
        case Decision.RETURNED:
            move(row, RequestState.RETURNED, verb="return", by=by, why=why, due_on=add_working_days(on, 10))
            _notify_company(row, "request_returned", message=why)
        case Decision.REJECTED:
            move(row, RequestState.REJECTED, verb="reject", by=by, why=why, due_on=None)
            _notify_company(row, "request_decided", message=why)
        case Decision.PASSED if row.state != RequestState.IN_REVIEW:
            raise refusal("decision", _("Accept the request for review first."), "step")
        case Decision.PASSED if last:
            _admit(row, by=by)
        case Decision.PASSED:
            change(row, "pass", by=by, due_on=add_working_days(on, TO_REVIEW))


def _admit(row: SpaceRequest, *, by: User) -> None:
    move(row, RequestState.ADMITTED, verb="admit", by=by, due_on=None)
    _notify_company(row, "request_decided", message="")


def _not_long_passed(needed_by: date | None, begun: datetime) -> None:
    """Check that the day needed is at most a year before the draft was begun."""
    if needed_by is not None:
        not_before(needed_by, years_from(timezone.localdate(begun), -1), "needed_by")


def _still_open(row: SpaceRequest) -> None:
    if row.state not in WRITABLE:
        message = _("This request was sent. Withdraw it, or ask the park to return it, to change it.")
        raise not_now(row, message)


def _notify_park(row: SpaceRequest, event: str, *, on: date, part: str = "") -> None:
    people = recipients.managers_of(row.park, on=on) if row.park else []
    facts = {"number": row.number, "company": row.company.name, "state": row.state}
    notify(people, event, key=f"{row.number}:{row.version}:{part}", link=f"/requests/{row.number}/", **facts)


def _notify_company(row: SpaceRequest, event: str, *, message: str = "", part: str = "") -> None:
    facts = {"number": row.number, "state": row.state, "message": message}
    people = recipients.people_of(row.company)
    notify(people, event, key=f"{row.number}:{row.version}:{part}", link=f"/requests/{row.number}/", **facts)
