"""Outlines and texts become rooms: each with the code of the unit that it shows, where the drawing says one."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from spaces.dxf import leftovers
from spaces.dxf.labels import is_sound, read_label
from spaces.dxf.outlines import (
    METRES,
    WHOLE,
    Fix,
    Outline,
    Problem,
    find_outlines,
    same,
)
from spaces.geometry.shapes import Shapes, Spot, box
from spaces.models.fields import code_order
from spaces.values.area_units import areas_within

NOWHERE = (0.0, 0.0, 1.0, 1.0)


@dataclass(slots=True)
class Room:
    """An outline and the code of its unit: "" where the drawing does not say it. `label`: the number read from it.

    `written`: the area in m2 that stands in it as a text.
    """

    outline: Outline
    label: str
    code: str
    written: Decimal | None = None

    @property
    def handle(self) -> str:
        return self.outline.handle

    @property
    def area(self) -> Decimal:
        return self.outline.area

    @property
    def sound(self) -> bool:
        return self.outline.sound


@dataclass(frozen=True, slots=True)
class Found:
    """The rooms of a layer in the order of their codes, and all that is wrong. `box`: x, y, x, y in metres, y up."""

    rooms: Sequence[Room]
    problems: Sequence[Problem]
    box: tuple[float, float, float, float]
    unit: str

    @property
    def blocked(self) -> bool:
        """Is the drawing as a whole wrong, so that nothing can be taken over?"""
        return any(problem.fix in WHOLE for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a drawing is read: `labels` is the layer of the texts, "" for any; `codes` are typed, handle -> label.

    If `joined`, loose lines and open polylines are closed to outlines where they meet.
    """

    layer: str
    labels: str
    unit: str
    codes: Mapping[str, str]
    joined: bool = False


def find_rooms(
    content: Mapping[str, Any], reading: Reading, *, code_of: Callable[[str], str], known: Collection[str]
) -> Found:
    """`code_of` makes the full code of a unit from a label; `known` are the codes of the register of this floor."""

    def is_known(number: str) -> bool:
        return code_of(number) in known

    outlines, problems = find_outlines(content, layer=reading.layer, unit=reading.unit, joined=reading.joined)
    problems += leftovers.unread_shapes(content, reading.layer, joined=reading.joined)
    texts, outside = _texts(content, reading, outlines)
    rooms = []
    for place, outline in enumerate(outlines):
        lines = [line for text in texts[place] for line in text["lines"]]
        label, problem = _label(outline, lines, reading, is_known)
        written = next((area for line in lines for area in areas_within(line)), None)
        rooms.append(Room(outline, label, code_of(label) if label else "", written))
        problems += [problem] if problem else []
    named = {text["layer"] for place, room in enumerate(rooms) if room.code for text in texts[place]}
    problems += leftovers.numbers_outside(outside, reading.layer, named, is_known)
    problems += _twice(rooms, METRES[reading.unit])
    rooms.sort(key=lambda room: (not room.code, code_order(room.code), room.handle))
    return Found(rooms, problems, box([each.points for each in outlines]) if outlines else NOWHERE, reading.unit)


def _texts(
    content: Mapping[str, Any], reading: Reading, outlines: Sequence[Outline]
) -> tuple[Mapping[int, list[Any]], list[Any]]:
    """(place of an outline -> the texts in it, texts in none), each in the order of the drawing."""
    metres = METRES[reading.unit]
    inside = Shapes({place: outline.points for place, outline in enumerate(outlines)})
    texts: dict[int, list[Any]] = defaultdict(list)
    outside = []
    for text in content["texts"]:
        if reading.labels and not same(text["layer"], reading.labels):
            continue
        spots = ((x * metres, y * metres) for x, y in (text["middle"], text["at"]))
        places = next((places for spot in spots if (places := inside.around(spot))), [])
        for place in places:
            texts[place].append(text)
        if not places:
            outside.append(text)
    return texts, outside


def _label(
    outline: Outline, lines: Sequence[str], reading: Reading, is_known: Callable[[str], bool]
) -> tuple[str, Problem | None]:
    """What was typed, else the only text that could be a number, else the only one that is one in the register."""
    typed = reading.codes.get(outline.handle, "").strip()
    if typed:
        return (typed, None) if is_sound(typed) else ("", _at(outline, Fix.BAD_LABEL, reading, label=typed))
    read = {line: read_label(line, is_known) for line in lines}
    sure = list(dict.fromkeys(label.numbers[0] for label in read.values() if label.sure))
    if len(sure) > 1:
        sure = [number for number in sure if is_known(number)] or sure
    unclear = [line for line, label in read.items() if label.numbers and not label.sure]
    if len(sure) == 1 and (is_known(sure[0]) or not unclear):
        return sure[0], None
    if sure:
        return "", _at(outline, Fix.TWO_LABELS, reading, labels=" / ".join([*sure, *unclear][:5]))
    if unclear:
        numbers = ", ".join(read[unclear[0]].numbers[:5])
        return "", _at(outline, Fix.UNCLEAR, reading, label=unclear[0], numbers=numbers)
    return "", _at(outline, Fix.NO_LABEL, reading)


def _twice(rooms: Sequence[Room], metres: float) -> Iterator[Problem]:
    many = Counter(room.code for room in rooms if room.code)
    for room in rooms:
        if many[room.code] > 1:
            room.outline.sound = False
            x, y = room.outline.points[0]
            told = {"label": room.label, "many": many[room.code]}
            yield Problem(Fix.LABEL_TWICE, room.outline.layer, room.handle, (x / metres, y / metres), told)


def _at(outline: Outline, fix: Fix, reading: Reading, **facts: Any) -> Problem:
    metres = METRES[reading.unit]
    x, y = outline.points[0]
    spot: Spot = (x / metres, y / metres)
    return Problem(fix, outline.layer, outline.handle, spot, facts)
