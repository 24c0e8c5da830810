"""Acts that move reported figures: done only with the figures confirmed that they move."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from spaces.actions.retry import atomic_with_retry, restore
from spaces.changes import because
from spaces.ledger import published_moves, restatement
from spaces.ledger.restatement import MovedFigure
from spaces.month_ledger import rebuilding
from spaces.month_ledger.writes import noted_deltas


class RestatementError(ValidationError):
    """Refusal `confirm`: the act moves `figures`. Done again with `digest` it is carried out if it moves the same."""

    def __init__(self, figures: list[MovedFigure], digest: str) -> None:
        message = _("This moves figures that were reported. Look at them and confirm.")
        params = {"moves": [figure.as_data() for figure in figures], "confirm": digest}
        super().__init__(message, code="confirm", params=params)
        self.figures, self.digest = figures, digest


@atomic_with_retry
def with_confirmation[Result](
    act: Callable[[], Result],
    rows: Sequence[models.Model],
    *,
    confirmed: str,
    given: str,
    why: str,
    today: date,
    counts_parks: bool = False,
) -> Result:
    """The result of `act`, which is undone where it moves reported figures that are not `confirmed`.

    `given`: what was asked for, part of what is confirmed. `why`: the reason of Changes that have none of their own.
    `rows` are set back to what they were. `counts_parks`: the act may move numbers of parks that were published.
    Raises RestatementError.
    """
    states = [row.__getstate__() for row in rows]
    before = published_moves.compared(today) if counts_parks else []
    with noted_deltas() as deltas, because(why):
        done = act()
    figures = restatement.moved_by(deltas, today=today)
    figures += published_moves.moved(before, published_moves.compared(today) if counts_parks else [])
    figures.sort(key=lambda figure: figure.day)
    if figures and confirmed != (digest := _digest(figures, given)):
        restore(rows, states)
        raise RestatementError(figures, digest)
    return done


def counted_first[Result](act: Callable[[], Result]) -> Result:
    """The result of `act`, a transaction of its own.

    One that is refused is done again: a unit that was stale counts as moved by it, whoever counts it meanwhile.
    """
    try:
        return act()
    except RestatementError:
        rebuilding.settle()
    return act()


def _digest(figures: list[MovedFigure], given: str) -> str:
    moved = [(each.day, each.scope, each.key, each.before, each.after) for each in figures]
    return hashlib.sha256(repr([moved, given]).encode()).hexdigest()
