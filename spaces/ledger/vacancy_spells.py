"""Since when a unit is vacant: the first day of the unbroken run of the state `vacant` that includes the day.

Rules: docs/definitions.md.
"""

from datetime import date, timedelta

from django.db.models import Case, DateField, F, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest, Least

from spaces.models import Allocation, Unit, UnitPeriod
from spaces.states import LETTABLE_USES, UnitState
from spaces.values.days import day_after

BUILDING = "floor__building__"


def with_vacant_since(units: QuerySet[Unit], *, on: date, today: date) -> QuerySet[Unit]:
    """The units of `with_state`, each with `vacant_since`, None unless it is vacant that day."""
    vacant = When(state=UnitState.VACANT, then=vacancy_began(on, today=today))
    return units.annotate(vacant_since=Case(vacant, default=None, output_field=DateField()))


def vacancy_began(on: date, *, today: date) -> Greatest:
    """For a unit that is vacant on the day, the first day of this vacancy: the latest on which anything else ended.

    That is the unit's opening, the day its building is ready and its park open, the end of the last period in which it
    could not be let, and the end of the last allocation. Of any other unit it says nothing.
    """
    opens_on = F("opens_on")
    ends = (F(f"{BUILDING}ready_on"), F(f"{BUILDING}park__opened_on"), _not_let_until(on), _taken_until(on, today))
    # Without a value MAX of SQLite would be NULL, GREATEST of PostgreSQL the latest of the others.
    return Greatest(opens_on, *(Coalesce(end, opens_on) for end in ends), output_field=DateField())


def days_vacant(since: date, on: date) -> int:
    """Days from the first day of a vacancy to the day asked about: 0 on the first."""
    return (on - since).days


def began_by(days: int, on: date) -> date:
    """The last day on which a vacancy of at least so many `days_vacant` began."""
    return on - timedelta(days=days)


def vacant_since(unit: Unit, *, on: date, today: date) -> date | None:
    """The first day of the vacancy of one unit that is vacant on the day. One query."""
    rows: QuerySet[Unit] = Unit.objects.filter(pk=unit.pk)
    began: date | None = rows.values_list(vacancy_began(on, today=today), flat=True).first()
    return began


def _not_let_until(on: date) -> Subquery:
    """The end of the last period before the day in which the use of a unit was not one to let, or its area unknown."""
    other = ~Q(use__in=LETTABLE_USES) | Q(usable_area=None)
    rows = UnitPeriod.objects.filter(other, unit=OuterRef("pk"), ends_on__lte=on)
    return _latest(rows, F("ends_on"))


def _taken_until(on: date, today: date) -> Subquery:
    """The end of what the allocations of a unit that is vacant on the day made of it.

    A hold ends when it lapses, a tenancy with the hand-back of a tenant who stayed on: tomorrow for one who is still
    there, as holdover is never forecast.
    """
    tomorrow = Value(day_after(today), output_field=DateField())
    back = Least(Coalesce("handed_back_on", tomorrow), tomorrow)
    until = Case(
        When(signed_on=None, held_until__isnull=False, then=Least("held_until", "ends_on")),
        When(moved_in_on__isnull=False, then=Greatest("ends_on", back)),
        default=F("ends_on"),
        output_field=DateField(),
    )
    never_held = Q(held_until__isnull=False, held_until__lte=F("starts_on"))
    rows = Allocation.objects.filter(unit=OuterRef("pk"), starts_on__lte=on).exclude(never_held)
    return _latest(rows, until)


def _latest(rows: QuerySet[Allocation] | QuerySet[UnitPeriod], day: Case | F) -> Subquery:
    return Subquery(rows.order_by().values("unit").annotate(latest=Max(day)).values("latest"))
