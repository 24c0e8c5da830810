"""Which units are free for a window, best fit first, and until when."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, Func, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least

from spaces.models import Allocation, Unit, UnitPeriod
from spaces.states import LETTABLE_USES
from spaces.values.days import add_months, day_after
from spaces.values.lifetimes import ready

LEAST_MONTHS = 1  # no search asks for a shorter window


class Walked(Func):
    """A column that SQLite must not use as an index (unary plus). PostgreSQL ignores it."""

    arity = 1
    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


def of_uses(units: Any, uses: Sequence[str]) -> QuerySet[Unit]:
    """Units of any of `uses`. With several, an index on use makes SQLite read and sort all rows, not just one page."""
    if len(uses) == 1:
        return units.filter(use=uses[0])
    return units.alias(wished_use=Walked("use")).filter(wished_use__in=uses) if uses else units


def free(
    units: QuerySet[Unit],
    *,
    starts_on: date,
    ends_on: date | None = None,
    area_min: Decimal | None = None,
    today: date,
) -> QuerySet[Unit]:
    """The units of `fitting`, each with `free_until`."""
    found = fitting(units, starts_on=starts_on, ends_on=ends_on, area_min=area_min, today=today)
    return with_free_until(found, starts_on=starts_on, ends_on=ends_on, today=today)


def fitting(
    units: QuerySet[Unit],
    *,
    starts_on: date,
    ends_on: date | None = None,
    area_min: Decimal | None = None,
    today: date,
) -> QuerySet[Unit]:
    """Lettable units that nobody holds in [starts_on, ends_on), smallest sufficient area first.

    With `ends_on` None only the first day must be free; units that are split or close within a month are left out.
    A hold that has lapsed by `today` does not block; a tenant in holdover blocks until the unit is handed back.
    Use and areas are those of `starts_on`; a unit whose use is not lettable any more within the window is left out.
    Filters on area above, use and features are the caller's; the order (usable_area, pk) is the best fit.
    """
    ends = ends_on or day_after(starts_on)
    stands = ends_on or add_months(starts_on, LEAST_MONTHS)
    mine = Allocation.objects.filter(unit=OuterRef("pk"))
    dated = units.with_facts(starts_on)  # type: ignore[attr-defined]
    found = dated.alias(any_use=Walked("use")).filter(
        Q(closes_on=None) | Q(closes_on__gte=stands),
        ready("floor__building__", starts_on),
        Q(floor__building__closed_on=None) | Q(floor__building__closed_on__gte=stands),
        ~Exists(mine.live(today).overlapping(starts_on, ends)),
        ~Exists(mine.overstaying(today)),
        ~Exists(_not_let_after(starts_on).filter(starts_on__lt=stands)),
        usable_area__gte=area_min or Decimal("0.01"),
        any_use__in=LETTABLE_USES,
        opens_on__lte=starts_on,
    )
    return found.order_by("usable_area", "pk")


def with_free_until(
    units: QuerySet[Unit], *, starts_on: date, ends_on: date | None = None, today: date
) -> QuerySet[Unit]:
    """Units free on `starts_on`, or up to `ends_on`, with `free_until`, the day that ends; None: no end known."""
    live = Allocation.objects.filter(unit=OuterRef("pk")).live(today)
    later, not_let = _first(live.filter(starts_on__gte=ends_on or day_after(starts_on))), first_day_not_let(starts_on)
    taken_or_not_let = Least(Coalesce(later, not_let), Coalesce(not_let, later))
    return units.annotate(free_until=Coalesce(taken_or_not_let, F("closes_on")))


def first_day_not_let(after: date) -> Subquery:
    """The first day after `after` from which the use of a unit is not one to let, as recorded; NULL: none."""
    return _first(_not_let_after(after))


def _not_let_after(day: date) -> QuerySet[UnitPeriod]:
    return UnitPeriod.objects.filter(unit=OuterRef("pk"), starts_on__gt=day).exclude(use__in=LETTABLE_USES)


def _first(rows: QuerySet[Any]) -> Subquery:
    """The first day of the rows of a unit."""
    return Subquery(rows.order_by().values("unit").annotate(first=Min("starts_on")).values("first"))


def disclosable(units: QuerySet[Unit], *, ends_on: date, today: date, known: Collection[int] | None) -> QuerySet[Unit]:
    """Those `free` units whose vacancy before `ends_on` does not reveal when a tenant leaves (decision 0012).

    Outside the parks `known` to the reader (None for all), what is taken from today on stays taken: only what is free
    from today to the end of the window is found.
    """
    if known is None:
        return units
    stays = Allocation.objects.filter(unit=OuterRef("pk")).live(today).overlapping(today, ends_on)
    return units.filter(Q(floor__building__park__in=known) | ~Exists(stays))
