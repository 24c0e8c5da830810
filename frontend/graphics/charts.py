"""Numbers in, options for the chart out; static/frontend/charts.js draws them and a table says the same."""

from django.utils.translation import gettext as _

from frontend.graphics.palette import PAINTS
from spaces.states import OFFERED


def trend(days, balances, description):
    """Stacked areas of the five offered states; areas as numbers for drawing only, the table holds the exact ones."""
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
            for state in OFFERED
        ],
    }


def bar(balance, links):
    """The offered area as one bar: state, width in 200ths (1 at least), share, area, address; of each that has any."""
    return [
        {
            "state": state,
            "width": max(1, round(balance.areas[state] / balance.offered * 200)),
            "share": balance.areas[state] / balance.offered,
            "area": balance.areas[state],
            "units": balance.units[state],
            "url": links[state],
        }
        for state in OFFERED
        if balance.areas[state]
    ]
