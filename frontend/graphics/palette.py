"""Fills, text colours and patterns of units for stand-alone pictures; pages use units.css.

A test keeps both equal.
"""

from typing import NamedTuple

INK, WHITE, LINE, MUTED, RED = "#1B1F24", "#FFFFFF", "#5B6770", "#4B5560", "#8A1025"


class Paint(NamedTuple):
    """`pattern` names one of PATTERNS; `dash` is that of the border, `width` its px."""

    fill: str
    text: str
    pattern: str = ""
    border: str = LINE
    dash: str = ""
    width: int = 1


PAINTS = {
    "s-vacant": Paint("#48A672", INK, width=2),
    "s-reserved": Paint("#D7B243", INK, "stripes"),
    "s-committed": Paint("#4C6FB5", WHITE, "dots"),
    "s-occupied": Paint("#C2DBEF", INK),
    "s-offline": Paint("#585959", WHITE, "hatch"),
    "s-common": Paint(WHITE, INK),
    "s-holdover": Paint("#690930", WHITE, width=2),
    "s-unbuilt": Paint("#F1F3F5", MUTED, dash="1 2"),
    "s-unknown": Paint(WHITE, RED, border=RED, dash="5 3", width=2),
    "e-overdue": Paint("#2B0A3D", WHITE),
    "e-3m": Paint("#7A1B6D", WHITE),
    "e-6m": Paint("#BC3754", WHITE),
    "e-12m": Paint("#ED6925", INK),
    "e-24m": Paint("#FBB61A", INK),
    "e-later": Paint("#FCFFA4", INK),
    "e-vacant": Paint(WHITE, INK, border="#2F7D4F", dash="5 3", width=2),
    "e-none": Paint("#E3E5E7", INK, "grey"),
}
# Name -> (side of the tile in px, what is drawn on it).
PATTERNS = {
    "stripes": (
        9,
        '<path d="M-1 10L10 -1M-1 1L1 -1M8 10L10 8" stroke="#1B1F24" stroke-opacity=".14" stroke-width="3"/>',
    ),
    "dots": (8, '<circle cx="4" cy="4" r="1.4" fill="#1B1F24" fill-opacity=".35"/>'),
    "hatch": (8, '<path d="M0 0L8 8M8 0L0 8" stroke="#fff" stroke-opacity=".18" stroke-width="1.5"/>'),
    "grey": (8, '<path d="M-1 9L9 -1M-1 1L1 -1M7 9L9 7" stroke="#F4F5F6" stroke-width="4"/>'),
}


def definitions():
    """The patterns as one `<defs>`."""
    tiles = (
        f'<pattern id="{name}" width="{side}" height="{side}" patternUnits="userSpaceOnUse">{drawn}</pattern>'
        for name, (side, drawn) in PATTERNS.items()
    )
    return f"<defs>{''.join(tiles)}</defs>"
