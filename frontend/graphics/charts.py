"""Options of charts from numbers; static/frontend/charts.js draws them beside a table of the same numbers."""

from django.utils.translation import gettext as _

from frontend.graphics.palette import PAINTS
from spaces.states import LETTABLE_STATES


def trend(days, balances, description):
    """Stacked areas of the five lettable states; areas as numbers for drawing only, the table holds the exact ones."""
    return {
        "description": str(description),
        "unit": _("m²"),
        "days": [day.isoformat() for day in days],
        "series": [
            {
                "name": str(state.label),
                "fill": PAINTS[f"s-{state.value}"].fill,
                "data": [float(balance.areas[state]) for balance in balances],
            }
            for state in LETTABLE_STATES
        ],
    }


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
