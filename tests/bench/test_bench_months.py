"""A small run of each side: what is compared gives one answer, and a hold without the ledger leaves out no more."""

import pytest

from spaces.models import Allocation, CountedUnit, LedgerDelta
from tests.bench import data, months
from tests.bench.questions import WrongAnswerError
from tests.bench.rounds import measure

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def test_join_and_trend_are_compared_before_they_are_timed(monkeypatch):
    data.fill(400)

    form, joined = months.quickest()
    times = measure(months.trends() | {"rollup": months.rollup}, 1)
    monkeypatch.setattr(months, "OPENINGS", months.OPENINGS.replace("park = 0", "park = 1"))

    assert form
    assert min(joined, *times.values()) > 0
    with pytest.raises(WrongAnswerError, match="openings"):
        months.trends()


def test_parks_stay_when_their_units_become_fewer():
    data.fill(20, spread=72)

    assert data.Park.objects.count() == 20
    assert data.Unit.objects.count() == 20
    assert data.Unit.objects.values("floor__building__park").distinct().count() == 20


def test_the_statements_of_a_hold_are_run_and_rolled_back():
    data.fill(200)
    held = Allocation.objects.count()

    sent = months._statements()
    months._replay(sent)

    assert [sum(table in sql for sql, _params in sent) for table in months.LEDGER] == [2, 1]
    assert Allocation.objects.count() == held
    assert not LedgerDelta.objects.exists()
    assert not CountedUnit.objects.filter(stale=True).exists()


def test_the_report_is_of_ratios():
    timings = months.MonthTimings("SQLite", 7200, 20000, "hash", 900.0, 0.5, 0.4, 2.0, 7.0, 1.0, 2.1)

    assert months.report([timings]).splitlines()[2] == (
        "| SQLite | 7,200 / 20,000 | 1,800 | 1.25 | 3.50 | 2.10 | 900.0 (hash), 0.50, 2.00, 1.00 |"
    )
