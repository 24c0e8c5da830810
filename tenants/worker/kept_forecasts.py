"""Keep the forecast of each month, to be compared with what comes."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from django.db import transaction

from spaces.models import Unit
from spaces.values.days import MONTHS, month_ends_ahead
from tenants.leasing import forecast
from tenants.models import ForecastRecord

AT_ONCE = 2000


def due(today: date) -> bool:
    """Whether there is something to foretell of which nothing is kept in this month."""
    kept = ForecastRecord.objects.filter(month=today.replace(day=1))
    return Unit.objects.exists() and not kept.exists()


def keep(today: date) -> int:
    """Keep the forecast of today for each park, unless one of this month is kept; return the number of rows.

    Two workers at once keep one: what the other has written already is passed over.
    """
    return write(records(today)) if due(today) else 0


def records(today: date) -> Iterator[ForecastRecord]:
    """The rows of a forecast made today, not written yet; none of a month end at which a park has nothing lettable."""
    for park, days in forecast.by_park(month_ends_ahead(today, MONTHS), today=today):
        for each in days:
            if each.balance.lettable:
                yield ForecastRecord(
                    park=park,
                    month=today.replace(day=1),
                    made_on=today,
                    day=each.day,
                    lettable=_hundredths(each.balance.lettable),
                    let=_hundredths(each.let_for_sure),
                    ending=_hundredths(each.ending),
                    renewed=None if each.renewed is None else _hundredths(each.renewed),
                )


@transaction.atomic
def write(rows: Iterable[ForecastRecord]) -> int:
    return len(ForecastRecord.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True))


def _hundredths(area: Decimal) -> int:
    return int(area.scaleb(2))
