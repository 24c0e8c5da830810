"""Runs of a unit that is used for one thing, then another, and grows: on each day they are those of that day's fact.

That runs of one fact are what SQL, Python and trend say is in test_ledger.py.
"""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from spaces.ledger.runs import FOREVER, AllocationDays, Fact, Life, runs_of
from tests.spaces.test_ledger import DAYS, SPAN, START, histories

AREAS = st.none() | st.integers(1, 9_999).map(lambda n: Decimal(n).scaleb(-2))
EVERY_DAY = [START + timedelta(days=number) for number in range(-7, SPAN + 15)]


def life_of(place):
    unit, building = place["unit"], place["building"]
    return Life(
        unit["opens_on"], unit["closes_on"], building["closed_on"], building["ready_on"], place["park"]["opened_on"]
    )


def spells_of(place):
    return [AllocationDays(**dict.fromkeys(AllocationDays._fields) | row) for row in place["allocations"]]


@given(
    places=histories(),
    cuts=st.sets(DAYS, max_size=3),
    uses=st.lists(st.sampled_from(["lab", "office", "ancillary"]), min_size=4, max_size=4),
    areas=st.lists(AREAS, min_size=4, max_size=4),
    today=DAYS,
)
def test_each_day_has_the_state_and_area_of_the_fact_that_covers_it(places, cuts, uses, areas, today):
    ends = [*sorted(cuts), None]
    for place in places:
        life, spells = life_of(place), spells_of(place)
        facts = [
            Fact(since or START - timedelta(days=99), until, use, area)
            for (since, until), use, area in zip(pairwise([None, *ends]), uses, areas, strict=False)
        ]
        whole = runs_of(life, facts, spells)

        for run, after in (*pairwise(whole.base), *pairwise(whole.over)):
            assert run.since < run.until <= after.since < after.until
        for day in EVERY_DAY:
            (fact,) = (each for each in facts if each.starts_on <= day < (each.ends_on or FOREVER))
            alone = runs_of(life, [Fact(life.opens_on, None, fact.use, fact.area)], spells)
            assert whole.state_on(day, today=today) == alone.state_on(day, today=today)
            assert {run.area for run in whole.base if run.since <= day < run.until} <= {fact.area}
            assert {run.area for run in whole.over if run.since <= day < run.until} <= {fact.area}
