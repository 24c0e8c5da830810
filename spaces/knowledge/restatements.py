"""What has been recorded otherwise since an earlier moment, for one day: the units whose state or area then and now
differ, the changes that did it, and the sum."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from spaces.access import listed_on
from spaces.access.disclosure import Disclosed, disclosed
from spaces.knowledge.tables_of_then import as_known
from spaces.ledger.standings import UnitRestatement, differing, standings
from spaces.models import Change, Ecosystem, Park, Unit
from spaces.models.people import AnyUser, reads_all, rights_read_once
from spaces.values import clock

# Changes of a building or of a park touch all of its units.
OF_UNIT = ("spaces.unit", "spaces.unitperiod", "spaces.allocation")
OF_BUILDING, OF_PARK = "spaces.building", ("spaces.park", "spaces.parkperiod")


def restated(moment: datetime, user: AnyUser, *, on: date, park: str = "") -> list[UnitRestatement]:
    """The units whose state or area on the day was known otherwise at the moment, by code; of a park, or of all.

    Call it outside `as_known`. For a day up to the moment: the balance then, and the sum of these, is that of now. A
    later day was a coming one: only units of parks whose tenancies the user may know (`is_limited`).
    """
    since = Change.objects.filter(at__gt=moment)
    units = _touched(since)
    if park:
        units = units.filter(floor__building__park__code=park)
    units = listed_on(units, user, day=on, today=timezone.localdate(moment))
    touched = Unit.objects.filter(pk__in=list(units.order_by().values_list("pk", flat=True)))
    now = standings(touched, on=on, today=clock.today())
    with as_known(moment, user):
        then = standings(touched, on=on, today=clock.today())
    return differing(then, now)


@dataclass(frozen=True, slots=True)
class ParkRestatement:
    """A park that counted elsewhere than was known: (ecosystem or None, kind) then and now."""

    park: Park
    then: tuple[Ecosystem | None, str]
    now: tuple[Ecosystem | None, str]


def restated_parks(moment: datetime, user: AnyUser, *, on: date, park: str = "") -> list[ParkRestatement]:
    """The parks of which another ecosystem or kind on the day was known at the moment. Call it outside `as_known`."""
    touched = Change.objects.filter(at__gt=moment, object_type__in=OF_PARK).values("park")
    parks = Park.objects.visible_to(user).filter(pk__in=list(touched.values_list("park", flat=True)))
    if park:
        parks = parks.filter(code=park)
    now = _belonging(parks, on)
    if not now:
        return []
    with as_known(moment, user):
        then = _belonging(Park.objects.filter(pk__in=list(now)), on)
    return [
        ParkRestatement(now[pk][0], then[pk][1], now[pk][1])
        for pk in sorted(now.keys() & then.keys())
        if then[pk][1] != now[pk][1]
    ]


def _belonging(parks: QuerySet[Park], on: date) -> dict[int, tuple[Park, tuple[Ecosystem | None, str]]]:
    rows: Any = parks
    return {park.pk: (park, (park.ecosystem, park.kind)) for park in rows.with_facts(on)}


def _touched(since: QuerySet[Change]) -> QuerySet[Unit]:
    """The units that changes are about, by themselves or through their building or park."""
    own = since.filter(object_type__in=OF_UNIT).values("unit")
    buildings = since.filter(object_type=OF_BUILDING).values("object_id")
    parks = since.filter(object_type__in=OF_PARK).values("park")
    return Unit.objects.filter(Q(pk__in=own) | Q(floor__building__in=buildings) | Q(floor__building__park__in=parks))


def is_limited(moment: datetime, user: AnyUser, *, on: date) -> bool:
    """Whether `restated` leaves out parks whose tenancies the user may not know: the day was to come at the moment."""
    return on > timezone.localdate(moment) and not reads_all(user)


def reasons(rows: Iterable[UnitRestatement], moment: datetime, user: AnyUser) -> dict[int, list[Disclosed]]:
    """Id of a unit -> the changes since about it, its building or its park that the user may read, newest first."""
    moved = [row.unit for row in rows]
    above = Unit.objects.filter(pk__in=moved).values_list("pk", "floor__building", "floor__building__park")
    places = {pk: [("unit", pk), ("building", building), ("park", park)] for pk, building, park in above}
    buildings, parks = ({place[part][1] for place in places.values()} for part in (1, 2))
    about = Q(object_type__in=OF_UNIT, unit__in=moved) | Q(object_type=OF_BUILDING, object_id__in=buildings)
    about |= Q(object_type__in=OF_PARK, park__in=parks)
    with rights_read_once():
        found = list(Change.objects.visible_to(user).filter(about, at__gt=moment).select_related("by"))
        shown = disclosed(found, user)
    by_place: dict[tuple[str, int | None], list[Disclosed]] = defaultdict(list)
    for change, each in zip(found, shown, strict=True):
        by_place[_place_of(change)].append(each)
    return {
        pk: sorted((each for place in own for each in by_place[place]), key=lambda each: -each.pk)
        for pk, own in places.items()
    }


def _place_of(row: Change) -> tuple[str, int | None]:
    if row.object_type == OF_BUILDING:
        return "building", row.object_id
    return ("park", row.park) if row.object_type in OF_PARK else ("unit", row.unit)
