"""The table of the overview as a workbook: a report to print, its data, and what the figures are."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from frontend.graphics.workbooks import Column, WorkbookTable, workbook
from frontend.site import file_limits
from frontend.site.access import open_place
from frontend.site.known_on import data_day, dated
from frontend.views.places import overview
from spaces import ledger
from spaces.mail.composing import on_site
from spaces.states import UnitState

BESIDE = (UnitState.OFFLINE, UnitState.COMMON, UnitState.UNBUILT)


@require_GET
@open_place
def overview_file(request):
    """The groups of the overview with the total, the areas beside it and the change in 30 days."""
    refusal = file_limits.too_many(request)
    if refusal is not None:
        return refusal
    return workbook(dated(request, "overview", "xlsx"), _table(request, overview.grouping(request)))


def _table(request, by):
    rows, before = overview.rows_of(request, by)
    total = ledger.total(row["balance"] for row in rows)
    notes = [
        _("As of %(day)s") % {"day": data_day(request)},
        _("Unit: m² of usable area"),
        _("Incubators as recorded; industrial parks are never added"),
    ]
    sample = [_("sample data")] if any(row["sample"] for row in rows) else []
    return WorkbookTable(
        _("Usable area: overview"), notes + sample, _columns(overview.GROUP_WORDS[by]()), [_row(row) for row in rows],
        footer={7: total.rate_occupied}, about=_about(request, by, len(rows), before),
    )  # fmt: skip


def _columns(noun):
    areas = [_("Lettable area"), _("Occupied"), _("Signed, not moved in"), _("Held"), _("Vacant")]
    return [
        Column(noun),
        Column(_("Code")),
        *(Column(title, total=True) for title in areas),
        Column(_("Occupancy"), rate=True),
        Column(_("Change of the occupied in 30 days"), total=True),
        *(Column(str(state.label), total=True) for state in BESIDE),
        Column(_("Units")),
        Column(_("Units without an area")),
    ]


def _row(row):
    balance = row["balance"]
    return [
        row["name"],
        row["key"] or "",
        balance.lettable,
        balance.taken,
        *(balance.areas[state] for state in (UnitState.COMMITTED, UnitState.RESERVED, UnitState.VACANT)),
        balance.rate_occupied,
        row["change"],
        *(balance.areas[state] for state in BESIDE),
        balance.all_units,
        balance.unknown_units,
    ]


def _about(request, by, number, before):
    """What the figures are, as pairs of a name and a value."""
    return [
        (_("Data date"), request.as_of.isoformat()),
        (_("Known on"), request.known_on.shown if request.known_on else _("now")),
        (_("Compared with"), before.isoformat()),
        (_("Made at"), timezone.localtime().isoformat(timespec="minutes")),
        (_("Made by"), str(request.user) if request.user.is_authenticated else _("visitor")),
        (_("Grouped by"), overview.GROUP_WORDS[by]()),
        (_("Definitions"), on_site(reverse("definitions"))),
        (_("Rows"), str(number)),
    ]
