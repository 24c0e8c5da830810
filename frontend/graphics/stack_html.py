"""The stacking plan as HTML. Written as strings, since a park may have thousands of units: a template would take ten
times as long. Only names of companies are user input; they are escaped.
"""

from html import escape
from urllib.parse import quote

from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from frontend.graphics.stack_layout import DeskGroup, last_of, widths
from frontend.site.formatting import area as area_text
from frontend.site.links import floor_name
from spaces.states import UnitState, Use


class Painter:
    """Renders the storeys of one page, with its addresses, its labels and the highlighted units."""

    def __init__(self, look, suffix, changed=frozenset()):
        self.dim, self.marked, self.changed, self.suffix = look.dim, look.marked, changed, suffix
        self.address = reverse("unit-detail", args=["CODE"]).split("CODE")
        self.uses, self.states = dict(Use.choices), dict(UnitState.choices)
        self.unit, self.vacant = _("m²"), _("vacant %(area)s")
        self.rest, self.none = _("Not itemised"), _("No unit exists on this day.")
        self.candidate = _("candidate")
        self.desks, self.mark = _("%(number)s desks · %(vacant)s vacant"), _("changed")

    def storey(self, storey, lines, scale, url):
        """One row: the floor's name, its lines of units, its areas."""
        floor, balance = storey.floor, storey.balance
        label = escape(floor_name(floor))
        bars = "".join(self.line(pieces, empty, url) for pieces, empty in widths(lines, scale))
        if not bars:
            bars = f'<div class="isp-fbar isp-sub">{self.none}</div>'
        vacant = self.vacant % {"area": area_text(balance.areas["vacant"])}
        return (
            f'<div class="isp-frow" role="group" aria-label="{label}">'
            f'<div class="isp-fno"><a href="{url}">{label}</a></div><div class="isp-fbars">{bars}</div>'
            f'<div class="isp-fsum"><span>{area_text(balance.recorded)} {self.unit}</span>'
            f"<span>{vacant}</span></div></div>"
        )

    def line(self, pieces, empty, url):
        drawn = "".join(self.piece(piece, width, url) for piece, width in pieces)
        return f'<div class="isp-fbar">{drawn}{f"<span class='fg-{empty}'></span>" if empty else ""}</div>'

    def piece(self, piece, width, url):
        if piece is None:
            return f'<span class="isp-u isp-rest fg-{width}">{self.rest}</span>'
        if isinstance(piece, DeskGroup):
            text = self.desks % {"number": len(piece.marks), "vacant": piece.vacant}
            return f'<a class="isp-u isp-small-units fg-{width}" href="{url}">{text}</a>'
        return self.cell(piece, width)

    def cell(self, mark, width):
        code = mark.cell.code
        css = f"isp-u {mark.css} fg-{width}"
        if self.dim and mark.key != self.dim:
            css += " isp-dim"
        badge, text = mark.badge, mark.text
        if code in self.changed:
            css, badge, text = f"{css} isp-changed", "△", f"{text} · {self.mark}"
        if code in self.marked:
            css, badge, text = f"{css} isp-marked", "★", f"{text} · {self.candidate}"
        text, url = escape(text), self.url(code)
        glyph = f"<i>{mark.glyph}</i> " if mark.glyph else ""
        corner = f"<em>{badge}</em>" if badge else ""
        return (
            f'<a class="{css}" href="{url}{self.suffix}" hx-get="{url}panel/{self.suffix}" aria-label="{text}"'
            f' title="{text}"><b>{glyph}{escape(mark.short)}</b>{escape(mark.second)}{corner}</a>'
        )

    def url(self, code):
        before, after = self.address
        return f"{before}{code if code.isascii() else quote(code)}{after}"

    def row(self, storey, mark, *, inside):
        """The same unit as a row of the table."""
        cell = mark.cell
        who = ""
        if inside:
            name = escape(mark.occupant.name) if mark.occupant else ""
            last = last_of(cell).isoformat() if cell.ends_on and cell.state != "vacant" else ""
            who = f"<td>{name}</td><td>{last}</td>"
        return (
            f'<tr><td>{escape(floor_name(storey.floor))}</td><th scope="row">'
            f'<a href="{self.url(cell.code)}{self.suffix}">'
            f"{escape(cell.code)}</a></th><td>{self.uses[cell.use]}</td>"
            f'<td class="isp-num">{area_text(cell.area)}</td><td>{mark.glyph} {self.states[cell.state]}</td>{who}</tr>'
        )


def joined(parts):
    return mark_safe("".join(parts))  # noqa: S308 what comes from outside is escaped above
