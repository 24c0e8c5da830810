"""Parse one spreadsheet cell. Each error states the fault and a valid form.

Raises ValidationError with the code: characters, formula, error, time, coerced, number, zero, range, spaces, code,
floor, level, use, day, flag, source.
"""

import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fnmatch import fnmatchcase
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

from spaces.importing.questions import question
from spaces.importing.sheets import CellMark, CellValue
from spaces.models.codes import clean_code, is_code, names_several, proposed_code
from spaces.states import AreaSource, Use
from spaces.values import levels, numbers
from spaces.values.area_units import IN_M2, AreaUnit, split_cell
from spaces.values.levels import Level
from spaces.values.numbers import POINT
from spaces.values.plain_text import FORBIDDEN, INVISIBLE, shown

CENTI = Decimal("0.01")
TALLEST = 100  # m
LONGEST_NUMBER = 1_000_000  # longer codes are not typed as numbers
BLANK = {"", "n/a", "na", "-", "--", "—", "——", "/", "未填", "未录入", "未登记"}
DAY = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?")
MADE_BY_EXCEL = re.compile(  # what Excel leaves of a code such as 3-12, 2024-3-1 or 110000000000000001
    r"[0-9]{1,2}月[0-9]{1,2}日|[0-9]{1,2}-[A-Z]{3}|[A-Z]{3}-[0-9]{1,2}|[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}"
    r"|[0-9](\.[0-9]+)?E\+[0-9]+"
)
YES = {"1", "true", "yes", "y", "是", "有", "√", "✓"}
NO = {"0", "false", "no", "n", "否", "无", "没有", "×", "✗"}
USE_WORDS = {
    Use.OFFICE: "office, r&d, office r&d, research office, 办公, 办公室, 办公用房, 研发, 研发办公, 写字间",
    Use.LAB: "lab, laboratory, 实验室, 实验, 实验用房",
    Use.PILOT: "pilot, pilot plant, pilot plant bay, 中试, 中试车间, 中试基地, 中试用房",
    Use.FACTORY: "factory, factory bay, standard factory bay, workshop, 厂房, 标准厂房, 车间, 生产车间, 生产",
    Use.DESK: "desk, hot desk, workstation, 工位, 开放工位, 卡位",
    Use.PUBLIC_SERVICE: "public service, public service area, 公共服务, 公共服务用房, 公共服务场地",
    Use.OWN_OFFICE: "own office, operator's own office, 自用, 自用办公, 管理用房, 运营自用",
    Use.ANCILLARY: "ancillary, ancillary rooms, corridor, stairway, restroom, 配套, 配套用房, 附属用房, 设备用房, "
    "设备间, 走廊, 楼梯间, 卫生间, 电梯间",
}


