"""The refusal of an allocation because of another one, with the days of that one as far as the user may see them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from spaces.actions.conflicts import codes_of
from spaces.models import Allocation, User
from spaces.values.days import last_day


def taken(row: Allocation) -> str:
    """From when to when an allocation takes its unit, as a sentence."""
    message = _("%(unit)s is already taken from %(first)s to %(last)s.")
    if row.ends_on is None:
        message = _("%(unit)s is already taken from %(first)s on, without an end.")
    return message % {"unit": row.unit, "first": row.starts_on, "last": last_day(row.ends_on)}


@contextmanager
def days_named(row: Allocation, by: User | None) -> Iterator[None]:
    """Name the days in a refusal `unit_overlap` of the block, which writes `row`."""
    try:
        yield
    except ValidationError as error:
        if codes_of(error) == {"unit_overlap"} and not getattr(error, "by_database", False):
            raise _with_days(row, by) or error from None
        raise


def _with_days(row: Allocation, by: User | None) -> ValidationError | None:
    others = Allocation.objects.filter(unit=row.unit_id).exclude(pk=row.pk)
    visible = others if by is None else others.visible_to(by)
    first = visible.overlapping(row.starts_on, row.ends_on).order_by("starts_on").first()
    if first is None:
        return None
    first.unit = row.unit
    return ValidationError({"__all__": ValidationError(taken(first), code="unit_overlap")})
