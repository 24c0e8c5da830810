"""Options of charts from numbers; static/frontend/charts.js draws them beside a table of the same numbers."""

from django.utils.translation import gettext as _

from frontend.graphics.palette import PAINTS
from spaces.states import LETTABLE_STATES

AHEAD = ("s-holdover", "s-vacant", "s-reserved")  # inks of the scenarios


def occupancy(days, balances, description):
    """Lines in per cent: the occupied and the signed share of the lettable area; numbers for drawing only."""
    return {
        "description": str(description),
        "days": [day.isoformat() for day in days],
        "series": [
            _line(_("Occupancy"), "s-committed", [balance.rate_occupied for balance in balances]),
            _line(_("Committed rate"), "s-offline", [balance.rate_committed for balance in balances], dashed=True),
        ],
    }


def ahead(days, series):
    """Lines of the scenarios of the forecast, to be drawn on from the last day of `occupancy`."""
    return {
        "days": [day.isoformat() for day in days],
        "series": [
            _line(label, paint, rates, dashed=True) for (label, rates), paint in zip(series, AHEAD, strict=True)
        ],
    }


def _line(name, paint, rates, *, dashed=False):
    percents = [None if rate is None else float(rate * 100) for rate in rates]
    return {"name": name, "colour": PAINTS[paint].fill, "dashed": dashed, "data": percents}


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
