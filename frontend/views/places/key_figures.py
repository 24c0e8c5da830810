"""The key figures of a scope with their changes since the last month and since January, and its ranked bars."""

from datetime import date

from django.utils.translation import gettext as _

from frontend.site.links import state_links
from spaces.states import UnitState
from spaces.values.days import last_day

LONGEST = 200  # the width of the longest bar, in the steps of the style sheet


def key_figures(request, days, balances, **scope):
    """Lettable area, occupancy and vacant area on the last of `days`, each with its changes.

    `days`: ends of months, as the trend has them, a year at least; `scope`: the filter of the units they are of.
    """
    now, links = balances[-1], state_links(request, **scope)
    earlier = [(word, day, balances[days.index(day)]) for word, day in _compared_days(days)]

    def of(name, value, definition, state, *, rate=None):
        exact = rate or value
        changes = [
            {"word": word, "day": day, "by": _difference(exact(now), exact(then)),
             "url": state_links(request, on=day, **scope)[state]}
            for word, day, then in earlier
        ]  # fmt: skip
        return {"name": name, "value": value(now), "is_rate": rate is not None, "url": links[state],
                "definition": definition, "changes": changes}  # fmt: skip

    return [
        of(_("Vacant"), lambda balance: balance.areas[UnitState.VACANT], "vacant", "vacant"),
        of(_("Occupancy"), lambda balance: balance.rate_occupied, "rate_occupied", "taken", rate=_occupancy),
        of(_("Lettable area"), lambda balance: balance.lettable, "lettable", "lettable"),
    ]


def _compared_days(days):
    """The end of the last month and that of the last year, as far as `days` has them."""
    today = days[-1]
    last_month, last_year = last_day(today.replace(day=1)), last_day(date(today.year, 1, 1))
    wanted = ((_("since the end of last month"), last_month), (_("since the end of last year"), last_year))
    return [(word, day) for word, day in wanted if day in days]


def _occupancy(balance):
    """The occupancy before it is rounded: a difference of rounded rates can be a step too far."""
    return balance.taken / balance.lettable if balance.lettable else None


def _difference(now, then):
    return None if now is None or then is None else now - then


def ranked(rows, number):
    """The rows of a table of places with most vacant area, as bars: `width` and the `rest` of LONGEST steps."""
    found = sorted((row for row in rows if _vacant(row)), key=lambda row: -_vacant(row))[:number]
    widths = [max(1, round(_vacant(row) / _vacant(found[0]) * LONGEST)) for row in found]
    return [row | {"width": width, "rest": LONGEST - width} for row, width in zip(found, widths, strict=True)]


def _vacant(row):
    return row["balance"].areas[UnitState.VACANT]
