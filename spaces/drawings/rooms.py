"""Outlines and texts become rooms: each with the code of the unit that it shows, where the drawing says one."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from spaces.codes import clean_code
from spaces.drawings.outlines import METRES, Fix, Outline, Problem, find_outlines, same
from spaces.fields import code_order
from spaces.geometry import Shapes, Spot, box
from spaces.models.places import code_pattern

# “86.5 ㎡”, “4.20”: what stands in a room beside its number.
MEASURE = re.compile(r"[0-9.,]+\s*(m2|m²|㎡|sqm|平方米|平米|m|mm|米)|[0-9]+[.,][0-9]+", re.IGNORECASE)


NOWHERE = (0.0, 0.0, 1.0, 1.0)


@dataclass(slots=True)
class Room:
    """An outline and the code of its unit: "" where the drawing does not say it. `label`: as it is written there."""

    outline: Outline
    label: str
    code: str

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
        return any(not problem.handle for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a drawing is read: `labels` is the layer of the texts, "" for any; `codes` are typed, handle -> label."""

    layer: str
    labels: str
    unit: str
    codes: Mapping[str, str]


def find_rooms(
    content: Mapping[str, Any], reading: Reading, *, code_of: Callable[[str], str], known: Collection[str]
) -> Found:
    """`code_of` makes the full code of a unit from a label; `known` are the codes of the register of this floor."""
    outlines, problems = find_outlines(content, layer=reading.layer, unit=reading.unit)
    labels = _labels(content, reading, outlines)
    rooms = []
    for place, outline in enumerate(outlines):
        written = [label for label in labels[place] if code_of(label) in known or _is_code(label)]
        label, problem = _label(outline, written, reading, lambda label: code_of(label) in known)
        rooms.append(Room(outline, label, code_of(label) if label else ""))
        problems += [problem] if problem else []
    problems += _twice(rooms, METRES[reading.unit])
    rooms.sort(key=lambda room: (not room.code, code_order(room.code), room.handle))
    return Found(rooms, problems, box([each.points for each in outlines]) if outlines else NOWHERE, reading.unit)


def _labels(content: Mapping[str, Any], reading: Reading, outlines: Sequence[Outline]) -> Mapping[int, list[str]]:
    """Place of an outline -> the lines of text in it, each once, in the order of the drawing."""
    metres = METRES[reading.unit]
    inside = Shapes({place: outline.points for place, outline in enumerate(outlines)})
    labels: dict[int, list[str]] = defaultdict(list)
    for text in content["texts"]:
        if reading.labels and not same(text["layer"], reading.labels):
            continue
        for x, y in (text["middle"], text["at"]):
            places = inside.around((x * metres, y * metres))
            for place in places:
                labels[place] += [line for line in text["lines"] if line not in labels[place]]
            if places:
                break
    return labels


def _label(
    outline: Outline, written: Sequence[str], reading: Reading, is_known: Callable[[str], bool]
) -> tuple[str, Problem | None]:
    """What was typed, else the only text that could be a code, else the only one that is one in the register."""
    typed = reading.codes.get(outline.handle, "").strip()
    if typed:
        return (typed, None) if _is_sound(typed) else ("", _at(outline, Fix.BAD_LABEL, reading, label=typed))
    if len(written) > 1:
        written = [label for label in written if is_known(label)] or written
    match written:
        case []:
            return "", _at(outline, Fix.NO_LABEL, reading)
        case [label]:
            return label, None
        case _:
            return "", _at(outline, Fix.TWO_LABELS, reading, labels=" / ".join(written[:5]))


def _is_code(label: str) -> bool:
    """Could this be the number of a room? It has a digit, and is neither an area nor a height."""
    return any(char.isdigit() for char in label) and MEASURE.fullmatch(label) is None and _is_sound(label)


def _is_sound(label: str) -> bool:
    return re.search(code_pattern.regex, clean_code(label)) is not None


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
