"""The forecasts that would have been kept since the register began, each from what was known on its day."""

from datetime import date, timedelta

from spaces.knowledge.tables_of_then import as_known
from spaces.models import User
from spaces.values.days import add_months
from tenants.demo import events, stories
from tenants.models import ForecastRecord
from tenants.worker import kept_forecasts


def keep(today: date, reader: User) -> int:
    """Write those of the first day of each month since; return the number of rows. What is read as known is undone."""
    rows: list[ForecastRecord] = []
    begin = today - timedelta(days=events.TAKEN_OVER)
    first = add_months(begin.replace(day=1), 1)
    while first < today:
        with as_known(stories.morning(first), reader):
            rows += kept_forecasts.records(first)
        first = add_months(first, 1)
    return kept_forecasts.write(rows)
