from datetime import date

import pytest

from tenants.models import LeaseLine
from tests import make
from tests.bench import leases, stacks

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def test_the_bench_weighs_the_plan_of_units_with_leases(monkeypatch):
    monkeypatch.setattr(leases, "COMPANIES", 2)
    floor = make.floor()
    for number in range(3):
        unit = make.unit(floor=floor, code=f"B-{number}")
        make.allocation(unit=unit, signed_on=date(2026, 1, 1), ends_on=date(2027, 1, 1))
    leases.let()

    times, weights = stacks.compare(1)

    assert LeaseLine.objects.count() == 3
    assert list(times) == ["trivial", *stacks.SIDES, "by state, as the first after a write"]
    assert min(times.values()) > 0
    assert all(size > packed > 1000 and asked > 1 for size, packed, asked in weights.values())
    assert stacks.report("SQLite", {"trivial": 2.0, "by state": 6.0}, {"trivial": (2048, 1024, 2),
                         "by state": (20480, 2048, 11)}).splitlines()[2:] == [
        "| trivial | 2.0 | 1.00 | 2 | 1 | 2 |",
        "| by state | 6.0 | 3.00 | 20 | 2 | 11 |",
    ]  # fmt: skip
