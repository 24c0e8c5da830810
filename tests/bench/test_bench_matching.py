from datetime import date
from decimal import Decimal

import pytest

from tests import make
from tests.bench import matching
from tests.bench.questions import WrongAnswerError

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def test_the_bench_times_the_same_question_both_ways():
    floor = make.floor()
    for number, area in enumerate(["120.00", "130.00", "500.00"]):
        make.unit(floor=floor, code=f"40{number}", usable_area=Decimal(area))

    times = matching.compare(2)

    assert list(times) == [matching.BASE, *matching.CASES]
    assert min(times.values()) > 0
    assert [matching.check(requirements) for requirements in matching.CASES.values()] == [2, 1, 3]
    assert matching.report("SQLite", {matching.BASE: 2.0, "match": 30.0}).splitlines()[2:] == [
        "| one vacancy query | 2.0 | 1.00 |",
        "| match | 30.0 | 15.00 |",
    ]


def test_the_bench_refuses_to_time_a_wrong_answer(monkeypatch):
    make.allocation(unit=make.unit(usable_area=Decimal(120)), starts_on=date(2026, 1, 1))
    monkeypatch.setattr(matching.vacancy, "free", lambda units, **_asked: units)

    with pytest.raises(WrongAnswerError, match="different units"):
        matching.compare(1)
