"""Move-in and move-out checklists. A handover is confirmed once every item is done and both sides have signed.

All raise ValidationError by field or with the rule's code: done, open, proof, unsigned, reason, and those of
spaces.actions.allocations.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from spaces.actions import allocations, writing
from spaces.actions.day_bounds import not_before
from spaces.actions.locks import lock_units
from spaces.actions.retry import atomic_with_retry
from spaces.actions.writing import refusal
from spaces.changes.versions import Seen, as_seen, refuse_changed
from spaces.models import Allocation, User
from spaces.values import clock
from tenants.actions.checklists import default_items
from tenants.actions.locked_rows import (
    NEVER_MOVED_IN,
    change,
    lock,
    move,
    need_reason,
    next_number,
)
from tenants.actions.notices import notify
from tenants.models import Handover, HandoverItem, Lease, TemplateItem
from tenants.notices import recipients
from tenants.states import EndReason, HandoverKind, ItemOwner, LeaseState, Proof

SERIES = {HandoverKind.MOVE_IN: "RZ", HandoverKind.MOVE_OUT: "TZ"}


@atomic_with_retry
def open_checklist(lease: Lease, kind: str, *, planned_on: date, by: User | None) -> Handover:
    """Open a checklist by the park's template, or the default one. At most one open checklist of each kind."""
    handover = Handover(number=next_number(SERIES[HandoverKind(kind)]), lease=lease, kind=kind, planned_on=planned_on)
    writing.create(handover, "open", by=by)
    template = list(TemplateItem.objects.filter(park=lease.park_id, kind=kind).order_by("place"))
    for place, item in enumerate(template or default_items(kind), 1):
        writing.create(
            HandoverItem(
                handover=handover,
                place=place,
                name=item.name,
                name_en=item.name_en,
                owner=item.owner,
                proof=item.proof,
                due_on=min(planned_on, clock.today() + timedelta(days=item.due_days)),
            ),
            "open",
            by=by,
        )
    return handover


@atomic_with_retry
def complete(
    item: HandoverItem, *, by: User, reading: Decimal | None = None, note: str = "", seen: Seen | None = None
) -> HandoverItem:
    """Tick an item; a meter needs its reading, a proof its file (`proof`)."""
    handover = lock(item.handover)
    row = lock(item)
    _still_open(handover)
    if row.proof == Proof.READING and reading is None:
        raise refusal("reading", _("Enter the meter's reading, for example 1024.50."), "proof")
    if row.proof == Proof.FILE and not row.documents.filter(removed_at=None).exists():
        raise refusal("file", _("Add the file first."), "proof")
    facts = as_seen(row, seen, {"reading": reading, "note": note})
    if row.done_at and all(getattr(row, name) == value for name, value in facts.items()):
        return row  # ticked meanwhile: the first one stays on record
    writing.change(row, "complete", by=by, done_at=clock.now(), done_by=by, **facts)
    _unsigned(handover, by=by)
    return row


@atomic_with_retry
def reopen(item: HandoverItem, *, by: User, seen: Seen | None = None) -> HandoverItem:
    """Reopen an item; signatures given before become void."""
    handover = lock(item.handover)
    row = lock(item)
    _still_open(handover)
    refuse_changed(row, seen)
    writing.change(row, "reopen", by=by, done_at=None, done_by=None)
    _unsigned(handover, by=by)
    return row


@atomic_with_retry
def add_item(handover: Handover, *, name: str, owner: str, why: str, by: User, **facts: Any) -> HandoverItem:
    """Add an item beyond the template, with a reason."""
    need_reason(why, "added_why", _("Say why this handover needs more than the template."))
    row = lock(handover)
    _still_open(row)
    if facts.get("due_on") and row.lease.signed_on:
        not_before(facts["due_on"], row.lease.signed_on, "due_on")
    last = row.items.order_by("-place").first()
    item = HandoverItem(
        handover=row, place=last.place + 1 if last else 1, name=name, owner=owner, added_why=why, **facts
    )
    writing.create(item, "add", by=by, why=why)
    _unsigned(row, by=by)
    return item


