"""Rooms of a drawing with the codes of their units, as far as its texts contain them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spaces.dxf import leftovers
from spaces.dxf.drawn_rooms import WHOLE, DrawingProblem, DrawnRoom, Fix
from spaces.dxf.labels import is_sound, read_label
from spaces.dxf.length_units import to_metres
from spaces.dxf.outlines import find_outlines, same
from spaces.geometry.shapes import Shapes, box
from spaces.models.fields import code_order
from spaces.values.area_units import areas_within

NOWHERE = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class FoundRooms:
    """The rooms of a layer in the order of their codes, and all problems. `box`: x, y, x, y in metres, y up."""

    rooms: Sequence[DrawnRoom]
    problems: Sequence[DrawingProblem]
    box: tuple[float, float, float, float]
    unit: str

    @property
    def blocked(self) -> bool:
        """Whether a problem of the whole drawing prevents its takeover."""
        return any(problem.fix in WHOLE for problem in self.problems)


@dataclass(frozen=True, slots=True)
class DrawingReading:
    """How a drawing is read: `labels` is the layer of the texts, "" for any; `codes` are typed, handle -> label.

    If `joined`, loose lines and open polylines are closed to outlines where they meet.
    """

    layer: str
    labels: str
    unit: str
    codes: Mapping[str, str]
    joined: bool = False


def find_rooms(
    content: Mapping[str, Any], reading: DrawingReading, *, code_of: Callable[[str], str], known: Collection[str]
) -> FoundRooms:
    """The rooms. `code_of`: label -> full code of a unit; `known`: the codes of the register on this floor."""

    def is_known(number: str) -> bool:
        return code_of(number) in known

    rooms, problems = find_outlines(content, layer=reading.layer, unit=reading.unit, joined=reading.joined)
    problems += leftovers.unread_shapes(content, reading.layer, joined=reading.joined)
    texts, outside = _texts(content, reading, rooms)
    for place, room in enumerate(rooms):
        lines = [line for text in texts[place] for line in text["lines"]]
        room.label, problem = _label(room, lines, reading, is_known)
        room.code = code_of(room.label) if room.label else ""
        room.written = next((area for line in lines for area in areas_within(line)), None)
        problems += [problem] if problem else []
    named = {text["layer"] for place, room in enumerate(rooms) if room.code for text in texts[place]}
    problems += leftovers.numbers_outside(outside, reading.layer, named, is_known)
    problems += _twice(rooms)
    bounds = box([room.points for room in rooms]) if rooms else NOWHERE
    rooms.sort(key=lambda room: (not room.code, code_order(room.code), room.handle))
    return FoundRooms(rooms, problems, bounds, reading.unit)


def _texts(
    content: Mapping[str, Any], reading: DrawingReading, rooms: Sequence[DrawnRoom]
) -> tuple[Mapping[int, list[Any]], list[Any]]:
    """(place of a room -> the texts in it, texts in none), each in the order of the drawing."""
    inside = Shapes({place: room.points for place, room in enumerate(rooms)})
    texts: dict[int, list[Any]] = defaultdict(list)
    outside = []
    for text in content["texts"]:
        if reading.labels and not same(text["layer"], reading.labels):
            continue
        spots = (to_metres(spot, reading.unit) for spot in (text["middle"], text["at"]))
        places = next((places for spot in spots if (places := inside.around(spot))), [])
        for place in places:
            texts[place].append(text)
        if not places:
            outside.append(text)
    return texts, outside


def _label(
    room: DrawnRoom, lines: Sequence[str], reading: DrawingReading, is_known: Callable[[str], bool]
) -> tuple[str, DrawingProblem | None]:
    """The typed label, else the only text that may be a number, else the only one in the register."""
    typed = reading.codes.get(room.handle, "").strip()
    if typed:
        return (typed, None) if is_sound(typed) else ("", room.problem(Fix.BAD_LABEL, label=typed))
    read = {line: read_label(line, is_known) for line in lines}
    sure = list(dict.fromkeys(label.numbers[0] for label in read.values() if label.sure))
    if len(sure) > 1:
        sure = [number for number in sure if is_known(number)] or sure
    unclear = [line for line, label in read.items() if label.numbers and not label.sure]
    if len(sure) == 1 and (is_known(sure[0]) or not unclear):
        return sure[0], None
    if sure:
        return "", room.problem(Fix.TWO_LABELS, labels=" / ".join([*sure, *unclear][:5]))
    if unclear:
        numbers = ", ".join(read[unclear[0]].numbers[:5])
        return "", room.problem(Fix.UNCLEAR, label=unclear[0], numbers=numbers)
    return "", room.problem(Fix.NO_LABEL)


def _twice(rooms: Sequence[DrawnRoom]) -> Iterator[DrawingProblem]:
    many = Counter(room.code for room in rooms if room.code)
    for room in rooms:
        if many[room.code] > 1:
            room.sound = False
            yield room.problem(Fix.LABEL_TWICE, label=room.label, many=many[room.code])
