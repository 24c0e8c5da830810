"""Options of charts from numbers; static/frontend/charts.js draws them beside a table of the same numbers."""

from django.utils.translation import gettext as _

from frontend.graphics.line_chart import INKS
from frontend.graphics.palette import PAINTS
from spaces.states import LETTABLE_STATES


def occupancy(days, balances, description):
    """Lines in per cent: the occupied and the signed share of the lettable area; numbers for drawing only."""
    return {
        "description": str(description),
        "days": [day.isoformat() for day in days],
        "series": [
            _line(_("Occupancy"), PAINTS["s-committed"].fill, [balance.rate_occupied for balance in balances]),
            _line(
                _("Committed rate"),
                PAINTS["s-offline"].fill,
                [balance.rate_committed for balance in balances],
                dashed=True,
            ),
        ],
    }


def ahead(days, series):
    """Lines of the scenarios of the forecast, to be drawn on from the last day of `occupancy`."""
    return {
        "days": [day.isoformat() for day in days],
        "series": [_line(label, ink, rates, dashed=True) for (label, rates), ink in zip(series, INKS, strict=True)],
    }


def _line(name, colour, rates, *, dashed=False):
    percents = [None if rate is None else float(rate * 100) for rate in rates]
    return {"name": name, "colour": colour, "dashed": dashed, "data": percents}


def bar(balance, links):
    """The lettable area as one bar: of each state with an area its width in 200ths (at least 1), share, area, URL."""
    return [
        {
            "state": state,
            "width": max(1, round(balance.areas[state] / balance.lettable * 200)),
            "share": balance.areas[state] / balance.lettable,
            "area": balance.areas[state],
            "units": balance.units[state],
            "url": links[state],
        }
        for state in LETTABLE_STATES
        if balance.areas[state]
    ]
