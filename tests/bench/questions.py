"""What is asked of the ledger and of the vacancy search, and the same of the SQL written by hand."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from django.contrib.auth.models import AnonymousUser
from django.db import connection

from spaces import ledger
from spaces.api.table_fields import columns_read
from spaces.api.vacancies import VacancyRow
from spaces.filters import VacancyFilter
from spaces.ledger import vacancy
from spaces.ledger.park_units import ParkGroup
from spaces.models import Building, Park, Unit
from spaces.models.dated_facts import UNIT_FACTS
from spaces.states import LETTABLE_USES, Use
from tests.bench import handmade
from tests.bench.data import TODAY

INCUBATORS = "q.kind <> 'industrial_park'"
WINDOW = {"starts_on": date(2026, 9, 1), "ends_on": date(2027, 9, 1)}
AREAS = {"least": 10_000, "most": 30_000}  # hundredths of m2
SHOWN = 50
EVERY_INCUBATOR = ledger.ParkUnits(Park.objects.all(), ParkGroup(industrial=False))
NOBODY = SimpleNamespace(user=AnonymousUser())
SEARCHES = {"one use": [Use.OFFICE], "two uses": [Use.OFFICE, Use.LAB], "any use": []}
COLUMNS = columns_read(VacancyRow())
ALIASES = {"floor__building__park__": "p.", "floor__building__": "b.", "floor__": "f."}


class WrongAnswerError(Exception):
    pass


@dataclass(frozen=True)
class Question:
    """`ask` is the product's own call. `forms` are SQL by hand, `plain` makes both answers comparable."""

    name: str
    ask: object
    forms: dict
    given: dict
    plain: object

    def check(self):
        """Every form gives the product's answer; returns how many rows that has."""
        ours = self.plain(self.ask())
        for form in self.forms:
            self.compare(form, ours)
        return len(ours)

    def compare(self, form, ours):
        """A form gives the product's answer."""
        if self.plain(self.by_hand(form)) != ours:
            raise WrongAnswerError(f"{self.name}: the SQL by hand ({form}) does not give the product's answer.")

    def by_hand(self, form):
        return _rows(self.forms[form], self.given)

    def statement(self):
        """A call that runs just the statement that the product sends, without the time Django takes to write it."""
        sent = []
        with connection.execute_wrapper(lambda run, *result: (sent.append(result), run(*result))[1]):
            self.ask()
        (statement,) = sent
        return lambda: _rows(*statement[:2])


def questions():
    return [*rollups(), *(_search(name, uses) for name, uses in SEARCHES.items())]


def rollups():
    given = {"on": TODAY}
    for by, node in (("ecosystem", "q.ecosystem_id"), ("park", "p.id")):
        yield Question(
            f"Ledger by {by}",
            lambda by=by: ledger.balances(EVERY_INCUBATOR, by, on=TODAY, today=TODAY),
            handmade.rollups(node, INCUBATORS),
            given,
            _balances,
        )
    building = Building.objects.order_by("pk")[Building.objects.count() // 2].pk
    yield Question(
        "Ledger of one building",
        lambda: ledger.balances(Unit.objects.filter(floor__building=building), "building", on=TODAY, today=TODAY),
        handmade.rollups("b.id", "b.id = %(building)s"),
        given | {"building": building},
        _balances,
    )


def _search(name, uses):
    given = WINDOW | AREAS | {"today": TODAY, "rows": SHOWN + 1}
    columns = [_column(name) for name in COLUMNS]
    forms = handmade.vacancies(uses or LETTABLE_USES, columns)
    return Question(f"Vacancy search, {name}", lambda: _found(uses), forms, given, _units)


def _found(uses):
    """What page and API ask for: one row more than is shown tells whether there is another page."""
    least, most = (Decimal(AREAS[name]).scaleb(-2) for name in ("least", "most"))
    free = vacancy.free(Unit.objects.filter(published=True), **WINDOW, area_min=least, today=TODAY)
    fitting = VacancyFilter({"use": uses, "area__lte": most}, queryset=free, request=NOBODY)
    return list(fitting.qs.values_list(*COLUMNS)[: SHOWN + 1])


def _column(path):
    if path == "free_until":
        return handmade.UNTIL
    for prefix, alias in ALIASES.items():
        if path.startswith(prefix):
            return alias + path.removeprefix(prefix)
    return f"d.{path}" if path in UNIT_FACTS else f"u.{path}"


def _balances(answer):
    """{node: {state: (hundredths of m2, units)}} of the ledger's balances or of rows, without zeros."""
    if isinstance(answer, dict):
        answer = [
            (node, state, balance.areas[state].scaleb(2), number)
            for node, balance in answer.items()
            for state, number in balance.units.items()
        ]
    result = {}
    for node, state, area, number in answer:
        if number:
            result.setdefault(node, {})[state] = (int(area or 0), int(number))
    return result


def _units(answer):
    """The code of each unit found, in order, with the day until which it is free."""
    return [(row[COLUMNS.index("code")], str(row[COLUMNS.index("free_until")])) for row in answer]


def _rows(sql, given):
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()
