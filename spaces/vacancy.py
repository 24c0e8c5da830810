"""Which units are free for a window, best fit first, and until when."""

from datetime import date
from decimal import Decimal

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from spaces.models import Allocation, Unit
from spaces.states import LETTABLE


def free(
    units: QuerySet[Unit],
    *,
    starts_on: date,
    ends_on: date | None = None,
    area_min: Decimal | None = None,
    today: date,
) -> QuerySet[Unit]:
    """Lettable units that nobody holds in [starts_on, ends_on), smallest sufficient area first.

    With `ends_on` None only the first day must be free, and `free_until` (None = no end known) tells how long it
    lasts. A hold that has lapsed by `today` blocks nobody; a tenant who has not handed back blocks until he does.
    Filters on area above, use and features are the caller's; the order (usable_area, pk) is the best fit.
    """
    ends = ends_on or date.fromordinal(starts_on.toordinal() + 1)
    mine = Allocation.objects.filter(unit=OuterRef("pk"))
    live = mine.live(today)
    found = units.filter(
        Q(closes_on=None) | Q(closes_on__gte=ends),
        Q(floor__building__closed_on=None) | Q(floor__building__closed_on__gte=ends),
        ~Exists(live.overlapping(starts_on, ends)),
        ~Exists(mine.filter(moved_in_on__isnull=False, handed_back_on=None, ends_on__lte=today)),
        usable_area__gte=area_min or Decimal("0.01"),
        use__in=LETTABLE,
        opens_on__lte=starts_on,
        floor__building__ready_on__lte=starts_on,
    )
    later = live.filter(starts_on__gte=ends).order_by().values("unit").annotate(first=Min("starts_on")).values("first")
    return found.annotate(free_until=Coalesce(Subquery(later), F("closes_on"))).order_by("usable_area", "pk")
