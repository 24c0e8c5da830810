"""The stacking plan as a stand-alone SVG, for print or for the PNG that the browser makes of it."""

from html import escape

from django.utils.translation import gettext as _

from frontend.graphics.palette import (
    INK,
    MUTED,
    PAINTS,
    WHITE,
    Paint,
    definitions,
)
from frontend.graphics.stack_layout import WHOLE, DeskGroup, widths
from frontend.graphics.workbooks import FIRST_WIDE
from frontend.site.formatting import area as area_text
from frontend.site.links import floor_name

WIDTH, NAMES, SUMS, EDGE = 1180, 64, 150, 16
BAR = WIDTH - 2 * EDGE - NAMES - SUMS
ROW, GAP = 46, 3
FONT = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Source Han Sans SC, WenQuanYi Micro Hei, sans-serif"


class StackSvg:
    """Writes downwards: `y` is where the next element goes."""

    def __init__(self, look, changed=frozenset()):
        self.dim, self.changed, self.y, self.parts = look.dim, changed, EDGE, []

    def text(self, x, label, size=13, *, weight="400", fill=INK, anchor="start"):
        self.parts.append(
            f'<text x="{x}" y="{self.y}" font-size="{size}" font-weight="{weight}" fill="{fill}"'
            f' text-anchor="{anchor}">{escape(label)}</text>'
        )

    def heading(self, title, note):
        self.y += 14
        self.text(EDGE, title, 18, weight="700")
        self.text(WIDTH - EDGE, note, 13, fill=MUTED, anchor="end")
        self.y += 14

    def legend(self, entries):
        """(css class, label) of each, as many lines as they take."""
        x = EDGE
        self.y += 6
        for css, label in entries:
            wide = 34 + sum(13 if ord(char) >= FIRST_WIDE else 7.4 for char in label)
            if x + wide > WIDTH - EDGE:
                x, self.y = EDGE, self.y + 24
            self.parts.append(_box(x, self.y, 24, 16, PAINTS[css]))
            self.parts.append(
                f'<text x="{x + 30}" y="{self.y + 13}" font-size="13" fill="{INK}">{escape(label)}</text>'
            )
            x += wide + 16
        self.y += 30

    def building(self, name):
        self.y += 16
        self.text(EDGE, name, 14, weight="700")
        self.y += 8

    def storey(self, storey, lines, scale):
        middle = self.y + ROW / 2 + 5
        drawn = widths(lines, scale)
        self.parts.append(
            f'<text x="{EDGE + NAMES - 8}" y="{middle}" font-size="13" font-weight="600" fill="{INK}"'
            f' text-anchor="end">{escape(floor_name(storey.floor))}</text>'
            f'<text x="{WIDTH - EDGE}" y="{middle - 8}" font-size="12" fill="{INK}" text-anchor="end">'
            f"{area_text(storey.balance.recorded)} {_('m²')}</text>"
            f'<text x="{WIDTH - EDGE}" y="{middle + 8}" font-size="12" fill="{MUTED}" text-anchor="end">'
            f"{_('vacant %(area)s') % {'area': area_text(storey.balance.areas['vacant'])}}</text>"
        )
        for pieces, empty in drawn:
            self.line(pieces, empty)
        if not drawn:
            self.y += ROW + GAP

    def line(self, pieces, empty):
        """Shares of the bar in 200ths, as the classes of the page have them."""
        whole = max(WHOLE, sum(width for _piece, width in pieces) + empty)
        x = EDGE + NAMES
        for piece, width in pieces:
            wide = width / whole * BAR
            self.parts.append(self.piece(piece, x, wide - 2))
            x += wide
        self.y += ROW + GAP

    def piece(self, piece, x, wide):
        if piece is None:
            return self.cell((x, wide), Paint(WHITE, MUTED, dash="1 2"), _("Not itemised"), "")
        if isinstance(piece, DeskGroup):
            label = _("%(number)s desks · %(vacant)s vacant") % {"number": len(piece.marks), "vacant": piece.vacant}
            return self.cell((x, wide), Paint(WHITE, INK), label, "")
        opacity = ' opacity=".28"' if self.dim and piece.key != self.dim else ""
        first = f"{piece.glyph} {piece.short}".strip() + (f"  {piece.badge}" if piece.badge else "")
        return self.cell((x, wide), PAINTS[piece.css], first, piece.second, opacity)

    def cell(self, place, paint, first, second, opacity=""):
        """`place` is x and width. A viewport of its own cuts off what is too long."""
        x, wide = place
        return (
            f'<svg x="{x:.1f}" y="{self.y}" width="{max(wide, 2):.1f}" height="{ROW}"{opacity}>'
            f"{_box(0, 0, max(wide, 2), ROW, paint)}"
            f'<text x="5" y="18" font-size="13" font-weight="700" fill="{paint.text}">{escape(first)}</text>'
            f'<text x="5" y="36" font-size="12.5" fill="{paint.text}">{escape(second)}</text></svg>'
        )

    def done(self, title):
        height = round(self.y + EDGE)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
            f' font-family="{FONT}"><title>{escape(title)}</title>{definitions()}'
            f'<rect width="{WIDTH}" height="{height}" fill="{WHITE}"/>{"".join(self.parts)}</svg>'
        )


def _box(x, y, wide, high, paint):
    inset = paint.width / 2
    shape = (
        f'x="{x + inset:.1f}" y="{y + inset:.1f}" width="{wide - paint.width:.1f}" height="{high - paint.width:.1f}"'
    )
    dash = f' stroke-dasharray="{paint.dash}"' if paint.dash else ""
    over = f'<rect {shape} fill="url(#{paint.pattern})"/>' if paint.pattern else ""
    border = f'stroke="{paint.border}" stroke-width="{paint.width}"{dash}'
    return f'<rect {shape} fill="{paint.fill}" {border}/>{over}'
