"""The periods of facts that hold from a day on, as a page lists them."""

from spaces.values.periods import EVER, Period

ALWAYS = Period(EVER)


def periods_shown(row, until=None, life=ALWAYS):
    """(period of `row`, its days within its life), newest first; nothing where there is only one.

    Without those after `until`, and without the end of the last: nobody is to see there what follows.
    """
    found = [(period, period.period.within(life)) for period in row.periods.all()]
    shown = [(period, days) for period, days in found if days and (until is None or days.starts_on <= until)]
    if until:
        shown = [
            (period, Period(days.starts_on) if days.ends_on and days.ends_on > until else days)
            for period, days in shown
        ]
    return sorted(shown, key=lambda pair: pair[0].starts_on, reverse=True) if len(shown) > 1 else []