def plain(text: str) -> str:
    """Normal form of a word: NFKC, lower case, single spaces."""
    return re.sub(r"[\s_]+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()


@cache
def uses() -> dict[str, Use]:
    """Words that mean a use, among them the labels of both languages."""
    known = {plain(word): use for use, listed in USE_WORDS.items() for word in listed.split(", ")}
    return known | _labels(Use)


@cache
def sources() -> dict[str, AreaSource]:
    return _labels(AreaSource)


def _labels[Choice: models.TextChoices](choices: type[Choice]) -> dict[str, Choice]:
    known: dict[str, Choice] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            known |= {plain(word): choice for choice in choices for word in (choice.value, str(choice.label))}
    return known


def check(cell: CellValue) -> None:
    """Refuse values that can't be known or stored, in any column."""
    if cell is CellMark.FORMULA:
        raise _refusal("formula", _("The cell holds a formula. Copy the column and paste it as values."))
    if cell is CellMark.ERROR:
        raise _refusal("error", _("The cell holds an error such as #REF! or #DIV/0!. Enter the value itself."))
    if cell is CellMark.TIME:
        raise _refusal("time", _("The cell holds a time of day. Format it as text and type it again."))
    if isinstance(cell, str) and (found := FORBIDDEN.search(cell)):
        message = _("The cell holds the invisible character U+%(number)04X. Type it again.")
        raise _refusal("characters", message % {"number": ord(found[0])})


def is_blank(cell: CellValue) -> bool:
    """Whether a cell is empty or holds a word for it. 0 is not blank."""
    return isinstance(cell, str) and plain(cell) in BLANK


def text(cell: CellValue) -> str:
    if isinstance(cell, float):
        return f"{_number(cell):f}"
    raw = cell.isoformat() if isinstance(cell, date) else str(cell)
    return unicodedata.normalize("NFC", re.sub(r"\s+", " ", INVISIBLE.sub("", raw))).strip()


def code(cell: CellValue, *, numeric: bool, fold: bool = False) -> str:
    """A code as stored; with `fold` the one nearest to a door label.

    Codes changed by Excel are refused: 0101 became 101, 1-2 a day, 18 digits 9.1E+17.
    """
    if isinstance(cell, date):
        raise _refusal(
            "coerced", _("Excel has made a date of this code. Format the column as text and type it again.")
        )
    if isinstance(cell, bool | CellMark):
        raise _refusal("coerced", _("This is not a code. Format the column as text and type it again."))
    if isinstance(cell, int | float):
        if not (numeric and 0 <= cell < LONGEST_NUMBER and cell == int(cell)):
            message = _(
                "This code is a number, so zeros in front of it are lost. Format the column as text and type it again."
            )
            raise question("coerced", message, ask="numeric_codes")
        return str(int(cell))
    cleaned = clean_code(cell)
    if MADE_BY_EXCEL.fullmatch(cleaned):
        raise _refusal("coerced", _("Excel has changed this code. Format the column as text and type it again."))
    if is_code(cleaned):
        return cleaned
    proposed = proposed_code(cleaned)
    if proposed and fold:
        return proposed
    if names_several(cleaned):
        message = _("“%(code)s” reads as several rooms. Give each room a row of its own, with its own area.")
        raise question("code", message, ask="several", code=shown(cleaned))
    if not proposed:
        message = _("“%(code)s” is not a code. Use letters, digits, Chinese characters, dot, dash and underscore.")
        raise question("code", message, ask="no_code", code=shown(cleaned))
    why = "spaces" if re.search(r"\s", cleaned) else "code"
    message = _("“%(code)s” is not a code: it may hold letters, digits, Chinese characters, dot, dash and underscore. "
              "Write %(proposed)s.")  # fmt: skip
    raise question(why, message, ask="fold_codes", code=shown(cleaned), proposed=proposed)


def floor_label(cell: CellValue) -> str:
    if isinstance(cell, date | bool):
        raise _refusal("coerced", _("This is not a floor. Format the column as text and type it again."))
    return text(cell)


def level(cell: CellValue) -> Level:
    number = levels.of_label(text(cell)) if not isinstance(cell, date | bool) else None
    if number is None:
        raise _refusal("level", _("This is not a level. Write a number such as 3 or -1, or 1.5 for a mezzanine."))
    return number


def use(cell: CellValue, known: Mapping[str, Use]) -> Use | None:
    """The use that a word means: by `known`, where `*` stands for any letters, then by `uses`; else None."""
    word = plain(text(cell))
    fitting = [pattern for pattern in known if word == pattern or fnmatchcase(word, pattern)]
    if fitting:
        return known[max(fitting, key=lambda pattern: (pattern == word, len(pattern)))]
    return uses().get(word)


def area(cell: CellValue, *, square_feet: bool, decimal: str = POINT) -> Decimal:
    """The area in m2, not rounded. A unit in the cell must be the expected one."""
    said = AreaUnit.FT2 if square_feet else AreaUnit.M2
    number, unit = split_cell(cell) if isinstance(cell, str) else (cell, None)
    if unit and unit is not said:
        message = _("The cell says another unit of area than its column.")
        raise question("number", message, ask="unit_area" if unit is AreaUnit.FT2 else "unit_twice")
    return _positive(number, decimal) * IN_M2[said]


def rounded(exact: Decimal) -> Decimal:
    """A size rounded to 0.01, half up, as surveyors do."""
    size = exact.quantize(CENTI, ROUND_HALF_UP)
    if size < CENTI:
        raise _refusal("range", _("This is less than 0.01. Is it in the right unit?"))
    return size


def height_m(cell: CellValue) -> Decimal:
    height = _positive(cell)
    if height > TALLEST:
        raise question("range", _("This is more than 100 m. Is the unit right?"), ask="height_mm")
    return rounded(height)


def height_mm(cell: CellValue) -> Decimal:
    return height_m(f"{_positive(cell) / 1000:f}")


def count(cell: CellValue) -> int:
    value = _number(cell)
    if value < 0 or value != int(value):
        raise _refusal("number", _("This is not a whole number from 0 on."))
    return int(value)


def number(cell: CellValue) -> Decimal:
    return _number(cell).quantize(CENTI, ROUND_HALF_UP)


def day(cell: CellValue) -> date:
    if isinstance(cell, datetime):
        raise _refusal("day", _("This is a day with a time. Write the day alone, such as 2024-10-31."))
    if isinstance(cell, date):
        return cell
    found = DAY.fullmatch(unicodedata.normalize("NFKC", text(cell)))
    if found:
        with suppress(ValueError):  # 31 February
            return date(*map(int, found.groups()))
    raise _refusal("day", _("This is not a day. Write year, month, day, such as 2024-10-31."))


def flag(cell: CellValue) -> bool:
    if isinstance(cell, bool):
        return cell
    word = plain(text(cell))
    if word not in YES | NO:
        raise _refusal("flag", _("Write 有 or 无, yes or no."))
    return word in YES


def source(cell: CellValue) -> AreaSource:
    word = plain(text(cell))
    if word not in sources():
        message = _("This source is not known. Write one of: %(sources)s.")
        raise _refusal("source", message % {"sources": ", ".join(sources())})
    return sources()[word]


def _positive(cell: CellValue, decimal: str = POINT) -> Decimal:
    value = _number(cell, decimal)
    if value == 0:
        message = _("0 is not a size. Enter the size, or leave the cell empty if it is not recorded.")
        raise question("zero", message)
    if value < 0:
        raise _refusal("range", _("A size is above 0."))
    return value


def _number(cell: CellValue, decimal: str = POINT) -> Decimal:
    """The exact number; of a number from Excel the 15 digits that Excel shows and stores."""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) < 1e15:  # noqa: PLR2004 exact in a float
        return Decimal(f"{cell:.15g}")
    return numbers.parse(cell if isinstance(cell, str) else "", decimal=decimal)


def _refusal(reason: str, message: str) -> ValidationError:
    return ValidationError(message, code=reason)
