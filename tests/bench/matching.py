"""Matching over one park of 2,000 units, combinations of up to four included, beside a single vacancy query."""

from datetime import date
from decimal import Decimal

from spaces.ledger import vacancy
from spaces.models import Adjacency, Allocation, Building, Park, Unit
from tenants import matching
from tenants.matching import Requirements
from tests.bench import data, scratch
from tests.bench.questions import WrongAnswerError
from tests.bench.rounds import measure
from tests.bench.run import PRODUCTION, version

UNITS = 2_000
MONTHS = 12
BASE = "one vacancy query"
ASKED = {"use": "office", "needed_by": date(2026, 9, 30), "months": MONTHS}
CASES = {
    "match, one unit will do": Requirements(area_min=Decimal(100), area_max=Decimal(160), **ASKED),
    "match, two to four together": Requirements(area_min=Decimal(450), area_max=Decimal(600), **ASKED),
    "match, anything": Requirements(needed_by=ASKED["needed_by"]),
}


def run(database, rounds, tell):
    """The table of one database, given by its settings."""
    with PRODUCTION, scratch.connected(database):
        name = version()
        tell(f"{name}: matching in one park of {UNITS:,} units")
        fill(UNITS)
        data.settle()
        by_number = report(f"{name}, adjacent by number", compare(rounds))
        draw()
        data.settle()
        return "\n\n".join([by_number, report(f"{name}, adjacent by plan", compare(rounds))])


def fill(units):
    """All buildings in one park."""
    data.fill(units)
    Building.objects.update(park=Park.objects.order_by("pk").first())


def draw():
    """On every floor two rows of rooms back to back, adjacent on record: the most that offices share walls."""
    floors = {}
    for floor, pk in Unit.objects.order_by("floor", "code_order").values_list("floor", "pk"):
        floors.setdefault(floor, []).append(pk)
    pairs = []
    for rooms in floors.values():
        row = -(-len(rooms) // 2)
        beside = [(place, place + 1) for place in range(len(rooms) - 1) if place + 1 != row]
        pairs += [
            (rooms[one], rooms[other])
            for one, other in beside + list(zip(range(row), range(row, len(rooms)), strict=False))
        ]
    rows = [Adjacency(first_id=min(pair), second_id=max(pair), connected=True, source="found") for pair in pairs]
    Adjacency.objects.bulk_create(rows, batch_size=500)


def compare(rounds):
    """Name -> ms. The answers are held against each other first."""
    for requirements in CASES.values():
        check(requirements)
    sides = {BASE: lambda: list(_free(CASES["match, one unit will do"])[:51])}
    sides |= {name: lambda requirements=requirements: matching.match(requirements, Unit.objects.all(), on=data.TODAY)
              for name, requirements in CASES.items()}  # fmt: skip
    return measure(sides, rounds)


def check(requirements):
    """The units that fit alone from today on are those that the vacancy query finds; returns how many."""
    match = matching.match(requirements, Unit.objects.all(), on=data.TODAY)
    alone = {fit.ids[0] for fit in match.fits if len(fit.ids) == 1 and fit.starts_on == data.TODAY}
    # The rows of the bench know hand-backs of days to come; the vacancy query takes those keys as back already.
    late = set(Allocation.objects.overstaying(data.TODAY).values_list("unit_id", flat=True))
    if alone != {unit.pk for unit in _free(requirements)} - late:
        raise WrongAnswerError("Matching and the vacancy query find different units.")
    return len(alone)


def report(database, times):
    """Markdown: each side in ms and as a multiple of the vacancy query."""
    rows = [f"| {name} | {took:.1f} | {took / times[BASE]:.2f} |" for name, took in times.items()]
    head = f"| {database}, one park of {UNITS:,} units | ms | ÷ {BASE} |"
    return "\n".join([head, "| --- | --- | --- |", *rows])


def _free(requirements):
    term = {"starts_on": data.TODAY, "ends_on": date(data.TODAY.year + 1, data.TODAY.month, data.TODAY.day)}
    units = Unit.objects.with_facts(data.TODAY).filter(**{"use": requirements.use} if requirements.use else {})
    if requirements.area_max is not None:
        units = units.filter(usable_area__lte=requirements.area_max)
    return vacancy.free(units, **term, area_min=requirements.area_min, today=data.TODAY)
