"""Total rows of a list: recognise them, and check them against the rows above."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

CHINESE = re.compile(
    r".{0,12}(小计|合计|总计|共计|累计|总和)(面积|间数|数量|\(.{0,10}\))?:?[0-9.,]*(m2|平方米|间|套|个)?"
)
ENGLISH = re.compile(
    r".{0,30}?\b(sub[ -]?totals?|(grand |page |floor )?totals?|sum)( area| of)?[ :.]*(\(.{0,10}\))?"
    r"|(sub[ -]?total|total|sum)( for| of)?( the)?( floor| level| building| page)?([ :#-]+[a-z0-9]{0,4})?"
)
PART = re.compile(r"小计|\bsub|本页|page|层|floor|\bf\b", re.IGNORECASE)
ROUNDING = Decimal("0.005")  # m2, of each row


@dataclass(frozen=True, slots=True)
class TotalsRow:
    """A row for the check of totals: area in m2 (None without one), floor, and whether it is hidden."""

    row: int
    area: Decimal | None
    floor: str = ""
    total: str = ""  # the word that makes it a total; empty for a room
    hidden: bool = False


def is_total(text: str) -> bool:
    """Whether a cell marks its row as a total: 合计, 1层小计, Floor-1-Total, Total:."""
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    return bool(CHINESE.fullmatch(re.sub(r"\s", "", plain)) or ENGLISH.fullmatch(re.sub(r"[\s_-]+", " ", plain)))


def disagreements(items: Sequence[TotalsRow]) -> Iterable[tuple[TotalsRow, Decimal]]:
    """The totals that equal no sum of rows above them, each with the sum it most likely means.

    A total may add up the rows since the last one, since the last one of the same word, those of its floor, or all
    above; with or without the hidden ones. Differences within the rounding of single rows are ignored.
    """
    for at, item in enumerate(items):
        if not item.total or item.area is None:
            continue
        above = items[:at]
        sums = [_sum(rooms) for rooms in _candidates(item, above)]
        if not any(abs(item.area - total) <= ROUNDING * (count + 1) for total, count in sums):
            since_last, everything = sums[0][0], sums[-1][0]
            yield item, since_last if PART.search(item.total) else everything


def _candidates(item: TotalsRow, above: Sequence[TotalsRow]) -> list[list[TotalsRow]]:
    last = _since(above, lambda other: bool(other.total))
    same = _since(above, lambda other: other.total == item.total)
    rooms = [other for other in above if not other.total]
    floor = [room for room in rooms if room.floor == item.floor]
    found = [last, same, floor, rooms]
    return [last, *([room for room in each if not room.hidden] for each in found), *found]


def _since(above: Sequence[TotalsRow], is_mark: Callable[[TotalsRow], bool]) -> list[TotalsRow]:
    """The rooms after the last row of a kind."""
    start = max((at + 1 for at, other in enumerate(above) if is_mark(other)), default=0)
    return [other for other in above[start:] if not other.total]


def _sum(rooms: Iterable[TotalsRow]) -> tuple[Decimal, int]:
    areas = [room.area for room in rooms if room.area is not None]
    return sum(areas, Decimal(0)), len(areas)
