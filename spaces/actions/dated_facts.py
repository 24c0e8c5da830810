"""Write facts that hold from a day on (`spaces.models.dated_facts`), or correct them for days before."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any

from spaces import changes
from spaces.actions import day_bounds
from spaces.actions.writing import change, create, refusal
from spaces.changes.versions import Seen, as_seen
from spaces.models import Change, User
from spaces.models.dated_facts import Dated, FactPeriod
from spaces.values.periods import EVER, Period, Validity


def differing(row: Dated, facts: Mapping[str, Any], validity: Validity, *, seen: Seen | None) -> dict[str, Any]:
    """The facts that differ on any day of the validity, by what the sender had seen (`versions.as_seen`)."""
    periods = within(row, validity, facts)
    changed = _changed_since(periods, seen)
    if seen is not None and seen.version is not None and changed is None:
        kept = {name: value for name, value in facts.items() if name not in seen.theirs}
    else:
        merged = seen.merged if seen else []
        kept = as_seen(changed or periods[-1], seen, facts)
        if seen:
            seen.merged = [*merged, *seen.merged]
    return {name: value for name, value in kept.items() if any(getattr(each, name) != value for each in periods)}


def write(row: Dated, facts: Mapping[str, Any], validity: Validity, *, by: User | None, why: str) -> None:
    """Write facts on the days of the validity of a locked row. Raises ValidationError by field."""
    days = span(row, validity, facts)
    for period in within(row, validity, facts):
        _overwrite(period, days, facts, verb="correct" if validity.corrects else "change", by=by, why=why)


def check_reason(
    row: Dated, facts: Mapping[str, Any], validity: Validity, *, moving: Collection[str], why: str, message: str
) -> None:
    """Check that there is a reason for a correction, and where a known fact of `moving` changes: code reason."""
    periods = within(row, validity, facts)
    known = (getattr(period, name) for period in periods for name in moving if name in facts)
    if not why.strip() and (validity.corrects or any(value not in (None, "") for value in known)):
        raise refusal("why", message, "reason")


def check_days(validity: Validity, *, since: date, on: date) -> None:
    """Check that the days begin at `since` at the earliest, and at most ten years ahead: codes early, far."""
    first, last = validity.period.starts_on, validity.period.last_day
    names = names_of_days(validity)
    furthest = day_bounds.years_from(on, day_bounds.FURTHEST_START)
    if first != EVER:
        day_bounds.not_before(first, min(since, on), names[0])
        day_bounds.not_beyond(first, furthest, names[0])
    if last:
        day_bounds.not_before(last, since, names[1])
        day_bounds.not_beyond(last, furthest, names[1])


def names_of_days(validity: Validity) -> tuple[str, str]:
    """The fields for the first and the last day of a validity."""
    return ("first_wrong", "last_wrong") if validity.corrects else ("from_day", "from_day")


def span(row: Dated, validity: Validity, names: Collection[str]) -> Period:
    """The days that are written: a change of some facts ends where the next change of one of them is recorded."""
    if validity.corrects:
        return validity.period
    start = validity.period.starts_on
    running = row.facts_of(start)
    later = sorted((each for each in row.periods.all() if each.starts_on > start), key=attrgetter("starts_on"))
    changed = (
        each.starts_on for each in later if any(getattr(each, name) != getattr(running, name) for name in names)
    )
    return Period(start, next(changed, None))


def within(row: Dated, validity: Validity, names: Collection[str]) -> list[Any]:
    """The periods that hold on any of the days that are written, ascending."""
    days = span(row, validity, names)
    return sorted((each for each in row.periods.all() if each.period.overlaps(days)), key=attrgetter("starts_on"))


def record_first(rows: Sequence[Dated], verb: str, *, by: User | None, why: str) -> None:
    """Record the first periods of new rows of one model."""
    model = rows[0].period_model()
    periods = model.objects.filter(**{f"{model.OF}__in": rows}).select_related(*model.READ_WITH)
    changes.record_many(periods, verb, by=by, why=why)


def _changed_since(periods: Sequence[FactPeriod], seen: Seen | None) -> FactPeriod | None:
    """Of some periods of a row the one that was changed last since the page was opened; None if none was."""
    if seen is None or seen.version is None:
        return None
    known = {period.pk: period for period in periods}
    since = Change.objects.filter(object_type=periods[0]._meta.label_lower, pk__gt=seen.version)
    newest = since.filter(object_id__in=known).order_by("pk").values_list("object_id", flat=True).last()
    return None if newest is None else known[newest]


def _overwrite(
    period: FactPeriod, days: Period, facts: Mapping[str, Any], *, verb: str, by: User | None, why: str
) -> None:
    """Write facts on those days of a period that are inside; what lies before and after keeps its facts."""
    if all(getattr(period, name) == value for name, value in facts.items()):
        return
    whole, old, of = period.period, period.facts(), {period.OF: period.row}
    ends_on = min(whole.ends_on or date.max, days.ends_on or date.max)
    until = None if ends_on == date.max else ends_on
    new = type(period)
    if whole.starts_on < days.starts_on:
        change(period, verb, by=by, why=why, ends_on=days.starts_on)
        inside = new(**of, starts_on=days.starts_on, ends_on=until, **old | dict(facts))
        create(inside, verb, by=by, why=why)
    else:
        change(period, verb, by=by, why=why, ends_on=until, **facts)
    if until and until != whole.ends_on:
        create(new(**of, starts_on=until, ends_on=whole.ends_on, **old), verb, by=by, why=why)
