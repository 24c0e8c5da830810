"""Offers of units to a request, their holds and answers. A hold lapses by date, without a job.

All raise ValidationError by field or with the rule's code: unit_overlap, lapsed, place, move, stale, reason.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from spaces.actions import allocations, overlaps, writing
from spaces.actions.conflicts import codes_of
from spaces.actions.locks import lock_units
from spaces.actions.retry import atomic_with_retry
from spaces.actions.writing import refusal
from spaces.models import Allocation, Unit, User
from spaces.values import clock
from spaces.values.days import end_within, last_day
from tenants import matching
from tenants.actions.locked_rows import (
    ANOTHER_ACCEPTED,
    OFFER_LAPSED,
    change,
    lock,
    move,
    need_reason,
    next_number,
    not_now,
    refuse_own_request,
)
from tenants.actions.notices import notify
from tenants.asking import fairness, reviews
from tenants.models import Lease, LeaseLine, Offer, OfferLine, SpaceRequest
from tenants.models.leases import contracted_area
from tenants.notices import recipients
from tenants.states import LeaseState, OfferState, RequestState

MOST_UNITS = 4
SIGN_DAYS = 10  # the hold of an accepted offer, so that there is time to sign


@atomic_with_retry
def send(
    wanted: SpaceRequest,
    units: Sequence[Unit],
    *,
    starts_on: date,
    ends_on: date,
    held_until: date,
    by: User,
    on: date,
    **terms: Any,
) -> Offer:
    """Hold units for an admitted request and offer them. Refused (`unit_overlap`) with the names of earlier holders.

    The offer records the rules it passes over, with `override` as the reason. A hard rule refuses a unit (`rule`).
    """
    row = lock(wanted)
    _ready_for_offer(row, by=by, on=on)
    if not units:
        raise refusal("units", _("Choose a unit."), "units")
    units = lock_units(unit.pk for unit in units)
    if any(unit.floor.building.park_id != row.park_id for unit in units):
        raise refusal("units", _("Offer units of the park that the request was sent to."), "place")
    terms["overridden"] = _passed_over(row, units, terms.get("override", ""), on=on)
    period = {"starts_on": starts_on, "ends_on": ends_on, "held_until": held_until}
    taken = _hold(units, **period, by=by, on=on)
    offer = Offer(
        number=next_number("TJ"),
        request=row,
        park=row.park,
        created_at=clock.now(),
        created_by=by,
        **period,
        **terms,
    )
    writing.create(offer, "send", by=by, why=offer.override)
    for hold in taken:
        writing.create(OfferLine(offer=offer, unit=hold.unit, allocation=hold), "send", by=by)
    move(row, RequestState.OFFERED, verb="offer", by=by, due_on=last_day(held_until))
    _notify(offer, recipients.people_of(row.company), "offer_sent", until=held_until)
    return offer


@atomic_with_retry
def accept(offer: Offer, *, by: User, on: date) -> Lease:
    """Accept an offer: its units stay held for signing, a draft lease is made, other offers are withdrawn."""
    wanted = lock(offer.request)
    row = lock(offer)
    _still_open(row, on)
    for other in wanted.offers.open_on(on).exclude(pk=row.pk).order_by("pk"):
        withdraw_row(other, by=by, why=ANOTHER_ACCEPTED, on=on)
    move(row, OfferState.ACCEPTED, verb="accept", by=by, decided_at=clock.now(), decided_by=by)
    held_until = min(max(row.held_until, end_within(on, SIGN_DAYS)), row.ends_on)
    for hold in holds_of(row):
        allocations.extend(hold, held_until=held_until, by=by, on=on)
    lease = _draft_lease(row, wanted, by=by)
    move(wanted, RequestState.ACCEPTED, verb="accept", by=by, due_on=last_day(held_until))
    _notify(row, recipients.managers_of(row.park, on=on), "offer_answered", state=row.state)
    return lease


@atomic_with_retry
def decline(offer: Offer, *, reason: str, by: User, on: date) -> Offer:
    """Decline an offer: its units become free at once, the request waits for another offer."""
    need_reason(reason, "decline_reason", _("Say why, so that the next offer fits better."))
    wanted = lock(offer.request)
    row = lock(offer)
    _still_open(row, on)
    facts = {"decided_at": clock.now(), "decided_by": by, "decline_reason": reason}
    move(row, OfferState.DECLINED, verb="decline", by=by, why=reason, **facts)
    release(row, by=by, why=reason, on=on)
    _back_to_admitted(wanted, by=by, why=reason, on=on)
    _notify(row, recipients.managers_of(row.park, on=on), "offer_answered", state=row.state, message=reason)
    return row


@atomic_with_retry
def withdraw(offer: Offer, *, by: User, why: str, on: date) -> Offer:
    """Withdraw an unanswered offer, with a reason."""
    need_reason(why, "why", _("Say why the offer is withdrawn."))
    wanted = lock(offer.request)
    row = lock(offer)
    if row.state != OfferState.SENT:
        raise not_now(row, _("This offer was answered already."))
    withdraw_row(row, by=by, why=why, on=on)
    _back_to_admitted(wanted, by=by, why=why, on=on)
    _notify(row, recipients.people_of(wanted.company), "offer_withdrawn", message=why)
    return row


@atomic_with_retry
def ask_visit(offer: Offer, *, by: User, on: date) -> Offer:
    """Ask for a visit to the units."""
    row = lock(offer)
    _still_open(row, on)
    change(row, "ask_visit", by=by, visit_asked_at=clock.now())
    _notify(row, recipients.managers_of(row.park, on=on), "visit_asked")
    return row


def withdraw_row(offer: Offer, *, by: User, why: str, on: date) -> None:
    """Withdraw a sent or accepted offer and end its holds. The caller has locked the request."""
    move(offer, OfferState.WITHDRAWN, verb="withdraw", by=by, why=why, decided_at=clock.now(), decided_by=by)
    release(offer, by=by, why=why, on=on)


def holds_of(offer: Offer) -> list[Allocation]:
    """The remaining allocations of an offer, ascending by unit; their units are locked."""
    lines = dict(offer.lines.values_list("allocation_id", "unit_id"))
    lock_units(lines.values())
    return list(Allocation.objects.filter(pk__in=lines).select_related("unit").order_by("unit"))


def release(offer: Offer, *, by: User, why: str, on: date) -> None:
    """End the holds of an offer from the day on; the days they counted stay on record."""
    holds = [hold for hold in holds_of(offer) if hold.signed_on is None]
    for hold in holds:
        last = min(on, hold.ends_on or on)
        allocations.end_early(hold, ends_on=last, by=by, why=why)


def _ready_for_offer(row: SpaceRequest, *, by: User, on: date) -> None:
    """Admit the request again after a lapsed offer. Refused (`own`) for the user's own company."""
    refuse_own_request(row, by)
    if row.state == RequestState.OFFERED and not reviews.has_open_offer(row, on=on):
        move(row, RequestState.ADMITTED, verb="lapse", by=by, why=OFFER_LAPSED)
    if row.state != RequestState.ADMITTED:
        message = _("“%(state)s”: only an admitted request gets an offer.") % {"state": RequestState(row.state).label}
        raise not_now(row, message)


