"""Invented tenancies of a unit over the years, the same on every machine and every day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from spaces.models import Allocation, Unit
from spaces.states import Purpose
from spaces.values.days import add_months
from tenants.demo import events
from tenants.demo.facts import NEW

LENGTHS = {60: [6, 12, 12, 18, 24], 400: [12, 12, 18, 24, 24], 10**9: [12, 24, 24, 36, 36]}  # months, by area below
EMPTY_DAYS = {2021: 190, 2022: 175, 2023: 160, 2024: 150, 2025: 120, 2026: 105}  # at most, between two tenants
EMPTY_LATER = 100
RENEWS, LATE = 0.45, 0.09
SITTING = 0.62  # share of older units that are let when the register begins
SHORTEST_DAYS = 90  # no tenancy begins if less is left


@dataclass(frozen=True, slots=True)
class Stay:
    """A tenancy with all its milestones, past and future."""

    starts_on: date
    signed_on: date
    moved_in_on: date
    ends_on: date
    handed_back_on: date


def allocations(unit: Unit, since: date, today: date) -> Iterator[Allocation]:
    """The tenancies of a unit from its first day as they are known today."""
    rng = Random(f"stays {unit.code}")  # noqa: S311 made-up leases, the same on every machine
    fresh = unit.code.rsplit("-", 2)[0] in NEW
    for start, end in _windows(since, events.blocked(unit.code)):
        for stay in _stays(rng, start, end, unit.usable_area or Decimal(80), fresh=fresh):
            if stay.starts_on > today + timedelta(days=90):
                break
            row = known(unit, stay, today)
            if row is not None:
                yield row


def known(unit: Unit, stay: Stay, today: date) -> Allocation | None:
    """A tenancy with the milestones it has reached; None before its first one."""
    if stay.signed_on > today and stay.starts_on > today:
        return None
    row = Allocation(unit=unit, purpose=Purpose.TENANCY, starts_on=stay.starts_on, ends_on=stay.ends_on)
    if stay.signed_on > today:
        row.held_until = stay.signed_on + timedelta(days=7)
        return row
    row.signed_on = stay.signed_on
    row.moved_in_on = stay.moved_in_on if stay.moved_in_on <= today else None
    row.handed_back_on = stay.handed_back_on if stay.handed_back_on <= today else None
    return row


def _windows(since: date, blocks: list[tuple[date, date]]) -> Iterator[tuple[date, date]]:
    for start, end in [*blocks, (date.max, date.max)]:
        if since < start:
            yield since, start
        since = max(since, end)


def _stays(rng: Random, since: date, until: date, area: Decimal, *, fresh: bool) -> Iterator[Stay]:
    """Successive tenancies inside [since, until): renewed, or followed by another after a vacancy."""
    lengths = next(months for below, months in LENGTHS.items() if area < below)
    start, sitting = since, not fresh and rng.random() < SITTING
    if not sitting:
        start += timedelta(days=rng.randint(20, 420 if fresh else 240))
    left = rng.randint(3, 24) if sitting else None  # an existing tenant has this many months left
    while (until - start).days > SHORTEST_DAYS:
        signed, moved = _milestones(rng, start, sitting=sitting)
        ends = min(add_months(start, left or rng.choice(lengths)), until)
        sitting, left = rng.random() < RENEWS, None
        late = not sitting and rng.random() < LATE
        back = min(ends + timedelta(days=rng.randint(5, 40) if late else 0), until)
        yield Stay(start, signed, moved, ends, back)
        empty = rng.randint(5, EMPTY_DAYS.get(ends.year, EMPTY_LATER))
        start = ends if sitting else back + timedelta(days=empty)


def _milestones(rng: Random, start: date, *, sitting: bool) -> tuple[date, date]:
    """Days of signature and move-in: at a renewal before its start; for a new tenant after a hold."""
    if sitting:
        return start - timedelta(days=rng.randint(10, 60)), start
    signed = start + timedelta(days=rng.randint(5, 20))
    return signed, signed + timedelta(days=rng.randint(10, 55))
