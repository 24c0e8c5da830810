"""Keys for search: stored and typed text are folded in the same way."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

from spaces.values.plain_text import INVISIBLE

SIMPLIFIED = OpenCC("t2s")
SEPARATORS = re.compile(r"[\W_]+")
BETWEEN_WORDS = re.compile(r"[\s,;、]+")
# A座401 is typed as one word and means two.
AFTER_CHINESE = re.compile(r"(?<=[\u4e00-\u9fff])(?=[0-9a-z])")


def fold(text: str) -> str:
    """Half-width, lower case, simplified characters; any run of other signs becomes one dash.

    Characters are simplified one by one, so that a part of a name folds as it does within the whole name.
    """
    return SEPARATORS.sub("-", _plain(text)).strip("-")


def words_of(typed: str) -> tuple[str, ...]:
    """The folded words of a search; empty if there is no letter or digit."""
    parts = BETWEEN_WORDS.split(AFTER_CHINESE.sub(" ", _plain(typed)))
    return tuple(dict.fromkeys(word for word in map(fold, parts) if word))


def initials(name: str) -> str:
    """The pinyin initials of a folded name without dashes: 航天科技园 is htkjy. Letters and digits stay."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))


def search_key(codes: Iterable[str], names: Iterable[str]) -> str:
    """The search key of a row, separated by blanks: codes; names, also without dashes and as initials."""
    spelt = [fold(code) for code in codes]
    for name in map(fold, names):
        joined = name.replace("-", "")
        spelt += [name, joined, initials(joined)]
    return f" {' '.join(dict.fromkeys(each for each in spelt if each))} "


def _plain(text: str) -> str:
    half_width = unicodedata.normalize("NFKC", INVISIBLE.sub("", text))
    return "".join(map(_simplified, half_width.casefold()))


@cache
def _simplified(character: str) -> str:
    return SIMPLIFIED.convert(character)
