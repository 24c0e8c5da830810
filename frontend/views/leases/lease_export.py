"""The expiry list (到期预警表) as a workbook: the rows of the list of leases, same filter, same order."""

from django.http import HttpResponseBadRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from frontend.graphics.workbooks import Column, WorkbookTable, workbook
from frontend.site.access import for_roles
from frontend.site.known_on import data_day, dated
from frontend.views.leases import lease_search
from spaces.models.people import INSIDERS
from tenants.leasing.expiry_list import expiry_rows
from tenants.states import LeaseIntent, LeaseState

INTENTS = {"": "", **dict(LeaseIntent.choices)}


@require_GET
@for_roles(*INSIDERS)
def lease_export(request):
    it = lease_search.search(request)
    if not it.fits:
        return HttpResponseBadRequest(it.found.errors.as_text(), content_type="text/plain; charset=utf-8")
    names = (_("Number"), _("Company"), _("Park"), _("Units"), _("Area (m²)"), _("From"), _("Last day"),
             _("Days left"), _("State"), _("Company's intention"))  # fmt: skip
    columns = [Column(name, total=name == _("Area (m²)")) for name in names]
    listed = expiry_rows(it.in_order(it.rows), on=request.today, building=it.building)
    rows = (_row(row, request.today) for row in listed)
    table = WorkbookTable(_("Expiry list"), _notes(it), columns, rows)
    return workbook(dated(request, _("Expiry list"), "xlsx", request.today), table)


def _row(row, today):
    lease = row.lease
    return [
        row.number,
        row.company,
        row.park,
        row.units,
        row.area,
        lease.starts_on,
        lease.last_day,
        lease.days_left(today) if lease.state == LeaseState.SIGNED else None,
        str(lease.status(today).label),
        str(INTENTS[row.intent]),
    ]


def _notes(it):
    """Unit, day, and what was filtered."""
    notes = [_("Unit: m². As of %(day)s.") % {"day": data_day(it.request, it.request.today)}]
    fields = it.found.form.fields
    notes += [f"{fields[name].label}: {it.found.form[name].value()}" for name in it.narrowed]
    if it.building:
        notes.append(_("Areas are those of the units in %(in_building)s.") % {"in_building": it.building})
    return notes
