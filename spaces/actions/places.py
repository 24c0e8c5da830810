"""Write ecosystems, parks, buildings, floors and their published figures. Units: spaces.actions.units."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from spaces import changes
from spaces.actions import dated_facts, lapsed_holds, park_facts
from spaces.actions.locks import lock_building, lock_row
from spaces.actions.retry import atomic_with_retry
from spaces.actions.units import check_floor
from spaces.actions.writing import change, check, create, refusal, written
from spaces.changes.versions import Seen, as_seen
from spaces.models import Allocation, Building, Ecosystem, Floor, Indicator, Park, PublishedFigure, Unit, User
from spaces.models.dated_facts import PARK_FACTS
from spaces.values import lifetimes
from spaces.values.periods import Validity

type Place = Ecosystem | Park | Building | Floor | PublishedFigure | Indicator


@atomic_with_retry
def add(place: Place, *, by: User | None, why: str = "") -> None:
    """Write a new place or figure. Raises ValidationError by field."""
    create(place, "create", by=by, why=why)
    if isinstance(place, Park):
        dated_facts.record_first([place], "create", by=by, why=why)


@atomic_with_retry
def add_many(places: Sequence[Place], *, by: User | None, why: str = "") -> None:
    """Write new places or figures of one kind, one at least, in few statements: all or none, each with its Change."""
    for place in places:
        check(place)
    model: Any = type(places[0])
    with written(*places):
        model.objects.bulk_create(places, batch_size=500)
    changes.record_many(places, "create", by=by, why=why)
    if model is Park:
        dated_facts.record_first(places, "create", by=by, why=why)  # type: ignore[arg-type]


@atomic_with_retry
def update(
    place: Place,
    *,
    by: User | None,
    on: date,
    why: str = "",
    seen: Seen | None = None,
    validity: Validity | None = None,
    **facts: Any,
) -> None:
    """Change facts of a place; where a park belongs for the days of `validity`, from `on` on where it is None.

    Raises ValidationError by field, or with the rule's code. `code`: its code would change, which units carry.
    `floor_area`: the units of a floor no longer fit, and no reason is given. `taken`: a building would close before
    the last allocation in it ends. `not_ready`: it would be ready only after a tenant moved in.
    """
    row = lock_building(place) if isinstance(place, Building) else lock_row(place)
    dated = {name: facts.pop(name) for name in PARK_FACTS if isinstance(row, Park) and name in facts}
    facts = as_seen(row, seen, facts)
    if facts.get("code", getattr(row, "code", None)) != getattr(row, "code", None):
        raise refusal("code", _("A code can't be changed: people have written it down."), "code")
    area = getattr(row, "usable_area", None)
    if isinstance(row, Building):
        days = {name: facts.get(name, getattr(row, name)) for name in ("ready_on", "closed_on")}
        if days != {name: getattr(row, name) for name in days}:
            _check_taken(row, **days, by=by, on=on)
    if isinstance(row, Park) and facts.get("opened_on", row.opened_on) != row.opened_on:
        _check_opening(row, facts["opened_on"], why=why)
    change(row, "change", by=by, why=why, **facts)
    if isinstance(row, Park) and dated:
        park_facts.update(row, dated, validity or Validity.from_day(on), by=by, why=why, on=on, seen=seen)
    if isinstance(row, Floor) and row.usable_area != area:
        check_floor(row, on=date.min, why=why)
    place.refresh_from_db()


def _check_opening(park: Park, opened_on: date | None, *, why: str) -> None:
    """Check another opening of a locked park: its areas count from then on, and nobody moved in before."""
    if not why.strip():
        raise refusal("why", _("Another opening moves figures of all days before it: give a reason."), "reason")
    taken = Allocation.objects.filter(unit__floor__building__park=park.pk, moved_in_on__isnull=False)
    first = taken.select_related("unit").order_by("moved_in_on", "pk").first()
    if opened_on and first and first.moved_in_on and first.moved_in_on < opened_on:
        message = _(
            "A tenant has been in %(unit)s since %(day)s. Enter a day up to then, or correct the move-in first."
        )
        raise refusal("opened_on", message % {"unit": first.unit, "day": first.moved_in_on}, "not_ready")


def _check_taken(
    building: Building, *, ready_on: date | None, closed_on: date | None, by: User | None, on: date
) -> None:
    """Check the allocations in a locked building against its new days; no tenant is in on a past closing day."""
    lapsed_holds.clear_all(Unit.objects.filter(floor__building=building), by=by, on=on)
    taken = Allocation.objects.filter(unit__floor__building=building)
    lifetimes.check_building(taken, ready_on=ready_on, closed_on=closed_on)
    if closed_on and closed_on <= on:
        late = Q(handed_back_on=None) | Q(handed_back_on__gt=closed_on)
        lifetimes.refuse_taken(taken.filter(late, moved_in_on__isnull=False))
