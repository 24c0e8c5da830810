"""Reported figures that a command moves, as lines of text."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spaces.ledger.restatement import MovedFigure

SHOWN = 10


def lines(figures: Sequence[MovedFigure]) -> Iterator[str]:
    """What moves: the number of days and figures, and the largest of them. None where nothing moves."""
    if not figures:
        return
    days = len({figure.day for figure in figures})
    message = ngettext(
        "Reported figures of %(days)s day move (%(figures)s in all):",
        "Reported figures of %(days)s days move (%(figures)s in all):",
        days,
    )
    yield message % {"days": days, "figures": len(figures)}
    largest = sorted(figures, key=lambda each: (each.is_area, abs(each.difference), each.day), reverse=True)
    for figure in largest[:SHOWN]:
        yield f"  {figure.day} {figure.scope.park or figure.scope.ecosystem or ''} {_figure(figure)}"
    if len(figures) > SHOWN:
        yield "  " + _("… and %(count)s more, none larger.") % {"count": len(figures) - SHOWN}


def _figure(figure: MovedFigure) -> str:
    unit = _("m²") if figure.is_area else _("units")
    return f"{figure.label}: {figure.before:,} → {figure.after:,} {unit} ({figure.difference:+,})"
