"""Expiry bands for colours and counts of units: the time left of the lease of each."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from spaces.ledger import NOTHING
from spaces.ledger.stack import UnitOnDay
from spaces.states import LEASED, UnitState
from spaces.values.days import add_months


class ExpiryBand(models.TextChoices):
    """The time left of the lease of a unit on the day asked about."""

    OVERDUE = "overdue", pgettext_lazy("expiry", "Overdue")
    WITHIN_3 = "3m", _("≤ 3 months")
    WITHIN_6 = "6m", _("3–6 months")
    WITHIN_12 = "12m", _("6–12 months")
    WITHIN_24 = "24m", _("1–2 years")
    LATER = "later", _("> 2 years")
    VACANT = "vacant", pgettext_lazy("short", "Vacant")
    NONE = "none", _("No lease")


BOUNDS = ((3, ExpiryBand.WITHIN_3), (6, ExpiryBand.WITHIN_6), (12, ExpiryBand.WITHIN_12), (24, ExpiryBand.WITHIN_24))


class ExpiryBands:
    """Assigns units to bands by the end of their lease: months from one day, never calendar years."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.bounds = [(add_months(on, months), expiry) for months, expiry in BOUNDS]

    def of(self, cell: UnitOnDay) -> ExpiryBand:
        if cell.state == UnitState.HOLDOVER:
            return ExpiryBand.OVERDUE
        if cell.state == UnitState.VACANT:
            return ExpiryBand.VACANT
        if cell.taken_as not in LEASED:
            return ExpiryBand.NONE
        return self.of_end(cell.ends_on)

    def of_end(self, ends_on: date | None) -> ExpiryBand:
        """The band of a contract with the exclusive end `ends_on`."""
        if ends_on is None:
            return ExpiryBand.LATER
        if ends_on <= self.on:
            return ExpiryBand.OVERDUE
        return next((expiry for bound, expiry in self.bounds if ends_on <= bound), ExpiryBand.LATER)


def area_by_band(cells: Iterable[tuple[UnitOnDay, ExpiryBand]]) -> dict[ExpiryBand, tuple[int, Decimal]]:
    """Expiry -> (number of units, m2); each unit is in just one band."""
    found = dict.fromkeys(ExpiryBand, (0, NOTHING))
    for cell, expiry in cells:
        number, area = found[expiry]
        found[expiry] = number + 1, area + (cell.area or NOTHING)
    return found
