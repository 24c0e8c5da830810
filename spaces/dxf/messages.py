"""Messages for the problems of a drawing: the fault and its remedy."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spaces.dxf.drawn_rooms import DrawingProblem, Fix
from spaces.dxf.layer_messages import REMEDIES, first, shape_count
from spaces.dxf.outlines import FORMED
from spaces.models.drawings import UNITS


def message(problem: DrawingProblem) -> str:
    return MESSAGES[problem.fix](problem.facts)


def place(problem: DrawingProblem) -> str:
    """“layer ROOMS, polyline 2F, at 12,400 / 8,000”: the place by which a drawing program finds it."""
    parts = [_("layer %(layer)s") % {"layer": problem.layer}]
    if problem.handle.startswith(FORMED):
        parts.append(_("closed from lines: %(handle)s") % {"handle": problem.handle})
    elif problem.handle:
        parts.append(_("polyline %(handle)s") % {"handle": problem.handle})
    if problem.at:
        parts.append(_at(problem.at))
    return ", ".join(parts)


def _at(spot: Sequence[float]) -> str:
    return _("at %(x)s / %(y)s") % {"x": _plain(spot[0]), "y": _plain(spot[1])}


def _spot(shape: Any) -> str:
    """“2F at 12,400 / 8,000” of a shape, as far as it is known."""
    return " ".join(part for part in (shape["handle"], _at(shape["at"]) if shape["at"] else "") if part)


def _plain(number: float | Decimal) -> str:
    """12400.50 as 12,400.5."""
    text = f"{number:,.2f}"
    return text.rstrip("0").rstrip(".")


def _open(facts: Any) -> str:
    return _(
        "The polyline is open: its ends lie %(mm)s mm apart. Close it in the drawing program (PEDIT, Close), and send "
        "the drawing again."
    ) % {"mm": _plain(facts["mm"])}


def _crossing(_facts: Any) -> str:
    return _("The outline crosses or touches itself here. Draw it once around the room, and send the drawing again.")


def _flat(_facts: Any) -> str:
    return _("The outline holds no area. Delete it, or draw it around the room, and send the drawing again.")


def _corners(facts: Any) -> str:
    return _("The outline has %(corners)s corners, at most 200 are kept. Draw it more simply.") % facts


def _overlap(facts: Any) -> str:
    return _(
        "It overlaps the room of polyline %(other)s by %(area)s m². Neither is taken over: move the line between them."
    ) % {"other": facts["other"], "area": _plain(facts["area"])}


def _inside(facts: Any) -> str:
    return _(
        "It lies inside the room of polyline %(other)s (%(area)s m²). Neither is taken over: a column, or the outline "
        "of the floor, belongs on a layer of its own."
    ) % {"other": facts["other"], "area": _plain(facts["area"])}


def _no_label(_facts: Any) -> str:
    return _("It contains no room number. Enter it below, or write it into the room in the drawing.")


def _two_labels(facts: Any) -> str:
    return _(
        "Several texts in it could be its number: %(labels)s. Choose the layer of the numbers, or fill it in below."
    ) % {"labels": facts["labels"]}


def _label_twice(facts: Any) -> str:
    return (
        _("%(label)s is the number of %(many)s rooms. Enter the right numbers below, or correct the drawing.") % facts
    )


def _bad_label(facts: Any) -> str:
    return (
        _("“%(label)s” is no room number. Use capital letters, digits, Chinese characters, dot, dash and underscore.")
        % facts
    )


def _elsewhere(facts: Any) -> str:
    return (
        _(
            "%(unit)s is a unit of %(floor)s and exists from %(day)s: no room here today. Choose another number, or "
            "import the drawing on its own floor."
        )
        % facts
    )


def _gone(facts: Any) -> str:
    return _("%(unit)s existed up to and including %(day)s. Give the room a number of its own.") % facts


def _unit(facts: Any) -> str:
    sizes = [
        _("in %(unit)s it would have %(area)s m²") % {"unit": UNITS[unit], "area": _plain(area)}
        for unit, area in facts["fits"].items()
    ]
    sentence = _("In %(unit)s the room in the middle has %(area)s m², which is no room.") % {
        "unit": UNITS[facts["unit"]],
        "area": f"{facts['area']:,.2f}" if facts["area"] >= 1 else f"{facts['area']:.6f}",
    }
    if not sizes:
        return sentence + " " + _("In no unit it would be one: are these outlines of rooms? Choose another layer.")
    return sentence + " " + _("Choose the right unit above: %(sizes)s.") % {"sizes": "; ".join(sizes)}


def _empty(facts: Any) -> str:
    if facts["blocks"]:
        return ngettext(
            "There is no polyline on this layer, but %(blocks)s block. Explode it (EXPLODE), send the drawing anew.",
            "There is no polyline on this layer, but %(blocks)s blocks. Explode them (EXPLODE), send the drawing "
            "anew.",
            facts["blocks"],
        ) % {"blocks": facts["blocks"]}
    return _("There is no polyline on this layer. Choose the one with the outlines of the rooms.")


def _closable(facts: Any) -> str:
    return ngettext(
        "The loose lines and open polylines of this layer close %(areas)s area. Tick “Close loose lines” above and "
        "read again to have it as a room, or draw it as a closed polyline.",
        "The loose lines and open polylines of this layer close %(areas)s areas. Tick “Close loose lines” above and "
        "read again to have them as rooms, or draw them as closed polylines.",
        facts["areas"],
    ) % {"areas": facts["areas"]}


def _loose(facts: Any) -> str:
    ends = facts["ends"]
    return ngettext(
        "%(many)s end of a line meets no other: %(places)s. Extend or trim it (EXTEND, TRIM).",
        "%(many)s ends of lines meet no other: %(places)s. Extend or trim them (EXTEND, TRIM).",
        len(ends),
    ) % {"many": len(ends), "places": first([_at(end) for end in ends], len(ends))}


def _unread(facts: Any) -> str:
    places = first([_spot(each) for each in facts["places"]], facts["many"])
    sentence = _("Not read as rooms: %(shapes)s (%(places)s).") if places else _("Not read as rooms: %(shapes)s.")
    sentence %= {"shapes": shape_count(facts["kind"], facts["many"]), "places": places}
    return f"{sentence} {REMEDIES[facts['kind']]}"


def _outside(facts: Any) -> str:
    found = facts["found"]
    places = [f"{each['number']} {_at(each['at'])}" for each in found]
    return ngettext(
        "%(many)s room number lies in no outline: %(places)s. Draw the outline of that room, or move the number into "
        "it.",
        "%(many)s room numbers lie in no outline: %(places)s. Draw the outlines of those rooms, or move the numbers "
        "into them.",
        len(found),
    ) % {"many": len(found), "places": first(places, len(found))}


def _unclear(facts: Any) -> str:
    return _("“%(label)s” is not one room number; it may mean %(numbers)s. Fill in below which room this is.") % facts


def _near(facts: Any) -> str:
    return (
        _(
            "“%(label)s” is not in the register; %(codes)s is, and no outline has that number. If it is the same "
            "room, fill in its number below."
        )
        % facts
    )


def _scale(facts: Any) -> str:
    source = {
        "written": _("In %(unit)s, room %(room)s has %(drawn)s m², and %(known)s m² is written in it."),
        "register": _("In %(unit)s, room %(room)s has %(drawn)s m², and %(known)s m² in the register."),
    }[facts["source"]]
    sentences = source % {
        "unit": UNITS[facts["unit"]], "room": facts["room"], "drawn": f"{facts['drawn']:,.2f}",
        "known": f"{facts['known']:,.2f}",
    }  # fmt: skip
    sentences += " " + _("The rooms share this ratio of %(ratio)s.") % {"ratio": f"{facts['ratio']:.3g}"}
    if facts["fits"]:
        remedy = _("In %(unit)s the areas agree: choose that unit above, or say below that the areas are wrong.")
        return f"{sentences} {remedy % {'unit': UNITS[facts['fits']]}}"
    return (
        sentences
        + " "
        + _("No unit explains it: scale the drawing by %(factor)s (SCALE), or say below that the areas are wrong.")
        % {"factor": f"{facts['ratio'] ** -0.5:.3g}"}
    )


def _many(facts: Any) -> str:
    return _(
        "There are %(many)s polylines on this layer; a floor has at most 500 rooms. Choose the layer of the rooms, or "
        "put them on one of their own."
    ) % {"many": _plain(facts["many"])}


def _tangled(_facts: Any) -> str:
    return _("The outlines lie on one another in thousands of places: these are no rooms. Choose another layer.")


MESSAGES: dict[Fix, Callable[[Any], str]] = {
    Fix.OPEN: _open,
    Fix.CROSSING: _crossing,
    Fix.FLAT: _flat,
    Fix.CORNERS: _corners,
    Fix.OVERLAP: _overlap,
    Fix.INSIDE: _inside,
    Fix.NO_LABEL: _no_label,
    Fix.TWO_LABELS: _two_labels,
    Fix.LABEL_TWICE: _label_twice,
    Fix.BAD_LABEL: _bad_label,
    Fix.ELSEWHERE: _elsewhere,
    Fix.GONE: _gone,
    Fix.UNIT: _unit,
    Fix.EMPTY: _empty,
    Fix.MANY: _many,
    Fix.TANGLED: _tangled,
    Fix.UNREAD: _unread,
    Fix.CLOSABLE: _closable,
    Fix.LOOSE: _loose,
    Fix.OUTSIDE: _outside,
    Fix.UNCLEAR: _unclear,
    Fix.NEAR: _near,
    Fix.SCALE: _scale,
}
