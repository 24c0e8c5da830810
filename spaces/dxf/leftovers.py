"""Problems of a layer beside its rooms: shapes that are not read, numbers in no outline."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from spaces.dxf.drawn_rooms import DrawingProblem, Fix
from spaces.dxf.labels import read_label
from spaces.dxf.outlines import same


def unread_shapes(content: Mapping[str, Any], layer: str, *, joined: bool) -> list[DrawingProblem]:
    """One problem for each kind of shape that is not read. Lines that are closed to outlines are read."""
    found = [shapes for shapes in content.get("unread", ()) if same(shapes["layer"], layer)]
    return [
        DrawingProblem(Fix.UNREAD, layer, at=shapes["places"][0]["at"] if shapes["places"] else None, facts=shapes)
        for shapes in found
        if not (joined and shapes["kind"] == "line")
    ]


def numbers_outside(
    texts: Sequence[Mapping[str, Any]], layer: str, named: Collection[str], is_known: Callable[[str], bool]
) -> list[DrawingProblem]:
    """Room numbers in no outline: those of the register on any layer, others on the layers with labels."""
    found = []
    for text in texts:
        for line in text["lines"]:
            label = read_label(line, is_known)
            if any(map(is_known, label.numbers)) or (label.numbers and text["layer"] in named):
                found.append({"number": line, "at": text["at"]})
    return [DrawingProblem(Fix.OUTSIDE, layer, at=found[0]["at"], facts={"found": found})] if found else []
