"""Messages about a drawing: its layers, the shapes that are not read, problems of the whole file."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

SHAPES = {
    "line": ngettext_lazy("%(many)s loose line or arc", "%(many)s loose lines or arcs", "many"),
    "circle": ngettext_lazy("%(many)s circle", "%(many)s circles", "many"),
    "ellipse": ngettext_lazy("%(many)s ellipse", "%(many)s ellipses", "many"),
    "spline": ngettext_lazy("%(many)s spline", "%(many)s splines", "many"),
    "hatch": ngettext_lazy("%(many)s hatch", "%(many)s hatches", "many"),
    "block": ngettext_lazy("%(many)s block", "%(many)s blocks", "many"),
    "other": ngettext_lazy("%(many)s region, solid or mesh", "%(many)s regions, solids or meshes", "many"),
}
REMEDIES = {
    "line": gettext_lazy("Where they bound a room, join them to a closed polyline (PEDIT, Join)."),
    "circle": gettext_lazy("Where one is a room, draw it as a closed polyline of two arcs."),
    "ellipse": gettext_lazy("Where one is a room, draw it as a closed polyline (PELLIPSE 1)."),
    "spline": gettext_lazy("Where one bounds a room, convert it to a polyline (SPLINEDIT, Polyline)."),
    "hatch": gettext_lazy("Where one fills a room, make its boundary a polyline (HATCHGENERATEBOUNDARY)."),
    "block": gettext_lazy("Where one holds rooms, explode it (EXPLODE)."),
    "other": gettext_lazy("Where one is a room, draw a closed polyline around it (BOUNDARY)."),
}
SHOWN = 5  # places of a problem


def shape_count(kind: str, many: int) -> str:
    return str(SHAPES[kind] % {"many": many})


def layer_summary(layer: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    """“ROOMS: 8 closed polylines, 1 open, 2 circles”."""
    closed = ngettext("%(count)s closed polyline", "%(count)s closed polylines", layer["closed"])
    parts = [closed % {"count": layer["closed"]}]
    if layer["open"]:
        parts.append(ngettext("%(count)s open", "%(count)s open", layer["open"]) % {"count": layer["open"]})
    unread = [each for each in content.get("unread", ()) if each["layer"] == layer["name"]]
    parts += [shape_count(each["kind"], each["many"]) for each in unread]
    return f"{layer['name']}: {', '.join(parts)}"


def first(places: Sequence[str], many: int) -> str:
    """The first SHOWN places, and the number of the others."""
    listed = "; ".join(places[:SHOWN])
    more = many - len(places[:SHOWN])
    if not more or not listed:
        return listed
    return ngettext("%(places)s and %(more)s more", "%(places)s and %(more)s more", more) % {
        "places": listed, "more": more,
    }  # fmt: skip


def notes(content: Mapping[str, Any]) -> list[str]:
    """Notes about the drawing for the person who chooses a layer."""
    return [note for note in (_encoding(content.get("encoding")), _no_outline(content)) if note]


def _encoding(encoding: Mapping[str, str] | None) -> str:
    if encoding is None or not encoding["doubt"]:
        return ""
    codec = "UTF-8" if encoding["codec"] == "utf-8" else "GBK"
    if encoding["doubt"] == "lost":
        first = _("Some texts of the drawing can't be read: they are not in the encoding that it names, UTF-8 or GBK.")
    elif encoding["said"]:
        first = _(
            "The texts of the drawing are not in the encoding that it states, %(said)s. They were read as %(codec)s."
        )
    else:
        first = _("The drawing does not state the encoding of its texts. They were read as %(codec)s.")
    remedy = _("Check the names of the layers; where they are wrong, save the drawing anew as DXF R2013.")
    return f"{first % {'said': encoding['said'], 'codec': codec}} {remedy}"


def _no_outline(content: Mapping[str, Any]) -> str:
    if any(layer["closed"] for layer in content["layers"]):
        return ""
    shapes: Counter[str] = Counter()
    for each in content.get("unread", ()):
        shapes[each["kind"]] += each["many"]
    unclosed = sum(layer["open"] for layer in content["layers"])
    listed = [ngettext("%(count)s open polyline", "%(count)s open polylines", unclosed) % {"count": unclosed}]
    listed = (listed if unclosed else []) + [shape_count(kind, many) for kind, many in shapes.items()]
    parts = [_("The drawing has no closed polyline, so no room can be read from it yet.")]
    if listed:
        parts.append(_("It has: %(shapes)s.") % {"shapes": ", ".join(listed)})
    if unclosed or shapes["line"]:
        parts.append(_("Choose their layer: lines that meet can be closed to rooms here, if you tick it."))
    elif listed:
        parts += [str(REMEDIES[kind]) for kind in shapes]
    if content.get("on_paper"):
        parts.append(_on_paper(content["on_paper"]))
    elif not listed:
        parts.append(_("Its model holds no shape that could be one. Send the drawing with the outlines of the rooms."))
    return " ".join(parts)


def _on_paper(many: int) -> str:
    return ngettext(
        "%(many)s polyline lies on a layout (paper space), where nothing is read: move it to the model (CHSPACE), and "
        "send the drawing again.",
        "%(many)s polylines lie on a layout (paper space), where nothing is read: move them to the model (CHSPACE), "
        "and send the drawing again.",
        many,
    ) % {"many": many}
