"""The moment asked about: what a reader may ask, and what the record can answer."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spaces.models import Change
from spaces.models.people import INSIDERS, AnyUser, holds
from spaces.values import clock
from spaces.values.days import FIRST, LAST, day_after

TICK = timedelta(microseconds=1)
LONGEST = 40
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(
    rf"{DAY.pattern}[T ][0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}(\.[0-9]{{1,6}})?)?(Z|[+-][0-9]{{2}}:[0-9]{{2}})?"
)
FOR_STAFF = gettext_lazy(
    "What was known earlier is for those who look after a place, officials and auditors. "
    "A system admin grants these roles."
)
# Rows of these types held a fact of the day as a column before it had periods: what they say cannot be rebuilt.
BEFORE_PERIODS = Q(object_type="spaces.unit", after__has_key="usable_area") | Q(
    object_type="spaces.park", after__has_key="kind"
)

UNENCODED = re.compile(r"(:[0-9]{2}(?:\.[0-9]+)?) ([0-9]{2}:[0-9]{2})$")  # a plus that an address has made a space


def end_of(day: date) -> datetime:
    """The last moment of a day; of today, which is not over: now."""
    if day == clock.today():
        return clock.now()
    return timezone.make_aware(datetime.combine(day_after(day), time())) - TICK


def read(text: str) -> datetime:
    """The moment of an ISO text: a day, which is its end, or a moment, local where it names no zone.

    Raises ValidationError `known_on`.
    """
    moment = _moment(UNENCODED.sub(r"\1+\2", text.strip()))
    if moment is None:
        message = _("“%(value)s” is neither a day (2027-03-05) nor a moment (2027-03-05T18:00) from 2000 to 2099.")
        raise ValidationError(message, code="known_on", params={"value": text[:LONGEST]})
    return moment


def refuse(moment: datetime, user: AnyUser) -> None:
    """PermissionDenied for who may not ask; ValidationError `known_on` for what the record cannot answer."""
    if user.pk is None or not holds(user, INSIDERS):
        raise PermissionDenied(FOR_STAFF)
    if moment > clock.now():
        message = _("%(moment)s has not come yet: nobody knows what will be known then. Ask for a moment up to now.")
        raise ValidationError(message, code="known_on", params={"moment": _shown(moment)})
    begins = _begins()
    if begins is None or moment < begins:
        message = _("Nothing that can be read today was recorded by %(moment)s. The record begins on %(day)s.")
        day = timezone.localdate(begins) if begins else clock.today()
        raise ValidationError(message, code="known_on", params={"moment": _shown(moment), "day": day})


def _moment(text: str) -> datetime | None:
    """None for what is no moment, or lies outside the days that can be entered.

    In UTC whatever its zone: PostgreSQL reads none of 16 hours or more, which Python does.
    """
    try:
        if DAY.fullmatch(text):
            day = date.fromisoformat(text)
            return end_of(day) if FIRST <= day <= LAST else None
        moment = datetime.fromisoformat(text) if MOMENT.fullmatch(text) else None
        if moment is None or not FIRST < moment.date() < LAST:
            return None
        return (timezone.make_aware(moment) if timezone.is_naive(moment) else moment).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _begins() -> datetime | None:
    """When the first park was recorded, or the last change that cannot be rebuilt; None: never."""
    parks = Change.objects.filter(object_type="spaces.park")
    return _last_before_periods() or parks.order_by("at").values_list("at", flat=True).first()


@cache
def _last_before_periods() -> datetime | None:
    """No such row is ever added, so that one look in the life of a process is enough."""
    return Change.objects.filter(BEFORE_PERIODS).order_by("-pk").values_list("at", flat=True).first()


def _shown(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