@atomic_with_retry
def sign(handover: Handover, side: str, *, by: User) -> Handover:
    """Sign a completed list for one side. Refused: `open` (names the open items), `own` (nobody signs for both sides).

    A second signature of one side is refused (`signed`), with who gave the first one and when.
    """
    row = lock(handover)
    _still_open(row)
    _all_done(row)
    name, other = ("park", "company") if side == ItemOwner.PARK else ("company", "park")
    if signed_at := getattr(row, f"{name}_signed_at"):
        message = _("%(name)s has signed for this side already, at %(time)s.")
        params = {"name": getattr(row, f"{name}_signed_by"), "time": f"{timezone.localtime(signed_at):%Y-%m-%d %H:%M}"}
        raise ValidationError(message, code="signed", params=params)
    if getattr(row, f"{other}_signed_by_id") == by.pk:
        raise ValidationError(_("Nobody signs for both sides."), code="own")
    signature: dict[str, Any] = {f"{name}_signed_at": clock.now(), f"{name}_signed_by": by}
    change(row, "sign", by=by, **signature)
    return row


@atomic_with_retry
def confirm(handover: Handover, *, moved_on: date, by: User, on: date) -> Handover:
    """Record the handover of the keys: units become occupied, or are handed back and the lease ends.

    Needs both signatures (`unsigned`)."""
    lease = lock(handover.lease)
    row = lock(handover)
    _still_open(row)
    _all_done(row)
    if row.park_signed_at is None or row.company_signed_at is None:
        raise refusal("moved_on", _("Both sides sign first: the park and the company."), "unsigned")
    lines = dict(lease.lines.values_list("allocation_id", "unit_id"))
    lock_units(lines.values())
    taken = list(Allocation.objects.filter(pk__in=lines, handed_back_on=None).order_by("unit"))
    if row.kind == HandoverKind.MOVE_IN:
        for each in taken:
            if each.moved_in_on is None:
                allocations.move_in(each, moved_in_on=moved_on, by=by, on=on)
    else:
        _give_back(lease, taken, moved_on, by=by, on=on)
    change(row, "confirm", by=by, moved_on=moved_on)
    _notify(row, lease)
    return row


def _give_back(lease: Lease, taken: list[Allocation], moved_on: date, *, by: User, on: date) -> None:
    reason = EndReason.EARLY if lease.notice_on and moved_on < lease.ends_on else EndReason.EXPIRED
    for each in taken:
        if each.moved_in_on:
            allocations.hand_back(each, handed_back_on=moved_on, by=by, on=on)
        else:
            allocations.end_early(each, ends_on=moved_on, by=by, why=NEVER_MOVED_IN)
    move(lease, LeaseState.ENDED, verb="end", by=by, ended_on=moved_on, end_reason=reason)


def _still_open(handover: Handover) -> None:
    if handover.moved_on:
        message = _("This checklist was closed on %(day)s.") % {"day": handover.moved_on}
        raise ValidationError(message, code="closed")


def _all_done(handover: Handover) -> None:
    left = list(handover.items.filter(done_at=None).order_by("place").values_list("name", flat=True))
    if left:
        message = _("Still open: %(items)s.") % {"items": "、".join(left)}
        raise ValidationError({"items": ValidationError(message, code="open")})


def _unsigned(handover: Handover, *, by: User) -> None:
    """Void the signatures: both sides sign the changed list again."""
    if handover.park_signed_at or handover.company_signed_at:
        names = ("park_signed_at", "park_signed_by", "company_signed_at", "company_signed_by")
        nothing: dict[str, Any] = dict.fromkeys(names)
        change(handover, "unsign", by=by, **nothing)


def _notify(handover: Handover, lease: Lease) -> None:
    facts = {"number": handover.number, "kind": handover.kind, "day": handover.moved_on}
    link = f"/handovers/{handover.number}/"
    notify(recipients.people_of(lease.company), "handed_over", key=handover.number, link=link, **facts)
