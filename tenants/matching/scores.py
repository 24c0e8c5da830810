"""Scores from 0 to 100, the sum of four parts. The weights are our choice: docs/definitions.md, "Matching"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from tenants.matching.requirements import Requirements
from tenants.matching.rules import LARGER, SMALLER, Miss, Rule, TermWindow

AREA, AT_THE_EDGE, DATE, CONDITIONS = 40, 30, 20, 20
PER_MISS, PER_JOIN = 5, 3
PIECES = (20, 15, 5)  # no free room beside it, one, one on either side


@dataclass(frozen=True, slots=True)
class Parts:
    area: int
    date: int
    conditions: int
    pieces: int

    @property
    def score(self) -> int:
        return self.area + self.date + self.conditions + self.pieces


def parts(
    area: Decimal,
    day: date,
    misses: Sequence[Miss],
    *,
    rooms: int,
    pieces: int,
    needs: Requirements,
    term: TermWindow,
) -> Parts:
    """`pieces`: how many free pieces stay beside the rooms on their floor, 0 to 2."""
    weak = sum(miss.rule not in {Rule.AREA, Rule.DATE} for miss in misses)
    return Parts(
        area=_whole(_area(area, needs)),
        date=_whole(_date(day, term)),
        conditions=max(0, CONDITIONS - PER_MISS * weak - PER_JOIN * (rooms - 1)),
        pieces=PIECES[pieces],
    )


def waste(area: Decimal, needs: Requirements) -> Decimal:
    """Area beyond the least that is needed."""
    return max(area - (needs.area_min or Decimal(0)), Decimal(0))


def _area(area: Decimal, needs: Requirements) -> Decimal:
    """Points for the area: full at the smallest area requested, fewer up to the largest, 0 where near ends."""
    least, most = needs.area_min, needs.area_max
    if least is not None and area < least:
        return AT_THE_EDGE * (1 - (least - area) / (least * SMALLER))
    if most is not None and area > most:
        return AT_THE_EDGE * (1 - (area - most) / (most * LARGER)) if most else Decimal(0)
    if least is None or area == least:
        return Decimal(AREA)
    span = most - least if most is not None else least or area
    return AREA - (AREA - AT_THE_EDGE) * min(Decimal(1), (area - least) / span)


def _date(day: date, term: TermWindow) -> Decimal:
    if day <= term.by:
        return Decimal(DATE)
    return DATE * (1 - Decimal((day - term.by).days) / (term.latest - term.by).days)


def _whole(part: Decimal) -> int:
    return int(part.quantize(Decimal(1), ROUND_HALF_UP))