def _passed_over(row: SpaceRequest, units: Sequence[Unit], why: str, *, on: date) -> list[str]:
    found = fairness.check(row, units, on=on)
    if found.hard:
        raise refusal("units", _("Not for this request: %(why)s.") % {"why": matching.message(found.hard)}, "rule")
    if found.rules:
        message = _("This passes over: %(rules)s. Say why; officials read it.")
        params = {"rules": "; ".join(str(fairness.MESSAGES[rule]) for rule in found.rules)}
        need_reason(why, "override", message % params)
    return found.rules


def _hold(
    units: Sequence[Unit], *, starts_on: date, ends_on: date, held_until: date, by: User, on: date
) -> list[Allocation]:
    try:
        with transaction.atomic():
            return allocations.hold(units, starts_on=starts_on, ends_on=ends_on, held_until=held_until, by=by, on=on)
    except ValidationError as refusal:
        if "unit_overlap" not in codes_of(refusal):
            raise
        raise _overlap_refusal(units, starts_on, ends_on) from refusal


def _overlap_refusal(units: Iterable[Unit], starts_on: date, ends_on: date) -> ValidationError:
    """The refusal `unit_overlap` with the present holder of each unit and the time of the hold."""
    ids = [unit.pk for unit in units]
    taken = Allocation.objects.filter(unit__in=ids).overlapping(starts_on, ends_on).order_by("unit", "starts_on")
    offered = {line.allocation_id: line for line in reviews.offers_of_unit(ids)}
    conflicts, messages = [], []
    for row in taken.select_related("unit"):
        line = offered.get(row.pk)
        end = row.ends_on if line is None or row.signed_on else row.held_until
        conflicts.append({"unit": row.unit.code, "last_day": last_day(end), **_holder(line)})
        messages.append(_conflict_message(row, line))
    params = {"message": " ".join(messages), "conflicts": conflicts}  # as parameters, because a name may contain a %
    return ValidationError({"units": ValidationError("%(message)s", code="unit_overlap", params=params)})


