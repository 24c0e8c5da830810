"""Room numbers in the texts of a drawing. Only known words around a number are removed; none is guessed."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from spaces.models.codes import clean_code, names_several, proposed_code
from spaces.models.places import code_pattern

# “86.5 ㎡”, “4.20”, “h=3.2m”, “1:100”: other texts in a room. NFKC has turned ㎡ and m² into m2.
MEASURES = re.compile(
    r"(?<![0-9A-Z._-])[0-9][0-9.,]*\s*(M2|SQM|平方米|平米|平方|MM|M|米)(?![0-9A-Z_-])"
    r"|(?<![0-9A-Z._-])[0-9]+[.,:][0-9]+(?![0-9A-Z._-])"
)
NUMBERED = re.compile(
    r"(?:(?:NO|RM|ROOM|房间|房号|室号|编号)[.:]?|#)?(?P<number>[0-9A-Z._-]*[0-9][0-9A-Z._-]*?)(?:号房间|房间|号房|号室|[室房号#])?"
)
REMARK = re.compile(r"\([^()0-9]*\)$")  # 412(会议) may be 412, or a part of it


@dataclass(frozen=True, slots=True)
class Label:
    """Numbers that a line of text may mean; `sure` if it can mean only its one number."""

    numbers: Sequence[str]
    sure: bool


def is_sound(number: str) -> bool:
    return re.search(code_pattern.regex, clean_code(number)) is not None


def read_label(line: str, is_known: Callable[[str], bool]) -> Label:
    """The label of a line: 403, 402, 413 of “403室”, “No. 402”, “413 120.5m2”, unless the register has these texts.

    Of several candidates, the only one in the register is taken.
    """
    whole = clean_code(line)
    if is_known(whole):
        return Label([whole], sure=True)
    rest = MEASURES.sub(" ", whole)
    parts = [part for part in re.split(r"[\s、,;/+~&]+", rest) if any(char.isdigit() for char in part)]
    read = [_of_part(part) for part in parts]
    numbers = [number for label in read for number in label.numbers]
    known = [number for number in numbers if is_known(number)]
    if len(known) == len(read) == 1 and not names_several(rest):
        return Label(known, sure=True)
    return Label(numbers, sure=len(read) == 1 and read[0].sure)


def _of_part(part: str) -> Label:
    found = NUMBERED.fullmatch(part)
    bare = found["number"] if found else part
    if is_sound(bare):
        return Label([bare], sure=True)
    options = [REMARK.sub("", part), proposed_code(part)]
    return Label([option for option in options if option and is_sound(option)], sure=False)
