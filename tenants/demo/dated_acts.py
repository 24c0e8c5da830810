"""Acts on single units, each through its action on its day."""

from datetime import date, timedelta
from decimal import Decimal
from typing import cast

from spaces.actions import allocations, units
from spaces.models import Allocation, Unit, User
from spaces.values import clock
from spaces.values.days import add_months, day_after
from spaces.values.periods import Validity
from tenants.demo import events
from tenants.demo.history import Stay, known
from tenants.demo.sample_units import shares
from tenants.demo.stories import acts_of, morning

HALF = Decimal("0.50")


def reconfigure(by_code: dict[str, Unit], by: User | None) -> None:
    """Splits, mergers and retired units; the parts are added to `by_code`."""
    for code, day, weights in events.SPLITS:
        whole = by_code[code]
        areas = shares(whole.usable_area or Decimal(0), weights, HALF)
        parts = [_like(whole, f"{code}{letter}", area) for letter, area in zip("ABC", areas, strict=False)]
        units.split(whole, parts, splits_on=day, by=by, on=day)
        by_code |= {part.code: part for part in parts}
    for codes, day in events.MERGERS:
        first, second = (by_code[code] for code in codes)
        joined = (first.usable_area or Decimal(0)) + (second.usable_area or Decimal(0))
        whole = _like(first, f"{first.code}-{second.code[-3:]}", joined)
        units.merge([first, second], whole, merges_on=day, by=by, on=day)
        by_code[whole.code] = whole
    for code, day, why in events.RETIRED:
        units.retire(by_code[code], closes_on=day, by=by, why=why, on=day)


def misread(by_code: dict[str, Unit]) -> None:
    """The area of a room as it stood in the first list, before it is written: too large."""
    unit = by_code[events.MISREAD]
    unit.usable_area = (unit.usable_area or Decimal(0)) + events.TOO_LARGE


def measured(by_code: dict[str, Unit], by: User) -> None:
    """The room was measured, and its area corrected for all days: what had been reported moves, and says why."""
    unit = by_code[events.MISREAD]
    area = (unit.usable_area or Decimal(0)) - events.TOO_LARGE
    units.update(
        unit, usable_area=area, why=events.WHY_MEASURED, by=by, on=clock.today(), validity=Validity.correction()
    )


def past(by_code: dict[str, Unit], by: User | None) -> None:
    """Periods out of service, a withdrawn hold, a lease cancelled before the move-in."""
    for code, since, until, reason in events.OFFLINE:
        allocations.take_offline(by_code[code], starts_on=since, ends_on=until, reason=reason, by=by, on=since)
    code, since, until, why = events.WITHDRAWN
    allocations.end_early(_held(by_code[code], since, since, 21, by), ends_on=until, by=by, why=why)
    code, since, until, why = events.CANCELLED
    day = since + timedelta(days=9)
    row = allocations.sign(_held(by_code[code], since, since, 21, by), signed_on=day, by=by, on=day)
    allocations.end_early(row, ends_on=until, by=by, why=why)


def star_valley(by_code: dict[str, Unit], today: date, by: User | None) -> None:
    """Six projects signed by the day of the published figures; four moved in once the building was ready."""
    moves = [date(2025, 3, 17), date(2025, 4, 8), date(2025, 6, 3), date(2025, 9, 1), None, None]
    ends_on = max(date(2029, 1, 1), date(today.year + 2, 1, 1))
    rooms = [unit for code, unit in sorted(by_code.items()) if code.startswith("STP-")]
    for place, (unit, moved_in_on) in enumerate(zip(rooms, moves, strict=True)):
        since = date(2024, 8, 12) + timedelta(days=9 * place)
        day = since + timedelta(days=14)
        (row,) = allocations.hold(
            [unit], starts_on=since, ends_on=ends_on, held_until=since + timedelta(days=30), by=by, on=since
        )
        row = allocations.sign(row, signed_on=day, by=by, on=day)
        if moved_in_on:
            allocations.move_in(row, moved_in_on=moved_in_on, by=by, on=moved_in_on)


