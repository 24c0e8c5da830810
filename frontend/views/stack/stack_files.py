"""The stacking plan as files: the picture as SVG, its rows as XLSX. The PNG is made of the SVG by the browser."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from frontend.graphics import stack_section
from frontend.graphics.stack_layout import last_of
from frontend.graphics.stack_svg import StackSvg
from frontend.graphics.workbooks import Column, WorkbookTable, workbook
from frontend.site import file_limits
from frontend.site.access import open_place
from frontend.site.formatting import area as area_text
from frontend.site.known_on import data_day, dated
from frontend.site.links import floor_name, named
from spaces.access import get_visible, refuse_ahead
from spaces.models import Building, Park
from spaces.states import UnitState, Use


@require_GET
@open_place
def park_file(request, code, kind):
    park = get_visible(Park.objects, request.user, code=code)
    standing = Building.objects.visible_to(request.user).filter(park=park).exclude(closed_on__lte=request.as_of)
    return _file(request, list(standing.order_by("code_order")), park, (named(park), code, kind))


@require_GET
@open_place
def building_file(request, park, code, kind):
    rows = Building.objects.select_related("park")
    building = get_visible(rows, request.user, park__code=park, code=code)
    title = f"{named(building.park)} {named(building)}"
    return _file(request, [building], building.park, (title, f"{park}-{code}", kind))


def _file(request, buildings, park, named_as):
    title, code, kind = named_as
    refuse_ahead(request.user, park, day=request.as_of, today=request.today)
    refusal = file_limits.too_many(request)
    if refusal is not None:
        return refusal
    _form, look, _refused = stack_section.looked(request, park)
    shown = stack_section.picture(request, park, buildings, look)
    name = dated(request, code, kind)
    if kind == "xlsx":
        return workbook(name, _table(request, shown, title, sample=park.sample))
    response = HttpResponse(_drawing(request, shown, title, sample=park.sample), content_type="image/svg+xml")
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name)
    return response


def _drawing(request, shown, title, *, sample):
    sheet = StackSvg(shown.look)
    day = data_day(request, shown.look.on)
    sheet.heading(title, f"{day} · {_('sample data')}" if sample else day)
    sheet.legend(
        (each["css"], f"{each['glyph']} {each['word']} {each['number']} · {area_text(each['area'])}".strip())
        for each in stack_section.legend(request, shown)
    )
    for each in shown.stacks:
        if len(shown.stacks) > 1:
            sheet.building(named(each.building))
        for storey in each.storeys:
            sheet.storey(storey, shown.lines[storey.floor.pk], shown.scale(storey))
    return sheet.done(f"{title} {day}")


def _table(request, shown, title, *, sample):
    states, uses = dict(UnitState.choices), dict(Use.choices)
    columns = [Column(_("Building")), Column(_("Floor")), Column(_("Unit")), Column(_("Use")),
               Column(_("Area (m²)"), total=True), Column(_("State"))]  # fmt: skip
    if shown.look.inside:
        columns += [Column(_("Company")), Column(_("Last day"))]
    rows = []
    for each in shown.stacks:
        for storey in each.storeys:
            for mark in shown.marks[storey.floor.pk]:
                cell = mark.cell
                row = [named(each.building), floor_name(storey.floor), cell.code, str(uses[cell.use]), cell.area,
                       str(states[cell.state])]  # fmt: skip
                who = [mark.occupant.name if mark.occupant else "", last_of(cell) if cell.ends_on else None]
                rows.append(row + who if shown.look.inside else row)
    notes = [_("Unit: m² of usable area"), _("As of %(day)s") % {"day": data_day(request, shown.look.on)}]
    return WorkbookTable(title, notes + ([_("sample data")] if sample else []), columns, rows)
