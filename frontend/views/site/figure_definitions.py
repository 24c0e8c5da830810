"""Definition and formula of every figure on a page.

docs/definitions.md explains them at length; a test compares the keys.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Definition:
    key: str
    title: object
    text: object
    formula: object


DEFINITIONS = (
    Definition(
        "lettable",
        _("Lettable area"),
        _("Capacity that can be used: ready, lettable and in service. It is not vacancy."),
        _("occupied + holdover + committed + reserved + vacant"),
    ),
    Definition(
        "occupied",
        _("Occupied area"),
        _("A tenancy covers the day and its tenant has moved in by then."),
        _("Σ usable area of units in the state “occupied”; tables add holdover to it"),
    ),
    Definition(
        "holdover",
        _("Holdover"),
        _(
            "The tenant moved in, the period has ended, and the keys are not back. "
            "A fact of today and the past, never a forecast."
        ),
        _("Σ usable area of units in the state “holdover”"),
    ),
    Definition(
        "committed",
        _("Committed area"),
        _("Signed by the day, not moved in."),
        _("Σ usable area of units in the state “committed”"),
    ),
    Definition(
        "reserved",
        _("Held area"),
        _("Held and not lapsed, or signed only later. A hold lapses by its own date; no job has to run."),
        _("Σ usable area of units in the state “held”"),
    ),
    Definition(
        "vacant",
        _("Vacant area"),
        _("Ready, lettable, and nothing covers the day."),
        _("Σ usable area of units in the state “vacant”"),
    ),
    Definition(
        "beside",
        _("Beside the lettable area, never added"),
        _(
            "Out of service, common or own use, not ready yet, "
            "and units whose area is not recorded (counted, never taken as 0)."
        ),
        _("each a sum or a count of its own"),
    ),
    Definition(
        "not_itemised",
        _("Not itemised"),
        _(
            "What was published or declared for a place but is not recorded down to units, both on the figure's own "
            "day. Where more is recorded than was published, the difference is called that and not “not itemised”."
        ),
        _(
            "published lettable area − recorded lettable area; "
            "on a floor: registered area − Σ usable area of its units"
        ),
    ),
    Definition(
        "coverage",
        _("Itemised share"),
        _("How much of a published area is recorded down to units, on the figure's own day; at most all of it."),
        _("min(recorded, published) ÷ published"),
    ),
    Definition(
        "rate_occupied",
        _("Occupancy"),
        _("A ratio of sums, never a mean of ratios. Nothing lettable: –."),
        _("(occupied + holdover) ÷ lettable"),
    ),
    Definition(
        "rate_committed",
        _("Committed rate"),
        _("Occupancy with what is signed."),
        _("(occupied + holdover + committed) ÷ lettable"),
    ),
    Definition("rate_vacant", _("Vacancy"), _("What could be let today."), _("vacant ÷ lettable")),
    Definition(
        "vacant_since",
        _("Vacant since"),
        _(
            "The first day of the unbroken run of days, up to the day asked about, on which a unit is vacant. "
            "It begins when the unit opens or becomes ready, when a tenant hands back, a hold lapses or a time "
            "out of service ends."
        ),
        _("days vacant = the day − vacant since: 0 on the first day"),
    ),
    Definition(
        "forecast",
        _("Forecast"),
        _(
            "The committed rate at a coming month end, from what is signed today. Open is what stands vacant then "
            "because a tenancy ends in between, with nothing signed after it: vacant if nothing renews, let if all "
            "renew. Nobody new is assumed."
        ),
        _("(occupied + holdover + committed + the part of the open area that stays let) ÷ lettable"),
    ),
    Definition(
        "renewal_rate",
        _("Observed renewal rate"),
        _(
            "Of the tenancies that ran to their end in the last 24 months, the area whose company stayed in its unit. "
            "Of the park where 20 units or more ran out, else of its kind, else of all parks."
        ),
        _("Σ area that stayed ÷ Σ area that ran out"),
    ),
    Definition(
        "forecast_error",
        _("Error of a forecast"),
        _("A kept forecast beside what came, 1, 3, 6 and 12 months ahead, in percentage points."),
        _("committed rate foretold − committed rate of the day"),
    ),
    Definition(
        "vacancy_lengths",
        _("Vacant for how long"),
        _("The vacant area of a day by days vacant; long is more than 90 days."),
        _("0–30, 31–90, 91–180, 181–365, 366 days and more; they sum to the vacant area"),
    ),
    Definition(
        "net_absorption",
        _("Net absorption"),
        _(
            "How much more is taken than 30 days before; by quarter, than at the end of the quarter before. "
            "What moved in and what moved out in between is not told apart."
        ),
        _("(occupied + holdover) on the day − (occupied + holdover) on the earlier day"),
    ),
    Definition(
        "rollover",
        _("When leases end"),
        _(
            "The area that is let on the day (occupied, signed, holdover) by the calendar year of the last day of its "
            "tenancy, as known today. WALT is the mean of the remaining terms weighted by area, 0 for who stays on; "
            "what is open-ended is left out of it."
        ),
        _("WALT = Σ (area × (first day without the tenant − the day)) ÷ Σ area ÷ 365.25, in years"),
    ),
    Definition(
        "pipeline",
        _("Pipeline"),
        _(
            "Buildings that are not ready or whose park is not open yet, with what is already signed or held in them, "
            "and the planned area of the industrial parks. "
            "Never part of the lettable area, never added to the incubators."
        ),
        _("planned, recorded, committed and held area, side by side"),
    ),
    Definition(
        "published",
        _("As published"),
        _(
            "A published figure, character for character, with its day and source. The recorded figure of "
            "the same day and the difference are shown beside it."
        ),
        _("difference = published − recorded on the figure's own day"),
    ),
    Definition(
        "incubators",
        _("Incubators"),
        _(
            "Parks that are incubators, maker spaces, accelerators or science parks and have opened by the day. "
            "Industrial parks are a total of their own."
        ),
        _("number of parks"),
    ),
)
