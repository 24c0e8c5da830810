"""A company and a lease for every running tenancy, so that each unit has a tenant."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from random import Random
from typing import cast

from django.db.models import Q, QuerySet

from spaces.models import Allocation, Park
from spaces.states import Purpose
from tenants.actions import companies, incubation, leases
from tenants.demo import events, invented, stories
from tenants.models import Company, Incubation, Lease, LeaseLine

TAKEN_OVER = "租赁台账补录 (示例) / taken over from the register (sample)"
# Published: the names of four of the six projects of Star Valley phase I. Two were not named.
STAR_VALLEY = (
    ("工大卫星", ""), ("超宽卫星", ""), ("航天驭星", ""), ("青鸾火箭", ""),
    ("未公布名称项目五 (示例)", "Project five, not named (sample)"),
    ("未公布名称项目六 (示例)", "Project six, not named (sample)"),
)  # fmt: skip
NAMED = 4
SEVERAL = 0.1  # share of tenants with another unit of their park
DEPOSIT_DAYS = 90


def running(today: date) -> QuerySet[Allocation]:
    """Running tenancies: signed and not over, or not handed back; in the order of their units' codes."""
    taken = Allocation.objects.filter(purpose=Purpose.TENANCY, signed_on__isnull=False, handed_back_on=None)
    taken = taken.filter(Q(moved_in_on__isnull=False) | Q(ends_on__gt=today))
    return (
        taken.select_related("unit__floor__building__park")
        .prefetch_related("unit__periods")
        .order_by("unit__code_order", "starts_on")
    )


def settle(today: date) -> dict[str, Company]:
    """Write companies and leases of all running tenancies; code of a unit -> its company."""
    taken = list(running(today))
    tenants = _tenants(taken, today)
    made = list({company.name: company for company in tenants}.values())
    begin = today - timedelta(days=events.TAKEN_OVER)
    with stories.acts_of(stories.morning(begin)):
        companies.register_many(made, by=None, why=TAKEN_OVER)
    rented = list(zip(taken, tenants, strict=True))
    of_then = {row.pk for row in taken if cast("date", row.signed_on) < begin}
    later = today - timedelta(days=events.MEASURED)
    _enter_leases([pair for pair in rented if pair[0].pk in of_then], begin, today)
    _enter_leases([pair for pair in rented if pair[0].pk not in of_then], later, today)
    found = {row.unit.code: company for row, company in zip(taken, tenants, strict=True)}
    _incubate(found, taken)
    return found


def _enter_leases(rented: list[tuple[Allocation, Company]], recorded_on: date, today: date) -> None:
    placed = [_lease(row, company) for row, company in rented]
    lines = [_line(lease, row) for lease, (row, _company) in zip(placed, rented, strict=True)]
    with stories.acts_of(stories.morning(recorded_on)):
        leases.place_many(placed, lines, by=None, on=today, why=TAKEN_OVER)


def applicant(place: int, today: date) -> Company:
    """A company without space, from the end of the list of invented ones."""
    return invented.company(len(invented.WORDS) * len(invented.FIELDS) - 1 - place, "哈尔滨", today)


def lease_of(code: str) -> Lease:
    """The lease of a unit today."""
    return LeaseLine.objects.select_related("lease").filter(unit__code=code).order_by("pk")[0].lease


def _tenants(taken: list[Allocation], today: date) -> list[Company]:
    """One company for each tenancy: the same after a renewal, and some with several units of their park."""
    rng = Random("tenants")  # noqa: S311 made up, the same on every machine
    made: list[Company] = []
    number = 0
    for park, rows in groupby(taken, key=lambda row: row.unit.floor.building.park):
        before: Allocation | None = None
        for place, row in enumerate(rows):
            stays = before is not None and before.unit_id == row.unit_id
            again = before is not None and row.unit.code not in events.SCRIPTED and rng.random() < SEVERAL
            if park.code == "STP":
                made.append(_project(place))
            elif stays or again:
                made.append(made[-1])
            else:
                made.append(invented.company(number, park.city, today))
                number += 1
            before = row
    return made


def _project(place: int) -> Company:
    name, name_en = STAR_VALLEY[place]
    return Company(
        name=name,
        name_en=name_en,
        registers_by=date(2027, 12, 31),  # sample: no credit code was published
        industry="航空航天",
        sample=place >= NAMED,
    )


def _lease(row: Allocation, company: Company) -> Lease:
    unit = row.unit
    deposit = (unit.usable_area or Decimal(0)) * (unit.asking_rent or Decimal(0)) * DEPOSIT_DAYS
    return Lease(
        company=company,
        park=unit.floor.building.park,
        starts_on=row.starts_on,
        ends_on=cast("date", row.ends_on),  # every tenancy of the demo has an end
        signed_on=row.signed_on,
        deposit=deposit.quantize(Decimal("0.01")) if deposit else None,
        sample=True,
    )


def _line(lease: Lease, row: Allocation) -> LeaseLine:
    unit = row.unit
    area, rent = unit.usable_area, unit.asking_rent
    return LeaseLine(lease=lease, unit=unit, allocation=row, contracted_area=area, rent_rate=rent)


def _incubate(found: dict[str, Company], taken: list[Allocation]) -> None:
    """Enter the tenants of the sample park as incubatees from the start of their leases, except those in a story."""
    for row in taken:
        park: Park = row.unit.floor.building.park
        company = found[row.unit.code]
        if park.code != "HIT-01" or row.unit.code in events.INCUBATED or row.moved_in_on is None:
            continue
        if not Incubation.objects.filter(company=company).exists():
            incubation.enter(company, park, entered_on=row.moved_in_on, rule="N18-12", by=None)
