"""The bench compares answers before it times them; here it does so on a small province."""

from dataclasses import replace

import pytest

from tests.bench import cold, data, leases, pages
from tests.bench.questions import WrongAnswerError, questions
from tests.bench.rounds import measure
from tests.bench.run import Run, compared, timing
from tests.bench.tables import report

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
UNITS = 400


@pytest.fixture
def allocations(db):
    return data.fill(UNITS)


def test_the_sql_by_hand_gives_the_answers_of_ledger_and_vacancy(allocations):
    found = {question.name: question.check() for question in compared()}

    assert 2 * UNITS < allocations < 4 * UNITS
    assert found["Ledger by ecosystem"] == 6  # parks come one after the other: six of 72 units, in six ecosystems
    assert found["Vacancy search, one use"] > 3
    assert found["Vacancy search, any use"] > found["Vacancy search, one use"]


def test_a_wrong_answer_is_told(allocations):
    right = questions()[0]
    early = {"a day early": right.forms["probe"].replace("a.ends_on > %(on)s", "a.ends_on >= %(on)s")}
    closed = data.Allocation.objects.filter(purpose="offline", starts_on__lt=data.TODAY, ends_on__gt=data.TODAY)
    closed.update(ends_on=data.TODAY)

    with pytest.raises(WrongAnswerError, match="a day early"):
        replace(right, forms=early).check()


def test_every_side_is_timed_and_told(allocations):
    timings = {question.name: timing(question, 1) for question in questions()}
    sides = measure(dict.fromkeys(pages.visits(), lambda: None), 1)
    cold_costs = {"trivial": 2.0, "parks": 9.0}, {"trivial": 2, "parks": 4}
    run = Run("SQLite", UNITS, allocations, timings, sides, dict.fromkeys(pages.LISTS, 4), *cold_costs)

    result = report([run])

    assert all(took.best > 0 and took.call > 0 for took in timings.values())
    assert all(f"| {name} |" in result for name in [*timings, *pages.LISTS])
    assert "| parks | 10 | 4.50 (4) |" in result


def test_each_page_opens_for_its_first_visitor(allocations):
    leases.let()

    times, statements = cold.compare(1)

    assert set(times) == set(statements) == {*cold.PAGES, *cold.KNOWN}


def test_a_list_takes_six_statements_at_most(allocations):
    """Finding space asks one more: whether this reader may know until when a unit is taken. Parks have two totals."""
    more = {name: number for name, number in pages.lists().items() if number > 6}
    assert more == {"vacancy-list": 7, "park-list": 7}
