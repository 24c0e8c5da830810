"""Lines of rates over days for an inline SVG: points in percent of its area. No query."""

from dataclasses import dataclass

from frontend.site.formatting import rate

STEP = 10  # percent: the axis begins and ends at a multiple
DASHES = ("", "7 4", "2 4")  # of the lines, so that nobody needs a colour to tell them apart
INKS = ("#1B1F24", "#0B5394", "#9C3D00")
WIDE = 100


@dataclass(frozen=True, slots=True)
class Line:
    """`points` of a polyline in percent of the area; `last`: its last rate as text."""

    label: str
    points: str
    dash: str
    ink: str
    last: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """`levels`: (percent from above, label) of the axis; `days`: (percent from the left, anchor, day)."""

    lines: list
    levels: list
    days: list


def draw(days, series):
    """The chart of [(label, rates)], rates of days from 0 to 1; a line with one that is not known is left out."""
    known = [(label, [rate * 100 for rate in rates]) for label, rates in series if None not in rates]
    if not known:
        return None
    lowest = min(rate for _label, rates in known for rate in rates)
    bottom = min(WIDE - STEP, int(lowest // STEP) * STEP)
    span = WIDE - bottom
    ends = len(days) - 1 or 1
    lines = [
        Line(
            label,
            " ".join(
                f"{index / ends * WIDE:.2f},{(WIDE - each) / span * WIDE:.2f}" for index, each in enumerate(rates)
            ),
            dash,
            ink,
            rate(rates[-1] / 100),
        )
        for (label, rates), dash, ink in zip(known, DASHES, INKS, strict=False)
    ]
    middle = ends // 2
    return LineChart(
        lines,
        [(0, f"{WIDE}%"), (50, f"{(WIDE + bottom) / 2:g}%"), (100, f"{bottom}%")],
        [(0, "start", days[0]), (f"{middle / ends * WIDE:.2f}", "middle", days[middle]), (WIDE, "end", days[-1])],
    )
