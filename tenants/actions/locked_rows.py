"""Locking, versioning and recording of the rows of this app."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _

from spaces import changes
from spaces.actions import writing
from spaces.actions.retry import atomic_with_retry
from spaces.actions.writing import refusal
from spaces.changes.versions import Seen, refuse_changed
from spaces.models import Allocation, Unit, User
from spaces.values import clock
from tenants.models import Extension, Handover, Lease, Member, Offer, Serial, SpaceRequest
from tenants.states import LeaseState, Moves, OfferState, RequestState

STATES: dict[type[models.Model], type[Moves]] = {SpaceRequest: RequestState, Offer: OfferState, Lease: LeaseState}

# Reasons of acts by the system, in both languages, because the log is read in both.
CHANGED_OVER = "租约内更替 / Changed over within the lease."
ANOTHER_ACCEPTED = "已接受另一推荐 / Another offer was accepted."
OFFER_LAPSED = "推荐已失效 / The offer lapsed."
NEVER_MOVED_IN = "企业未曾入驻 / The tenant never moved in."


def lock[Row: models.Model](row: Row) -> Row:
    """The row, fresh and locked. Order: company, request, offer, lease, handover, and units last."""
    manager = type(row)._default_manager
    return manager.select_for_update(no_key=True).get(pk=row.pk)


def lock_in_order(row: models.Model) -> Any:
    """The row, fresh and locked, after those that the actions on it lock first; of an allocation its unit."""
    above: list[models.Model] = []
    match row:
        case Offer():
            above = [row.request]
        case Lease(offer=Offer() as offer):
            above = [offer.request, offer]
        case Handover():
            above = [row.lease]
        case Extension():
            above = [row.incubation]
        case Unit():
            above = [row.floor]
        case Allocation():
            lock(row.unit)
            return row  # it may have been deleted, which its action reports
    for each in above:
        lock(each)
    return lock(row)


@atomic_with_retry
def unchanged[Result](row: models.Model, seen: Seen | None, act: Callable[[], Result]) -> Result:
    """The result of `act`, executed on a locked row that has not changed since the page. Raises StaleError."""
    if seen is not None:
        refuse_changed(lock_in_order(row), seen)
    return act()


def change(row: Any, verb: str, *, by: User | None, why: str = "", **facts: Any) -> None:
    """Write facts on a locked row and increment its version, so that an edit of the old one is refused."""
    writing.change(row, verb, by=by, why=why, version=row.version + 1, **facts)


def move(row: Any, new: Moves, *, verb: str, by: User | None, why: str = "", **facts: Any) -> None:
    """The only writer of a `state`, by compare-and-set. Raises `move`, or `stale` if someone else was faster."""
    old = type(new)(row.state)
    if not old.can_become(new):
        message = _("This is “%(old)s” already.") if old == new else _("“%(old)s” cannot become “%(new)s”.")
        params = {"old": old.label, "new": new.label, "allowed": sorted(old.next_states)}
        raise ValidationError(message, code="move", params=params)
    before = changes.snapshot(row)
    facts = {name: row._meta.get_field(name).clean(value, row) if isinstance(value, str) else value
             for name, value in facts.items()}  # fmt: skip
    found = type(row).objects.filter(pk=row.pk, state=old)
    if not found.update(state=new, version=F("version") + 1, **facts):
        raise ValidationError(_("Someone else has just changed this. Look at it again."), code="stale")
    row.refresh_from_db()
    changes.record(row, verb, by=by, why=why, before=before, after=changes.snapshot(row, lists=before))


def not_now(row: Any, message: str) -> ValidationError:
    """The refusal `move` of an act that the state of a row does not allow, with the states that may follow."""
    allowed = STATES[type(row)](row.state).next_states
    return ValidationError("%(message)s", code="move", params={"message": message, "allowed": sorted(allowed)})


def next_number(series: str) -> str:
    """The next number of a series in the year, such as XQ-2026-0312. A rolled back number is used again."""
    (number,) = next_numbers(series, 1)
    return number


def next_numbers(series: str, count: int) -> list[str]:
    """`count` consecutive numbers of a series."""
    row = lock_series(series)
    row.last += count
    row.save(update_fields=["last"])
    return [f"{series}-{row.year}-{number:04d}" for number in range(row.last - count + 1, row.last + 1)]


def lock_series(series: str) -> Serial:
    """The counter of a series in this year, locked: a second transaction that counts waits here."""
    year = clock.today().year
    Serial.objects.get_or_create(series=series, year=year)
    return Serial.objects.select_for_update().get(series=series, year=year)


def refuse_own_request(wanted: SpaceRequest, by: User) -> None:
    """Raise `own` if the user is a member of the company that made the request."""
    if Member.objects.current(by).filter(company=wanted.company_id).exists():
        raise ValidationError(_("Nobody decides on a request of their own company."), code="own")


def need_reason(why: str, field: str, message: str) -> None:
    if not why.strip():
        raise refusal(field, message, "reason")