def scripted(by_code: dict[str, Unit], today: date) -> list[Allocation]:
    """The tenancies since 2025 of the units with a scripted state today."""
    days = events.LATE | {code: -left for code, left in events.RUNNING.items()} | events.LEFT
    days |= {code: since + 25 for code, (since, _left) in events.HELD.items()}
    days |= {code: since + 45 for code, since in events.SIGNED.items()}
    days |= {code: since + 12 for code, since, *_rest in events.OFFLINE_NOW}
    rows = []
    for place, (code, ended) in enumerate(sorted(days.items())):
        start = events.SCRIPTED_FROM + timedelta(days=7 * (place % 17))
        moved, ends = start + timedelta(days=21), day_after(today - timedelta(days=ended))
        back = date.max if code in events.LATE else ends
        row = known(by_code[code], Stay(start, start + timedelta(days=6), moved, ends, back), today)
        rows += [row] if row else []
    return rows


def current(by_code: dict[str, Unit], today: date, by: User) -> None:
    """Holds, signatures and works of these weeks, by the park manager."""
    for code, since, left, reason in events.OFFLINE_NOW:
        start, end = today - timedelta(days=since), None if left is None else today + timedelta(days=left)
        with acts_of(morning(start)):
            allocations.take_offline(by_code[code], starts_on=start, ends_on=end, reason=reason, by=by, on=start)
    for code in sorted(events.HELD.keys() - events.TOLD):
        held, left = events.HELD[code]
        start = today - timedelta(days=held)
        _recorded_hold(by_code[code], start, held + left, by)
    for code in sorted(events.SIGNED.keys() - events.TOLD):
        day = today - timedelta(days=events.SIGNED[code])
        start = day - timedelta(days=10)
        _recorded_signature(by_code[code], start, 21, day, by)
    code, why = events.MISTYPED
    (row,) = by_code[code].allocations.filter(ends_on__gt=today)
    typed = cast("date", row.moved_in_on)  # its tenant has moved in
    allocations.correct(row, by=by, why=why, on=today, moved_in_on=typed + timedelta(days=3))


def promised(by_code: dict[str, Unit], today: date, by: User | None) -> None:
    """Space committed in buildings that are not ready: signed, and one hold."""
    for code in ("HIT-01-B-101", "HIT-01-B-202", "HEU-02-C-101", "HEU-02-C-102", "HEU-02-C-201"):
        start, day = today - timedelta(days=50), today - timedelta(days=38)
        _recorded_signature(by_code[code], start, 20, day, by)
    _recorded_hold(by_code["HIT-01-B-102"], today - timedelta(days=4), 18, by)


def _held(unit: Unit, starts_on: date, on: date, days: int, by: User | None) -> Allocation:
    """A hold for two years that lapses after `days`."""
    ends_on, held_until = add_months(starts_on, 24), on + timedelta(days=days)
    (row,) = allocations.hold([unit], starts_on=starts_on, ends_on=ends_on, held_until=held_until, by=by, on=on)
    return row


def _recorded_hold(unit: Unit, day: date, days: int, by: User | None) -> Allocation:
    """A hold from a day of these months, recorded on that day."""
    with acts_of(morning(day)):
        return _held(unit, day, day, days, by)


def _recorded_signature(unit: Unit, since: date, days: int, signed_on: date, by: User | None) -> None:
    """A hold and its signature, each recorded on its day."""
    row = _recorded_hold(unit, since, days, by)
    with acts_of(morning(signed_on)):
        allocations.sign(row, signed_on=signed_on, by=by, on=signed_on)


def _like(unit: Unit, code: str, area: Decimal) -> Unit:
    """A part or a union of units, with the facts of one of them."""
    names = (
        "use",
        "area_source",
        "area_standard",
        "area_on",
        "height_m",
        "load_kg_m2",
        "power_kw",
        "water",
        "network",
    )
    facts = {name: getattr(unit, name) for name in names} | {"usable_area": area}
    return Unit(code=code, **facts)