def _holder(line: OfferLine | None) -> dict[str, Any]:
    """Number, sender and time of the offer that holds a unit; all None if it was taken without an offer."""
    if line is None:
        return {"by": None, "who": None, "at": None}
    at = timezone.localtime(line.offer.created_at).isoformat()
    return {"by": line.offer.number, "who": str(line.offer.created_by), "at": at}


def _conflict_message(row: Allocation, line: OfferLine | None) -> str:
    if line is None or row.signed_on:
        return " ".join([overlaps.taken(row), _("Choose another unit.")])
    at = timezone.localtime(line.offer.created_at)
    message = _("%(unit)s was held by %(name)s (%(time)s, request %(request)s). Choose another unit.")
    return message % {
        "unit": row.unit.code,
        "name": line.offer.created_by,
        "time": at.strftime("%Y-%m-%d %H:%M"),
        "request": line.offer.request.number,
    }


def _draft_lease(offer: Offer, wanted: SpaceRequest, *, by: User) -> Lease:
    lease = Lease(
        number=next_number("ZL"),
        company=wanted.company,
        park=offer.park,
        offer=offer,
        state=LeaseState.DRAFT,
        starts_on=offer.starts_on,
        ends_on=offer.ends_on,
        deposit=offer.deposit,
        rent_free_months=offer.rent_free_months,
        sample=wanted.sample,
    )
    writing.create(lease, "draft", by=by)
    for line in offer.lines.prefetch_related("unit__periods").order_by("pk"):
        area = contracted_area(line.unit, offer.basis, on=offer.starts_on)
        facts = {"contracted_area": area, "basis": offer.basis}
        facts |= {"rent_rate": offer.rent_rate, "rent_unit": offer.rent_unit}
        writing.create(LeaseLine(lease=lease, unit=line.unit, allocation=line.allocation, **facts), "draft", by=by)
    return lease


def _still_open(row: Offer, on: date) -> None:
    if row.state != OfferState.SENT:
        raise not_now(row, _("This offer was answered already."))
    if row.lapsed(on):
        message = _("The offer could be answered up to and including %(day)s. Ask the park for a new one.")
        message %= {"day": last_day(row.held_until)}
        raise ValidationError(message, code="lapsed")


def _back_to_admitted(wanted: SpaceRequest, *, by: User, why: str, on: date) -> None:
    if wanted.state == RequestState.OFFERED and not reviews.has_open_offer(wanted, on=on):
        move(wanted, RequestState.ADMITTED, verb="reopen", by=by, why=why, due_on=None)


def _notify(offer: Offer, people: Iterable[User], event: str, **facts: Any) -> None:
    facts = {"number": offer.number, "request": offer.request.number} | facts
    notify(people, event, key=f"{offer.number}:{offer.version}", link=f"/offers/{offer.number}/", **facts)
