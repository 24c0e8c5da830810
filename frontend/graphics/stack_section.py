"""The stacking plan of a building or of all buildings of a park, on any day, and compared with another day."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from frontend.forms.stacks import LABELS, MODES, SCALES, LookForm
from frontend.graphics import stack_layout
from frontend.graphics.stack_html import Painter, joined
from frontend.site import fragment_cache
from frontend.site.links import days_asked, named, page, state_links
from spaces import ledger
from spaces.access import AHEAD
from spaces.ledger import stack
from spaces.models import Unit
from spaces.states import UnitState
from tenants.leasing import occupancy
from tenants.leasing.expiry_bands import ExpiryBand, area_by_band

LEGEND = (
    UnitState.VACANT, UnitState.RESERVED, UnitState.COMMITTED, UnitState.OCCUPIED, UnitState.HOLDOVER,
    UnitState.OFFLINE, UnitState.COMMON, UnitState.UNBUILT, UnitState.UNKNOWN,
)  # fmt: skip
PAPERS = ("a4", "a3")
MOST_MARKED = 20
MOST_ROWS = 400  # of the table that is part of the page; a longer one is loaded on request


@dataclass(frozen=True, slots=True)
class StackPicture:
    """The buildings of a page on one day: their stacks, and the marks and lines of each floor."""

    look: stack_layout.StackOptions
    stacks: list
    marks: dict
    lines: dict

    @property
    def all_marks(self):
        return [mark for drawn in self.marks.values() for mark in drawn]

    def scale(self, storey):
        """The area that a whole line represents, of the floor or of all floors."""
        found = [storey.floor.pk] if self.look.scale == "floor" else self.lines
        return max((line.capacity for floor in found for line in self.lines[floor]), default=0.0)


def section(request, park, buildings):
    """`_stack.html` of these buildings of a park, cached until any commit."""
    buildings = list(buildings)
    _form, look, _refused = looked(request, park)
    # A reader inside sees all names; any other one those of the own company.
    reader = None if look.inside else request.user.pk
    key = ("stack", request.get_full_path(), look, request.today, get_language(), reader, park.pk)
    return fragment_cache.kept(
        key, lambda: render_to_string("frontend/_stack.html", {"plan": plan(request, park, buildings)}, request)
    )


def plan(request, park, buildings):
    """The context of `_stack.html`."""
    form, look, refused = looked(request, park)
    now = picture(request, park, buildings, look)
    number = len(now.all_marks)
    with_table = number <= MOST_ROWS or "table" in request.GET
    context = {
        "form": form,
        "refused": refused,
        "inside": look.inside,
        "legend": legend(request, now),
        "switches": switches(request, look),
        "buildings": painted(request, park, now),
        "rows": table(request, now) if with_table else "",
        "table_url": "" if with_table else _with(request, table="on"),
        "links": state_links(request, **_scope(park, buildings)),
        "total": ledger.total(each.balance for each in now.stacks),
        "number": number,
        "compare": None,
        "paper": paper(request),
        "papers": [(size.upper(), _with(request, paper=size)) for size in PAPERS],
        "exports": exports(request, park, buildings),
    }
    day = form.cleaned_data.get("compare")
    if day and day > request.today and not look.inside:
        form.add_error("compare", AHEAD % {"day": day})
        return context
    return context | (compared(request, park, now, day) if day and day != look.on else {})


def looked(request, park):
    """(form, options of the plan, whether lease ends were asked for and refused)."""
    inside = occupancy.sees_inside(request.user, park)
    form = LookForm(request.GET)
    asked = form.asked()
    refused = asked["mode"] == "expiry" and not inside
    mode = "state" if refused else asked["mode"]
    marked = frozenset(request.GET.getlist("mark")[:MOST_MARKED])
    look = stack_layout.StackOptions(request.as_of, inside, mode, asked["scale"], asked["label"], asked["dim"], marked)
    return form, look, refused


def compared(request, park, now, day):
    """The same buildings on another day, with the differences."""
    then = picture(request, park, [each.building for each in now.stacks], replace(now.look, on=day))
    changes = stack_layout.differences(then.all_marks, now.all_marks)
    changed = {change.code for change in changes}
    totals = [ledger.total(each.balance for each in shown.stacks) for shown in (then, now)]
    return {
        "compare": day,
        "then": painted(request, park, then, changed),
        "buildings": painted(request, park, now, changed),
        "changes": changes,
        "moved": [
            (state, totals[0].areas[state], totals[1].areas[state], totals[1].areas[state] - totals[0].areas[state])
            for state in LEGEND
            if totals[0].areas[state] or totals[1].areas[state]
        ],
    }


def _scope(park, buildings):
    return {"building": f"{park.code}-{buildings[0].code}"} if len(buildings) == 1 else {"park": park.code}


def exports(request, park, buildings):
    """Kind of file -> address of the plan as a picture and as a sheet."""
    query = {name: text for name, text in request.GET.items() if name in {"mode", "scale", "label", "dim"}}
    where = [park.code] if len(buildings) != 1 else [park.code, buildings[0].code]
    name = "park-stack-file" if len(where) == 1 else "building-stack-file"
    return {kind: page(request, name, *where, kind, **query) for kind in ("svg", "xlsx")}


def picture(request, park, buildings, look):
    stacks = stack.of(buildings, on=look.on, today=request.today)
    units = Unit.objects.filter(floor__building__in=[building.pk for building in buildings])
    named_for_reader = occupancy.occupants(units, request.user, on=look.on) if request.user.is_authenticated else {}
    marks, lines = {}, {}
    for each in stacks:
        marks |= stack_layout.marks(each, look, named_for_reader, f"{park.code}-{each.building.code}-")
        lines |= {storey.floor.pk: stack_layout.lines(storey, marks[storey.floor.pk]) for storey in each.storeys}
    return StackPicture(look, stacks, marks, lines)


def painted(request, park, shown, changed=frozenset()):
    """Name, address and rows as HTML of each building."""
    suffix = _suffix(request, shown.look)
    painter = Painter(shown.look, suffix, changed)
    buildings = []
    for each in shown.stacks:
        rows = joined(
            painter.storey(
                storey,
                shown.lines[storey.floor.pk],
                shown.scale(storey),
                reverse("floor-detail", args=[park.code, each.building.code, storey.floor.level]) + suffix,
            )
            for storey in each.storeys
        )
        url = page(request, "building-detail", park.code, each.building.code)
        buildings.append({"name": named(each.building), "url": url, "rows": rows})
    return buildings


def table(request, shown):
    painter = Painter(shown.look, _suffix(request, shown.look))
    return joined(
        painter.row(storey, mark, inside=shown.look.inside)
        for each in shown.stacks
        for storey in each.storeys
        for mark in shown.marks[storey.floor.pk]
    )


def legend(request, shown):
    """Each key that occurs, with its number of units, its area, and the address that toggles its highlight."""
    if shown.look.mode == "expiry":
        areas = area_by_band((mark.cell, ExpiryBand(mark.key)) for mark in shown.all_marks)
        found = [(each.value, each.label, f"e-{each.value}", "", *areas[each]) for each in ExpiryBand]
    else:
        total = ledger.total(each.balance for each in shown.stacks)
        found = [
            (state.value, stack_layout.SHORT[state], f"s-{state.value}", stack_layout.GLYPHS[state],
             total.units[state], total.areas[state])
            for state in LEGEND
        ]  # fmt: skip
    return [
        {"key": key, "word": word, "css": css, "glyph": glyph, "number": number, "area": area,
         "on": shown.look.dim == key, "url": _with(request, dim="" if shown.look.dim == key else key)}
        for key, word, css, glyph, number, area in found
        if number
    ]  # fmt: skip


def paper(request):
    """The paper size for which the page shows the plan alone; "" for none."""
    asked = request.GET.get("paper")
    return asked if asked in PAPERS else ""


def switches(request, look):
    """(name of the choice, its options as (label, address, whether it is on))."""
    groups = [
        (_("Show"), "mode", MODES if look.inside else ()),
        (_("Width"), "scale", SCALES),
        (_("Label"), "label", LABELS),
    ]
    return [
        (title, [(word, _with(request, **{name: key, **({"dim": ""} if name == "mode" else {})}),
                  getattr(look, name) == key) for key, word in options])
        for title, name, options in groups
        if options
    ]  # fmt: skip


def _with(request, **changed):
    """This page's address with some of its choices changed; what is empty is left out."""
    query = request.GET.copy()
    for name, value in changed.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"{request.path}?{query.urlencode()}#stack" if query else f"{request.path}#stack"


def _suffix(request, look):
    days = days_asked(request, look.on)
    return f"?{urlencode(days)}" if days else ""
